//! A company's own tokens, judged by what the company configured and by nothing that the token says of itself
//! (RFC 8725): the algorithms belong to the key, `iss`, `aud` and `exp` must be there and fit, and `jku`, `x5u`, `jwk`
//! and `x5c` are never looked at.

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk},
};
use serde_json::Value;
use sha2::Sha256;

use crate::{ExternalIdentity, IssuerConfig, Keys, LEEWAY_SECONDS, compact::Compact};

/// Why a company's token is not accepted. As text it is its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
pub enum SignOnError {
    /// Not a token at all, or one that can be read in two ways.
    Malformed,
    /// Nobody here accepts this issuer.
    UnknownIssuer,
    /// The issuer does not sign like this.
    Algorithm,
    /// The signature does not fit.
    Signature,
    /// It is not meant for us.
    Audience,
    /// It has run out, or does not say when it does.
    Expired,
    /// It is not good yet.
    NotYet,
    /// It is another type of token.
    Type,
    /// It does not say who it is about.
    ClaimMissing,
    /// There is no key for it.
    KeyNotFound,
    /// The issuer's keys cannot be fetched.
    KeysUnreachable,
}

impl SignOnError {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token_malformed",
            Self::UnknownIssuer => "issuer_unknown",
            Self::Algorithm => "algorithm_not_allowed",
            Self::Signature => "token_signature_invalid",
            Self::Audience => "audience_mismatch",
            Self::Expired => "token_expired",
            Self::NotYet => "token_not_yet_valid",
            Self::Type => "token_type_not_allowed",
            Self::ClaimMissing => "claim_missing",
            Self::KeyNotFound => "key_not_found",
            Self::KeysUnreachable => "keys_unreachable",
        }
    }

    /// What a person can do about it; holds nothing of the token or the keys.
    pub fn message(self) -> &'static str {
        match self {
            Self::Malformed => {
                "This is not a signed JWT in compact form. Send the token as your sign-on made it, at most 8 KB."
            }
            Self::UnknownIssuer => {
                "No sign-on is configured for this \"iss\". Compare it with the account's, to the letter."
            }
            Self::Algorithm => {
                "The token is signed in a way that this sign-on does not allow. Compare \"alg\" with its keys."
            }
            Self::Signature => {
                "The signature does not fit. Check that token and account use the same secret or key pair."
            }
            Self::Audience => {
                "The token is not meant for this account. Set \"aud\" to one of the configured audiences."
            }
            Self::Expired => "The token has run out, or has no \"exp\". Sign in again.",
            Self::NotYet => "The token is not good yet. Check the clock of the server that signs.",
            Self::Type => "The header's \"typ\" is not one that this sign-on allows.",
            Self::ClaimMissing => "The token does not say who it is about. Check where the account looks for the id.",
            Self::KeyNotFound => "The issuer publishes no key that fits this token's \"kid\". Check its key set.",
            Self::KeysUnreachable => "The issuer's keys cannot be fetched now. Try again in a minute.",
        }
    }
}

/// The issuer whose token this claims to be, and the `kid` it names. Nothing is believed yet: [`verify`] judges. Of
/// several with the same `iss` it is the one for the token's audience.
///
/// # Errors
/// [`SignOnError::Malformed`], [`SignOnError::UnknownIssuer`], [`SignOnError::Algorithm`], [`SignOnError::Type`].
pub fn issuer_of<'a>(
    token: &str,
    issuers: &'a [IssuerConfig],
) -> Result<(&'a IssuerConfig, Option<String>), SignOnError> {
    let token = Compact::parse(token)?;
    let named = token.claims.get("iss").and_then(Value::as_str).ok_or(SignOnError::UnknownIssuer)?;
    let same = || issuers.iter().filter(|issuer| issuer.issuer == named);
    let fitting = same().find(|issuer| is_for(&token.claims, issuer));
    let issuer = fitting.or_else(|| same().next()).ok_or(SignOnError::UnknownIssuer)?;
    check_header(&token, issuer)?;
    Ok((issuer, token.kid))
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
    let token = Compact::parse(token)?;
    check_header(&token, issuer)?;
    if !token.is_signed_by(&decoding_key(&token, issuer, key)?) {
        return Err(SignOnError::Signature);
    }
    if token.claims.get("iss").and_then(Value::as_str) != Some(&issuer.issuer) {
        return Err(SignOnError::UnknownIssuer);
    }
    if !is_for(&token.claims, issuer) {
        return Err(SignOnError::Audience);
    }
    check_times(&token.claims, now)?;
    issuer.claims.take(&token.claims).ok_or(SignOnError::ClaimMissing)
}

/// Whether the header fits what the issuer does.
fn check_header(token: &Compact<'_>, issuer: &IssuerConfig) -> Result<(), SignOnError> {
    let allowed = match &issuer.keys {
        Keys::Hs256 { .. } => token.alg == Algorithm::HS256,
        Keys::Jwks { algorithms, .. } => algorithms.contains(&token.alg),
    };
    if !allowed {
        return Err(SignOnError::Algorithm);
    }
    match &issuer.typ {
        Some(types) if !types.allow(token.typ.as_deref()) => Err(SignOnError::Type),
        _ => Ok(()),
    }
}

/// The configured key, if it may be used as the header says: a key is never used with another family than its own, nor
/// with another algorithm than the one it names (RFC 8725 §3.1, RFC 7517 §4.4).
fn decoding_key(token: &Compact<'_>, issuer: &IssuerConfig, key: Option<&Jwk>) -> Result<DecodingKey, SignOnError> {
    let key = match (&issuer.keys, key) {
        (Keys::Hs256 { secret }, _) => return Ok(DecodingKey::from_secret(secret.as_bytes())),
        (Keys::Jwks { .. }, Some(key)) => key,
        (Keys::Jwks { .. }, None) => return Err(SignOnError::KeyNotFound),
    };
    let fits = match (&key.algorithm, token.alg) {
        (AlgorithmParameters::RSA(_), Algorithm::RS256 | Algorithm::PS256) => true,
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDSA) => pair.curve == EllipticCurve::Ed25519,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES384) => curve.curve == EllipticCurve::P384,
        _ => false,
    };
    // RFC 9864 says `Ed25519` where it used to be `EdDSA`; the library knows that name as no other algorithm.
    let named = key
        .common
        .key_algorithm
        .is_none_or(|named| named.to_string() == format!("{:?}", token.alg) || token.alg == Algorithm::EdDSA);
    if !fits || !named {
        return Err(SignOnError::Algorithm);
    }
    DecodingKey::from_jwk(key).map_err(|_| SignOnError::KeyNotFound)
}

/// Whether one of the token's audiences is one of the issuer's (RFC 7519 §4.1.3: a string, or several).
fn is_for(claims: &Value, issuer: &IssuerConfig) -> bool {
    let ours = |value: &Value| value.as_str().is_some_and(|one| issuer.audiences.iter().any(|our| our == one));
    match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(ours),
        Some(one) => ours(one),
        None => false,
    }
}

/// `exp` must be there; `nbf` and `iat` may be, and then are times. Numbers only (RFC 7519 §2, NumericDate).
fn check_times(claims: &Value, now: i64) -> Result<(), SignOnError> {
    let (earliest, latest) = ((now - LEEWAY_SECONDS) as f64, (now + LEEWAY_SECONDS) as f64);
    if claims.get("exp").and_then(Value::as_f64).is_none_or(|exp| exp <= earliest) {
        return Err(SignOnError::Expired);
    }
    let begun = |name| claims.get(name).is_none_or(|time| time.as_f64().is_some_and(|time| time <= latest));
    if begun("nbf") && begun("iat") { Ok(()) } else { Err(SignOnError::NotYet) }
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
