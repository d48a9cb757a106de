//! The seam at which personal data is hidden from a model that runs elsewhere.

use std::sync::Arc;

use crate::agent::Conversation;

/// Hides personal data in what goes out, and puts it back into what comes in. One lives for one turn, so that the same
/// value is hidden behind the same words in all of it.
///
/// What it puts in a value's place has no whitespace in it, and consists of ASCII: only so is it never shown in half.
pub trait Masker: Send + Sync {
    /// The text, with other words for what must not go out.
    fn hide(&mut self, text: &str) -> String;
    /// The text, with the values for words that [`Masker::hide`] gave out; others stay as they are.
    fn reveal(&self, text: &str) -> String;
}

/// Makes a masker for a turn.
pub type NewMasker = Arc<dyn Fn(&Conversation) -> Box<dyn Masker> + Send + Sync>;

/// Hides nothing: for a model that runs in the company's own house.
#[derive(Debug, Clone, Copy)]
pub struct Open;

impl Masker for Open {
    fn hide(&mut self, text: &str) -> String {
        text.to_owned()
    }

    fn reveal(&self, text: &str) -> String {
        text.to_owned()
    }
}
