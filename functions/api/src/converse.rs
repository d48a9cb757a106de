//! Conversations.

use axum::extract::{Path, Request, State};
use deskwire_app::{App, conversations::ListQuery};
use deskwire_domain::{Code, ConversationId, Refusal, Status};
use deskwire_protocol::{
    Ack,
    http::{Conversation, EntriesPage, NewConversation, Page},
    json,
    server::ListRow,
};
use serde::Deserialize;

use crate::{
    answer::{Answer, Created, Refused, created, ok},
    gate::{Anyone, Asked, Read, body, id},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lists {
    status: Option<String>,
    team: Option<String>,
    assignee: Option<String>,
    contact: Option<String>,
    label: Option<String>,
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn list(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Asked(lists): Asked<Lists>,
) -> Answer<Page<ListRow>> {
    let Lists { status, team, assignee, contact, label, q, cursor, limit } = lists;
    let status = status.as_deref().map(statuses).transpose()?.unwrap_or_default();
    let query = ListQuery { status, team, assignee, contact, label, q, cursor, limit };
    ok(app.list_conversations(&caller, &query).await)
}

fn statuses(text: &str) -> Result<Vec<Status>, Refused> {
    let status = |word: &str| Status::ALL.into_iter().find(|status| status.as_str() == word);
    let all: Option<Vec<_>> = text.split(',').map(status).collect();
    all.ok_or_else(|| Refusal::with(Code::InvalidField, "status").into())
}

pub(crate) async fn begin(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Read(new): Read<NewConversation>,
) -> Created<Ack> {
    created(app.begin_conversation(&caller, new).await)
}

pub(crate) async fn read(
    State(app): State<App>,
    Path(conversation): Path<String>,
    Anyone(caller): Anyone,
) -> Answer<Conversation> {
    let conversation: ConversationId = id(&conversation)?;
    ok(app.read_conversation(&caller, &conversation).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entries {
    after: Option<u64>,
    before: Option<u64>,
    limit: Option<usize>,
}

pub(crate) async fn entries(
    State(app): State<App>,
    Path(conversation): Path<String>,
    Anyone(caller): Anyone,
    Asked(asked): Asked<Entries>,
) -> Answer<EntriesPage> {
    let conversation: ConversationId = id(&conversation)?;
    ok(app.read_entries(&caller, &conversation, (asked.after, asked.before), asked.limit).await)
}

pub(crate) async fn act(
    State(app): State<App>,
    Path(conversation): Path<String>,
    Anyone(caller): Anyone,
    request: Request,
) -> Answer<Ack> {
    let conversation: ConversationId = id(&conversation)?;
    let bytes = body(request, &app).await?;
    let action = json::action(&bytes, conversation.as_str())?;
    ok(Box::pin(app.act_over_http(&caller, action)).await)
}
