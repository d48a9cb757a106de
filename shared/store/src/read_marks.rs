//! How far each reader has read: one small item a reader, which only moves forward.

use std::collections::BTreeMap;

use deskwire_domain::{AccountId, ConversationId};

use crate::{
    Store, StoreError,
    item::{keyed, n, number, text},
    keys::{Key, READ_MARK},
};

impl Store {
    /// Moves a reader's mark forward; says whether it moved.
    ///
    /// # Errors
    /// The table fails.
    pub async fn mark_read(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        reader: &str,
        seq: u64,
    ) -> Result<bool, StoreError> {
        let mut item = keyed(&Key::ReadMark { account, conversation, reader });
        item.insert("seq".to_owned(), n(seq));
        match self.put_if(item, Some("attribute_not_exists(seq) OR seq < :seq"), [(":seq", n(seq))]).await {
            Err(StoreError::Condition) => Ok(false),
            result => result.map(|()| true),
        }
    }

    /// How far each has read.
    ///
    /// # Errors
    /// The table fails.
    pub async fn read_marks(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
    ) -> Result<BTreeMap<String, u64>, StoreError> {
        let pk = Key::Row { account, conversation }.pk();
        let items = self.all(&pk, READ_MARK, false).await?;
        let mark = |item| {
            let reader = text(item, "SK").ok()?.strip_prefix(READ_MARK)?.to_owned();
            Some((reader, number(item, "seq")?))
        };
        Ok(items.iter().filter_map(mark).collect())
    }
}
