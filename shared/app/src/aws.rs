//! The SDK's configuration, from the environment as Lambda makes it.
//!
//! `aws-config` walks a chain of providers (files, STS, container and instance addresses), all of which a function
//! would carry and start with, and none of which it needs: Lambda, and whoever plays it, puts region and keys there.

use std::{env, time::SystemTime};

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::{
    behavior_version::BehaviorVersion,
    http::{HttpClient, SharedHttpClient},
};
use aws_types::{
    SdkConfig,
    region::Region,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use crate::{config::MissingSetting, context::StartError};

/// The configuration that the environment states: `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
/// `AWS_SESSION_TOKEN`, and where the services are not AWS's own, `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_<SERVICE>`.
///
/// # Errors
/// The first of the first three that is missing; certificates in `AWS_CA_BUNDLE` that cannot be used.
pub fn from_env() -> Result<SdkConfig, StartError> {
    let get = |name: &'static str| setting(name).ok_or(MissingSetting(name));
    let credentials = Credentials::new(
        get("AWS_ACCESS_KEY_ID")?,
        get("AWS_SECRET_ACCESS_KEY")?,
        setting("AWS_SESSION_TOKEN"),
        // Lambda ends an environment before its keys do.
        None::<SystemTime>,
        "environment",
    );
    let (region, endpoint) = (get("AWS_REGION")?, setting("AWS_ENDPOINT_URL"));
    let mut config = with(http(&region)?, credentials, &region).into_builder().service_config(ServiceEndpoints);
    config.set_endpoint_url(endpoint);
    Ok(config.build())
}

/// A PEM file of authorities, as AWS's own tools read it.
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";
/// AWS's own authorities, from Debian's `ca-certificates` (Amazon Root CA 1 to 4, Starfield Services G2): AWS asks that
/// clients trust these five (<https://www.amazontrust.com/repository/>). All of a system's 150 take 30 million
/// instructions to read at each cold start, which was three quarters of one.
const AMAZON_ROOTS: &str = include_str!("amazon_roots.pem");

/// The client for AWS's services. Whom it trusts: [`CA_BUNDLE`] where it is set; else AWS's authorities; else, in partitions that may have others, the system's.
fn http(region: &str) -> Result<SharedHttpClient, StartError> {
    let unusable = |why: String| StartError::Unusable(CA_BUNDLE, why);
    let roots = match setting(CA_BUNDLE) {
        Some(file) => Some(std::fs::read(file).map_err(|error| unusable(error.to_string()))?),
        None => is_aws_itself(region).then(|| AMAZON_ROOTS.into()),
    };
    let trust = roots.map_or_else(TrustStore::default, |roots| TrustStore::empty().with_pem_certificate(roots));
    let tls = TlsContext::builder().with_trust_store(trust).build();
    let tls = tls.map_err(|error| unusable(error.to_string()))?;
    Ok(Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).tls_context(tls).build_https())
}

/// Whether a region is one of AWS's own partition, and not of those that others run or that stand apart.
fn is_aws_itself(region: &str) -> bool {
    !["cn-", "us-iso", "eu-isoe", "eusc-"].iter().any(|other| region.starts_with(other))
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
