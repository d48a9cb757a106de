//! Macros: several actions under one name, done by the same ways that frames take, in order, until one is refused.
//!
//! A run is known by its conversation, its agent and its `client_id`. What it says and how far it is are kept beside the
//! conversation for a day, so that the same request again goes on where the run stopped, with the texts that it had. A
//! request that died half-way may have done more than it could note; then the log says: a step is done if an entry after
//! the run's beginning, and after those of the steps before it, is by the same agent and says what the step does. What
//! is true already (a label that is there, a conversation that is closed) is no entry, and done as well.

use std::collections::BTreeSet;

use deskwire_domain::{
    Author, Code, Content, ConversationId, Event, Refusal, TransferTo,
    content::{check_length, check_text},
    event::AssignedBy,
    limits,
};
use deskwire_protocol::{
    Ack, Action, Entry,
    client::{Assign, Close, Label, Note, OfConversation, Send, Snooze, TransferFrame},
    http::{Macro, MacroRun, MacroStep, Page, RefusedStep, RunMacro},
};
use deskwire_rules::Phrases;
use deskwire_store::{Direction, Document, Run};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{App, AppError, Caller};

/// Steps of one macro: together they stay within API Gateway's 29 seconds.
const STEPS: usize = 10;
/// Macros of one account: a list that people choose from.
const MACROS: usize = 200;
/// Bytes of a `client_id`, so that `.10` has room behind it.
const CLIENT_ID_BYTES: usize = limits::CLIENT_ID_BYTES - 3;
/// Pages of the log that are looked through for what a run has done: a thousand entries in a day are no chat.
const PAGES: usize = 10;
/// What a macro's texts may ask for.
const KNOWN: [&str; 2] = ["contact.name", "agent.name"];

/// How far a run is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Progress {
    /// Of which macro.
    name: String,
    /// Its steps, with their texts filled in: a macro that changes meanwhile changes no run.
    steps: Vec<MacroStep>,
    /// The seq of the last entry that is known to be one of its steps; before the first, that before it.
    own: u64,
    /// Steps that are known to be done.
    done: usize,
}

/// Where a run does its steps.
struct Running<'a> {
    caller: &'a Caller,
    conversation: &'a ConversationId,
    client_id: &'a str,
    /// What was in the log when a run was gone on with.
    past: Vec<Entry>,
    /// The last seq that it knows.
    seen: u64,
}

impl App {
    /// A page of macros.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_macros(
        &self,
        caller: &Caller,
        page: (Option<&str>, Option<usize>),
    ) -> Result<Page<Macro>, AppError> {
        self.list_documents(caller, Document::Macro, page).await
    }

    /// Makes or changes a macro.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_macro(&self, caller: &Caller, name: &str, new: Macro) -> Result<Macro, AppError> {
        if new.name != name {
            return Err(Refusal::with(Code::InvalidField, "the address and the body name different things").into());
        }
        check(&new)?;
        let account = caller.account();
        let known = self.store.document::<Macro>(account, Document::Macro, name).await?;
        if known.is_none() && self.store.all_documents::<Value>(account, Document::Macro).await?.len() >= MACROS {
            return Err(Refusal::with(Code::Conflict, format!("at most {MACROS} macros")).into());
        }
        self.put_document(account, Document::Macro, (name, new.clone())).await?;
        Ok(new)
    }

    /// Runs a macro in a conversation, or goes on with a run.
    ///
    /// # Errors
    /// What is refused before the first step; a failure.
    pub async fn run_macro(
        &self,
        caller: &Caller,
        (conversation, name): (&ConversationId, &str),
        run: RunMacro,
    ) -> Result<MacroRun, AppError> {
        if !(1..=CLIENT_ID_BYTES).contains(&run.client_id.len()) {
            return Err(
                Refusal::with(Code::InvalidField, format!("client_id needs 1 to {CLIENT_ID_BYTES} bytes")).into()
            );
        }
        self.rates.take(caller.account(), &caller.id())?;
        let fresh = self.fresh_run(caller, (conversation, name), run.after).await?;
        let id = format!("{conversation}#{}#{}", caller.id(), run.client_id);
        let begun = self.store.begin_run(caller.account(), &id, &fresh, self.now()).await?;
        let (mut progress, known) = match begun {
            Run::New => (fresh, false),
            Run::Known(progress) => (progress, true),
            Run::Held => return Err(Refusal::with(Code::Busy, "the same run is under way").into()),
        };
        if progress.name != name {
            self.store.end_run(caller.account(), &id, &progress, self.now()).await?;
            return Err(Refusal::with(Code::Conflict, "client_id is that of a run of another macro").into());
        }
        let client_id = run.client_id.as_str();
        let mut running = Running { caller, conversation, client_id, past: vec![], seen: progress.own };
        let went = Box::pin(self.go_on(&mut progress, &mut running, known)).await;
        // Also where it failed: what is noted need not be looked for in the log.
        self.store.end_run(caller.account(), &id, &progress, self.now()).await?;
        Ok(MacroRun { done: progress.done, of: progress.steps.len(), refused: went? })
    }

    /// A run that begins: whatever can be refused is, before its first step.
    async fn fresh_run(
        &self,
        caller: &Caller,
        (conversation, name): (&ConversationId, &str),
        after: Option<u64>,
    ) -> Result<Progress, AppError> {
        let account = caller.account();
        let head = self.store.head(account, conversation).await?.ok_or(Code::NotFound)?;
        if after.is_some_and(|after| after > head.seq) {
            return Err(Refusal::with(Code::SyncRequired, format!("the log's head is {}", head.seq)).into());
        }
        let found = self.store.document::<Macro>(account, Document::Macro, name).await?;
        let found = found.ok_or_else(|| Refusal::with(Code::NotFound, "macro"))?;
        let contact = self.store.contact(account, &head.state.contact).await?.and_then(|contact| contact.name);
        let known = [("contact", contact), ("agent", caller.name.clone())];
        let known = known.map(|(who, name)| (who.to_owned(), json!({"name": name})));
        let known: Map<String, Value> = known.into_iter().collect();
        let phrases = Phrases::default();
        let steps = found.value.steps.into_iter().map(|step| filled(step, &phrases, &known));
        let steps = steps.collect::<Result<_, _>>()?;
        Ok(Progress { name: name.to_owned(), steps, own: after.unwrap_or(head.seq), done: 0 })
    }

    /// Does the steps that are left, until one is refused.
    async fn go_on(
        &self,
        progress: &mut Progress,
        running: &mut Running<'_>,
        known: bool,
    ) -> Result<Option<RefusedStep>, AppError> {
        if known && progress.done < progress.steps.len() {
            running.past = self.said_since(running, progress.own).await?;
            running.seen = running.past.last().map_or(running.seen, |last| last.seq);
        }
        while let Some(step) = progress.steps.get(progress.done) {
            let number = progress.done + 1;
            if let Some(seq) = running.did_before(step, number, progress.own) {
                progress.own = seq;
            } else {
                match Box::pin(self.perform(running.caller, running.action(step, number, self.now()))).await {
                    Ok(ack) => progress.own = running.did(&ack).max(progress.own),
                    Err(AppError::Refused(refusal)) => {
                        let message = refusal.message();
                        return Ok(Some(RefusedStep { step: number, code: refusal.code, message }));
                    }
                    Err(failed) => return Err(failed),
                }
            }
            progress.done = number;
        }
        Ok(None)
    }

    /// The log since a run began.
    async fn said_since(&self, running: &Running<'_>, after: u64) -> Result<Vec<Entry>, AppError> {
        let (account, mut all, mut after) = (running.caller.account(), vec![], after);
        for _ in 0..PAGES {
            let direction = Direction::After(after);
            let page = self.store.page(account, running.conversation, direction, limits::PAGE_ENTRIES).await?;
            after = page.entries.last().map_or(after, |last| last.seq);
            all.extend(page.entries);
            if !page.more {
                return Ok(all);
            }
        }
        Err(Refusal::with(Code::Conflict, "too much was said since it began: begin again with another client_id")
            .into())
    }
}

impl Running<'_> {
    fn client_id(&self, number: usize) -> String {
        format!("{}.{number}", self.client_id)
    }

    /// The entry after `own` that says that a step is done already.
    fn did_before(&self, step: &MacroStep, number: usize, own: u64) -> Option<u64> {
        let (by, id) = (self.caller.author(), self.client_id(number));
        let found = self.past.iter().find(|entry| entry.seq > own && is_done_by(entry, step, (&by, &id)));
        found.map(|entry| entry.seq)
    }

    /// Goes on behind what was done; answers its seq.
    fn did(&mut self, ack: &Ack) -> u64 {
        self.seen = ack.head.unwrap_or(self.seen).max(self.seen);
        ack.seq.unwrap_or(self.seen)
    }

    /// The frame that does a step.
    fn action(&self, step: &MacroStep, number: usize, now: deskwire_domain::Time) -> Action {
        let (conversation, client_id, after) = (self.conversation.clone(), self.client_id(number), self.seen);
        match step.clone() {
            MacroStep::Send { text } => {
                let (conversation, content) = (Some(conversation), Content::text(text));
                Action::Send(Send { conversation, inbox: None, after, client_id, content })
            }
            MacroStep::Note { text } => {
                Action::Note(Note { conversation, after, client_id, text, content: None, mentions: BTreeSet::new() })
            }
            MacroStep::Label { add, remove } => Action::Label(Label { conversation, add, remove }),
            MacroStep::Transfer { to, note } => {
                Action::Transfer(TransferFrame { conversation, to, note, seconds: None })
            }
            MacroStep::Assign { agent } => Action::Assign(Assign { conversation, agent }),
            MacroStep::Snooze { seconds } => {
                let until = now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(now);
                Action::Snooze(Snooze { conversation, until })
            }
            MacroStep::Close { reason } => Action::Close(Close { conversation, reason }),
            MacroStep::CallBot {} => Action::CallBot(OfConversation { conversation }),
        }
    }
}

/// Whether an entry is what a step does: by its id where it has one, else by what it says.
fn is_done_by(entry: &Entry, step: &MacroStep, (by, client_id): (&Author, &str)) -> bool {
    let does = match (&entry.event, step) {
        (event, MacroStep::Send { .. } | MacroStep::Note { .. }) => event.client_id() == Some(client_id),
        (Event::Labelled { added, removed }, MacroStep::Label { add, remove }) => {
            added.is_subset(add) && removed.is_subset(remove)
        }
        (Event::TransferRequested { to: asked, .. }, MacroStep::Transfer { to, .. }) => asked == to,
        (Event::Assigned { agent: given, reason: AssignedBy::Assign, .. }, MacroStep::Assign { agent }) => {
            given == agent
        }
        (Event::Snoozed { .. }, MacroStep::Snooze { .. })
        | (Event::Closed { .. }, MacroStep::Close { .. })
        | (Event::BotCalled {}, MacroStep::CallBot {}) => true,
        _ => false,
    };
    does && entry.by == *by
}

/// A step with its text filled in.
fn filled(step: MacroStep, phrases: &Phrases, known: &Map<String, Value>) -> Result<MacroStep, AppError> {
    let fill = |text: &str| -> Result<String, AppError> {
        let text = phrases.fill(text, known)?;
        check_text(&text)?;
        Ok(text)
    };
    Ok(match step {
        MacroStep::Send { text } => MacroStep::Send { text: fill(&text)? },
        MacroStep::Note { text } => MacroStep::Note { text: fill(&text)? },
        step => step,
    })
}

/// Whether a macro can be kept; each mistake names its step.
fn check(new: &Macro) -> Result<(), Refusal> {
    check_length("name", &new.name, limits::LABEL_CHARS)?;
    check_length("title", &new.title, limits::NAME_CHARS)?;
    if !(1..=STEPS).contains(&new.steps.len()) {
        return Err(Refusal::with(Code::InvalidField, format!("steps: 1 to {STEPS}")));
    }
    let phrases = Phrases::default();
    for (step, number) in new.steps.iter().zip(1..) {
        let named = |refusal: Refusal| {
            let detail = refusal.detail.unwrap_or_else(|| refusal.code.advice().to_owned());
            Refusal::with(refusal.code, format!("steps/{number}: {detail}"))
        };
        check_step(step, &phrases).map_err(named)?;
    }
    Ok(())
}

fn check_step(step: &MacroStep, phrases: &Phrases) -> Result<(), Refusal> {
    match step {
        MacroStep::Send { text } | MacroStep::Note { text } => {
            check_text(text)?;
            phrases.check(text, &KNOWN).map_err(|fault| Refusal::with(Code::InvalidField, fault.to_string()))
        }
        MacroStep::Label { add, remove } => {
            if add.is_empty() && remove.is_empty() || add.len() + remove.len() > limits::LABELS {
                return Err(Refusal::with(Code::InvalidField, format!("1 to {} labels", limits::LABELS)));
            }
            add.iter().chain(remove).try_for_each(|name| check_length("label", name, limits::LABEL_CHARS))
        }
        MacroStep::Transfer { to: TransferTo::Agent(_) | TransferTo::Team(_), note } => {
            note.as_deref().map_or(Ok(()), |note| check_length("note", note, limits::REASON_CHARS))
        }
        MacroStep::Snooze { seconds } if !(1..=limits::SNOOZE_SECONDS_MAX).contains(seconds) => {
            Err(Refusal::with(Code::InvalidField, format!("seconds: 1 to {}", limits::SNOOZE_SECONDS_MAX)))
        }
        MacroStep::Close { reason: Some(reason) } => check_length("reason", reason, limits::REASON_CHARS),
        MacroStep::Snooze { .. }
        | MacroStep::Assign { .. }
        | MacroStep::Close { reason: None }
        | MacroStep::CallBot {} => Ok(()),
    }
}
