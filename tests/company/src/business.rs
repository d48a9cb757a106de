//! The business API: what Deskwire's queries ask.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, Query, Request, State},
    http::{StatusCode, header::AUTHORIZATION},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use serde_json::{Value, json};
use subtle::ConstantTimeEq;

use crate::state::Shared;

/// Its routes.
pub(crate) fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/orders/{number}", get(order))
        .route("/api/customers", get(customers))
        .route("/api/customers/{customer}/orders/{number}", get(own_order))
        .route("/api/customers/{customer}/refunds/{number}", get(refund))
        .route_layer(from_fn_with_state(Arc::clone(shared), gate))
}

/// Whether the call has the token, and whether the API works today.
async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !bool::from(given.as_bytes().ct_eq(shared.token.as_bytes())) {
        return said(StatusCode::UNAUTHORIZED, "This API wants the shop's bearer token.");
    }
    let is_order = request.uri().path().starts_with("/api/orders/");
    let down = shared.change(|company| {
        company.order_lookups += u64::from(is_order);
        company.down
    });
    if down {
        return said(StatusCode::SERVICE_UNAVAILABLE, "The shop's systems are out of order.");
    }
    next.run(request).await
}

async fn order(State(shared): State<Arc<Shared>>, Path(number): Path<String>) -> Response {
    found(shared.read(|company| company.shop.order(&number).map(|order| json!(order))))
}

async fn own_order(State(shared): State<Arc<Shared>>, Path((customer, number)): Path<(String, String)>) -> Response {
    found(shared.read(|company| company.shop.order_of(&customer, &number).map(|order| json!(order))))
}

#[derive(Deserialize)]
struct Wanted {
    phone: String,
}

async fn customers(State(shared): State<Arc<Shared>>, Query(wanted): Query<Wanted>) -> Json<Value> {
    Json(shared.read(|company| json!(company.shop.by_phone(&wanted.phone))))
}

async fn refund(State(shared): State<Arc<Shared>>, Path((customer, number)): Path<(String, String)>) -> Response {
    found(shared.read(|company| company.shop.refund(&customer, &number)))
}

fn found(value: Option<Value>) -> Response {
    value.map_or_else(|| said(StatusCode::NOT_FOUND, "There is no such order."), |value| Json(value).into_response())
}

/// A refusal in a sentence.
pub(crate) fn said(status: StatusCode, words: &str) -> Response {
    (status, Json(json!({"error": words}))).into_response()
}
