//! Contacts: attributes, and two that are one person.

use std::collections::BTreeSet;

use deskwire_domain::{AccountId, Code, ContactId, Refusal, Time, Who, content::check_length, limits};
use deskwire_protocol::http::{Contact, ContactChange, Merge, Page};
use deskwire_store::Reference;
use serde_json::{Map, Value};

use crate::{App, AppError, Caller, claims, conversations::page_limit};

/// Merges that are followed: longer chains are no person's.
const MERGES: u32 = 16;

/// A contact of whom nothing is known.
pub(crate) fn blank(id: ContactId, now: Time) -> Contact {
    Contact {
        id,
        external_id: None,
        name: None,
        email: None,
        phone: None,
        avatar: None,
        attributes: Map::new(),
        tags: BTreeSet::new(),
        verified: false,
        claimed: BTreeSet::new(),
        merged_into: None,
        merged_from: vec![],
        created: now,
        version: 0,
    }
}

impl App {
    /// A page of contacts; of those that a search finds, where something is searched for.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_contacts(
        &self,
        caller: &Caller,
        q: Option<&str>,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<Contact>, AppError> {
        if let Some(typed) = q {
            return Box::pin(self.search_contacts(caller, typed, (cursor, page_limit(limit)?))).await;
        }
        let after = cursor.map(|cursor| cursor.parse::<ContactId>().map_err(|_| Code::InvalidCursor)).transpose()?;
        let (data, next) = self.store.contacts(caller.account(), after.as_ref(), page_limit(limit)?).await?;
        Ok(Page { data, next_cursor: next.map(String::from) })
    }

    /// A contact; a visitor may read themselves.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_contact(&self, caller: &Caller, id: &ContactId) -> Result<Contact, AppError> {
        if let Who::Visitor(me) = &caller.principal.who
            && me != id
        {
            return Err(Code::NotFound.into());
        }
        Ok(self.store.contact(caller.account(), id).await?.ok_or(Code::NotFound)?)
    }

    /// The contact that one became by merging, however often.
    pub(crate) async fn survivor(&self, account: &AccountId, contact: ContactId) -> Result<ContactId, AppError> {
        let mut id = contact;
        for _ in 0..MERGES {
            match self.store.contact(account, &id).await?.and_then(|contact| contact.merged_into) {
                Some(into) => id = into,
                None => break,
            }
        }
        Ok(id)
    }

    /// Makes a contact.
    ///
    /// # Errors
    /// [`Code::Conflict`] where the company's id is taken.
    pub async fn create_contact(&self, caller: &Caller, change: ContactChange) -> Result<Contact, AppError> {
        self.make_contact(caller, ContactId::new(ulid::Ulid::generate()), change).await
    }

    /// Makes a contact of this id.
    pub(crate) async fn make_contact(
        &self,
        caller: &Caller,
        id: ContactId,
        change: ContactChange,
    ) -> Result<Contact, AppError> {
        let mut contact = blank(id, self.now());
        contact.external_id.clone_from(&change.external_id);
        let mut contact = changed(contact, &change)?;
        if let Some(external) = &contact.external_id {
            let id = self.store.claim(caller.account(), Reference::Contact, external, contact.id.as_str()).await?;
            let id: ContactId = id.parse().map_err(|_| AppError::Failed("a contact's id".into()))?;
            if id != contact.id && self.store.contact(caller.account(), &id).await?.is_some() {
                return Err(Refusal::with(Code::Conflict, format!("external_id belongs to {id}")).into());
            }
            // Claimed, and never written: whoever did so died between the two.
            contact.id = id;
        }
        self.store.write_contact(caller.account(), &contact, caller.origin.as_deref()).await?;
        Ok(Contact { version: 1, ..contact })
    }

    /// Changes a contact; a visitor may say of themselves what forms ask for.
    ///
    /// # Errors
    /// [`Code::Conflict`] where it has changed meanwhile.
    pub async fn change_contact(
        &self,
        caller: &Caller,
        id: &ContactId,
        change: ContactChange,
    ) -> Result<Contact, AppError> {
        if !caller.principal.is_staff() {
            return self.change_oneself(caller, id, change).await;
        }
        let before = self.store.contact(caller.account(), id).await?.ok_or(Code::NotFound)?;
        if change.external_id.is_some() {
            return Err(Refusal::with(Code::InvalidField, "external_id is set when a contact is made").into());
        }
        if change.version.is_some_and(|version| version != before.version) {
            return Err(Code::Conflict.into());
        }
        self.write_changed_contact(caller, before, change).await
    }

    pub(crate) async fn write_changed_contact(
        &self,
        caller: &Caller,
        before: Contact,
        change: ContactChange,
    ) -> Result<Contact, AppError> {
        let mut contact = changed(before.clone(), &change)?;
        match caller.principal.who {
            Who::Visitor(_) => claims::claim(&mut contact, &before, &change),
            _ => claims::confirm(&mut contact, &change),
        }
        // What changes nothing is no event: two systems that tell each other the same thing come to rest.
        if contact == before {
            return Ok(before);
        }
        self.store.write_contact(caller.account(), &contact, caller.origin.as_deref()).await?;
        Ok(Contact { version: contact.version + 1, ..contact })
    }

    /// Merges another contact into this one: attributes that this one lacks, conversations, and the company's id.
    ///
    /// # Errors
    /// The refusal, or a failure; doing it again finishes what a failure left.
    pub async fn merge_contacts(&self, caller: &Caller, id: &ContactId, merge: &Merge) -> Result<Contact, AppError> {
        let account = caller.account();
        if *id == merge.from {
            return Err(Refusal::with(Code::InvalidField, "from: a contact cannot be merged into itself").into());
        }
        let mut contact = self.store.contact(account, id).await?.ok_or(Code::NotFound)?;
        let mut from =
            self.store.contact(account, &merge.from).await?.ok_or_else(|| Refusal::with(Code::NotFound, "from"))?;
        if contact.merged_into.is_some() || from.merged_into.as_ref().is_some_and(|into| into != id) {
            return Err(Refusal::with(Code::Conflict, "one of them was merged already").into());
        }
        for gone in std::iter::once(&from.id).chain(&from.merged_from) {
            if !contact.merged_from.contains(gone) {
                contact.merged_from.push(gone.clone());
            }
        }
        let before = contact.clone();
        contact.name = contact.name.or_else(|| from.name.clone());
        contact.email = contact.email.or_else(|| from.email.clone());
        contact.phone = contact.phone.or_else(|| from.phone.clone());
        contact.avatar = contact.avatar.or_else(|| from.avatar.clone());
        for (name, value) in &from.attributes {
            contact.attributes.entry(name.clone()).or_insert_with(|| value.clone());
        }
        contact.tags.extend(from.tags.iter().cloned());
        claims::take_over(&mut contact, &before, &from);
        let contact = checked(contact)?;
        self.store.write_contact(account, &contact, caller.origin.as_deref()).await?;
        from.merged_into = Some(id.clone());
        self.store.write_contact(account, &from, caller.origin.as_deref()).await?;
        if let Some(external) = &from.external_id {
            self.store.reclaim(account, Reference::Contact, external, id.as_str()).await?;
        }
        Ok(Contact { version: contact.version + 1, ..contact })
    }
}

fn changed(mut contact: Contact, change: &ContactChange) -> Result<Contact, Refusal> {
    for (name, value) in [
        ("name", &change.name),
        ("email", &change.email),
        ("phone", &change.phone),
        ("avatar", &change.avatar),
        ("external_id", &change.external_id),
    ] {
        value.as_deref().map_or(Ok(()), |value| check_length(name, value, limits::NAME_CHARS))?;
    }
    change.attributes.keys().try_for_each(|name| check_length("attributes", name, limits::LABEL_CHARS))?;
    take_over(&mut contact, change);
    if let Some(tags) = &change.tags {
        contact.tags.clone_from(tags);
    }
    contact.tags.extend(change.add_tags.iter().cloned());
    contact.tags.retain(|tag| !change.remove_tags.contains(tag));
    checked(contact)
}

/// Takes over who somebody is, as a change states it.
pub(crate) fn take_over(contact: &mut Contact, change: &ContactChange) {
    let fields = [
        (&mut contact.name, &change.name),
        (&mut contact.email, &change.email),
        (&mut contact.phone, &change.phone),
        (&mut contact.avatar, &change.avatar),
    ];
    for (field, stated) in fields {
        if stated.is_some() {
            field.clone_from(stated);
        }
    }
    for (name, value) in &change.attributes {
        if *value == Value::Null {
            contact.attributes.remove(name);
        } else {
            contact.attributes.insert(name.clone(), value.clone());
        }
    }
}

/// A contact that is not too large to be kept.
fn checked(contact: Contact) -> Result<Contact, Refusal> {
    contact.tags.iter().try_for_each(|tag| check_length("tags", tag, limits::LABEL_CHARS))?;
    if contact.tags.len() > limits::TAGS {
        return Err(Refusal::with(Code::TooLarge, format!("tags: at most {}", limits::TAGS)));
    }
    let bytes = serde_json::to_vec(&contact.attributes).map_or(usize::MAX, |json| json.len());
    if contact.attributes.len() > limits::ATTRIBUTES || bytes > limits::ATTRIBUTES_BYTES {
        let (most, bytes) = (limits::ATTRIBUTES, limits::ATTRIBUTES_BYTES);
        return Err(Refusal::with(Code::TooLarge, format!("attributes: at most {most}, {bytes} bytes")));
    }
    Ok(contact)
}
