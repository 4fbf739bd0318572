//! One bucket and the calls on it: the Region followed, the limit kept, failures named.

use std::error::Error;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::RequestPayer;
use tokio::sync::OnceCell;

use super::classify::{self, Call, Elsewhere};
use super::connect::Connection;
use super::limit::Watch;
use crate::aws;
use crate::model::BucketInfo;
use crate::source::{Requests, SourceError};

/// A bucket, shared by the listing, the open bodies and the source.
pub(super) struct Core {
    pub connection: Arc<Connection>,
    pub name: String,
    bound: RwLock<Arc<Bound>>,
    /// The bucket answers, but not for the expected owner. Asked at most once.
    owner_differs: OnceCell<bool>,
    heads: AtomicU64,
    lists: AtomicU64,
}

/// The Region in which the bucket is asked.
pub(super) struct Bound {
    pub client: Client,
    pub region: String,
    pub bucket: Arc<BucketInfo>,
    /// The service sent us here from another Region.
    followed: bool,
}

impl Core {
    pub fn new(connection: Arc<Connection>, name: &str) -> Self {
        let region = connection.region.clone();
        let bound = Bound::new(&connection, name, region, false);
        Core {
            connection,
            name: name.to_owned(),
            bound: RwLock::new(Arc::new(bound)),
            owner_differs: OnceCell::new(),
            heads: AtomicU64::new(0),
            lists: AtomicU64::new(0),
        }
    }

    /// Requests made so far to find and list.
    pub fn requests(&self) -> Requests {
        Requests {
            head: self.heads.load(Ordering::Relaxed),
            list: self.lists.load(Ordering::Relaxed),
        }
    }

    fn count(&self, operation: &str) {
        match operation {
            "HeadBucket" | "HeadObject" => self.heads.fetch_add(1, Ordering::Relaxed),
            "ListObjectsV2" => self.lists.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
    }

    pub fn bound(&self) -> Arc<Bound> {
        self.bound
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub fn expected_owner(&self) -> Option<String> {
        let owner = self.connection.options.expected_owner.as_ref();
        owner.map(|o| o.as_str().to_owned())
    }

    pub fn request_payer(&self) -> Option<RequestPayer> {
        let pays = self.connection.options.request_payer;
        pays.then_some(RequestPayer::Requester)
    }

    /// Learns the bucket's Region before anything else is asked; failures are left to the calls
    /// that need an answer.
    pub async fn find_region(&self) {
        let bound = self.bound();
        let place = self.connection.limiter.acquire().await;
        self.count("HeadBucket");
        let once = aws_sdk_s3::config::Builder::new()
            .retry_config(aws_sdk_s3::config::retry::RetryConfig::disabled());
        let answer = bound
            .client
            .head_bucket()
            .bucket(&self.name)
            .set_expected_bucket_owner(self.expected_owner())
            .customize()
            .config_override(once)
            .send()
            .await;
        drop(place);
        let region = match &answer {
            Ok(found) => found.bucket_region().map(str::to_owned),
            Err(e) => match classify::elsewhere(e, &bound.region) {
                Some(Elsewhere::Region(region)) => Some(region),
                // Also an answer that refuses may say where the bucket is.
                _ => e
                    .raw_response()
                    .and_then(|r| r.headers().get("x-amz-bucket-region"))
                    .map(str::to_owned),
            },
        };
        if let Some(region) = region.filter(|r| *r != bound.region && classify::is_region(r)) {
            self.follow(&bound, &region);
        }
    }

    /// Goes on in another Region.
    fn follow(&self, from: &Bound, region: &str) {
        let mut bound = self.bound.write().unwrap_or_else(PoisonError::into_inner);
        // Another call may have been faster.
        if bound.region == from.region {
            tracing::info!(bucket = self.name, region, "bucket followed to its Region");
            let next = Bound::new(&self.connection, &self.name, region.to_owned(), true);
            *bound = Arc::new(next);
        }
    }

    /// Makes one call, with the SDK's retries, in the bucket's Region.
    ///
    /// `send` gets the client and the interceptor to send with. The answer comes with the Region
    /// it came from.
    pub async fn call<T, E, F, A>(
        &self,
        operation: &'static str,
        uri: &str,
        send: F,
    ) -> Result<(T, Arc<Bound>), SourceError>
    where
        F: Fn(&Client, Watch) -> A,
        A: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        let started = Instant::now();
        let mut moves = 0;
        loop {
            let bound = self.bound();
            let watch = Watch::new(self.connection.limiter.clone());
            let place = self.connection.limiter.acquire().await;
            self.count(operation);
            let result = send(&bound.client, watch.clone()).await;
            drop(place);
            let error = match result {
                Ok(answer) => {
                    if watch.attempts() > 1 {
                        let (attempts, seconds) =
                            (watch.attempts(), started.elapsed().as_secs_f64());
                        tracing::info!(operation, uri, attempts, seconds, "answered after retries");
                    }
                    return Ok((answer, bound));
                }
                Err(error) => error,
            };
            match classify::elsewhere(&error, &bound.region) {
                Some(Elsewhere::Region(region)) if !bound.followed && moves == 0 => {
                    moves += 1;
                    self.follow(&bound, &region);
                    continue;
                }
                Some(place) => {
                    return Err(SourceError::WrongRegion {
                        uri: uri.to_owned(),
                        operation: operation.to_owned(),
                        asked: bound.region.clone(),
                        region: match place {
                            Elsewhere::Region(region) => Some(region),
                            Elsewhere::Unknown => None,
                        },
                    });
                }
                None => {}
            }
            let call = Call {
                uri,
                operation,
                attempts: watch.attempts().max(1),
                elapsed: started.elapsed(),
            };
            let named = classify::classify(&call, &error);
            let named = self.look_closer(named, &error, watch.sent()).await;
            let (attempts, cause) = (call.attempts, named.to_string());
            tracing::warn!(operation, uri, attempts, cause, "request failed");
            return Err(named);
        }
    }

    /// Tells apart what one answer alone does not show.
    async fn look_closer<E>(
        &self,
        named: SourceError,
        error: &SdkError<E, HttpResponse>,
        sent: bool,
    ) -> SourceError {
        match named {
            SourceError::AccessDenied { uri, operation } => {
                match self.connection.options.expected_owner.clone() {
                    Some(expected) if self.is_owner_different().await => {
                        SourceError::OwnerMismatch {
                            uri,
                            operation,
                            expected: expected.to_string(),
                        }
                    }
                    _ => SourceError::AccessDenied { uri, operation },
                }
            }
            SourceError::Unavailable { uri, operation, .. } if !sent => {
                match self.connection.credentials_fault().await {
                    Some(cause) => SourceError::Credentials {
                        uri,
                        operation,
                        cause,
                    },
                    None => not_sent(uri, operation, error),
                }
            }
            named => named,
        }
    }

    /// S3 says "access denied" both for a missing permission and for another owner: the bucket's
    /// head, asked without naming an owner and with naming one, tells which.
    async fn is_owner_different(&self) -> bool {
        let ask = |owner: Option<String>| async {
            let bound = self.bound();
            let _place = self.connection.limiter.acquire().await;
            let head = bound
                .client
                .head_bucket()
                .bucket(&self.name)
                .set_expected_bucket_owner(owner)
                .send()
                .await;
            head.is_ok()
        };
        let differs = || async { ask(None).await && !ask(self.expected_owner()).await };
        *self.owner_differs.get_or_init(differs).await
    }
}

/// A call that could not be made although there are credentials.
fn not_sent<E>(uri: String, operation: String, error: &SdkError<E, HttpResponse>) -> SourceError {
    let cause = match error {
        SdkError::ConstructionFailure(e) => format!("{e:?}"),
        SdkError::DispatchFailure(e) => match e.as_connector_error() {
            Some(e) => aws::chain(e),
            None => "the request could not be sent".to_owned(),
        },
        _ => String::new(),
    };
    SourceError::Io {
        uri,
        operation,
        source: std::io::Error::other(cause),
    }
}

impl Bound {
    fn new(connection: &Connection, name: &str, region: String, followed: bool) -> Self {
        Bound {
            client: connection.client(&region),
            bucket: Arc::new(BucketInfo {
                name: name.to_owned(),
                account: connection.options.expected_owner.clone(),
                region: Some(region.clone()),
                local: false,
            }),
            region,
            followed,
        }
    }
}
