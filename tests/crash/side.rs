//! One side of a conversation, over however many sockets it takes.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use deskwire_domain::{AuthorKind, ConversationId, Event, InboxId};
use deskwire_protocol::{Entry, EntryView, server::ErrorFrame};
use deskwire_tests::{Client, checker::Fact, world::Door};
use serde_json::{Value, json};

use crate::Run;

/// One side of a conversation: sends, and resends until it is acked, over however many sockets it takes.
pub(crate) struct Side {
    pub run: Arc<Run>,
    pub name: String,
    pub token: String,
    /// Through which inbox it begins a conversation; the account's first one unless said.
    pub inbox: Option<InboxId>,
}

impl Side {
    /// A new visitor, as soon as one is let in.
    pub(crate) async fn visitor(run: &Arc<Run>, name: String, inbox: Option<InboxId>) -> Self {
        loop {
            if let Ok(token) = run.door.anonymous().await {
                return Self { run: Arc::clone(run), name, token: token.access_token, inbox };
            }
        }
    }

    /// Somebody who serves.
    pub(crate) fn staff(run: &Arc<Run>, name: String, token: String) -> Self {
        Self { run: Arc::clone(run), name, token, inbox: None }
    }

    /// A socket, as soon as there is one.
    pub(crate) async fn connect(&self) -> Client {
        loop {
            if let Ok(client) = self.run.door.connect(&self.token).await {
                return client;
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// A new socket in the place of one that has ended; what was read stays read.
    async fn reconnect(&self, client: &mut Client) {
        let next = self.connect().await;
        next.inherit(client);
        *client = next;
    }

    /// Says one thing: the same frame again and again until it is acked, on a new socket where the old one is gone.
    /// Answers where it stands.
    pub(crate) async fn say(
        &self,
        client: &mut Client,
        conversation: Option<&ConversationId>,
        text: &str,
    ) -> Result<(ConversationId, u64)> {
        let client_id = ulid::Ulid::generate().to_string();
        let mut after = None;
        loop {
            let mut frame =
                json!({"action": "send", "client_id": client_id, "content": {"kind": "text", "text": text}});
            if let Some(conversation) = conversation {
                // A resend carries the `after` of the first time; only a refusal that says so makes it look again.
                let seen = *after.get_or_insert_with(|| client.seen(conversation));
                frame["conversation"] = json!(conversation);
                frame["after"] = seen.into();
            } else if let Some(inbox) = &self.inbox {
                frame["inbox"] = json!(inbox);
            }
            if let Some(conversation) = conversation {
                self.run.history.add(Fact::Sent { conversation: conversation.to_string(), text: text.to_owned() });
            } else {
                self.run.history.add(Fact::Sent { conversation: String::new(), text: text.to_owned() });
            }
            match client.ask(frame).await {
                Ok(Ok(ack)) => {
                    let conversation = ack.conversation.context("a conversation")?;
                    let seq = ack.seq.context("a seq")?;
                    self.run.history.add(Fact::Acked {
                        conversation: conversation.to_string(),
                        text: text.to_owned(),
                        seq,
                    });
                    self.run.acked.fetch_add(1, Ordering::Relaxed);
                    return Ok((conversation, seq));
                }
                Ok(Err(error)) if error.code.as_str() == "sync_required" => {
                    let conversation = conversation.context("a conversation")?;
                    // It may have been stored the first time: what lies between tells.
                    self.read_to_the_end(client, conversation).await;
                    if let Some(seq) = found(client, conversation, text) {
                        self.run.history.add(Fact::Acked {
                            conversation: conversation.to_string(),
                            text: text.to_owned(),
                            seq,
                        });
                        return Ok((conversation.clone(), seq));
                    }
                    after = None;
                }
                Ok(Err(error)) => self.wait_as_told(&error).await?,
                Err(_) => {
                    self.reconnect(client).await;
                    if let Some(conversation) = conversation {
                        self.read_to_the_end(client, conversation).await;
                    }
                }
            }
        }
    }

    /// Does what may be done twice, until it is granted.
    pub(crate) async fn act(&self, client: &mut Client, frame: &Value) -> Result<()> {
        loop {
            match client.ask(frame.clone()).await {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) => self.wait_as_told(&error).await?,
                Err(_) => self.reconnect(client).await,
            }
        }
    }

    /// Waits where the same may be granted later.
    async fn wait_as_told(&self, error: &ErrorFrame) -> Result<()> {
        let code = error.code.as_str();
        ensure!(matches!(code, "busy" | "rate_limited" | "internal_error"), "{}: {code}: {}", self.name, error.message);
        tokio::time::sleep(patience(error)).await;
        Ok(())
    }

    /// Reads a log to its end, over however many sockets it takes.
    pub(crate) async fn read_to_the_end(&self, client: &mut Client, conversation: &ConversationId) {
        let mut watching = false;
        loop {
            let seen = client.seen(conversation);
            let frame = if watching {
                json!({"action": "sync", "conversation": conversation, "after": seen})
            } else {
                json!({"action": "hello", "cursors": {conversation.as_str(): seen}})
            };
            match client.ask(frame).await {
                Ok(Ok(_)) if !watching => watching = true,
                Ok(Ok(ack)) if !ack.more && ack.head == Some(client.seen(conversation)) => return,
                Ok(Ok(_)) => {}
                Ok(Err(refused)) => tokio::time::sleep(patience(&refused)).await,
                Err(_) => {
                    self.reconnect(client).await;
                    watching = false;
                }
            }
        }
    }
}

/// How long a refusal asks to wait.
fn patience(refused: &ErrorFrame) -> Duration {
    refused.retry_after.map_or(Duration::from_millis(50), |seconds| Duration::from_secs(seconds.into()))
}

/// Where a text stands in what a client has read.
fn found(client: &Client, conversation: &ConversationId, text: &str) -> Option<u64> {
    client.log(conversation).iter().find(|entry| text_of(entry).as_deref() == Some(text)).map(EntryView::seq)
}

/// What a person said.
fn text_of(entry: &EntryView) -> Option<String> {
    let entry = entry.visible().filter(|entry| entry.by.kind != AuthorKind::Bot)?;
    match &entry.event {
        Event::Message { content, .. } => content.words().map(str::to_owned),
        _ => None,
    }
}

/// Records what a side has read of a log.
pub(crate) fn record((side, client): &(Side, Client), conversation: &ConversationId) {
    let entries = seen(client, conversation);
    side.run.history.add(Fact::Read { reader: side.name.clone(), conversation: conversation.to_string(), entries });
}

pub(crate) fn seen(client: &Client, conversation: &ConversationId) -> Vec<(u64, Option<String>)> {
    client.log(conversation).iter().map(|entry| (entry.seq(), text_of(entry))).collect()
}

/// A whole log, as somebody who has read nothing finds it by HTTP.
pub(crate) async fn read_log(door: &Door, admin: &str, conversation: &ConversationId) -> Result<Vec<Entry>> {
    let mut log: Vec<Entry> = vec![];
    loop {
        let after = log.last().map_or(0, |entry| entry.seq);
        let path = format!("/v1/conversations/{conversation}/entries?after={after}&limit=100");
        let (_, mut page) = door.call("GET", &path, Some(admin), None).await?;
        log.extend(serde_json::from_value::<Vec<Entry>>(page["data"].take())?);
        if page["more"] != json!(true) {
            return Ok(log);
        }
    }
}
