//! What every request passes: who calls, what the body is, and whether it was done before.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Query, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use deskwire_app::{App, Caller, idempotency::Begin};
use deskwire_domain::{Code, Principal, Refusal, Role, Who, limits::HTTP_BODY_BYTES};
use deskwire_protocol::json;
use deskwire_telemetry::{Trace, within};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::answer::Refused;

const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What a request does belongs to the trace that its caller names (`traceparent`), else to the invocation's.
pub(crate) async fn traced(request: Request, next: Next) -> Response {
    let header = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    match header.and_then(Trace::from_traceparent) {
        Some(trace) => within("request", Some(trace), next.run(request)).await,
        None => next.run(request).await,
    }
}

/// Any caller with a token.
pub(crate) struct Anyone(pub Caller);
/// An agent.
pub(crate) struct Staff(pub Caller);
/// An administrator.
pub(crate) struct Admin(pub Caller);

async fn caller(headers: &HeaderMap, app: &App) -> Result<Caller, Refused> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    Ok(app.authenticate(header, Trace::current_id()).await?)
}

impl FromRequestParts<App> for Anyone {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        caller(&parts.headers, app).await.map(Self)
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        let caller = caller(&parts.headers, app).await?;
        if caller.principal.is_staff() { Ok(Self(caller)) } else { Err(Code::Forbidden.into()) }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        administrator(&parts.headers, app).await.map(Self)
    }
}

/// The administrator whose token a request brings.
pub(crate) async fn administrator(headers: &HeaderMap, app: &App) -> Result<Caller, Refused> {
    let caller = caller(headers, app).await?;
    match caller.principal {
        Principal { who: Who::Agent(_, Role::Admin), .. } => Ok(caller),
        _ => Err(Code::Forbidden.into()),
    }
}

/// A JSON body whose fields are all known.
pub(crate) struct Read<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest<App> for Read<T> {
    type Rejection = Refused;
    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let bytes = body(request, app).await?;
        Ok(Self(json::body(&bytes)?))
    }
}

/// A body of limited size.
pub(crate) async fn body(request: Request, app: &App) -> Result<Bytes, Refused> {
    Bytes::from_request(request, app).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.into(),
        _ => Code::MalformedJson.into(),
    })
}

/// A query whose values fit.
pub(crate) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Refused;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refused> {
        match Query::<T>::from_request_parts(parts, app).await {
            Ok(Query(query)) => Ok(Self(query)),
            Err(_) => Err(Refusal::with(Code::InvalidField, "a query parameter").into()),
        }
    }
}

/// An id in the address; one of another form is one that does not exist.
pub(crate) fn id<T: std::str::FromStr>(text: &str) -> Result<T, Refused> {
    text.parse().map_err(|_| Code::NotFound.into())
}

/// A POST with an `Idempotency-Key` is done once. The key belongs to the caller; without a valid token there is
/// nobody to whom it could, and the handler refuses anyway.
pub(crate) async fn idempotent(State(app): State<App>, request: Request, next: Next) -> Response {
    let key = request.headers().get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let Some(key) = key.filter(|_| request.method() == Method::POST) else { return next.run(request).await };
    match keyed(&app, &key, request, next).await {
        Ok(response) | Err(response) => response,
    }
}

async fn keyed(app: &App, key: &str, request: Request, next: Next) -> Result<Response, Response> {
    let Ok(caller) = caller(request.headers(), app).await else { return Ok(next.run(request).await) };
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, HTTP_BODY_BYTES).await.map_err(|_| Refused::from(Code::TooLarge).into_response())?;
    let begun = app.begin_keyed(caller.account(), (&caller.id(), key), (&path, &bytes)).await;
    let keyed = match begun.map_err(|error| Refused::from(error).into_response())? {
        Begin::Answer(status, body) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
            let kind =
                if status.is_client_error() { deskwire_protocol::problem::MEDIA_TYPE } else { "application/json" };
            return Ok((
                status,
                [(header::CONTENT_TYPE, kind), (header::HeaderName::from_static("idempotent-replayed"), "true")],
                body,
            )
                .into_response());
        }
        Begin::Do(keyed) => keyed,
    };
    let (parts, body) = next.run(Request::from_parts(parts, Body::from(bytes))).await.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    app.end_keyed(&keyed, parts.status.as_u16(), &text).await.map_err(|error| Refused::from(error).into_response())?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

/// A widget runs on the company's own pages, so any origin may ask; what it gets depends on its token, and no cookie
/// is ever looked at.
pub(crate) async fn open_to_browsers(request: Request, next: Next) -> Response {
    let preflight = request.method() == Method::OPTIONS;
    let mut response = if preflight { StatusCode::NO_CONTENT.into_response() } else { next.run(request).await };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if preflight {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, idempotency-key"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    response
}
