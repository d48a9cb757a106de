//! What is known before anybody signs in.

use axum::{
    extract::{Path, State},
    response::IntoResponse,
};
use deskwire_app::App;
use deskwire_domain::{AccountId, InboxId};
use deskwire_protocol::http::{AgentProfile, SignOnOptions, WidgetConfig};
use http::header;
use serde::Deserialize;

use crate::{
    answer::{Answer, Refused, ok},
    gate::{Anyone, Asked, id},
};

/// Each page of a company's site asks for it: browsers and a CDN may keep it for a moment.
const CACHE: &str = "public, max-age=10";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    account: String,
    inbox: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whose {
    account: String,
}

pub(crate) async fn config(State(app): State<App>, Asked(which): Asked<Which>) -> Result<impl IntoResponse, Refused> {
    let account: AccountId = id(&which.account)?;
    let inbox: Option<InboxId> = which.inbox.as_deref().map(id).transpose()?;
    let config: WidgetConfig = app.widget(&account, inbox.as_ref()).await?;
    Ok(([(header::CACHE_CONTROL, CACHE)], axum::Json(config)))
}

pub(crate) async fn sign_on(State(app): State<App>, Asked(whose): Asked<Whose>) -> Answer<SignOnOptions> {
    let account: AccountId = id(&whose.account)?;
    ok(app.sign_on_options(&account).await)
}

pub(crate) async fn profile(
    State(app): State<App>,
    Path(agent): Path<String>,
    Anyone(caller): Anyone,
) -> Answer<AgentProfile> {
    ok(app.agent_profile(&caller, &id(&agent)?).await)
}
