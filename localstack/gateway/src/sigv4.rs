//! Checks the signature of requests to the AWS-compatible endpoints (AWS Signature Version 4): the same port faces
//! browsers, and the table must not.

use std::collections::BTreeMap;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha2::{Digest, Sha256};

/// Seconds by which a request's clock may differ (AWS: 5 minutes).
const SKEW_SECONDS: i64 = 300;

/// What SigV4 leaves as it is: RFC 3986's unreserved characters.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A pair of keys.
#[derive(Clone)]
pub struct AwsKeys {
    /// The access key id.
    pub id: String,
    /// The secret.
    pub secret: String,
}

/// Whether a request is signed with these keys.
pub(crate) fn verify(parts: &Parts, body: &Bytes, keys: &AwsKeys, now: i64) -> bool {
    check(parts, body, keys, now).unwrap_or(false)
}

fn check(parts: &Parts, body: &Bytes, keys: &AwsKeys, now: i64) -> Option<bool> {
    let header = |name: &str| parts.headers.get(name)?.to_str().ok();
    let authorization = header("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let fields: BTreeMap<&str, &str> =
        authorization.split(',').filter_map(|field| field.trim().split_once('=')).collect();
    let (id, scope) = fields.get("Credential")?.split_once('/')?;
    let date = header("x-amz-date")?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    if id != keys.id || (at.timestamp().as_second() - now).abs() > SKEW_SECONDS {
        return Some(false);
    }
    let signed: Vec<&str> = fields.get("SignedHeaders")?.split(';').collect();
    if !signed.contains(&"host") {
        return Some(false);
    }
    let claimed = header("x-amz-content-sha256");
    let hash = hex::encode(Sha256::digest(body));
    let payload = if claimed == Some("UNSIGNED-PAYLOAD") { "UNSIGNED-PAYLOAD" } else { hash.as_str() };
    let given = hex::decode(fields.get("Signature")?).ok()?;
    // A path may have been encoded once or twice, depending on the client; either signature will do.
    let paths =
        [encoded_path(parts.uri.path(), false), encoded_path(parts.uri.path(), true), parts.uri.path().to_owned()];
    Some(paths.iter().any(|path| {
        let canonical = canonical(parts, path, &signed, payload);
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
        let mut key = format!("AWS4{}", keys.secret).into_bytes();
        for part in scope.split('/') {
            key = mac(&key, part.as_bytes()).finalize().into_bytes().to_vec();
        }
        mac(&key, to_sign.as_bytes()).verify_slice(&given).is_ok()
    }))
}

fn mac(key: &[u8], data: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(data);
    mac
}

fn canonical(parts: &Parts, path: &str, signed: &[&str], payload: &str) -> String {
    let mut query: Vec<(String, String)> = parts
        .uri
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (recoded(name), recoded(value)))
        .collect();
    query.sort();
    let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let headers: String = signed.iter().map(|name| format!("{name}:{}\n", values(&parts.headers, name))).collect();
    format!("{}\n{path}\n{}\n{headers}\n{}\n{payload}", parts.method, query.join("&"), signed.join(";"))
}

fn recoded(text: &str) -> String {
    utf8_percent_encode(&percent_decode_str(text).decode_utf8_lossy(), ENCODED).to_string()
}

fn encoded_path(path: &str, twice: bool) -> String {
    let part = |part: &str| if twice { utf8_percent_encode(part, ENCODED).to_string() } else { recoded(part) };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn values(headers: &HeaderMap, name: &str) -> String {
    let value = |value: &http::HeaderValue| {
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    headers.get_all(name).iter().map(value).collect::<Vec<_>>().join(",")
}
