//! The shop as its customers see it, with Deskwire's widget in the page: one `<script>`, and the shop's own session to
//! say who writes.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Request, State},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY},
    },
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;

use crate::{
    Settings,
    business::said,
    page::guarded,
    sign_on::{self, SignOn},
    state::Shared,
};

/// What the storefront knows.
#[derive(Clone)]
pub(crate) struct Front {
    shared: Arc<Shared>,
    settings: Arc<Settings>,
    sign_on: Arc<SignOn>,
}

/// Its routes.
pub(crate) fn routes(shared: &Arc<Shared>, settings: &Settings, sign_on: &Arc<SignOn>) -> Router {
    let front =
        Front { shared: Arc::clone(shared), settings: Arc::new(settings.clone()), sign_on: Arc::clone(sign_on) };
    let file = |kind: &'static str, text: &'static str| get(move || async move { ([(CONTENT_TYPE, kind)], text) });
    Router::new()
        .route("/", get(page))
        .route("/store.css", file("text/css; charset=utf-8", include_str!("storefront.css")))
        .route("/store.js", file("text/javascript; charset=utf-8", include_str!("storefront.js")))
        .route("/catalogue", get(catalogue))
        .route("/session/{customer}", post(session))
        .route("/console/{agent}", get(console))
        .route_layer(from_fn_with_state(front.clone(), guard))
        .with_state(front)
}

/// A strict policy, as a careful shop has it: the widget needs Deskwire's scripts and connections, and nothing inline.
async fn guard(State(front): State<Front>, request: Request, next: Next) -> Response {
    if let Some(refused) = guarded(&front.shared, &request) {
        return refused;
    }
    let desk = front.settings.deskwire.trim_end_matches('/');
    let socket = desk.replacen("http", "ws", 1);
    let policy = format!(
        "default-src 'none'; script-src 'self' {desk}; style-src 'self'; connect-src 'self' {desk} {socket}; \
         img-src 'self' data: blob: {desk}; media-src {desk}; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_SECURITY_POLICY, &policy);
    set(REFERRER_POLICY, "no-referrer");
    set(CACHE_CONTROL, "no-store");
    response
}

async fn page(State(front): State<Front>) -> Response {
    let desk = front.settings.deskwire.trim_end_matches('/');
    let page = include_str!("storefront.html").replace("{{deskwire}}", desk);
    let page = page.replace("{{account}}", &front.settings.account);
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// What there is to buy is in the page; whose orders there are is the shop's to say.
async fn catalogue(State(front): State<Front>) -> Response {
    Json(front.shared.read(|company| company.shop.shown())).into_response()
}

/// The session of a customer who has signed in, for the widget: a real shop asks for a password before.
async fn session(State(front): State<Front>, Path(customer): Path<String>) -> Response {
    let known = front.shared.read(|company| company.shop.customer(&customer).cloned());
    let Some(known) = known else { return said(StatusCode::NOT_FOUND, "There is no such customer.") };
    let claims = json!({"sub": known.id, "name": known.name, "email": known.email, "phone_number": known.phone});
    match sign_on::token(&front.settings.sign_on_secret, sign_on::CUSTOMERS, claims) {
        Ok(token) => Json(json!({"token": token})).into_response(),
        Err(_) => said(StatusCode::INTERNAL_SERVER_ERROR, "The session cannot be signed."),
    }
}

/// One click into the console, signed in by the company: its token rides in the fragment, which no server sees.
async fn console(State(front): State<Front>, Path(agent): Path<String>) -> Response {
    let Some(Ok(token)) = front.sign_on.of_staff(&agent, None) else {
        return said(StatusCode::NOT_FOUND, "Nobody of that name works here.");
    };
    let desk = front.settings.deskwire.trim_end_matches('/');
    let address = format!("{desk}/console/?account={}#subject_token={token}", front.settings.account);
    (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response()
}
