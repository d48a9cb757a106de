//! What a person says of themselves, unless their company vouches for it. It is shown, and finds nobody's data: whoever
//! types another's address is not that person.

use deskwire_protocol::http::{Contact, ContactChange};
use serde_json::Value;

/// What precedes an attribute's name in [`Contact::claimed`].
const ATTRIBUTE: &str = "attributes.";

/// The fields that a change states, as [`Contact::claimed`] names them.
fn stated(change: &ContactChange) -> Vec<String> {
    let own = [("name", &change.name), ("email", &change.email), ("phone", &change.phone)];
    let own = own.into_iter().filter(|(_, value)| value.is_some()).map(|(name, _)| name.to_owned());
    own.chain(change.attributes.keys().map(|name| format!("{ATTRIBUTE}{name}"))).collect()
}

fn value(contact: &Contact, field: &str) -> Option<Value> {
    let text = |text: &Option<String>| text.clone().map(Value::from);
    match field {
        "name" => text(&contact.name),
        "email" => text(&contact.email),
        "phone" => text(&contact.phone),
        _ => contact.attributes.get(field.strip_prefix(ATTRIBUTE)?).cloned(),
    }
}

/// Notes what a person changed of themselves.
pub(crate) fn claim(contact: &mut Contact, before: &Contact, change: &ContactChange) {
    for field in stated(change) {
        let now = value(contact, &field);
        if now.is_none() {
            contact.claimed.remove(&field);
        } else if now != value(before, &field) {
            contact.claimed.insert(field);
        }
    }
}

/// What the company says, its people, systems or sign-on, is no claim any more.
pub(crate) fn confirm(contact: &mut Contact, change: &ContactChange) {
    for field in stated(change) {
        contact.claimed.remove(&field);
    }
}

/// Notes what was taken over from another contact, of whom it may have been a claim only.
pub(crate) fn take_over(contact: &mut Contact, before: &Contact, from: &Contact) {
    let taken = from.claimed.iter().filter(|field| value(before, field).is_none() && value(contact, field).is_some());
    let taken: Vec<String> = taken.cloned().collect();
    contact.claimed.extend(taken);
}

/// A contact as the company knows it: without what is only claimed.
pub(crate) fn vouched(mut contact: Contact) -> Contact {
    for field in std::mem::take(&mut contact.claimed) {
        match field.as_str() {
            "name" => contact.name = None,
            "email" => contact.email = None,
            "phone" => contact.phone = None,
            _ => {
                let name = field.strip_prefix(ATTRIBUTE).unwrap_or(&field);
                contact.attributes.remove(name);
            }
        }
    }
    contact
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contacts::blank;

    fn contact() -> Contact {
        blank("con_1".parse().unwrap(), jiff::Timestamp::UNIX_EPOCH)
    }

    fn says(email: &str, level: &str) -> ContactChange {
        let attributes = [("level".to_owned(), level.into())].into_iter().collect();
        ContactChange { email: Some(email.to_owned()), attributes, ..ContactChange::default() }
    }

    fn with(contact: &Contact, change: &ContactChange, by_themselves: bool) -> Contact {
        let mut after = contact.clone();
        after.email.clone_from(&change.email);
        after.attributes.extend(change.attributes.clone());
        if by_themselves {
            claim(&mut after, contact, change);
        } else {
            confirm(&mut after, change);
        }
        after
    }

    #[test]
    fn a_claim_stands_until_somebody_else_says_so() {
        let claimed = with(&contact(), &says("eve@shop.example", "gold"), true);
        let names: BTreeSet<String> = ["attributes.level".to_owned(), "email".to_owned()].into();
        assert_eq!(claimed.claimed, names);
        assert_eq!((vouched(claimed.clone()).email, vouched(claimed.clone()).attributes.len()), (None, 0));
        let confirmed = with(&claimed, &says("eve@shop.example", "gold"), false);
        assert_eq!(confirmed.claimed, BTreeSet::new());
        // Saying again what the company knows claims nothing.
        assert_eq!(with(&confirmed, &says("eve@shop.example", "gold"), true), confirmed);
        assert_eq!(vouched(confirmed.clone()), confirmed);
    }

    #[test]
    fn a_merge_makes_no_claim_true() {
        let from = with(&contact(), &says("eve@shop.example", "gold"), true);
        let known = with(&contact(), &says("ada@shop.example", "silver"), false);
        let mut into = known.clone();
        take_over(&mut into, &known, &from);
        assert_eq!(into, known, "what it had is not the other's");
        let mut into = Contact { email: from.email.clone(), ..contact() };
        take_over(&mut into, &contact(), &from);
        assert_eq!(into.claimed, ["email".to_owned()].into());
    }
}
