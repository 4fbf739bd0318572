//! How sources reach their objects: credentials, endpoint, time-outs, limits.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_s3::config::SharedCredentialsProvider;
use tokio::sync::Semaphore;

use crate::model::AccountId;

/// Bytes fetched ahead of the readers, over all open objects.
pub const READ_AHEAD_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Settings of every source that is opened with them.
///
/// Where a field is `None`, the SDK's own sources decide: environment, profile, defaults.
#[derive(Clone, Debug)]
pub struct SourceOptions {
    pub profile: Option<String>,
    pub region: Option<String>,
    /// An S3-compatible service; else `AWS_ENDPOINT_URL_S3` and the rest as the SDK reads them.
    pub endpoint_url: Option<String>,
    /// Reads as anyone, without credentials.
    pub no_sign_request: bool,
    /// The caller pays for requests to Requester Pays buckets.
    pub request_payer: bool,
    /// Requests are refused unless this account owns the bucket.
    pub expected_owner: Option<AccountId>,
    /// Bucket in the path instead of the host name; `None`: where the endpoint is not AWS's own.
    pub path_style: Option<bool>,
    /// The service lists in the byte order of keys, so that a listing can begin after a key;
    /// `None`: where the endpoint is AWS's own. SeaweedFS, for one, does not.
    pub ordered: Option<bool>,
    /// Credentials in place of the SDK's chain, for callers of the library.
    pub credentials: Option<SharedCredentialsProvider>,
    /// A role to assume with what would be the credentials otherwise.
    pub assume_role: Option<AssumeRole>,
    pub connect_timeout: Duration,
    /// Longest wait for an answer to begin, and for the next bytes of a body.
    pub read_timeout: Duration,
    /// Tries of one request, the first included, and of one body without progress; `None`: as
    /// `AWS_MAX_ATTEMPTS` or the profile say, else 8.
    pub attempts: Option<u32>,
    /// Wait before the first retry; doubles each time, with jitter.
    pub backoff: Duration,
    pub backoff_max: Duration,
    /// Most requests under way at once; lowered while the service asks to slow down.
    pub requests_max: usize,
    /// Shared by all sources: what is fetched and not yet read.
    pub read_ahead: ReadAhead,
}

/// A role of another account, mostly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumeRole {
    pub arn: String,
    pub external_id: Option<String>,
}

impl Default for SourceOptions {
    fn default() -> Self {
        SourceOptions {
            profile: None,
            region: None,
            endpoint_url: None,
            no_sign_request: false,
            request_payer: false,
            expected_owner: None,
            path_style: None,
            ordered: None,
            credentials: None,
            assume_role: None,
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            attempts: None,
            backoff: Duration::from_millis(250),
            backoff_max: Duration::from_secs(20),
            requests_max: 64,
            read_ahead: ReadAhead::new(READ_AHEAD_BYTES_MAX),
        }
    }
}

/// A budget of bytes fetched ahead of the readers. Clones share it.
#[derive(Clone, Debug)]
pub struct ReadAhead {
    pub(super) bytes: Arc<Semaphore>,
    pub(super) bytes_max: usize,
}

impl ReadAhead {
    /// A budget of `bytes_max` bytes, at least one.
    pub fn new(bytes_max: usize) -> Self {
        let bytes_max = bytes_max.clamp(1, u32::MAX as usize);
        ReadAhead {
            bytes: Arc::new(Semaphore::new(bytes_max)),
            bytes_max,
        }
    }

    /// Bytes of the budget in use.
    pub fn bytes_held(&self) -> usize {
        self.bytes_max - self.bytes.available_permits()
    }
}
