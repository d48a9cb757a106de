//! Who may ask for what. One table; what a visitor may not even know of answers as an unknown id (done by the app).

use std::collections::BTreeSet;

use crate::{Code, Refusal, State, Status, TeamId, TransferTo, Who, machine::Command, principal::Role};

/// Whether `who` may ask for `command` in a conversation of their own account that stands at `state`.
///
/// # Errors
/// [`Code::NotFound`] for a visitor's foreign conversation, else [`Code::Forbidden`], [`Code::NotAssignee`] or
/// [`Code::TransferNotYours`].
pub fn check(state: &State, who: &Who, command: &Command) -> Result<(), Refusal> {
    match who {
        Who::System => Ok(()),
        Who::Bot => bot(state, command),
        Who::Visitor(contact) if *contact != state.contact => Err(Code::NotFound.into()),
        Who::Visitor(_) => visitor(command),
        Who::Agent(_, Role::Supervisor | Role::Admin) => supervisor(state, who, command),
        Who::Agent(..) => agent(state, who, command),
    }
}

fn visitor(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Send { .. }
        | Command::Hold { .. }
        | Command::Judge { intent: None, .. }
        | Command::Postback { internal: false, .. }
        | Command::Rate { .. }
        | Command::Close { .. } => Ok(()),
        _ => Err(Code::Forbidden.into()),
    }
}

/// The bot is silent once a human is there.
fn bot(state: &State, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Answer(_) | Command::Close { .. } if state.status == Status::Bot => Ok(()),
        Command::Label { .. } | Command::Note { .. } => Ok(()),
        _ => Err(Code::Forbidden.into()),
    }
}

fn supervisor(state: &State, who: &Who, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Decline => decline(state, who),
        _ => routine(command),
    }
}

fn agent(state: &State, who: &Who, command: &Command) -> Result<(), Refusal> {
    routine(command)?;
    match command {
        // What the AI agent has anybody may take: by an accept, or by answering.
        Command::Send { .. } | Command::Hold { .. } if state.status == Status::Bot => Ok(()),
        Command::Send { .. } | Command::Hold { .. } | Command::Transfer { .. } | Command::Snooze { .. } => {
            assignee_only(state, who)
        }
        Command::Review { .. } => Err(Code::Forbidden.into()),
        // Anybody may take what is nobody's; what somebody has is theirs to give.
        Command::Assign { agent, .. } if state.current_assignee().is_none() && who_is(who, Some(agent)) => Ok(()),
        Command::Assign { .. } => assignee_only(state, who),
        Command::Close { .. } | Command::CallBot if state.current_assignee().is_some() => assignee_only(state, who),
        Command::Accept { teams, .. } => member_only(state, who, teams),
        Command::Decline => decline(state, who),
        _ => Ok(()),
    }
}

/// What only Deskwire itself, or the visitor, asks for.
fn routine(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Route { .. }
        | Command::TransferTimeout
        | Command::Wake
        | Command::Answer(_)
        | Command::GiveBack { .. }
        | Command::Postback { internal: false, .. }
        | Command::Rate { .. } => Err(Code::Forbidden.into()),
        _ => Ok(()),
    }
}

fn decline(state: &State, who: &Who) -> Result<(), Refusal> {
    match state.transfer.as_ref().map(|transfer| &transfer.to) {
        Some(TransferTo::Agent(to)) if !who_is(who, Some(to)) => Err(Code::TransferNotYours.into()),
        Some(TransferTo::Team(_)) => Err(Code::TransferNotYours.into()),
        _ => Ok(()),
    }
}

/// What waits in a team's queue is for that team's agents; what an agent is offered, or has, is decided elsewhere.
fn member_only(state: &State, who: &Who, teams: &BTreeSet<TeamId>) -> Result<(), Refusal> {
    match state.waits_in() {
        Some(team) if !teams.contains(team) && !who_is(who, state.current_assignee()) => {
            Err(Refusal::with(Code::Forbidden, format!("it waits for {team}")))
        }
        _ => Ok(()),
    }
}

fn assignee_only(state: &State, who: &Who) -> Result<(), Refusal> {
    if state.status == Status::Closed {
        return Err(Code::ConversationClosed.into());
    }
    if who_is(who, state.current_assignee()) { Ok(()) } else { Err(Code::NotAssignee.into()) }
}

fn who_is(who: &Who, agent: Option<&crate::AgentId>) -> bool {
    matches!((who, agent), (Who::Agent(me, _), Some(agent)) if me == agent)
}
