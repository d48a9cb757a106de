//! Answers of business queries in this environment's memory: the first of two levels, the flights that are under way,
//! and how often which level helped.

use std::{
    collections::{HashMap, hash_map::Entry},
    num::NonZeroUsize,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use deskwire_domain::{AccountId, Refusal, Time, content::CardContent};
use deskwire_protocol::http::{CacheLevel, QueryCounts};
use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use lru::LruCache;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Answers that an environment keeps: 16 MB of them at most, as none has more than 16 KB.
const KEPT: NonZeroUsize = NonZeroUsize::new(1_024).expect("not zero");
/// For so long nobody asks a system again that has just failed, where there is an old answer: it must not cost every
/// agent the time-out.
const LEFT_ALONE: Duration = Duration::from_secs(5);
/// Counts are added up for so long before they are written: a write for each answer would cost more than the answer.
const COUNTED: Duration = Duration::from_secs(5);

/// What was read out of a system's answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub slots: Map<String, Value>,
    pub card: Option<CardContent>,
    /// When the system gave it.
    pub at: Time,
}

impl Answer {
    pub(crate) fn is_good(&self, now: Time, seconds: i64) -> bool {
        now.as_millisecond() - self.at.as_millisecond() < seconds.saturating_mul(1_000)
    }
}

/// An answer, and where it came from.
#[derive(Debug, Clone)]
pub(crate) struct Answered {
    pub answer: Arc<Answer>,
    pub level: CacheLevel,
    pub stale: bool,
}

impl Answered {
    pub(crate) fn stale(answer: Answer) -> Self {
        Self { answer: Arc::new(answer), level: CacheLevel::Table, stale: true }
    }
}

type Flight = Shared<BoxFuture<'static, Result<Answered, Refusal>>>;

/// The counts of queries since they were written.
#[derive(Default)]
struct Counted {
    since: Option<Instant>,
    counts: HashMap<(AccountId, String), QueryCounts>,
}

/// The memory of one environment.
pub(crate) struct Answers {
    kept: Mutex<LruCache<String, Arc<Answer>>>,
    flights: Mutex<HashMap<String, Flight>>,
    failed: Mutex<LruCache<String, Instant>>,
    counted: Mutex<Counted>,
}

impl Default for Answers {
    fn default() -> Self {
        Self {
            kept: Mutex::new(LruCache::new(KEPT)),
            flights: Mutex::default(),
            failed: Mutex::new(LruCache::new(KEPT)),
            counted: Mutex::default(),
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Answers {
    /// An answer in memory that is still good.
    pub(crate) fn fresh(&self, key: &str, now: Time, seconds: i64) -> Option<Answered> {
        let answer = locked(&self.kept).get(key).filter(|answer| answer.is_good(now, seconds)).cloned()?;
        Some(Answered { answer, level: CacheLevel::Memory, stale: false })
    }

    pub(crate) fn keep(&self, key: &str, answer: &Arc<Answer>) {
        locked(&self.kept).put(key.to_owned(), Arc::clone(answer));
        locked(&self.failed).pop(key);
    }

    /// The flight that is under way for a key, or a new one; and whether it is new.
    pub(crate) fn flight(
        &self,
        key: &str,
        begin: impl FnOnce() -> BoxFuture<'static, Result<Answered, Refusal>>,
    ) -> (Flight, bool) {
        match locked(&self.flights).entry(key.to_owned()) {
            Entry::Occupied(flight) => (flight.get().clone(), false),
            Entry::Vacant(place) => (place.insert(begin().shared()).clone(), true),
        }
    }

    /// A flight is over: whoever asks from now on begins another.
    pub(crate) fn landed(&self, key: &str) {
        let mut flights = locked(&self.flights);
        if flights.get(key).is_some_and(|flight| flight.peek().is_some()) {
            flights.remove(key);
        }
    }

    pub(crate) fn has_failed(&self, key: &str) {
        locked(&self.failed).put(key.to_owned(), Instant::now());
    }

    /// Whether a system has just failed.
    pub(crate) fn is_failing(&self, key: &str) -> bool {
        locked(&self.failed).peek(key).is_some_and(|at| at.elapsed() < LEFT_ALONE)
    }

    /// Counts an answer; answers the counts that are to be written now.
    pub(crate) fn count(
        &self,
        account: &AccountId,
        query: &str,
        answered: &Result<Answered, Refusal>,
    ) -> Vec<(AccountId, String, QueryCounts)> {
        let mut counted = locked(&self.counted);
        let counts = counted.counts.entry((account.clone(), query.to_owned())).or_default();
        match answered {
            Ok(Answered { stale: true, .. }) => counts.stale += 1,
            Ok(Answered { level: CacheLevel::Memory, .. }) => counts.memory += 1,
            Ok(Answered { level: CacheLevel::Table, .. }) => counts.table += 1,
            Ok(Answered { level: CacheLevel::Origin, .. }) => counts.origin += 1,
            Err(_) => counts.failed += 1,
        }
        let since = *counted.since.get_or_insert_with(Instant::now);
        if since.elapsed() < COUNTED {
            return vec![];
        }
        counted.since = None;
        counted.counts.drain().map(|((account, query), counts)| (account, query, counts)).collect()
    }

    /// Counts that this environment has not written yet.
    pub(crate) fn not_yet_kept(&self, account: &AccountId, query: &str) -> QueryCounts {
        locked(&self.counted).counts.get(&(account.clone(), query.to_owned())).copied().unwrap_or_default()
    }
}

/// Counts, added up.
pub(crate) fn sum(a: QueryCounts, b: QueryCounts) -> QueryCounts {
    QueryCounts {
        memory: a.memory + b.memory,
        table: a.table + b.table,
        origin: a.origin + b.origin,
        stale: a.stale + b.stale,
        failed: a.failed + b.failed,
    }
}
