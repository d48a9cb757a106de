//! What people configure and look up: contacts, agents, teams, inboxes, canned responses, labels, the account.

use axum::extract::{Path, State};
use deskwire_app::App;
use deskwire_domain::Code;
use deskwire_protocol::http::{
    Account, AccountChange, Agent, AgentChange, CannedResponse, Contact, ContactChange, Inbox, InboxChange,
    LabelDefinition, Merge, Page, Team, TeamChange,
};
use deskwire_store::Document;
use http::StatusCode;
use serde::Deserialize;

use crate::{
    answer::{Answer, Created, Refused, created, done, ok},
    gate::{Admin, Anyone, Asked, Read, Staff, id},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    cursor: Option<String>,
    limit: Option<usize>,
}

impl Paging {
    pub(crate) fn parts(&self) -> (Option<&str>, Option<usize>) {
        (self.cursor.as_deref(), self.limit)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Contacts {
    q: Option<String>,
    cursor: Option<String>,
    limit: Option<usize>,
}

pub(crate) async fn list_contacts(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(asked): Asked<Contacts>,
) -> Answer<Page<Contact>> {
    ok(app.list_contacts(&caller, asked.q.as_deref(), (asked.cursor.as_deref(), asked.limit)).await)
}

pub(crate) async fn create_contact(
    State(app): State<App>,
    Staff(caller): Staff,
    Read(change): Read<ContactChange>,
) -> Created<Contact> {
    created(app.create_contact(&caller, change).await)
}

pub(crate) async fn read_contact(
    State(app): State<App>,
    Path(contact): Path<String>,
    Anyone(caller): Anyone,
) -> Answer<Contact> {
    ok(app.read_contact(&caller, &id(&contact)?).await)
}

pub(crate) async fn change_contact(
    State(app): State<App>,
    Path(contact): Path<String>,
    Anyone(caller): Anyone,
    Read(change): Read<ContactChange>,
) -> Answer<Contact> {
    ok(app.change_contact(&caller, &id(&contact)?, change).await)
}

pub(crate) async fn merge_contacts(
    State(app): State<App>,
    Path(contact): Path<String>,
    Staff(caller): Staff,
    Read(merge): Read<Merge>,
) -> Answer<Contact> {
    ok(app.merge_contacts(&caller, &id(&contact)?, &merge).await)
}

pub(crate) async fn list_agents(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Agent>> {
    ok(app.list_agents(&caller, page.cursor.as_deref(), page.limit).await)
}

pub(crate) async fn create_agent(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<AgentChange>,
) -> Created<Agent> {
    created(app.create_agent(&caller, change).await)
}

pub(crate) async fn read_agent(
    State(app): State<App>,
    Path(agent): Path<String>,
    Staff(caller): Staff,
) -> Answer<Agent> {
    ok(app.read_agent(caller.account(), &id(&agent)?).await)
}

pub(crate) async fn change_agent(
    State(app): State<App>,
    Path(agent): Path<String>,
    Admin(caller): Admin,
    Read(change): Read<AgentChange>,
) -> Answer<Agent> {
    ok(Box::pin(app.change_agent(&caller, &id(&agent)?, change)).await)
}

pub(crate) async fn list_teams(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Team>> {
    ok(app.list_documents(&caller, Document::Team, page.parts()).await)
}

pub(crate) async fn create_team(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<TeamChange>,
) -> Created<Team> {
    created(app.put_team(&caller, None, change).await)
}

pub(crate) async fn read_team(State(app): State<App>, Path(team): Path<String>, Staff(caller): Staff) -> Answer<Team> {
    ok(app.read_document(&caller, Document::Team, &team).await)
}

pub(crate) async fn change_team(
    State(app): State<App>,
    Path(team): Path<String>,
    Admin(caller): Admin,
    Read(change): Read<TeamChange>,
) -> Answer<Team> {
    ok(app.put_team(&caller, Some(id(&team)?), change).await)
}

pub(crate) async fn list_inboxes(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<Inbox>> {
    ok(app.list_documents(&caller, Document::Inbox, page.parts()).await)
}

pub(crate) async fn create_inbox(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<InboxChange>,
) -> Created<Inbox> {
    created(app.put_inbox(&caller, None, change).await)
}

pub(crate) async fn read_inbox(
    State(app): State<App>,
    Path(inbox): Path<String>,
    Staff(caller): Staff,
) -> Answer<Inbox> {
    ok(app.read_document(&caller, Document::Inbox, &inbox).await)
}

pub(crate) async fn change_inbox(
    State(app): State<App>,
    Path(inbox): Path<String>,
    Admin(caller): Admin,
    Read(change): Read<InboxChange>,
) -> Answer<Inbox> {
    ok(app.put_inbox(&caller, Some(id(&inbox)?), change).await)
}

pub(crate) async fn list_canned(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<CannedResponse>> {
    ok(app.list_documents(&caller, Document::CannedResponse, page.parts()).await)
}

pub(crate) async fn put_canned(
    State(app): State<App>,
    Path(short): Path<String>,
    Staff(caller): Staff,
    Read(response): Read<CannedResponse>,
) -> Answer<CannedResponse> {
    ok(app.put_canned(&caller, &short, response).await)
}

pub(crate) async fn delete_canned(
    State(app): State<App>,
    Path(short): Path<String>,
    Staff(caller): Staff,
) -> Result<StatusCode, Refused> {
    done(app.delete_document(&caller, Document::CannedResponse, &short).await)
}

pub(crate) async fn list_labels(
    State(app): State<App>,
    Staff(caller): Staff,
    Asked(page): Asked<Paging>,
) -> Answer<Page<LabelDefinition>> {
    ok(app.list_documents(&caller, Document::Label, page.parts()).await)
}

pub(crate) async fn put_label(
    State(app): State<App>,
    Path(name): Path<String>,
    Staff(caller): Staff,
    Read(label): Read<LabelDefinition>,
) -> Answer<LabelDefinition> {
    ok(app.put_label(&caller, &name, label).await)
}

pub(crate) async fn delete_label(
    State(app): State<App>,
    Path(name): Path<String>,
    Admin(caller): Admin,
) -> Result<StatusCode, Refused> {
    done(app.delete_document(&caller, Document::Label, &name).await)
}

pub(crate) async fn read_account(State(app): State<App>, Admin(caller): Admin) -> Answer<Account> {
    ok(app.read_account(&caller).await)
}

pub(crate) async fn change_account(
    State(app): State<App>,
    Admin(caller): Admin,
    Read(change): Read<AccountChange>,
) -> Answer<Account> {
    if change == AccountChange::default() {
        return Err(Code::Empty.into());
    }
    ok(app.change_account(&caller, change).await)
}
