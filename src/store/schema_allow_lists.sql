-- Allow lists, added to the schema before them. A list's words and entries are never stored.

-- Saved lists: what `magpie allow-list` makes.
CREATE TABLE allow_lists (
  list_id     TEXT PRIMARY KEY,     -- 22 characters of a-z and 0-9, as Macie's
  name        TEXT NOT NULL UNIQUE, -- what people call it by
  description TEXT,                 -- NULL where none was given
  kind        TEXT NOT NULL,        -- words, regex or entries; never changes
  criteria    TEXT NOT NULL,        -- where words or entries are, or the expression
  tags        TEXT NOT NULL,        -- JSON object of key and value
  created_at  TEXT NOT NULL,        -- when it was made
  updated_at  TEXT NOT NULL         -- when it was last changed
) WITHOUT ROWID;

-- Occurrences that lists allowed, per object: they are in no other table.
CREATE TABLE allowed (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- objects.object_no
  list      INTEGER NOT NULL, -- number of the list in the job, from 0, in the order of jobs.spec
  detector  TEXT NOT NULL,    -- id of the detector
  count     INTEGER NOT NULL, -- occurrences in the object
  PRIMARY KEY (job_no, object_no, list, detector)
) WITHOUT ROWID;

-- Which entries allowed something, per object.
CREATE TABLE allowed_entries (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- objects.object_no
  list      INTEGER NOT NULL, -- as in `allowed`
  entries   BLOB NOT NULL,    -- numbers of the entries from 0, ascending: LEB128, each less the one before
  PRIMARY KEY (job_no, object_no, list)
) WITHOUT ROWID;
