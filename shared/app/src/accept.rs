//! `accept` and `decline`: an agent takes a waiting conversation or a transfer, or says no to one.

use deskwire_domain::{Code, machine::Command};
use deskwire_protocol::{Ack, client::OfConversation};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn accept(&self, caller: &Caller, accept: OfConversation) -> Result<Ack, AppError> {
        let agent = caller.principal.agent().ok_or(Code::Forbidden)?;
        let record = self.store.agent(caller.account(), agent).await?.ok_or(Code::Forbidden)?;
        let teams = record.agent.teams.into_iter().collect();
        let command = Command::Accept { teams };
        let outcome = self.act(caller, &accept.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "accept", &outcome))
    }

    pub(crate) async fn decline(&self, caller: &Caller, decline: OfConversation) -> Result<Ack, AppError> {
        let outcome = self.act(caller, &decline.conversation, Cursor::Head, Command::Decline).await?;
        Ok(Self::ack(caller, "decline", &outcome))
    }
}
