//! `Learn`: what somebody thinks of an answer is counted, becomes an example where an agent said what was meant, and is
//! told to the mind that gave it.

use deskwire_ai::agent::Feedback;
use deskwire_domain::{AccountId, Code, ConversationId, Event};
use deskwire_store::{Document, Ledger};

use super::quality::Counted;
use crate::{App, AppError, Caller};

impl App {
    /// Takes feedback to heart.
    ///
    /// # Errors
    /// A failure: the job comes again.
    pub async fn learn(&self, account: &AccountId, id: &ConversationId, seq: u64) -> Result<(), AppError> {
        let caller = Caller::system(account.clone());
        let said = self.entry_at(&caller, id, seq).await?;
        let Event::Feedback { entry, good, intent, .. } = &said.event else { return Ok(()) };
        let answer = self.entry_at(&caller, id, *entry).await?;
        let Event::Message { turn: Some(turn), .. } = &answer.event else { return Ok(()) };
        // The last word of each counts.
        let by = said.by.id.clone().unwrap_or_default();
        let at = format!("{}#{by}", answer.id());
        let counted = Counted::Word { good: *good };
        self.count_once(account, (Ledger::Ai, &at), answer.at, &counted).await?;
        match (good, intent) {
            (false, Some(intent)) => {
                match self.add_examples(account, intent, std::slice::from_ref(&turn.question)).await {
                    // A job that is refused would be refused for ever.
                    Err(AppError::Refused(refusal)) if refusal.code != Code::Busy => {
                        tracing::warn!(code = refusal.code.as_str(), "a question does not become an example");
                    }
                    added => added?,
                }
                self.store.delete_document(account, Document::Unanswered, &answer.id()).await?;
            }
            (false, None) => self.note_unanswered(account, &answer, turn).await?,
            (true, _) => {}
        }
        let feedback = Feedback {
            question: turn.question.clone(),
            understood: turn.intent.clone(),
            good: *good,
            intent: intent.clone(),
        };
        self.tell_mind(account, &feedback).await
    }

    async fn tell_mind(&self, account: &AccountId, feedback: &Feedback) -> Result<(), AppError> {
        let brain = self.brain(account).await?;
        let Some(mind) = self.mind(account, &brain).await? else { return Ok(()) };
        // It is counted and noted here: a mind that does not want to know holds nothing up.
        if let Err(error) = mind.learn(feedback).await {
            tracing::warn!(%error, "a mind does not learn");
        }
        Ok(())
    }
}
