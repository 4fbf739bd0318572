//! Regions and other settings from the command line, the environment and the profile, in this order.

use aws_config::SdkConfig;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_types::region::Region;
use aws_types::service_config::ServiceConfigKey;

/// The Region that somebody named. The metadata service of an instance is not asked.
pub(crate) fn named_region(
    region: Option<&String>,
    profile: Option<&String>,
) -> RegionProviderChain {
    let mut file = ProfileFileRegionProvider::builder();
    if let Some(name) = profile {
        file = file.profile_name(name);
    }
    RegionProviderChain::first_try(region.cloned().map(Region::new))
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(file.build())
}

/// A setting of environment or profile, for one service (`S3`, `CloudWatch Logs`) or for all.
pub(crate) fn configured(
    sdk: &SdkConfig,
    service: &'static str,
    env: &str,
    profile: &str,
) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id(service)
        .env(env)
        .profile(profile)
        .build()
        .ok()?;
    sdk.service_config()?.load_config(key)
}
