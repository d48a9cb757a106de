//! Macros.

use axum::extract::{Path, State};
use deskwire_app::App;
use deskwire_domain::ConversationId;
use deskwire_protocol::http::{Macro, MacroRun, Page, RunMacro};
use deskwire_store::Document;
use http::StatusCode;

use crate::{
    answer::{Answer, Refused, done, ok},
    configure::Paging,
    gate::{Asked, Read, Staff, id},
};

pub(crate) async fn list(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Macro>> {
    ok(app.list_macros(&caller, page.parts()).await)
}

pub(crate) async fn put(
    State(app): State<App>,
    Path(name): Path<String>,
    Staff(caller): Staff,
    Read(new): Read<Macro>,
) -> Answer<Macro> {
    ok(app.put_macro(&caller, &name, new).await)
}

pub(crate) async fn delete(
    State(app): State<App>,
    Path(name): Path<String>,
    Staff(caller): Staff,
) -> Result<StatusCode, Refused> {
    done(app.delete_document(&caller, Document::Macro, &name).await)
}

pub(crate) async fn run(
    State(app): State<App>,
    Path((conversation, name)): Path<(String, String)>,
    Staff(caller): Staff,
    Read(run): Read<RunMacro>,
) -> Answer<MacroRun> {
    let conversation: ConversationId = id(&conversation)?;
    ok(Box::pin(app.run_macro(&caller, (&conversation, &name), run)).await)
}
