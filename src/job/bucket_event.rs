//! Which job log event a failed bucket is.

use crate::event::Event;
use crate::model::AccountId;
use crate::source::SourceError;

/// The event for an error that ended the listing of a bucket, or of an object error that is about
/// the whole bucket. `None` for errors that Macie does not log (local files, single objects).
pub fn bucket_event(error: &SourceError, bucket: &str, account: &AccountId) -> Option<Event> {
    let account = Some(account.clone());
    let bucket = bucket.to_owned();
    match error {
        SourceError::AccessDenied { operation, .. } if operation == "ListBuckets" => {
            Some(Event::AccountAccessDenied {
                operation: operation.clone(),
                account,
            })
        }
        SourceError::AccessDenied { operation, .. } => Some(Event::BucketAccessDenied {
            // a folder in the place of a bucket fails in the operation that it stands for
            operation: match operation.as_str() {
                "ReadDir" | "OpenTarget" => "ListObjectsV2".to_owned(),
                other => other.to_owned(),
            },
            account,
            bucket,
        }),
        SourceError::NoSuchBucket { .. } => Some(Event::BucketDoesNotExist { account, bucket }),
        SourceError::WrongRegion { .. } => Some(Event::BucketInDifferentRegion { account, bucket }),
        SourceError::OwnerMismatch { .. } => Some(Event::BucketOwnerChanged { account, bucket }),
        SourceError::Unavailable { .. } | SourceError::Refused { .. } | SourceError::Io { .. } => {
            Some(Event::BucketDetailsUnavailable { account, bucket })
        }
        // credentials end the command with their own exit status before a bucket is reached
        SourceError::Credentials { .. }
        | SourceError::Target { .. }
        | SourceError::NoSuchKey { .. }
        | SourceError::Changed { .. }
        | SourceError::InvalidObjectState { .. }
        | SourceError::KmsKey { .. }
        | SourceError::Encryption { .. }
        | SourceError::Unsupported { .. } => None,
    }
}
