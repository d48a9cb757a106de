//! Routing: gives a team's waiting conversations to agents who have room. One job at a time a team (a FIFO group), so
//! its decisions are serial; what people do meanwhile is decided by the log.

use deskwire_domain::{
    AccountId, Code, Status, TeamId, Who,
    machine::Command,
    routing::{Candidate, Waiting, choose, order},
};
use deskwire_protocol::{ServerFrame, client::PresenceStatus, entry::Audience, http::Team};
use deskwire_store::{Document, Facet, Topic};
use futures::{StreamExt, stream};

use crate::{App, AppError, Caller, conversation::Cursor};

/// Waiting conversations that one run looks at: priorities are compared within them, and 500 who wait need 100 agents
/// to be of use.
const QUEUE_LOOKED_AT: usize = 500;

/// Visitors who are told their position after a run; whoever waits further back learns it when it matters.
const POSITIONS_TOLD: usize = 50;

impl App {
    /// Gives out what waits in a team's queue, then tells those who still wait where they stand.
    ///
    /// # Errors
    /// The table fails; running again is harmless.
    pub async fn route(&self, account: &AccountId, team: &TeamId) -> Result<(), AppError> {
        let Some(found) = self.store.document::<Team>(account, Document::Team, team.as_str()).await? else {
            return Ok(());
        };
        let team = found.value;
        let mut queue = self.waiting(account, &team.id).await?;
        if queue.is_empty() {
            return Ok(());
        }
        let mut left = vec![];
        let mut candidates = if team.auto_assign { self.candidates(account, &team).await? } else { vec![] };
        order(&mut queue);
        for waiting in queue {
            if !self.place(account, &team, &waiting, &mut candidates).await? {
                left.push(waiting);
            }
        }
        self.tell_positions(account, &left).await;
        Ok(())
    }

    /// Who waits, by the projected list; the log says no to what has changed since.
    async fn waiting(&self, account: &AccountId, team: &TeamId) -> Result<Vec<Waiting>, AppError> {
        let statuses = [Status::Queued, Status::Transferring];
        let facet = Facet::Team(team.clone());
        let (rows, _) = self.store.list(account, &facet, &statuses, (None, true, QUEUE_LOOKED_AT)).await?;
        let here = rows.iter().filter(|row| row.state.waits_in() == Some(team));
        Ok(here.map(|row| Waiting::of(row.conversation.clone(), &row.state)).collect())
    }

    async fn candidates(&self, account: &AccountId, team: &Team) -> Result<Vec<Candidate>, AppError> {
        let now = self.now();
        let agents = self.store.agents(account, &team.agents).await?;
        let candidate = |(record, desk): &(deskwire_store::AgentRecord, deskwire_store::Desk)| Candidate {
            agent: record.agent.id.clone(),
            available: !record.agent.disabled && record.presence(desk, now).status == PresenceStatus::Online,
            capacity: record.agent.capacity,
            load: record.agent.load,
            last_assigned: record.last_assigned,
            skills: record.agent.skills.iter().cloned().collect(),
        };
        Ok(agents.iter().map(candidate).collect())
    }

    /// Gives one conversation to whom the rules choose; true where it no longer waits.
    async fn place(
        &self,
        account: &AccountId,
        team: &Team,
        waiting: &Waiting,
        candidates: &mut [Candidate],
    ) -> Result<bool, AppError> {
        while let Some(chosen) = choose(&team.routing, waiting, candidates).map(|chosen| chosen.agent.clone()) {
            let name = self.store.agent(account, &chosen).await?.map(|record| record.agent.name);
            let caller = Caller::system(account.clone());
            let command = Command::Route { agent: chosen.clone(), name };
            let done = self.act(&caller, &waiting.conversation, Cursor::Head, command).await;
            let candidate = candidates.iter_mut().find(|candidate| candidate.agent == chosen);
            match (done, candidate) {
                (Ok(_), Some(candidate)) => {
                    candidate.load += 1;
                    candidate.last_assigned = Some(self.now());
                    return Ok(true);
                }
                // Full since we looked: choose among the others.
                (Err(AppError::Refused(refusal)), Some(candidate)) if refusal.code == Code::AtCapacity => {
                    candidate.load = candidate.capacity;
                }
                // Taken, closed, or gone meanwhile: it waits no longer.
                (Err(AppError::Refused(refusal)), _) if refusal.code != Code::Busy => return Ok(true),
                (Err(error), _) => return Err(error),
                (Ok(_), None) => return Ok(true),
            }
        }
        Ok(false)
    }

    /// Tells visitors who wait where they stand. A hint: who misses it learns it with the next.
    async fn tell_positions(&self, account: &AccountId, left: &[Waiting]) {
        /// Visitors told at the same time.
        const CONCURRENT: usize = 8;
        let told = left.iter().zip(1u32..).take(POSITIONS_TOLD).map(|(waiting, position)| async move {
            let topic = Topic::Conversation(&waiting.conversation);
            let Ok(mut watchers) = self.store.watchers(account, &topic).await else { return };
            watchers.retain(|watcher| watcher.audience == Audience::Visitor);
            let frame = ServerFrame::Position { conversation: waiting.conversation.clone(), position };
            self.push.tell(account, &topic, &watchers, |_| Some(frame.clone())).await;
        });
        let told: Vec<_> = told.collect();
        stream::iter(told).buffer_unordered(CONCURRENT).collect::<Vec<()>>().await;
    }
}

impl App {
    /// Gives back the conversations of an agent who vanished, and takes out of its slots what the log does not give it.
    pub(crate) async fn give_back(
        &self,
        account: &AccountId,
        agent: &deskwire_domain::AgentId,
    ) -> Result<(), AppError> {
        let Some(record) = self.store.agent(account, agent).await? else { return Ok(()) };
        let caller = Caller::system(account.clone());
        debug_assert_eq!(caller.principal.who, Who::System);
        for conversation in record.slots {
            let command = Command::GiveBack { agent: agent.clone() };
            match self.act(&caller, &conversation, Cursor::Head, command).await {
                Ok(outcome) if outcome.new.is_empty() && outcome.last.state.occupies() != Some(agent) => {
                    self.store.free_slot(account, agent, &conversation).await?;
                }
                Ok(_) => {}
                Err(AppError::Refused(refusal)) if refusal.code == Code::NotFound => {
                    self.store.free_slot(account, agent, &conversation).await?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
