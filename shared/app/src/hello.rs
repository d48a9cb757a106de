//! `hello`: begin or resume. The client watches first and reads then, so that nothing falls between.

use std::collections::BTreeSet;

use deskwire_domain::{Code, ConversationId, Refusal, Who, limits};
use deskwire_protocol::{
    Ack, EntryView,
    client::Hello,
    entry::StateView,
    server::{Resumed, Welcome},
};
use deskwire_store::{Direction, Topic, Watcher};
use futures::{StreamExt, TryStreamExt, stream};

use crate::{App, AppError, Caller, conversation::fit};

/// Conversations that are resumed at the same time.
const CONCURRENT_RESUMES: usize = 8;

/// Bytes of entries that one `hello` answers: API Gateway's 128 KB message less the envelopes. The rest is `more`.
const HELLO_BYTES: usize = 100 * 1024;

/// Bytes of one conversation's ids and names in that answer.
const FRAME_BYTES: usize = 200;

impl App {
    pub(crate) async fn hello(&self, caller: &Caller, hello: Hello) -> Result<Ack, AppError> {
        if hello.cursors.len() > limits::HELLO_CONVERSATIONS {
            let most = limits::HELLO_CONVERSATIONS;
            return Err(Refusal::with(
                Code::TooLarge,
                format!("at most {most} cursors; send hello again for the rest"),
            )
            .into());
        }
        let mut ids = self.own_conversations(caller).await?;
        ids.truncate(limits::HELLO_CONVERSATIONS);
        let known: BTreeSet<_> = ids.iter().cloned().collect();
        ids.extend(hello.cursors.keys().filter(|id| !known.contains(id)).cloned());
        let resumes: Vec<_> = ids.iter().map(|id| self.resume(caller, id, hello.cursors.get(id).copied())).collect();
        let resumed: Vec<Option<Resumed>> = stream::iter(resumes).buffered(CONCURRENT_RESUMES).try_collect().await?;
        let mut conversations: Vec<Resumed> = resumed.into_iter().flatten().collect();
        fit_all(&mut conversations);
        let welcome = Welcome {
            me: caller.author(),
            now: self.now(),
            ping_seconds: u32::try_from(limits::LEASE_SECONDS / 3).unwrap_or(30),
            token_expires: caller.expires,
            conversations,
        };
        Ok(Ack { welcome: Some(welcome), ..Ack::default() })
    }

    /// The conversations that are the caller's own now: a visitor's current ones, an agent's slots.
    async fn own_conversations(&self, caller: &Caller) -> Result<Vec<ConversationId>, AppError> {
        let account = caller.account();
        match &caller.principal.who {
            Who::Visitor(contact) => {
                let mut all = self.store.currents(account, contact).await?;
                let merged = self.store.contact(account, contact).await?.map(|me| me.merged_from).unwrap_or_default();
                for before in merged.iter().take(limits::HELLO_CONVERSATIONS) {
                    all.extend(self.store.currents(account, before).await?);
                }
                Ok(all)
            }
            Who::Agent(agent, _) => Ok(self.store.agent(account, agent).await?.map(|a| a.slots).unwrap_or_default()),
            Who::Bot | Who::System => Ok(vec![]),
        }
    }

    /// One conversation: watched, then read. `None` where it is not there or not theirs.
    async fn resume(
        &self,
        caller: &Caller,
        conversation: &ConversationId,
        cursor: Option<u64>,
    ) -> Result<Option<Resumed>, AppError> {
        let account = caller.account();
        let Some(head) = self.store.head(account, conversation).await? else { return Ok(None) };
        match self.as_owner(caller, &head.state).await {
            Ok(_) => {}
            Err(AppError::Refused(_)) => return Ok(None),
            Err(error) => return Err(error),
        }
        if let Some(connection) = &caller.connection {
            let watcher = Watcher { connection: connection.clone(), audience: caller.audience(), who: caller.id() };
            self.store.watch(account, &Topic::Conversation(conversation), &watcher, self.now()).await?;
        }
        let direction = cursor.map_or(Direction::Newest, Direction::After);
        let limit = if cursor.is_some() { limits::PAGE_ENTRIES } else { 1 };
        let mut read = self.read_log(caller, conversation, direction, limit).await?;
        if cursor.is_none() {
            // Without a cursor the client says itself from where it wants to read.
            read.entries.clear();
        }
        let audience = caller.audience();
        let mut marks = self.store.read_marks(account, conversation).await?;
        marks.remove(&caller.id());
        Ok(Some(Resumed {
            conversation: conversation.clone(),
            head: read.head.seq,
            state: StateView::of(&read.head.state, audience),
            entries: read.entries.iter().map(|entry| EntryView::of(entry, audience)).collect(),
            more: read.more,
            read: marks,
        }))
    }
}

/// Cuts entries, from the last conversation on, until the whole answer fits a message.
fn fit_all(conversations: &mut [Resumed]) {
    let bare: usize =
        conversations.iter().map(|resumed| bytes(&resumed.state) + bytes(&resumed.read) + FRAME_BYTES).sum();
    let mut left = HELLO_BYTES.saturating_sub(bare);
    for resumed in conversations {
        resumed.more |= fit(&mut resumed.entries, left);
        left = left.saturating_sub(resumed.entries.iter().map(bytes).sum::<usize>());
    }
}

fn bytes(part: &impl serde::Serialize) -> usize {
    serde_json::to_vec(part).map_or(0, |json| json.len())
}
