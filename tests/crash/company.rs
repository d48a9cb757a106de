//! The company that is told of everything by webhook: whatever was killed when, each change of each conversation must
//! reach it at least once, under the id that derives from its entry, with a valid signature.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::{Context, Result};
use deskwire_domain::{AccountId, ConversationId};
use deskwire_protocol::webhook::WebhookEvent;
use deskwire_tests::{receiver::Receiver, world::Door};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{Ended, side::read_log};

/// How long deliveries may take after the last kill. One that was under way when the process died is given out again at
/// once; one that failed meanwhile waits five seconds, and one that failed twice five minutes.
const ARRIVE: Duration = Duration::from_secs(400);
/// Without anything new for so long, it is looked whether everything is there.
const QUIET: Duration = Duration::from_millis(500);

/// It.
pub(crate) struct Company {
    receiver: Receiver,
    secret: String,
    /// It wants everything about a conversation in order.
    ordered: Receiver,
}

/// What it was told.
pub(crate) struct Told {
    /// Events that there were.
    pub events: usize,
    /// Deliveries of all endpoints' events that came.
    pub deliveries: usize,
    /// Ids that came.
    pub known: usize,
    /// Events that did not come.
    pub missing: Vec<String>,
    /// Deliveries that are not as they should be.
    pub wrong: usize,
    /// Events that came to the ordered endpoint before one that happened before.
    pub disordered: usize,
    /// When the last of them was there, after the end.
    pub after: Duration,
}

impl Told {
    /// Deliveries of what had come already.
    pub(crate) fn again(&self) -> usize {
        self.deliveries - self.known
    }
}

impl Company {
    /// Asks to be told of everything. Beside it stands an endpoint at which nobody listens: it must hold up nothing.
    pub(crate) async fn join(door: &Door, admin: &str) -> Result<Self> {
        let receiver = Receiver::start().await;
        let body = json!({"url": receiver.url(), "events": ["*"]});
        let (_, made) = door.call("POST", "/v1/webhooks", Some(admin), Some(body)).await?;
        let ordered = Receiver::start().await;
        let events = ["conversation.*", "message.created", "bot.called"];
        let body = json!({"url": ordered.url(), "events": events, "ordered": true});
        door.call("POST", "/v1/webhooks", Some(admin), Some(body)).await?;
        let dead = json!({"url": "http://127.0.0.1:9/hook", "events": ["*"]});
        door.call("POST", "/v1/webhooks", Some(admin), Some(dead)).await?;
        Ok(Self { receiver, ordered, secret: made["secret"].as_str().context("a secret")?.to_owned() })
    }

    /// Waits until everything that happened in these conversations has come.
    pub(crate) async fn hears_of_everything(&self, door: &Door, admin: &str, ended: &[Ended]) -> Result<Told> {
        let mut events = BTreeMap::new();
        for Ended { conversation, .. } in ended {
            events.extend(expected(door, admin, conversation).await?);
        }
        let begun = Instant::now();
        let (missing, after) = (vec![], Duration::ZERO);
        let mut told = Told { events: events.len(), deliveries: 0, known: 0, missing, wrong: 0, disordered: 0, after };
        let mut came: BTreeSet<String> = BTreeSet::new();
        while begun.elapsed() < ARRIVE {
            let Ok(next) = timeout(QUIET, self.receiver.next()).await else {
                if events.keys().all(|id| came.contains(id)) {
                    break;
                }
                continue;
            };
            let (id, body) = (next.header("webhook-id").to_owned(), next.event());
            told.deliveries += 1;
            let as_it_should = events.get(&id).is_none_or(|event| *event == body) && body["id"] == json!(id);
            told.wrong += usize::from(!next.signed_once_by(&self.secret) || !as_it_should);
            if came.insert(id) {
                told.after = begun.elapsed();
            }
        }
        told.known = came.len();
        told.missing = events.into_keys().filter(|id| !came.contains(id)).collect();
        told.disordered = self.disorder(ended).await;
        Ok(told)
    }
}

impl Company {
    /// Reads what came to the ordered endpoint until it is quiet: whether each conversation's events came first in the
    /// order in which they happened, and none was left out between.
    async fn disorder(&self, ended: &[Ended]) -> usize {
        let mut heads: BTreeMap<String, u64> = BTreeMap::new();
        let (mut disordered, begun) = (0, Instant::now());
        while begun.elapsed() < ARRIVE {
            let Ok(next) = timeout(QUIET * 4, self.ordered.next()).await else { break };
            let event = next.event();
            let seq = event["data"]["entry"]["seq"].as_u64().unwrap_or(0);
            let head = heads.entry(event["subject"].as_str().unwrap_or_default().to_owned()).or_default();
            // Again is allowed, ahead is not. An entry may be two events.
            disordered += usize::from(seq > *head + 1);
            *head = seq.max(*head);
        }
        let deaf = ended.iter().filter(|ended| !heads.contains_key(ended.conversation.as_str())).count();
        disordered + deaf
    }
}

/// The events of a conversation, made from its log as a fresh reader finds it.
async fn expected(door: &Door, admin: &str, conversation: &ConversationId) -> Result<Vec<(String, Value)>> {
    let account = AccountId::new("demo");
    let log = read_log(door, admin, conversation).await?;
    let events = log.iter().flat_map(|entry| WebhookEvent::of_entry(&account, entry));
    events.map(|event| Ok((event.id.clone(), serde_json::to_value(&event)?))).collect()
}
