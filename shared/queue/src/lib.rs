//! Jobs: what `relay` asks of other functions, by SQS.
//!
//! A job carries ids, not bodies; its id derives from the entry that caused it, so that a replay of the stream sends
//! the same id again and has no second effect. Which queue it goes to, its group and its retry rule stand here.
//!
//! Architecture invariant: alone in using `aws-sdk-sqs`. Nothing on the message path sends here (DESIGN §2).

mod batch;

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, LazyLock},
};

use aws_sdk_sqs::{Client, error::DisplayErrorContext, types::SendMessageBatchRequestEntry};
use deskwire_domain::{AccountId, ConversationId, EndpointId, TeamId};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use batch::each_record;

/// A job, tagged and versioned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Give waiting conversations of a team to agents who have room. Retried 5 times, then parked: the next event of
    /// the team asks again.
    Assign {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Whose queue.
        team: TeamId,
    },
    /// Try a delivery to a webhook endpoint. What fails at the endpoint is no failed job: it is noted with the
    /// delivery and becomes due again.
    Deliver {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// To which endpoint.
        endpoint: EndpointId,
        /// What the event is about: those about the same go in order.
        subject: String,
        /// Which delivery.
        delivery: String,
    },
    /// Try a delivery again after a short pause. What must wait longer is due, and `sweep` sends it.
    Redeliver {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// To which endpoint.
        endpoint: EndpointId,
        /// Which delivery.
        delivery: String,
        /// Seconds to wait.
        after: u16,
    },
    /// Do what an account's rules say about an event that came in. Retried while a company's system does not answer,
    /// then its steps are marked as failed.
    Event {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Which, by its id here.
        event: String,
        /// What it must wait for: its source and subject, hashed.
        line: String,
    },
    /// The AI agent's turn: answer what the visitor wrote. Whatever was answered meanwhile, or taken over, is no turn.
    Turn {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Where.
        conversation: ConversationId,
        /// The seq of what is to be answered.
        seq: u64,
    },
    /// Note a summary for whoever takes a conversation, or looks at a closed one.
    Summarise {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Where.
        conversation: ConversationId,
        /// The seq of the transfer or the closing.
        seq: u64,
    },
    /// Take to heart what somebody thinks of an answer.
    Learn {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Where.
        conversation: ConversationId,
        /// The seq of the feedback.
        seq: u64,
    },
    /// Make the index of an account's articles anew, if it is older than they are.
    Index {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
    },
    /// Train a version of the model that understands.
    Train {
        /// Form of this job.
        v: u8,
        /// For whom.
        account: AccountId,
        /// Which.
        version: String,
    },
}

/// The queues, by what runs from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum QueueName {
    /// FIFO, one group per team: decisions are serial.
    Assign,
    /// FIFO, a few groups per endpoint: a slow endpoint holds up nobody but itself.
    Webhook,
    /// Standard, because only there a message may have a delay of its own: deliveries that are tried again soon.
    Retry,
    /// FIFO, one group per source and subject: events about the same are done in order.
    Event,
    /// FIFO, one group per conversation: turns of one are serial, those of others run beside.
    Ai,
    /// FIFO, one group per account: what takes longer than a turn may.
    Study,
}

/// The longest delay of a message (SQS).
pub const MOST_DELAY_SECONDS: u16 = 900;

/// Groups of one endpoint: as many deliveries to it are under way at once.
pub const ENDPOINT_GROUPS: u8 = 4;

impl QueueName {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Assign, Self::Webhook, Self::Retry, Self::Event, Self::Ai, Self::Study];

    /// The queue's name in the account.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "deskwire-assign.fifo",
            Self::Webhook => "deskwire-webhook.fifo",
            Self::Retry => "deskwire-retry",
            Self::Event => "deskwire-event.fifo",
            Self::Ai => "deskwire-ai.fifo",
            Self::Study => "deskwire-study.fifo",
        }
    }

    /// The queue for what could not be done.
    pub fn dead(self) -> String {
        match self.as_str().strip_suffix(".fifo") {
            Some(name) => format!("{name}-dead.fifo"),
            None => format!("{}-dead", self.as_str()),
        }
    }

    /// Whether it keeps an order.
    pub fn fifo(self) -> bool {
        self.as_str().ends_with(".fifo")
    }

    /// The function that runs from it.
    pub fn function(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Webhook | Self::Retry => "webhook",
            Self::Event => "event",
            Self::Ai | Self::Study => "ai",
        }
    }

    /// Jobs that one invocation gets. Deliveries and events come alone, so that none waits behind another's slow
    /// endpoint or query.
    pub fn batch(self) -> u32 {
        match self {
            Self::Assign => 10,
            Self::Webhook | Self::Retry | Self::Event | Self::Ai | Self::Study => 1,
        }
    }

    /// Seconds that a job stays unseen once it was given out: at least 6 × the function's time-out (Lambda's advice for
    /// event source mappings), which is 29 s, and 120 s for what `ai` studies. A turn takes 29 s at most, and what died
    /// with one must not keep its visitor waiting.
    pub fn visibility_seconds(self) -> u32 {
        match self {
            Self::Study => 720,
            _ => 180,
        }
    }

    /// How often a job is tried before it is parked in the dead-letter queue.
    pub const MAX_RECEIVES: u32 = 5;
}

impl Job {
    fn queue(&self) -> QueueName {
        match self {
            Self::Assign { .. } => QueueName::Assign,
            Self::Deliver { .. } => QueueName::Webhook,
            Self::Redeliver { .. } => QueueName::Retry,
            Self::Event { .. } => QueueName::Event,
            Self::Turn { .. } | Self::Summarise { .. } => QueueName::Ai,
            // Never in front of a turn.
            Self::Learn { .. } | Self::Index { .. } | Self::Train { .. } => QueueName::Study,
        }
    }

    fn group(&self) -> String {
        match self {
            Self::Assign { account, team, .. } => format!("{account}.{team}"),
            Self::Deliver { account, endpoint, subject, .. } => {
                let sum = subject.bytes().fold(0u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
                format!("{account}.{endpoint}.{}", sum % ENDPOINT_GROUPS)
            }
            Self::Redeliver { account, endpoint, .. } => format!("{account}.{endpoint}"),
            Self::Event { account, line, .. } => format!("{account}.{line}"),
            Self::Turn { account, conversation, .. } | Self::Summarise { account, conversation, .. } => {
                format!("{account}.{conversation}")
            }
            Self::Learn { account, .. } | Self::Index { account, .. } | Self::Train { account, .. } => {
                account.to_string()
            }
        }
    }

    /// Seconds for which it is not given out yet.
    fn delay(&self) -> Option<i32> {
        match self {
            Self::Redeliver { after, .. } => Some(i32::from((*after).min(MOST_DELAY_SECONDS))),
            _ => None,
        }
    }
}

/// A job to send: `cause` tells one sending from another (an entry's id, say); the same job with the same cause is
/// sent once (SQS deduplicates for 5 minutes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What to do.
    pub job: Job,
    /// Why.
    pub cause: String,
}

/// Jobs that could not be sent; all others were.
#[derive(Debug, thiserror::Error)]
#[error("{count} jobs could not be sent: {reason}")]
pub struct SendError {
    /// How many.
    pub count: usize,
    /// Why, of the first; for the log.
    pub reason: String,
}

/// The door to the queues. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Queues {
    /// Made when it is first asked: functions that never send do not pay for it at their start (a sixth of one).
    client: Arc<LazyLock<Client, Box<dyn FnOnce() -> Client + Send>>>,
    urls: BTreeMap<QueueName, String>,
}

impl Queues {
    /// A door to the queues: `prefix` is what their URLs begin with, `https://sqs.{region}.amazonaws.com/{account}`.
    pub fn new(config: &aws_types::SdkConfig, prefix: &str) -> Self {
        let url = |queue: QueueName| (queue, format!("{}/{}", prefix.trim_end_matches('/'), queue.as_str()));
        let config = config.clone();
        Self {
            client: Arc::new(LazyLock::new(Box::new(move || Client::new(&config)))),
            urls: QueueName::ALL.into_iter().map(url).collect(),
        }
    }

    /// Sends jobs, in batches of 10; the same job twice in one call is sent once.
    ///
    /// # Errors
    /// [`SendError`] where SQS refused some; sending them all again is harmless.
    pub async fn send(&self, orders: &[Order]) -> Result<(), SendError> {
        /// SQS takes 10 messages a batch.
        const BATCH: usize = 10;
        let mut by_queue: BTreeMap<QueueName, Vec<&Order>> = BTreeMap::new();
        for order in orders {
            let of_queue = by_queue.entry(order.job.queue()).or_default();
            if !of_queue.iter().any(|other| other.job == order.job) {
                of_queue.push(order);
            }
        }
        // One batch of a queue behind the other, and none behind one that failed: in a FIFO queue they come in order.
        let sends = by_queue.iter().map(async |(queue, orders)| {
            let mut sent = 0;
            for batch in orders.chunks(BATCH) {
                self.send_batch(*queue, batch)
                    .await
                    .map_err(|error| SendError { count: orders.len() - sent, reason: error.reason })?;
                sent += batch.len();
            }
            Ok::<_, SendError>(())
        });
        let failed: Vec<SendError> =
            futures::future::join_all(sends).await.into_iter().filter_map(Result::err).collect();
        let count = failed.iter().map(|error| error.count).sum();
        match failed.into_iter().next() {
            None => Ok(()),
            Some(first) => Err(SendError { count, reason: first.reason }),
        }
    }

    async fn send_batch(&self, queue: QueueName, batch: &[&Order]) -> Result<(), SendError> {
        let failed = |count, reason: String| Err(SendError { count, reason });
        let Some(url) = self.urls.get(&queue) else { return failed(batch.len(), "no such queue".to_owned()) };
        let mut call = self.client.send_message_batch().queue_url(url);
        for (index, order) in batch.iter().enumerate() {
            let entry = serde_json::to_string(&order.job).map_err(|error| error.to_string()).and_then(|body| {
                let fifo = queue.fifo().then(|| (order.job.group(), deduplication_id(order)));
                let (group, deduplication) = fifo.unzip();
                SendMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .message_body(body)
                    .set_message_group_id(group)
                    .set_message_deduplication_id(deduplication)
                    .set_delay_seconds(order.job.delay())
                    .build()
                    .map_err(|error| error.to_string())
            });
            match entry {
                Ok(entry) => call = call.entries(entry),
                Err(reason) => return failed(batch.len(), reason),
            }
        }
        match call.send().await {
            Ok(output) if output.failed.is_empty() => Ok(()),
            Ok(output) => {
                let reason = output.failed.first().map(|entry| entry.code.clone()).unwrap_or_default();
                failed(output.failed.len(), reason)
            }
            Err(error) => failed(batch.len(), DisplayErrorContext(&error).to_string()),
        }
    }
}

/// SQS allows 128 characters: a hash of group and cause, so that no part is lost.
fn deduplication_id(order: &Order) -> String {
    let digest = Sha256::digest(format!("{}\n{}", order.job.group(), order.cause));
    digest.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
