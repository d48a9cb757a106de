//! `send`: say something. Without a conversation it continues the contact's current one, or begins one.

use deskwire_domain::{
    AccountId, AgentId, Code, ContactId, ConversationId, Event, InboxId, Refusal, Who, machine, priority,
};
use deskwire_protocol::{
    Ack, Entry, EntryView,
    client::Send,
    entry::{Audience, StateView},
    http::{Account, Inbox},
};
use deskwire_store::{Commit, CommitError, Document, Occupancy, Opening, StoreError, Topic, Watcher};
use machine::Command;

use crate::{App, AppError, Caller, conversation::Cursor};

/// Rounds in which a visitor's first message may find that another of their devices was faster.
const OPENING_ROUNDS: u32 = 8;

impl App {
    pub(crate) async fn send(&self, caller: &Caller, send: Send) -> Result<Ack, AppError> {
        send.content.check()?;
        let Some(conversation) = send.conversation.clone() else {
            let contact = caller
                .principal
                .contact()
                .ok_or_else(|| Refusal::with(Code::InvalidField, "agents name the conversation"))?;
            return Box::pin(self.begin(caller, contact, send)).await;
        };
        self.say(caller, &conversation, Cursor::After(send.after), send).await
    }

    async fn say(
        &self,
        caller: &Caller,
        conversation: &ConversationId,
        cursor: Cursor,
        send: Send,
    ) -> Result<Ack, AppError> {
        self.check_file(caller.account(), &send.content).await?;
        let command = Command::Send { content: send.content, client_id: send.client_id };
        let outcome = self.act(caller, conversation, cursor, command).await?;
        Ok(Self::ack(caller, "send", &outcome))
    }

    /// A message without a conversation: into the contact's current one of that inbox, or into a new one.
    pub(crate) async fn begin(&self, caller: &Caller, contact: &ContactId, send: Send) -> Result<Ack, AppError> {
        let inbox = self.inbox(caller, send.inbox.as_ref()).await?;
        for _ in 0..OPENING_ROUNDS {
            let current = self.store.current(caller.account(), contact, &inbox.id).await?;
            if let Some(conversation) = &current {
                // Another device may have begun it a moment ago, when this one did not watch anything yet.
                self.contact_watches(caller, contact, conversation).await?;
                let said = self.say(caller, conversation, Cursor::After(0), send.clone()).await;
                match said {
                    // Closed for good: the next one begins.
                    Err(AppError::Refused(refusal)) if refusal.code == Code::ConversationClosed => {}
                    // Too long to be read from its start: the client goes on from the head that it is told.
                    Err(AppError::Refused(refusal)) if refusal.code == Code::SyncRequired => {
                        if !self.closed_for_good(caller, conversation, &inbox).await? {
                            return Err(
                                Refusal::with(Code::SyncRequired, format!("it belongs to {conversation}")).into()
                            );
                        }
                    }
                    said => return said,
                }
            }
            let opened = self.open(caller, contact, &inbox, (current, &send)).await?;
            if let Some(ack) = opened {
                return Ok(ack);
            }
        }
        Err(Code::Busy.into())
    }

    async fn closed_for_good(&self, caller: &Caller, id: &ConversationId, inbox: &Inbox) -> Result<bool, AppError> {
        let head = self.store.head(caller.account(), id).await?.ok_or(Code::NotFound)?;
        let facts = machine::Facts { now: self.now(), reopen_seconds: inbox.reopen_seconds, assignee_present: false };
        Ok(machine::reopen_window_over(&head.state, &facts))
    }

    /// Begins a conversation; `None` where another device was faster.
    async fn open(
        &self,
        caller: &Caller,
        contact: &ContactId,
        inbox: &Inbox,
        (before, send): (Option<ConversationId>, &Send),
    ) -> Result<Option<Ack>, AppError> {
        let account = caller.account();
        self.check_file(account, &send.content).await?;
        let last_agent = self.last_agent(account, before.as_ref()).await?;
        let entries = self.opening_entries(caller, contact, (inbox, last_agent), send).await?;
        let Some(last) = entries.last() else { return Ok(None) };
        // Before it begins: routing may be faster with its first entry than this function is after the commit.
        self.contact_watches(caller, contact, &last.conversation).await?;
        let opening = Opening { contact: contact.clone(), inbox: inbox.id.clone(), before };
        let commit = Commit { account, entries: &entries, occupancy: Occupancy::default(), opening: Some(opening) };
        match self.store.commit(&commit).await {
            Ok(()) => {}
            Err(CommitError::Raced) => return Ok(None),
            Err(CommitError::AtCapacity) => return Err(Code::AtCapacity.into()),
            Err(CommitError::Store(error)) => return Err(error.into()),
        }
        self.tell(account, caller.connection.as_deref(), &entries).await;
        let audience = caller.audience();
        Ok(Some(Ack {
            conversation: Some(last.conversation.clone()),
            seq: Some(last.seq),
            client_id: Some(send.client_id.clone()),
            head: Some(last.seq),
            entries: entries.iter().map(|entry| EntryView::of(entry, audience)).collect(),
            state: Some(StateView::of(&last.state, audience)),
            ..Ack::default()
        }))
    }

    async fn opening_entries(
        &self,
        caller: &Caller,
        contact: &ContactId,
        (inbox, last_agent): (&Inbox, Option<AgentId>),
        send: &Send,
    ) -> Result<Vec<Entry>, AppError> {
        let account = caller.account();
        let configured = self.store.document::<Account>(account, Document::Account, ACCOUNT).await?;
        let attributes = match self.store.contact(account, contact).await? {
            Some(known) => known.attributes,
            None => {
                // An anonymous visitor becomes a contact with the first words, not with every page that is looked at.
                let blank = crate::contacts::blank(contact.clone(), self.now());
                let named = deskwire_protocol::http::Contact { name: caller.name.clone(), ..blank };
                match self.store.write_contact(account, &named).await {
                    Ok(()) | Err(StoreError::Condition) => serde_json::Map::new(),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        let rules = configured.map(|account| account.value.priority_rules).unwrap_or_default();
        let (priority, skills) = priority::weigh(&rules, &attributes);
        let (inbox, team, bot) = (inbox.id.clone(), inbox.team.clone(), inbox.bot);
        let opened = Event::Opened { inbox, team, priority, bot, skills, last_agent };
        let at = self.now();
        let state = machine::open(&opened, contact.clone(), at)?;
        let conversation = ConversationId::new(ulid::Ulid::generate());
        let message = Event::Message { content: send.content.clone(), client_id: send.client_id.clone() };
        let entry = |(event, seq): (Event, u64)| Entry {
            conversation: conversation.clone(),
            seq,
            at,
            by: caller.author(),
            event,
            state: state.clone(),
            trace: caller.trace.clone(),
        };
        Ok([(opened, 1), (message, 2)].into_iter().map(entry).collect())
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
    async fn contact_watches(
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

    /// The inbox that a message names, or the account's own.
    async fn inbox(&self, caller: &Caller, named: Option<&InboxId>) -> Result<Inbox, AppError> {
        let account = caller.account();
        let id = match named {
            Some(id) => id.clone(),
            None => {
                let account = self.store.document::<Account>(account, Document::Account, ACCOUNT).await?;
                let default = account.and_then(|account| account.value.default_inbox);
                default
                    .ok_or_else(|| Refusal::with(Code::InvalidField, "the account has no default inbox: name one"))?
            }
        };
        let inbox = self.store.document::<Inbox>(account, Document::Inbox, id.as_str()).await?;
        Ok(inbox.ok_or_else(|| Refusal::with(Code::NotFound, "inbox"))?.value)
    }
}

/// The name of the one document of kind `Account`.
pub(crate) const ACCOUNT: &str = "account";
