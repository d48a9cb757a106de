//! Bodies of the HTTP API.

mod ai;
mod conversations;
mod events;
mod intents;
mod knowledge;
mod macros;
mod moderation;
mod people;
mod reports;
mod rules;
mod settings;
mod tokens;
mod webhooks;
mod widget;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use ai::*;
pub use conversations::*;
pub use events::*;
pub use intents::*;
pub use knowledge::*;
pub use macros::*;
pub use moderation::*;
pub use people::*;
pub use reports::*;
pub use rules::*;
pub use settings::*;
pub use tokens::*;
pub use webhooks::*;
pub use widget::*;

/// A page of a list, and where the next one begins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    /// The rows.
    pub data: Vec<T>,
    /// Give it back as `cursor` for the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
