//! Receives Deskwire's webhooks.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use serde_json::Value;
use standardwebhooks::HEADER_WEBHOOK_ID;

use crate::state::{Received, SOURCE, Shared, State as Company};

/// Everything is done in memory, so the answer is as quick as it should be.
pub(crate) async fn receive(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let id = headers.get(HEADER_WEBHOOK_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let kind = event["type"].as_str().unwrap_or_default().to_owned();
    shared.change(|company| {
        let verified = company.verifier.as_ref().is_some_and(|verifier| verifier.verify(&body, &headers).is_ok());
        let answer = if verified { take(company, &id, &event) } else { StatusCode::UNAUTHORIZED };
        // Words that anybody may have sent are not kept.
        let event = if verified { event } else { Value::Null };
        company.remember(Received { id, kind, event, verified, answer: answer.as_u16(), at: Timestamp::now() });
        answer
    })
}

/// What Deskwire signed.
fn take(company: &mut Company, id: &str, event: &Value) -> StatusCode {
    if company.failures > 0 {
        company.failures -= 1;
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    if !event.is_object() {
        return StatusCode::BAD_REQUEST;
    }
    let done = StatusCode::NO_CONTENT;
    // Deskwire repeats what it is not sure of; the second time there is nothing left to do.
    let seen = |received: &Received| received.verified && received.id == id && received.answer == done.as_u16();
    if !company.received.iter().any(seen) && event["type"] == "contact.updated" && event["origin"] != SOURCE {
        company.shop.take_over(&event["data"]["contact"]);
    }
    done
}
