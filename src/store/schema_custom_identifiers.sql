-- Custom identifiers of the user. They never change; deleting marks them alone. Scores of severities
-- in objects and object_counts may be 0 from this version on: fewer occurrences than the lowest level.
CREATE TABLE custom_identifiers (
  identifier_id          TEXT PRIMARY KEY, -- UUID in lower case
  name                   TEXT NOT NULL,    -- 1 to 128 characters; need not be unique
  description            TEXT NOT NULL,    -- up to 512 characters
  regex                  TEXT,             -- the expression; NULL for a detector file
  keywords               TEXT NOT NULL,    -- JSON list of strings
  ignore_words           TEXT NOT NULL,    -- JSON list of strings
  maximum_match_distance INTEGER NOT NULL, -- characters from the end of the keyword to that of the value
  severity_levels        TEXT NOT NULL,    -- JSON list of [score, occurrences]; empty: Medium from 1
  detector_file          TEXT,             -- text of a detector file (TOML); NULL for an expression
  tags                   TEXT NOT NULL,    -- JSON object of strings
  created_at             TEXT NOT NULL,    -- when it was made
  deleted_at             TEXT              -- when it was deleted; NULL while it is in use
) WITHOUT ROWID;
CREATE INDEX custom_identifiers_by_name ON custom_identifiers (name);
