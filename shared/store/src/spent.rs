//! What models have cost, by the day and by the conversation.

use deskwire_domain::{AccountId, Time};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, keyed, n, number},
    keys::Key,
};

/// Seconds for which a day's costs are kept.
const SPENT_SECONDS: i64 = 8 * 86_400;

impl Store {
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
