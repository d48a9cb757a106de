//! Agents and teams.

use deskwire_domain::{
    AccountId, AgentId, Code, Refusal, Role, TeamId, Who, content::check_length, limits, routing::DEFAULT_RULES,
};
use deskwire_protocol::{
    client::PresenceStatus,
    http::{Agent, AgentChange, Page, Team, TeamChange},
};
use deskwire_store::{AgentRecord, Desk, Document, Reference, StoreError, Versioned};

use crate::{App, AppError, Caller, conversations::page_limit, relay::assign};

/// Conversations that an agent can have at once unless somebody says otherwise: what support leads plan with.
pub const DEFAULT_CAPACITY: u32 = 5;

/// Teams that one account may have: its lists are merged from theirs.
const TEAMS: usize = 200;

impl App {
    /// A page of agents, with their presence.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_agents(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        limit: Option<usize>,
    ) -> Result<Page<Agent>, AppError> {
        let limit = page_limit(limit)?;
        let (ids, next_cursor) =
            self.store.documents::<AgentId>(caller.account(), Document::Agent, cursor, limit).await?;
        let found = self.store.agents(caller.account(), &ids).await?;
        Ok(Page { data: found.iter().map(|(record, desk)| self.shown(record, desk)).collect(), next_cursor })
    }

    /// An agent, with its presence.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_agent(&self, account: &AccountId, agent: &AgentId) -> Result<Agent, AppError> {
        let found = self.store.agents(account, std::slice::from_ref(agent)).await?;
        let (record, desk) = found.first().ok_or(Code::NotFound)?;
        Ok(self.shown(record, desk))
    }

    fn shown(&self, record: &AgentRecord, desk: &Desk) -> Agent {
        Agent { status: record.presence(desk, self.now()).status, ..record.agent.clone() }
    }

    /// Makes an agent.
    ///
    /// # Errors
    /// [`Code::Conflict`] where the company's id is taken.
    pub async fn create_agent(&self, caller: &Caller, change: AgentChange) -> Result<Agent, AppError> {
        let blank = Agent {
            id: AgentId::new(ulid::Ulid::generate()),
            external_id: None,
            name: String::new(),
            email: None,
            avatar: None,
            role: Role::Agent,
            teams: vec![],
            skills: vec![],
            capacity: DEFAULT_CAPACITY,
            status: PresenceStatus::Offline,
            load: 0,
            disabled: false,
        };
        let mut agent = self.changed(caller.account(), blank, change).await?;
        if let Some(external) = &agent.external_id {
            let id = self.store.claim(caller.account(), Reference::Agent, external, agent.id.as_str()).await?;
            let id: AgentId = id.parse().map_err(|_| AppError::Failed("an agent's id".into()))?;
            if id != agent.id && self.store.agent(caller.account(), &id).await?.is_some() {
                return Err(Refusal::with(Code::Conflict, format!("external_id belongs to {id}")).into());
            }
            // Claimed, and never written: whoever did so died between the two.
            agent.id = id;
        }
        self.put_agent(caller.account(), &agent).await?;
        Ok(agent)
    }

    /// Writes a new agent, its place in the list, and its teams. All of it can be done again.
    pub(crate) async fn put_agent(&self, account: &AccountId, agent: &Agent) -> Result<(), AppError> {
        match self.store.create_agent(account, agent).await {
            Ok(()) | Err(StoreError::Condition) => {}
            Err(error) => return Err(error.into()),
        }
        self.put_document(account, Document::Agent, (agent.id.as_str(), agent.id.clone())).await?;
        self.enrol(account, &agent.id, &[], &agent.teams).await
    }

    /// Changes an agent.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_agent(&self, caller: &Caller, id: &AgentId, change: AgentChange) -> Result<Agent, AppError> {
        let account = caller.account();
        if change.external_id.is_some() {
            return Err(Refusal::with(Code::InvalidField, "external_id is set when an agent is made").into());
        }
        let switches_off = change.disabled == Some(true);
        let record = self.store.agent(account, id).await?.ok_or(Code::NotFound)?;
        let agent = self.changed(account, record.agent.clone(), change).await?;
        self.rewrite_agent(account, &record, &agent).await?;
        // Whoever was switched off, or lost a role, must not go on with an old token.
        // Asked for again, it is done again: the first time may have died half-way.
        let off = agent.disabled && switches_off;
        if off || agent.role < record.agent.role {
            self.revoke(account, &Who::Agent(id.clone(), agent.role)).await?;
        }
        if off {
            self.give_back(account, id).await?;
        }
        self.read_agent(account, id).await
    }

    pub(crate) async fn rewrite_agent(
        &self,
        account: &AccountId,
        before: &AgentRecord,
        agent: &Agent,
    ) -> Result<(), AppError> {
        let record = AgentRecord { agent: agent.clone(), ..before.clone() };
        self.store.write_profile(account, &record).await?;
        self.enrol(account, &agent.id, &before.agent.teams, &agent.teams).await?;
        let gained = agent.teams.iter().filter(|team| !before.agent.teams.contains(team));
        let orders: Vec<_> =
            gained.map(|team| assign(account, team.clone(), ulid::Ulid::generate().to_string())).collect();
        Ok(self.queues.send(&orders).await?)
    }

    async fn changed(&self, account: &AccountId, mut agent: Agent, change: AgentChange) -> Result<Agent, AppError> {
        agent.name = change.name.unwrap_or(agent.name);
        check_length("name", &agent.name, limits::NAME_CHARS)?;
        for (name, value) in
            [("external_id", &change.external_id), ("email", &change.email), ("avatar", &change.avatar)]
        {
            value.as_deref().map_or(Ok(()), |value| check_length(name, value, limits::NAME_CHARS))?;
        }
        agent.external_id = change.external_id.or(agent.external_id);
        agent.email = change.email.or(agent.email);
        agent.avatar = change.avatar.or(agent.avatar);
        agent.role = change.role.unwrap_or(agent.role);
        agent.skills = change.skills.unwrap_or(agent.skills);
        agent.capacity = change.capacity.unwrap_or(agent.capacity);
        agent.disabled = change.disabled.unwrap_or(agent.disabled);
        if agent.capacity > limits::MAX_CAPACITY {
            return Err(Refusal::with(Code::InvalidField, format!("capacity: at most {}", limits::MAX_CAPACITY)).into());
        }
        agent.skills.iter().try_for_each(|skill| check_length("skills", skill, limits::LABEL_CHARS))?;
        if let Some(teams) = change.teams {
            for team in &teams {
                let found = self.store.document::<Team>(account, Document::Team, team.as_str()).await?;
                found.ok_or_else(|| Refusal::with(Code::NotFound, format!("team {team}")))?;
            }
            agent.teams = teams;
        }
        Ok(agent)
    }

    /// Brings the teams' own lists of agents in step with an agent's list of teams.
    async fn enrol(
        &self,
        account: &AccountId,
        agent: &AgentId,
        before: &[TeamId],
        after: &[TeamId],
    ) -> Result<(), AppError> {
        for team in before.iter().chain(after) {
            let (was, is) = (before.contains(team), after.contains(team));
            if was && is {
                continue;
            }
            // Two agents may be enrolled at once; the version decides, and the loser looks again.
            for attempt in 0.. {
                let Some(mut found) = self.store.document::<Team>(account, Document::Team, team.as_str()).await? else {
                    break;
                };
                found.value.agents.retain(|other| other != agent);
                if is {
                    found.value.agents.push(agent.clone());
                }
                match self.store.write_document(account, Document::Team, team.as_str(), &found).await {
                    Err(StoreError::Condition) if attempt < 8 => {}
                    written => {
                        written?;
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Makes a team, or changes one.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_team(&self, caller: &Caller, id: Option<TeamId>, change: TeamChange) -> Result<Team, AppError> {
        let account = caller.account();
        let mut team = match &id {
            Some(id) => {
                self.store.document::<Team>(account, Document::Team, id.as_str()).await?.ok_or(Code::NotFound)?
            }
            None if self.all_teams(account).await?.len() >= TEAMS => {
                return Err(Refusal::with(Code::Conflict, format!("at most {TEAMS} teams")).into());
            }
            None => Versioned {
                value: Team {
                    id: TeamId::new(ulid::Ulid::generate()),
                    name: String::new(),
                    routing: DEFAULT_RULES.to_vec(),
                    auto_assign: true,
                    agents: vec![],
                },
                version: 0,
            },
        };
        team.value.name = change.name.unwrap_or(team.value.name);
        team.value.routing = change.routing.unwrap_or(team.value.routing);
        team.value.auto_assign = change.auto_assign.unwrap_or(team.value.auto_assign);
        check_length("name", &team.value.name, limits::NAME_CHARS)?;
        let name = team.value.id.clone();
        self.store.write_document(account, Document::Team, name.as_str(), &team).await?;
        // Whoever waits may get an agent by the new rules. Documents are not in the stream: they change seldom.
        self.queues.send(&[assign(account, name, ulid::Ulid::generate().to_string())]).await?;
        Ok(team.value)
    }

    /// All teams of an account.
    pub(crate) async fn all_teams(&self, account: &AccountId) -> Result<Vec<Team>, AppError> {
        Ok(self.store.documents(account, Document::Team, None, TEAMS).await?.0)
    }
}
