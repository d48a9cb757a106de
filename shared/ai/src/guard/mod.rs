//! What of a mind's answer is believed: a model writes whatever a visitor talks it into, so nothing that it says is
//! done or shown unless it fits what was offered and allowed. The same holds for a mind elsewhere.

mod calls;
mod leak;
mod links;
mod words;

pub(crate) use calls::{CallFault, calls};
pub(crate) use leak::{Secrets, Watch};
pub(crate) use links::{hosts, without_links};
pub(crate) use words::{REPLY_CHARACTERS, cited, plain, shortened, unreadable, whole_sentences};

use deskwire_domain::content::CardContent;

use crate::agent::{ToolAnswer, ToolResult};

/// The cards that tools brought: a mind makes none itself.
pub(crate) fn cards(results: &[ToolResult]) -> Vec<CardContent> {
    let card = |result: &ToolResult| match &result.answer {
        ToolAnswer::Found { card, .. } => card.clone(),
        _ => None,
    };
    results.iter().filter_map(card).collect()
}
