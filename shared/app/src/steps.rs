//! The steps of rules: what each does, by the same ways that people have.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::{
    Code, Content, Event, Refusal, Status, TeamId,
    content::{check_length, check_text},
    limits,
    machine::Command,
};
use deskwire_protocol::{
    ServerFrame,
    http::{ContactChange, Team},
};
use deskwire_rules::{Audience, Opening, Query, Step};
use deskwire_store::{Direction, Document};
use serde_json::{Map, Value};

use crate::{
    App, AppError, Caller,
    claims::vouched,
    conversation::Cursor,
    follow::{Did, Doing, Target},
    open::Beginning,
};

/// Rounds in which a change of a contact, or a conversation that begins, may lose against others.
const ROUNDS: u32 = 8;

impl App {
    pub(crate) async fn do_step(&self, doing: &mut Doing<'_>, step: &Step, client_id: &str) -> Result<Did, AppError> {
        if let (Some(why), false) = (&doing.about.unknown, matches!(step, Step::Query { .. })) {
            return Ok(Did::Nothing(why.clone()));
        }
        match step {
            Step::Query { name, args, result } => self.step_query(doing, (name, args), result).await,
            Step::Card(audience, card) => {
                let content = Content::card(doing.book().card(card, &doing.words)?);
                content.check()?;
                let text = content.words().unwrap_or_default().to_owned();
                let client_id = client_id.to_owned();
                let command = match audience {
                    Audience::Visitor => Command::Send { content, client_id },
                    Audience::Agents => {
                        Command::Note { text, content: Some(content), mentions: BTreeSet::new(), client_id }
                    }
                };
                self.everywhere(doing, &command).await
            }
            Step::Message(text) => {
                let content = Content::text(self.words(doing, text)?);
                content.check()?;
                self.everywhere(doing, &Command::Send { content, client_id: client_id.to_owned() }).await
            }
            Step::Notify(text) => self.step_notify(doing, text, client_id).await,
            Step::Label { add, remove } => {
                let (add, remove) = (self.names(doing, add)?, self.names(doing, remove)?);
                add.iter().chain(&remove).try_for_each(|name| check_length("label", name, limits::LABEL_CHARS))?;
                self.everywhere(doing, &Command::Label { add, remove }).await
            }
            Step::UpdateContact { fields, attributes, add_tags, remove_tags } => {
                let field = |name: &str| fields.get(name).map(|text| self.words(doing, text)).transpose();
                let change = ContactChange {
                    name: field("name")?,
                    email: field("email")?,
                    phone: field("phone")?,
                    attributes: self.attributes_of(doing, attributes)?,
                    add_tags: self.names(doing, add_tags)?,
                    remove_tags: self.names(doing, remove_tags)?,
                    ..ContactChange::default()
                };
                self.step_change(doing, change).await
            }
            Step::SetTags(path) => {
                let tags = Some(tags_at(&path.query(doing.event).all())?);
                self.step_change(doing, ContactChange { tags, ..ContactChange::default() }).await
            }
            Step::Open(opening) => self.step_open(doing, opening, client_id).await,
        }
    }

    fn words(&self, doing: &Doing<'_>, template: &str) -> Result<String, AppError> {
        Ok(doing.book().text(template, &doing.words)?.trim().to_owned())
    }

    /// Labels or tags by their templates.
    fn names(&self, doing: &Doing<'_>, templates: &[String]) -> Result<BTreeSet<String>, AppError> {
        templates.iter().map(|template| self.words(doing, template)).collect()
    }

    /// Attributes by their templates; one that comes out empty goes.
    fn attributes_of(
        &self,
        doing: &Doing<'_>,
        attributes: &BTreeMap<String, String>,
    ) -> Result<Map<String, Value>, AppError> {
        let mut all = Map::new();
        for (name, template) in attributes {
            let text = self.words(doing, template)?;
            all.insert(name.clone(), if text.is_empty() { Value::Null } else { text.into() });
        }
        Ok(all)
    }

    async fn step_query(
        &self,
        doing: &mut Doing<'_>,
        (name, args): (&str, &BTreeMap<String, String>),
        result: &str,
    ) -> Result<Did, AppError> {
        let mut given = Map::new();
        for (name, template) in args {
            given.insert(name.clone(), self.words(doing, template)?.into());
        }
        // Until there is an answer, and where there is none: nothing, which templates can live with.
        let slots = doing.book().queries.get(name).map(Query::no_slots).unwrap_or_default();
        doing.words.insert(result.to_owned(), Value::Object(slots));
        let account = doing.caller.account();
        let contact = doing.contact.clone().map(vouched);
        let answer = self.ask_as(account, doing.known, (name, &given), contact.as_ref()).await?;
        doing.words.insert(result.to_owned(), Value::Object(answer.slots));
        Ok(Did::Done(answer.stale.then(|| "an old answer: the system did not give a new one".to_owned())))
    }

    /// Does something in all live conversations of the contact.
    async fn everywhere(&self, doing: &Doing<'_>, command: &Command) -> Result<Did, AppError> {
        let mut done = vec![];
        for target in &doing.about.live {
            match self.say_once(&doing.caller, target, command).await {
                Ok(()) => done.push(target.conversation.to_string()),
                // It was closed meanwhile.
                Err(AppError::Refused(refusal)) if refusal.code == Code::ConversationClosed => {}
                Err(error) => return Err(error),
            }
        }
        if done.is_empty() {
            return Ok(Did::Nothing("the contact has no live conversation".to_owned()));
        }
        Ok(Did::Done(Some(done.join(", "))))
    }

    /// Does something in a conversation, unless it was done since the event was begun.
    async fn say_once(&self, caller: &Caller, target: &Target, command: &Command) -> Result<(), AppError> {
        let Some(client_id) = command.client_id() else {
            return self.act(caller, &target.conversation, Cursor::Head, command.clone()).await.map(drop);
        };
        let said = self.act(caller, &target.conversation, Cursor::After(target.after), command.clone()).await;
        match said {
            Err(AppError::Refused(refusal)) if refusal.code == Code::SyncRequired => {}
            said => return said.map(drop),
        }
        // Much has been said since: it is looked through once.
        let mut after = target.after;
        loop {
            let page = self
                .store
                .page(caller.account(), &target.conversation, Direction::After(after), limits::PAGE_ENTRIES)
                .await?;
            if page.entries.iter().any(|entry| entry.event.client_id() == Some(client_id)) {
                return Ok(());
            }
            after = page.entries.last().map_or(after, |last| last.seq);
            if !page.more {
                return self.act(caller, &target.conversation, Cursor::After(after), command.clone()).await.map(drop);
            }
        }
    }

    /// A note that stays, and a frame that calls for attention.
    async fn step_notify(&self, doing: &Doing<'_>, text: &str, client_id: &str) -> Result<Did, AppError> {
        let text = self.words(doing, text)?;
        check_text(&text)?;
        let note = Command::Note {
            text: text.clone(),
            content: None,
            mentions: BTreeSet::new(),
            client_id: client_id.to_owned(),
        };
        let did = self.everywhere(doing, &note).await?;
        for Target { conversation, .. } in &doing.about.live {
            let notice = || ServerFrame::Notice { conversation: conversation.clone(), text: text.clone() };
            self.tell_staff(doing.caller.account(), conversation, notice).await?;
        }
        Ok(did)
    }

    async fn step_change(&self, doing: &mut Doing<'_>, change: ContactChange) -> Result<Did, AppError> {
        let contact = doing.about.contact.clone().ok_or(Code::NotFound)?;
        for _ in 0..ROUNDS {
            match self.change_contact(&doing.caller, &contact, change.clone()).await {
                Ok(changed) => {
                    doing.is_about(Some(changed));
                    return Ok(Did::Done(Some(contact.to_string())));
                }
                // Somebody else changed it meanwhile: theirs stays, and this comes on top.
                Err(AppError::Refused(refusal)) if refusal.code == Code::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(Code::Busy.into())
    }

    async fn step_open(&self, doing: &Doing<'_>, opening: &Opening, client_id: &str) -> Result<Did, AppError> {
        let contact = doing.about.contact.as_ref().ok_or(Code::NotFound)?;
        let (caller, account) = (&doing.caller, doing.caller.account());
        let named = opening.inbox.as_deref().map(str::parse).transpose();
        let inbox = self.inbox(caller, named.map_err(|_| Refusal::with(Code::NotFound, "inbox"))?.as_ref()).await?;
        let team = match &opening.team {
            Some(team) => self.known_team(caller, team).await?,
            None => inbox.team.clone(),
        };
        let (first, labels) = self.first_words(doing, opening, client_id)?;
        for _ in 0..ROUNDS {
            let current = self.store.current(account, contact, &inbox.id).await?;
            if let Some(conversation) = &current {
                let head = self.store.head(account, conversation).await?;
                if head.is_some_and(|head| head.state.status != Status::Closed) {
                    // Also where this very step opened it, and died before it was noted.
                    let begun = doing.about.live.iter().find(|target| target.conversation == *conversation);
                    let target =
                        Target { conversation: conversation.clone(), after: begun.map_or(0, |begun| begun.after) };
                    for command in first.iter().cloned().filter_map(said_as).chain(labelling(&labels)) {
                        self.say_once(caller, &target, &command).await?;
                    }
                    return Ok(Did::Done(Some(conversation.to_string())));
                }
            }
            let labelled =
                (!labels.is_empty()).then(|| Event::Labelled { added: labels.clone(), removed: BTreeSet::new() });
            let first = first.iter().cloned().chain(labelled).collect();
            let beginning = Beginning { inbox: &inbox, team: team.clone(), bot: false, before: current, first };
            if let Some(entries) = self.open(caller, contact, beginning).await? {
                return Ok(Did::Done(entries.last().map(|entry| entry.conversation.to_string())));
            }
        }
        Err(Code::Busy.into())
    }

    async fn known_team(&self, caller: &Caller, team: &str) -> Result<TeamId, AppError> {
        let found = self.store.document::<Team>(caller.account(), Document::Team, team).await?;
        Ok(found.ok_or_else(|| Refusal::with(Code::NotFound, format!("team {team}")))?.value.id)
    }

    /// What is said first in a conversation that a rule opens, and its labels.
    fn first_words(
        &self,
        doing: &Doing<'_>,
        opening: &Opening,
        client_id: &str,
    ) -> Result<(Vec<Event>, BTreeSet<String>), AppError> {
        let mut first = vec![];
        if let Some(template) = &opening.message {
            let content = Content::text(self.words(doing, template)?);
            content.check()?;
            first.push(Event::Message { content, client_id: format!("{client_id}-m"), turn: None });
        }
        if let Some(template) = &opening.note {
            let text = self.words(doing, template)?;
            check_text(&text)?;
            first.push(Event::Note {
                text,
                content: None,
                mentions: BTreeSet::new(),
                client_id: format!("{client_id}-n"),
            });
        }
        let labels = self.names(doing, &opening.labels)?;
        labels.iter().try_for_each(|name| check_length("label", name, limits::LABEL_CHARS))?;
        Ok((first, labels))
    }
}

/// The command that says in a conversation what would have begun one.
fn said_as(event: Event) -> Option<Command> {
    match event {
        Event::Message { content, client_id, .. } => Some(Command::Send { content, client_id }),
        Event::Note { text, content, mentions, client_id } => {
            Some(Command::Note { text, content, mentions, client_id })
        }
        _ => None,
    }
}

fn labelling(labels: &BTreeSet<String>) -> Option<Command> {
    (!labels.is_empty()).then(|| Command::Label { add: labels.clone(), remove: BTreeSet::new() })
}

/// Tags as they stand in an event: a list, or several texts.
fn tags_at(found: &[&Value]) -> Result<BTreeSet<String>, AppError> {
    let values: Vec<&Value> = match found {
        [Value::Array(list)] => list.iter().collect(),
        [] | [Value::Null] => return Err(Refusal::with(Code::InvalidField, "the event has no tags there").into()),
        several => several.to_vec(),
    };
    let tag = |value: &&Value| value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let all: Option<BTreeSet<String>> = values.iter().map(tag).collect();
    all.ok_or_else(|| Refusal::with(Code::InvalidField, "tags must be texts").into())
}
