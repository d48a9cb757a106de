//! What is delivered to webhook endpoints, with every attempt; kept for 30 days, in the order of the events.

use aws_sdk_dynamodb::types::AttributeValue;
use deskwire_domain::{AccountId, EndpointId, Time};
use deskwire_protocol::http::Delivery;

use crate::{
    CAPACITY, Store, StoreError, Versioned,
    item::{TTL, VERSION, doc, n, number, s, text, with_doc},
    keys::Key,
};

/// Seconds that a delivery is kept: long enough to look into last month's trouble.
const KEPT_SECONDS: i64 = 30 * 86_400;

/// A delivery's id: when its event happened, and which it is. Sorts by time, and is the same at every replay of the
/// stream.
pub fn delivery_id(at: Time, event: &str) -> String {
    format!("{}_{event}", millis(at))
}

fn millis(at: Time) -> String {
    format!("{:013}", at.as_millisecond().max(0))
}

impl Store {
    /// A delivery.
    ///
    /// # Errors
    /// The table fails.
    pub async fn delivery(
        &self,
        account: &AccountId,
        endpoint: &EndpointId,
        delivery: &str,
    ) -> Result<Option<Versioned<Delivery>>, StoreError> {
        let Some(item) = self.get(&Key::Delivery { account, endpoint, delivery }, true).await? else { return Ok(None) };
        Ok(Some(Versioned { value: doc(&item)?, version: number(&item, VERSION).unwrap_or(0) }))
    }

    /// Writes a delivery, if its version is still the one that was read (0 for a new one).
    ///
    /// # Errors
    /// [`StoreError::Condition`] where it is there already, or has changed meanwhile.
    pub async fn write_delivery(
        &self,
        account: &AccountId,
        delivery: &Versioned<Delivery>,
        now: Time,
    ) -> Result<(), StoreError> {
        let value = &delivery.value;
        let key = Key::Delivery { account, endpoint: &value.endpoint, delivery: &value.id };
        let mut item = with_doc(&key, value)?;
        item.insert(VERSION.to_owned(), n(delivery.version + 1));
        item.insert(TTL.to_owned(), n(now.as_second() + KEPT_SECONDS));
        if delivery.version == 0 {
            return self.put_if(item, Some("attribute_not_exists(PK)"), []).await;
        }
        self.put_if(item, Some("version = :v"), [(":v", n(delivery.version))]).await
    }

    /// Deliveries to an endpoint, the newest first, behind `cursor`; and where to go on.
    ///
    /// # Errors
    /// The table fails.
    pub async fn deliveries(
        &self,
        account: &AccountId,
        endpoint: &EndpointId,
        (cursor, limit): (Option<&str>, usize),
    ) -> Result<(Vec<Delivery>, Option<String>), StoreError> {
        let bounds = ("0", cursor.unwrap_or("~"));
        self.delivery_page(account, endpoint, bounds, (false, limit)).await
    }

    /// Deliveries of events that happened in a period, the oldest first; and the last one's id if there may be more.
    ///
    /// # Errors
    /// The table fails.
    pub async fn deliveries_between(
        &self,
        account: &AccountId,
        endpoint: &EndpointId,
        (from, to): (Time, Time),
        limit: usize,
    ) -> Result<(Vec<Delivery>, Option<String>), StoreError> {
        let (from, to) = (millis(from), format!("{}~", millis(to)));
        self.delivery_page(account, endpoint, (&from, &to), (true, limit)).await
    }

    async fn delivery_page(
        &self,
        account: &AccountId,
        endpoint: &EndpointId,
        (first, last): (&str, &str),
        (oldest_first, limit): (bool, usize),
    ) -> Result<(Vec<Delivery>, Option<String>), StoreError> {
        let pk = Key::Delivery { account, endpoint, delivery: "" }.pk();
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(pk))
            .expression_attribute_values(":first", s(first))
            .expression_attribute_values(":last", AttributeValue::S(last.to_owned()))
            .scan_index_forward(oldest_first)
            .consistent_read(true)
            // One more than wanted: the cursor's own place, which both ends include.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let more = output.last_evaluated_key.is_some();
        let mut items = output.items.unwrap_or_default();
        items.retain(|item| text(item, "SK").is_ok_and(|sk| sk != last));
        let cut = items.len() > limit;
        items.truncate(limit);
        let next = match items.last().filter(|_| more || cut) {
            Some(item) => Some(text(item, "SK")?.to_owned()),
            None => None,
        };
        Ok((items.iter().map(doc).collect::<Result<_, _>>()?, next))
    }
}
