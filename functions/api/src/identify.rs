//! Tokens and tickets.

use axum::{
    Json,
    extract::{Path, Request, State},
};
use deskwire_app::App;
use deskwire_domain::{AgentId, Code, Role, Who};
use deskwire_protocol::{
    http::{Ticket, TokenRequest, TokenResponse},
    json,
};
use http::{StatusCode, header};
use serde_json::{Map, Value};

use crate::{
    answer::{Answer, Created, Refused, done, ok},
    gate::{Admin, Anyone, body, id},
};

/// JSON, or a form as RFC 8693 has it.
pub(crate) async fn token(State(app): State<App>, request: Request) -> Answer<TokenResponse> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let form = kind.starts_with("application/x-www-form-urlencoded");
    let mut bytes = body(request, &app).await?.to_vec();
    if form {
        bytes = form_to_json(&bytes)?;
    }
    let asked: TokenRequest = json::body(&bytes)?;
    ok(Box::pin(app.token(&asked)).await)
}

fn form_to_json(bytes: &[u8]) -> Result<Vec<u8>, Refused> {
    let text = std::str::from_utf8(bytes).map_err(|_| Code::MalformedJson)?;
    let decode = |part: &str| {
        let spaced = part.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced)
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .map_err(|_| Code::MalformedJson)
    };
    let mut map = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        map.insert(decode(name)?, Value::String(decode(value)?));
    }
    Ok(Value::Object(map).to_string().into_bytes())
}

pub(crate) async fn ticket(State(app): State<App>, Anyone(caller): Anyone) -> Created<Ticket> {
    Ok((StatusCode::CREATED, Json(app.ticket(&caller)?)))
}

pub(crate) async fn revoke_own(State(app): State<App>, Anyone(caller): Anyone) -> Result<StatusCode, Refused> {
    done(app.revoke(caller.account(), &caller.principal.who).await)
}

pub(crate) async fn revoke_agent(
    State(app): State<App>,
    Path(agent): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    let agent: AgentId = id(&agent)?;
    app.read_agent(caller.account(), &agent).await?;
    done(app.revoke(caller.account(), &Who::Agent(agent, Role::Agent)).await)
}
