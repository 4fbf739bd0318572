//! Job logs that are also sent to a service.

use super::JobId;

/// A log group in Amazon CloudWatch Logs, and how it is reached. The stream is the job's id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LogDestination {
    pub group: String,
    pub region: String,
    /// Profile of the AWS configuration; `None`: the usual credentials.
    pub profile: Option<String>,
    /// A service that stands in for AWS's own.
    pub endpoint: Option<String>,
}

/// How far the log of a job has arrived. Events are counted by their number in the job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogDelivery {
    pub job: JobId,
    pub destination: LogDestination,
    /// Events below this number have arrived.
    pub sent: u64,
    /// Events from `sent` to below this number were sent, and nobody knows whether they arrived.
    pub doubtful: Option<u64>,
    /// Events of the job.
    pub events: u64,
    /// Events that the service did not want.
    pub refused: u64,
    /// Why the last attempt failed, in one line.
    pub cause: Option<String>,
}

impl LogDelivery {
    /// Events that are not known to have arrived.
    pub fn waiting(&self) -> u64 {
        self.events.saturating_sub(self.sent)
    }
}
