//! Records of the table's stream, as `relay` gets them: which change of what they tell of.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use deskwire_domain::{AccountId, AgentId, ContactId};
use deskwire_protocol::{Entry, http::Contact};
use serde_json::Value;

use crate::{
    Arrived, StoreError,
    agents::record,
    contacts::ORIGIN,
    item::{Item, VERSION, doc, number, text},
    keys::{AGENT, CONTACT, ENTRY, INBOUND, MAKES_KNOWLEDGE, agent_of, conversation_of, documents_of, inbound_of},
    log::entry,
};

/// Sort keys that the stream's mapping lets through; everything else is nobody's business and costs no invocation.
pub const FILTER_PREFIXES: &[&str] = &[ENTRY, AGENT, CONTACT, INBOUND, MAKES_KNOWLEDGE[0], MAKES_KNOWLEDGE[1]];

/// What an agent's item says that routing may care for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentSeen {
    /// The teams.
    pub teams: Vec<deskwire_domain::TeamId>,
    /// Whether there may be room: online by its own word, and fewer conversations than capacity.
    pub room: bool,
}

/// A change that a record tells of.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// An entry was written.
    Entry {
        /// For whom.
        account: AccountId,
        /// Which.
        entry: Box<Entry>,
    },
    /// An agent changed, or was seen.
    Agent {
        /// For whom.
        account: AccountId,
        /// Which.
        agent: AgentId,
        /// As it is now.
        now: AgentSeen,
    },
    /// A contact was made or changed.
    Contact {
        /// For whom.
        account: AccountId,
        /// As it is since.
        contact: Box<Contact>,
        /// The source of the inbound event that caused it.
        origin: Option<String>,
    },
    /// An event came in.
    Inbound {
        /// For whom.
        account: AccountId,
        /// Which.
        arrived: Box<Arrived>,
    },
    /// An article, or what the search needs beside them, was written or deleted.
    Knowledge {
        /// For whom.
        account: AccountId,
    },
    /// Nothing that matters here: a deletion, an item of another kind.
    Other,
}

impl Change {
    /// The change that a record's `dynamodb` part tells of (`Keys` and `NewImage` in DynamoDB's JSON).
    ///
    /// # Errors
    /// The item is one of ours and cannot be read: a poison record.
    pub fn of(keys: &Value, new_image: Option<&Value>) -> Result<Self, StoreError> {
        let key = |name: &str| keys.pointer(&format!("/{name}/S")).and_then(Value::as_str).unwrap_or_default();
        let (pk, sk) = (key("PK"), key("SK"));
        // Also a deletion, which has no image.
        if let Some(account) = documents_of(pk).filter(|_| MAKES_KNOWLEDGE.iter().any(|prefix| sk.starts_with(prefix)))
        {
            return Ok(Self::Knowledge { account });
        }
        let Some(image) = new_image.map(item).filter(|item| !item.is_empty()) else { return Ok(Self::Other) };
        if sk.starts_with(ENTRY) {
            let (account, _) = conversation_of(pk).ok_or_else(|| StoreError::Malformed("PK of an entry".to_owned()))?;
            return Ok(Self::Entry { account, entry: Box::new(entry(&image)?) });
        }
        if sk == AGENT {
            let (account, agent) = agent_of(pk).ok_or_else(|| StoreError::Malformed("PK of an agent".to_owned()))?;
            let record = record(&image)?;
            let room = record.agent.status == deskwire_protocol::client::PresenceStatus::Online
                && !record.agent.disabled
                && record.agent.load < record.agent.capacity;
            return Ok(Self::Agent { account, agent, now: AgentSeen { teams: record.agent.teams, room } });
        }
        if sk == CONTACT {
            let (account, contact) = pk.split_once("#P#").unwrap_or_default();
            if let (Ok(account), Ok(_)) = (account.parse(), contact.parse::<ContactId>()) {
                let mut contact: Contact = doc(&image)?;
                contact.version = number(&image, VERSION).unwrap_or(0);
                let origin = text(&image, ORIGIN).ok().map(str::to_owned);
                return Ok(Self::Contact { account, contact: Box::new(contact), origin });
            }
        }
        if sk.starts_with(INBOUND) {
            let account = inbound_of(pk).ok_or_else(|| StoreError::Malformed("PK of an event".to_owned()))?;
            return Ok(Self::Inbound { account, arrived: Box::new(doc(&image)?) });
        }
        Ok(Self::Other)
    }
}

/// An item from DynamoDB's JSON; only the attribute types that Deskwire writes.
fn item(image: &Value) -> Item {
    let attribute = |value: &Value| {
        let (kind, value) = value.as_object()?.iter().next()?;
        match kind.as_str() {
            "S" => Some(AttributeValue::S(value.as_str()?.to_owned())),
            "N" => Some(AttributeValue::N(value.as_str()?.to_owned())),
            "SS" => {
                let strings = value.as_array()?.iter().filter_map(|text| text.as_str().map(str::to_owned));
                Some(AttributeValue::Ss(strings.collect()))
            }
            _ => None,
        }
    };
    let fields = image.as_object().into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.clone(), attribute(value)?))).collect::<HashMap<_, _>>()
}
