-- magpie.db, schema version 1. Times are ISO 8601 UTC text; sizes are bytes.
-- Matched values are never stored: occurrences hold masked samples and keyed fingerprints only.

-- What belongs to the state folder as a whole.
CREATE TABLE settings (
  name  TEXT PRIMARY KEY,   -- fingerprint_key: secret of the fingerprints, made once
  value BLOB NOT NULL       -- 16 random bytes for fingerprint_key
) WITHOUT ROWID;

-- One row per classification job. Every scan is a one-time job.
CREATE TABLE jobs (
  job_no      INTEGER PRIMARY KEY,  -- short number of the job within this file
  job_id      TEXT NOT NULL UNIQUE, -- 32 hexadecimal characters, as Macie's
  name        TEXT NOT NULL,        -- name of the job
  job_type    TEXT NOT NULL,        -- ONE_TIME or SCHEDULED
  status      TEXT NOT NULL,        -- RUNNING, IDLE, PAUSED, USER_PAUSED, COMPLETE, CANCELLED
  command_key TEXT NOT NULL,        -- hash of targets, options and catalogue: equal for the same command
  spec        TEXT NOT NULL,        -- what was asked for, JSON
  catalogue   TEXT NOT NULL,        -- fingerprint of the detector catalogue of the job
  created_at  TEXT NOT NULL,        -- when the job was created
  run_date    TEXT NOT NULL,        -- when its run started
  updated_at  TEXT NOT NULL,        -- last change of status
  finished_at TEXT,                 -- when it was completed or cancelled; NULL before
  attempt     INTEGER NOT NULL,     -- 1, and 1 more each time the job was taken up again
  owner_pid     INTEGER,            -- process that works on it; NULL when none does
  owner_host    TEXT,               -- host name of that process
  owner_boot    TEXT,               -- boot of that machine: file locks count within one boot only
  heartbeat_at  TEXT,               -- last sign of life of that process
  log_synced  INTEGER NOT NULL      -- 0 while events may be missing in the job log file, else 1
);
CREATE INDEX jobs_by_command ON jobs (command_key, job_no);
CREATE INDEX jobs_with_open_log ON jobs (job_no) WHERE log_synced = 0;

-- The targets of a job and what their listings named.
CREATE TABLE targets (
  job_no  INTEGER NOT NULL, -- jobs.job_no
  target  INTEGER NOT NULL, -- index on the command line, from 0
  uri     TEXT NOT NULL,    -- the target as given
  objects INTEGER NOT NULL, -- objects that the last listing named
  bytes   INTEGER NOT NULL, -- their stored bytes
  cause   TEXT,             -- why the listing could not be finished; NULL if it was
  PRIMARY KEY (job_no, target)
) WITHOUT ROWID;

-- The outcome of every object: complete, partial or skipped.
CREATE TABLE objects (
  job_no        INTEGER NOT NULL, -- jobs.job_no
  target        INTEGER NOT NULL, -- targets.target
  key           TEXT NOT NULL,    -- object key, or path below the target
  object_no     INTEGER NOT NULL, -- short number of the object within the job; ties the tables below
  uri           TEXT NOT NULL,    -- s3://bucket/key or file://path
  size          INTEGER,          -- stored bytes as listed; NULL where not known (a pipe)
  etag          TEXT,             -- without quotes
  version_id    TEXT,             -- NULL where the bucket has no versions
  last_modified TEXT,             -- as listed
  storage_class TEXT,             -- NULL for local files
  mime_type     TEXT,             -- of the object as stored; NULL if it was never opened
  status        TEXT NOT NULL,    -- COMPLETE, PARTIAL or SKIPPED
  reason        TEXT,             -- Macie's reason code; NULL if complete
  detail        TEXT,             -- the cause in one line, for people
  bytes_read    INTEGER NOT NULL, -- stored bytes read
  bytes_scanned INTEGER NOT NULL, -- decoded bytes scanned
  members       INTEGER NOT NULL, -- files inside, over all levels
  occurrences   INTEGER NOT NULL, -- over all detectors
  severity      INTEGER,          -- 1 low, 2 medium, 3 high: the gravest; 0 if no level is reached; NULL without occurrences
  recorded_at   TEXT NOT NULL,    -- when this row was written
  attempt       INTEGER NOT NULL, -- the attempt (jobs.attempt) that last saw it in a listing
  PRIMARY KEY (job_no, target, key)
) WITHOUT ROWID;
CREATE INDEX objects_by_severity ON objects (job_no, severity DESC, occurrences DESC)
  WHERE severity IS NOT NULL;
CREATE INDEX objects_with_gaps ON objects (job_no, target, key) WHERE status <> 'COMPLETE';

-- Occurrences per object and detector.
CREATE TABLE object_counts (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- objects.object_no
  detector  TEXT NOT NULL,    -- id of the detector
  category  TEXT NOT NULL,    -- CREDENTIALS, CUSTOM_IDENTIFIER, FINANCIAL_INFORMATION, PERSONAL_INFORMATION
  count     INTEGER NOT NULL, -- occurrences in the object
  severity  INTEGER NOT NULL, -- 1 low, 2 medium, 3 high; 0 below the lowest level of a custom identifier
  PRIMARY KEY (job_no, object_no, detector)
) WITHOUT ROWID;

-- Members (files inside containers) of note: not wholly read, or holding occurrences.
CREATE TABLE members (
  job_no        INTEGER NOT NULL, -- jobs.job_no
  object_no     INTEGER NOT NULL, -- objects.object_no
  member_no     INTEGER NOT NULL, -- order in which they were met, from 0
  container     TEXT NOT NULL,    -- names from the object inwards, JSON list
  mime_type     TEXT NOT NULL,    -- of the member
  status        TEXT NOT NULL,    -- COMPLETE, PARTIAL or SKIPPED
  reason        TEXT,             -- Macie's reason code; NULL if complete
  detail        TEXT,             -- the cause in one line, for people
  bytes_scanned INTEGER NOT NULL, -- decoded bytes scanned
  last_modified TEXT,             -- as the container states it
  occurrences   INTEGER NOT NULL, -- over all detectors
  PRIMARY KEY (job_no, object_no, member_no)
) WITHOUT ROWID;

-- Occurrences, packed: see src/store/pack.rs. Those of an object count once it is in `objects`.
CREATE TABLE chunks (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- objects.object_no, once the object is finished
  seq       INTEGER NOT NULL, -- order within the object, from 0
  rows      INTEGER NOT NULL, -- occurrences in the chunk
  body      BLOB NOT NULL     -- the packed rows
);
CREATE UNIQUE INDEX chunks_in_order ON chunks (job_no, object_no, seq);

-- Objects with chunks but no outcome yet. What is left here by a broken run is dropped.
CREATE TABLE staged (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- chunks.object_no
  PRIMARY KEY (job_no, object_no)
) WITHOUT ROWID;

-- Finding documents, one per object with occurrences.
CREATE TABLE findings (
  job_no     INTEGER NOT NULL, -- jobs.job_no
  object_no  INTEGER NOT NULL, -- objects.object_no
  finding_id TEXT NOT NULL,    -- `id` of the document
  document   TEXT NOT NULL,    -- the document, JSON
  PRIMARY KEY (job_no, object_no)
) WITHOUT ROWID;
CREATE INDEX findings_by_id ON findings (finding_id);

-- Discovery result files that are still to be written to their destination.
CREATE TABLE results (
  job_no    INTEGER NOT NULL, -- jobs.job_no
  object_no INTEGER NOT NULL, -- objects.object_no
  name      TEXT NOT NULL,    -- key below the destination
  body      BLOB NOT NULL     -- the file, .jsonl.gz
);
CREATE UNIQUE INDEX results_by_object ON results (job_no, object_no);

-- The job log. logs/aws/macie/classificationjobs/<job_id>.jsonl is written from it.
CREATE TABLE events (
  job_no INTEGER NOT NULL, -- jobs.job_no
  seq    INTEGER NOT NULL, -- order, from 0
  once   TEXT NOT NULL,    -- equal for events that may be logged only once in a job
  line   TEXT NOT NULL,    -- the line, JSON
  PRIMARY KEY (job_no, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX events_once ON events (job_no, once);
