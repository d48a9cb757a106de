//! The loop at the heart: read the log's end, decide, write; who loses the race reads and decides again (DESIGN §2).

use std::time::Duration;

use deskwire_domain::{
    Code, ConversationId, Event, Refusal, State, Time, Who, limits,
    machine::{Command, Facts, apply, asks_for_assignee, decide},
};
use deskwire_protocol::{Ack, Entry, EntryView, entry::StateView, http::Inbox};
use deskwire_push::Reached;
use deskwire_store::{Commit, CommitError, Document, Occupancy, Tail};
use rand::Rng;

use crate::{App, AppError, Caller};

/// Races that one call may lose before it is told that the place is busy. Each round is one read and one write, so
/// this bounds the cost of a fight; with the pauses below, 100 who write at once all get through.
const ROUNDS: u32 = 24;

/// What became of a command.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Entries after the caller's cursor that were there before, where a cursor was given.
    pub missed: Vec<Entry>,
    /// The new ones; or, for a resend, the ones that were stored the first time.
    pub new: Vec<Entry>,
    /// The log's last entry now.
    pub last: Entry,
    /// The state before, for the publisher.
    pub before: State,
    /// Whose live sockets have what is new.
    pub reached: Reached,
}

/// From where a caller sees the log.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cursor {
    /// The last seq that it has seen.
    After(u64),
    /// The same, and nothing that the visitor or an agent says after it may be passed over: see [`Code::Overtaken`].
    Answering(u64),
    /// It only needs the state.
    Head,
}

/// Whether an entry is one that an answer to what stands before it must not pass over: a visitor's words, or a person's.
pub(crate) fn overtakes(entry: &Entry) -> bool {
    entry.event.spoken(&entry.by).is_some() || entry.event.serves(&entry.by)
}

impl App {
    /// Does `command` in a conversation, and publishes what came of it.
    pub(crate) async fn act(
        &self,
        caller: &Caller,
        conversation: &ConversationId,
        cursor: Cursor,
        command: Command,
    ) -> Result<Outcome, AppError> {
        for round in 0..ROUNDS {
            if let Some(outcome) = Box::pin(self.attempt(caller, conversation, cursor, &command)).await? {
                let reached = Box::pin(self.publish(caller, &outcome)).await;
                return Ok(Outcome { reached, ..outcome });
            }
            let most = 2u64 << round.min(5);
            let pause = Duration::from_millis(rand::rng().random_range(0..=most));
            tokio::time::sleep(pause).await;
        }
        Err(Code::Busy.into())
    }

    /// One round; `None` where the race was lost.
    async fn attempt(
        &self,
        caller: &Caller,
        conversation: &ConversationId,
        cursor: Cursor,
        command: &Command,
    ) -> Result<Option<Outcome>, AppError> {
        let tail = self.load(caller, conversation, cursor).await?;
        let last = tail.last().ok_or(Code::NotFound)?.clone();
        let who = self.as_owner(caller, &last.state).await?;
        if let Some(outcome) = resent(caller, &tail, &last, command) {
            return Ok(Some(outcome));
        }
        if matches!(cursor, Cursor::Answering(_)) && tail.after.iter().any(overtakes) {
            return Err(Code::Overtaken.into());
        }
        if let Command::Review { held, .. } = command
            && tail
                .after
                .iter()
                .any(|entry| matches!(&entry.event, Event::Reviewed { held: other, .. } if other == held))
        {
            return Err(Refusal::with(Code::Conflict, "it was reviewed already").into());
        }
        let facts = self.facts(caller, &last.state, command).await?;
        let events = decide(&last.state, &who, command.clone(), &facts)?;
        if events.is_empty() {
            return Ok(Some(Outcome {
                missed: tail.after,
                new: vec![],
                before: last.state.clone(),
                last,
                reached: Reached::default(),
            }));
        }
        let needs_room = !events
            .iter()
            .any(|event| matches!(event, Event::Assigned { reason: deskwire_domain::event::AssignedBy::Return, .. }));
        let new = entries(caller, &last, events, facts.now);
        let newest = new.last().map_or_else(|| last.clone(), Clone::clone);
        let occupancy = Occupancy::between(Some(&last.state), &newest.state, needs_room);
        let commit = Commit { account: caller.account(), entries: &new, occupancy, opening: None };
        match self.store.commit(&commit).await {
            Ok(()) => Ok(Some(Outcome {
                missed: tail.after,
                new,
                last: newest,
                before: last.state,
                reached: Reached::default(),
            })),
            Err(CommitError::Raced) => Ok(None),
            Err(CommitError::AtCapacity) => Err(Code::AtCapacity.into()),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// The log's end as the caller needs it. Unknown ids, and ids of others, are told by the owner's check.
    async fn load(&self, caller: &Caller, conversation: &ConversationId, cursor: Cursor) -> Result<Tail, AppError> {
        let account = caller.account();
        let (Cursor::After(after) | Cursor::Answering(after)) = cursor else {
            let head = self.store.head(account, conversation).await?.ok_or(Code::NotFound)?;
            return Ok(Tail { at: Some(head), after: vec![], more: false });
        };
        let tail = self.store.tail(account, conversation, after).await?;
        let known = after == 0 || tail.at.is_some();
        if tail.more || !known || tail.last().is_none() {
            // Too far behind, or a cursor that the log does not have; but first: is it theirs at all?
            let head = self.store.head(account, conversation).await?.ok_or(Code::NotFound)?;
            self.as_owner(caller, &head.state).await?;
            return Err(Refusal::with(Code::SyncRequired, format!("the log's head is {}", head.seq)).into());
        }
        Ok(tail)
    }

    /// The principal as whom the caller acts in a conversation: a visitor whose contact was merged with the
    /// conversation's contact acts as that one. A stranger gets the answer of an unknown id.
    pub(crate) async fn as_owner(&self, caller: &Caller, state: &State) -> Result<Who, AppError> {
        match &caller.principal.who {
            Who::Visitor(contact) if *contact != state.contact => {
                let me = self.store.contact(caller.account(), contact).await?;
                if me.is_some_and(|me| me.merged_from.contains(&state.contact)) {
                    Ok(Who::Visitor(state.contact.clone()))
                } else {
                    Err(Code::NotFound.into())
                }
            }
            who => Ok(who.clone()),
        }
    }

    async fn facts(&self, caller: &Caller, state: &State, command: &Command) -> Result<Facts, AppError> {
        let now = self.now();
        let mut facts =
            Facts { now, reopen_seconds: 0, assignee_present: false, bot: false, name: caller.name.clone() };
        if asks_for_assignee(state, command) {
            let inbox = self.store.document::<Inbox>(caller.account(), Document::Inbox, state.inbox.as_str()).await?;
            facts.reopen_seconds = inbox.as_ref().map_or(limits::REOPEN_SECONDS, |inbox| inbox.value.reopen_seconds);
            facts.bot = inbox.is_some_and(|inbox| inbox.value.bot);
            if let Some(agent) = &state.assignee {
                let found = self.store.agents(caller.account(), std::slice::from_ref(agent)).await?;
                facts.assignee_present = found.first().is_some_and(|(record, desk)| record.is_available(desk, now));
            }
        }
        Ok(facts)
    }

    /// The ack of an outcome.
    pub(crate) fn ack(caller: &Caller, action: &str, outcome: &Outcome) -> Ack {
        let audience = caller.audience();
        let sent = outcome.new.iter().rev().find(|entry| entry.event.client_id().is_some());
        let entries = outcome.missed.iter().chain(outcome.new.iter().filter(|new| !outcome.missed.contains(new)));
        let mut entries: Vec<EntryView> = entries.map(|entry| EntryView::of(entry, audience)).collect();
        let more = fit(&mut entries, limits::PAGE_BYTES);
        Ack {
            action: action.to_owned(),
            conversation: Some(outcome.last.conversation.clone()),
            seq: Some(sent.map_or(outcome.last.seq, |entry| entry.seq)),
            client_id: sent.and_then(|entry| entry.event.client_id()).map(str::to_owned),
            head: Some(outcome.last.seq),
            entries,
            more,
            // A note, and what is held, reach the other side as a bare place.
            delivered: sent.is_some_and(|entry| matches!(entry.event, Event::Message { .. }))
                && outcome.reached.other_side(audience),
            state: Some(StateView::of(&outcome.last.state, audience)),
            ..Ack::default()
        }
    }
}

/// Cuts entries to so many bytes, for an answer has at most 128 KB (API Gateway); says whether there were more.
pub(crate) fn fit(entries: &mut Vec<EntryView>, most: usize) -> bool {
    let mut bytes = 0;
    let keep = entries.iter().take_while(|entry| {
        bytes += serde_json::to_vec(entry).map_or(0, |json| json.len());
        bytes <= most
    });
    let keep = keep.count();
    let more = keep < entries.len();
    entries.truncate(keep);
    more
}

/// The outcome of a resend: the original can only lie after the sender's cursor.
fn resent(caller: &Caller, tail: &Tail, last: &Entry, command: &Command) -> Option<Outcome> {
    let client_id = command.client_id()?;
    let author = caller.author();
    let is_it = |entry: &&Entry| entry.event.client_id() == Some(client_id) && entry.by == author;
    let original = tail.after.iter().find(is_it)?.clone();
    Some(Outcome {
        missed: tail.after.clone(),
        new: vec![original],
        before: last.state.clone(),
        last: last.clone(),
        reached: Reached::default(),
    })
}

/// The entries that events become, each with the state after it.
fn entries(caller: &Caller, last: &Entry, events: Vec<Event>, now: Time) -> Vec<Entry> {
    let (mut seq, mut state) = (last.seq, last.state.clone());
    // A clock that runs backwards between two machines must not make the log do so.
    let at = now.max(last.at);
    let entry = |event: Event| {
        seq += 1;
        state = apply(&state, &event, at);
        Entry {
            conversation: last.conversation.clone(),
            seq,
            at,
            by: caller.author(),
            event,
            state: state.clone(),
            trace: caller.trace.clone(),
            origin: caller.origin.clone(),
        }
    };
    events.into_iter().map(entry).collect()
}
