//! What a message holds. A kind that is known is checked; one that is not is kept as it is (newer clients may know it).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    AttachmentId, Code, Refusal,
    limits::{ATTACHMENT_BYTES, CARD_PARTS, CONTENT_BYTES, NAME_CHARS, TEXT_CHARS},
};

/// A message's content: `kind`, and what that kind has. Other kinds than the [`Known`] ones survive a round trip.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(with = "Known")]
pub struct Content(Map<String, Value>);

/// The kinds that Deskwire knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Known {
    /// Words.
    Text(TextContent),
    /// A picture, by reference.
    Image(FileContent),
    /// A file, by reference.
    File(FileContent),
    /// A rich card.
    Card(CardContent),
    /// Words from Deskwire itself; people cannot send it.
    System(TextContent),
}

/// Words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TextContent {
    /// Plain text: never markup.
    pub text: String,
    /// What it is taken from, where the company's articles were the source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

/// An article that a text is taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Its title.
    pub title: String,
    /// An `http(s)` address where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A file that was uploaded before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileContent {
    /// The upload.
    pub attachment: AttachmentId,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Words beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A card: an order, a product, a form of choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardContent {
    /// Its heading.
    pub title: String,
    /// Words under the heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// An `https` address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Rows of name and value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<CardField>,
    /// What can be pressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<CardButton>,
}

/// A row of a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardField {
    /// What it is.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A button: it opens `url`, or sends `postback`. One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardButton {
    /// What is written on it.
    pub label: String,
    /// An `http(s)` address to open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What is sent back to the company's systems when it is pressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postback: Option<String>,
}

const KNOWN_KINDS: [&str; 5] = ["text", "image", "file", "card", "system"];

impl Content {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        let mut map = Map::new();
        map.insert("kind".into(), "text".into());
        map.insert("text".into(), text.into().into());
        Self(map)
    }

    /// A card.
    pub fn card(card: CardContent) -> Self {
        Self::of(&Known::Card(card))
    }

    /// A text, and what it is taken from.
    pub fn cited(text: impl Into<String>, citations: Vec<Citation>) -> Self {
        Self::of(&Known::Text(TextContent { text: text.into(), citations }))
    }

    fn of(known: &Known) -> Self {
        match serde_json::to_value(known) {
            Ok(Value::Object(map)) => Self(map),
            // What is known is always an object.
            _ => Self(Map::new()),
        }
    }

    /// Whether only the company may send it: its links and buttons look like the company's.
    pub fn is_the_companys(&self) -> bool {
        self.kind() == Some("card") || self.0.contains_key("citations")
    }

    /// Each text in it that people read: words, titles, names, values, labels. What is an address, or of a kind that is
    /// not known here, is none.
    pub fn each_text(&mut self, mut look: impl FnMut(&mut String)) {
        const READ: [&str; 5] = ["text", "title", "name", "value", "label"];
        fn walk(map: &mut Map<String, Value>, look: &mut impl FnMut(&mut String)) {
            for (name, value) in map.iter_mut() {
                match value {
                    Value::String(text) if READ.contains(&name.as_str()) => look(text),
                    Value::Array(parts) => {
                        parts.iter_mut().filter_map(Value::as_object_mut).for_each(|part| walk(part, look));
                    }
                    _ => {}
                }
            }
        }
        walk(&mut self.0, &mut look);
    }

    /// The kind, if there is one.
    pub fn kind(&self) -> Option<&str> {
        self.0.get("kind").and_then(Value::as_str)
    }

    /// The words, where the kind has any.
    pub fn words(&self) -> Option<&str> {
        self.0.get("text").or_else(|| self.0.get("title")).and_then(Value::as_str)
    }

    /// The content as the kind that it is, or `None` for one that is not known here.
    ///
    /// # Errors
    /// A known kind with fields that it does not have.
    pub fn known(&self) -> Result<Option<Known>, Refusal> {
        if !self.kind().is_some_and(|kind| KNOWN_KINDS.contains(&kind)) {
            return Ok(None);
        }
        let known = serde_json::from_value(Value::Object(self.0.clone()))
            .map_err(|error| Refusal::with(Code::InvalidField, format!("content: {error}")))?;
        Ok(Some(known))
    }

    /// Whether a person may send this.
    ///
    /// # Errors
    /// The refusal that says what is wrong with it.
    pub fn check(&self) -> Result<(), Refusal> {
        let Some(kind) = self.kind().filter(|kind| !kind.is_empty() && kind.len() <= 40) else {
            return Err(Refusal::with(Code::InvalidField, "content.kind"));
        };
        if kind == "system" {
            return Err(Refusal::with(Code::Forbidden, "only Deskwire sends system messages"));
        }
        let bytes = serde_json::to_vec(&self.0).map_or(usize::MAX, |json| json.len());
        if bytes > CONTENT_BYTES && (kind != "text" || self.0.contains_key("citations")) {
            return Err(Code::TooLarge.into());
        }
        match self.known()? {
            Some(Known::Text(text) | Known::System(text)) => {
                check_text(&text.text)?;
                text.citations.iter().try_for_each(check_citation)
            }
            Some(Known::Image(file) | Known::File(file)) => check_file(&file),
            Some(Known::Card(card)) => check_card(&card),
            None => Ok(()),
        }
    }
}

/// Whether a text may be sent: something in it, not too long, no NUL.
///
/// # Errors
/// [`Code::Empty`], [`Code::TextTooLong`], [`Code::InvalidField`].
pub fn check_text(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Code::Empty.into());
    }
    if text.chars().count() > TEXT_CHARS {
        return Err(Refusal::with(Code::TextTooLong, format!("at most {TEXT_CHARS} characters")));
    }
    if text.contains('\0') {
        return Err(Refusal::with(Code::InvalidField, "text holds a NUL character"));
    }
    Ok(())
}

fn check_citation(citation: &Citation) -> Result<(), Refusal> {
    check_length("content.citations.title", &citation.title, NAME_CHARS)?;
    match &citation.url {
        Some(url) if !is_plain_link(url) => {
            Err(Refusal::with(Code::InvalidField, "a citation's url must be http or https"))
        }
        _ => Ok(()),
    }
}

fn check_file(file: &FileContent) -> Result<(), Refusal> {
    check_length("content.name", &file.name, NAME_CHARS)?;
    check_length("content.media_type", &file.media_type, NAME_CHARS)?;
    if file.size > ATTACHMENT_BYTES {
        return Err(Refusal::with(Code::TooLarge, format!("a file may have {ATTACHMENT_BYTES} bytes")));
    }
    file.text.as_deref().map_or(Ok(()), check_text)
}

fn check_card(card: &CardContent) -> Result<(), Refusal> {
    check_length("content.title", &card.title, NAME_CHARS)?;
    card.text.as_deref().map_or(Ok(()), check_text)?;
    if card.fields.len() > CARD_PARTS || card.buttons.len() > CARD_PARTS {
        return Err(Refusal::with(Code::TooLarge, format!("a card has at most {CARD_PARTS} fields and buttons")));
    }
    if card.picture.as_deref().is_some_and(|url| !url.starts_with("https://")) {
        return Err(Refusal::with(Code::InvalidField, "content.picture must start with https://"));
    }
    card.buttons.iter().try_for_each(check_button)
}

fn check_button(button: &CardButton) -> Result<(), Refusal> {
    check_length("content.buttons.label", &button.label, NAME_CHARS)?;
    match (&button.url, &button.postback) {
        (Some(url), None) if is_plain_link(url) => Ok(()),
        (Some(_), None) => Err(Refusal::with(Code::InvalidField, "a button's url must be http or https")),
        (None, Some(_)) => Ok(()),
        _ => Err(Refusal::with(Code::InvalidField, "a button has either url or postback")),
    }
}

/// An `http(s)` address that leads where it seems to: with no name before an `@`.
fn is_plain_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.split(['/', '?', '#']).next().unwrap_or_default().contains('@'))
}

/// Whether a short text has at least one and at most `max` characters.
///
/// # Errors
/// [`Code::InvalidField`] that names the field.
pub fn check_length(field: &str, text: &str, max: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() || text.chars().count() > max {
        return Err(Refusal::with(Code::InvalidField, format!("{field} needs 1 to {max} characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn content(value: Value) -> Content {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn an_unknown_kind_survives_and_a_known_one_is_checked() {
        let unknown = json!({"kind": "hologram", "beam": [1, 2, {"x": "y"}]});
        assert_eq!(serde_json::to_value(content(unknown.clone())).unwrap(), unknown);
        assert!(content(unknown).check().is_ok());
        for (bad, code) in [
            (json!({"kind": "text", "text": " "}), Code::Empty),
            (json!({"kind": "text", "text": "x".repeat(TEXT_CHARS + 1)}), Code::TextTooLong),
            (json!({"kind": "text", "text": "x", "html": "<b>"}), Code::InvalidField),
            (json!({"kind": "system", "text": "x"}), Code::Forbidden),
            (json!({"text": "x"}), Code::InvalidField),
            (
                json!({"kind": "card", "title": "t", "buttons": [{"label": "b", "url": "javascript:x"}]}),
                Code::InvalidField,
            ),
            (json!({"kind": "card", "title": "t", "buttons": [{"label": "b"}]}), Code::InvalidField),
            (
                json!({"kind": "card", "title": "t", "buttons": [{"label": "b", "url": "https://bank.example@evil.example/"}]}),
                Code::InvalidField,
            ),
            (json!({"kind": "blob", "data": "x".repeat(CONTENT_BYTES)}), Code::TooLarge),
        ] {
            assert_eq!(
                content(bad.clone()).check().unwrap_err().code,
                code,
                "{}",
                &bad.to_string()[..40.min(bad.to_string().len())]
            );
        }
    }

    #[test]
    fn the_longest_text_is_allowed_in_any_script() {
        assert!(Content::text("好".repeat(TEXT_CHARS)).check().is_ok());
    }
}
