//! The buckets of an account.

use std::sync::Arc;

use super::connect::Connection;
use super::core::Core;
use crate::model::BucketInfo;
use crate::source::SourceError;

/// Buckets asked for at once; asking in pages also makes S3 tell their Regions.
const BUCKETS_PAGE_MAX: i32 = 1000;

/// Lists the buckets, in the order of the service.
pub(in crate::source) async fn list_buckets(
    connection: Arc<Connection>,
) -> Result<Vec<BucketInfo>, SourceError> {
    let account = connection.options.expected_owner.clone();
    let core = Core::new(connection, "");
    let mut buckets = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let (page, _) = core
            .call("ListBuckets", "s3://", |client, watch| {
                client
                    .list_buckets()
                    .max_buckets(BUCKETS_PAGE_MAX)
                    .set_continuation_token(token.clone())
                    .customize()
                    .interceptor(watch)
                    .send()
            })
            .await?;
        buckets.extend(page.buckets().iter().filter_map(|b| {
            Some(BucketInfo {
                name: b.name()?.to_owned(),
                account: account.clone(),
                region: b.bucket_region().map(str::to_owned),
                local: false,
            })
        }));
        let next = page
            .continuation_token()
            .filter(|t| !t.is_empty())
            .map(str::to_owned);
        if next.is_some() && next == token {
            return Err(SourceError::protocol(
                "s3://",
                "ListBuckets",
                "the service repeats a page of the listing",
            ));
        }
        token = next;
        if token.is_none() {
            return Ok(buckets);
        }
    }
}
