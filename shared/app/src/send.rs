//! `send`: say something. Without a conversation it continues the contact's current one, or begins one.

use deskwire_domain::{Code, ContactId, ConversationId, Event, InboxId, Refusal, machine};
use deskwire_protocol::{
    Ack, Entry, EntryView,
    client::Send,
    entry::StateView,
    http::{Account, Inbox},
};
use deskwire_store::Document;
use machine::Command;

use crate::{App, AppError, Caller, conversation::Cursor, filter::Screened, open::Beginning};

/// Rounds in which a visitor's first message may find that another of their devices was faster.
const OPENING_ROUNDS: u32 = 8;

impl App {
    pub(crate) async fn send(&self, caller: &Caller, send: Send) -> Result<Ack, AppError> {
        send.content.check()?;
        // Its links and buttons would look like the company's.
        if !caller.principal.is_staff() && send.content.is_the_companys() {
            let detail = "cards and citations are sent by agents, rules and the company's systems";
            return Err(Refusal::with(Code::Forbidden, detail).into());
        }
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
        let client_id = send.client_id;
        let command = match self.screen(caller, send.content).await? {
            Screened::Passes(content) => Command::Send { content, client_id },
            Screened::Held(content, category) => Command::Hold { content, category, client_id },
        };
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
            self.check_file(caller.account(), &send.content).await?;
            let client_id = send.client_id.clone();
            let first = vec![match self.screen(caller, send.content.clone()).await? {
                Screened::Passes(content) => Event::Message { content, client_id, turn: None },
                Screened::Held(content, category) => Event::Held { content, category, client_id },
            }];
            let beginning =
                Beginning { inbox: &inbox, team: inbox.team.clone(), bot: inbox.bot, before: current, first };
            if let Some(entries) = self.open(caller, contact, beginning).await? {
                return Ok(opening_ack(caller, &send.client_id, &entries));
            }
        }
        Err(Code::Busy.into())
    }

    async fn closed_for_good(&self, caller: &Caller, id: &ConversationId, inbox: &Inbox) -> Result<bool, AppError> {
        let head = self.store.head(caller.account(), id).await?.ok_or(Code::NotFound)?;
        let facts = machine::Facts {
            now: self.now(),
            reopen_seconds: inbox.reopen_seconds,
            assignee_present: false,
            bot: false,
            name: None,
        };
        Ok(machine::reopen_window_over(&head.state, &facts))
    }

    /// The inbox that a message names, or the account's own.
    pub(crate) async fn inbox(&self, caller: &Caller, named: Option<&InboxId>) -> Result<Inbox, AppError> {
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

/// The ack of a message that began a conversation.
fn opening_ack(caller: &Caller, client_id: &str, entries: &[Entry]) -> Ack {
    let (audience, last) = (caller.audience(), entries.last());
    Ack {
        conversation: last.map(|last| last.conversation.clone()),
        seq: last.map(|last| last.seq),
        client_id: Some(client_id.to_owned()),
        head: last.map(|last| last.seq),
        entries: entries.iter().map(|entry| EntryView::of(entry, audience)).collect(),
        state: last.map(|last| StateView::of(&last.state, audience)),
        ..Ack::default()
    }
}

/// The name of the one document of kind `Account`.
pub(crate) const ACCOUNT: &str = "account";
