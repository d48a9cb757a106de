//! Things too large for an item: trained models, indexes. Written in parts, under a name that is used once, so that
//! whoever reads never sees half of two.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use deskwire_domain::{AccountId, Time};

use crate::{
    Store, StoreError,
    item::{Item, TTL, keyed, n},
    keys::Key,
};

/// Bytes of one part: DynamoDB's item has 400 KB, with its keys.
const PART_BYTES: usize = 350 * 1024;
/// Parts of one thing: 35 MB, many times the largest model.
const PARTS: usize = 100;
/// What the sort key of each of them begins with. DynamoDB takes no empty text for a key, not even to ask for all.
const PART: &str = "00";
const DATA: &str = "data";

impl Store {
    /// Writes something large; it goes by itself where `until` says when.
    ///
    /// # Errors
    /// The table fails, or it is too large.
    pub async fn write_blob(
        &self,
        account: &AccountId,
        name: &str,
        bytes: &[u8],
        until: Option<Time>,
    ) -> Result<(), StoreError> {
        if bytes.len() > PARTS * PART_BYTES {
            return Err(StoreError::Malformed(format!("{name} is too large")));
        }
        // A job that comes again may have fewer parts to write.
        self.delete_blob(account, name).await?;
        for (part, bytes) in (0u32..).zip(bytes.chunks(PART_BYTES)) {
            let mut item = keyed(&Key::Blob { account, name, part });
            item.insert(DATA.to_owned(), AttributeValue::B(Blob::new(bytes)));
            if let Some(until) = until {
                item.insert(TTL.to_owned(), n(until.as_second()));
            }
            // One by one: a batch has at most 16 MB, and models are made seldom.
            self.put(item).await?;
        }
        Ok(())
    }

    /// Something large, if it is there.
    ///
    /// # Errors
    /// The table fails.
    pub async fn blob(&self, account: &AccountId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let items = self.all(&Key::Blob { account, name, part: 0 }.pk(), PART, true).await?;
        let data = |item: &Item| item.get(DATA)?.as_b().ok().map(|blob| blob.as_ref().to_vec());
        let parts: Vec<Vec<u8>> = items.iter().filter_map(data).collect();
        Ok((!parts.is_empty()).then(|| parts.concat()))
    }

    /// Deletes something large.
    ///
    /// # Errors
    /// The table fails.
    pub async fn delete_blob(&self, account: &AccountId, name: &str) -> Result<(), StoreError> {
        let items = self.all(&Key::Blob { account, name, part: 0 }.pk(), PART, true).await?;
        let parts = (0u32..).zip(&items).map(|(part, _)| keyed(&Key::Blob { account, name, part })).collect();
        self.write_many(vec![], parts).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parts_key_begins_as_it_is_asked_for() {
        let account = AccountId::new("a");
        let last = u32::try_from(PARTS - 1).unwrap();
        for part in [0, last] {
            assert!(Key::Blob { account: &account, name: "n", part }.sk().starts_with(PART));
        }
    }
}
