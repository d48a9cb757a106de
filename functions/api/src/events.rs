//! Inbound events, and the systems that send them.

use axum::{
    Json,
    extract::{Path, Request, State},
};
use deskwire_app::{App, events::Signature};
use deskwire_domain::{AccountId, Code, Refusal};
use deskwire_protocol::{
    http::{Accepted, EventReport, EventSource, EventSourceChange, NewEventSource, Page},
    inbound::Brought,
};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use crate::{
    answer::{Answer, Created, Refused, created, done, ok},
    configure::Paging,
    gate::{Admin, Asked, Read, administrator, body, id},
};

pub(crate) async fn list_sources(
    State(app): State<App>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<EventSource>> {
    ok(app.list_sources(&caller, page.parts()).await)
}

pub(crate) async fn create_source(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<EventSourceChange>,
) -> Created<NewEventSource> {
    created(app.create_source(&caller, change).await)
}

pub(crate) async fn delete_source(
    State(app): State<App>,
    Path(source): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_source(&caller, &id(&source)?).await)
}

pub(crate) async fn change_source_secret(
    State(app): State<App>,
    Path(source): Path<String>,
    Admin(caller): Admin,
) -> Answer<NewEventSource> {
    ok(app.change_source_secret(&caller, &id(&source)?).await)
}

/// Whose events they are, where they are signed.
#[derive(Deserialize)]
pub(crate) struct Addressed {
    account: Option<String>,
    key: Option<String>,
}

pub(crate) async fn accept(
    State(app): State<App>,
    Asked(addressed): Asked<Addressed>,
    request: Request,
) -> Result<(StatusCode, Json<Accepted>), Refused> {
    let headers = request.headers().clone();
    let bytes = body(request, &app).await?;
    let (account, sources) = sender(&app, &headers, &addressed, &bytes).await?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let brought = Brought { content_type, header: &header, body: &bytes };
    Ok((StatusCode::ACCEPTED, Json(app.accept_events((&account, &sources), &brought).await?)))
}

/// The account for which a request speaks, by a token or by its signature; and in the name of which sources.
async fn sender(
    app: &App,
    headers: &HeaderMap,
    addressed: &Addressed,
    bytes: &[u8],
) -> Result<(AccountId, Vec<String>), Refused> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Ok((administrator(headers, app).await?.account().clone(), vec![]));
    }
    let get = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let (Some(id), Some(timestamp), Some(signature)) =
        (get("webhook-id"), get("webhook-timestamp"), get("webhook-signature"))
    else {
        let detail = "sign it (webhook-id, webhook-timestamp, webhook-signature), or bring an administrator's token";
        return Err(Refusal::with(Code::Unauthenticated, detail).into());
    };
    // A signature is over the body and webhook-id: what stands in other headers could be changed on the way.
    if get("ce-specversion").is_some() && get("ce-id") != Some(id) {
        let detail = "webhook-id: in binary mode it must be the ce-id, for headers are not signed";
        return Err(Refusal::with(Code::SignatureRefused, detail).into());
    }
    let (Some(account), Some(key)) = (&addressed.account, &addressed.key) else {
        let detail = "account and key: use the address that the event source was given";
        return Err(Refusal::with(Code::InvalidField, detail).into());
    };
    Ok(app.signed_by(&Signature { account, key, id, timestamp, signature }, bytes).await?)
}

pub(crate) async fn list(
    State(app): State<App>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<EventReport>> {
    ok(app.list_events(&caller, page.parts()).await)
}

pub(crate) async fn retry(
    State(app): State<App>,
    Path(event): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.retry_event(&caller, &event).await)
}

pub(crate) async fn read(
    State(app): State<App>,
    Path(event): Path<String>,
    Admin(caller): Admin,
) -> Answer<EventReport> {
    ok(app.read_event(&caller, &event).await)
}
