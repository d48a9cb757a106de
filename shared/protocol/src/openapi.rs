//! The OpenAPI 3.1 document, made from [`ROUTES`] and the types' schemas.

use deskwire_domain::Code;
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use crate::{
    problem::{self, Problem},
    routes::{Access, ROUTES, Route},
    webhook::{self, EventType},
};

/// A generator whose definitions lie where both documents look for them (JSON Schema 2020-12).
pub(crate) fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        })
        .into_generator()
}

/// The document.
pub fn document() -> Value {
    let mut generator = generator();
    let mut paths = Map::new();
    for route in ROUTES {
        let operation = operation(route, &mut generator);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_lowercase()] = operation;
    }
    let problem = generator.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Deskwire",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Customer service that a company owns. Live events come over the WebSocket: see /asyncapi.json.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "webhooks": webhooks(),
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
                "signature": {"type": "apiKey", "in": "header", "name": "webhook-signature",
                              "description": "Standard Webhooks 1.0.0, with webhook-id and webhook-timestamp"},
            },
            "responses": {"Problem": {
                "description": format!("Refused; nothing was changed. Codes: {}.", Code::ALL.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(", ")),
                "content": {problem::MEDIA_TYPE: {"schema": problem}},
            }},
        },
    })
}

/// What endpoints get, by type. Each schema stands for itself at the address that the event names.
fn webhooks() -> Map<String, Value> {
    let webhook = |kind: &EventType| {
        let schema = json!({"$ref": webhook::schema_address(*kind)});
        let operation = json!({"post": {
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"2XX": {"description": "It has arrived; anything else is tried again"}},
        }});
        (kind.as_str().to_owned(), operation)
    };
    EventType::ALL.iter().map(webhook).collect()
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let mut operation = json!({
        "summary": route.summary,
        "operationId": operation_id(route),
        "tags": [route.path.split('/').nth(2).unwrap_or_default()],
        "parameters": parameters(route),
        "responses": {
            route.response.0.to_string(): response(route, generator),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    });
    if let Some(schema) = route.request {
        let schema = schema(generator);
        let content: Map<String, Value> = media_types(route.path)
            .iter()
            .map(|(media, batch)| {
                let schema = if *batch { json!({"type": "array", "items": &schema}) } else { json!(&schema) };
                ((*media).to_owned(), json!({"schema": schema}))
            })
            .collect();
        operation["requestBody"] = json!({"required": true, "content": content});
    }
    operation["security"] = match route.access {
        Access::Public => json!([]),
        Access::Signed => json!([{"bearer": []}, {"signature": []}]),
        _ => json!([{"bearer": []}]),
    };
    operation["x-access"] = match route.access {
        Access::Public => "public",
        Access::Anyone => "any token",
        Access::Staff => "agents",
        Access::Admin => "administrators",
        Access::Signed => "whoever signs it, or administrators",
    }
    .into();
    operation
}

/// The media types of a request's body, and whether it is a list of what the schema says.
fn media_types(path: &str) -> &'static [(&'static str, bool)] {
    match path {
        "/v1/token" => &[("application/json", false), ("application/x-www-form-urlencoded", false)],
        "/v1/rules" | "/v1/rules/check" => &[("application/yaml", false)],
        "/v1/events" => &[("application/cloudevents+json", false), ("application/cloudevents-batch+json", true)],
        _ => &[("application/json", false)],
    }
}

/// `get_v1_conversations_conversation_entries` and the like: stable, unique.
fn operation_id(route: &Route) -> String {
    let words = route.path.split(['/', '{', '}', '-']).filter(|word| !word.is_empty());
    std::iter::once(route.method.to_lowercase()).chain(words.map(str::to_owned)).collect::<Vec<_>>().join("_")
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let in_query = route.query.iter().map(|(name, what)| {
        let number = matches!(*name, "limit" | "after" | "before");
        let schema = if number { json!({"type": "integer", "minimum": 0}) } else { json!({"type": "string"}) };
        json!({"name": name, "in": "query", "description": what, "schema": schema})
    });
    // Not where there is no token: the answer is a credential, and a key that somebody guesses must not hand it out.
    let key = (route.method == "POST" && !matches!(route.access, Access::Public | Access::Signed)).then(|| {
        json!({"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "minLength": 1, "maxLength": 255},
               "description": "The same key with the same body is done once; the first answer comes again for 24 hours."})
    });
    in_path.chain(in_query).chain(key).collect()
}

fn response(route: &Route, generator: &mut SchemaGenerator) -> Value {
    match route.response.1 {
        Some(schema) => {
            json!({"description": route.summary, "content": {"application/json": {"schema": schema(generator)}}})
        }
        None => json!({"description": route.summary}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_is_whole() {
        let document = document();
        let text = document.to_string();
        for reference in text.split("\"$ref\":\"#/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(document.pointer(&format!("/{reference}")).is_some(), "nothing at #/{reference}");
        }
        insta::assert_json_snapshot!("openapi", document, {".info.version" => "[version]"});
    }

    #[test]
    fn no_two_operations_share_an_id() {
        let mut ids: Vec<_> = ROUTES.iter().map(operation_id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), ROUTES.len());
    }
}
