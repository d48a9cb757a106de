//! `reopen`: not done after all.

use deskwire_domain::machine::Command;
use deskwire_protocol::{Ack, client::OfConversation};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn reopen(&self, caller: &Caller, reopen: OfConversation) -> Result<Ack, AppError> {
        let outcome = self.act(caller, &reopen.conversation, Cursor::Head, Command::Reopen).await?;
        Ok(Self::ack(caller, "reopen", &outcome))
    }
}
