//! Pre-signed addresses of a bucket (S3, "Authenticating Requests: Using Query Parameters"). Only the signature is
//! made here, without the whole S3 client: files go from browser to bucket and never through a function.

use std::time::{Duration, SystemTime};

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::{
    http_request::{
        PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
        UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use aws_types::SdkConfig;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

use crate::{AppError, aws::host_suffix};

/// What a query's value keeps: RFC 3986's unreserved characters, as SigV4 wants them.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A bucket, and what signs for it.
pub(crate) struct Bucket {
    base: Url,
    region: String,
    credentials: SharedCredentialsProvider,
}

fn failed(what: impl std::fmt::Display) -> AppError {
    AppError::Failed(format!("a pre-signed address: {what}"))
}

impl Bucket {
    /// The bucket of this name, where the SDK's configuration says that S3 is; `None` where that names no credentials.
    pub(crate) fn new(name: &str, sdk: &SdkConfig) -> Option<Self> {
        let region = sdk.region().map_or("us-east-1", |region| region.as_ref()).to_owned();
        // Another endpoint than AWS's rarely has a host name for each bucket.
        let base = match sdk.endpoint_url() {
            Some(endpoint) => format!("{}/{name}/", endpoint.trim_end_matches('/')),
            None => format!("https://{name}.s3.{region}.{}/", host_suffix(&region)),
        };
        Some(Self { base: base.parse().ok()?, region, credentials: sdk.credentials_provider()? })
    }

    /// Where a file of this type and size may be put.
    pub(crate) async fn upload(
        &self,
        key: &str,
        (media_type, size): (&str, u64),
        time: Duration,
    ) -> Result<String, AppError> {
        let size = size.to_string();
        self.sign("PUT", self.at(key)?, (&[("content-type", media_type), ("content-length", &size)], time)).await
    }

    /// Where a file may be read, with the header that says how a browser is to treat it.
    pub(crate) async fn download(&self, key: &str, disposition: &str, time: Duration) -> Result<String, AppError> {
        let mut url = self.at(key)?;
        url.set_query(Some(&format!("response-content-disposition={}", utf8_percent_encode(disposition, KEPT))));
        self.sign("GET", url, (&[], time)).await
    }

    fn at(&self, key: &str) -> Result<Url, AppError> {
        self.base.join(key).map_err(failed)
    }

    async fn sign(&self, method: &str, url: Url, signed: (&[(&str, &str)], Duration)) -> Result<String, AppError> {
        let credentials = self.credentials.provide_credentials().await.map_err(failed)?;
        presign(method, url, signed, (credentials, &self.region, SystemTime::now()))
    }
}

fn presign(
    method: &str,
    mut url: Url,
    (headers, time): (&[(&str, &str)], Duration),
    (credentials, region, now): (aws_credential_types::Credentials, &str, SystemTime),
) -> Result<String, AppError> {
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(time);
    // As S3 reads a path: encoded once, and taken as it is.
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    // The SDK leaves these out by itself; an upload of another size must not fit the signature.
    settings.excluded_headers = None;
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name("s3")
        .time(now)
        .settings(settings)
        .build()
        .map_err(failed)?;
    let request = SignableRequest::new(method, url.as_str(), headers.iter().copied(), SignableBody::UnsignedPayload)
        .map_err(failed)?;
    let (instructions, _) = sign(request, &params.into()).map_err(failed)?.into_parts();
    let (_, added) = instructions.into_parts();
    let mut query: Vec<String> = url.query().map(str::to_owned).into_iter().collect();
    query.extend(added.iter().map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, KEPT))));
    url.set_query(Some(&query.join("&")));
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(method: &str, url: &str, headers: &[(&str, &str)]) -> String {
        let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let credentials = aws_credential_types::Credentials::new("AKIAIOSFODNN7EXAMPLE", key, None, None, "test");
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_369_353_600);
        let time = Duration::from_secs(86_400);
        presign(method, url.parse().unwrap(), (headers, time), (credentials, "us-east-1", now)).unwrap()
    }

    #[test]
    fn amazons_own_example_is_signed_as_amazon_does() {
        // S3 API reference, "Authenticating Requests: Using Query Parameters".
        let url = signed("GET", "https://examplebucket.s3.amazonaws.com/test.txt", &[]);
        assert!(url.starts_with("https://examplebucket.s3.amazonaws.com/test.txt?"), "{url}");
        for part in [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request",
            "X-Amz-Date=20130524T000000Z",
            "X-Amz-Expires=86400",
            "X-Amz-SignedHeaders=host",
            "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        ] {
            assert!(url.contains(part), "{part} in {url}");
        }
    }

    #[test]
    fn an_uploads_type_and_size_are_signed() {
        let url = signed("PUT", "https://b.example/k", &[("content-type", "image/png"), ("content-length", "4")]);
        assert!(url.contains("X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost"), "{url}");
    }
}
