//! How well the AI agent does: what became of its turns, day by day, counted from the log.

use deskwire_domain::turn::Outcome;
use deskwire_protocol::http::{Page, QualityDay};
use deskwire_store::Ledger;
use serde::{Deserialize, Serialize};

use crate::{
    App, AppError, Caller,
    sums::{Adds, days},
};

/// What is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Counted {
    /// A turn.
    Turn {
        outcome: Outcome,
        #[serde(default)]
        tokens: u32,
    },
    /// A word on one.
    Word { good: bool },
}

/// The day is left empty in what is kept: its key says it.
impl Adds for QualityDay {
    type One = Counted;
    const LEDGER: Ledger = Ledger::Ai;

    fn add(&mut self, one: &Counted) {
        match one {
            Counted::Word { good: true } => self.good += 1,
            Counted::Word { good: false } => self.wrong += 1,
            Counted::Turn { outcome, tokens } => {
                self.turns += 1;
                self.tokens += u64::from(*tokens);
                *match outcome {
                    Outcome::Exact | Outcome::Generated | Outcome::Tool => &mut self.answered,
                    Outcome::Asked => &mut self.asked,
                    Outcome::SmallTalk => &mut self.small_talk,
                    Outcome::Unsure => &mut self.unsure,
                    Outcome::HandedOver => &mut self.handed_over,
                    Outcome::MessageTaken => &mut self.messages_taken,
                } += 1;
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        for (count, more) in [
            (&mut self.turns, other.turns),
            (&mut self.answered, other.answered),
            (&mut self.asked, other.asked),
            (&mut self.small_talk, other.small_talk),
            (&mut self.unsure, other.unsure),
            (&mut self.handed_over, other.handed_over),
            (&mut self.messages_taken, other.messages_taken),
            (&mut self.good, other.good),
            (&mut self.wrong, other.wrong),
            (&mut self.tokens, other.tokens),
        ] {
            *count += more;
        }
    }
}

impl App {
    /// How well the AI agent did on each day of a period; days without a turn are left out.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn quality(
        &self,
        caller: &Caller,
        period: (Option<&str>, Option<&str>),
    ) -> Result<Page<QualityDay>, AppError> {
        let days = days(period, self.now())?;
        let sums: Vec<QualityDay> = self.sums_of(caller.account(), &days).await?;
        let counted = days.iter().zip(sums).filter(|(_, sum)| *sum != QualityDay::default());
        let data = counted.map(|(day, sum)| QualityDay { day: day.to_string(), ..sum });
        Ok(Page { data: data.collect(), next_cursor: None })
    }
}
