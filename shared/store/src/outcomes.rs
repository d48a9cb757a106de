//! What was counted from the log: one small item each, under a name derived from its entry, so that a replay of the
//! stream counts nothing twice; and the sums of hours and days that are over, so that looking back does not read all of
//! it again.
//!
//! A sum is kept under the version that it had when the items were read. Whoever changes what a sum was made of takes it
//! away and raises its version: then a sum that was made meanwhile, of the old items, is not kept.

use deskwire_domain::{AccountId, Time};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError,
    item::{DOC, Item, TTL, VERSION, doc, keyed, n, number, s, text},
    keys::{Key, OUTCOME, OUTCOME_SHARDS, shard},
};

/// Seconds for which what was counted is kept: a year and a month, so that the same month of last year can be seen.
const KEPT_SECONDS: i64 = 396 * 86_400;

/// Bytes of a sum that is kept: well under DynamoDB's 400 KB item. A larger one is made anew each time.
const SUM_BYTES: usize = 300 * 1024;

/// What is counted apart from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// The AI agent's turns, and words on them.
    Ai,
    /// What supervisors are told of conversations.
    Service,
}

impl Ledger {
    fn mark(self) -> &'static str {
        match self {
            Self::Ai => "ai",
            Self::Service => "service",
        }
    }
}

/// Where something is counted.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    /// With what.
    pub ledger: Ledger,
    /// The day, `2026-11-25`.
    pub day: &'a str,
    /// The hour of it, `13`.
    pub hour: &'a str,
    /// Its name there, derived from its entry.
    pub name: &'a str,
}

impl Slot<'_> {
    fn at(&self) -> String {
        format!("{}#{}#{}", self.ledger.mark(), self.hour, self.name)
    }

    fn shard(&self) -> u8 {
        shard(self.name, OUTCOME_SHARDS)
    }
}

/// The sum of a day or an hour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum<T> {
    /// It, if there is one that holds.
    pub value: Option<T>,
    /// Give it back with a new one.
    pub version: u64,
}

impl Store {
    /// Counts something; again has no second effect.
    ///
    /// # Errors
    /// The table fails.
    pub async fn note_outcome<T: Serialize>(
        &self,
        account: &AccountId,
        slot: &Slot<'_>,
        outcome: &T,
        now: Time,
    ) -> Result<(), StoreError> {
        let key = Key::Outcome { account, day: slot.day, shard: slot.shard(), at: &slot.at() };
        let mut item = crate::item::with_doc(&key, outcome)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        self.put(item).await
    }

    /// Counts something no longer; it is no fault if it was not counted.
    ///
    /// # Errors
    /// The table fails.
    pub async fn forget_outcome(&self, account: &AccountId, slot: &Slot<'_>) -> Result<(), StoreError> {
        self.delete(&Key::Outcome { account, day: slot.day, shard: slot.shard(), at: &slot.at() }).await
    }

    /// What was counted in a day, or in one hour of it.
    ///
    /// # Errors
    /// The table fails.
    pub async fn outcomes<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        ledger: Ledger,
        (day, hour): (&str, Option<&str>),
    ) -> Result<Vec<T>, StoreError> {
        let prefix = match hour {
            Some(hour) => format!("{OUTCOME}{}#{hour}#", ledger.mark()),
            None => format!("{OUTCOME}{}#", ledger.mark()),
        };
        let keys: Vec<_> = (0..OUTCOME_SHARDS).map(|shard| Key::Outcome { account, day, shard, at: "" }.pk()).collect();
        let shards = keys.iter().map(|pk| self.all(pk, &prefix, true));
        let items = futures::future::try_join_all(shards).await?;
        items.iter().flatten().map(doc).collect()
    }

    /// The sums of these days or hours, in their order.
    ///
    /// # Errors
    /// The table fails.
    pub async fn sums<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        ledger: Ledger,
        periods: &[String],
    ) -> Result<Vec<Sum<T>>, StoreError> {
        let key = |period| Key::Sum { account, ledger: ledger.mark(), period };
        let keys: Vec<_> = periods.iter().map(|period| key(period.as_str())).collect();
        let items = self.get_many(&keys).await?;
        let sum = |key: &Key<'_>| {
            let pk = key.pk();
            let Some(item) = items.iter().find(|item| text(item, "PK").is_ok_and(|at| at == pk)) else {
                return Ok(Sum { value: None, version: 0 });
            };
            // One that another version of the program wrote is made anew.
            let value = item.contains_key(DOC).then(|| doc(item).ok()).flatten();
            Ok(Sum { value, version: number(item, VERSION).unwrap_or(0) })
        };
        keys.iter().map(sum).collect()
    }

    /// Keeps the sum of a day or an hour, made of what was read after its version; nothing is kept where that has
    /// changed meanwhile.
    ///
    /// # Errors
    /// The table fails.
    pub async fn keep_sum<T: Serialize>(
        &self,
        account: &AccountId,
        (ledger, period): (Ledger, &str),
        sum: &Sum<T>,
        now: Time,
    ) -> Result<(), StoreError> {
        let json = serde_json::to_string(&sum.value)?;
        if json.len() > SUM_BYTES {
            return Ok(());
        }
        let mut item: Item = keyed(&Key::Sum { account, ledger: ledger.mark(), period });
        item.insert(DOC.to_owned(), s(json));
        item.insert(VERSION.to_owned(), n(sum.version));
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        let condition = if sum.version == 0 { "attribute_not_exists(PK) OR version = :v" } else { "version = :v" };
        match self.put_if(item, Some(condition), [(":v", n(sum.version))]).await {
            Err(StoreError::Condition) => Ok(()),
            kept => kept,
        }
    }

    /// Takes the sum of a day or an hour away, because what it was made of has changed: the next reader makes it anew.
    ///
    /// # Errors
    /// The table fails.
    pub async fn undo_sum(
        &self,
        account: &AccountId,
        (ledger, period): (Ledger, &str),
        now: Time,
    ) -> Result<(), StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Sum { account, ledger: ledger.mark(), period })))
            .update_expression("REMOVE #doc SET #ttl = :ttl ADD #version :one")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#ttl", TTL)
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":ttl", n(now.as_second() + KEPT_SECONDS))
            .expression_attribute_values(":one", n(1));
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }
}
