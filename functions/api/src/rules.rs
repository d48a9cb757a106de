//! Rules, the secrets that they name, and business queries.

use axum::extract::{Path, Request, State};
use deskwire_app::App;
use deskwire_domain::{Code, Refusal};
use deskwire_protocol::http::{
    CheckedRules, Page, QueryAnswer, QueryInfo, QueryRequest, RuleBook, SecretName, SecretValue,
};
use deskwire_store::Document;
use http::StatusCode;

use crate::{
    answer::{Answer, Refused, done, ok},
    configure::Paging,
    gate::{Admin, Asked, Read, Staff, body},
};

pub(crate) async fn read(State(app): State<App>, Admin(caller): Admin) -> Answer<RuleBook> {
    ok(app.read_rules(&caller).await)
}

pub(crate) async fn put(State(app): State<App>, Admin(caller): Admin, request: Request) -> Answer<RuleBook> {
    let yaml = text(request, &app).await?;
    ok(app.put_rules(&caller, yaml).await)
}

pub(crate) async fn check(State(app): State<App>, Admin(caller): Admin, request: Request) -> Answer<CheckedRules> {
    let yaml = text(request, &app).await?;
    ok(app.check_rules(&caller, &yaml).await)
}

/// The body as text, whatever its type says: editors and curl each say something else of YAML.
async fn text(request: Request, app: &App) -> Result<String, Refused> {
    let bytes = body(request, app).await?;
    let text = String::from_utf8(bytes.into());
    text.map_err(|_| Refusal::with(Code::InvalidField, "the file must be UTF-8").into())
}

pub(crate) async fn list_secrets(
    State(app): State<App>,
    Admin(caller): Admin,
    Asked(page): Asked<Paging>,
) -> Answer<Page<SecretName>> {
    ok(app.list_secrets(&caller, page.parts()).await)
}

pub(crate) async fn put_secret(
    State(app): State<App>,
    Path(name): Path<String>,
    Admin(caller): Admin,
    Read(secret): Read<SecretValue>,
) -> Result<StatusCode, Refused> {
    done(app.put_secret(&caller, &name, secret).await)
}

pub(crate) async fn delete_secret(
    State(app): State<App>,
    Path(name): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_document(&caller, Document::Secret, &name).await)
}

pub(crate) async fn queries(State(app): State<App>, Staff(caller): Staff, _: Asked<Paging>) -> Answer<Page<QueryInfo>> {
    ok(app.list_queries(&caller).await)
}

pub(crate) async fn ask(
    State(app): State<App>,
    Path(query): Path<String>,
    Staff(caller): Staff,
    Read(request): Read<QueryRequest>,
) -> Answer<QueryAnswer> {
    ok(app.ask(&caller, &query, request).await)
}
