-- Jobs that `magpie job create` makes, added to the schema before them. Such a job has a row in
-- `jobs`, and each of its runs another one: objects, findings and results belong to the run, events
-- to the job. A scan is a job and its only run in one row.
ALTER TABLE jobs ADD COLUMN of_job INTEGER;   -- jobs.job_no of the job whose run this is; NULL for a job
ALTER TABLE jobs ADD COLUMN run INTEGER;      -- number of the run in its job, from 1; NULL for a job
ALTER TABLE jobs ADD COLUMN trouble INTEGER NOT NULL DEFAULT 0;  -- of a run: 1 if an account or bucket could not be read
ALTER TABLE jobs ADD COLUMN resolved INTEGER NOT NULL DEFAULT 0; -- of a run: 1 once its targets are known
ALTER TABLE jobs ADD COLUMN progress TEXT;    -- of a run: counters of the process that works on it, JSON
CREATE INDEX jobs_by_job ON jobs (of_job, job_no) WHERE of_job IS NOT NULL;

-- What changes in a job that was created.
CREATE TABLE created_jobs (
  job_no      INTEGER PRIMARY KEY, -- jobs.job_no; jobs.run_date is the start of its latest run
  account     TEXT NOT NULL,       -- account that created it
  region      TEXT NOT NULL,       -- Region in its ARN
  runs        INTEGER NOT NULL,    -- runs begun so far
  next_due_at TEXT,                -- when the next run is due; NULL where none is to come
  paused_at   TEXT,                -- since when the user has it paused; NULL where not
  paused_from TEXT,                -- its status before that
  waits_for   TEXT,                -- account whose monthly quota stopped it; NULL where none did
  waits_bytes INTEGER              -- size of the object that did not fit in it; NULL where none did
);
CREATE INDEX created_jobs_due ON created_jobs (next_due_at);

-- What never changes in it; apart, so that listing jobs does not read it.
CREATE TABLE job_definitions (
  job_no       INTEGER PRIMARY KEY,  -- jobs.job_no
  client_token TEXT NOT NULL UNIQUE, -- makes creating it idempotent
  request      TEXT NOT NULL,        -- the request of CreateClassificationJob, JSON
  accounts     TEXT NOT NULL         -- accounts that were configured when it was created, JSON list
);

-- Buckets of the targets of runs.
ALTER TABLE targets ADD COLUMN bucket TEXT;       -- name of the bucket; NULL for scans and for an account that failed
ALTER TABLE targets ADD COLUMN account TEXT;      -- account of the bucket; NULL for scans
ALTER TABLE targets ADD COLUMN bucket_no INTEGER; -- known_buckets.bucket_no; NULL for scans

-- Buckets that runs of a job have read, numbered.
CREATE TABLE known_buckets (
  bucket_no INTEGER PRIMARY KEY, -- short number of the bucket within this file
  job_no    INTEGER NOT NULL, -- jobs.job_no of the job
  uri       TEXT NOT NULL     -- s3://bucket or file://folder
);
CREATE UNIQUE INDEX known_buckets_by_uri ON known_buckets (job_no, uri);

-- Every object that runs of a job have read, as it last was: later runs read what differs.
CREATE TABLE known_objects (
  bucket_no     INTEGER NOT NULL, -- known_buckets.bucket_no
  key           TEXT NOT NULL,    -- objects.key
  size          INTEGER,          -- objects.size
  etag          TEXT,             -- objects.etag
  version_id    TEXT,             -- objects.version_id
  last_modified TEXT,             -- objects.last_modified
  again         INTEGER NOT NULL, -- 1 if it could not be had, and the next run tries again
  run_no        INTEGER NOT NULL, -- jobs.job_no of the latest run that read it
  before_no     INTEGER,          -- jobs.job_no of the run that read it before; NULL if none did
  PRIMARY KEY (bucket_no, key)
) WITHOUT ROWID;

-- Objects that a run left out, by cause.
CREATE TABLE left_out (
  job_no  INTEGER NOT NULL, -- jobs.job_no of the run
  target  INTEGER NOT NULL, -- targets.target
  cause   TEXT NOT NULL,    -- SCOPE, SAMPLING or UNCHANGED
  objects INTEGER NOT NULL, -- objects left out so far
  bytes   INTEGER NOT NULL, -- their stored bytes
  PRIMARY KEY (job_no, target, cause)
) WITHOUT ROWID;

-- Bytes that runs of jobs have read of the objects of an account, by month.
CREATE TABLE usage (
  account TEXT NOT NULL, -- 12 digits
  month   TEXT NOT NULL, -- YYYY-MM, UTC
  bytes   INTEGER NOT NULL, -- stored bytes
  PRIMARY KEY (account, month)
) WITHOUT ROWID;
