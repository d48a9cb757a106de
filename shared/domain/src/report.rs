//! What supervisors are told, one definition each: which entries of a log count for what ([`Tally::follow`]), and how
//! they add up ([`Figures`]).
//!
//! Pure: the log's entries go in one after the other, and what is counted comes out at the entry that ends it. So each
//! thing is counted once, for the moment at which it ended, however often the log is read.

use serde::{Deserialize, Serialize};

use crate::{Author, Event, State, Status, Time, histogram::Histogram, limits::BEST_SCORE};

/// Something that is counted, at the entry that ends it. Durations are whole seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Counted {
    /// A conversation began, with people or with the AI agent.
    Opened,
    /// One that was closed is open again.
    Reopened,
    /// One that waited in a queue came to an agent: from when it last came into the queue. Whoever leaves before is not
    /// counted; whoever waits twice is counted twice.
    Waited {
        /// For so long.
        seconds: u64,
    },
    /// A transfer was taken.
    Transferred,
    /// An agent's first words to a visitor who waited for them: from the visitor's first words that people were to
    /// answer, or from the AI agent's hand-over, whose question is still open. Once for each time that people get it:
    /// when it begins with them, is reopened, or comes from the AI agent.
    Responded {
        /// After so long.
        seconds: u64,
    },
    /// It was closed, by whomever: from when it began, or was last reopened.
    Closed {
        /// After so long.
        seconds: u64,
    },
    /// The visitor said how they were served. Until it is reopened the last word counts: see [`Rated`].
    Rated {
        /// From 1, bad, to 5, good.
        score: u8,
    },
}

/// The last rating of a conversation since it was last opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// When.
    pub at: Time,
    /// Its entry's seq.
    pub seq: u64,
}

/// What must be known of a conversation's past to count what comes: a few bytes beside its row in lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// When it began or was last reopened.
    started: Time,
    /// Since when the visitor waits for an agent's first words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<Time>,
    /// An agent has answered since people got it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    responded: bool,
    /// The rating that counts so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rated: Option<Rated>,
}

/// What one entry counts for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// What is counted with it.
    pub counted: Option<Counted>,
    /// A rating that no longer counts.
    pub instead_of: Option<Rated>,
}

/// An entry, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct Step<'a> {
    /// Its seq.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// By whom.
    pub by: &'a Author,
    /// What happened.
    pub event: &'a Event,
}

impl Tally {
    /// Takes the next entry of a log, which met the conversation in the state `before` (`None` where it begins), and
    /// answers what it counts for.
    pub fn follow(&mut self, before: Option<&State>, step: Step<'_>) -> Counts {
        let Step { seq, at, event, .. } = step;
        let status = before.map_or(Status::Closed, |before| before.status);
        let instead_of = self.rated.filter(|_| matches!(event, Event::Rated { .. }));
        let counted = match event {
            Event::Opened { .. } => {
                *self = Self { started: at, ..Self::default() };
                Some(Counted::Opened)
            }
            Event::Reopened {} => {
                *self = Self { started: at, ..Self::default() };
                Some(Counted::Reopened)
            }
            Event::Queued { .. } => {
                if status == Status::Bot {
                    (self.asked, self.responded) = (Some(at), false);
                }
                None
            }
            Event::Assigned { .. } => {
                if status == Status::Bot {
                    (self.asked, self.responded) = (None, false);
                }
                before.and_then(|before| taken(before, at))
            }
            Event::Closed { .. } => {
                self.asked = None;
                Some(Counted::Closed { seconds: seconds(self.started, at) })
            }
            Event::BotCalled {} => {
                self.asked = None;
                None
            }
            Event::Rated { score, .. } if (1..=BEST_SCORE).contains(score) => {
                self.rated = Some(Rated { at, seq });
                Some(Counted::Rated { score: *score })
            }
            _ => self.said(status, step),
        };
        Counts { counted, instead_of }
    }

    /// Words, where it stood at `status`: those of a visitor wait for an answer, those of an agent are one.
    fn said(&mut self, status: Status, Step { at, by, event, .. }: Step<'_>) -> Option<Counted> {
        let with_people = !matches!(status, Status::Bot | Status::Closed);
        if event.spoken(by).is_some() && with_people && !self.responded {
            self.asked.get_or_insert(at);
        }
        if !event.serves(by) {
            return None;
        }
        let asked = self.asked.take()?;
        self.responded = true;
        Some(Counted::Responded { seconds: seconds(asked, at) })
    }
}

/// What it counts for that an agent got a conversation.
fn taken(before: &State, at: Time) -> Option<Counted> {
    match before.status {
        Status::Queued => Some(Counted::Waited { seconds: seconds(before.since, at) }),
        Status::Transferring => Some(Counted::Transferred),
        _ => None,
    }
}

fn seconds(from: Time, to: Time) -> u64 {
    u64::try_from(to.as_second() - from.as_second()).unwrap_or(0)
}

/// Sums of what was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Conversations that began.
    pub opened: u64,
    /// Conversations that were reopened.
    pub reopened: u64,
    /// Transfers that were taken.
    pub transferred: u64,
    /// Waits in a queue that ended with an agent.
    pub waited: Histogram,
    /// First answers by agents.
    pub first_response: Histogram,
    /// Times that a conversation was closed, and how long it had been open.
    pub resolution: Histogram,
    /// How often each score was given, from 1 to 5.
    pub scores: [u64; BEST_SCORE as usize],
}

impl Figures {
    /// Adds one thing.
    pub fn add(&mut self, counted: &Counted) {
        match counted {
            Counted::Opened => self.opened += 1,
            Counted::Reopened => self.reopened += 1,
            Counted::Transferred => self.transferred += 1,
            Counted::Waited { seconds } => self.waited.add(*seconds),
            Counted::Responded { seconds } => self.first_response.add(*seconds),
            Counted::Closed { seconds } => self.resolution.add(*seconds),
            Counted::Rated { score } => {
                if let Some(count) = self.scores.get_mut(usize::from(score.wrapping_sub(1))) {
                    *count += 1;
                }
            }
        }
    }

    /// Adds all that another has.
    pub fn merge(&mut self, other: &Self) {
        self.opened += other.opened;
        self.reopened += other.reopened;
        self.transferred += other.transferred;
        self.waited.merge(&other.waited);
        self.first_response.merge(&other.first_response);
        self.resolution.merge(&other.resolution);
        self.scores.iter_mut().zip(other.scores).for_each(|(count, more)| *count += more);
    }
}
