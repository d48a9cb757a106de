//! `feedback`: whether an answer of the AI agent was good.

use deskwire_domain::{AuthorKind, Code, Event, Refusal, machine::Command};
use deskwire_protocol::{Ack, Entry, client::Feedback};

use crate::{App, AppError, Caller, ai::check_name, conversation::Cursor};

impl App {
    pub(crate) async fn feedback(&self, caller: &Caller, feedback: Feedback) -> Result<Ack, AppError> {
        let Feedback { conversation, after, client_id, entry, good, intent } = feedback;
        let answer = self.entry_at(caller, &conversation, entry).await?;
        if answer.by.kind != AuthorKind::Bot || !matches!(answer.event, Event::Message { .. }) {
            return Err(Refusal::with(Code::InvalidField, "entry: this is no answer of the AI agent").into());
        }
        if let Some(intent) = &intent {
            check_name(intent)?;
            if good {
                return Err(Refusal::with(Code::InvalidField, "intent: only where the answer was not good").into());
            }
        }
        let command = Command::Judge { entry, good, intent, client_id };
        let outcome = self.act(caller, &conversation, Cursor::After(after), command).await?;
        Ok(Self::ack(caller, "feedback", &outcome))
    }

    /// One entry of a log that the caller may see.
    pub(crate) async fn entry_at(
        &self,
        caller: &Caller,
        conversation: &deskwire_domain::ConversationId,
        seq: u64,
    ) -> Result<Entry, AppError> {
        let unknown = || Refusal::with(Code::NotFound, "entry: there is none at this seq");
        let before = seq.checked_sub(1).ok_or_else(unknown)?;
        let direction = deskwire_store::Direction::After(before);
        let page = self.store.page(caller.account(), conversation, direction, 1).await?;
        let entry = page.entries.into_iter().next().filter(|entry| entry.seq == seq).ok_or_else(unknown)?;
        self.as_owner(caller, &entry.state).await?;
        Ok(entry)
    }
}
