//! The file as it is written, with the place of everything that can be wrong.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_saphyr::Spanned;

/// A text with its place.
pub(crate) type Text = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub version: Spanned<u32>,
    #[serde(default)]
    pub queries: BTreeMap<String, Spanned<QueryText>>,
    #[serde(default)]
    pub rules: Vec<Spanned<RuleText>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueryText {
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub command: Option<Text>,
    #[serde(default)]
    pub anyone: bool,
    #[serde(default)]
    pub method: Method,
    pub url: Text,
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    #[serde(default)]
    pub body: Option<Text>,
    #[serde(default)]
    pub args: BTreeMap<String, Spanned<ArgText>>,
    #[serde(default)]
    pub timeout_seconds: Option<Spanned<u64>>,
    #[serde(default)]
    pub cache_seconds: Option<Spanned<i64>>,
    #[serde(default)]
    pub stale_seconds: Option<Spanned<i64>>,
    #[serde(default)]
    pub slots: BTreeMap<String, Text>,
    #[serde(default)]
    pub card: Option<CardText>,
}

/// The method of a query. One that changes something is none: an answer may come from a cache.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub(crate) enum Method {
    #[default]
    #[serde(rename = "GET")]
    Get,
    #[serde(rename = "POST")]
    Post,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArgText {
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub pattern: Option<Text>,
    #[serde(default)]
    pub from: Option<Text>,
    #[serde(default)]
    pub optional: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardText {
    pub title: Text,
    #[serde(default)]
    pub text: Option<Text>,
    #[serde(default)]
    pub picture: Option<Text>,
    #[serde(default)]
    pub fields: Vec<FieldText>,
    #[serde(default)]
    pub buttons: Vec<ButtonText>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldText {
    pub name: Text,
    pub value: Text,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ButtonText {
    pub label: Text,
    #[serde(default)]
    pub url: Option<Text>,
    #[serde(default)]
    pub postback: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleText {
    pub name: Text,
    pub when: WhenText,
    #[serde(default)]
    pub contact: Option<Spanned<ContactText>>,
    #[serde(rename = "do")]
    pub steps: Spanned<Vec<Spanned<StepText>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WhenText {
    #[serde(rename = "type")]
    pub kind: Text,
    #[serde(default)]
    pub source: Option<Text>,
    #[serde(default)]
    pub fields: BTreeMap<String, Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactText {
    #[serde(default)]
    pub external_id: Option<Text>,
    #[serde(default)]
    pub email: Option<Text>,
    #[serde(default)]
    pub phone: Option<Text>,
    #[serde(default)]
    pub create: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepText {
    Query(QueryStep),
    Card(CardStep),
    Message(Text),
    UpdateContact(UpdateText),
    SetTags(Text),
    Notify(Text),
    Label(LabelText),
    Open(Spanned<OpenText>),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueryStep {
    pub name: Text,
    #[serde(default)]
    pub args: BTreeMap<String, Text>,
    #[serde(rename = "as")]
    pub result: Text,
}

// Its own fields and not a flattened `CardText`: places are lost in what is flattened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CardStep {
    pub to: super::Audience,
    pub title: Text,
    #[serde(default)]
    pub text: Option<Text>,
    #[serde(default)]
    pub picture: Option<Text>,
    #[serde(default)]
    pub fields: Vec<FieldText>,
    #[serde(default)]
    pub buttons: Vec<ButtonText>,
}

impl CardStep {
    pub(crate) fn card(&self) -> CardText {
        let Self { title, text, picture, fields, buttons, .. } = self;
        CardText {
            title: title.clone(),
            text: text.clone(),
            picture: picture.clone(),
            fields: fields.clone(),
            buttons: buttons.clone(),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateText {
    #[serde(default)]
    pub name: Option<Text>,
    #[serde(default)]
    pub email: Option<Text>,
    #[serde(default)]
    pub phone: Option<Text>,
    #[serde(default)]
    pub attributes: BTreeMap<String, Text>,
    #[serde(default)]
    pub add_tags: Vec<Text>,
    #[serde(default)]
    pub remove_tags: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelText {
    #[serde(default)]
    pub add: Vec<Text>,
    #[serde(default)]
    pub remove: Vec<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenText {
    #[serde(default)]
    pub message: Option<Text>,
    #[serde(default)]
    pub note: Option<Text>,
    #[serde(default)]
    pub labels: Vec<Text>,
    #[serde(default)]
    pub inbox: Option<Text>,
    #[serde(default)]
    pub team: Option<Text>,
}
