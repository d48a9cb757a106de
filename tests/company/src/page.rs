//! The back office: the page on which a human works in the shop, and its buttons.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{
        HeaderMap, HeaderName, Method, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
        },
    },
    middleware::{Next, from_fn_with_state},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event, KeepAlive},
    },
    routing::{get, post},
};
use futures::{Stream, StreamExt};
use serde::Deserialize;
use serde_json::json;
use tokio_stream::wrappers::WatchStream;

use crate::{
    business::said,
    shop::{News, Refused, Shop},
    state::Shared,
};

/// Nothing but the page's own files, and no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Its routes.
pub(crate) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    let file = |kind: &'static str, text: &'static str| get(move || async move { ([(CONTENT_TYPE, kind)], text) });
    Router::new()
        .route("/office", file("text/html; charset=utf-8", include_str!("page.html")))
        .route("/page.css", file("text/css; charset=utf-8", include_str!("page.css")))
        .route("/page.js", file("text/javascript; charset=utf-8", include_str!("page.js")))
        .route("/log", get(log))
        .route("/orders/{number}/{what}", post(press))
        .route("/customers/{customer}/tags", post(retag))
        .route_layer(from_fn_with_state(Arc::clone(shared), guard))
}

/// The shop's pages belong to this machine: no other web page may press their buttons. What is no browser may.
pub(crate) fn guarded(shared: &Shared, request: &Request) -> Option<Response> {
    let (headers, presses) = (request.headers(), request.method() == Method::POST);
    // A foreign name that leads to this address would make its own page ours.
    let host = text(headers, HOST).is_some_and(|host| is_own(shared, host));
    if !host || presses && !is_same_origin(shared, headers) {
        return Some(said(StatusCode::FORBIDDEN, "Only the shop's own page may do this."));
    }
    if presses && text(headers, CONTENT_TYPE).is_none_or(|kind| !kind.starts_with("application/json")) {
        return Some(said(StatusCode::UNSUPPORTED_MEDIA_TYPE, "A button is pressed with JSON."));
    }
    None
}

async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if let Some(refused) = guarded(&shared, &request) {
        return refused;
    }
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, next.run(request).await).into_response()
}

fn is_own(shared: &Shared, host: &str) -> bool {
    shared.url.strip_prefix("http://") == Some(host) || host == format!("localhost:{}", shared.port)
}

fn is_same_origin(shared: &Shared, headers: &HeaderMap) -> bool {
    let origin = text(headers, ORIGIN);
    let site = text(headers, HeaderName::from_static("sec-fetch-site"));
    site.is_none_or(|site| site == "same-origin")
        && origin.is_none_or(|origin| origin.strip_prefix("http://").is_some_and(|host| is_own(shared, host)))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or_default())
}

/// All that the page shows, now and after each change.
async fn log(State(shared): State<Arc<Shared>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let (changes, stopping) = (WatchStream::new(shared.changes()), shared.stopping.clone().cancelled_owned());
    let shown = move |()| Ok(Event::default().data(shared.read(|company| company.shown()).to_string()));
    Sse::new(changes.map(shown).take_until(stopping)).keep_alive(KeepAlive::default())
}

async fn press(State(shared): State<Arc<Shared>>, Path((number, what)): Path<(String, String)>) -> Response {
    let press: fn(&mut Shop, &str) -> Result<News, Refused> = match what.as_str() {
        "ship" => Shop::ship,
        "deliver" => Shop::deliver,
        "refund" => Shop::ask_refund,
        _ => return said(StatusCode::NOT_FOUND, "There is no such button."),
    };
    done(shared.act(|shop| press(shop, &number)))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tags {
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    remove: Vec<String>,
}

async fn retag(State(shared): State<Arc<Shared>>, Path(customer): Path<String>, Json(tags): Json<Tags>) -> Response {
    done(shared.act(|shop| shop.retag(&customer, &tags.add, &tags.remove)))
}

fn done(result: Result<String, Refused>) -> Response {
    match result {
        Ok(event) => (StatusCode::ACCEPTED, Json(json!({"event": event}))).into_response(),
        Err(refused @ Refused::Unknown(_)) => said(StatusCode::NOT_FOUND, &refused.words()),
        Err(refused @ Refused::NotNow(_)) => said(StatusCode::CONFLICT, &refused.words()),
    }
}
