//! Events that came in: each once, by the hash of its source and id; what was done about it; and the list of them.

use deskwire_domain::{AccountId, Time};
use deskwire_protocol::inbound::InboundEvent;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError, Versioned,
    item::{TTL, VERSION, doc, keyed, n, number, s, text, with_doc},
    keys::{INBOUND_SHARDS, Key, shard},
};

/// Seconds for which an event is known, and so has no second effect: longer than any sender tries again.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// An event, and when it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Arrived {
    /// When it came.
    pub received: Time,
    /// It.
    pub event: InboundEvent,
    /// The trace of whoever sent it (W3C trace-id, hex).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<String>,
}

fn at(received: Time, event: &str) -> String {
    format!("{:013}#{event}", received.as_millisecond().max(0))
}

impl Store {
    /// Keeps an event; says whether it is new.
    ///
    /// # Errors
    /// The table fails.
    pub async fn keep_inbound(&self, account: &AccountId, arrived: &Arrived) -> Result<bool, StoreError> {
        let key = arrived.event.key();
        let mut item = with_doc(&Key::Inbound { account, event: &key }, arrived)?;
        item.insert(TTL.to_owned(), n(arrived.received.as_second() + KEPT_SECONDS));
        // One that is kept too long is forgotten whether or not the table has swept it yet.
        let condition = "attribute_not_exists(PK) OR #ttl < :now";
        match self.put_named(item, condition, ("#ttl", TTL), (":now", n(arrived.received.as_second()))).await {
            Ok(()) => Ok(true),
            Err(StoreError::Condition) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// An event.
    ///
    /// # Errors
    /// The table fails.
    pub async fn inbound(&self, account: &AccountId, event: &str) -> Result<Option<Arrived>, StoreError> {
        self.get(&Key::Inbound { account, event }, true).await?.as_ref().map(doc).transpose()
    }

    /// Puts an event into the list; again has no second effect.
    ///
    /// # Errors
    /// The table fails.
    pub async fn index_inbound(&self, account: &AccountId, arrived: &Arrived) -> Result<(), StoreError> {
        let key = arrived.event.key();
        let (shard, at) = (shard(&key, INBOUND_SHARDS), at(arrived.received, &key));
        let mut item = keyed(&Key::InboundIndex { account, shard, at: &at });
        item.insert(TTL.to_owned(), n(arrived.received.as_second() + KEPT_SECONDS));
        self.put(item).await
    }

    /// The ids of events that came before `cursor`, the newest first, and where to go on.
    ///
    /// # Errors
    /// The table fails.
    pub async fn inbound_list(
        &self,
        account: &AccountId,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<String>, Option<String>), StoreError> {
        let shards = (0..INBOUND_SHARDS).map(|shard| self.inbound_shard(account, shard, cursor, limit));
        let mut found: Vec<String> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
        found.sort_by(|a, b| b.cmp(a));
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).cloned();
        Ok((found.iter().filter_map(|at| Some(at.split_once('#')?.1.to_owned())).collect(), next))
    }

    async fn inbound_shard(
        &self,
        account: &AccountId,
        shard: u8,
        cursor: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk AND SK < :before")
            .expression_attribute_values(":pk", s(Key::InboundIndex { account, shard, at: "" }.pk()))
            .expression_attribute_values(":before", s(cursor.unwrap_or("~")))
            .scan_index_forward(false)
            // One more than wanted tells whether there are more.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let items = output.items.unwrap_or_default();
        Ok(items.iter().filter_map(|item| text(item, "SK").ok().map(str::to_owned)).collect())
    }

    /// What was done about an event.
    ///
    /// # Errors
    /// The table fails.
    pub async fn inbound_run<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        event: &str,
    ) -> Result<Option<Versioned<T>>, StoreError> {
        let Some(item) = self.get(&Key::InboundRun { account, event }, true).await? else { return Ok(None) };
        Ok(Some(Versioned { value: doc(&item)?, version: number(&item, VERSION).unwrap_or(0) }))
    }

    /// Writes what was done about an event, if nobody else has meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Condition`].
    pub async fn write_inbound_run<T: Serialize>(
        &self,
        account: &AccountId,
        (event, received): (&str, Time),
        run: &Versioned<T>,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::InboundRun { account, event }, &run.value)?;
        item.insert(VERSION.to_owned(), n(run.version + 1));
        // As long as the event: should it come again after that, it is done again.
        item.insert(TTL.to_owned(), n(received.as_second() + KEPT_SECONDS));
        let condition = if run.version == 0 { "attribute_not_exists(PK)" } else { "version = :v" };
        if run.version == 0 {
            return self.put_if(item, Some(condition), []).await;
        }
        self.put_if(item, Some(condition), [(":v", n(run.version))]).await
    }
}
