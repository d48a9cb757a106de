//! Signatures of webhooks, going out and coming in: Standard Webhooks 1.0.0, "Signature scheme".
//!
//! What is signed is `<id>.<timestamp>.<body>`: HMAC-SHA256 (`v1`, secrets `whsec_…`) or Ed25519 (`v1a`, keys `whsk_…`
//! to sign and `whpk_…` to verify). A header holds several, so that a secret can be changed without a gap.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::Time;

/// Seconds by which a message's time may differ from ours (the specification's libraries: 5 minutes).
pub const TOLERANCE_SECONDS: i64 = 300;
/// Bytes that a symmetric secret may have (Standard Webhooks, "Signature scheme").
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Signatures of one header that are looked at: a rotation needs two.
const SIGNATURES: usize = 10;

const SYMMETRIC: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";

/// What a signature is of.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `webhook-id`: the same for every attempt.
    pub id: &'a str,
    /// `webhook-timestamp`: of this attempt, seconds since 1970.
    pub timestamp: i64,
    /// The body, to the byte.
    pub body: &'a [u8],
}

impl Signed<'_> {
    fn content(&self) -> Vec<u8> {
        [format!("{}.{}.", self.id, self.timestamp).as_bytes(), self.body].concat()
    }
}

/// A secret or key that is not one. Says nothing of what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a whsec_, whsk_ or whpk_ with base64 of the right length")]
pub struct KeyError;

/// What signs or verifies.
#[derive(Clone)]
pub enum Key {
    /// Both know it.
    Symmetric(Vec<u8>),
    /// Signs, and verifies.
    Private(Box<SigningKey>),
    /// Only verifies.
    Public(Box<VerifyingKey>),
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

impl std::str::FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let bytes = |prefix: &str| text.strip_prefix(prefix).and_then(|text| STANDARD.decode(text).ok());
        if let Some(secret) = bytes(SYMMETRIC) {
            return if SECRET_BYTES.contains(&secret.len()) { Ok(Self::Symmetric(secret)) } else { Err(KeyError) };
        }
        if let Some(seed) = bytes(PRIVATE) {
            // Some libraries write the seed alone, some the public half behind it.
            let seed = seed.first_chunk::<32>().filter(|_| matches!(seed.len(), 32 | 64)).ok_or(KeyError)?;
            return Ok(Self::Private(Box::new(SigningKey::from_bytes(seed))));
        }
        let public: [u8; 32] = bytes(PUBLIC).and_then(|bytes| bytes.try_into().ok()).ok_or(KeyError)?;
        VerifyingKey::from_bytes(&public).map(|key| Self::Public(Box::new(key))).map_err(|_| KeyError)
    }
}

/// A new symmetric secret, of random bytes.
pub fn symmetric(random: &[u8; 32]) -> String {
    format!("{SYMMETRIC}{}", STANDARD.encode(random))
}

/// A new pair of keys, of random bytes: to sign, and to verify.
pub fn asymmetric(random: &[u8; 32]) -> (String, String) {
    let key = SigningKey::from_bytes(random);
    let public = STANDARD.encode(key.verifying_key().as_bytes());
    (format!("{PRIVATE}{}", STANDARD.encode(random)), format!("{PUBLIC}{public}"))
}

fn mac(secret: &[u8], content: &[u8]) -> Hmac<Sha256> {
    // HMAC takes keys of any length, so the other arm is never taken.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()));
    mac.update(content);
    mac
}

impl Key {
    /// One signature, with its version; none by a key that only verifies.
    pub fn sign(&self, signed: &Signed<'_>) -> Option<String> {
        let content = signed.content();
        match self {
            Self::Symmetric(secret) => {
                Some(format!("v1,{}", STANDARD.encode(mac(secret, &content).finalize().into_bytes())))
            }
            Self::Private(key) => Some(format!("v1a,{}", STANDARD.encode(key.sign(&content).to_bytes()))),
            Self::Public(_) => None,
        }
    }

    fn fits(&self, version: &str, signature: &[u8], content: &[u8]) -> bool {
        let by = |key: &VerifyingKey| {
            let signature = ed25519_dalek::Signature::from_slice(signature);
            version == "v1a" && signature.is_ok_and(|signature| key.verify(content, &signature).is_ok())
        };
        match self {
            // Compares in constant time.
            Self::Symmetric(secret) => version == "v1" && mac(secret, content).verify_slice(signature).is_ok(),
            Self::Private(key) => by(&key.verifying_key()),
            Self::Public(key) => by(key),
        }
    }
}

/// The `webhook-signature` header: one signature of each key.
pub fn header(keys: &[Key], signed: &Signed<'_>) -> String {
    keys.iter().filter_map(|key| key.sign(signed)).collect::<Vec<_>>().join(" ")
}

/// Why a message is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Its time is not now: it may be an old one, sent again by somebody else.
    #[error("the webhook-timestamp is more than five minutes away")]
    Time,
    /// No signature is by a key of ours.
    #[error("no webhook-signature fits")]
    Mismatch,
}

/// Whether a message is by one of these keys, and of now.
///
/// # Errors
/// [`SignatureError`].
pub fn verify(keys: &[Key], header: &str, signed: &Signed<'_>, now: Time) -> Result<(), SignatureError> {
    if (now.as_second() - signed.timestamp).abs() > TOLERANCE_SECONDS {
        return Err(SignatureError::Time);
    }
    let content = signed.content();
    let one = |text: &str| {
        let (version, signature) = text.split_once(',')?;
        let signature = STANDARD.decode(signature).ok()?;
        keys.iter().any(|key| key.fits(version, &signature, &content)).then_some(())
    };
    header.split(' ').take(SIGNATURES).find_map(one).ok_or(SignatureError::Mismatch)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNED: Signed<'static> = Signed { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330, body: BODY };

    fn at(second: i64) -> Time {
        Time::from_second(second).unwrap()
    }

    #[test]
    fn the_specifications_own_example() {
        let key: Key = SECRET.parse().unwrap();
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(header(std::slice::from_ref(&key), &SIGNED), expected);
        let verify = |header: &str, now| verify(std::slice::from_ref(&key), header, &SIGNED, at(now));
        assert_eq!(verify(expected, SIGNED.timestamp + 300), Ok(()));
        assert_eq!(verify(&format!("v1,AAAA v2,x {expected}"), SIGNED.timestamp), Ok(()));
        assert_eq!(verify(expected, SIGNED.timestamp + 301), Err(SignatureError::Time));
        assert_eq!(verify(&expected.replace("v1,", "v1a,"), SIGNED.timestamp), Err(SignatureError::Mismatch));
        assert_eq!(verify("", SIGNED.timestamp), Err(SignatureError::Mismatch));
    }

    #[test]
    fn while_a_secret_changes_both_fit_and_a_stranger_does_not() {
        let (private, public) = asymmetric(&[7; 32]);
        let old: Key = symmetric(&[1; 32]).parse().unwrap();
        let new: Key = private.parse().unwrap();
        let all = header(&[old.clone(), new], &SIGNED);
        let fits = |key: Key| verify(&[key], &all, &SIGNED, at(SIGNED.timestamp));
        assert_eq!(fits(old), Ok(()));
        assert_eq!(fits(public.parse().unwrap()), Ok(()));
        assert_eq!(fits(asymmetric(&[8; 32]).1.parse().unwrap()), Err(SignatureError::Mismatch));
        assert_eq!(public.parse::<Key>().unwrap().sign(&SIGNED), None);
    }

    #[test]
    fn what_is_no_key_is_refused_and_none_is_shown() {
        for bad in ["", "whsec_", "whsec_AAAA", "whsk_AAAA", "whpk_AAAA", "secret", "whsec_not base64"] {
            assert!(bad.parse::<Key>().is_err(), "{bad}");
        }
        assert_eq!(format!("{:?}", SECRET.parse::<Key>().unwrap()), "Key");
    }

    proptest! {
        #[test]
        fn any_change_of_a_message_is_seen(id in "[a-z]{1,9}", body: Vec<u8>, more in 1u8.., at_byte: prop::sample::Index) {
            let keys: Vec<Key> = [SECRET.to_owned(), asymmetric(&[3; 32]).0].iter().map(|key| key.parse().unwrap()).collect();
            let signed = Signed { id: &id, timestamp: 10, body: &body };
            for key in keys {
                let header = header(std::slice::from_ref(&key), &signed);
                prop_assert_eq!(verify(std::slice::from_ref(&key), &header, &signed, at(10)), Ok(()));
                let mut other = body.clone();
                if other.is_empty() { other.push(more); } else { let i = at_byte.index(other.len()); other[i] ^= more; }
                let other = Signed { body: &other, ..signed };
                prop_assert_eq!(verify(&[key], &header, &other, at(10)), Err(SignatureError::Mismatch));
            }
        }
    }
}
