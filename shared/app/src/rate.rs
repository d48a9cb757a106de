//! Rates: a bucket a connection and a bucket an account, in this environment's memory.
//!
//! Exact counting would cost a write a frame, which is what a message costs; so the buckets are per function
//! environment, and the stage's throttling (API Gateway's, and the gateway's) bounds the sum.

use std::{num::NonZeroUsize, sync::Mutex, time::Instant};

use deskwire_domain::{AccountId, Code, Refusal, bucket::Bucket, limits};
use lru::LruCache;

/// Buckets that are remembered: the least used is forgotten first, and is then full again.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).expect("not zero");

/// The buckets.
pub struct Rates {
    began: Instant,
    connections: Mutex<LruCache<String, Bucket>>,
    accounts: Mutex<LruCache<AccountId, Bucket>>,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            began: Instant::now(),
            connections: Mutex::new(LruCache::new(REMEMBERED)),
            accounts: Mutex::new(LruCache::new(REMEMBERED)),
        }
    }
}

impl Rates {
    /// Takes a token of the connection's (or the caller's) bucket and one of the account's.
    ///
    /// # Errors
    /// [`Code::RateLimited`].
    pub fn take(&self, account: &AccountId, who: &str) -> Result<(), Refusal> {
        let connection = (limits::CONNECTION_FRAMES_PER_SECOND, limits::CONNECTION_FRAMES_BURST);
        if !take(&self.connections, &who.to_owned(), connection, self.now()) {
            return Err(Code::RateLimited.into());
        }
        self.take_account(account)
    }

    /// Takes a token of the account's bucket: for whoever is nobody yet.
    ///
    /// # Errors
    /// [`Code::RateLimited`].
    pub fn take_account(&self, account: &AccountId) -> Result<(), Refusal> {
        let whole = (limits::ACCOUNT_FRAMES_PER_SECOND, limits::ACCOUNT_FRAMES_BURST);
        if take(&self.accounts, account, whole, self.now()) { Ok(()) } else { Err(Code::RateLimited.into()) }
    }

    fn now(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }
}

fn take<K: std::hash::Hash + Eq + Clone>(
    buckets: &Mutex<LruCache<K, Bucket>>,
    key: &K,
    (rate, burst): (f64, f64),
    now: f64,
) -> bool {
    // A poisoned lock means that a thread died while it counted; counting goes on.
    let mut buckets = buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    buckets.get_or_insert_mut(key.clone(), || Bucket::new(rate, burst, now)).take(now)
}
