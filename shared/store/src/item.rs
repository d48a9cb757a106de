//! Items: small typed reads and writes of attributes, and the calls that most modules share.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Serialize, de::DeserializeOwned};

use crate::{CAPACITY, Store, StoreError, keys::Key};

/// An item of the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// The attribute in which an item holds its JSON document. A document is one string, not a map, so that any JSON comes
/// back to the letter (DynamoDB rounds numbers) and costs a quarter of the wire.
pub(crate) const DOC: &str = "doc";
/// The attribute of the table's TTL: seconds since 1970.
pub(crate) const TTL: &str = "ttl";
/// The attribute of a document's version.
pub(crate) const VERSION: &str = "version";

pub(crate) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[expect(clippy::needless_pass_by_value, reason = "numbers are passed as they are")]
pub(crate) fn n(number: impl ToString) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// An item with nothing but its key.
pub(crate) fn keyed(key: &Key<'_>) -> Item {
    HashMap::from([("PK".to_owned(), s(key.pk())), ("SK".to_owned(), s(key.sk()))])
}

/// An item with a document.
pub(crate) fn with_doc(key: &Key<'_>, doc: &impl Serialize) -> Result<Item, StoreError> {
    let mut item = keyed(key);
    item.insert(DOC.to_owned(), s(serde_json::to_string(doc)?));
    Ok(item)
}

pub(crate) fn text<'a>(item: &'a Item, name: &str) -> Result<&'a str, StoreError> {
    let value = item.get(name).and_then(|value| value.as_s().ok());
    value.map(String::as_str).ok_or_else(|| StoreError::Malformed(format!("no {name}")))
}

pub(crate) fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(crate) fn doc<T: DeserializeOwned>(item: &Item) -> Result<T, StoreError> {
    Ok(serde_json::from_str(text(item, DOC)?)?)
}

impl Store {
    pub(crate) async fn get(&self, key: &Key<'_>, consistent: bool) -> Result<Option<Item>, StoreError> {
        let call = self.client.get_item().table_name(&self.table).set_key(Some(keyed(key)));
        let output = call.consistent_read(consistent).return_consumed_capacity(CAPACITY).send().await?;
        Ok(output.item)
    }

    pub(crate) async fn put(&self, item: Item) -> Result<(), StoreError> {
        self.put_if(item, None, []).await
    }

    /// Puts an item if the condition holds.
    pub(crate) async fn put_if<const N: usize>(
        &self,
        item: Item,
        condition: Option<&str>,
        values: [(&str, AttributeValue); N],
    ) -> Result<(), StoreError> {
        let mut call = self.client.put_item().table_name(&self.table).set_item(Some(item));
        call = call.set_condition_expression(condition.map(str::to_owned));
        for (name, value) in values {
            call = call.expression_attribute_values(name, value);
        }
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// Puts an item if the condition holds, in which one attribute has a reserved name.
    pub(crate) async fn put_named(
        &self,
        item: Item,
        condition: &str,
        (placeholder, name): (&str, &str),
        (value_name, value): (&str, AttributeValue),
    ) -> Result<(), StoreError> {
        let call = self.client.put_item().table_name(&self.table).set_item(Some(item)).condition_expression(condition);
        let call = call.expression_attribute_names(placeholder, name).expression_attribute_values(value_name, value);
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    pub(crate) async fn delete(&self, key: &Key<'_>) -> Result<(), StoreError> {
        let call = self.client.delete_item().table_name(&self.table).set_key(Some(keyed(key)));
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// Gets many items by key, in no order; what does not exist is left out.
    pub(crate) async fn get_many(&self, keys: &[Key<'_>]) -> Result<Vec<Item>, StoreError> {
        /// `BatchGetItem` takes 100 keys.
        const BATCH: usize = 100;
        let mut items = Vec::with_capacity(keys.len());
        for batch in keys.chunks(BATCH) {
            let mut left: Vec<Item> = batch.iter().map(keyed).collect();
            while !left.is_empty() {
                let wanted = aws_sdk_dynamodb::types::KeysAndAttributes::builder().set_keys(Some(left));
                let call =
                    self.client.batch_get_item().request_items(&self.table, wanted.consistent_read(true).build()?);
                let output = call.return_consumed_capacity(CAPACITY).send().await?;
                items.extend(output.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default());
                let unread = output.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
                left = unread.map(|keys| keys.keys).unwrap_or_default();
            }
        }
        Ok(items)
    }

    /// Writes and deletes many items, each on its own: in any order, again where the table puts them off.
    pub(crate) async fn write_many(&self, puts: Vec<Item>, deletes: Vec<Item>) -> Result<(), StoreError> {
        use aws_sdk_dynamodb::types::{DeleteRequest, PutRequest, WriteRequest};
        /// `BatchWriteItem` takes 25 requests.
        const BATCH: usize = 25;
        let mut requests = Vec::with_capacity(puts.len() + deletes.len());
        for item in puts {
            let put = PutRequest::builder().set_item(Some(item)).build()?;
            requests.push(WriteRequest::builder().put_request(put).build());
        }
        for key in deletes {
            let delete = DeleteRequest::builder().set_key(Some(key)).build()?;
            requests.push(WriteRequest::builder().delete_request(delete).build());
        }
        for batch in requests.chunks(BATCH) {
            let mut left = batch.to_vec();
            while !left.is_empty() {
                let call = self.client.batch_write_item().request_items(&self.table, left);
                let output = call.return_consumed_capacity(CAPACITY).send().await?;
                left = output.unprocessed_items.and_then(|mut t| t.remove(&self.table)).unwrap_or_default();
            }
        }
        Ok(())
    }

    /// All items of a partition whose sort key begins with `prefix`, which is not empty: DynamoDB refuses that, although
    /// the embedded engine does not. For partitions that are small by their nature.
    pub(crate) async fn all(&self, pk: &str, prefix: &str, consistent: bool) -> Result<Vec<Item>, StoreError> {
        if prefix.is_empty() {
            return Err(StoreError::Malformed("an empty prefix".to_owned()));
        }
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let output = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("PK = :pk AND begins_with(SK, :sk)")
                .expression_attribute_values(":pk", s(pk))
                .expression_attribute_values(":sk", s(prefix))
                .consistent_read(consistent)
                .set_exclusive_start_key(start)
                .return_consumed_capacity(CAPACITY)
                .send()
                .await?;
            items.extend(output.items.unwrap_or_default());
            start = output.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}
