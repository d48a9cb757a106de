//! `close`: done.

use deskwire_domain::{content::check_length, limits, machine::Command};
use deskwire_protocol::{Ack, client::Close};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn close(&self, caller: &Caller, close: Close) -> Result<Ack, AppError> {
        if let Some(reason) = &close.reason {
            check_length("reason", reason, limits::REASON_CHARS)?;
        }
        let command = Command::Close { reason: close.reason };
        let outcome = self.act(caller, &close.conversation, Cursor::Head, command).await?;
        Ok(Self::ack(caller, "close", &outcome))
    }
}
