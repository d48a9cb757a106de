//! A queue service for one machine that speaks SQS (AWS JSON 1.0, as aws-sdk, boto3 and AWS CLI v2 do), durable on
//! SQLite: what was answered survives SIGKILL.
//!
//! It is not a server: the gateway mounts [`QueueService::call`] behind its own front and checks signatures there. Why
//! our own: the Rust emulators of SQS (`rustack-sqs-core`, `winterbaume-sqs`, `awsim-sqs`) keep messages in memory
//! only, and `fakecloud-sqs` is AGPL.

mod actions;
mod attributes;
mod digest;
mod error;
mod messages;
mod worker;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use serde_json::{Map, Value, json};

pub use error::Reply;
use error::SqsError;
use worker::Worker;

/// Where a queue lives.
#[derive(Debug, Clone)]
pub struct QueueConfig {
    /// What queue URLs begin with; the account and the queue's name follow.
    pub base_url: String,
    /// The region in ARNs.
    pub region: String,
    /// The account in URLs and ARNs: 12 digits.
    pub account_id: String,
}

impl QueueConfig {
    pub(crate) fn url(&self, queue: &str) -> String {
        format!("{}/{}/{queue}", self.base_url.trim_end_matches('/'), self.account_id)
    }

    pub(crate) fn arn(&self, queue: &str) -> String {
        format!("arn:aws:sqs:{}:{}:{queue}", self.region, self.account_id)
    }
}

/// Milliseconds since 1970; a test turns it by hand.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The queues. Cheap to clone.
#[derive(Clone)]
pub struct QueueService {
    worker: Worker,
    config: Arc<QueueConfig>,
}

/// The longest that one receive waits (SQS: `WaitTimeSeconds` 0 to 20).
const MAX_WAIT_SECONDS: u64 = 20;

impl QueueService {
    /// Queues in a file, which is made where there is none.
    ///
    /// # Errors
    /// SQLite cannot open it.
    pub fn open(path: &Path, config: QueueConfig) -> rusqlite::Result<Self> {
        Self::start(rusqlite::Connection::open(path)?, config, system_clock())
    }

    /// Queues that are gone with the process.
    ///
    /// # Errors
    /// SQLite does not start.
    pub fn memory(config: QueueConfig) -> rusqlite::Result<Self> {
        Self::start(rusqlite::Connection::open_in_memory()?, config, system_clock())
    }

    /// Queues in a file or in memory, by a given clock.
    ///
    /// # Errors
    /// SQLite does not start.
    pub fn with_clock(path: Option<&Path>, config: QueueConfig, clock: Clock) -> rusqlite::Result<Self> {
        let connection = match path {
            Some(path) => rusqlite::Connection::open(path)?,
            None => rusqlite::Connection::open_in_memory()?,
        };
        Self::start(connection, config, clock)
    }

    fn start(connection: rusqlite::Connection, config: QueueConfig, clock: Clock) -> rusqlite::Result<Self> {
        let config = Arc::new(config);
        Ok(Self { worker: Worker::start(connection, Arc::clone(&config), clock)?, config })
    }

    /// Requests so far, by action: the cost test counts them.
    pub fn stats(&self) -> BTreeMap<String, u64> {
        self.worker.stats()
    }

    /// Wakes receivers that wait, after a test has turned the clock.
    pub fn wake(&self) {
        self.worker.wake();
    }

    /// Answers one request: `action` is what follows `AmazonSQS.` in `x-amz-target`.
    pub async fn call(&self, action: &str, body: &[u8]) -> Reply {
        let request: Value = match serde_json::from_slice(if body.is_empty() { b"{}" } else { body }) {
            Ok(request @ Value::Object(_)) => request,
            _ => return SqsError::new("InvalidParameterValue", "The request is not a JSON object.").reply(),
        };
        self.worker.count(action);
        let answer = if action == "ReceiveMessage" {
            self.receive(request).await
        } else {
            self.worker.run(action, request).await
        };
        match answer {
            Ok(answer) => Reply { status: 200, body: answer.to_string().into_bytes(), query_error: None },
            Err(error) => error.reply(),
        }
    }

    /// Receives; where there is nothing, waits until there may be something or the time is up.
    async fn receive(&self, mut request: Value) -> Result<Value, SqsError> {
        let asked = request.get("WaitTimeSeconds").and_then(Value::as_u64);
        let wait = match asked {
            Some(seconds) => seconds,
            None => self.worker.run("\u{0}Wait", json!({"QueueUrl": request["QueueUrl"]})).await?.as_u64().unwrap_or(0),
        };
        let until = tokio::time::Instant::now() + Duration::from_secs(wait.min(MAX_WAIT_SECONDS));
        request["\u{0}Peek"] = Value::Bool(true);
        loop {
            let mut changed = self.worker.changes();
            let answer = self.worker.run("ReceiveMessage", request.clone()).await?;
            let next = answer.get("\u{0}Next").and_then(Value::as_u64);
            let empty = answer.get("Messages").is_none();
            if !empty || tokio::time::Instant::now() >= until {
                return Ok(without_next(answer));
            }
            // Woken by whatever changes, or when the next message's time comes.
            let next = next.map_or(until, |millis| tokio::time::Instant::now() + Duration::from_millis(millis.max(1)));
            tokio::select! {
                _ = changed.changed() => {}
                () = tokio::time::sleep_until(next.min(until)) => {}
            }
        }
    }

    /// The URL of a queue.
    pub fn url(&self, queue: &str) -> String {
        self.config.url(queue)
    }
}

fn without_next(mut answer: Value) -> Value {
    if let Some(map) = answer.as_object_mut() {
        map.remove("\u{0}Next");
    }
    answer
}

fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

pub(crate) type Object = Map<String, Value>;
