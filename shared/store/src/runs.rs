//! Runs of something in several steps that one request does and a later one may go on with: at most one at a time, and
//! what is done is remembered.

use deskwire_domain::{AccountId, Time};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, doc, keyed, n, with_doc},
    keys::Key,
};

/// Seconds for which a run is remembered: a day, as `Idempotency-Key` is.
const KEPT_SECONDS: i64 = 86_400;
/// Seconds after which a run whose request never ended (its function died) may be gone on with: API Gateway's 29, and
/// one more.
const HELD_SECONDS: i64 = 30;
const KIND: &str = "run";
const HELD: &str = "held_until";

/// What there is of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run<T> {
    /// It begins.
    New,
    /// It was begun before; this is how far it was known to be.
    Known(T),
    /// Another request is at it.
    Held,
}

impl Store {
    /// Begins a run, or goes on with it; whoever does so holds it until [`Store::end_run`].
    ///
    /// # Errors
    /// The table fails.
    pub async fn begin_run<T: Serialize + DeserializeOwned>(
        &self,
        account: &AccountId,
        name: &str,
        fresh: &T,
        now: Time,
    ) -> Result<Run<T>, StoreError> {
        let key = Key::Once { account, kind: KIND, name };
        let held_until = n(now.as_second() + HELD_SECONDS);
        let mut item = with_doc(&key, fresh)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        item.insert(HELD.to_owned(), held_until.clone());
        match self.put_if(item, Some("attribute_not_exists(PK)"), []).await {
            Ok(()) => return Ok(Run::New),
            Err(StoreError::Condition) => {}
            Err(error) => return Err(error),
        }
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&key)))
            .update_expression("SET #held = :until")
            .condition_expression("#held <= :now")
            .expression_attribute_names("#held", HELD)
            .expression_attribute_values(":until", held_until)
            .expression_attribute_values(":now", n(now.as_second()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllNew);
        match call.return_consumed_capacity(CAPACITY).send().await.map_err(StoreError::from) {
            Ok(output) => Ok(Run::Known(doc(&output.attributes.unwrap_or_default())?)),
            Err(StoreError::Condition) => Ok(Run::Held),
            Err(error) => Err(error),
        }
    }

    /// Remembers how far a run is, and lets others go on with it.
    ///
    /// # Errors
    /// The table fails.
    pub async fn end_run<T: Serialize>(
        &self,
        account: &AccountId,
        name: &str,
        run: &T,
        now: Time,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Once { account, kind: KIND, name }, run)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        item.insert(HELD.to_owned(), n(0));
        self.put(item).await
    }
}
