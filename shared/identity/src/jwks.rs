//! A company's public keys, remembered: by address, for a time, fetched again when an unknown `kid` turns up.
//!
//! A state machine without clock or network: it says what to do, and is told what came of it. That two do not fetch
//! the same at once is the caller's business.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;

/// Seconds that keys are used without asking again, where their address does not say: a rotation is seen at once by
/// its new `kid` anyway; this bounds how long a key that was taken out still counts.
pub const FRESH_SECONDS: i64 = 600;
/// The least, whatever the address says: `max-age=0` must not make a fetch of every sign-on.
pub const FRESH_LEAST_SECONDS: i64 = 60;
/// The most, whatever the address says: longer would keep a stolen key alive.
pub const FRESH_MOST_SECONDS: i64 = 3_600;
/// Seconds between two fetches that unknown `kid`s cause: a flood of forged tokens must not become a flood of fetches.
pub const COOL_DOWN_SECONDS: i64 = 30;
/// Seconds for which old keys are used while the address does not answer: a working day.
pub const STALE_SECONDS: i64 = 12 * 3_600;
/// Bytes of a key set.
pub const JWKS_BYTES: usize = 256 * 1024;
/// Keys of one set that are looked at: a company that rotates has three.
const KEYS: usize = 100;
/// Addresses that are remembered: the least recently tried goes, and is fetched again when it is wanted.
const ADDRESSES: usize = 1_000;
/// How a key set is written into a configuration itself (RFC 2397).
const INLINE: &str = "data:application/json;base64,";

/// What is needed to go on.
#[derive(Debug)]
pub enum KeyNeed {
    /// This is the key.
    Use(Box<Jwk>),
    /// Fetch the keys, then ask again.
    Fetch,
    /// There is no such key, and it is too early to ask again.
    Unknown,
}

#[derive(Debug)]
struct Known {
    keys: Vec<Jwk>,
    fetched: i64,
    fresh_for: i64,
    tried: i64,
}

/// The keys of all addresses.
#[derive(Debug, Default)]
pub struct JwksCache {
    known: HashMap<String, Known>,
}

impl JwksCache {
    /// The key for a token, or what to do to get it.
    pub fn find(&self, uri: &str, kid: Option<&str>, now: i64) -> KeyNeed {
        if let Some(keys) = inline(uri) {
            let key = keys.as_deref().and_then(|keys| pick(keys, kid)).cloned();
            return key.map_or(KeyNeed::Unknown, |key| KeyNeed::Use(Box::new(key)));
        }
        let Some(known) = self.known.get(uri) else { return KeyNeed::Fetch };
        let (age, cooled) = (now - known.fetched, now - known.tried >= COOL_DOWN_SECONDS);
        if age >= known.fresh_for && cooled {
            return KeyNeed::Fetch;
        }
        if age >= STALE_SECONDS {
            return KeyNeed::Unknown;
        }
        match (pick(&known.keys, kid), cooled) {
            (Some(key), _) => KeyNeed::Use(Box::new(key.clone())),
            (None, true) => KeyNeed::Fetch,
            (None, false) => KeyNeed::Unknown,
        }
    }

    /// Whether an address gave no keys when it was last tried: then a key that is missing may well exist.
    pub fn is_down(&self, uri: &str) -> bool {
        self.known.get(uri).is_some_and(|known| known.fetched < known.tried)
    }

    /// Remembers what an address answered; false where it is not a key set, which changes nothing.
    pub fn fetched(&mut self, uri: &str, body: &[u8], now: i64) -> bool {
        self.fetched_for(uri, body, None, now)
    }

    /// The same, for as long as the address said (`Cache-Control: max-age`, in seconds), within bounds.
    pub fn fetched_for(&mut self, uri: &str, body: &[u8], max_age: Option<i64>, now: i64) -> bool {
        let Some(keys) = parse(body) else {
            self.failed(uri, now);
            return false;
        };
        let fresh_for = max_age.unwrap_or(FRESH_SECONDS).clamp(FRESH_LEAST_SECONDS, FRESH_MOST_SECONDS);
        self.remember(uri, Known { keys, fetched: now, fresh_for, tried: now });
        true
    }

    /// Remembers that an address did not answer: the old keys go on for a while.
    pub fn failed(&mut self, uri: &str, now: i64) {
        match self.known.get_mut(uri) {
            Some(known) => known.tried = now,
            None => self.remember(uri, Known { keys: vec![], fetched: i64::MIN / 2, fresh_for: 0, tried: now }),
        }
    }

    fn remember(&mut self, uri: &str, known: Known) {
        if self.known.len() >= ADDRESSES && !self.known.contains_key(uri) {
            let oldest = self.known.iter().min_by_key(|(_, known)| known.tried).map(|(uri, _)| uri.clone());
            oldest.and_then(|oldest| self.known.remove(&oldest));
        }
        self.known.insert(uri.to_owned(), known);
    }
}

/// The keys that an address holds itself: `None` where it is an ordinary one, `Some(None)` where it holds none.
pub(crate) fn inline(uri: &str) -> Option<Option<Vec<Jwk>>> {
    if !uri.starts_with("data:") {
        return None;
    }
    let body = uri.strip_prefix(INLINE).and_then(|text| STANDARD.decode(text).ok());
    Some(body.and_then(|body| parse(&body)))
}

/// The keys of a set that may verify. What is not understood is left out and spoils nothing (RFC 7517 §5); so is what
/// must not be there: a secret, or the private half of a key, which whoever read it can sign with.
fn parse(body: &[u8]) -> Option<Vec<Jwk>> {
    #[derive(Deserialize)]
    struct Set {
        keys: Vec<Value>,
    }
    if body.len() > JWKS_BYTES {
        return None;
    }
    let set: Set = serde_json::from_slice(body).ok()?;
    let public = set.keys.into_iter().take(KEYS).filter(|key| key.get("d").is_none());
    Some(public.filter_map(|key| serde_json::from_value(key).ok()).filter(verifies).collect())
}

fn verifies(key: &Jwk) -> bool {
    use AlgorithmParameters::{EllipticCurve, OctetKeyPair, RSA};
    let family = matches!(key.algorithm, RSA(_) | EllipticCurve(_) | OctetKeyPair(_));
    let usage = !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption));
    let operations = key.common.key_operations.as_ref().is_none_or(|all| all.contains(&KeyOperations::Verify));
    family && usage && operations
}

/// The key of a `kid`; without one, the only key there is.
fn pick<'a>(keys: &'a [Jwk], kid: Option<&str>) -> Option<&'a Jwk> {
    match (kid, keys) {
        (Some(_), _) => keys.iter().find(|key| key.common.key_id.as_deref() == kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "https://id.example/jwks";

    fn key(kid: &str) -> String {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        format!(r#"{{"kty":"OKP","crv":"Ed25519","kid":"{kid}","x":"{x}"}}"#)
    }

    fn set(keys: &[&str]) -> Vec<u8> {
        format!(r#"{{"keys":[{}]}}"#, keys.join(",")).into_bytes()
    }

    fn uses(cache: &JwksCache, kid: &str, now: i64) -> bool {
        matches!(cache.find(URI, Some(kid), now), KeyNeed::Use(_))
    }

    fn fetches(cache: &JwksCache, kid: &str, now: i64) -> bool {
        matches!(cache.find(URI, Some(kid), now), KeyNeed::Fetch)
    }

    #[test]
    fn a_rotation_is_seen_by_its_kid_and_an_old_key_goes_when_it_is_taken_out() {
        let mut cache = JwksCache::default();
        assert!(fetches(&cache, "a", 0));
        assert!(cache.fetched(URI, &set(&[&key("a")]), 0));
        assert!(uses(&cache, "a", 1));
        assert!(matches!(cache.find(URI, Some("b"), COOL_DOWN_SECONDS - 1), KeyNeed::Unknown), "no flood of fetches");
        assert!(fetches(&cache, "b", COOL_DOWN_SECONDS));
        assert!(cache.fetched(URI, &set(&[&key("a"), &key("b")]), COOL_DOWN_SECONDS));
        assert!(uses(&cache, "a", 31) && uses(&cache, "b", 31));
        assert!(matches!(cache.find(URI, Some("c"), 31), KeyNeed::Unknown), "one fetch for one flood");
        assert!(cache.fetched(URI, &set(&[&key("b")]), 700));
        assert!(!uses(&cache, "a", 701) && uses(&cache, "b", 701));
    }

    #[test]
    fn keys_are_kept_through_an_outage_and_not_for_ever() {
        let mut cache = JwksCache::default();
        cache.failed(URI, 0);
        assert!(matches!(cache.find(URI, Some("a"), 1), KeyNeed::Unknown), "it was tried a second ago");
        assert!(fetches(&cache, "a", COOL_DOWN_SECONDS));
        assert!(cache.fetched(URI, &set(&[&key("a")]), 0));
        for now in (FRESH_SECONDS..STALE_SECONDS).step_by(3_600) {
            assert!(fetches(&cache, "a", now), "{now}: it is tried again");
            cache.failed(URI, now);
            assert!(uses(&cache, "a", now + 1), "{now}: and does without");
        }
        cache.failed(URI, STALE_SECONDS);
        assert!(matches!(cache.find(URI, Some("a"), STALE_SECONDS + 1), KeyNeed::Unknown), "but not for ever");
        assert!(!cache.fetched(URI, b"<html>", STALE_SECONDS + 100));
        assert!(cache.fetched(URI, &set(&[&key("a")]), STALE_SECONDS + 200));
        assert!(uses(&cache, "a", STALE_SECONDS + 201), "it is back");
    }

    #[test]
    fn an_address_says_how_long_within_bounds() {
        for (max_age, fresh) in [
            (None, FRESH_SECONDS),
            (Some(900), 900),
            (Some(0), FRESH_LEAST_SECONDS),
            (Some(-5), FRESH_LEAST_SECONDS),
            (Some(i64::MAX), FRESH_MOST_SECONDS),
        ] {
            let mut cache = JwksCache::default();
            assert!(cache.fetched_for(URI, &set(&[&key("a")]), max_age, 0));
            assert!(uses(&cache, "a", fresh - 1) && fetches(&cache, "a", fresh), "{max_age:?}");
        }
    }

    #[test]
    fn what_is_not_understood_or_must_not_be_there_is_left_out() {
        let private = key("d").replace('}', r#","d":"x"}"#);
        let encryption = key("e").replace('}', r#","use":"enc"}"#);
        let wraps = key("w").replace('}', r#","key_ops":["wrapKey"]}"#);
        let others = [r#"{"kty":"AKP","alg":"ML-DSA-65","kid":"q"}"#, r#"{"kty":"oct","k":"c2VjcmV0","kid":"o"}"#, "7"];
        let mut cache = JwksCache::default();
        let all = [&private, &encryption, &wraps, others[0], others[1], others[2], &key("a")];
        assert!(cache.fetched(URI, &set(&all), 0));
        assert!(uses(&cache, "a", 1));
        assert!(["d", "e", "w", "q", "o"].iter().all(|kid| !uses(&cache, kid, 1)));
        assert!(matches!(cache.find(URI, None, 1), KeyNeed::Use(_)), "without a kid, the only key that fits");
        assert!(cache.fetched(URI, &set(&[&key("a"), &key("b")]), 100));
        assert!(matches!(cache.find(URI, None, 101), KeyNeed::Unknown), "which of two?");
    }

    #[test]
    fn keys_may_stand_in_the_configuration_itself() {
        let uri = format!("{INLINE}{}", STANDARD.encode(set(&[&key("a")])));
        let cache = JwksCache::default();
        assert!(matches!(cache.find(&uri, Some("a"), 0), KeyNeed::Use(_)));
        assert!(matches!(cache.find(&uri, Some("b"), 0), KeyNeed::Unknown));
        assert!(matches!(cache.find("data:text/plain,x", Some("a"), 0), KeyNeed::Unknown));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut cache = JwksCache::default();
        for n in 0..(ADDRESSES as i64 + 10) {
            cache.failed(&format!("https://{n}.example"), n);
        }
        assert_eq!(cache.known.len(), ADDRESSES);
        assert!(!cache.known.contains_key("https://0.example"));
    }
}
