//! Lines: deliveries to an ordered endpoint about one subject wait here for their turn.

use deskwire_domain::{AccountId, EndpointId, Time};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, keyed, n, s, text},
    keys::Key,
};

/// Seconds after which a place is given up: as long as deliveries are kept, for each waits until all before it are over.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// A place in a line.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// To which endpoint.
    pub endpoint: &'a EndpointId,
    /// About what.
    pub subject: &'a str,
    /// The event's place among those about the same.
    pub order: u64,
    /// The delivery.
    pub delivery: &'a str,
}

impl Place<'_> {
    fn at(&self) -> String {
        format!("{:020}#{}", self.order, self.delivery)
    }

    fn key<'a>(&'a self, account: &'a AccountId, at: &'a str) -> Key<'a> {
        Key::Line { account, endpoint: self.endpoint, subject: self.subject, at }
    }
}

impl Store {
    /// Takes its place in the line; again has no second effect.
    ///
    /// # Errors
    /// The table fails.
    pub async fn line_up(&self, account: &AccountId, place: &Place<'_>, now: Time) -> Result<(), StoreError> {
        let mut item = keyed(&place.key(account, &place.at()));
        item.insert("delivery".to_owned(), s(place.delivery));
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        self.put(item).await
    }

    /// Leaves the line.
    ///
    /// # Errors
    /// The table fails.
    pub async fn leave_line(&self, account: &AccountId, place: &Place<'_>) -> Result<(), StoreError> {
        self.delete(&place.key(account, &place.at())).await
    }

    /// The place that is first in the line: its order, and its delivery.
    ///
    /// # Errors
    /// The table fails.
    pub async fn first_in_line(
        &self,
        account: &AccountId,
        endpoint: &EndpointId,
        subject: &str,
    ) -> Result<Option<(u64, String)>, StoreError> {
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk")
            .expression_attribute_values(":pk", s(Key::Line { account, endpoint, subject, at: "" }.pk()))
            .consistent_read(true)
            .limit(1)
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let Some(item) = output.items.unwrap_or_default().into_iter().next() else { return Ok(None) };
        let order = text(&item, "SK")?.split('#').next().and_then(|order| order.parse().ok());
        let order = order.ok_or_else(|| StoreError::Malformed("SK of a place".to_owned()))?;
        Ok(Some((order, text(&item, "delivery")?.to_owned())))
    }
}
