//! `call_bot`: the AI agent is to have a conversation again.

use deskwire_domain::machine::Command;
use deskwire_protocol::{Ack, client::OfConversation};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn call_bot(&self, caller: &Caller, call: OfConversation) -> Result<Ack, AppError> {
        let outcome = self.act(caller, &call.conversation, Cursor::Head, Command::CallBot).await?;
        Ok(Self::ack(caller, "call_bot", &outcome))
    }
}
