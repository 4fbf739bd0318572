//! The calls on one log group, through the AWS SDK.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aws_config::meta::region::RegionProviderChain;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::config::retry::RetryConfig;
use aws_sdk_cloudwatchlogs::config::timeout::TimeoutConfig;
use aws_sdk_cloudwatchlogs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudwatchlogs::error::{BoxError, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudwatchlogs::types::InputLogEvent;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::batch::Batch;
use super::error::{DeliveryError, PutError};
use crate::aws::{self, chain, printable};
use crate::model::{JobId, LogDestination};

/// Tries of one call where nobody set a number.
const ATTEMPTS_DEFAULT: u32 = 5;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Pages of a stream's tail that are looked through for a batch: it is the last that was sent.
const TAIL_PAGES_MAX: usize = 16;

/// How the service is reached.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub group: String,
    pub profile: Option<String>,
    /// `None`: as environment and profile say.
    pub region: Option<String>,
    pub endpoint: Option<String>,
}

/// A log group that is open for writing.
#[derive(Debug)]
pub struct CloudWatch {
    client: Client,
    destination: LogDestination,
    attempts: u32,
}

impl CloudWatch {
    /// Reads environment and profile; no call is made yet, except by a provider of the SDK that
    /// needs one to tell the Region.
    ///
    /// # Errors
    /// A name that no group can have; no Region.
    pub async fn open(options: &Options) -> Result<Self, DeliveryError> {
        let fail = |cause: &str| {
            Err(DeliveryError::Settings {
                group: options.group.clone(),
                cause: cause.to_owned(),
            })
        };
        if let Some(cause) = group_fault(&options.group) {
            return fail(&cause);
        }
        if let Some(url) = &options.endpoint
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return fail("an endpoint url starts with http:// or https://");
        }
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).region(region_chain(options));
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        let sdk = loader.load().await;
        let Some(region) = sdk.region().map(|r| r.as_ref().to_owned()) else {
            return fail("no Region is known; give --region or set AWS_REGION");
        };
        let endpoint = options.endpoint.clone().or_else(|| {
            configured(&sdk, "AWS_ENDPOINT_URL", "endpoint_url")
                .or_else(|| sdk.endpoint_url().map(str::to_owned))
        });
        let named = configured(&sdk, "AWS_MAX_ATTEMPTS", "max_attempts");
        let attempts = named
            .and_then(|n| n.parse().ok())
            .unwrap_or(ATTEMPTS_DEFAULT)
            .max(1);
        let mut config = aws_sdk_cloudwatchlogs::config::Builder::from(&sdk)
            .retry_config(RetryConfig::standard().with_max_attempts(attempts))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .read_timeout(READ_TIMEOUT)
                    .operation_attempt_timeout(CONNECT_TIMEOUT + 2 * READ_TIMEOUT)
                    .build(),
            );
        if let Some(url) = &endpoint {
            config = config.endpoint_url(url);
        }
        Ok(CloudWatch {
            client: Client::from_conf(config.build()),
            destination: LogDestination {
                group: options.group.clone(),
                region,
                profile: options.profile.clone(),
                endpoint,
            },
            attempts,
        })
    }

    /// Where lines go, with Region and endpoint as they were found.
    pub fn destination(&self) -> &LogDestination {
        &self.destination
    }

    /// Tries of one batch.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Makes the stream of a job, and the group where there is none. What is there already stays.
    ///
    /// # Errors
    /// See [`DeliveryError`].
    pub async fn make_stream(&self, job: &JobId) -> Result<(), DeliveryError> {
        let made = self.make_stream_only(job).await;
        let Err(error) = made else {
            return Ok(());
        };
        if code(&error) != "ResourceNotFoundException" {
            return Err(self.named(job, "CreateLogStream", "logs:CreateLogStream", error));
        }
        let watch = Watch::start();
        let group = self
            .client
            .create_log_group()
            .log_group_name(&self.destination.group)
            .customize()
            .interceptor(watch.clone())
            .send()
            .await
            .map_err(|e| Failed::of(&e, &watch));
        match group {
            Err(e) if code(&e) != "ResourceAlreadyExistsException" => {
                return Err(self.named(job, "CreateLogGroup", "logs:CreateLogGroup", e));
            }
            _ => {}
        }
        self.make_stream_only(job)
            .await
            .map_err(|e| self.named(job, "CreateLogStream", "logs:CreateLogStream", e))
    }

    async fn make_stream_only(&self, job: &JobId) -> Result<(), Failed> {
        let watch = Watch::start();
        let made = self
            .client
            .create_log_stream()
            .log_group_name(&self.destination.group)
            .log_stream_name(job.as_str())
            .customize()
            .interceptor(watch.clone())
            .send()
            .await
            .map_err(|e| Failed::of(&e, &watch));
        match made {
            Err(e) if code(&e) != "ResourceAlreadyExistsException" => Err(e),
            _ => Ok(()),
        }
    }

    /// Sends a batch, once. Answers how many of its lines the service did not want.
    ///
    /// # Errors
    /// See [`PutError`].
    pub async fn put(&self, job: &JobId, batch: &Batch) -> Result<u64, PutError> {
        let mut events = Vec::with_capacity(batch.lines().len());
        for (time, text) in batch.lines() {
            let event = InputLogEvent::builder().timestamp(*time).message(text);
            // both fields are set, so that it can be built
            events.extend(event.build().ok());
        }
        let count = events.len() as u64;
        // The SDK would send again what may have arrived: nothing is tried twice unseen.
        let once =
            aws_sdk_cloudwatchlogs::config::Builder::new().retry_config(RetryConfig::disabled());
        let watch = Watch::start();
        let answer = self
            .client
            .put_log_events()
            .log_group_name(&self.destination.group)
            .log_stream_name(job.as_str())
            .set_log_events(Some(events))
            .customize()
            .config_override(once)
            .interceptor(watch.clone())
            .send()
            .await;
        let error = match answer {
            Ok(answer) => {
                let refused = answer.rejected_log_events_info().map_or(0, |info| {
                    let until = |end: Option<i32>| end.map_or(0, |n| u64::try_from(n).unwrap_or(0));
                    let old = until(info.too_old_log_event_end_index())
                        .max(until(info.expired_log_event_end_index()));
                    let new = info.too_new_log_event_start_index();
                    let new = new.map_or(0, |n| count.saturating_sub(until(Some(n))));
                    (old + new).min(count)
                });
                return Ok(refused);
            }
            Err(error) => Failed::of(&error, &watch),
        };
        let (kind, code) = (error.kind, error.code.clone());
        let named = |error| self.named(job, "PutLogEvents", "logs:PutLogEvents", error);
        match (code.as_str(), kind) {
            // also what a sending that seemed to fail is answered with when it is repeated
            ("DataAlreadyAcceptedException", _) => Ok(0),
            ("ResourceNotFoundException", _) => Err(PutError::NoStream(named(error))),
            (_, Kind::NotSent) => Err(PutError::NotTaken {
                error: named(error),
                again: false,
            }),
            (code, Kind::Answered(400..500)) => Err(PutError::NotTaken {
                again: is_throttled(code),
                error: named(error),
            }),
            _ => Err(PutError::Unknown(named(error))),
        }
    }

    /// How many of the lines stand at the end of the stream of a job. None where there is no stream.
    ///
    /// # Errors
    /// See [`DeliveryError`].
    pub async fn arrived(&self, job: &JobId, lines: &[String]) -> Result<usize, DeliveryError> {
        let mut missing: HashSet<&str> = lines.iter().map(String::as_str).collect();
        let wanted = missing.len();
        let mut token: Option<String> = None;
        for _ in 0..TAIL_PAGES_MAX {
            let watch = Watch::start();
            let page = self
                .client
                .get_log_events()
                .log_group_name(&self.destination.group)
                .log_stream_name(job.as_str())
                .start_from_head(false)
                .set_next_token(token.clone())
                .customize()
                .interceptor(watch.clone())
                .send()
                .await
                .map_err(|e| Failed::of(&e, &watch));
            let page = match page {
                Ok(page) => page,
                Err(e) if code(&e) == "ResourceNotFoundException" => return Ok(0),
                Err(e) => return Err(self.named(job, "GetLogEvents", "logs:GetLogEvents", e)),
            };
            for event in page.events() {
                missing.remove(event.message().unwrap_or_default());
            }
            let next = page.next_backward_token().map(str::to_owned);
            if missing.is_empty() || next.is_none() || next == token {
                break;
            }
            token = next;
        }
        Ok(wanted - missing.len())
    }

    /// The failure in our own words.
    fn named(
        &self,
        job: &JobId,
        operation: &'static str,
        permission: &'static str,
        failed: Failed,
    ) -> DeliveryError {
        let place = format!("log group {} stream {job}", self.destination.group);
        match (failed.code.as_str(), failed.kind) {
            (
                "AccessDeniedException" | "AccessDenied" | "UnauthorizedOperation",
                Kind::Answered(_),
            ) => DeliveryError::AccessDenied { place, permission },
            ("ExpiredTokenException" | "ExpiredToken", _) => DeliveryError::Credentials {
                place,
                cause: "the credentials have expired".to_owned(),
            },
            (
                "UnrecognizedClientException"
                | "InvalidClientTokenId"
                | "InvalidSignatureException"
                | "SignatureDoesNotMatch"
                | "MissingAuthenticationToken"
                | "MissingAuthenticationTokenException",
                _,
            ) => DeliveryError::Credentials {
                place,
                cause: format!("the service does not accept them ({})", failed.code),
            },
            (_, Kind::NotSent) => DeliveryError::Credentials {
                place,
                cause: failed.cause,
            },
            (code, Kind::Answered(400..500)) if !is_throttled(code) => DeliveryError::Refused {
                place,
                operation,
                cause: failed.cause,
            },
            _ => DeliveryError::Unavailable {
                place,
                operation,
                attempts: failed.attempts,
                elapsed: failed.elapsed,
                cause: failed.cause,
            },
        }
    }
}

/// What a failed call was answered with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The request never left.
    NotSent,
    /// Status of the answer.
    Answered(u16),
    /// No answer came, or none that can be read.
    Unanswered,
}

#[derive(Clone, Debug)]
struct Failed {
    kind: Kind,
    /// Empty where there is none.
    code: String,
    cause: String,
    attempts: u32,
    elapsed: Duration,
}

fn code(failed: &Failed) -> &str {
    &failed.code
}

impl Failed {
    fn of<E>(error: &SdkError<E, HttpResponse>, watch: &Watch) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let kind = match error {
            SdkError::ServiceError(e) => Kind::Answered(e.raw().status().as_u16()),
            _ if !watch.sent.load(Ordering::Relaxed) => Kind::NotSent,
            _ => Kind::Unanswered,
        };
        let (code, cause) = match error {
            SdkError::ServiceError(e) => {
                let code = printable(e.err().code().unwrap_or_default());
                let message = printable(e.err().message().unwrap_or_default());
                let status = e.raw().status().as_u16();
                (code.clone(), format!("status {status} {code}: {message}"))
            }
            _ => (String::new(), chain(error)),
        };
        Failed {
            kind,
            code,
            cause: cause.trim_end_matches([' ', ':']).to_owned(),
            attempts: watch.attempts().max(1),
            elapsed: watch.start.elapsed(),
        }
    }
}

fn is_throttled(code: &str) -> bool {
    code.contains("Throttl") || code.contains("TooManyRequests") || code == "LimitExceededException"
}

/// Notes whether, and how often, a call was sent.
#[derive(Clone, Debug)]
struct Watch {
    sent: Arc<AtomicBool>,
    attempts: Arc<std::sync::atomic::AtomicU32>,
    start: Instant,
}

impl Watch {
    fn start() -> Self {
        Watch {
            sent: Arc::default(),
            attempts: Arc::default(),
            start: Instant::now(),
        }
    }

    fn attempts(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }
}

#[dyn_dispatch_hint]
impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "DeliveryWatch"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.sent.store(true, Ordering::Relaxed);
        self.attempts.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// Where the Region comes from. The instance metadata service is asked only where AWS itself is.
fn region_chain(options: &Options) -> RegionProviderChain {
    let chain = aws::named_region(options.region.as_ref(), options.profile.as_ref());
    match options.endpoint {
        Some(_) => chain,
        None => chain.or_default_provider(),
    }
}

/// A setting of environment or profile, for CloudWatch Logs or for all services.
fn configured(sdk: &SdkConfig, env: &str, profile: &str) -> Option<String> {
    aws::configured(sdk, "CloudWatch Logs", env, profile)
}

/// What is wrong with the name of a group, if anything.
fn group_fault(group: &str) -> Option<String> {
    const CHARS_MAX: usize = 512;
    let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/' | b'.' | b'#');
    if !(1..=CHARS_MAX).contains(&group.len()) {
        return Some(format!(
            "the name of a group has 1 to {CHARS_MAX} characters, this one {}",
            group.chars().count()
        ));
    }
    if !group.bytes().all(known) {
        return Some("the name of a group has letters, digits and _ - / . # only".to_owned());
    }
    group
        .starts_with("aws/")
        .then(|| "names that begin with aws/ are reserved; did you mean /aws/…?".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_groups_are_checked_before_anything_is_sent() {
        assert_eq!(group_fault("/aws/macie/classificationjobs"), None);
        assert_eq!(group_fault(&"g".repeat(512)), None);
        for wrong in ["", "a b", "ä", "aws/x", &"g".repeat(513)] {
            assert!(group_fault(wrong).is_some(), "{wrong}");
        }
    }
}
