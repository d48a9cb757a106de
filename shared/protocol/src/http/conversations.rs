//! Conversations, their entries, and files.

use std::collections::BTreeMap;

use deskwire_domain::{AttachmentId, ContactId, ConversationId, InboxId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{EntryView, entry::StateView, server::ListRow};

/// A conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Its log's last seq.
    pub head: u64,
    /// Its state.
    pub state: StateView,
    /// Its row in lists, if it has been projected already; for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<ListRow>,
    /// How far each has read.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read: BTreeMap<String, u64>,
}

/// `POST /v1/conversations`: begins one for a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// With whom; for a visitor, themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactId>,
    /// Through which inbox; the account's first unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox: Option<InboxId>,
    /// The first message's id.
    pub client_id: String,
    /// The first message.
    pub content: deskwire_domain::Content,
}

/// A page of a log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EntriesPage {
    /// Entries in seq order, whichever way one pages.
    pub data: Vec<EntryView>,
    /// The log's last seq.
    pub head: u64,
    /// There are more in the direction that was asked for.
    pub more: bool,
}

/// `POST /v1/attachments`: announces an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAttachment {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its exact size in bytes.
    pub size: u64,
}

/// An attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// Its id, for a message's content.
    pub id: AttachmentId,
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// `PUT` the bytes here, with the announced `Content-Type`; only in the answer that announces it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload_url: Option<String>,
    /// `GET` the bytes here; lives minutes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<String>,
}
