//! What supervisors are told: how things stand, and how days went. Each figure has one definition, here, and is counted
//! from the log (`deskwire_domain::report`); each counts on the day, by UTC, on which it ended.

use deskwire_domain::{AgentId, TeamId, Time, histogram::Histogram, report::Figures};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::client::PresenceStatus;

/// How long things took, in whole seconds. Percentiles are off by a sixteenth at most (6.25 %), and exact below 16
/// seconds; count and mean are exact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spread {
    /// How many there were.
    pub count: u64,
    /// Their mean; absent where there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<u64>,
    /// Half of them took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50: Option<u64>,
    /// Nine of ten took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p90: Option<u64>,
}

impl From<&Histogram> for Spread {
    fn from(histogram: &Histogram) -> Self {
        Self {
            count: histogram.count(),
            mean: histogram.mean(),
            p50: histogram.percentile(50),
            p90: histogram.percentile(90),
        }
    }
}

/// What visitors say of how they were served. Of one conversation the last word counts, until it is reopened.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Csat {
    /// How many said something.
    pub count: u64,
    /// The mean score, from 1 to 5, to two digits; absent where nobody said anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// How often each score was given, from 1 to 5.
    pub scores: [u64; 5],
}

impl Csat {
    #[expect(clippy::cast_precision_loss, reason = "ratings of a day have room in 53 bits")]
    fn of(scores: [u64; 5]) -> Self {
        let count: u64 = scores.iter().sum();
        let sum: u64 = scores.iter().zip(1..).map(|(count, score)| count * score).sum();
        let mean = (count > 0).then(|| (sum as f64 * 100.0 / count as f64).round() / 100.0);
        Self { count, mean, scores }
    }
}

/// How a day went (UTC): of one team, or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DayReport {
    /// `2026-11-25`.
    pub day: String,
    /// Conversations that began, with people or with the AI agent.
    pub opened: u64,
    /// Conversations that were open again after they had been closed. `opened + reopened - closed` is how many more are
    /// open.
    pub reopened: u64,
    /// Times that a conversation was closed, by whomever.
    pub closed: u64,
    /// Transfers that were taken; those declined or timed out are not counted.
    pub transferred: u64,
    /// From when a conversation came into a queue to when an agent had it. Who leaves before is not counted, who comes
    /// back into the queue is counted again.
    pub waited: Spread,
    /// From the visitor's first words that people were to answer to an agent's next words; where the AI agent handed
    /// over, from then. Once for each time that people get a conversation: it begins with them, is reopened, or comes
    /// from the AI agent.
    pub first_response: Spread,
    /// From when a conversation began, or was last reopened, to when it was closed.
    pub resolution: Spread,
    /// What visitors said of how they were served.
    pub csat: Csat,
}

impl DayReport {
    /// The report of a day's figures.
    pub fn of(day: String, figures: &Figures) -> Self {
        Self {
            day,
            opened: figures.opened,
            reopened: figures.reopened,
            closed: figures.resolution.count(),
            transferred: figures.transferred,
            waited: (&figures.waited).into(),
            first_response: (&figures.first_response).into(),
            resolution: (&figures.resolution).into(),
            csat: Csat::of(figures.scores),
        }
    }
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LiveReport {
    /// As of when.
    pub at: Time,
    /// Each team, by id.
    pub teams: Vec<LiveTeam>,
    /// Each agent who is not switched off, by id; at most 1,000.
    pub agents: Vec<LiveAgent>,
    /// Today so far (UTC), of all teams.
    pub today: DayReport,
}

/// How a team stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveTeam {
    /// Its id.
    pub team: TeamId,
    /// Its name.
    pub name: String,
    /// Conversations that wait in its queue; 1,000 where there are so many or more. One that is being transferred to it
    /// does not wait: its agent serves it still.
    pub queued: u32,
    /// When the one that waits longest came into the queue; absent where none waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest_queued_at: Option<Time>,
    /// Conversations that an agent serves in it, those that are being transferred away included; 1,000 where there are
    /// so many or more.
    pub active: u32,
    /// Its agents who are online.
    pub online: u32,
    /// Its agents who are there, and take no new conversations.
    pub away: u32,
    /// Conversations that its agents who are online can have at once, in whatever team.
    pub capacity: u32,
    /// Conversations that they have, in whatever team.
    pub load: u32,
}

/// How an agent stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LiveAgent {
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// Whether they are there.
    pub status: PresenceStatus,
    /// Conversations they can have at once.
    pub capacity: u32,
    /// Conversations they have.
    pub load: u32,
}

#[cfg(test)]
mod tests {
    use deskwire_domain::report::Counted;

    use super::*;

    #[test]
    fn figures_are_shown_as_people_read_them() {
        let mut figures = Figures::default();
        for counted in [
            Counted::Opened,
            Counted::Closed { seconds: 10 },
            Counted::Closed { seconds: 20 },
            Counted::Rated { score: 4 },
            Counted::Rated { score: 5 },
            Counted::Rated { score: 5 },
            Counted::Rated { score: 9 },
        ] {
            figures.add(&counted);
        }
        let report = DayReport::of("2026-11-25".into(), &figures);
        assert_eq!((report.opened, report.closed, report.waited), (1, 2, Spread::default()));
        assert_eq!((report.resolution.mean, report.resolution.p50), (Some(15), Some(10)));
        assert_eq!((report.csat.count, report.csat.mean, report.csat.scores), (3, Some(4.67), [0, 0, 0, 1, 2]));
    }
}
