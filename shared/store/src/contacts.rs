//! Contacts, who is who by the company's own ids, and visitors' live connections.

use deskwire_domain::{AccountId, ContactId, Time};
use deskwire_protocol::http::Contact;

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, VERSION, doc, keyed, n, number, s, text, with_doc},
    keys::{CONNECTION, CONTACT_SHARDS, Key},
};

/// Seconds that a visitor's connection lies around at most, as a watcher's lease does.
const CONNECTION_TTL_SECONDS: i64 = 2 * 3_600 + 600;

/// The attribute that says on whose behalf a contact was written.
pub(crate) const ORIGIN: &str = "origin";

/// What a company's own id refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference {
    /// A contact.
    Contact,
    /// An agent.
    Agent,
    /// A contact, by an e-mail address that it had when this was written; in lower case.
    Email,
    /// A contact, by a telephone number that it had when this was written; digits and `+` only.
    Phone,
}

impl Reference {
    fn word(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Agent => "agent",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

impl Store {
    /// A contact.
    ///
    /// # Errors
    /// The table fails.
    pub async fn contact(&self, account: &AccountId, contact: &ContactId) -> Result<Option<Contact>, StoreError> {
        let Some(item) = self.get(&Key::Contact { account, contact }, true).await? else { return Ok(None) };
        let mut contact: Contact = doc(&item)?;
        contact.version = number(&item, VERSION).unwrap_or(0);
        Ok(Some(contact))
    }

    /// Writes a contact, if its version is still the one in it (0 for a new one). `origin` is the source of the inbound
    /// event that asked for it; the stream hands it on.
    ///
    /// # Errors
    /// [`StoreError::Condition`] where it has changed meanwhile.
    pub async fn write_contact(
        &self,
        account: &AccountId,
        contact: &Contact,
        origin: Option<&str>,
    ) -> Result<(), StoreError> {
        if contact.version == 0 {
            let key = Key::ContactIndex { account, contact: &contact.id };
            self.put(keyed(&key)).await?;
        }
        let mut item = with_doc(&Key::Contact { account, contact: &contact.id }, contact)?;
        item.insert(VERSION.to_owned(), n(contact.version + 1));
        if let Some(origin) = origin {
            item.insert(ORIGIN.to_owned(), s(origin));
        }
        let condition = if contact.version == 0 { "attribute_not_exists(PK) OR version = :v" } else { "version = :v" };
        self.put_if(item, Some(condition), [(":v", n(contact.version))]).await
    }

    /// Who a company's own id is.
    ///
    /// # Errors
    /// The table fails.
    pub async fn who_is(
        &self,
        account: &AccountId,
        kind: Reference,
        external: &str,
    ) -> Result<Option<String>, StoreError> {
        let key = Key::External { account, kind: kind.word(), id: &escape(external) };
        self.get(&key, true).await?.map(|item| text(&item, "is").map(str::to_owned)).transpose()
    }

    /// Says who a company's own id is, once: whoever comes second gets the first one's answer.
    ///
    /// # Errors
    /// The table fails.
    pub async fn claim(
        &self,
        account: &AccountId,
        kind: Reference,
        external: &str,
        is: &str,
    ) -> Result<String, StoreError> {
        let escaped = escape(external);
        let mut item = keyed(&Key::External { account, kind: kind.word(), id: &escaped });
        item.insert("is".to_owned(), s(is));
        match self.put_if(item, Some("attribute_not_exists(PK)"), []).await {
            Ok(()) => Ok(is.to_owned()),
            Err(StoreError::Condition) => {
                let known = self.who_is(account, kind, external).await?;
                known.ok_or_else(|| StoreError::Malformed("external id".to_owned()))
            }
            Err(error) => Err(error),
        }
    }

    /// Says anew who a company's own id is: after a merge.
    ///
    /// # Errors
    /// The table fails.
    pub async fn reclaim(
        &self,
        account: &AccountId,
        kind: Reference,
        external: &str,
        is: &str,
    ) -> Result<(), StoreError> {
        let mut item = keyed(&Key::External { account, kind: kind.word(), id: &escape(external) });
        item.insert("is".to_owned(), s(is));
        self.put(item).await
    }

    /// A page of contacts, by id, and the id to go on after.
    ///
    /// # Errors
    /// The table fails.
    pub async fn contacts(
        &self,
        account: &AccountId,
        after: Option<&ContactId>,
        limit: usize,
    ) -> Result<(Vec<Contact>, Option<ContactId>), StoreError> {
        self.contacts_in(account, (after, true), limit).await
    }

    /// A page of contacts whose ids sort last, the last one first: the newest, for ids sort by age. And the id to go on
    /// before.
    ///
    /// # Errors
    /// The table fails.
    pub async fn newest_contacts(
        &self,
        account: &AccountId,
        before: Option<&ContactId>,
        limit: usize,
    ) -> Result<(Vec<Contact>, Option<ContactId>), StoreError> {
        self.contacts_in(account, (before, false), limit).await
    }

    async fn contacts_in(
        &self,
        account: &AccountId,
        (behind, forward): (Option<&ContactId>, bool),
        limit: usize,
    ) -> Result<(Vec<Contact>, Option<ContactId>), StoreError> {
        let shards = (0..CONTACT_SHARDS).map(|shard| self.contact_shard(account, shard, (behind, forward), limit));
        let mut ids: Vec<ContactId> = futures::future::try_join_all(shards).await?.into_iter().flatten().collect();
        ids.sort();
        if !forward {
            ids.reverse();
        }
        let more = ids.len() > limit;
        ids.truncate(limit);
        let mut contacts = self.contacts_of(account, &ids).await?;
        contacts.sort_by(|a, b| a.id.cmp(&b.id));
        if !forward {
            contacts.reverse();
        }
        Ok((contacts, if more { ids.pop() } else { None }))
    }

    /// The contacts of these ids, in no order; what does not exist is left out.
    ///
    /// # Errors
    /// The table fails.
    pub async fn contacts_of(
        &self,
        account: &AccountId,
        ids: impl IntoIterator<Item = &ContactId>,
    ) -> Result<Vec<Contact>, StoreError> {
        let keys: Vec<_> = ids.into_iter().map(|contact| Key::Contact { account, contact }).collect();
        let mut contacts = Vec::with_capacity(keys.len());
        for item in self.get_many(&keys).await? {
            let mut contact: Contact = doc(&item)?;
            contact.version = number(&item, VERSION).unwrap_or(0);
            contacts.push(contact);
        }
        Ok(contacts)
    }

    async fn contact_shard(
        &self,
        account: &AccountId,
        shard: u8,
        (behind, forward): (Option<&ContactId>, bool),
        limit: usize,
    ) -> Result<Vec<ContactId>, StoreError> {
        // '~' sorts behind everything that an id may hold.
        let first = if forward { "con_" } else { "con_~" };
        let condition = if forward { "PK = :pk AND SK > :behind" } else { "PK = :pk AND SK < :behind" };
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(condition)
            .expression_attribute_values(":pk", s(format!("{account}#K#{shard}")))
            .expression_attribute_values(":behind", s(behind.map_or(first, ContactId::as_str)))
            .scan_index_forward(forward)
            // One more than wanted tells whether there are more.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let items = output.items.unwrap_or_default();
        Ok(items.iter().filter_map(|item| text(item, "SK").ok()?.parse().ok()).collect())
    }

    /// Notes a visitor's live connection.
    ///
    /// # Errors
    /// The table fails.
    pub async fn connect_contact(
        &self,
        account: &AccountId,
        contact: &ContactId,
        connection: &str,
        now: Time,
    ) -> Result<(), StoreError> {
        let mut item = keyed(&Key::ContactConnection { account, contact, connection });
        item.insert(TTL.to_owned(), n(now.as_second() + CONNECTION_TTL_SECONDS));
        self.put(item).await
    }

    /// Forgets a visitor's connection.
    ///
    /// # Errors
    /// The table fails.
    pub async fn disconnect_contact(
        &self,
        account: &AccountId,
        contact: &ContactId,
        connection: &str,
    ) -> Result<(), StoreError> {
        self.delete(&Key::ContactConnection { account, contact, connection }).await
    }

    /// A visitor's connections that may be alive.
    ///
    /// # Errors
    /// The table fails.
    pub async fn contact_connections(
        &self,
        account: &AccountId,
        contact: &ContactId,
    ) -> Result<Vec<String>, StoreError> {
        let items = self.all(&Key::Contact { account, contact }.pk(), CONNECTION, true).await?;
        let connection = |item| text(item, "SK").ok()?.strip_prefix(CONNECTION).map(str::to_owned);
        Ok(items.iter().filter_map(connection).collect())
    }
}

/// A company's id as a part of a key: `#` separates the parts, so it is written as something else.
fn escape(external: &str) -> String {
    external.replace('%', "%25").replace('#', "%23")
}
