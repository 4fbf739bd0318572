//! Clients: credentials, Region, endpoint, time-outs and retries, as the user and the SDK set them.

use std::sync::Arc;
use std::time::Duration;

use aws_config::meta::region::RegionProviderChain;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::retry::{RetryConfig, RetryPartition, TokenBucket};
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::config::{
    ProvideCredentials, Region, RequestChecksumCalculation, ResponseChecksumValidation,
    SharedCredentialsProvider, StalledStreamProtectionConfig,
};

use super::limit::Limiter;
use crate::aws;
use crate::source::{SourceError, SourceOptions};

/// The Region that any bucket can be asked for from.
const REGION_FALLBACK: &str = "us-east-1";

/// Tries of one request where nobody set a number: what is given up is not scanned, so that the
/// SDK's 3 within a second are too few.
const ATTEMPTS_DEFAULT: u32 = 8;

/// What all S3 sources and sinks of one set of options share.
#[derive(Debug)]
pub(in crate::source) struct Connection {
    pub options: SourceOptions,
    pub limiter: Arc<Limiter>,
    sdk: SdkConfig,
    pub region: String,
    custom_endpoint: bool,
}

impl Connection {
    /// Reads environment and profile; no request is made yet, except by a credentials or Region
    /// provider of the SDK that needs one.
    pub async fn load(options: &SourceOptions) -> Result<Self, SourceError> {
        if let Some(url) = &options.endpoint_url
            && !(url.starts_with("http://") || url.starts_with("https://"))
        {
            return Err(SourceError::Target {
                target: url.clone(),
                cause: "an endpoint url starts with http:// or https://".into(),
            });
        }
        let mut loader =
            aws_config::defaults(BehaviorVersion::latest()).region(region_chain(options));
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if options.no_sign_request {
            loader = loader.no_credentials();
        } else if let Some(credentials) = &options.credentials {
            loader = loader.credentials_provider(credentials.clone());
        }
        let mut sdk = loader.load().await;
        if let Some(role) = &options.assume_role {
            let mut provider = AssumeRoleProvider::builder(&role.arn)
                .session_name("magpie")
                .configure(&sdk);
            if let Some(id) = &role.external_id {
                provider = provider.external_id(id);
            }
            let credentials = SharedCredentialsProvider::new(provider.build().await);
            sdk = sdk.into_builder().credentials_provider(credentials).build();
        }
        let region = sdk
            .region()
            .map_or_else(|| REGION_FALLBACK.to_owned(), |r| r.as_ref().to_owned());
        Ok(Connection {
            limiter: Arc::new(Limiter::new(options.requests_max)),
            custom_endpoint: options.endpoint_url.is_some() || has_custom_endpoint(&sdk),
            options: options.clone(),
            sdk,
            region,
        })
    }

    /// A client that asks in `region`.
    pub fn client(&self, region: &str) -> Client {
        let options = &self.options;
        let mut config = aws_sdk_s3::config::Builder::from(&self.sdk)
            .region(Region::new(region.to_owned()))
            .retry_config(self.retry_config())
            // The SDK's shared quota of retries would end calls before their attempts are used up
            // when many fail at once. The attempts and the limiter bound the load instead.
            .retry_partition(
                RetryPartition::custom("magpie")
                    .token_bucket(TokenBucket::unlimited())
                    .build(),
            )
            .timeout_config(self.timeout_config(2 * options.read_timeout))
            // Stalls are told by `read_timeout` on every wait for bytes; see `feed`.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .force_path_style(options.path_style.unwrap_or(self.custom_endpoint));
        if self.custom_endpoint {
            // Stores that only resemble S3 may not know the newer checksums.
            config = config
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
                .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        }
        if let Some(url) = &options.endpoint_url {
            config = config.endpoint_url(url);
        }
        if options.no_sign_request {
            config = config.allow_no_auth();
        }
        Client::from_conf(config.build())
    }

    /// `attempt_timeout`: the longest that one attempt may take, the answer included where it is
    /// read as a whole.
    pub fn timeout_config(&self, attempt_timeout: Duration) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(self.options.connect_timeout)
            .read_timeout(self.options.read_timeout)
            .operation_attempt_timeout(self.options.connect_timeout + attempt_timeout)
            .build()
    }

    fn retry_config(&self) -> RetryConfig {
        RetryConfig::standard()
            .with_max_attempts(self.attempts())
            .with_initial_backoff(self.options.backoff)
            .with_max_backoff(self.options.backoff_max)
    }

    /// Whether listings are in the byte order of keys.
    pub fn ordered(&self) -> bool {
        self.options.ordered.unwrap_or(!self.custom_endpoint)
    }

    /// Tries of one request.
    pub fn attempts(&self) -> u32 {
        let named = configured(&self.sdk, "AWS_MAX_ATTEMPTS", "max_attempts").is_some();
        let sdk = self.sdk.retry_config().filter(|_| named);
        let default = || sdk.map_or(ATTEMPTS_DEFAULT, RetryConfig::max_attempts);
        self.options.attempts.unwrap_or_else(default).max(1)
    }

    /// Why there are no credentials, if that is so. Asked only after a call failed without an
    /// answer, as it may take as long as the chain does.
    pub async fn credentials_fault(&self) -> Option<String> {
        if self.options.no_sign_request {
            return None;
        }
        match self.sdk.credentials_provider() {
            None => Some("no credentials are configured".to_owned()),
            Some(provider) => provider
                .provide_credentials()
                .await
                .err()
                .map(|e| aws::chain(&e)),
        }
    }
}

/// Where the Region comes from. The instance metadata service is asked only where AWS itself is.
fn region_chain(options: &SourceOptions) -> RegionProviderChain {
    let chain = aws::named_region(options.region.as_ref(), options.profile.as_ref());
    let chain = if options.endpoint_url.is_some()
        || options.no_sign_request
        || options.credentials.is_some()
    {
        chain
    } else {
        chain.or_default_provider()
    };
    chain.or_else(Region::new(REGION_FALLBACK))
}

/// Whether environment or profile name an endpoint for S3 or for all services.
fn has_custom_endpoint(sdk: &SdkConfig) -> bool {
    configured(sdk, "AWS_ENDPOINT_URL", "endpoint_url").is_some() || sdk.endpoint_url().is_some()
}

/// A setting of environment or profile, for S3 or for all services.
fn configured(sdk: &SdkConfig, env: &str, profile: &str) -> Option<String> {
    aws::configured(sdk, "S3", env, profile)
}
