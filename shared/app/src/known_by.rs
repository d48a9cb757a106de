//! Who is meant by a company's own key: its id for a person, an e-mail address, a telephone number.

use deskwire_domain::{AccountId, Code, ContactId, Refusal};
use deskwire_protocol::http::{Contact, ContactChange};
use deskwire_rules::Who;
use deskwire_store::Reference;

use crate::{App, AppError, Caller, claims::vouched};

/// Bytes of a key: a partition key has at most 2,048 (DynamoDB), and its escapes may triple it.
const KEY_BYTES: usize = 512;

impl App {
    /// The contact that a key names; made where the rule says so and it is not known.
    pub(crate) async fn find_contact(
        &self,
        caller: &Caller,
        who: &Who,
        create: bool,
    ) -> Result<Option<ContactId>, AppError> {
        let account = caller.account();
        let (reference, key) = key_of(who);
        if key.is_empty() || key.len() > KEY_BYTES {
            let detail = format!("the contact's key needs 1 to {KEY_BYTES} bytes that mean something");
            return Err(Refusal::with(Code::InvalidField, detail).into());
        }
        let known = self.store.who_is(account, reference, &key).await?;
        if let Some(id) = &known
            && let Some(found) = self.still_has(account, id, who).await?
        {
            return Ok(Some(found.id));
        }
        if !create {
            return Ok(None);
        }
        let blank = ContactChange::default();
        let change = match who {
            Who::ExternalId(id) => {
                let made = self.create_contact(caller, ContactChange { external_id: Some(id.clone()), ..blank });
                return Ok(Some(made.await?.id));
            }
            Who::Email(email) => ContactChange { email: Some(email.clone()), ..blank },
            Who::Phone(phone) => ContactChange { phone: Some(phone.clone()), ..blank },
        };
        let id = ContactId::new(ulid::Ulid::generate());
        // Claimed before it is made: of two who do so at once, the second gets the first one's. An address that is
        // nobody's any more is taken over.
        let claimed = match known {
            None => self.store.claim(account, reference, &key, id.as_str()).await?,
            Some(_) => {
                self.store.reclaim(account, reference, &key, id.as_str()).await?;
                id.to_string()
            }
        };
        let id: ContactId = claimed.parse().map_err(|_| AppError::Failed("a contact's id".into()))?;
        if self.store.contact(account, &id).await?.is_none() {
            self.make_contact(caller, id.clone(), change).await?;
        }
        Ok(Some(id))
    }

    /// The contact to whom a reference leads, if it still has the key: an address that it no longer has is somebody
    /// else's by now, or nobody's.
    async fn still_has(&self, account: &AccountId, id: &str, who: &Who) -> Result<Option<Contact>, AppError> {
        let id: ContactId = id.parse().map_err(|_| AppError::Failed("a contact's id".into()))?;
        let id = self.survivor(account, id).await?;
        let found = self.store.contact(account, &id).await?;
        Ok(found.filter(|contact| matches!(who, Who::ExternalId(_)) || has(vouched(contact.clone()), who)))
    }

    /// Makes a contact findable by its addresses, as far as they are no claims of the person's own. Of two with the same
    /// one the sign-on's word counts more, then who changed last.
    pub(crate) async fn refer_to(&self, account: &AccountId, contact: &Contact) -> Result<(), AppError> {
        if contact.merged_into.is_some() {
            return Ok(());
        }
        let known = vouched(contact.clone());
        for who in known.email.map(Who::Email).into_iter().chain(known.phone.map(Who::Phone)) {
            let (reference, key) = key_of(&who);
            if key.is_empty() || key.len() > KEY_BYTES {
                continue;
            }
            let before = self.store.who_is(account, reference, &key).await?;
            if before.as_deref() == Some(contact.id.as_str()) {
                continue;
            }
            let holder = match &before {
                Some(id) => self.still_has(account, id, &who).await?,
                None => None,
            };
            if contact.verified || holder.is_none_or(|holder| !holder.verified) {
                self.store.reclaim(account, reference, &key, contact.id.as_str()).await?;
            }
        }
        Ok(())
    }
}

/// The reference under which a key is kept, and how it is spelled there; empty where it means nothing.
fn key_of(who: &Who) -> (Reference, String) {
    match who {
        Who::ExternalId(id) => (Reference::Contact, id.clone()),
        Who::Email(email) => (Reference::Email, email.trim().to_lowercase()),
        Who::Phone(phone) => {
            let digits = |char: &char| char.is_ascii_digit() || *char == '+';
            let key: String = phone.chars().filter(digits).collect();
            // 00 is how one dials a +.
            let key = key.strip_prefix("00").map_or(key.clone(), |rest| format!("+{rest}"));
            (Reference::Phone, if key.bytes().any(|byte| byte.is_ascii_digit()) { key } else { String::new() })
        }
    }
}

fn has(contact: Contact, who: &Who) -> bool {
    let own = match who {
        Who::ExternalId(_) => contact.external_id.map(Who::ExternalId),
        Who::Email(_) => contact.email.map(Who::Email),
        Who::Phone(_) => contact.phone.map(Who::Phone),
    };
    own.is_some_and(|own| key_of(&own) == key_of(who))
}
