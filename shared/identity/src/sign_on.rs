//! A company's own tokens, judged by what the company configured and by nothing that the token says of itself
//! (RFC 8725): the algorithms belong to the key, `iss`, `aud` and `exp` must be there and fit, and `jku`, `x5u`, `jwk`
//! and `x5c` are never looked at.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::Jwk};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use crate::{ClaimMapping, ExternalIdentity, LEEWAY_SECONDS, TOKEN_BYTES};

/// Bytes that a shared secret must have (RFC 7518 §3.2).
const SECRET_BYTES: usize = 32;

/// Whom an issuer's tokens are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// Visitors.
    Visitor,
    /// Agents.
    Agent,
}

/// How an issuer signs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Keys {
    /// HMAC-SHA256 with a secret that both know.
    Hs256 {
        /// At least 32 bytes.
        secret: String,
    },
    /// Public keys at an address.
    Jwks {
        /// `https://…`
        uri: String,
        /// Those that are accepted, of RS256, PS256, ES256, ES384, EdDSA.
        algorithms: Vec<Algorithm>,
    },
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Hs256 { .. } => f.write_str("Hs256"),
            Self::Jwks { uri, .. } => f.debug_struct("Jwks").field("uri", uri).finish_non_exhaustive(),
        }
    }
}

/// One issuer of tokens that an account accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// The exact `iss`.
    pub issuer: String,
    /// The `aud`s that are meant for us.
    pub audiences: Vec<String>,
    /// Whom its tokens are about.
    pub subject: SubjectKind,
    /// How it signs.
    pub keys: Keys,
    /// The JOSE `typ` that its tokens must have, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub typ: Option<String>,
    /// Which claims say what.
    #[serde(default)]
    pub claims: ClaimMapping,
}

/// A configuration that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {reason}")]
pub struct ConfigError {
    /// Where.
    pub pointer: &'static str,
    /// Why.
    pub reason: String,
}

/// Why a company's token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignOnError {
    /// Not a token at all.
    #[error("token_malformed")]
    Malformed,
    /// Nobody here accepts this issuer.
    #[error("issuer_unknown")]
    UnknownIssuer,
    /// The issuer does not sign like this.
    #[error("algorithm_not_allowed")]
    Algorithm,
    /// The signature does not fit.
    #[error("token_signature_invalid")]
    Signature,
    /// It is not meant for us.
    #[error("audience_mismatch")]
    Audience,
    /// It has run out, or does not say when it does.
    #[error("token_expired")]
    Expired,
    /// It is not good yet.
    #[error("token_not_yet_valid")]
    NotYet,
    /// It is another type of token.
    #[error("token_type_not_allowed")]
    Type,
    /// It does not say who it is about.
    #[error("claim_missing")]
    ClaimMissing,
    /// There is no key for it.
    #[error("key_not_found")]
    KeyNotFound,
    /// The issuer's keys cannot be fetched.
    #[error("keys_unreachable")]
    KeysUnreachable,
}

impl IssuerConfig {
    /// Whether this configuration can be used.
    ///
    /// # Errors
    /// Where it cannot, and why.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let error = |pointer, reason: &str| Err(ConfigError { pointer, reason: reason.to_owned() });
        if self.issuer.is_empty() {
            return error("/issuer", "must not be empty");
        }
        if self.audiences.is_empty() || self.audiences.iter().any(String::is_empty) {
            return error("/audiences", "name at least one");
        }
        match &self.keys {
            Keys::Hs256 { secret } if secret.len() < SECRET_BYTES => error("/keys/secret", "needs at least 32 bytes"),
            Keys::Jwks { uri, .. } if !uri.starts_with("https://") && !uri.starts_with("http://") => {
                error("/keys/uri", "must be an http or https address")
            }
            Keys::Jwks { algorithms, .. } if algorithms.is_empty() => error("/keys/algorithms", "name at least one"),
            Keys::Jwks { algorithms, .. } if algorithms.iter().any(|a| !PUBLIC.contains(a)) => {
                error("/keys/algorithms", "RS256, PS256, ES256, ES384 or EdDSA")
            }
            _ => Ok(()),
        }
    }
}

const PUBLIC: [Algorithm; 5] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::ES384, Algorithm::EdDSA];

/// The issuer whose token this claims to be, and the `kid` it names. Nothing is believed yet.
///
/// # Errors
/// [`SignOnError::Malformed`], [`SignOnError::UnknownIssuer`], [`SignOnError::Algorithm`].
pub fn issuer_of<'a>(
    token: &str,
    issuers: &'a [IssuerConfig],
) -> Result<(&'a IssuerConfig, Option<String>), SignOnError> {
    if token.len() > TOKEN_BYTES {
        return Err(SignOnError::Malformed);
    }
    let header = decode_header(token).map_err(|_| SignOnError::Malformed)?;
    if header.crit.is_some() {
        return Err(SignOnError::Malformed);
    }
    let claims: Value = jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| SignOnError::Malformed)?;
    let named = claims.get("iss").and_then(Value::as_str).ok_or(SignOnError::UnknownIssuer)?;
    let issuer = issuers.iter().find(|issuer| issuer.issuer == named).ok_or(SignOnError::UnknownIssuer)?;
    let allowed = match &issuer.keys {
        Keys::Hs256 { .. } => header.alg == Algorithm::HS256,
        Keys::Jwks { algorithms, .. } => algorithms.contains(&header.alg),
    };
    if !allowed {
        return Err(SignOnError::Algorithm);
    }
    if issuer.typ.is_some() && issuer.typ != header.typ {
        return Err(SignOnError::Type);
    }
    Ok((issuer, header.kid))
}

/// Who a token is about, if it is good: `key` is the public key of its `kid`, for an issuer that has such.
///
/// # Errors
/// [`SignOnError`].
pub fn verify(
    token: &str,
    issuer: &IssuerConfig,
    key: Option<&Jwk>,
    now: i64,
) -> Result<ExternalIdentity, SignOnError> {
    let (decoding, algorithms) = match (&issuer.keys, key) {
        (Keys::Hs256 { secret }, _) => (DecodingKey::from_secret(secret.as_bytes()), vec![Algorithm::HS256]),
        (Keys::Jwks { algorithms, .. }, Some(key)) => {
            (DecodingKey::from_jwk(key).map_err(|_| SignOnError::KeyNotFound)?, of_key(key, algorithms))
        }
        (Keys::Jwks { .. }, None) => return Err(SignOnError::KeyNotFound),
    };
    let first = *algorithms.first().ok_or(SignOnError::Algorithm)?;
    let mut validation = Validation::new(first);
    validation.algorithms = algorithms;
    // Times are judged below, by the caller's clock.
    validation.validate_exp = false;
    validation.set_required_spec_claims(&["iss", "aud", "exp"]);
    validation.set_issuer(&[&issuer.issuer]);
    validation.set_audience(&issuer.audiences);
    let claims = decode::<Value>(token, &decoding, &validation).map_err(|error| why(&error))?.claims;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    let (now, leeway) = (now as f64, LEEWAY_SECONDS as f64);
    if time("exp").is_none_or(|exp| exp <= now - leeway) {
        return Err(SignOnError::Expired);
    }
    if ["nbf", "iat"].iter().any(|name| time(name).is_some_and(|begin| begin > now + leeway)) {
        return Err(SignOnError::NotYet);
    }
    issuer.claims.take(&claims).ok_or(SignOnError::ClaimMissing)
}

/// The algorithms that fit a key's type: a key is never used with another family than its own.
fn of_key(key: &Jwk, allowed: &[Algorithm]) -> Vec<Algorithm> {
    use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve};
    let fits = |algorithm: &Algorithm| match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256)
        | (AlgorithmParameters::OctetKeyPair(_), Algorithm::EdDSA) => true,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES384) => curve.curve == EllipticCurve::P384,
        _ => false,
    };
    allowed.iter().copied().filter(fits).collect()
}

fn why(error: &jsonwebtoken::errors::Error) -> SignOnError {
    use jsonwebtoken::errors::ErrorKind;
    match error.kind() {
        ErrorKind::InvalidAudience => SignOnError::Audience,
        ErrorKind::InvalidIssuer => SignOnError::UnknownIssuer,
        ErrorKind::MissingRequiredClaim(claim) if claim == "exp" => SignOnError::Expired,
        ErrorKind::MissingRequiredClaim(claim) if claim == "aud" => SignOnError::Audience,
        ErrorKind::InvalidAlgorithm => SignOnError::Algorithm,
        ErrorKind::InvalidSignature => SignOnError::Signature,
        _ => SignOnError::Malformed,
    }
}

/// Whether `hex` is the HMAC-SHA256 of `identifier`, as older sites sign it; compared in constant time.
pub fn verify_identifier(secret: &str, identifier: &str, hex: &str) -> bool {
    let (Ok(mut mac), Ok(given)) = (Hmac::<Sha256>::new_from_slice(secret.as_bytes()), hex::decode(hex)) else {
        return false;
    };
    mac.update(identifier.as_bytes());
    mac.verify_slice(&given).is_ok()
}

/// Signs a token as a company with a shared secret does: for demos, tools and tests.
///
/// # Errors
/// The claims are not an object.
pub fn sign(secret: &str, claims: &Value) -> Result<String, SignOnError> {
    let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
    jsonwebtoken::encode(&jsonwebtoken::Header::new(Algorithm::HS256), claims, &key).map_err(|_| SignOnError::Malformed)
}
