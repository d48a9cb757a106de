//! The AsyncAPI 3.0 document of the WebSocket protocol, made from the frames' schemas.

use deskwire_domain::limits;
use serde_json::{Value, json};

use crate::{client::ClientFrame, openapi::generator, server::ServerFrame};

/// The document.
pub fn document() -> Value {
    let mut generator = generator();
    let client = generator.subschema_for::<ClientFrame>();
    let server = generator.subschema_for::<ServerFrame>();
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Deskwire",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Conversations, live. Get a ticket at POST /v1/tickets, connect with it, send `hello`. \
                            Pushes are hints: a gap in `seq` means `sync`.",
        },
        "defaultContentType": "application/json",
        "channels": {"socket": {
            "address": "/ws",
            "description": "One JSON object a frame.",
            "bindings": {"ws": {"query": {"type": "object", "required": ["ticket"], "properties": {"ticket": {"type": "string"}}}}},
            "messages": {
                "client": {"$ref": "#/components/messages/client"},
                "server": {"$ref": "#/components/messages/server"},
            },
        }},
        "operations": {
            "receive": {"action": "receive", "channel": {"$ref": "#/channels/socket"}, "messages": [{"$ref": "#/channels/socket/messages/client"}],
                        "summary": "What a client sends; `action` tells which."},
            "send": {"action": "send", "channel": {"$ref": "#/channels/socket"}, "messages": [{"$ref": "#/channels/socket/messages/server"}],
                     "summary": "What the server sends; `type` tells which."},
        },
        "components": {
            "messages": {
                "client": {"name": "client", "payload": client},
                "server": {"name": "server", "payload": server},
            },
            "schemas": generator.take_definitions(true),
        },
        "x-limits": {
            "frame_bytes": limits::FRAME_BYTES,
            "text_characters": limits::TEXT_CHARS,
            "content_bytes": limits::CONTENT_BYTES,
            "json_depth": limits::JSON_DEPTH,
            "page_entries": limits::PAGE_ENTRIES,
            "send_behind_entries": limits::SEND_BEHIND_ENTRIES,
            "frames_per_second": limits::CONNECTION_FRAMES_PER_SECOND,
            "frames_burst": limits::CONNECTION_FRAMES_BURST,
            "lease_seconds": limits::LEASE_SECONDS,
            "attachment_bytes": limits::ATTACHMENT_BYTES,
        },
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_document_is_whole() {
        let document = super::document();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(&format!("/{reference}")).is_some(), "nothing at #/{reference}");
        }
        insta::assert_json_snapshot!("asyncapi", document, {".info.version" => "[version]"});
    }
}
