//! What a message may hold: its text, its attributes, and the ids of FIFO queues.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{
    fault::{Code, Fault},
    limits::{FIFO_ID_CHARS, MESSAGE_ATTRIBUTE_NAME_CHARS, MESSAGE_ATTRIBUTES},
};

/// A message's attributes by name, sorted.
pub(crate) type MessageAttributes = BTreeMap<String, MessageAttribute>;

/// One typed value beside a message's body.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct MessageAttribute {
    /// `String`, `Number` or `Binary`, and after a period whatever the sender likes.
    pub data_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub string_value: Option<String>,
    /// In base64, as it comes and goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binary_value: Option<String>,
    /// SQS reserves lists and takes none; some SDKs send empty ones.
    #[serde(skip_serializing)]
    pub string_list_values: Vec<String>,
    /// As the other list.
    #[serde(skip_serializing)]
    pub binary_list_values: Vec<String>,
}

impl MessageAttribute {
    /// Bytes that count for the limit.
    fn bytes(&self) -> usize {
        let value = match (&self.string_value, &self.binary_value) {
            (Some(text), _) => text.len(),
            // Base64 has four characters for three bytes.
            (None, Some(binary)) => binary.trim_end_matches('=').len() * 3 / 4,
            (None, None) => 0,
        };
        self.data_type.len() + value
    }

    fn check(&self, name: &str) -> Result<(), Fault> {
        let refuse = |reason: &str| {
            Err(Fault::new(Code::InvalidParameterValue, format!("The message attribute '{name}' {reason}")))
        };
        if !self.string_list_values.is_empty() || !self.binary_list_values.is_empty() {
            return Err(Fault::new(Code::UnsupportedOperation, "Message attribute list values are not supported."));
        }
        if self.data_type.len() > MESSAGE_ATTRIBUTE_NAME_CHARS {
            return refuse("has a type that is longer than 256 characters.");
        }
        match (self.data_type.split('.').next(), &self.string_value, &self.binary_value) {
            (Some("String"), Some(text), None) if !text.is_empty() => check_characters(text),
            (Some("Number"), Some(text), None) if text.parse::<f64>().is_ok_and(f64::is_finite) => Ok(()),
            (Some("Number"), Some(_), None) => refuse("with type 'Number' must use a number as its value."),
            (Some("Binary"), None, Some(binary)) if !binary.is_empty() => match STANDARD.decode(binary) {
                Ok(_) => Ok(()),
                Err(_) => refuse("is not base64."),
            },
            (Some("String" | "Number" | "Binary"), ..) => {
                refuse("must contain a non-empty message attribute value of its type.")
            }
            _ => refuse(
                "has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
            ),
        }
    }
}

/// Bytes of a message as the limits count them.
pub(crate) fn bytes(body: &str, attributes: &MessageAttributes) -> usize {
    body.len() + attributes.iter().map(|(name, attribute)| name.len() + attribute.bytes()).sum::<usize>()
}

/// Whether these attributes may be sent.
pub(crate) fn check_attributes(attributes: &MessageAttributes) -> Result<(), Fault> {
    if attributes.len() > MESSAGE_ATTRIBUTES {
        let message = format!("Number of message attributes [{}] exceeds the allowed maximum [10].", attributes.len());
        return Err(Fault::new(Code::InvalidParameterValue, message));
    }
    for (name, attribute) in attributes {
        if !is_attribute_name(name) {
            return Err(Fault::new(Code::InvalidParameterValue, "Message (user) attribute name is invalid."));
        }
        attribute.check(name)?;
    }
    Ok(())
}

/// SQS keeps `AWS.` and `Amazon.` to itself, and a period must separate something.
fn is_attribute_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    (1..=MESSAGE_ATTRIBUTE_NAME_CHARS).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
        && name.split('.').all(|part| !part.is_empty())
        && !lower.starts_with("aws.")
        && !lower.starts_with("amazon.")
}

/// Whether a text has only what XML 1.0 can carry, as SQS's older protocol needs.
pub(crate) fn check_characters(text: &str) -> Result<(), Fault> {
    let valid = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    if text.chars().all(valid) {
        return Ok(());
    }
    Err(Fault::new(
        Code::InvalidMessageContents,
        "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | \
         #x10000 to #x10FFFF",
    ))
}

/// Whether this can be a message group id or a deduplication id.
pub(crate) fn check_fifo_id(parameter: &str, id: &str) -> Result<(), Fault> {
    if (1..=FIFO_ID_CHARS).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic()) {
        return Ok(());
    }
    Err(Fault::parameter(
        parameter,
        &format!("{parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(data_type: &str, value: &str) -> MessageAttribute {
        MessageAttribute {
            data_type: data_type.into(),
            string_value: Some(value.into()),
            ..MessageAttribute::default()
        }
    }

    #[test]
    fn attributes_have_a_name_a_type_and_a_value_that_fit_together() {
        let check = |name: &str, attribute: MessageAttribute| check_attributes(&[(name.to_owned(), attribute)].into());
        assert!(check("a.b-c_1", text("String.mine", "x")).is_ok());
        assert!(check("n", text("Number", "-1.5e3")).is_ok());
        for (name, attribute) in [
            ("", text("String", "x")),
            (".a", text("String", "x")),
            ("a..b", text("String", "x")),
            ("AWS.a", text("String", "x")),
            ("a", text("String", "")),
            ("a", text("Number", "one")),
            ("a", text("Binary", "x")),
            ("a", text("Date", "x")),
        ] {
            assert_eq!(check(name, attribute).unwrap_err().code, Code::InvalidParameterValue, "{name}");
        }
        assert_eq!(check("a", text("String", "\u{1}")).unwrap_err().code, Code::InvalidMessageContents);
    }

    #[test]
    fn names_types_and_values_all_count() {
        let binary = MessageAttribute { binary_value: Some(STANDARD.encode(b"1234")), ..text("Binary", "") };
        let attributes = [
            ("ab".to_owned(), text("String", "xyz")),
            ("c".to_owned(), MessageAttribute { string_value: None, ..binary }),
        ];
        assert_eq!(bytes("body", &attributes.into()), 4 + (2 + 6 + 3) + (1 + 6 + 4));
    }
}
