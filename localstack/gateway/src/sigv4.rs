//! Checks the signature of requests to the AWS-compatible endpoints (AWS Signature Version 4, in the Authorization
//! header): the same port faces browsers, and the table must not.

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

/// The word that stands for a body whose hash was not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// A pair of keys.
#[derive(Clone)]
pub struct AwsKeys {
    /// The access key id.
    pub id: String,
    /// The secret.
    pub secret: String,
}

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It has no signature.
    Missing,
    /// The signature lacks a part, or leaves out a header that must be signed.
    Incomplete,
    /// Its time is not now.
    Expired,
    /// It is not by our keys, or not of this request.
    Wrong,
}

impl Refusal {
    /// AWS's name of it, and a message.
    pub(crate) fn says(self) -> (&'static str, &'static str) {
        match self {
            Self::Missing => (
                "MissingAuthenticationTokenException",
                "Sign the request with the keys of this installation (README, AWS tools).",
            ),
            Self::Incomplete => (
                "IncompleteSignatureException",
                "The Authorization header lacks a part, or host or an x-amz- header is not signed.",
            ),
            Self::Expired => ("InvalidSignatureException", "Signature expired, or not yet current."),
            Self::Wrong => (
                "InvalidSignatureException",
                "The signature is not by the keys of this installation, or not of this request (README, AWS tools).",
            ),
        }
    }
}

impl AwsKeys {
    /// The id by which a function signs: ours, and whose it is.
    pub(crate) fn id_of(&self, function: &str) -> String {
        format!("{}_{function}", self.id)
    }

    /// Whose id it is: a function's by name, or somebody's with the keys themselves; `None` where it is no id of ours.
    fn whose<'a>(&self, id: &'a str) -> Option<Option<&'a str>> {
        let rest = id.strip_prefix(&self.id)?;
        if rest.is_empty() { Some(None) } else { rest.strip_prefix('_').map(Some) }
    }
}

/// Lets a request in that is signed with these keys, and says which function signed it, if one did; `now` is in seconds
/// since 1970.
pub(crate) fn verify<'a>(parts: &'a Parts, body: &Bytes, keys: &AwsKeys, now: i64) -> Result<Option<&'a str>, Refusal> {
    let header = |name: &str| -> Option<&'a str> { parts.headers.get(name)?.to_str().ok() };
    let authorization =
        header("authorization").and_then(|text| text.strip_prefix("AWS4-HMAC-SHA256 ")).ok_or(Refusal::Missing)?;
    let signature = Signature::parse(authorization).ok_or(Refusal::Incomplete)?;
    if !signature.covers(&parts.headers) {
        return Err(Refusal::Incomplete);
    }
    let date = header("x-amz-date").ok_or(Refusal::Incomplete)?;
    let at = seconds(date).ok_or(Refusal::Incomplete)?;
    if (at - now).abs() > SKEW_SECONDS || !date.starts_with(signature.day) {
        return Err(Refusal::Expired);
    }
    let payload = payload_hash(header("x-amz-content-sha256"), body).ok_or(Refusal::Wrong)?;
    let function = keys.whose(signature.key_id).ok_or(Refusal::Wrong)?;
    let key = signature.signing_key(&keys.secret);
    // A path may have been encoded once or twice, depending on the client; each of these names the same path.
    let path = parts.uri.path();
    let paths = [encoded_path(path, false), encoded_path(path, true), path.to_owned()];
    let right = paths.iter().any(|path| {
        let canonical = canonical(parts, path, &signature.headers, &payload);
        let digest = hex::encode(Sha256::digest(canonical));
        let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{}\n{digest}", signature.scope);
        // Compares in constant time.
        mac(&key, to_sign.as_bytes()).verify_slice(&signature.given).is_ok()
    });
    if right { Ok(function) } else { Err(Refusal::Wrong) }
}

/// The parts of an Authorization header.
struct Signature<'a> {
    key_id: &'a str,
    day: &'a str,
    scope: &'a str,
    headers: Vec<&'a str>,
    given: Vec<u8>,
}

impl<'a> Signature<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let fields: BTreeMap<&str, &str> = text.split(',').filter_map(|field| field.trim().split_once('=')).collect();
        let (key_id, scope) = fields.get("Credential")?.split_once('/')?;
        let parts: Vec<&str> = scope.split('/').collect();
        let [day, _, _, "aws4_request"] = parts.as_slice() else { return None };
        Some(Self {
            key_id,
            day: Some(*day).filter(|day| day.len() == 8)?,
            scope,
            headers: fields.get("SignedHeaders")?.split(';').collect(),
            given: hex::decode(fields.get("Signature")?).ok()?,
        })
    }

    /// Whether it covers what AWS wants covered: the host, and each `x-amz-` header that is there; and only what is.
    fn covers(&self, headers: &HeaderMap) -> bool {
        let must = headers.keys().map(http::HeaderName::as_str).filter(|name| name.starts_with("x-amz-"));
        std::iter::once("host").chain(must).all(|name| self.headers.contains(&name))
            && self.headers.iter().all(|name| headers.contains_key(*name))
    }

    fn signing_key(&self, secret: &str) -> Vec<u8> {
        let first = format!("AWS4{secret}").into_bytes();
        self.scope.split('/').fold(first, |key, part| mac(&key, part.as_bytes()).finalize().into_bytes().to_vec())
    }
}

fn seconds(date: &str) -> Option<i64> {
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", date).ok()?;
    Some(at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_second())
}

/// The hash that was signed for the body; none where another was claimed than the body has.
fn payload_hash(claimed: Option<&str>, body: &Bytes) -> Option<String> {
    let hash = hex::encode(Sha256::digest(body));
    match claimed {
        Some(UNSIGNED) => Some(UNSIGNED.into()),
        Some(claimed) if claimed != hash => None,
        _ => Some(hash),
    }
}

fn mac(key: &[u8], data: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so the other arm is never taken.
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(data);
    mac
}

fn canonical(parts: &Parts, path: &str, signed: &[&str], payload: &str) -> String {
    let pairs = parts.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut query: Vec<(String, String)> = pairs
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

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    /// AWS's own example ("Signature Calculations for the Authorization Header", `GET /?lifecycle` of S3's guide).
    fn example() -> (Parts, AwsKeys, i64) {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let authorization = "AWS4-HMAC-SHA256 \
            Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
            SignedHeaders=host;x-amz-content-sha256;x-amz-date,\
            Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543";
        let request = Request::get("/?lifecycle")
            .header("host", "examplebucket.s3.amazonaws.com")
            .header("x-amz-content-sha256", empty)
            .header("x-amz-date", "20130524T000000Z")
            .header("authorization", authorization);
        let keys =
            AwsKeys { id: "AKIAIOSFODNN7EXAMPLE".into(), secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into() };
        (request.body(()).unwrap().into_parts().0, keys, 1_369_353_600)
    }

    #[test]
    fn amazons_own_example_is_let_in() {
        let (parts, keys, now) = example();
        assert_eq!(verify(&parts, &Bytes::new(), &keys, now), Ok(None));
        assert_eq!(verify(&parts, &Bytes::new(), &keys, now + SKEW_SECONDS), Ok(None));
    }

    #[test]
    fn whatever_differs_is_refused() {
        let refused = |change: &dyn Fn(&mut Parts, &mut AwsKeys, &mut i64), body: &'static str| {
            let (mut parts, mut keys, mut now) = example();
            change(&mut parts, &mut keys, &mut now);
            verify(&parts, &Bytes::from(body), &keys, now).unwrap_err()
        };
        let set = |parts: &mut Parts, name: &'static str, value: &'static str| {
            parts.headers.insert(name, http::HeaderValue::from_static(value));
        };
        assert_eq!(refused(&|parts, _, _| drop(parts.headers.remove("authorization")), ""), Refusal::Missing);
        assert_eq!(refused(&|parts, _, _| set(parts, "authorization", "Bearer x"), ""), Refusal::Missing);
        assert_eq!(
            refused(&|parts, _, _| set(parts, "authorization", "AWS4-HMAC-SHA256 x=y"), ""),
            Refusal::Incomplete
        );
        assert_eq!(refused(&|parts, _, _| set(parts, "x-amz-target", "AmazonSQS.X"), ""), Refusal::Incomplete);
        assert_eq!(refused(&|parts, _, _| drop(parts.headers.remove("x-amz-date")), ""), Refusal::Incomplete);
        assert_eq!(refused(&|_, _, now| *now += SKEW_SECONDS + 1, ""), Refusal::Expired);
        assert_eq!(refused(&|_, _, now| *now -= SKEW_SECONDS + 1, ""), Refusal::Expired);
        assert_eq!(refused(&|_, _, _| {}, "another body"), Refusal::Wrong);
        assert_eq!(refused(&|_, keys, _| keys.secret.push('x'), ""), Refusal::Wrong);
        assert_eq!(refused(&|_, keys, _| keys.id.push('x'), ""), Refusal::Wrong);
        assert_eq!(refused(&|parts, _, _| set(parts, "host", "elsewhere"), ""), Refusal::Wrong);
        assert_eq!(refused(&|parts, _, _| parts.uri = "/?other".parse().unwrap(), ""), Refusal::Wrong);
        assert_eq!(refused(&|parts, _, _| parts.method = http::Method::POST, ""), Refusal::Wrong);
    }
}
