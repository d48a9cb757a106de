//! `rate`: the visitor says how they were served (CSAT).

use deskwire_domain::{content::check_text, machine::Command};
use deskwire_protocol::{Ack, client::Rate};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn rate(&self, caller: &Caller, rate: Rate) -> Result<Ack, AppError> {
        rate.comment.as_deref().map_or(Ok(()), check_text)?;
        let command = Command::Rate { score: rate.score, comment: rate.comment, client_id: rate.client_id };
        let outcome = self.act(caller, &rate.conversation, Cursor::After(rate.after), command).await?;
        Ok(Self::ack(caller, "rate", &outcome))
    }
}
