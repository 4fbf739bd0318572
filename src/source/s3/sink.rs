//! Writing results to a bucket.

use std::sync::Arc;

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ServerSideEncryption;
use futures_util::future::BoxFuture;

use super::core::Core;
use super::list;
use crate::source::{ResultSink, SourceError};

/// The slowest upload that is waited for, in bytes a second.
const UPLOAD_BYTES_PER_SECOND_MIN: u64 = 64 * 1024;

/// Writes objects below a prefix.
pub(super) struct S3Sink {
    pub core: Arc<Core>,
    /// Empty, or with `/` at the end.
    pub prefix: String,
    pub kms_key_id: Option<String>,
}

impl ResultSink for S3Sink {
    fn put(&self, key: &str, bytes: Vec<u8>) -> BoxFuture<'_, Result<(), SourceError>> {
        let uri = self.uri(key);
        let key = format!("{}{key}", self.prefix);
        let bytes = bytes::Bytes::from(bytes);
        Box::pin(async move {
            let core = &self.core;
            let seconds = bytes.len() as u64 / UPLOAD_BYTES_PER_SECOND_MIN;
            let patience =
                2 * core.connection.options.read_timeout + std::time::Duration::from_secs(seconds);
            core.call("PutObject", &uri, |client, watch| {
                let timeouts = core.connection.timeout_config(patience);
                let config = aws_sdk_s3::config::Builder::new().timeout_config(timeouts);
                client
                    .put_object()
                    .bucket(&core.name)
                    .key(&key)
                    .body(ByteStream::from(bytes.clone()))
                    .set_server_side_encryption(
                        self.kms_key_id
                            .as_ref()
                            .map(|_| ServerSideEncryption::AwsKms),
                    )
                    .set_ssekms_key_id(self.kms_key_id.clone())
                    .set_expected_bucket_owner(core.expected_owner())
                    .set_request_payer(core.request_payer())
                    .customize()
                    .config_override(config)
                    .interceptor(watch)
                    .send()
            })
            .await
            .map(|_| ())
        })
    }

    fn uri(&self, key: &str) -> String {
        list::uri(&self.core.name, &format!("{}{key}", self.prefix))
    }
}
