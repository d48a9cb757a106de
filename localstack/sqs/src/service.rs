//! The door: a request in, an answer out.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use rusqlite::Connection;
use serde_json::Value;
use tokio::time::Instant;

use crate::{
    Clock, QueueConfig, Reply,
    actions::{
        Action,
        batch::{Alone, Batch},
        dead_letters::ListDeadLetterSourceQueues,
        delete::DeleteMessage,
        move_tasks::{CancelMessageMoveTask, ListMessageMoveTasks, StartMessageMoveTask},
        parse,
        queue_attributes::{GetQueueAttributes, SetQueueAttributes},
        queues::{CreateQueue, DeleteQueue, GetQueueUrl, ListQueues, PurgeQueue},
        receive::ReceiveMessage,
        send::SendMessage,
        tags::{ListQueueTags, TagQueue, UntagQueue},
        visibility::ChangeMessageVisibility,
    },
    fault::{Code, Fault},
    schema,
    stats::Stats,
    waiters::Waiters,
    writer::{Writer, WriterThread},
};

/// The queues. Cheap to clone; the file is closed after the last clone is dropped and its last request is done.
#[derive(Clone)]
pub struct QueueService {
    writer: Writer,
    waiters: Waiters,
    stats: Stats,
    config: Arc<QueueConfig>,
}

impl QueueService {
    /// Queues in a file, which is made where there is none. Messages that were in flight when the file was last in use
    /// are given out again.
    ///
    /// # Errors
    /// SQLite cannot open it, or another process has it open.
    pub fn open(path: &Path, config: QueueConfig) -> rusqlite::Result<Self> {
        Self::with_clock(Some(path), config, system_clock())
    }

    /// Queues that are gone with the process.
    ///
    /// # Errors
    /// SQLite does not start.
    pub fn memory(config: QueueConfig) -> rusqlite::Result<Self> {
        Self::with_clock(None, config, system_clock())
    }

    /// Queues in a file, or in memory where there is no path, by a given clock.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn with_clock(path: Option<&Path>, config: QueueConfig, clock: Clock) -> rusqlite::Result<Self> {
        let db = match path {
            Some(path) => Connection::open(path)?,
            None => Connection::open_in_memory()?,
        };
        schema::open(&db)?;
        db.set_prepared_statement_cache_capacity(STATEMENTS);
        let (config, waiters) = (Arc::new(config), Waiters::default());
        let thread = WriterThread { db, config: Arc::clone(&config), clock, waiters: waiters.clone() };
        let writer = Writer::start(thread).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(Self { writer, waiters, stats: Stats::default(), config })
    }

    /// Requests so far by action, for the actions that were asked for at all: SQS bills requests, so a cost test counts
    /// them.
    pub fn stats(&self) -> BTreeMap<String, u64> {
        self.stats.read()
    }

    /// Wakes all receivers that wait, after a test has turned the clock.
    pub fn wake(&self) {
        self.waiters.wake_all();
    }

    /// The URL of a queue of this name, whether it is there or not.
    pub fn url(&self, queue: &str) -> String {
        self.config.url(queue)
    }

    /// Answers one request: `action` is what follows `AmazonSQS.` in the header `x-amz-target`, `body` is JSON. What is
    /// answered with 200 is on disk. A receive waits up to 20 seconds where it is asked to; dropping the future gives
    /// the wait up.
    pub async fn call(&self, action: &str, body: &[u8]) -> Reply {
        self.stats.count(action);
        match self.answer(action, body).await {
            Ok(answer) => Reply { status: 200, body: answer.to_string().into_bytes(), query_error: None },
            Err(fault) => fault.reply(),
        }
    }

    async fn answer(&self, action: &str, body: &[u8]) -> Result<Value, Fault> {
        match action {
            "CancelMessageMoveTask" => self.run::<CancelMessageMoveTask>(body).await,
            "ChangeMessageVisibility" => self.run::<Alone<ChangeMessageVisibility>>(body).await,
            "ChangeMessageVisibilityBatch" => self.run::<Batch<ChangeMessageVisibility>>(body).await,
            "CreateQueue" => self.run::<CreateQueue>(body).await,
            "DeleteMessage" => self.run::<Alone<DeleteMessage>>(body).await,
            "DeleteMessageBatch" => self.run::<Batch<DeleteMessage>>(body).await,
            "DeleteQueue" => self.run::<DeleteQueue>(body).await,
            "GetQueueAttributes" => self.run::<GetQueueAttributes>(body).await,
            "GetQueueUrl" => self.run::<GetQueueUrl>(body).await,
            "ListDeadLetterSourceQueues" => self.run::<ListDeadLetterSourceQueues>(body).await,
            "ListMessageMoveTasks" => self.run::<ListMessageMoveTasks>(body).await,
            "ListQueueTags" => self.run::<ListQueueTags>(body).await,
            "ListQueues" => self.run::<ListQueues>(body).await,
            "PurgeQueue" => self.run::<PurgeQueue>(body).await,
            "ReceiveMessage" => self.receive(body).await,
            "SendMessage" => self.run::<Alone<SendMessage>>(body).await,
            "SendMessageBatch" => self.run::<Batch<SendMessage>>(body).await,
            "SetQueueAttributes" => self.run::<SetQueueAttributes>(body).await,
            "StartMessageMoveTask" => self.run::<StartMessageMoveTask>(body).await,
            "TagQueue" => self.run::<TagQueue>(body).await,
            "UntagQueue" => self.run::<UntagQueue>(body).await,
            _ => Err(Fault::new(Code::InvalidAction, "The action is not valid for this endpoint.")),
        }
    }

    async fn run<A: Action>(&self, body: &[u8]) -> Result<Value, Fault> {
        let mut action: A = parse(body)?;
        action.check()?;
        self.writer.run(move |cx| action.apply(cx)).await
    }

    /// Receives; where there is nothing, sleeps until there may be something or the wait is over.
    async fn receive(&self, body: &[u8]) -> Result<Value, Fault> {
        let request: ReceiveMessage = parse(body)?;
        request.check()?;
        let waiting = self.waiters.of(request.queue_name()?);
        let (request, began) = (Arc::new(request), Instant::now());
        loop {
            // Made before the look: a commit between the look and the sleep wakes it too.
            let woken = waiting.notified();
            let asked = Arc::clone(&request);
            let look = self.writer.run(move |cx| asked.look(cx)).await?;
            let until = began + Duration::from_secs(look.wait_seconds);
            if !look.given.is_empty() || Instant::now() >= until {
                return request.answer(look.given, &self.config);
            }
            let next = look.next_in.and_then(|millis| u64::try_from(millis).ok());
            let next = next.map_or(until, |millis| Instant::now() + Duration::from_millis(millis.max(1)));
            tokio::select! {
                () = woken => {}
                () = tokio::time::sleep_until(next.min(until)) => {}
            }
        }
    }
}

/// Prepared statements that are kept: more than this crate has, so that none is prepared twice.
const STATEMENTS: usize = 64;

fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}
