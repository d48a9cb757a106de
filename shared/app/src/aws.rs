//! The SDK's configuration, from the environment as Lambda makes it.
//!
//! `aws-config` walks a chain of providers (files, STS, container and instance addresses), all of which a function
//! would carry and start with, and none of which it needs: Lambda, and whoever plays it, puts region and keys there.

use std::{env, time::SystemTime};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{behavior_version::BehaviorVersion, http::HttpClient};
use aws_types::{
    SdkConfig,
    region::Region,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use crate::config::MissingSetting;

/// The configuration that the environment states: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN`, and where the services are not AWS's own, `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_<SERVICE>`.
///
/// # Errors
/// The first of the first three that is missing.
pub fn from_env() -> Result<SdkConfig, MissingSetting> {
    let get = |name: &'static str| setting(name).ok_or(MissingSetting(name));
    let credentials = Credentials::new(
        get("AWS_ACCESS_KEY_ID")?,
        get("AWS_SECRET_ACCESS_KEY")?,
        setting("AWS_SESSION_TOKEN"),
        // Lambda ends an environment before its keys do.
        None::<SystemTime>,
        "environment",
    );
    let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https();
    let mut config = with(http, credentials, &get("AWS_REGION")?).into_builder().service_config(ServiceEndpoints);
    config.set_endpoint_url(setting("AWS_ENDPOINT_URL"));
    Ok(config.build())
}

/// A configuration for a given HTTP client and keys: how one process runs everything.
pub fn with(http: impl HttpClient + 'static, credentials: Credentials, region: &str) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(region.to_owned()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http)
        .build()
}

fn setting(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// An endpoint for one service: `AWS_ENDPOINT_URL_DYNAMODB`, as all AWS SDKs read it.
#[derive(Debug)]
struct ServiceEndpoints;

impl LoadServiceConfig for ServiceEndpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        setting(&format!("{}_{}", key.env(), key.service_id().to_uppercase().replace([' ', '-'], "_")))
    }
}
