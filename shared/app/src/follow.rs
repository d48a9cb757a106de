//! What an account's rules say about an event is done: each step once, however often the job comes.
//!
//! Before anything is said, it is noted whom the event is about, which conversations are live, and how far each is. Then
//! everything is said with an id that derives from the event and the step, and with that cursor; so whoever does it
//! again finds it there (DESIGN §2).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deskwire_domain::{AccountId, Code, ContactId, ConversationId, Refusal, Status, Time};
use deskwire_protocol::{
    http::{Contact, StepOutcome, StepReport},
    inbound::InboundEvent,
};
use deskwire_queue::{Job, Order};
use deskwire_rules::{Book, Rule, Step};
use deskwire_store::{Arrived, StoreError, Versioned};
use deskwire_telemetry::Trace;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::{App, AppError, Caller, rules::Known};

/// How often what a company's system did not answer is tried, and the pauses between: within one run, so that those
/// behind it in its line have their turn soon. Then its steps are marked as failed.
const ATTEMPTS: u32 = 3;
const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];
/// What all of a run may take: within the 29 seconds that a function has.
const RUN_TIME: Duration = Duration::from_secs(22);

/// What was done about an event.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The rules file by which it was begun.
    pub hash: String,
    /// How often it was begun.
    pub attempts: u32,
    /// Whom each rule that concerns it is about, by the rule's place.
    pub about: BTreeMap<usize, About>,
    /// What became of each step.
    pub steps: Vec<StepReport>,
    /// Nothing is left to be done.
    pub finished: bool,
}

/// Whom a rule is about, as of the beginning.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct About {
    /// The contact, if it is known.
    pub contact: Option<ContactId>,
    /// Why it is not.
    pub unknown: Option<String>,
    /// Its live conversations.
    pub live: Vec<Target>,
}

/// A conversation, and how far it was.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Target {
    /// Which.
    pub conversation: ConversationId,
    /// Its head.
    pub after: u64,
}

/// One rule at work on one event.
pub(crate) struct Doing<'a> {
    pub caller: Caller,
    pub known: &'a Arc<Known>,
    pub event: &'a Value,
    pub about: &'a About,
    /// What templates know.
    pub words: Map<String, Value>,
    pub contact: Option<Contact>,
    /// What ids of what is said begin with.
    pub prefix: String,
}

impl Doing<'_> {
    pub(crate) fn book(&self) -> &Book {
        &self.known.book
    }

    /// The contact as it is now.
    pub(crate) fn is_about(&mut self, contact: Option<Contact>) {
        let json = contact.as_ref().and_then(|contact| serde_json::to_value(contact).ok());
        self.words.insert("contact".to_owned(), json.unwrap_or_else(|| Value::Object(Map::new())));
        self.contact = contact;
    }
}

impl App {
    /// Does what the rules say about an event, unless it is done.
    ///
    /// # Errors
    /// A failure, on our side or of a company's system that may answer yet: the job is given out again.
    pub async fn follow(&self, account: &AccountId, id: &str) -> Result<(), AppError> {
        let Some(Arrived { received, event, trace }) = self.store.inbound(account, id).await? else { return Ok(()) };
        let begun = self.store.inbound_run::<Run>(account, id).await?;
        let mut run = begun.unwrap_or(Versioned { value: Run::default(), version: 0 });
        if run.value.finished {
            return Ok(());
        }
        let known = match run.version {
            0 => self.book(account).await?,
            // What was begun by one file is finished by it.
            _ => self.book_of(account, &run.value.hash).await?,
        };
        let json = serde_json::to_value(&event).map_err(|error| AppError::Failed(error.to_string()))?;
        let concerned: Vec<(usize, &Rule)> = known.book.concerned(&json).collect();
        run.value.hash.clone_from(&known.hash);
        run.value.attempts += 1;
        let caller = Caller { trace: trace.clone(), ..Caller::because_of(account.clone(), event.source.clone()) };
        for (place, rule) in &concerned {
            if !run.value.about.contains_key(place) {
                let about = self.about(&caller, rule, &json).await?;
                run.value.about.insert(*place, about);
            }
        }
        let key = (id, received);
        if !concerned.is_empty() {
            // Also how often it was begun: whoever dies of it must not do so for ever.
            self.write_run(account, key, &mut run).await?;
        }
        let deadline = Instant::now() + RUN_TIME;
        loop {
            let pause =
                usize::try_from(run.value.attempts).ok().and_then(|nth| PAUSES.get(nth.checked_sub(1)?)).copied();
            let pause = pause.filter(|pause| run.value.attempts < ATTEMPTS && Instant::now() + *pause < deadline);
            let patience = Patience { deadline, retry: pause.is_some() };
            let doing = self.do_rules((&caller, &known, &json, id), &concerned, &mut run.value, &patience);
            match Box::pin(Trace::of(trace.as_deref(), doing)).await {
                Ok(()) => break,
                Err(AppError::Refused(_)) if let Some(pause) = pause => tokio::time::sleep(pause).await,
                Err(error) => {
                    // What was done is noted for whoever goes on.
                    self.write_run(account, key, &mut run).await?;
                    return Err(error);
                }
            }
            run.value.attempts += 1;
        }
        log(&event, id, &run.value.steps);
        run.value.finished = true;
        self.write_run(account, key, &mut run).await
    }

    /// Does what is left of all rules.
    async fn do_rules(
        &self,
        (caller, known, event, id): (&Caller, &Arc<Known>, &Value, &str),
        concerned: &[(usize, &Rule)],
        run: &mut Run,
        patience: &Patience,
    ) -> Result<(), AppError> {
        let mut before = 0;
        for (place, rule) in concerned {
            let about = run.about.get(place).cloned().unwrap_or_default();
            let (words, prefix) = (Book::known(event), format!("evt-{id}-{place}"));
            let (caller, about) = (caller.clone(), &about);
            let mut doing = Doing { caller, known, event, about, words, contact: None, prefix };
            self.do_rule(&mut doing, rule, (&mut run.steps, before), patience).await?;
            before += rule.steps.len();
        }
        Ok(())
    }

    /// Does the failed steps of an event once more.
    ///
    /// # Errors
    /// [`Code::NotFound`], or [`Code::Conflict`] where nothing has failed.
    pub async fn retry_event(&self, caller: &Caller, id: &str) -> Result<(), AppError> {
        let account = caller.account();
        let arrived = self.store.inbound(account, id).await?.ok_or(Code::NotFound)?;
        let mut run = self.store.inbound_run::<Run>(account, id).await?.ok_or(Code::NotFound)?;
        let failed = run.value.steps.iter().any(|step| step.outcome == StepOutcome::Failed);
        if !run.value.finished || !failed {
            return Err(Refusal::with(Code::Conflict, "no step of it has failed").into());
        }
        (run.value.finished, run.value.attempts) = (false, 0);
        self.write_run(account, (id, arrived.received), &mut run).await?;
        let job = Job::Event { v: 1, account: account.clone(), event: id.to_owned(), line: arrived.event.line() };
        Ok(self.queues.send(&[Order { job, cause: format!("{id}.again.{}", run.version) }]).await?)
    }

    async fn write_run(
        &self,
        account: &AccountId,
        key: (&str, Time),
        run: &mut Versioned<Run>,
    ) -> Result<(), AppError> {
        match self.store.write_inbound_run(account, key, run).await {
            Ok(()) => {
                run.version += 1;
                Ok(())
            }
            // Somebody else is at it, and does all of it.
            Err(StoreError::Condition) => Err(AppError::Failed("an event is done by another".to_owned())),
            Err(error) => Err(error.into()),
        }
    }

    /// Whom a rule is about, and where they may be told something.
    async fn about(&self, caller: &Caller, rule: &Rule, event: &Value) -> Result<About, AppError> {
        let unknown = |why: String| About { unknown: Some(why), ..About::default() };
        let (who, create) = match rule.contact(event) {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(unknown("the rule names no contact".to_owned())),
            Err(fault) => return Ok(unknown(fault.to_string())),
        };
        let found = self.find_contact(caller, &who, create).await;
        let contact = match found {
            Ok(Some(contact)) => contact,
            Ok(None) => return Ok(unknown("no contact is known by this key".to_owned())),
            Err(AppError::Refused(refusal)) if refusal.code != Code::Busy => return Ok(unknown(refusal.message())),
            Err(error) => return Err(error),
        };
        let live = self.live(caller.account(), &contact).await?;
        Ok(About { contact: Some(contact), unknown: None, live })
    }

    /// The live conversations of a contact, and of those that were merged into it.
    async fn live(&self, account: &AccountId, contact: &ContactId) -> Result<Vec<Target>, AppError> {
        let merged = self.store.contact(account, contact).await?.map(|contact| contact.merged_from).unwrap_or_default();
        let mut live: Vec<Target> = vec![];
        for contact in std::iter::once(contact).chain(&merged) {
            for conversation in self.store.currents(account, contact).await? {
                let head = self.store.head(account, &conversation).await?;
                let open = head.filter(|head| head.state.status != Status::Closed);
                if let Some(head) = open.filter(|_| live.iter().all(|other| other.conversation != conversation)) {
                    live.push(Target { conversation, after: head.seq });
                }
            }
        }
        Ok(live)
    }

    /// Does what is left of a rule: steps that have a report are done, but for the words that queries gave.
    async fn do_rule(
        &self,
        doing: &mut Doing<'_>,
        rule: &Rule,
        (reports, before): (&mut Vec<StepReport>, usize),
        patience: &Patience,
    ) -> Result<(), AppError> {
        let contact = match &doing.about.contact {
            Some(contact) => self.store.contact(doing.caller.account(), contact).await?,
            None => None,
        };
        doing.is_about(contact);
        for (place, step) in rule.steps.iter().enumerate() {
            let report = reports.get(before + place);
            let done = report.is_some_and(|report| report.outcome != StepOutcome::Failed);
            if done && !matches!(step, Step::Query { .. }) {
                continue;
            }
            let client_id = format!("{}-{place}", doing.prefix);
            let (outcome, detail) = match self.within(doing, step, &client_id, patience).await {
                Ok(Did::Done(detail)) => (StepOutcome::Done, detail),
                Ok(Did::Nothing(why)) => (StepOutcome::Skipped, Some(why)),
                Err(AppError::Refused(refusal)) if !(patience.retry && may_pass(refusal.code)) => {
                    (StepOutcome::Failed, Some(refusal.detail.unwrap_or_else(|| refusal.code.advice().to_owned())))
                }
                Err(error) => return Err(error),
            };
            let report = StepReport { rule: rule.name.clone(), step: step.name().to_owned(), outcome, detail };
            match reports.get_mut(before + place) {
                Some(_) if done => {}
                Some(failed) => *failed = report,
                None => reports.push(report),
            }
        }
        Ok(())
    }

    /// A step, within the time that is left where it waits for others.
    async fn within(
        &self,
        doing: &mut Doing<'_>,
        step: &Step,
        client_id: &str,
        patience: &Patience,
    ) -> Result<Did, AppError> {
        let done = Box::pin(self.do_step(doing, step, client_id));
        if !matches!(step, Step::Query { .. }) {
            return done.await;
        }
        let late = || Refusal::with(Code::QueryFailed, "no time was left for it");
        tokio::time::timeout_at(patience.deadline, done).await.map_err(|_| late())?
    }
}

/// How long a run goes on, and whether what fails now is tried again in it.
struct Patience {
    deadline: Instant,
    retry: bool,
}

/// Whether a refusal is one that time may mend.
fn may_pass(code: Code) -> bool {
    matches!(code, Code::QueryFailed | Code::Busy | Code::RateLimited | Code::Internal)
}

/// What a step came to.
pub(crate) enum Did {
    /// It is done; to what.
    Done(Option<String>),
    /// There is nothing to do it to.
    Nothing(String),
}

/// Ids and names only: what events say is nobody's business here.
fn log(event: &InboundEvent, id: &str, steps: &[StepReport]) {
    let failed = steps.iter().filter(|step| step.outcome == StepOutcome::Failed).count();
    tracing::info!(id, kind = event.kind, steps = steps.len(), failed, "an event was done");
}
