//! Search in the lists of conversations and contacts: every word that was typed must occur in one of a row's texts
//! (`deskwire_domain::search`). What is an id or an address is looked up directly.
//!
//! It is a bounded look along a list, the newest first, and no index: an index of every word would cost a write for each
//! of them with each message. A page may therefore be short, or empty, and still say where to go on.

use std::collections::{BTreeSet, HashMap};

use deskwire_domain::{AccountId, Code, ContactId, ConversationId, Status, search::Sought};
use deskwire_protocol::{
    http::{Contact, Page},
    server::ListRow,
};
use deskwire_rules::Who;
use deskwire_store::{ListCursor, RowKeys};

use crate::{
    App, AppError, Caller,
    conversations::{ListQuery, holds, page_cursor, page_limit, parse_cursor},
};

/// Rows that one page looks at: with their contacts about a thousand read units and a tenth of a second.
const LOOKED_AT: usize = 500;
/// The cursor of a page behind which the look along the list only begins.
const BEGUN: &str = "begun";
/// Rows that are read at a time.
const AT_A_TIME: usize = 100;

impl App {
    /// A page of the conversations that a search finds, the newest change first.
    pub(crate) async fn search_conversations(
        &self,
        caller: &Caller,
        query: &ListQuery,
        typed: &str,
    ) -> Result<Page<ListRow>, AppError> {
        let (sought, account) = (Sought::parse(typed)?, caller.account());
        if let Ok(id) = sought.typed().parse::<ConversationId>() {
            return self.one_conversation(caller, query, &id).await;
        }
        if query.contact.is_none()
            && let Some(contact) = self.contact_named(caller, sought.typed()).await?
        {
            let status = if query.status.is_empty() { Status::ALL.to_vec() } else { query.status.clone() };
            let theirs = ListQuery { status, contact: Some(contact.to_string()), ..query.clone() };
            return self.list_plainly(caller, &theirs).await;
        }
        let limit = page_limit(query.limit)?;
        let mut cursor = query.cursor.as_deref().map(parse_cursor).transpose()?.map(|cursor| cursor.at);
        let (sources, conditions) = self.sources(caller, query).await?;
        let (statuses, mut found, mut looked_at) = (query.statuses(), vec![], 0);
        loop {
            let page = self.list_merged(caller, sources.clone(), &statuses, (cursor.as_ref(), AT_A_TIME)).await?;
            looked_at += AT_A_TIME;
            let next = page.next_cursor;
            let rows = page.data.into_iter().filter(|row| conditions.iter().all(|condition| holds(condition, row)));
            found.extend(self.rows_with(account, rows.collect(), &sought).await?);
            if found.len() > limit {
                found.truncate(limit);
                let last = found
                    .last()
                    .map(|row: &ListRow| ListCursor { since: row.state.since, conversation: row.conversation.clone() });
                return Ok(Page { data: found, next_cursor: last.as_ref().map(page_cursor) });
            }
            match next {
                Some(next) if found.len() < limit && looked_at < LOOKED_AT => {
                    cursor = Some(parse_cursor(&next)?.at);
                }
                next_cursor => return Ok(Page { data: found, next_cursor }),
            }
        }
    }

    /// The conversation of an id, whether or not it is closed, if it fits whatever else is asked for.
    async fn one_conversation(
        &self,
        caller: &Caller,
        query: &ListQuery,
        id: &ConversationId,
    ) -> Result<Page<ListRow>, AppError> {
        let row = self.store.row(caller.account(), id).await?.map(|RowKeys { row, .. }| row);
        let (conditions, contacts) = self.conditions(caller, query).await?;
        let fits = |row: &ListRow| {
            (query.status.is_empty() || query.status.contains(&row.state.status))
                && conditions.iter().all(|condition| holds(condition, row))
                && (contacts.is_empty() || contacts.contains(&row.contact))
        };
        Ok(Page { data: row.into_iter().filter(fits).collect(), next_cursor: None })
    }

    /// Those rows in which, or in whose contacts, every word occurs.
    async fn rows_with(
        &self,
        account: &AccountId,
        rows: Vec<ListRow>,
        sought: &Sought,
    ) -> Result<Vec<ListRow>, AppError> {
        let ids: BTreeSet<&ContactId> = rows.iter().map(|row| &row.contact).collect();
        let contacts = self.store.contacts_of(account, ids).await?;
        let contacts: HashMap<&ContactId, &Contact> = contacts.iter().map(|contact| (&contact.id, contact)).collect();
        let is_in = |row: &ListRow| {
            let contact = contacts.get(&row.contact);
            let own = row.contact_name.iter().chain(&row.preview).chain(&row.state.labels).map(String::as_str);
            let theirs = contact.into_iter().flat_map(|contact| texts_of(contact));
            sought.is_in(own.chain(theirs), contact.and_then(|contact| contact.phone.as_deref()))
        };
        let found: Vec<bool> = rows.iter().map(is_in).collect();
        Ok(rows.into_iter().zip(found).filter_map(|(row, found)| found.then_some(row)).collect())
    }

    /// A page of the contacts that a search finds: whom an id or an address names, then the newest first.
    pub(crate) async fn search_contacts(
        &self,
        caller: &Caller,
        typed: &str,
        (cursor, limit): (Option<&str>, usize),
    ) -> Result<Page<Contact>, AppError> {
        let (sought, account) = (Sought::parse(typed)?, caller.account());
        let mut before = match cursor {
            None | Some(BEGUN) => None,
            Some(cursor) => Some(cursor.parse::<ContactId>().map_err(|_| Code::InvalidCursor)?),
        };
        let named = match self.contact_named(caller, sought.typed()).await? {
            Some(id) => self.store.contact(account, &id).await?,
            None => None,
        };
        if sought.typed().parse::<ContactId>().is_ok() {
            return Ok(Page { data: named.into_iter().collect(), next_cursor: None });
        }
        // Whom an address names comes first, and only there.
        let first = named.as_ref().map(|named| named.id.clone());
        let mut found: Vec<Contact> = named.into_iter().filter(|_| cursor.is_none()).collect();
        let is_in = |contact: &Contact| {
            Some(&contact.id) != first.as_ref() && sought.is_in(texts_of(contact), contact.phone.as_deref())
        };
        for _ in 0..LOOKED_AT / AT_A_TIME {
            let (contacts, next) = self.store.newest_contacts(account, before.as_ref(), AT_A_TIME).await?;
            for contact in contacts {
                let id = contact.id.clone();
                if is_in(&contact) {
                    if found.len() == limit {
                        let next = before.map_or_else(|| BEGUN.to_owned(), String::from);
                        return Ok(Page { data: found, next_cursor: Some(next) });
                    }
                    found.push(contact);
                }
                before = Some(id);
            }
            if next.is_none() || found.len() >= limit {
                return Ok(Page { data: found, next_cursor: next.map(String::from) });
            }
            before = next;
        }
        Ok(Page { data: found, next_cursor: before.map(String::from) })
    }

    /// The contact whose id, e-mail address or company's id somebody typed.
    async fn contact_named(&self, caller: &Caller, typed: &str) -> Result<Option<ContactId>, AppError> {
        if let Ok(id) = typed.parse::<ContactId>() {
            return Ok(Some(id));
        }
        if typed.contains('@')
            && let Some(id) = self.find_contact(caller, &Who::Email(typed.to_owned()), false).await?
        {
            return Ok(Some(id));
        }
        self.find_contact(caller, &Who::ExternalId(typed.to_owned()), false).await
    }
}

/// What of a contact is searched in, beside the telephone number.
fn texts_of(contact: &Contact) -> impl Iterator<Item = &str> {
    let own = contact.name.iter().chain(&contact.email).chain(&contact.external_id);
    own.chain(&contact.tags).map(String::as_str)
}
