//! `review`: a message that was held is said now, or never.

use deskwire_domain::{Code, Event, Refusal, Role, Who, machine::Command};
use deskwire_protocol::{
    Ack,
    client::Review,
    http::{HeldMessage, Page},
};
use deskwire_store::{Direction, Document};

use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    pub(crate) async fn review(&self, caller: &Caller, review: Review) -> Result<Ack, AppError> {
        let Review { conversation, entry, release } = review;
        if !matches!(caller.principal.who, Who::Agent(_, Role::Supervisor | Role::Admin)) {
            return Err(Code::Forbidden.into());
        }
        let held = self.entry_at(caller, &conversation, entry).await?;
        let Event::Held { content, .. } = held.event else {
            return Err(Refusal::with(Code::InvalidField, "entry: nothing is held there").into());
        };
        let seen = self.not_reviewed(caller, &conversation, entry).await?;
        let content = release.then_some(content);
        let command = Command::Review { held: entry, released: release, author: held.by, content };
        let outcome = self.act(caller, &conversation, Cursor::After(seen), command).await?;
        Ok(Self::ack(caller, "review", &outcome))
    }

    /// What somebody reviewed already stays as it was decided. Answers the log's last seq, as it was seen: whoever
    /// decides behind it decides first, see `attempt`.
    async fn not_reviewed(
        &self,
        caller: &Caller,
        conversation: &deskwire_domain::ConversationId,
        held: u64,
    ) -> Result<u64, AppError> {
        let mut after = held;
        loop {
            let page = self.store.page(caller.account(), conversation, Direction::After(after), 100).await?;
            let reviewed = |event: &Event| matches!(event, Event::Reviewed { held: other, .. } if *other == held);
            if page.entries.iter().any(|entry| reviewed(&entry.event)) {
                return Err(Refusal::with(Code::Conflict, "it was reviewed already").into());
            }
            after = page.entries.last().map_or(after, |last| last.seq);
            if !page.more {
                return Ok(after);
            }
        }
    }

    /// A page of messages that wait for a review.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_held(
        &self,
        caller: &Caller,
        page: (Option<&str>, Option<usize>),
    ) -> Result<Page<HeldMessage>, AppError> {
        self.list_documents(caller, Document::Held, page).await
    }
}
