//! What models may cost: tokens are taken from the budgets before a model is asked, and corrected by what it took.

use deskwire_ai::model::tokens_of;
use deskwire_domain::{AccountId, ConversationId, Time};
use deskwire_protocol::http::Budget;

use crate::{App, AppError};

/// Tokens that an answer may have, and what surrounds the words that are asked: set aside before anything is known.
const AROUND: u64 = 2_500;

/// Tokens that one question may cost with its articles and a little history: a smaller budget would ask no model.
pub(super) const ONE_QUESTION: u64 = 2 * AROUND;

/// What was set aside.
#[derive(Debug, Clone, Copy)]
pub(super) struct SetAside {
    tokens: u64,
    /// When: a turn over midnight is the day's in which it began.
    at: Time,
}

impl SetAside {
    /// So many.
    pub(super) fn tokens(self) -> u32 {
        u32::try_from(self.tokens).unwrap_or(u32::MAX)
    }
}

/// The day of a moment (UTC), as keys have it.
fn day_of(at: Time) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

impl App {
    /// Sets aside what asking a model about so much text may cost; `None` where a budget has not so much left.
    pub(super) async fn set_aside(
        &self,
        (account, conversation): (&AccountId, &ConversationId),
        budget: &Budget,
        texts: impl Iterator<Item = &str>,
    ) -> Result<Option<SetAside>, AppError> {
        let tokens = texts.map(|text| u64::try_from(tokens_of(text)).unwrap_or(u64::MAX)).sum::<u64>() + AROUND;
        let now = self.now();
        let mine = (conversation.as_str(), now);
        if !self.store.spend(account, mine, tokens, budget.conversation_tokens.into()).await? {
            return Ok(None);
        }
        if !self.store.spend(account, (&day_of(now), now), tokens, budget.day_tokens).await? {
            self.store.correct_spent(account, conversation.as_str(), negative(tokens)).await?;
            return Ok(None);
        }
        Ok(Some(SetAside { tokens, at: now }))
    }

    /// Corrects what was set aside by what it took.
    pub(super) async fn took(
        &self,
        (account, conversation): (&AccountId, &ConversationId),
        set_aside: SetAside,
        tokens: u32,
    ) -> Result<(), AppError> {
        let by = i64::from(tokens).saturating_add(negative(set_aside.tokens));
        self.store.correct_spent(account, conversation.as_str(), by).await?;
        Ok(self.store.correct_spent(account, &day_of(set_aside.at), by).await?)
    }
}

fn negative(tokens: u64) -> i64 {
    i64::try_from(tokens).map_or(i64::MIN, |tokens| -tokens)
}
