//! `assign`: a person gives a conversation to an agent, at once.

use deskwire_domain::{Code, Refusal, machine::Command};
use deskwire_protocol::{Ack, client::Assign};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn assign(&self, caller: &Caller, assign: Assign) -> Result<Ack, AppError> {
        let agent = self.store.agent(caller.account(), &assign.agent).await?;
        let agent =
            agent.filter(|agent| !agent.agent.disabled).ok_or_else(|| Refusal::with(Code::NotFound, "agent"))?;
        let command = Command::Assign { agent: assign.agent, name: Some(agent.agent.name) };
        let outcome = self.act(caller, &assign.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "assign", &outcome))
    }
}
