//! `rate`: the visitor says how they were served (CSAT).

use deskwire_domain::{Content, content::check_text, machine::Command};
use deskwire_protocol::{Ack, client::Rate};

use crate::{App, AppError, Caller, conversation::Cursor, filter::Screened};

impl App {
    pub(crate) async fn rate(&self, caller: &Caller, rate: Rate) -> Result<Ack, AppError> {
        rate.comment.as_deref().map_or(Ok(()), check_text)?;
        let comment = match rate.comment {
            Some(comment) => self.screened_comment(caller, comment).await?,
            None => None,
        };
        let command = Command::Rate { score: rate.score, comment, client_id: rate.client_id };
        let outcome = self.act(caller, &rate.conversation, Cursor::After(rate.after), command).await?;
        Ok(Self::ack(caller, "rate", &outcome))
    }

    /// What the word lists let through of a comment. A score waits for nobody: where the words would have to, it is given
    /// without them.
    async fn screened_comment(&self, caller: &Caller, comment: String) -> Result<Option<String>, AppError> {
        Ok(match self.screen(caller, Content::text(comment)).await? {
            Screened::Passes(content) => content.words().map(str::to_owned),
            Screened::Held(..) => None,
        })
    }
}
