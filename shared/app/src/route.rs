//! Routing: gives a team's waiting conversations to agents who have room. One job at a time a team (a FIFO group), so
//! its decisions are serial; what people do meanwhile is decided by the log.

use deskwire_domain::{
    AccountId, AgentId, Code, Status, TeamId, Time, Who,
    machine::Command,
    routing::{Candidate, Waiting, choose, order},
};
use deskwire_protocol::{ServerFrame, entry::Audience, http::Team};
use deskwire_store::{Document, Facet, Topic};
use futures::{StreamExt, stream};

use crate::{App, AppError, Caller, conversation::Cursor};

/// Waiting conversations that one run looks at: priorities are compared within them, and 500 who wait need 100 agents
/// to be of use.
const QUEUE_LOOKED_AT: usize = 500;

/// Visitors who are told their position after a run; whoever waits further back learns it when it matters.
const POSITIONS_TOLD: usize = 50;

/// Writes, and pushes, under way at once.
const CONCURRENT: usize = 16;

/// A candidate and the name that visitors see.
struct Named {
    candidate: Candidate,
    name: String,
}

/// Who gets what.
struct Planned {
    waiting: Waiting,
    agent: AgentId,
    name: String,
}

/// What became of one that was planned.
enum Place {
    /// Its agent has it.
    Taken,
    /// It waits no longer: its agent has room still.
    Gone(AgentId),
    /// Its agent has no room.
    Full(Planned),
}

/// What became of a plan.
#[derive(Default)]
struct Placed {
    /// Whose agents turned out to be full: for them the plan is made anew.
    again: Vec<Waiting>,
    /// There is room again that was planned for others.
    freed: bool,
    /// The first failure.
    failure: Option<AppError>,
}

/// Decides for a whole queue, in its order; those for whom nobody has room are answered apart.
fn plan(team: &Team, queue: Vec<Waiting>, agents: &mut [Named], now: Time) -> (Vec<Planned>, Vec<Waiting>) {
    let mut candidates: Vec<Candidate> = agents.iter().map(|named| named.candidate.clone()).collect();
    let (mut planned, mut nobody) = (vec![], vec![]);
    for waiting in queue {
        let chosen = choose(&team.routing, &waiting, &candidates).map(|chosen| chosen.agent.clone());
        let index = chosen.and_then(|agent| candidates.iter().position(|candidate| candidate.agent == agent));
        match index {
            None => nobody.push(waiting),
            Some(index) => {
                candidates[index].load += 1;
                candidates[index].last_assigned = Some(now);
                planned.push(Planned {
                    waiting,
                    agent: candidates[index].agent.clone(),
                    name: agents[index].name.clone(),
                });
            }
        }
    }
    for (named, candidate) in agents.iter_mut().zip(candidates) {
        named.candidate = candidate;
    }
    (planned, nobody)
}

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
        let mut candidates = if team.auto_assign { self.candidates(account, &team).await? } else { vec![] };
        order(&mut queue);
        let (mut left, mut failure) = (vec![], None);
        while !queue.is_empty() {
            let (planned, nobody) = plan(&team, queue, &mut candidates, self.now());
            let placed = Box::pin(self.place_all(account, planned, &mut candidates)).await;
            failure = failure.or(placed.failure);
            queue = placed.again;
            // The list may lie behind the log: room that was meant for who waits no longer is for the next.
            if placed.freed {
                queue.extend(nobody)
            } else {
                left.extend(nobody)
            }
            order(&mut queue);
        }
        order(&mut left);
        self.tell_positions(account, &left).await;
        // The job comes again for what failed; it has stopped nobody else.
        failure.map_or(Ok(()), Err)
    }

    /// Who waits, by the projected list; the log says no to what has changed since.
    async fn waiting(&self, account: &AccountId, team: &TeamId) -> Result<Vec<Waiting>, AppError> {
        let statuses = [Status::Queued, Status::Transferring];
        let facet = Facet::Team(team.clone());
        let (rows, _) = self.store.list(account, &facet, &statuses, (None, true, QUEUE_LOOKED_AT)).await?;
        let here = rows.iter().filter(|row| row.state.waits_in() == Some(team));
        Ok(here.map(|row| Waiting::of(row.conversation.clone(), &row.state)).collect())
    }

    async fn candidates(&self, account: &AccountId, team: &Team) -> Result<Vec<Named>, AppError> {
        let now = self.now();
        let agents = self.store.agents(account, &team.agents).await?;
        let named = |(record, desk): &(deskwire_store::AgentRecord, deskwire_store::Desk)| Named {
            name: record.agent.name.clone(),
            candidate: Candidate {
                agent: record.agent.id.clone(),
                available: record.is_available(desk, now),
                capacity: record.agent.capacity,
                load: record.agent.load,
                last_assigned: record.last_assigned,
                skills: record.agent.skills.iter().cloned().collect(),
            },
        };
        Ok(agents.iter().map(named).collect())
    }

    /// Gives out what is planned, several at a time: decisions are serial, their writes need not be.
    async fn place_all(&self, account: &AccountId, planned: Vec<Planned>, candidates: &mut [Named]) -> Placed {
        let caller = Caller::system(account.clone());
        let placings: Vec<_> = planned.into_iter().map(|planned| self.place(&caller, planned)).collect();
        let results: Vec<Result<Place, AppError>> = stream::iter(placings).buffered(CONCURRENT).collect().await;
        let mut placed = Placed::default();
        let mut of = |agent: &AgentId, change: fn(&mut Candidate)| {
            let candidate = candidates.iter_mut().find(|named| named.candidate.agent == *agent);
            candidate.into_iter().for_each(|named| change(&mut named.candidate));
        };
        for result in results {
            match result {
                Ok(Place::Taken) => {}
                Ok(Place::Gone(agent)) => {
                    of(&agent, |candidate| candidate.load = candidate.load.saturating_sub(1));
                    placed.freed = true;
                }
                Ok(Place::Full(planned)) => {
                    of(&planned.agent, |candidate| candidate.load = candidate.capacity);
                    placed.again.push(planned.waiting);
                }
                Err(error) => {
                    placed.failure.get_or_insert(error);
                }
            }
        }
        placed
    }

    /// Gives one conversation to its agent.
    async fn place(&self, caller: &Caller, planned: Planned) -> Result<Place, AppError> {
        let command = Command::Route { agent: planned.agent.clone(), name: Some(planned.name.clone()) };
        match self.act(caller, &planned.waiting.conversation, Cursor::Head, command).await {
            Ok(_) => Ok(Place::Taken),
            Err(AppError::Refused(refusal)) if refusal.code == Code::AtCapacity => Ok(Place::Full(planned)),
            // Taken, closed, or gone meanwhile: it waits no longer.
            Err(AppError::Refused(refusal)) if refusal.code != Code::Busy => Ok(Place::Gone(planned.agent)),
            Err(error) => Err(error),
        }
    }

    /// Tells visitors who wait where they stand. A hint: who misses it learns it with the next.
    async fn tell_positions(&self, account: &AccountId, left: &[Waiting]) {
        // Who is still served by an agent that offers them to this team does not wait in their own eyes.
        let waiting = left.iter().filter(|waiting| waiting.not.is_none());
        let told = waiting.zip(1u32..).take(POSITIONS_TOLD).map(|(waiting, position)| async move {
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
    pub(crate) async fn give_back(&self, account: &AccountId, agent: &AgentId) -> Result<(), AppError> {
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
