//! `transfer`: an agent offers a conversation to somebody else, who accepts, declines or lets the time run out.

use deskwire_domain::{Code, Refusal, TransferTo, content::check_length, limits, machine::Command};
use deskwire_protocol::{Ack, client::TransferFrame, http::Team};
use deskwire_store::Document;

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn transfer(&self, caller: &Caller, transfer: TransferFrame) -> Result<Ack, AppError> {
        let seconds = transfer.seconds.unwrap_or(limits::TRANSFER_SECONDS);
        if !(1..=limits::TRANSFER_SECONDS_MAX).contains(&seconds) {
            let most = limits::TRANSFER_SECONDS_MAX;
            return Err(Refusal::with(Code::InvalidField, format!("seconds: 1 to {most}")).into());
        }
        if let Some(note) = &transfer.note {
            check_length("note", note, limits::REASON_CHARS)?;
        }
        self.check_receiver(caller, &transfer.to).await?;
        let until = self.now() + jiff::SignedDuration::from_secs(seconds);
        let command = Command::Transfer { to: transfer.to, until, note: transfer.note };
        let outcome = self.act(caller, &transfer.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "transfer", &outcome))
    }

    /// Whoever it is for must be there: an offer to nobody only makes the visitor wait.
    async fn check_receiver(&self, caller: &Caller, to: &TransferTo) -> Result<(), AppError> {
        match to {
            TransferTo::Team(team) => {
                let found = self.store.document::<Team>(caller.account(), Document::Team, team.as_str()).await?;
                found.map(drop).ok_or_else(|| Refusal::with(Code::NotFound, "team").into())
            }
            TransferTo::Agent(agent) => {
                let found = self.store.agents(caller.account(), std::slice::from_ref(agent)).await?;
                let (record, desk) = found.first().ok_or_else(|| Refusal::with(Code::NotFound, "agent"))?;
                if !record.is_available(desk, self.now()) {
                    return Err(Code::AgentUnavailable.into());
                }
                Ok(())
            }
        }
    }
}
