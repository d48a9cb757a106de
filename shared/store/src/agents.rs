//! Agents. Two items each: the agent (profile, own word on presence, capacity, the conversations that it has), and
//! its desk (live connections), which every ping touches and the stream's mapping leaves out.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use deskwire_domain::{AccountId, AgentId, ConversationId, Time};
use deskwire_protocol::{client::PresenceStatus, http::Agent, server::AgentPresence};
use serde::{Deserialize, Serialize};

use crate::{
    CAPACITY, Store, StoreError,
    item::{DOC, Item, VERSION, doc, keyed, n, number, s, text, with_doc},
    keys::Key,
    log::{CAPACITY_OF, SLOTS},
};

const STATUS: &str = "status";
const LAST_ASSIGNED: &str = "last_assigned";
const SEEN: &str = "seen";
/// Attributes of a desk that are connections begin with this.
const CONNECTION: &str = "n:";

/// What of an agent is written by people; the rest of [`Agent`] is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentRecord {
    /// The agent; `status`, `load` and `capacity` in it are as of now.
    pub agent: Agent,
    /// The conversations that it has.
    pub slots: Vec<ConversationId>,
    /// When routing last gave it one.
    pub last_assigned: Option<Time>,
    /// Tokens with a smaller generation are revoked.
    pub generation: u64,
    /// Goes up with every change of the profile.
    pub version: u64,
}

impl AgentRecord {
    /// The presence that others see: its own word, if any of its devices is there.
    pub fn presence(&self, desk: &Desk, now: Time) -> AgentPresence {
        let status = if desk.live(now).next().is_some() { self.agent.status } else { PresenceStatus::Offline };
        AgentPresence { agent: self.agent.id.clone(), status, capacity: self.agent.capacity, load: self.agent.load }
    }

    /// Whether they take conversations now: online, and not switched off.
    pub fn is_available(&self, desk: &Desk, now: Time) -> bool {
        !self.agent.disabled && self.presence(desk, now).status == PresenceStatus::Online
    }
}

/// An agent's connections, and until when each counts as alive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// Connection → when its lease ends.
    pub leases: BTreeMap<String, Time>,
}

impl Desk {
    /// Those that are alive.
    pub fn live(&self, now: Time) -> impl Iterator<Item = &String> {
        self.leases.iter().filter(move |(_, until)| **until > now).map(|(connection, _)| connection)
    }

    /// When the last of them ends.
    pub fn until(&self) -> Option<Time> {
        self.leases.values().max().copied()
    }

    fn of(item: &Item) -> Self {
        let lease = |(name, value): (&String, &AttributeValue)| {
            let until = value.as_n().ok()?.parse().ok()?;
            Some((name.strip_prefix(CONNECTION)?.to_owned(), Time::from_millisecond(until).ok()?))
        };
        Self { leases: item.iter().filter_map(lease).collect() }
    }
}

/// A change of what an agent says of itself.
#[derive(Debug, Default, Clone)]
pub struct AgentChange {
    /// Whether it is there.
    pub status: Option<PresenceStatus>,
    /// Conversations that it can have.
    pub capacity: Option<u32>,
}

impl Store {
    /// An agent.
    ///
    /// # Errors
    /// The table fails.
    pub async fn agent(&self, account: &AccountId, agent: &AgentId) -> Result<Option<AgentRecord>, StoreError> {
        self.get(&Key::Agent { account, agent }, true).await?.as_ref().map(record).transpose()
    }

    /// Several agents, with their desks, in the order asked for; what does not exist is left out.
    ///
    /// # Errors
    /// The table fails.
    pub async fn agents(
        &self,
        account: &AccountId,
        agents: &[AgentId],
    ) -> Result<Vec<(AgentRecord, Desk)>, StoreError> {
        let keys = agents.iter().flat_map(|agent| [Key::Agent { account, agent }, Key::Desk { account, agent }]);
        let items = self.get_many(&keys.collect::<Vec<_>>()).await?;
        let find = |key: Key<'_>| {
            let (pk, sk) = (key.pk(), key.sk());
            items.iter().find(|item| text(item, "PK").is_ok_and(|v| v == pk) && text(item, "SK").is_ok_and(|v| v == sk))
        };
        let mut found = Vec::with_capacity(agents.len());
        for agent in agents {
            if let Some(item) = find(Key::Agent { account, agent }) {
                found.push((record(item)?, find(Key::Desk { account, agent }).map(Desk::of).unwrap_or_default()));
            }
        }
        Ok(found)
    }

    /// Makes an agent.
    ///
    /// # Errors
    /// [`StoreError::Condition`] where it exists.
    pub async fn create_agent(&self, account: &AccountId, agent: &Agent) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Agent { account, agent: &agent.id }, agent)?;
        item.insert(CAPACITY_OF.to_owned(), n(agent.capacity));
        item.insert(STATUS.to_owned(), s(status_word(agent.status)));
        item.insert(VERSION.to_owned(), n(1));
        self.put_if(item, Some("attribute_not_exists(PK)"), []).await
    }

    /// Writes an agent's profile, if it has still the version that was read; capacity is written with it.
    ///
    /// # Errors
    /// [`StoreError::Condition`] where it has changed meanwhile.
    pub async fn write_profile(&self, account: &AccountId, record: &AgentRecord) -> Result<(), StoreError> {
        let agent = &record.agent;
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Agent { account, agent: &agent.id })))
            .update_expression("SET #doc = :doc, #capacity = :capacity, generation = :generation ADD #version :one")
            .condition_expression("#version = :version")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#capacity", CAPACITY_OF)
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_values(":doc", s(serde_json::to_string(agent)?))
            .expression_attribute_values(":capacity", n(agent.capacity))
            .expression_attribute_values(":generation", n(record.generation))
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":version", n(record.version));
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// Changes what an agent says of itself, and notes that it was seen: the stream tells routing, which may have
    /// somebody for it. Answers the agent as it is now.
    ///
    /// # Errors
    /// [`StoreError::Condition`] where there is no such agent.
    pub async fn change_agent(
        &self,
        account: &AccountId,
        agent: &AgentId,
        change: &AgentChange,
        now: Time,
    ) -> Result<AgentRecord, StoreError> {
        let mut expression = format!("SET {SEEN} = :now");
        let mut call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Agent { account, agent })))
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_values(":now", n(now.as_millisecond()));
        if let Some(status) = change.status {
            expression.push_str(", #status = :status");
            call = call.expression_attribute_names("#status", STATUS);
            call = call.expression_attribute_values(":status", s(status_word(status)));
        }
        if let Some(capacity) = change.capacity {
            expression.push_str(", #capacity = :capacity");
            call = call.expression_attribute_names("#capacity", CAPACITY_OF);
            call = call.expression_attribute_values(":capacity", n(capacity));
        }
        let call = call.update_expression(expression).return_values(ReturnValue::AllNew);
        let output = call.return_consumed_capacity(CAPACITY).send().await?;
        record(&output.attributes.unwrap_or_default())
    }

    /// Takes a conversation out of an agent's slots when the log says that it does not have it: repairs what a person
    /// or an import has broken by hand.
    ///
    /// # Errors
    /// The table fails.
    pub async fn free_slot(
        &self,
        account: &AccountId,
        agent: &AgentId,
        conversation: &ConversationId,
    ) -> Result<(), StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Agent { account, agent })))
            .update_expression("DELETE #slots :one")
            .expression_attribute_names("#slots", SLOTS)
            .expression_attribute_values(":one", AttributeValue::Ss(vec![conversation.to_string()]));
        call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(())
    }

    /// Gives an agent's connection a lease until `until`, and answers the desk.
    ///
    /// # Errors
    /// The table fails.
    pub async fn lease(
        &self,
        account: &AccountId,
        agent: &AgentId,
        connection: &str,
        until: Time,
    ) -> Result<Desk, StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Desk { account, agent })))
            .update_expression("SET #connection = :until")
            .expression_attribute_names("#connection", format!("{CONNECTION}{connection}"))
            .expression_attribute_values(":until", n(until.as_millisecond()))
            .return_values(ReturnValue::AllNew);
        let output = call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(Desk::of(&output.attributes.unwrap_or_default()))
    }

    /// Lets a lease go on that has not ended; answers the desk, or `None` where it has.
    ///
    /// # Errors
    /// The table fails.
    pub async fn renew_lease(
        &self,
        account: &AccountId,
        agent: &AgentId,
        connection: &str,
        (now, until): (Time, Time),
    ) -> Result<Option<Desk>, StoreError> {
        let call = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(keyed(&Key::Desk { account, agent })))
            .update_expression("SET #connection = :until")
            .condition_expression("#connection > :now")
            .expression_attribute_names("#connection", format!("{CONNECTION}{connection}"))
            .expression_attribute_values(":now", n(now.as_millisecond()))
            .expression_attribute_values(":until", n(until.as_millisecond()))
            .return_values(ReturnValue::AllNew);
        match call.return_consumed_capacity(CAPACITY).send().await.map_err(StoreError::from) {
            Ok(output) => Ok(Some(Desk::of(&output.attributes.unwrap_or_default()))),
            Err(StoreError::Condition) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Ends leases, and answers the desk.
    ///
    /// # Errors
    /// The table fails.
    pub async fn end_leases(
        &self,
        account: &AccountId,
        agent: &AgentId,
        connections: &[String],
    ) -> Result<Desk, StoreError> {
        if connections.is_empty() {
            return self.desk(account, agent).await;
        }
        let mut call = self.client.update_item().table_name(&self.table);
        call = call.set_key(Some(keyed(&Key::Desk { account, agent })));
        let names: Vec<_> = (0..connections.len()).map(|i| format!("#c{i}")).collect();
        for (name, connection) in names.iter().zip(connections) {
            call = call.expression_attribute_names(name, format!("{CONNECTION}{connection}"));
        }
        let call = call.update_expression(format!("REMOVE {}", names.join(", "))).return_values(ReturnValue::AllNew);
        let output = call.return_consumed_capacity(CAPACITY).send().await?;
        Ok(Desk::of(&output.attributes.unwrap_or_default()))
    }

    /// An agent's desk.
    ///
    /// # Errors
    /// The table fails.
    pub async fn desk(&self, account: &AccountId, agent: &AgentId) -> Result<Desk, StoreError> {
        let item = self.get(&Key::Desk { account, agent }, true).await?;
        Ok(item.as_ref().map(Desk::of).unwrap_or_default())
    }
}

/// The agent in an item of the table or of its stream.
pub(crate) fn record(item: &Item) -> Result<AgentRecord, StoreError> {
    let mut agent: Agent = doc(item)?;
    let slots = item.get(SLOTS).and_then(|value| value.as_ss().ok()).cloned().unwrap_or_default();
    let slots: Vec<ConversationId> = slots.iter().filter_map(|id| id.parse().ok()).collect();
    agent.capacity = number(item, CAPACITY_OF).unwrap_or(agent.capacity);
    agent.load = u32::try_from(slots.len()).unwrap_or(u32::MAX);
    agent.status = match text(item, STATUS)? {
        "online" => PresenceStatus::Online,
        "away" => PresenceStatus::Away,
        _ => PresenceStatus::Offline,
    };
    Ok(AgentRecord {
        agent,
        slots,
        last_assigned: number(item, LAST_ASSIGNED).and_then(|at| Time::from_millisecond(at).ok()),
        generation: number(item, "generation").unwrap_or(0),
        version: number(item, VERSION).unwrap_or(0),
    })
}

fn status_word(status: PresenceStatus) -> &'static str {
    match status {
        PresenceStatus::Online => "online",
        PresenceStatus::Away => "away",
        PresenceStatus::Offline => "offline",
    }
}
