//! What the API says of itself.

use std::sync::LazyLock;

use axum::{
    Router,
    extract::Path,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use deskwire_app::App;
use deskwire_domain::Code;
use deskwire_protocol::{
    asyncapi, openapi,
    webhook::{self, EventType},
};
use http::{StatusCode, header};

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/openapi.json", get(async || json(&OPENAPI)))
        .route("/asyncapi.json", get(async || json(&ASYNCAPI)))
        .route("/schemas/{kind}", get(schema))
        .route("/problems/{code}", get(problem))
        .route("/", get(async || Html(INDEX)))
}

static OPENAPI: LazyLock<String> = LazyLock::new(|| openapi::document().to_string());
static ASYNCAPI: LazyLock<String> = LazyLock::new(|| asyncapi::document().to_string());

fn json(text: &'static LazyLock<String>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// The schema of a webhook event, `message.created.json`: the whole envelope, with its data.
async fn schema(Path(file): Path<String>) -> Response {
    let kind = file.strip_suffix(".json").unwrap_or(&file);
    match EventType::ALL.iter().find(|known| known.as_str() == kind) {
        Some(kind) => {
            ([(header::CONTENT_TYPE, "application/schema+json")], webhook::schema(*kind).to_string()).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page of a code: what a problem's `type` leads to.
async fn problem(Path(code): Path<String>) -> Response {
    match Code::ALL.iter().find(|known| known.as_str() == code) {
        Some(code) => format!("{}\n\n{}\n", code.as_str(), code.advice()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

const INDEX: &str = "<!doctype html><meta charset=utf-8><title>Deskwire</title><h1>Deskwire</h1>\
<p>HTTP API: <a href=/openapi.json>openapi.json</a>. WebSocket: <a href=/asyncapi.json>asyncapi.json</a>.</p>";
