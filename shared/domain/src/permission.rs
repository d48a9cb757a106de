//! Who may ask for what. One table; what a visitor may not even know of answers as an unknown id (done by the app).

use crate::{Code, Refusal, State, Status, TransferTo, Who, machine::Command, principal::Role};

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
        Command::Send { .. } | Command::Close { .. } => Ok(()),
        _ => Err(Code::Forbidden.into()),
    }
}

/// The bot is silent once a human is there.
fn bot(state: &State, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Send { .. } | Command::HandOver { .. } | Command::Close { .. } if state.status == Status::Bot => {
            Ok(())
        }
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
        Command::Send { .. } | Command::Transfer { .. } | Command::Snooze { .. } => assignee_only(state, who),
        Command::Assign { agent, .. } => {
            if who_is(who, Some(agent)) {
                Ok(())
            } else {
                assignee_only(state, who)
            }
        }
        Command::Close { .. } if state.occupies().is_some() => assignee_only(state, who),
        Command::Decline => decline(state, who),
        _ => Ok(()),
    }
}

/// What only Deskwire itself asks for.
fn routine(command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Route { .. }
        | Command::TransferTimeout
        | Command::Wake
        | Command::HandOver { .. }
        | Command::GiveBack { .. } => Err(Code::Forbidden.into()),
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

fn assignee_only(state: &State, who: &Who) -> Result<(), Refusal> {
    if state.status == Status::Closed {
        return Err(Code::ConversationClosed.into());
    }
    // In the queue it is nobody's: its assignee is only whoever had it last.
    let has_one = !matches!(state.status, Status::Queued | Status::Bot);
    if has_one && who_is(who, state.assignee.as_ref()) { Ok(()) } else { Err(Code::NotAssignee.into()) }
}

fn who_is(who: &Who, agent: Option<&crate::AgentId>) -> bool {
    matches!((who, agent), (Who::Agent(me, _), Some(agent)) if me == agent)
}
