//! The seam at which personal data is hidden from a model that runs elsewhere.

use std::sync::Arc;

use serde_json::Value;

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

    /// Hides in all texts of a value, and in numbers: a phone number may be one, and becomes a text then. Names of fields
    /// stay as they are.
    fn hide_value(&mut self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.hide(text),
            Value::Number(number) => {
                let digits = number.to_string();
                let hidden = self.hide(&digits);
                if hidden != digits {
                    *value = Value::String(hidden);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide_value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.hide_value(field)),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Reveals in all texts of a value.
    fn reveal_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.reveal(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.reveal_value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.reveal_value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
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
