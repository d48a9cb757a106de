//! The state machine: [`decide`] says what a command makes happen, [`apply`] what an event makes of the state.
//!
//! `decide` never looks at anything but its arguments, and an impossible command is a [`Refusal`] that changes nothing.

use std::collections::BTreeSet;

use crate::{
    AgentId, Author, Code, Content, Event, Refusal, State, Status, TeamId, Time, Transfer, TransferTo, Who,
    bot::{self, Answer},
    event::{AssignedBy, QueuedBy, TransferOutcome},
    limits, permission,
};

/// What somebody wants of a conversation that exists.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are those of the events that they cause")]
pub enum Command {
    /// Say something.
    Send { content: Content, client_id: String },
    /// Say something that only agents see.
    Note { text: String, content: Option<Content>, mentions: BTreeSet<AgentId>, client_id: String },
    /// Press a card's button.
    Postback { card: u64, label: String, value: String, internal: bool, client_id: String },
    /// Say how one was served.
    Rate { score: u8, comment: Option<String>, client_id: String },
    /// Take it: from the queue, or as the one whom a transfer is for.
    Accept { teams: BTreeSet<TeamId> },
    /// Say no to a transfer.
    Decline,
    /// Give it to an agent, at once.
    Assign { agent: AgentId, name: Option<String> },
    /// Routing gives it to an agent of the team that it waits in.
    Route { agent: AgentId, name: Option<String> },
    /// Offer it to somebody else.
    Transfer { to: TransferTo, until: Time, note: Option<String> },
    /// The transfer's time is over.
    TransferTimeout,
    /// Done.
    Close { reason: Option<String> },
    /// Not done.
    Reopen,
    /// Put it aside.
    Snooze { until: Time },
    /// The snooze's time is over.
    Wake,
    /// Change its labels.
    Label { add: BTreeSet<String>, remove: BTreeSet<String> },
    /// What the AI agent says, and does with it.
    Answer(Answer),
    /// The AI agent is to have it again.
    CallBot,
    /// Say something that waits for a review.
    Hold { content: Content, category: String, client_id: String },
    /// Say what was held, or never.
    Review { held: u64, released: bool, author: Author, content: Option<Content> },
    /// Say whether an answer of the AI agent was good.
    Judge { entry: u64, good: bool, intent: Option<String>, client_id: String },
    /// Its agent has vanished: back to the queue.
    GiveBack { agent: AgentId },
}

impl Command {
    /// The sender's id for what may be sent again.
    pub fn client_id(&self) -> Option<&str> {
        match self {
            Self::Send { client_id, .. }
            | Self::Answer(Answer { client_id, .. })
            | Self::Hold { client_id, .. }
            | Self::Judge { client_id, .. }
            | Self::Note { client_id, .. }
            | Self::Postback { client_id, .. }
            | Self::Rate { client_id, .. } => Some(client_id),
            _ => None,
        }
    }
}

/// What a decision needs to know beside the state.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Now.
    pub now: Time,
    /// Seconds after closing in which the visitor's message reopens it.
    pub reopen_seconds: i64,
    /// Whether the state's assignee is there to have it back. Asked for only where [`asks_for_assignee`] says so.
    pub assignee_present: bool,
    /// Whether the AI agent answers first in its inbox. Asked for as the assignee's presence is.
    pub bot: bool,
    /// The name of the agent who asks, as visitors see it.
    pub name: Option<String>,
}

/// Whether [`decide`] will look at [`Facts::assignee_present`]: it costs a read, and is rare.
pub fn asks_for_assignee(state: &State, command: &Command) -> bool {
    matches!(state.status, Status::Snoozed | Status::Closed)
        && matches!(
            command,
            Command::Send { .. }
                | Command::Hold { .. }
                | Command::Postback { internal: false, .. }
                | Command::Reopen
                | Command::Wake
        )
}

/// What `command` makes happen: one event or more, each of which becomes an entry; none where it is true already.
///
/// # Errors
/// The refusal; nothing has changed.
pub fn decide(state: &State, who: &Who, command: Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    permission::check(state, who, &command)?;
    match command {
        Command::Send { content, client_id } => {
            send(state, who, Event::Message { content, client_id, turn: None }, facts)
        }
        Command::Hold { content, category, client_id } => {
            send(state, who, Event::Held { content, category, client_id }, facts)
        }
        Command::Note { text, content, mentions, client_id } => {
            Ok(vec![Event::Note { text, content, mentions, client_id }])
        }
        Command::Postback { card, label, value, internal, client_id } => {
            let pressed = Event::Postback { card, label, value, internal, client_id };
            // For the visitor it is as good as a message: somebody must see to it.
            if internal { Ok(vec![pressed]) } else { send(state, who, pressed, facts) }
        }
        Command::Rate { score, comment, client_id } => rate(score, comment, client_id),
        Command::Accept { .. } => accept(state, who, facts),
        Command::Decline => decline(state),
        Command::Assign { agent, name } => assign(state, agent, name),
        Command::Route { agent, name } => route(state, agent, name),
        Command::Transfer { to, until, note } => transfer(state, to, until, note),
        Command::TransferTimeout => transfer_timeout(state, facts.now),
        Command::Close { reason } => close(state, reason),
        Command::Reopen => reopen(state, facts),
        Command::Snooze { until } => snooze(state, until, facts.now),
        Command::Wake => wake(state, facts),
        Command::Label { add, remove } => label(state, &add, &remove),
        Command::Answer(answer) => bot::answer(state, answer),
        Command::CallBot => bot::call(state),
        Command::Review { held, released, author, content } => {
            Ok(vec![Event::Reviewed { held, released, author, content }])
        }
        Command::Judge { entry, good, intent, client_id } => {
            Ok(vec![Event::Feedback { entry, good, intent, client_id }])
        }
        Command::GiveBack { agent } => give_back(state, &agent),
    }
}

fn send(state: &State, who: &Who, message: Event, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    let from_visitor = matches!(who, Who::Visitor(_));
    let mut events = match state.status {
        Status::Closed if !from_visitor => return Err(Code::ConversationClosed.into()),
        Status::Closed if reopen_window_over(state, facts) => return Err(Code::ConversationClosed.into()),
        Status::Closed => reopened(state, facts),
        Status::Snoozed if from_visitor => woken(state, facts),
        // Who answers in the AI agent's place takes it: from then on it is silent.
        Status::Bot if matches!(who, Who::Agent(..)) => accept(state, who, facts)?,
        _ => vec![],
    };
    events.push(message);
    Ok(events)
}

fn rate(score: u8, comment: Option<String>, client_id: String) -> Result<Vec<Event>, Refusal> {
    if !(1..=limits::BEST_SCORE).contains(&score) {
        return Err(Refusal::with(Code::InvalidField, format!("score: 1 to {}", limits::BEST_SCORE)));
    }
    Ok(vec![Event::Rated { score, comment, client_id }])
}

/// Whether a visitor's message comes too late to reopen the conversation.
pub fn reopen_window_over(state: &State, facts: &Facts) -> bool {
    let closed_for = facts.now.as_millisecond() - state.since.as_millisecond();
    state.status == Status::Closed && closed_for > facts.reopen_seconds.saturating_mul(1_000)
}

fn reopened(state: &State, facts: &Facts) -> Vec<Event> {
    vec![Event::Reopened {}, back_to_people(state, facts)]
}

fn woken(state: &State, facts: &Facts) -> Vec<Event> {
    vec![Event::Woken {}, back_to_people(state, facts)]
}

fn back_to_people(state: &State, facts: &Facts) -> Event {
    match &state.assignee {
        Some(agent) if facts.assignee_present => assigned(state, agent.clone(), None, AssignedBy::Return),
        // No person ever had it: the AI agent goes on.
        None if facts.bot => Event::BotCalled {},
        _ => queued(state, QueuedBy::Returned),
    }
}

fn assigned(state: &State, agent: AgentId, name: Option<String>, reason: AssignedBy) -> Event {
    let team = state.waits_in().unwrap_or(&state.team).clone();
    Event::Assigned { agent, name, team, reason }
}

fn accept(state: &State, who: &Who, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    let Who::Agent(me, _) = who else { return Err(Code::Forbidden.into()) };
    let name = facts.name.clone();
    match (state.status, &state.transfer) {
        (Status::Queued, _) => Ok(vec![assigned(state, me.clone(), name, AssignedBy::Accept)]),
        (Status::Transferring, Some(transfer)) => match &transfer.to {
            TransferTo::Agent(to) if to != me => Err(Code::TransferNotYours.into()),
            _ if state.assignee.as_ref() == Some(me) => Err(Code::TransferNotYours.into()),
            _ => Ok(vec![assigned(state, me.clone(), name, AssignedBy::Transfer)]),
        },
        // Two who accept at once: the second finds it active. If it is the same agent again, it is true already.
        (Status::Active, _) if state.assignee.as_ref() == Some(me) => Ok(vec![]),
        (Status::Active | Status::Transferring | Status::Snoozed, _) => Err(Code::AlreadyAssigned.into()),
        (Status::Closed, _) => Err(Code::ConversationClosed.into()),
        (Status::Bot, _) => Ok(vec![assigned(state, me.clone(), name, AssignedBy::Accept)]),
    }
}

fn decline(state: &State) -> Result<Vec<Event>, Refusal> {
    match state.status {
        Status::Transferring => Ok(vec![Event::TransferEnded { outcome: TransferOutcome::Declined }]),
        _ => Err(Code::NotPossibleNow.into()),
    }
}

fn assign(state: &State, agent: AgentId, name: Option<String>) -> Result<Vec<Event>, Refusal> {
    match state.status {
        Status::Closed => Err(Code::ConversationClosed.into()),
        Status::Active if state.assignee.as_ref() == Some(&agent) => Ok(vec![]),
        _ => Ok(vec![assigned(state, agent, name, AssignedBy::Assign)]),
    }
}

fn route(state: &State, agent: AgentId, name: Option<String>) -> Result<Vec<Event>, Refusal> {
    if state.waits_in().is_none() {
        return Err(Code::NotPossibleNow.into());
    }
    Ok(vec![assigned(state, agent, name, AssignedBy::Routing)])
}

fn transfer(state: &State, to: TransferTo, until: Time, note: Option<String>) -> Result<Vec<Event>, Refusal> {
    match (state.status, &to) {
        (Status::Active, TransferTo::Agent(agent)) if state.assignee.as_ref() == Some(agent) => {
            Err(Refusal::with(Code::NotPossibleNow, "it is with this agent already"))
        }
        (Status::Active, _) => Ok(vec![Event::TransferRequested { to, until, note }]),
        (Status::Closed, _) => Err(Code::ConversationClosed.into()),
        _ => Err(Code::NotPossibleNow.into()),
    }
}

fn transfer_timeout(state: &State, now: Time) -> Result<Vec<Event>, Refusal> {
    match &state.transfer {
        Some(transfer) if transfer.until <= now => {
            Ok(vec![Event::TransferEnded { outcome: TransferOutcome::TimedOut }])
        }
        _ => Ok(vec![]),
    }
}

fn close(state: &State, reason: Option<String>) -> Result<Vec<Event>, Refusal> {
    match state.status {
        Status::Closed => Ok(vec![]),
        _ => Ok(vec![Event::Closed { reason }]),
    }
}

fn reopen(state: &State, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    match state.status {
        Status::Closed => Ok(reopened(state, facts)),
        _ => Ok(vec![]),
    }
}

fn snooze(state: &State, until: Time, now: Time) -> Result<Vec<Event>, Refusal> {
    let seconds = until.as_second() - now.as_second();
    if !(1..=limits::SNOOZE_SECONDS_MAX).contains(&seconds) {
        return Err(Refusal::with(Code::InvalidField, "until must lie in the next 90 days"));
    }
    match state.status {
        Status::Active | Status::Snoozed => Ok(vec![Event::Snoozed { until }]),
        Status::Closed => Err(Code::ConversationClosed.into()),
        _ => Err(Code::NotPossibleNow.into()),
    }
}

fn wake(state: &State, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    match state.snoozed_until {
        Some(until) if state.status == Status::Snoozed && until <= facts.now => Ok(woken(state, facts)),
        _ => Ok(vec![]),
    }
}

fn label(state: &State, add: &BTreeSet<String>, remove: &BTreeSet<String>) -> Result<Vec<Event>, Refusal> {
    let added: BTreeSet<_> = add.difference(&state.labels).cloned().collect();
    let removed: BTreeSet<_> =
        remove.intersection(&state.labels).filter(|label| !add.contains(*label)).cloned().collect();
    if state.labels.len() + added.len() - removed.len() > limits::LABELS {
        return Err(Refusal::with(Code::InvalidField, format!("at most {} labels", limits::LABELS)));
    }
    if added.is_empty() && removed.is_empty() {
        return Ok(vec![]);
    }
    Ok(vec![Event::Labelled { added, removed }])
}

fn give_back(state: &State, agent: &AgentId) -> Result<Vec<Event>, Refusal> {
    if state.occupies() != Some(agent) {
        return Ok(vec![]);
    }
    Ok(vec![queued(state, QueuedBy::AgentGone)])
}

fn queued(state: &State, reason: QueuedBy) -> Event {
    Event::Queued { team: state.team.clone(), reason, note: None, skills: BTreeSet::new() }
}

/// The state after `event`, which happened `at`.
pub fn apply(state: &State, event: &Event, at: Time) -> State {
    let mut next = state.clone();
    match event {
        Event::Message { .. }
        | Event::Note { .. }
        | Event::Postback { .. }
        | Event::Held { .. }
        | Event::Reviewed { .. }
        | Event::Feedback { .. }
        | Event::Rated { .. }
        | Event::Unknown(_)
        | Event::Opened { .. } => return next,
        Event::Labelled { added, removed } => {
            next.labels = next.labels.difference(removed).chain(added).cloned().collect();
            return next;
        }
        Event::BotCalled {} => next.status = Status::Bot,
        Event::Queued { team, skills, .. } => {
            next.status = Status::Queued;
            next.team = team.clone();
            next.skills.extend(skills.iter().cloned());
            // Reopened and woken ones begin to wait now; one that an agent lost keeps its place.
            if matches!(state.status, Status::Bot | Status::Closed | Status::Snoozed) {
                next.waiting_since = at;
            }
        }
        Event::Assigned { agent, team, .. } => {
            next.status = Status::Active;
            next.assignee = Some(agent.clone());
            next.team = team.clone();
        }
        Event::TransferRequested { to, until, .. } => {
            next.status = Status::Transferring;
            next.transfer = Some(Transfer { to: to.clone(), until: *until });
        }
        Event::TransferEnded { .. } => next.status = Status::Active,
        Event::Closed { .. } => next.status = Status::Closed,
        Event::Snoozed { .. } => next.status = Status::Snoozed,
        // What follows at once says who has it; these two say only that the old state is over.
        Event::Reopened {} | Event::Woken {} => return next,
    }
    next.since = at;
    next.snoozed_until = if let Event::Snoozed { until } = event { Some(*until) } else { None };
    if next.status != Status::Transferring {
        next.transfer = None;
    }
    next
}

/// The state of a conversation that begins.
///
/// # Errors
/// [`Code::Internal`] where `event` is not [`Event::Opened`].
pub fn open(event: &Event, contact: crate::ContactId, at: Time) -> Result<State, Refusal> {
    let Event::Opened { inbox, team, priority, bot, skills, last_agent } = event else {
        return Err(Code::Internal.into());
    };
    Ok(State {
        status: if *bot { Status::Bot } else { Status::Queued },
        contact,
        inbox: inbox.clone(),
        team: team.clone(),
        assignee: last_agent.clone(),
        priority: *priority,
        since: at,
        waiting_since: at,
        transfer: None,
        snoozed_until: None,
        labels: BTreeSet::new(),
        skills: skills.clone(),
    })
}
