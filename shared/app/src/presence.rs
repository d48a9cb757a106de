//! `presence`: an agent says whether they are there, and how many conversations they can have.

use deskwire_domain::{AccountId, Code, Refusal, limits};
use deskwire_protocol::{Ack, ServerFrame, client::Presence, server::AgentPresence};
use deskwire_store::{AgentChange, Topic};

use crate::{App, AppError, Caller};

impl App {
    pub(crate) async fn presence(&self, caller: &Caller, presence: &Presence) -> Result<Ack, AppError> {
        let agent = caller.principal.agent().ok_or(Code::Forbidden)?;
        if presence.capacity.is_some_and(|capacity| capacity > limits::MAX_CAPACITY) {
            return Err(Refusal::with(Code::InvalidField, format!("capacity: at most {}", limits::MAX_CAPACITY)).into());
        }
        let change = AgentChange { status: presence.status, capacity: presence.capacity };
        let now = self.now();
        let record = self.store.change_agent(caller.account(), agent, &change, now).await?;
        let desk = self.store.desk(caller.account(), agent).await?;
        let presence = record.presence(&desk, now);
        self.tell_teams(caller.account(), &record.agent.teams, &presence).await?;
        Ok(Ack { presence: Some(presence), ..Ack::default() })
    }

    /// Tells whoever watches these teams of an agent's presence.
    pub(crate) async fn tell_teams(
        &self,
        account: &AccountId,
        teams: &[deskwire_domain::TeamId],
        presence: &AgentPresence,
    ) -> Result<(), AppError> {
        let mut told: Vec<String> = vec![];
        for team in teams {
            let topic = Topic::Team(team);
            let mut watchers = self.store.watchers(account, &topic).await?;
            watchers.retain(|watcher| !told.contains(&watcher.connection));
            told.extend(watchers.iter().map(|watcher| watcher.connection.clone()));
            self.push.tell(account, &topic, &watchers, |_| Some(ServerFrame::Presence(presence.clone()))).await;
        }
        Ok(())
    }
}
