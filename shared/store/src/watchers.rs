//! Who is told of what happens: leases of connections on a conversation or on a team's list.
//!
//! A lease is never trusted to end: a push to a gone connection takes it away (DESIGN §2), and its TTL does at last.

use deskwire_domain::{AccountId, ConversationId, TeamId, Time};
use deskwire_protocol::entry::Audience;
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    item::{Item, TTL, doc, keyed, n, with_doc},
    keys::{Key, WATCHER},
};

/// Seconds that a lease lies around at most: a connection lives 2 hours (API Gateway), and a little for its end.
const LEASE_TTL_SECONDS: i64 = 2 * 3_600 + 600;

/// What can be watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic<'a> {
    /// A conversation's log.
    Conversation(&'a ConversationId),
    /// A team's list.
    Team(&'a TeamId),
}

/// A connection that watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watcher {
    /// API Gateway's id of it.
    pub connection: String,
    /// What it may see.
    pub audience: Audience,
    /// `con_…` or `agt_…`.
    pub who: String,
}

impl Topic<'_> {
    fn key<'a>(&'a self, account: &'a AccountId, connection: &'a str) -> Key<'a> {
        match self {
            Self::Conversation(conversation) => Key::ConversationWatcher { account, conversation, connection },
            Self::Team(team) => Key::TeamWatcher { account, team, connection },
        }
    }
}

impl Store {
    /// Begins to watch. Whoever watches first and reads then misses nothing: a writer looks for watchers after it
    /// wrote.
    ///
    /// # Errors
    /// The table fails.
    pub async fn watch(
        &self,
        account: &AccountId,
        topic: &Topic<'_>,
        watcher: &Watcher,
        now: Time,
    ) -> Result<(), StoreError> {
        self.put(watcher_item(account, topic, watcher, now)?).await
    }

    /// Begins to watch with several connections.
    ///
    /// # Errors
    /// The table fails.
    pub async fn watch_all(
        &self,
        account: &AccountId,
        topic: &Topic<'_>,
        watchers: &[Watcher],
        now: Time,
    ) -> Result<(), StoreError> {
        let items = watchers.iter().map(|watcher| watcher_item(account, topic, watcher, now));
        self.write_many(items.collect::<Result<_, _>>()?, vec![]).await
    }

    /// No longer watches.
    ///
    /// # Errors
    /// The table fails.
    pub async fn unwatch(&self, account: &AccountId, topic: &Topic<'_>, connection: &str) -> Result<(), StoreError> {
        self.delete(&topic.key(account, connection)).await
    }

    /// No longer watches with several connections.
    ///
    /// # Errors
    /// The table fails.
    pub async fn unwatch_all(
        &self,
        account: &AccountId,
        topic: &Topic<'_>,
        connections: &[String],
    ) -> Result<(), StoreError> {
        self.write_many(vec![], connections.iter().map(|connection| keyed(&topic.key(account, connection))).collect())
            .await
    }

    /// Who watches, as of now: a consistent read, which is what makes "watch, then read" safe.
    ///
    /// # Errors
    /// The table fails.
    pub async fn watchers(&self, account: &AccountId, topic: &Topic<'_>) -> Result<Vec<Watcher>, StoreError> {
        let items = self.all(&topic.key(account, "").pk(), WATCHER, true).await?;
        items.iter().map(doc).collect()
    }
}

fn watcher_item(account: &AccountId, topic: &Topic<'_>, watcher: &Watcher, now: Time) -> Result<Item, StoreError> {
    let mut item = with_doc(&topic.key(account, &watcher.connection), watcher)?;
    item.insert(TTL.to_owned(), n(now.as_second() + LEASE_TTL_SECONDS));
    Ok(item)
}
