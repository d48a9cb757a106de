//! The AI agent: how it is set up, what it learns from, how well it does.

use axum::extract::{Path, State};
use deskwire_app::App;
use deskwire_protocol::http::{
    AiSettings, Intent, IntentChange, ModelVersion, Page, QualityDay, ResolveUnanswered, Resolved, TestSentence,
    TestedSentence, UnansweredGroup,
};
use deskwire_store::Document;
use http::StatusCode;
use serde::Deserialize;

use crate::{
    answer::{Answer, Created, Refused, accepted, done, ok},
    configure::Paging,
    gate::{Admin, Asked, Read, Staff},
};

pub(crate) async fn settings(State(app): State<App>, Admin(caller): Admin) -> Answer<AiSettings> {
    ok(app.ai_settings(caller.account()).await)
}

pub(crate) async fn set(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(settings): Read<AiSettings>,
) -> Answer<AiSettings> {
    ok(app.put_ai_settings(&caller, settings).await)
}

pub(crate) async fn test(
    State(app): State<App>,
    Staff(caller): Staff,
    Read(sentence): Read<TestSentence>,
) -> Answer<TestedSentence> {
    ok(app.test_sentence(&caller, sentence).await)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Period {
    from: Option<String>,
    to: Option<String>,
}

pub(crate) async fn quality(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(period): Asked<Period>,
) -> Answer<Page<QualityDay>> {
    ok(app.quality(&caller, (period.from.as_deref(), period.to.as_deref())).await)
}

pub(crate) async fn unanswered(
    State(app): State<App>,
    Staff(caller): Staff,
    _: Asked<Paging>,
) -> Answer<Page<UnansweredGroup>> {
    ok(app.list_unanswered(&caller).await)
}

pub(crate) async fn resolve(
    State(app): State<App>,
    Staff(caller): Staff,
    Read(resolve): Read<ResolveUnanswered>,
) -> Answer<Resolved> {
    ok(app.resolve_unanswered(&caller, resolve).await)
}

pub(crate) async fn models(
    State(app): State<App>,
    Staff(caller): Staff,
    _: Asked<Paging>,
) -> Answer<Page<ModelVersion>> {
    ok(app.list_models(&caller).await)
}

pub(crate) async fn train(State(app): State<App>, Admin(caller): Admin) -> Created<ModelVersion> {
    accepted(app.ask_for_training(&caller).await)
}

pub(crate) async fn model(
    State(app): State<App>,
    Path(version): Path<String>,
    Staff(caller): Staff,
) -> Answer<ModelVersion> {
    ok(app.read_model(&caller, &version).await)
}

pub(crate) async fn serve(
    State(app): State<App>,
    Path(version): Path<String>,
    Admin(caller): Admin,
) -> Answer<ModelVersion> {
    ok(app.serve_model(&caller, &version).await)
}

pub(crate) async fn intents(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Intent>> {
    ok(app.list_documents(&caller, Document::Intent, page.parts()).await)
}

pub(crate) async fn intent(State(app): State<App>, Path(intent): Path<String>, Staff(caller): Staff) -> Answer<Intent> {
    ok(app.read_document(&caller, Document::Intent, &intent).await)
}

pub(crate) async fn put_intent(
    State(app): State<App>,
    Path(intent): Path<String>,
    Admin(caller): Admin,
    Read(change): Read<IntentChange>,
) -> Answer<Intent> {
    ok(app.put_intent(&caller, &intent, change).await)
}

pub(crate) async fn delete_intent(
    State(app): State<App>,
    Path(intent): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_intent(&caller, &intent).await)
}
