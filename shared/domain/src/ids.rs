//! Ids: a type each, prefixed, sortable by age. `#` separates key parts in the table, so no id may hold one.

use std::{fmt, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Longest id that is accepted: the prefix, a ULID's 26 characters, and room for ids that a migration brings along.
pub const MAX_ID_LENGTH: usize = 80;

/// An id that does not have the form of its kind. It is answered as an unknown id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}…")]
pub struct IdError {
    /// What the id should have started with.
    pub prefix: &'static str,
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[serde(try_from = "String", into = "String")]
        #[schemars(with = "String")]
        pub struct $name(String);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// An id from its unique part (a ULID, or a fixed word in the demo).
            pub fn new(unique: impl fmt::Display) -> Self {
                Self(format!(concat!($prefix, "{}"), unique))
            }

            /// The whole id, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The id without its prefix.
            pub fn unique(&self) -> &str {
                &self.0[$prefix.len()..]
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                well_formed(text, $prefix).then(|| Self(text.to_owned())).ok_or(IdError { prefix: $prefix })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn well_formed(text: &str, prefix: &str) -> bool {
    let Some(unique) = text.strip_prefix(prefix) else { return false };
    !unique.is_empty()
        && text.len() <= MAX_ID_LENGTH
        && unique.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

id_type!(
    /// An account: one company, the tenant. First argument of everything.
    AccountId, "acc_"
);
id_type!(
    /// One conversation: one log.
    ConversationId, "cnv_"
);
id_type!(
    /// A contact: the person a visitor is.
    ContactId, "con_"
);
id_type!(
    /// An agent.
    AgentId, "agt_"
);
id_type!(
    /// A team of agents, with a queue of its own.
    TeamId, "tea_"
);
id_type!(
    /// One configured channel.
    InboxId, "inb_"
);
id_type!(
    /// An uploaded file.
    AttachmentId, "att_"
);

id_type!(
    /// A webhook endpoint.
    EndpointId, "whe_"
);

id_type!(
    /// One of the company's systems that sends events.
    EventSourceId, "evs_"
);

/// The id of an entry, derived from its place, so that no replay can make a second one: `msg_<conversation>_<seq>`.
pub fn entry_id(conversation: &ConversationId, seq: u64) -> String {
    format!("msg_{}_{seq}", conversation.unique())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_keeps_its_prefix_and_refuses_others() {
        let id: ConversationId = "cnv_01J".parse().unwrap();
        assert_eq!((id.as_str(), id.unique()), ("cnv_01J", "01J"));
        for bad in ["", "cnv_", "con_01J", "cnv_a#b", "cnv_a b", "cnv_é", &format!("cnv_{}", "x".repeat(80))] {
            assert!(bad.parse::<ConversationId>().is_err(), "{bad}");
        }
        assert!(serde_json::from_str::<ConversationId>("\"agt_1\"").is_err());
    }
}
