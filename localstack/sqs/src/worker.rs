//! The one thread that owns the database. Requests that wait are done in one transaction, so that a hundred concurrent
//! sends cost one fsync; each in a savepoint of its own, so that a bad one harms no other.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{Clock, QueueConfig, actions, error::SqsError};

/// Requests in one transaction at most: bounds how long the first of them waits.
const BATCH: usize = 256;

struct Request {
    action: String,
    body: Value,
    answer: oneshot::Sender<Result<Value, SqsError>>,
}

#[derive(Clone)]
pub(crate) struct Worker {
    requests: mpsc::UnboundedSender<Request>,
    changed: watch::Sender<u64>,
    counts: Arc<Mutex<BTreeMap<String, u64>>>,
}

/// What an action needs.
pub(crate) struct Context<'a> {
    pub db: &'a Connection,
    pub config: &'a QueueConfig,
    pub now: i64,
}

impl Worker {
    pub(crate) fn start(db: Connection, config: Arc<QueueConfig>, clock: Clock) -> rusqlite::Result<Self> {
        db.pragma_update(None, "journal_mode", "WAL")?;
        // FULL: a commit that was answered survives power loss, not only the process's death.
        db.pragma_update(None, "synchronous", "FULL")?;
        db.execute_batch(SCHEMA)?;
        // Whoever had received messages died with the process: they are given out again at once.
        db.execute("UPDATE messages SET visible = 0 WHERE receipt IS NOT NULL", [])?;
        let (requests, inbox) = mpsc::unbounded_channel();
        let (changed, _) = watch::channel(0);
        let worker = Self { requests, changed: changed.clone(), counts: Arc::default() };
        std::thread::Builder::new()
            .name("sqs".into())
            .spawn(move || serve(&db, inbox, &config, (&clock, &changed)))
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
        Ok(worker)
    }

    pub(crate) async fn run(&self, action: &str, body: Value) -> Result<Value, SqsError> {
        let gone = || SqsError::new("InternalError", "The queues are closed.");
        let (answer, answered) = oneshot::channel();
        self.requests.send(Request { action: action.to_owned(), body, answer }).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }

    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) fn wake(&self) {
        self.changed.send_modify(|count| *count += 1);
    }

    pub(crate) fn count(&self, action: &str) {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner).entry(action.to_owned()).or_default() += 1;
    }

    pub(crate) fn stats(&self) -> BTreeMap<String, u64> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    db: &Connection,
    mut inbox: mpsc::UnboundedReceiver<Request>,
    config: &QueueConfig,
    (clock, changed): (&Clock, &watch::Sender<u64>),
) {
    let mut batch = Vec::with_capacity(BATCH);
    while inbox.blocking_recv_many(&mut batch, BATCH) > 0 {
        let context = Context { db, config, now: clock() };
        let before = db.total_changes();
        let answers = transact(&context, &batch);
        let changes = db.total_changes() != before;
        for (request, answer) in batch.drain(..).zip(answers) {
            // Whoever asked may have gone away; what was done is done.
            let _ = request.answer.send(answer);
        }
        if changes {
            changed.send_modify(|count| *count += 1);
        }
    }
}

fn transact(context: &Context<'_>, batch: &[Request]) -> Vec<Result<Value, SqsError>> {
    let run = || -> rusqlite::Result<Vec<Result<Value, SqsError>>> {
        context.db.execute_batch("BEGIN IMMEDIATE")?;
        let mut answers = Vec::with_capacity(batch.len());
        for request in batch {
            context.db.execute_batch("SAVEPOINT one")?;
            let answer = actions::run(context, &request.action, &request.body);
            context.db.execute_batch(if answer.is_ok() { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" })?;
            answers.push(answer);
        }
        context.db.execute_batch("COMMIT")?;
        Ok(answers)
    };
    run().unwrap_or_else(|error| {
        if !context.db.is_autocommit() {
            let _ = context.db.execute_batch("ROLLBACK");
        }
        let error = SqsError::from(error);
        batch.iter().map(|_| Err(error.clone())).collect()
    })
}

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, system TEXT NOT NULL, grp TEXT, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0, first INTEGER, receipt TEXT);
CREATE INDEX IF NOT EXISTS by_queue ON messages (queue, seq);
CREATE INDEX IF NOT EXISTS by_group ON messages (queue, grp, seq) WHERE grp IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
CREATE TABLE IF NOT EXISTS sent_ids (
    queue TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (queue, id));
";
