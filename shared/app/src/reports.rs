//! What supervisors are told: how things stand, and how days went. What each figure means is said where it is counted
//! (`deskwire_domain::report`) and shown (`deskwire_protocol::http::DayReport`).

use std::collections::BTreeMap;

use deskwire_domain::{AccountId, AgentId, Code, Refusal, Status, TeamId, report::Figures};
use deskwire_protocol::{
    client::PresenceStatus,
    http::{DayReport, LiveAgent, LiveReport, LiveTeam, Page, Team},
};
use deskwire_store::{Document, Facet, Ledger};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::{
    App, AppError, Caller,
    counting::Noted,
    sums::{Adds, days},
};

/// Conversations of one team that are counted exactly: a read unit each. More than a thousand who wait is one thing to
/// know, whatever the number.
const COUNTED: usize = 1_000;
/// Agents that are shown: past it a screen is no overview.
const AGENTS: usize = 1_000;
/// Agents that one read of their list brings.
const AGENTS_AT_ONCE: usize = 100;
/// Teams that are read at the same time.
const CONCURRENT: usize = 8;

/// What was counted on a day, of each team.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Day(BTreeMap<TeamId, Figures>);

impl Adds for Day {
    type One = Noted;
    const LEDGER: Ledger = Ledger::Service;

    fn add(&mut self, one: &Noted) {
        self.0.entry(one.team.clone()).or_default().add(&one.counted);
    }

    fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(team, figures)| self.0.entry(team.clone()).or_default().merge(figures));
    }
}

impl Day {
    /// The figures of one team, or of all.
    fn figures(&self, team: Option<&TeamId>) -> Figures {
        let mut all = Figures::default();
        self.0.iter().filter(|(other, _)| team.is_none_or(|team| team == *other)).for_each(|(_, one)| all.merge(one));
        all
    }
}

impl App {
    /// How each day of a period went (UTC), of one team or of all; days on which nothing was counted are left out.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn report_days(
        &self,
        caller: &Caller,
        period: (Option<&str>, Option<&str>),
        team: Option<&str>,
    ) -> Result<Page<DayReport>, AppError> {
        let team = team.map(str::parse::<TeamId>).transpose();
        let team = team.map_err(|_| Refusal::with(Code::InvalidField, "team"))?;
        let days = days(period, self.now())?;
        let sums: Vec<Day> = self.sums_of(caller.account(), &days).await?;
        let figures = sums.iter().map(|sum| sum.figures(team.as_ref()));
        let reports = days.iter().zip(figures).filter(|(_, figures)| *figures != Figures::default());
        Ok(Page {
            data: reports.map(|(day, figures)| DayReport::of(day.to_string(), &figures)).collect(),
            next_cursor: None,
        })
    }

    /// How things stand. It costs about a read unit for each conversation that waits or is served, one for each agent,
    /// and one for each twenty things counted in the last two hours: a screen asks every ten seconds, not every second.
    ///
    /// # Errors
    /// A failure.
    pub async fn report_live(&self, caller: &Caller) -> Result<LiveReport, AppError> {
        let (account, at) = (caller.account(), self.now());
        let agents = self.live_agents(account).await?;
        let teams = self.all_teams(account).await?;
        let teams = teams.iter().map(|team| self.live_team(account, team, &agents));
        let teams = stream::iter(teams.collect::<Vec<_>>()).buffered(CONCURRENT).try_collect().await?;
        let today = days((None, None), at)?.pop().ok_or_else(|| AppError::Failed("a day".to_owned()))?;
        let sums: Vec<Day> = self.sums_of(account, &[today]).await?;
        let figures = sums.first().map(|sum| sum.figures(None)).unwrap_or_default();
        Ok(LiveReport { at, teams, agents, today: DayReport::of(today.to_string(), &figures) })
    }

    async fn live_agents(&self, account: &AccountId) -> Result<Vec<LiveAgent>, AppError> {
        let (mut all, mut after, now) = (vec![], None::<String>, self.now());
        while all.len() < AGENTS {
            let page = self.store.documents::<AgentId>(account, Document::Agent, after.as_deref(), AGENTS_AT_ONCE);
            let (ids, next) = page.await?;
            let found = self.store.agents(account, &ids).await?;
            let there = found.iter().filter(|(record, _)| !record.agent.disabled);
            all.extend(there.map(|(record, desk)| LiveAgent {
                agent: record.agent.id.clone(),
                name: record.agent.name.clone(),
                status: record.presence(desk, now).status,
                capacity: record.agent.capacity,
                load: record.agent.load,
            }));
            after = next;
            if after.is_none() {
                break;
            }
        }
        all.truncate(AGENTS);
        Ok(all)
    }

    async fn live_team(&self, account: &AccountId, team: &Team, agents: &[LiveAgent]) -> Result<LiveTeam, AppError> {
        let facet = Facet::Team(team.id.clone());
        let list = |statuses: &'static [Status]| self.store.list(account, &facet, statuses, (None, true, COUNTED));
        let (queued, active) =
            futures::try_join!(list(&[Status::Queued]), list(&[Status::Active, Status::Transferring]))?;
        let (queued, mut active) = (queued.0, active.0);
        // What is only offered to it is another team's still.
        active.retain(|row| row.state.team == team.id);
        let own: Vec<&LiveAgent> = agents.iter().filter(|agent| team.agents.contains(&agent.agent)).collect();
        let with = |status| own.iter().filter(move |agent| agent.status == status);
        Ok(LiveTeam {
            team: team.id.clone(),
            name: team.name.clone(),
            queued: count(queued.len()),
            oldest_queued_at: queued.first().map(|row| row.state.since),
            active: count(active.len()),
            online: count(with(PresenceStatus::Online).count()),
            away: count(with(PresenceStatus::Away).count()),
            capacity: with(PresenceStatus::Online).map(|agent| agent.capacity).sum(),
            load: with(PresenceStatus::Online).map(|agent| agent.load).sum(),
        })
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
