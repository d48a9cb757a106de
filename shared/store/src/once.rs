//! Things that may be done once: opening a socket with a ticket, a POST with its `Idempotency-Key`.

use deskwire_domain::{AccountId, Time};
use serde::{Deserialize, Serialize};

use crate::{
    Store, StoreError,
    item::{DOC, TTL, doc, n, with_doc},
    keys::Key,
};

/// Seconds after which a request that began and never ended (its function died) may be begun again.
const ABANDONED_SECONDS: i64 = 60;

/// Seconds for which an answer is kept: 24 hours, as the common drafts of `Idempotency-Key` have it.
const KEPT_SECONDS: i64 = 86_400;

/// The answer that a key got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// A hash of the request, to tell a resend from a reuse.
    pub request: String,
    /// The answer's status; `None` while the first request still runs.
    pub status: Option<u16>,
    /// The answer's body.
    pub body: String,
}

/// What a key is.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// New: go on, and store the answer.
    New,
    /// Known: this is what is stored.
    Known(Stored),
}

impl Store {
    /// Uses something up; says whether this was the first time.
    ///
    /// # Errors
    /// The table fails.
    pub async fn use_once(
        &self,
        account: &AccountId,
        kind: &str,
        name: &str,
        expires: Time,
    ) -> Result<bool, StoreError> {
        let mut item = crate::item::keyed(&Key::Once { account, kind, name });
        item.insert(TTL.to_owned(), n(expires.as_second()));
        match self.put_if(item, Some("attribute_not_exists(PK)"), []).await {
            Err(StoreError::Condition) => Ok(false),
            result => result.map(|()| true),
        }
    }

    /// Begins a request with a key, or tells what is known of it.
    ///
    /// # Errors
    /// The table fails.
    pub async fn begin_request(
        &self,
        account: &AccountId,
        name: &str,
        request: &str,
        now: Time,
    ) -> Result<Begun, StoreError> {
        let key = Key::Once { account, kind: "request", name };
        let stored = Stored { request: request.to_owned(), status: None, body: String::new() };
        let mut item = with_doc(&key, &stored)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        item.insert("begun".to_owned(), n(now.as_second()));
        // `done` is absent while it runs; one that runs for too long was abandoned. What is kept too long is forgotten
        // whether or not the table has swept it yet.
        let condition =
            "attribute_not_exists(PK) OR (attribute_not_exists(done) AND begun < :abandoned) OR begun < :kept";
        let values =
            [(":abandoned", n(now.as_second() - ABANDONED_SECONDS)), (":kept", n(now.as_second() - KEPT_SECONDS))];
        match self.put_if(item, Some(condition), values).await {
            Ok(()) => Ok(Begun::New),
            Err(StoreError::Condition) => {
                let item = self.get(&key, true).await?;
                Ok(Begun::Known(item.as_ref().map_or(Ok(stored), doc)?))
            }
            Err(error) => Err(error),
        }
    }

    /// Stores the answer of a request.
    ///
    /// # Errors
    /// The table fails.
    pub async fn end_request(
        &self,
        account: &AccountId,
        name: &str,
        stored: &Stored,
        now: Time,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Once { account, kind: "request", name }, stored)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        item.insert("begun".to_owned(), n(now.as_second()));
        item.insert("done".to_owned(), n(1));
        debug_assert!(item.contains_key(DOC));
        self.put(item).await
    }

    /// Forgets a request that failed on our side, so that it can be sent again with the same key.
    ///
    /// # Errors
    /// The table fails.
    pub async fn forget_request(&self, account: &AccountId, name: &str) -> Result<(), StoreError> {
        self.delete(&Key::Once { account, kind: "request", name }).await
    }
}

impl Store {
    /// Makes all tokens of somebody void that were made until `at`.
    ///
    /// # Errors
    /// The table fails.
    pub async fn revoke(&self, account: &AccountId, who: &str, at: Time, until: Time) -> Result<(), StoreError> {
        let mut item = crate::item::keyed(&Key::Once { account, kind: "revoked", name: who });
        item.insert("at".to_owned(), n(at.as_second()));
        item.insert(TTL.to_owned(), n(until.as_second()));
        self.put(item).await
    }

    /// The second until which somebody's tokens are void.
    ///
    /// # Errors
    /// The table fails.
    pub async fn revoked(&self, account: &AccountId, who: &str) -> Result<Option<i64>, StoreError> {
        let item = self.get(&Key::Once { account, kind: "revoked", name: who }, true).await?;
        Ok(item.and_then(|item| crate::item::number(&item, "at")))
    }
}
