//! The table. Every read and write that Deskwire makes of its state is a method here, with the account (the tenant)
//! as its first argument; every key is spelled in [`keys::Key`].
//!
//! Architecture invariant: alone in using `aws-sdk-dynamodb`, and no rule lives here: what may happen is decided in
//! `domain`, before. Leans on no engine's accident: transactions of at most 10 items, no old item asked of single
//! writes.

mod agents;
mod answers;
mod blobs;
mod contacts;
mod deliveries;
mod documents;
mod due;
mod error;
mod inbound;
mod item;
pub mod keys;
mod lines;
mod lists;
mod log;
mod once;
mod outcomes;
mod read_marks;
mod runs;
mod spent;
mod stream;
mod table;
mod watchers;

use aws_sdk_dynamodb::{Client, types::ReturnConsumedCapacity};

pub use agents::{AgentChange, AgentRecord, Desk};
pub use contacts::Reference;
pub use deliveries::delivery_id;
pub use documents::{Document, Versioned};
pub use due::{Due, DueKind};
pub use error::StoreError;
pub use inbound::Arrived;
pub use lines::Place;
pub use lists::{Facet, ListCursor, RowKeys};
pub use log::{Commit, CommitError, Direction, Occupancy, Opening, Page, Tail};
pub use once::{Begun, Stored};
pub use outcomes::{Ledger, Slot, Sum};
pub use runs::Run;
pub use stream::{AgentSeen, Change, FILTER_PREFIXES};
pub use table::definition;
pub use watchers::{Topic, Watcher};

/// The door to the table. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    client: Client,
    table: String,
}

impl Store {
    /// A door to `table`, by the SDK's configuration (endpoint, region, credentials, HTTP client).
    pub fn new(config: &aws_types::SdkConfig, table: impl Into<String>) -> Self {
        Self { client: Client::new(config), table: table.into() }
    }

    /// Makes the connection while nobody waits: Lambda calls it during INIT, so that the first visitor does not pay
    /// for the TLS handshake (DESIGN §7).
    ///
    /// # Errors
    /// The table cannot be reached.
    pub async fn warm(&self) -> Result<(), StoreError> {
        let key = keys::Key::Warm;
        self.get(&key, false).await.map(drop)
    }
}

/// Units are asked for with every call: the cost test and the metrics count them, and they cost nothing.
const CAPACITY: ReturnConsumedCapacity = ReturnConsumedCapacity::Total;
