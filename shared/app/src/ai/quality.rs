//! How well the AI agent does: what became of its turns, day by day, counted from the log.

use deskwire_domain::{AccountId, Code, Refusal, turn::Outcome};
use deskwire_protocol::http::{Page, QualityDay};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::budget::day_of;
use crate::{App, AppError, Caller};

/// Days of one answer: a quarter.
const DAYS: i32 = 92;
/// Days that are read at the same time.
const CONCURRENT: usize = 8;

/// What is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Counted {
    /// A turn.
    Turn {
        outcome: Outcome,
        #[serde(default)]
        tokens: u32,
    },
    /// A word on one.
    Word { good: bool },
}

impl App {
    /// How well the AI agent did on each day of a period; days without a turn are left out.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn quality(
        &self,
        caller: &Caller,
        (from, to): (Option<&str>, Option<&str>),
    ) -> Result<Page<QualityDay>, AppError> {
        let bad = |name: &str| Refusal::with(Code::InvalidField, format!("{name}: a day such as 2026-11-25"));
        let today = day_of(self.now());
        let to: Date = to.unwrap_or(&today).parse().map_err(|_| bad("to"))?;
        let from: Date = match from {
            Some(from) => from.parse().map_err(|_| bad("from"))?,
            None => to.saturating_sub(jiff::Span::new().days(29)),
        };
        let days = from.until(to).map_err(|_| bad("from"))?.get_days();
        if !(0..DAYS).contains(&days) {
            return Err(Refusal::with(Code::InvalidField, format!("from and to: 1 to {DAYS} days")).into());
        }
        let all = (0..=days).map(|day| from.saturating_add(jiff::Span::new().days(day)).to_string());
        let read = all.map(|day| self.quality_of(caller.account(), day));
        let read: Vec<QualityDay> = stream::iter(read.collect::<Vec<_>>()).buffered(CONCURRENT).try_collect().await?;
        let data = read.into_iter().filter(|day| *day != QualityDay { day: day.day.clone(), ..QualityDay::default() });
        Ok(Page { data: data.collect(), next_cursor: None })
    }

    async fn quality_of(&self, account: &AccountId, day: String) -> Result<QualityDay, AppError> {
        let counted: Vec<Counted> = self.store.outcomes(account, &day).await?;
        let mut sum = QualityDay { day, ..QualityDay::default() };
        for one in counted {
            match one {
                Counted::Word { good: true } => sum.good += 1,
                Counted::Word { good: false } => sum.wrong += 1,
                Counted::Turn { outcome, tokens } => {
                    sum.turns += 1;
                    sum.tokens += u64::from(tokens);
                    *match outcome {
                        Outcome::Exact | Outcome::Generated | Outcome::Tool => &mut sum.answered,
                        Outcome::Asked => &mut sum.asked,
                        Outcome::SmallTalk => &mut sum.small_talk,
                        Outcome::Unsure => &mut sum.unsure,
                        Outcome::HandedOver => &mut sum.handed_over,
                        Outcome::MessageTaken => &mut sum.messages_taken,
                    } += 1;
                }
            }
        }
        Ok(sum)
    }
}
