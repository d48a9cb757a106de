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

/// What host names end with (`AWS::URLSuffix` in CloudFormation) in AWS's own partition.
const HOST_SUFFIX: &str = "amazonaws.com";
/// The same in those that others run or that stand apart, by how their regions begin.
const OTHER_HOST_SUFFIXES: [(&str, &str); 6] = [
    ("cn-", "amazonaws.com.cn"),
    ("eusc-", "amazonaws.eu"),
    ("us-iso-", "c2s.ic.gov"),
    ("us-isob-", "sc2s.sgov.gov"),
    ("us-isof-", "csp.hci.ic.gov"),
    ("eu-isoe-", "cloud.adc-e.uk"),
];

/// What AWS's host names end with in a region.
pub(crate) fn host_suffix(region: &str) -> &'static str {
    let other = OTHER_HOST_SUFFIXES.iter().find(|(begin, _)| region.starts_with(begin));
    other.map_or(HOST_SUFFIX, |(_, suffix)| suffix)
}

/// Whether a region is one of AWS's own partition.
fn is_aws_itself(region: &str) -> bool {
    host_suffix(region) == HOST_SUFFIX
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_of_the_partition_that_its_name_begins_with() {
        for region in ["eu-central-1", "us-gov-west-1", "cnx-1"] {
            assert!(is_aws_itself(region) && host_suffix(region) == "amazonaws.com", "{region}");
        }
        for (region, suffix) in [
            ("cn-north-1", "amazonaws.com.cn"),
            ("eusc-de-east-1", "amazonaws.eu"),
            ("us-iso-east-1", "c2s.ic.gov"),
            ("us-isob-east-1", "sc2s.sgov.gov"),
        ] {
            assert!(!is_aws_itself(region) && host_suffix(region) == suffix, "{region}");
        }
    }
}
