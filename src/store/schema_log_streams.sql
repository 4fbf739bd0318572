-- Job logs that are also sent to Amazon CloudWatch Logs, added to the schema before them. What is to
-- be sent is in `events`; a row here tells where it goes and how far it came.
CREATE TABLE log_streams (
  job_no    INTEGER PRIMARY KEY, -- jobs.job_no; the stream is named by jobs.job_id
  log_group TEXT NOT NULL,       -- name of the log group
  region    TEXT NOT NULL,       -- Region of the log group
  profile   TEXT,                -- profile of the AWS configuration; NULL for the usual credentials
  endpoint  TEXT,                -- url of a service in the place of AWS's own; NULL for that
  sent      INTEGER NOT NULL,    -- events with a seq below this have arrived
  doubtful  INTEGER,             -- events from `sent` to below this may have arrived; NULL: no doubt
  refused   INTEGER NOT NULL,    -- events that the service did not want
  cause     TEXT                 -- why the last attempt failed; NULL if it did not
);
