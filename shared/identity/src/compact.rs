//! A token in its compact form (RFC 7515 §7.1), taken apart strictly. Nothing in it is believed yet.
//!
//! One parser for header and claims, so that no two of them can read one token in two ways: a name that comes twice is
//! refused at any depth (RFC 7515 §4, RFC 7519 §4). Of the header only `alg`, `typ`, `kid` and `crit` are looked at:
//! `jku`, `jwk`, `x5u` and `x5c`, by which a token would bring its own key, are not even read.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::{SignOnError, TOKEN_BYTES};

/// Bytes of a `kid`: key servers use up to 64 (a hash in hexadecimal), some a whole address.
const KID_BYTES: usize = 256;
/// Names in the claims: OpenID Connect has about 30, and companies add a few.
const CLAIMS: usize = 200;

/// A token's parts.
pub(crate) struct Compact<'a> {
    /// What the header says of the signature; one that nobody here knows, such as `none`, is an error by itself.
    pub alg: Algorithm,
    /// What kind of token it says it is.
    pub typ: Option<String>,
    /// Which key it names.
    pub kid: Option<String>,
    /// What it says.
    pub claims: Value,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// Takes a token apart.
    pub fn parse(token: &'a str) -> Result<Self, SignOnError> {
        if token.len() > TOKEN_BYTES {
            return Err(SignOnError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(SignOnError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(SignOnError::Malformed)?;
        let (header, claims) = (object(header)?, object(claims)?);
        // Extensions that must be understood: none is (RFC 7515 §4.1.11).
        if header.contains_key("crit") || claims.len() > CLAIMS {
            return Err(SignOnError::Malformed);
        }
        let text = |name: &str| match header.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= KID_BYTES => Ok(Some(text.clone())),
            Some(_) => Err(SignOnError::Malformed),
        };
        let alg = text("alg")?.ok_or(SignOnError::Malformed)?.parse().map_err(|_| SignOnError::Algorithm)?;
        Ok(Self { alg, typ: text("typ")?, kid: text("kid")?, claims: Value::Object(claims), signed, signature })
    }

    /// Whether the signature is one of `key`, made as the header says: the caller has checked that the key may be used
    /// that way.
    pub fn is_signed_by(&self, key: &DecodingKey) -> bool {
        key.family() == self.alg.family()
            && jsonwebtoken::crypto::verify(self.signature, self.signed.as_bytes(), key, self.alg).unwrap_or(false)
    }
}

fn object(part: &str) -> Result<Map<String, Value>, SignOnError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| SignOnError::Malformed)?;
    match serde_json::from_slice(&bytes) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        _ => Err(SignOnError::Malformed),
    }
}

/// JSON in which no name comes twice.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in which no name comes twice")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = items.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = entries.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("a name comes twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    fn refused(token: &str) -> Option<SignOnError> {
        Compact::parse(token).err()
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        let good = r#"{"alg":"HS256"}"#;
        assert_eq!(refused(&token(good, "{}")), None);
        for (header, claims) in [
            (good, r#"{"sub":"a","sub":"b"}"#),
            (good, r#"{"user":{"id":"a","id":"b"}}"#),
            (good, r#"{"list":[{"x":1,"x":2}]}"#),
            (r#"{"alg":"HS256","alg":"RS256"}"#, "{}"),
            (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, "{}"),
            (r#"{"alg":"HS256","kid":{"x":1}}"#, "{}"),
            (r#"{"typ":"JWT"}"#, "{}"),
            (good, "[]"),
            (good, "{} {}"),
        ] {
            assert_eq!(refused(&token(header, claims)), Some(SignOnError::Malformed), "{header} {claims}");
        }
        let kid = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(KID_BYTES + 1));
        assert_eq!(refused(&token(&kid, "{}")), Some(SignOnError::Malformed));
        let large = format!(r#"{{"x":"{}"}}"#, "x".repeat(TOKEN_BYTES));
        assert_eq!(refused(&token(good, &large)), Some(SignOnError::Malformed));
        let deep = "[".repeat(3_000);
        assert_eq!(refused(&token(good, &deep)), Some(SignOnError::Malformed));
        for text in ["", ".", "..", "a.b", "a.b.c.d.e", "e30=.e30=.", " e30.e30."] {
            assert_eq!(refused(text), Some(SignOnError::Malformed), "{text}");
        }
        assert_eq!(refused(&token(r#"{"alg":"none"}"#, "{}")), Some(SignOnError::Algorithm));
    }

    #[test]
    fn a_key_that_a_token_brings_along_is_not_even_read() {
        let header = r#"{"alg":"HS256","jku":7,"jwk":"x","x5u":[],"x5c":{}}"#;
        assert_eq!(refused(&token(header, "{}")), None);
    }
}
