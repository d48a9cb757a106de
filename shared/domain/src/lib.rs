//! The rules of Deskwire, and nothing else.
//!
//! What a conversation may do next ([`machine`]), who may ask for it ([`permission`]), which agent gets it
//! ([`routing`]), how big and how fast things may be ([`limits`], [`bucket`]), how a reader puts a log together
//! ([`merge`]).
//!
//! Architecture invariant: no clock, no randomness, no I/O, no tokio, no AWS. Time and ids come in as arguments, so
//! every rule here can be tested by a property test in microseconds.

pub mod bot;
pub mod bucket;
pub mod content;
pub mod delivery;
pub mod event;
pub mod histogram;
pub mod hours;
pub mod ids;
pub mod limits;
pub mod machine;
pub mod merge;
pub mod permission;
pub mod principal;
pub mod priority;
pub mod refusal;
pub mod report;
pub mod routing;
pub mod search;
pub mod signature;
pub mod state;
pub mod turn;

pub use content::Content;
pub use event::{Author, AuthorKind, Event};
pub use hours::BusinessHours;
pub use ids::{
    AccountId, AgentId, AttachmentId, ContactId, ConversationId, EndpointId, EventSourceId, InboxId, TeamId,
};
pub use principal::{Principal, Role, Who};
pub use refusal::{Code, Refusal};
pub use state::{State, Status, Transfer, TransferTo};

/// A moment, always UTC; RFC 3339 in JSON. The app rounds it to milliseconds.
pub type Time = jiff::Timestamp;
