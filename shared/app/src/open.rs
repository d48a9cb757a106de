//! How a conversation begins: by a visitor's first message, or because the company's systems ask for one.

use deskwire_domain::{AccountId, AgentId, Code, ContactId, ConversationId, Event, TeamId, Who, machine, priority};
use deskwire_protocol::{
    Entry,
    entry::Audience,
    http::{Account, Inbox},
};
use deskwire_store::{Commit, CommitError, Document, Occupancy, Opening, StoreError, Topic, Watcher};
use serde_json::{Map, Value};

use crate::{App, AppError, Caller, send::ACCOUNT};

/// A conversation that is to begin.
pub(crate) struct Beginning<'a> {
    /// Through which inbox.
    pub inbox: &'a Inbox,
    /// In whose queue.
    pub team: TeamId,
    /// Whether the AI agent has it first.
    pub bot: bool,
    /// The contact's conversation before it in this inbox.
    pub before: Option<ConversationId>,
    /// What happens in it at once, behind its beginning.
    pub first: Vec<Event>,
}

impl App {
    /// Begins a conversation, and tells who watches; `None` where somebody else was faster.
    pub(crate) async fn open(
        &self,
        caller: &Caller,
        contact: &ContactId,
        beginning: Beginning<'_>,
    ) -> Result<Option<Vec<Entry>>, AppError> {
        let account = caller.account();
        let opening =
            Opening { contact: contact.clone(), inbox: beginning.inbox.id.clone(), before: beginning.before.clone() };
        let entries = self.opening_entries(caller, contact, beginning).await?;
        let Some(last) = entries.last() else { return Ok(None) };
        // Before it begins: routing may be faster with its first entry than this function is after the commit.
        self.contact_watches(caller, contact, &last.conversation).await?;
        let commit = Commit { account, entries: &entries, occupancy: Occupancy::default(), opening: Some(opening) };
        match self.store.commit(&commit).await {
            Ok(()) => {}
            Err(CommitError::Raced) => return Ok(None),
            Err(CommitError::AtCapacity) => return Err(Code::AtCapacity.into()),
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
        self.tell(account, caller.connection.as_deref(), &entries).await;
        Ok(Some(entries))
    }

    async fn opening_entries(
        &self,
        caller: &Caller,
        contact: &ContactId,
        beginning: Beginning<'_>,
    ) -> Result<Vec<Entry>, AppError> {
        let account = caller.account();
        let configured = self.store.document::<Account>(account, Document::Account, ACCOUNT).await?;
        let rules = configured.map(|account| account.value.priority_rules).unwrap_or_default();
        let (priority, skills) = priority::weigh(&rules, &self.attributes(caller, contact).await?);
        let last_agent = self.last_agent(account, beginning.before.as_ref()).await?;
        let Beginning { inbox, team, bot, first, .. } = beginning;
        let opened = Event::Opened { inbox: inbox.id.clone(), team, priority, bot, skills, last_agent };
        let at = self.now();
        let mut state = machine::open(&opened, contact.clone(), at)?;
        let conversation = ConversationId::new(ulid::Ulid::generate());
        let mut entries = Vec::with_capacity(first.len() + 1);
        for (event, seq) in std::iter::once(opened).chain(first).zip(1..) {
            state = machine::apply(&state, &event, at);
            entries.push(Entry {
                conversation: conversation.clone(),
                seq,
                at,
                by: caller.author(),
                event,
                state: state.clone(),
                trace: caller.trace.clone(),
                origin: caller.origin.clone(),
            });
        }
        Ok(entries)
    }

    /// What is known of the contact. An anonymous visitor becomes a contact with the first words, not with every page
    /// that is looked at.
    async fn attributes(&self, caller: &Caller, contact: &ContactId) -> Result<Map<String, Value>, AppError> {
        if let Some(known) = self.store.contact(caller.account(), contact).await? {
            return Ok(known.attributes);
        }
        let blank = crate::contacts::blank(contact.clone(), self.now());
        let claimed = caller.name.iter().map(|_| "name".to_owned()).collect();
        let named = deskwire_protocol::http::Contact { name: caller.name.clone(), claimed, ..blank };
        match self.store.write_contact(caller.account(), &named, caller.origin.as_deref()).await {
            Ok(()) | Err(StoreError::Condition) => Ok(Map::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// Who had a contact's conversation before this one.
    async fn last_agent(
        &self,
        account: &AccountId,
        before: Option<&ConversationId>,
    ) -> Result<Option<AgentId>, AppError> {
        let Some(before) = before else { return Ok(None) };
        Ok(self.store.head(account, before).await?.and_then(|head| head.state.assignee))
    }

    /// All connections of a contact watch a new conversation of theirs.
    pub(crate) async fn contact_watches(
        &self,
        caller: &Caller,
        contact: &ContactId,
        conversation: &ConversationId,
    ) -> Result<(), AppError> {
        let mut connections = self.store.contact_connections(caller.account(), contact).await?;
        let own = caller.connection.iter().filter(|_| matches!(caller.principal.who, Who::Visitor(_)));
        connections.extend(own.cloned());
        connections.sort();
        connections.dedup();
        let watcher = |connection| Watcher { connection, audience: Audience::Visitor, who: contact.to_string() };
        let watchers: Vec<_> = connections.into_iter().map(watcher).collect();
        let topic = Topic::Conversation(conversation);
        Ok(self.store.watch_all(caller.account(), &topic, &watchers, self.now()).await?)
    }
}
