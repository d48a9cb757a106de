//! All keys of the table, in one enum.
//!
//! `PK` begins with the account, so one tenant's key can never name another's item; no id holds a `#`.

use deskwire_domain::{AccountId, AgentId, ContactId, ConversationId, EndpointId, InboxId, TeamId};
use deskwire_protocol::inbound::SOURCE_DIGITS;

/// Digits of a seq in its key: a conversation has fewer than 10¹⁰ entries (1,000 a second for 115 days).
const SEQ_DIGITS: usize = 10;

/// The key of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are the parts of the key")]
pub enum Key<'a> {
    /// An entry of a log.
    Entry { account: &'a AccountId, conversation: &'a ConversationId, seq: u64 },
    /// A connection that follows a conversation's log.
    ConversationWatcher { account: &'a AccountId, conversation: &'a ConversationId, connection: &'a str },
    /// How far somebody has read.
    ReadMark { account: &'a AccountId, conversation: &'a ConversationId, reader: &'a str },
    /// A conversation's row in lists (a projection).
    Row { account: &'a AccountId, conversation: &'a ConversationId },
    /// A place in a list (a projection): the list's name, and where in it.
    Place { account: &'a AccountId, list: &'a str, at: &'a str },
    /// An agent: profile, status, capacity, conversations.
    Agent { account: &'a AccountId, agent: &'a AgentId },
    /// An agent's live connections.
    Desk { account: &'a AccountId, agent: &'a AgentId },
    /// A contact.
    Contact { account: &'a AccountId, contact: &'a ContactId },
    /// A visitor's live connection.
    ContactConnection { account: &'a AccountId, contact: &'a ContactId, connection: &'a str },
    /// The conversation that a contact's next message in an inbox continues.
    Current { account: &'a AccountId, contact: &'a ContactId, inbox: &'a InboxId },
    /// Who a company's own id is: `kind` is `agent` or `contact`.
    External { account: &'a AccountId, kind: &'a str, id: &'a str },
    /// A contact in the account's list of them, spread over shards.
    ContactIndex { account: &'a AccountId, contact: &'a ContactId },
    /// A document of the account: kind and name, such as `team` and its id.
    Document { account: &'a AccountId, kind: &'a str, name: &'a str },
    /// A connection that follows a team's list.
    TeamWatcher { account: &'a AccountId, team: &'a TeamId, connection: &'a str },
    /// Something that may be done once: a ticket, an idempotency key.
    Once { account: &'a AccountId, kind: &'a str, name: &'a str },
    /// An event for a webhook endpoint.
    Delivery { account: &'a AccountId, endpoint: &'a EndpointId, delivery: &'a str },
    /// A delivery that waits for its turn in the line of one subject.
    Line { account: &'a AccountId, endpoint: &'a EndpointId, subject: &'a str, at: &'a str },
    /// An event that came in.
    Inbound { account: &'a AccountId, event: &'a str },
    /// What was done about an event.
    InboundRun { account: &'a AccountId, event: &'a str },
    /// An event in the account's list of them, spread over shards.
    InboundIndex { account: &'a AccountId, shard: u8, at: &'a str },
    /// The answer of a business query.
    Answer { account: &'a AccountId, key: &'a str },
    /// Who asks the company's system at the moment.
    Asking { account: &'a AccountId, key: &'a str },
    /// A part of something large, such as a trained model.
    Blob { account: &'a AccountId, name: &'a str, part: u32 },
    /// Something that was counted, by the day and, in its sort key, the hour; spread over shards. `at` begins with the
    /// ledger's mark and the hour.
    Outcome { account: &'a AccountId, day: &'a str, shard: u8, at: &'a str },
    /// The sum of what was counted in a day or an hour.
    Sum { account: &'a AccountId, ledger: &'a str, period: &'a str },
    /// Tokens that models have cost an account on a day.
    Spent { account: &'a AccountId, day: &'a str },
    /// Something to be done at a time, over all accounts.
    Due { shard: u8, at: &'a str },
    /// An item that never exists, read to warm a connection.
    Warm,
}

/// Shards of the contacts' index: 8 × 1,000 new contacts a second.
pub const CONTACT_SHARDS: u8 = 8;

/// Shards of the inbound events' index: 8 × 1,000 events a second of one account.
pub const INBOUND_SHARDS: u8 = 8;

/// Shards of what is counted in a day: 8 × 1,000 conversations that begin, are given, answered or closed a second.
pub const OUTCOME_SHARDS: u8 = 8;

/// Shards of what is due: 8 × 1,000 writes a second over all accounts.
pub const DUE_SHARDS: u8 = 8;

impl Key<'_> {
    /// The partition key.
    pub fn pk(&self) -> String {
        match self {
            Self::Entry { account, conversation, .. }
            | Self::ConversationWatcher { account, conversation, .. }
            | Self::ReadMark { account, conversation, .. }
            | Self::Row { account, conversation } => format!("{account}#C#{conversation}"),
            Self::Place { account, list, .. } => format!("{account}#L#{list}"),
            Self::Agent { account, agent } | Self::Desk { account, agent } => format!("{account}#A#{agent}"),
            Self::Contact { account, contact }
            | Self::ContactConnection { account, contact, .. }
            | Self::Current { account, contact, .. } => format!("{account}#P#{contact}"),
            Self::External { account, kind, id } => format!("{account}#X#{kind}#{id}"),
            Self::ContactIndex { account, contact } => {
                format!("{account}#K#{}", shard(contact.as_str(), CONTACT_SHARDS))
            }
            Self::Document { account, .. } => format!("{account}#D"),
            Self::TeamWatcher { account, team, .. } => format!("{account}#T#{team}"),
            Self::Once { account, kind, name } => format!("{account}#O#{kind}#{name}"),
            Self::Delivery { account, endpoint, .. } => format!("{account}#H#{endpoint}"),
            Self::Line { account, endpoint, subject, .. } => format!("{account}#W#{endpoint}#{subject}"),
            // One partition a source: the stream keeps the order of a partition, and no other.
            Self::Inbound { account, event } | Self::InboundRun { account, event } => {
                format!("{account}#I#{}", event.get(..SOURCE_DIGITS).unwrap_or(event))
            }
            Self::InboundIndex { account, shard, .. } => format!("{account}#J#{shard}"),
            Self::Answer { account, key } | Self::Asking { account, key } => format!("{account}#Q#{key}"),
            Self::Blob { account, name, .. } => format!("{account}#B#{name}"),
            Self::Outcome { account, day, shard, .. } => format!("{account}#Y#{day}#{shard}"),
            Self::Spent { account, day } => format!("{account}#Y#{day}"),
            Self::Sum { account, period, .. } => format!("{account}#U#{period}"),
            Self::Due { shard, .. } => format!("DUE#{shard}"),
            Self::Warm => "WARM".to_owned(),
        }
    }

    /// The sort key.
    pub fn sk(&self) -> String {
        match self {
            Self::Entry { seq, .. } => format!("{ENTRY}{seq:0SEQ_DIGITS$}"),
            Self::ConversationWatcher { connection, .. } | Self::TeamWatcher { connection, .. } => {
                format!("{WATCHER}{connection}")
            }
            Self::ReadMark { reader, .. } => format!("{READ_MARK}{reader}"),
            Self::Row { .. } => "S".to_owned(),
            Self::Place { at, .. } | Self::Due { at, .. } | Self::Line { at, .. } | Self::InboundIndex { at, .. } => {
                (*at).to_owned()
            }
            Self::Inbound { event, .. } => format!("{INBOUND}{event}"),
            Self::InboundRun { event, .. } => format!("R#{event}"),
            Self::Blob { part, .. } => format!("{part:04}"),
            Self::Outcome { at, .. } => format!("{OUTCOME}{at}"),
            Self::Sum { ledger, .. } => (*ledger).to_owned(),
            Self::Spent { .. } => "S".to_owned(),
            Self::Answer { .. } => "1".to_owned(),
            Self::Asking { .. } => "L".to_owned(),
            Self::Agent { .. } => AGENT.to_owned(),
            Self::Desk { .. } => "D".to_owned(),
            Self::Contact { .. } => CONTACT.to_owned(),
            Self::ContactConnection { connection, .. } => format!("{CONNECTION}{connection}"),
            Self::Current { inbox, .. } => format!("O#{inbox}"),
            Self::External { .. } => "X".to_owned(),
            Self::ContactIndex { contact, .. } => contact.to_string(),
            Self::Document { kind, name, .. } => format!("{kind}#{name}"),
            Self::Once { .. } => "1".to_owned(),
            Self::Delivery { delivery, .. } => (*delivery).to_owned(),
            Self::Warm => "1".to_owned(),
        }
    }
}

/// What the sort key of an entry begins with.
pub const ENTRY: &str = "E#";
/// What the sort key of a watcher begins with.
pub const WATCHER: &str = "W#";
/// What the sort key of a read mark begins with.
pub const READ_MARK: &str = "R#";
/// What the sort key of a visitor's connection begins with.
pub const CONNECTION: &str = "N#";
/// The sort key of an agent.
pub const AGENT: &str = "A!";
/// The sort key of a contact.
pub const CONTACT: &str = "P!";
/// What the sort key of an event that came in begins with.
pub const INBOUND: &str = "I#";

/// What the sort key of an article begins with, and that of the AI agent's settings: from both the index is made.
pub const MAKES_KNOWLEDGE: [&str; 2] = ["article#", "ai#"];
/// What the sort key of something that was counted begins with.
pub const OUTCOME: &str = "T#";

/// A shard for a name, the same wherever it is asked for: FNV-1a, and a last mix so that ids that differ only in their
/// end are spread too.
pub fn shard(name: &str, shards: u8) -> u8 {
    let fnv = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325, fnv);
    let mixed = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    u8::try_from((mixed >> 33) % u64::from(shards)).unwrap_or(0)
}

/// The seq in an entry's sort key.
pub fn seq_of(sk: &str) -> Option<u64> {
    sk.strip_prefix(ENTRY)?.parse().ok()
}

/// Account and conversation of a conversation's partition.
pub fn conversation_of(pk: &str) -> Option<(AccountId, ConversationId)> {
    let (account, conversation) = pk.split_once("#C#")?;
    Some((account.parse().ok()?, conversation.parse().ok()?))
}

/// The account of inbound events' partition.
pub fn inbound_of(pk: &str) -> Option<AccountId> {
    pk.split_once("#I#")?.0.parse().ok()
}

/// The account of its documents' partition.
pub fn documents_of(pk: &str) -> Option<AccountId> {
    pk.strip_suffix("#D")?.parse().ok()
}

/// Account and agent of an agent's partition.
pub fn agent_of(pk: &str) -> Option<(AccountId, AgentId)> {
    let (account, agent) = pk.split_once("#A#")?;
    Some((account.parse().ok()?, agent.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_sort_by_seq_and_can_be_read_back() {
        let (account, conversation) = (AccountId::new("a"), ConversationId::new("c"));
        let key = |seq| Key::Entry { account: &account, conversation: &conversation, seq };
        assert!(key(9).sk() < key(10).sk() && key(99_999).sk() < key(100_000).sk());
        assert_eq!(seq_of(&key(12).sk()), Some(12));
        assert_eq!(conversation_of(&key(1).pk()), Some((account.clone(), conversation.clone())));
    }

    #[test]
    fn shards_are_used_evenly() {
        let mut counts = [0u32; 8];
        (0..8000).for_each(|n| counts[usize::from(shard(&format!("con_{n:026}"), 8))] += 1);
        assert!(counts.iter().all(|count| (800..1200).contains(count)), "{counts:?}");
    }
}
