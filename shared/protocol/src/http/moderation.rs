//! Messages that wait for a review.

use deskwire_domain::{Author, Content, ConversationId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A message that is held: the other side does not see it until somebody releases it (`review`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldMessage {
    /// Where.
    pub conversation: ConversationId,
    /// Its seq there.
    pub entry: u64,
    /// Who wrote it.
    pub author: Author,
    /// What.
    pub content: Content,
    /// The category of the words for which it is held.
    pub category: String,
    /// When.
    pub at: Time,
}
