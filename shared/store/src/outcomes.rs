//! What became of the AI agent's turns, by the day: one small item a turn, and one for each word somebody has on it, so
//! that a replay of the stream counts nothing twice. And what models have cost.

use deskwire_domain::{AccountId, Time};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, doc, keyed, n, number, with_doc},
    keys::{Key, OUTCOME},
};

/// Seconds for which outcomes are kept: a year and a month, so that the same month of last year can be seen.
const KEPT_SECONDS: i64 = 396 * 86_400;
/// Seconds for which a day's costs are kept.
const SPENT_SECONDS: i64 = 8 * 86_400;

impl Store {
    /// Notes an outcome; again has no second effect.
    ///
    /// # Errors
    /// The table fails.
    pub async fn note_outcome<T: Serialize>(
        &self,
        account: &AccountId,
        (day, at): (&str, &str),
        outcome: &T,
        now: Time,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Outcome { account, day, at }, outcome)?;
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        self.put(item).await
    }

    /// The outcomes of a day.
    ///
    /// # Errors
    /// The table fails.
    pub async fn outcomes<T: DeserializeOwned>(&self, account: &AccountId, day: &str) -> Result<Vec<T>, StoreError> {
        let items = self.all(&Key::Spent { account, day }.pk(), OUTCOME, false).await?;
        items.iter().map(doc).collect()
    }

    /// Takes tokens from a day's budget; false where there are not so many left, and nothing is taken.
    ///
    /// # Errors
    /// The table fails.
    pub async fn spend(
        &self,
        account: &AccountId,
        (day, now): (&str, Time),
        tokens: u64,
        budget: u64,
    ) -> Result<bool, StoreError> {
        let Some(room) = budget.checked_sub(tokens) else { return Ok(false) };
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Spent { account, day })))
            .update_expression("ADD #tokens :tokens SET #ttl = :ttl")
            .condition_expression("attribute_not_exists(#tokens) OR #tokens <= :room")
            .expression_attribute_names("#tokens", "tokens")
            .expression_attribute_names("#ttl", TTL)
            .expression_attribute_values(":tokens", n(tokens))
            .expression_attribute_values(":ttl", n(now.as_second() + SPENT_SECONDS))
            .expression_attribute_values(":room", n(room));
        match call.return_consumed_capacity(CAPACITY).send().await.map_err(StoreError::from) {
            Ok(_) => Ok(true),
            Err(StoreError::Condition) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Corrects what was taken, once it is known: gives back, or takes more.
    ///
    /// # Errors
    /// The table fails.
    pub async fn correct_spent(&self, account: &AccountId, day: &str, by: i64) -> Result<(), StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Spent { account, day })))
            .update_expression("ADD #tokens :by")
            .expression_attribute_names("#tokens", "tokens")
            .expression_attribute_values(":by", n(by));
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// What models have cost on a day.
    ///
    /// # Errors
    /// The table fails.
    pub async fn spent(&self, account: &AccountId, day: &str) -> Result<u64, StoreError> {
        let item = self.get(&Key::Spent { account, day }, true).await?;
        Ok(item.and_then(|item| number(&item, "tokens")).unwrap_or(0))
    }
}
