//! What the stream of entries means to the AI agent: turns to take, outcomes to count, questions without an answer,
//! messages that wait for a review, and what there is to learn.

use deskwire_domain::{
    AccountId, AuthorKind, Event, Status,
    turn::{HandOverReason, Outcome, Turn},
};
use deskwire_protocol::{
    Entry,
    http::{HeldMessage, UnansweredQuestion},
};
use deskwire_queue::{Job, Order};
use deskwire_store::{Document, Ledger};

use super::quality::Counted;
use crate::{App, AppError};

/// Seconds for which a question without an answer, and a message that is held, are kept.
const KEPT_SECONDS: i64 = 90 * 86_400;

impl App {
    /// Does what an entry asks for at once, and answers the jobs that it asks for. Again has no second effect.
    pub(crate) async fn relay_to_ai(&self, account: &AccountId, entry: &Entry) -> Result<Option<Order>, AppError> {
        match &entry.event {
            Event::Message { turn: Some(turn), .. } => self.turn_came(account, entry, turn).await?,
            Event::Held { content, category, .. } => {
                let held = HeldMessage {
                    conversation: entry.conversation.clone(),
                    entry: entry.seq,
                    author: entry.by.clone(),
                    content: content.clone(),
                    category: category.clone(),
                    at: entry.at,
                };
                let until = entry.at + jiff::SignedDuration::from_secs(KEPT_SECONDS);
                self.store.keep_document(account, Document::Held, &entry.id(), (&held, until)).await?;
            }
            Event::Reviewed { held, .. } => {
                let id = deskwire_domain::ids::entry_id(&entry.conversation, *held);
                self.store.delete_document(account, Document::Held, &id).await?;
            }
            _ => {}
        }
        Ok(self.job_of(account, entry).await?.map(|job| Order { job, cause: entry.id() }))
    }

    async fn job_of(&self, account: &AccountId, entry: &Entry) -> Result<Option<Job>, AppError> {
        let (account, conversation, seq) = (account.clone(), entry.conversation.clone(), entry.seq);
        let speaks = entry.event.spoken(&entry.by).is_some();
        Ok(match &entry.event {
            // Who wrote while it waited for people has an answer coming.
            Event::BotCalled {} => Some(Job::Turn { v: 1, account, conversation, seq }),
            _ if speaks && entry.state.status == Status::Bot => Some(Job::Turn { v: 1, account, conversation, seq }),
            Event::Feedback { .. } => Some(Job::Learn { v: 1, account, conversation, seq }),
            Event::Closed { .. } | Event::TransferRequested { .. } if self.summarises(&account).await? => {
                Some(Job::Summarise { v: 1, account, conversation, seq })
            }
            _ => None,
        })
    }

    async fn turn_came(&self, account: &AccountId, entry: &Entry, turn: &Turn) -> Result<(), AppError> {
        let counted = Counted::Turn { outcome: turn.outcome, tokens: turn.tokens };
        self.count_once(account, (Ledger::Ai, &entry.id()), entry.at, &counted).await?;
        let unanswered = matches!(turn.outcome, Outcome::Unsure)
            || matches!(turn.reason, Some(HandOverReason::Unsure | HandOverReason::NoProgress));
        if unanswered {
            self.note_unanswered(account, entry, turn).await?;
        }
        Ok(())
    }

    /// Notes a question that had no good answer; `entry` is the AI agent's.
    pub(super) async fn note_unanswered(
        &self,
        account: &AccountId,
        entry: &Entry,
        turn: &Turn,
    ) -> Result<(), AppError> {
        debug_assert_eq!(entry.by.kind, AuthorKind::Bot);
        let question = UnansweredQuestion {
            id: entry.id(),
            text: turn.question.clone(),
            conversation: entry.conversation.clone(),
            entry: entry.seq,
            at: entry.at,
        };
        let until = entry.at + jiff::SignedDuration::from_secs(KEPT_SECONDS);
        Ok(self.store.keep_document(account, Document::Unanswered, &entry.id(), (&question, until)).await?)
    }
}
