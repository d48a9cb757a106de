//! What the AI agent decides: an answer, and whether people go on. It is silent once a person has the conversation (see
//! [`crate::permission`]), and comes back only when it is called.

use std::collections::BTreeSet;

use crate::{
    Code, Content, Event, Refusal, State, Status, TeamId,
    event::QueuedBy,
    limits::{ANSWER_PARTS, LABELS},
    turn::Turn,
};

/// What the AI agent says in one turn, and does with the conversation: all of it, or nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it says; something always.
    pub says: Vec<Content>,
    /// What it thought.
    pub turn: Box<Turn>,
    /// What becomes of the conversation.
    pub then: Then,
    /// Derived from the last thing that it answers, so that nothing is ever answered twice.
    pub client_id: String,
}

/// What becomes of the conversation after an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Then {
    /// It waits for the visitor.
    Wait,
    /// People go on.
    HandOver {
        /// In this team's queue, or in its own's.
        team: Option<TeamId>,
        /// Skills that the agent should have.
        skills: BTreeSet<String>,
        /// Labels that it gets.
        labels: BTreeSet<String>,
        /// For whoever takes it: what it is about and what was said.
        summary: String,
        /// The same in one line, for the queue.
        headline: String,
    },
}

/// What an answer makes happen.
///
/// # Errors
/// [`Code::Internal`] where it says nothing, or too much for one transaction.
pub(crate) fn answer(state: &State, answer: Answer) -> Result<Vec<Event>, Refusal> {
    let Answer { says, turn, then, client_id } = answer;
    if says.is_empty() || says.len() > ANSWER_PARTS {
        return Err(Code::Internal.into());
    }
    let mut turn = Some(turn);
    let say = |(place, content): (usize, Content)| {
        let client_id = if place == 0 { client_id.clone() } else { format!("{client_id}.{place}") };
        // What was thought rides with the first part.
        Event::Message { content, client_id, turn: turn.take() }
    };
    let mut events: Vec<Event> = says.into_iter().enumerate().map(say).collect();
    if let Then::HandOver { team, skills, labels, summary, headline } = then {
        let room = LABELS.saturating_sub(state.labels.len());
        let added: BTreeSet<String> = labels.difference(&state.labels).take(room).cloned().collect();
        if !added.is_empty() {
            events.push(Event::Labelled { added, removed: BTreeSet::new() });
        }
        events.push(Event::Note {
            text: summary,
            content: None,
            mentions: BTreeSet::new(),
            client_id: format!("{client_id}.note"),
        });
        let team = team.unwrap_or_else(|| state.team.clone());
        events.push(Event::Queued { team, reason: QueuedBy::Handoff, note: Some(headline), skills });
    }
    Ok(events)
}

/// Gives the conversation to the AI agent.
///
/// # Errors
/// [`Code::ConversationClosed`], [`Code::NotPossibleNow`].
pub(crate) fn call(state: &State) -> Result<Vec<Event>, Refusal> {
    match state.status {
        Status::Bot => Ok(vec![]),
        Status::Active | Status::Queued | Status::Snoozed => Ok(vec![Event::BotCalled {}]),
        Status::Transferring => Err(Code::NotPossibleNow.into()),
        Status::Closed => Err(Code::ConversationClosed.into()),
    }
}
