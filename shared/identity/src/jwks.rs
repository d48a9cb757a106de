//! A company's public keys, remembered: by address, for a time, fetched again when an unknown `kid` turns up.

use std::collections::HashMap;

use jsonwebtoken::jwk::{Jwk, JwkSet};

/// Seconds that keys are used without asking again: a rotation is seen at once by its new `kid` anyway; this bounds how
/// long a key that was taken out still counts.
pub const FRESH_SECONDS: i64 = 600;
/// Seconds between two fetches that unknown `kid`s cause: a flood of forged tokens must not become a flood of fetches.
pub const COOL_DOWN_SECONDS: i64 = 30;
/// Seconds for which old keys are used while the address does not answer: a working day.
pub const STALE_SECONDS: i64 = 12 * 3_600;
/// Bytes of a key set.
pub const JWKS_BYTES: usize = 256 * 1024;

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
    keys: JwkSet,
    fetched: i64,
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
        let Some(known) = self.known.get(uri) else { return KeyNeed::Fetch };
        let cooled = now - known.tried >= COOL_DOWN_SECONDS;
        if now - known.fetched >= FRESH_SECONDS && cooled {
            return KeyNeed::Fetch;
        }
        if now - known.fetched >= STALE_SECONDS {
            return KeyNeed::Unknown;
        }
        match (pick(&known.keys, kid), cooled) {
            (Some(key), _) => KeyNeed::Use(Box::new(key.clone())),
            (None, true) => KeyNeed::Fetch,
            (None, false) => KeyNeed::Unknown,
        }
    }

    /// Remembers what an address answered; false where it is not a key set, which changes nothing.
    pub fn fetched(&mut self, uri: &str, body: &[u8], now: i64) -> bool {
        if body.len() > JWKS_BYTES {
            self.failed(uri, now);
            return false;
        }
        match serde_json::from_slice::<JwkSet>(body) {
            Ok(keys) => {
                self.known.insert(uri.to_owned(), Known { keys, fetched: now, tried: now });
                true
            }
            Err(_) => {
                self.failed(uri, now);
                false
            }
        }
    }

    /// Remembers that an address did not answer: the old keys go on for a while.
    pub fn failed(&mut self, uri: &str, now: i64) {
        let none = || Known { keys: JwkSet { keys: vec![] }, fetched: i64::MIN / 2, tried: now };
        self.known.entry(uri.to_owned()).or_insert_with(none).tried = now;
    }
}

/// The key of a `kid`; without one, the only key there is.
fn pick<'a>(keys: &'a JwkSet, kid: Option<&str>) -> Option<&'a Jwk> {
    match (kid, keys.keys.as_slice()) {
        (Some(kid), _) => keys.find(kid),
        (None, [only]) => Some(only),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SET: &str =
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}"#;

    #[test]
    fn keys_are_fetched_when_needed_and_kept_through_an_outage() {
        let mut cache = JwksCache::default();
        let uri = "https://id.example/jwks";
        assert!(matches!(cache.find(uri, Some("a"), 0), KeyNeed::Fetch));
        assert!(cache.fetched(uri, SET.as_bytes(), 0));
        assert!(matches!(cache.find(uri, Some("a"), 1), KeyNeed::Use(_)));
        assert!(matches!(cache.find(uri, Some("b"), 1), KeyNeed::Unknown), "no flood of fetches");
        assert!(matches!(cache.find(uri, Some("b"), COOL_DOWN_SECONDS), KeyNeed::Fetch), "a rotation is seen");
        assert!(matches!(cache.find(uri, Some("a"), FRESH_SECONDS), KeyNeed::Fetch));
        cache.failed(uri, FRESH_SECONDS);
        assert!(matches!(cache.find(uri, Some("a"), FRESH_SECONDS + 1), KeyNeed::Use(_)), "the address is down");
        cache.failed(uri, STALE_SECONDS);
        assert!(matches!(cache.find(uri, Some("a"), STALE_SECONDS + 1), KeyNeed::Unknown), "but not for ever");
        assert!(!cache.fetched(uri, b"<html>", STALE_SECONDS + 100));
    }
}
