//! What is due at a time, over all accounts: the one index that `sweep` reads. Nothing due costs nothing.

use deskwire_domain::{AccountId, AgentId, ContactId, ConversationId, EndpointId, Time};
use serde::{Deserialize, Serialize};

use crate::{
    CAPACITY, Store, StoreError,
    item::{Item, TTL, doc, n, s, with_doc},
    keys::{DUE_SHARDS, Key, shard},
};

/// Seconds after which something that could never be done is forgotten.
const FORGOTTEN_SECONDS: i64 = 30 * 86_400;

/// What there is to do. Each may run twice without a second effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum DueKind {
    /// A transfer's time is over.
    TransferTimeout {
        /// Of which conversation.
        conversation: ConversationId,
    },
    /// A snooze's time is over.
    Wake {
        /// Of which conversation.
        conversation: ConversationId,
    },
    /// An agent's last lease may have run out, and the grace time with it.
    LeaseOver {
        /// Whose.
        agent: AgentId,
    },
    /// A webhook is to be tried again.
    Redeliver {
        /// To which endpoint.
        endpoint: EndpointId,
        /// Which delivery.
        delivery: String,
    },
    /// A connection's token has run out.
    TokenExpired {
        /// Which.
        connection: String,
        /// A visitor's,
        contact: Option<ContactId>,
        /// or an agent's.
        agent: Option<AgentId>,
    },
}

/// Something to do at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// When.
    pub at: Time,
    /// For whom.
    pub account: AccountId,
    /// What.
    #[serde(flatten)]
    pub kind: DueKind,
}

impl Due {
    /// What tells it from others: the same thing at the same time is written once.
    fn name(&self) -> String {
        match &self.kind {
            DueKind::TransferTimeout { conversation } => format!("transfer#{conversation}"),
            DueKind::Wake { conversation } => format!("wake#{conversation}"),
            DueKind::LeaseOver { agent } => format!("lease#{agent}"),
            DueKind::Redeliver { endpoint, delivery } => format!("hook#{endpoint}#{delivery}"),
            DueKind::TokenExpired { connection, .. } => format!("token#{connection}"),
        }
    }

    fn place(&self) -> (u8, String) {
        let name = format!("{}#{}", self.account, self.name());
        (shard(&name, DUE_SHARDS), format!("{}#{name}", millis(self.at)))
    }
}

/// Thirteen digits sort as numbers until the year 2286.
fn millis(at: Time) -> String {
    format!("{:013}", at.as_millisecond().max(0))
}

impl Store {
    /// Notes something to do.
    ///
    /// # Errors
    /// The table fails.
    pub async fn arrange(&self, due: &Due) -> Result<(), StoreError> {
        let (shard, at) = due.place();
        let mut item = with_doc(&Key::Due { shard, at: &at }, due)?;
        item.insert(TTL.to_owned(), n(due.at.as_second() + FORGOTTEN_SECONDS));
        self.put(item).await
    }

    /// Takes back, or marks as done.
    ///
    /// # Errors
    /// The table fails.
    pub async fn done(&self, due: &Due) -> Result<(), StoreError> {
        let (shard, at) = due.place();
        self.delete(&Key::Due { shard, at: &at }).await
    }

    /// What is due by `now`, the oldest first, at most `limit` of each shard.
    ///
    /// # Errors
    /// The table fails, or an item is malformed.
    pub async fn due(&self, now: Time, limit: usize) -> Result<Vec<Due>, StoreError> {
        let shards = (0..DUE_SHARDS).map(|shard| self.due_in(shard, now, limit));
        let mut due: Vec<Due> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
        due.sort_by_key(|due| due.at);
        Ok(due)
    }

    async fn due_in(&self, shard: u8, now: Time, limit: usize) -> Result<Vec<Due>, StoreError> {
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk AND SK <= :now")
            .expression_attribute_values(":pk", s(Key::Due { shard, at: "" }.pk()))
            // '~' sorts behind '#': everything that is due in this very millisecond too.
            .expression_attribute_values(":now", s(format!("{}~", millis(now))))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let due = |item: &Item| {
            // One that a newer version wrote, say: it must not stop all others. It goes by its TTL.
            doc(item).inspect_err(|error| tracing::error!(%error, "something due cannot be read")).ok()
        };
        Ok(output.items.unwrap_or_default().iter().filter_map(due).collect())
    }
}
