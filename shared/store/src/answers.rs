//! Answers of business queries, kept for all function environments; who asks the company's system at the moment; and
//! how often an answer came from where.

use deskwire_domain::{AccountId, Time};
use deskwire_protocol::http::QueryCounts;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, doc, keyed, n, number, with_doc},
    keys::Key,
};

impl Store {
    /// An answer.
    ///
    /// # Errors
    /// The table fails.
    pub async fn answer<T: DeserializeOwned>(&self, account: &AccountId, key: &str) -> Result<Option<T>, StoreError> {
        self.get(&Key::Answer { account, key }, true).await?.as_ref().map(doc).transpose()
    }

    /// Keeps an answer until then.
    ///
    /// # Errors
    /// The table fails.
    pub async fn keep_answer<T: Serialize>(
        &self,
        account: &AccountId,
        key: &str,
        answer: &T,
        until: Time,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Answer { account, key }, answer)?;
        item.insert(TTL.to_owned(), n(until.as_second()));
        self.put(item).await
    }

    /// Becomes the one who asks, until `until` at most; false where somebody else is.
    ///
    /// # Errors
    /// The table fails.
    pub async fn begin_asking(
        &self,
        account: &AccountId,
        key: &str,
        (now, until): (Time, Time),
    ) -> Result<bool, StoreError> {
        let mut item = keyed(&Key::Asking { account, key });
        item.insert("until".to_owned(), n(until.as_millisecond()));
        item.insert(TTL.to_owned(), n(until.as_second() + 1));
        let condition = "attribute_not_exists(PK) OR #until < :now";
        match self.put_named(item, condition, ("#until", "until"), (":now", n(now.as_millisecond()))).await {
            Ok(()) => Ok(true),
            Err(StoreError::Condition) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Is no longer the one who asks, if that was until `until`: somebody else may be by now.
    ///
    /// # Errors
    /// The table fails.
    pub async fn end_asking(&self, account: &AccountId, key: &str, until: Time) -> Result<(), StoreError> {
        let call = self
            .client
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Asking { account, key })))
            .condition_expression("#until = :until")
            .expression_attribute_names("#until", "until")
            .expression_attribute_values(":until", n(until.as_millisecond()));
        match call.return_consumed_capacity(CAPACITY).send().await.map_err(StoreError::from) {
            Ok(_) | Err(StoreError::Condition) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Adds to a query's counts.
    ///
    /// # Errors
    /// The table fails.
    pub async fn count_answers(&self, account: &AccountId, query: &str, more: &QueryCounts) -> Result<(), StoreError> {
        let mut call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&counts_key(account, query))))
            .update_expression("ADD #memory :memory, #table :table, #origin :origin, #stale :stale, #failed :failed");
        let QueryCounts { memory, table, origin, stale, failed } = more;
        for (name, count) in
            [("memory", memory), ("table", table), ("origin", origin), ("stale", stale), ("failed", failed)]
        {
            call = call.expression_attribute_names(format!("#{name}"), name);
            call = call.expression_attribute_values(format!(":{name}"), n(*count));
        }
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// A query's counts.
    ///
    /// # Errors
    /// The table fails.
    pub async fn answer_counts(&self, account: &AccountId, query: &str) -> Result<QueryCounts, StoreError> {
        let Some(item) = self.get(&counts_key(account, query), true).await? else { return Ok(QueryCounts::default()) };
        let get = |name: &str| number(&item, name).unwrap_or(0);
        Ok(QueryCounts {
            memory: get("memory"),
            table: get("table"),
            origin: get("origin"),
            stale: get("stale"),
            failed: get("failed"),
        })
    }
}

fn counts_key<'a>(account: &'a AccountId, query: &'a str) -> Key<'a> {
    Key::Document { account, kind: "query_counts", name: query }
}
