//! The embedded DynamoDB engine: `dynoxide`, on SQLite, behind one thread of its own.
//!
//! The engine serialises on a lock and fsyncs inside it, so it never runs on a thread that serves sockets; a second
//! thread of ours would only wait for the lock (measured: no more puts per second). Its own HTTP server is not used: it
//! would open a port without a signature check.
//!
//! The engine's SQLite runs with `journal_mode=WAL` and `synchronous=FULL`: each commit is fsynced before it is
//! answered, so what was acknowledged survives a power loss. It sets only the first itself; [`Engine::open`] refuses to
//! run where the library's default for the second is another.
//!
//! The engine finds the next sequence number of a stream, and the records behind one, by looking through all records:
//! each write grew slower with each record. An index of ours (`deskwire_stream_sequence`) makes both a search.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use anyhow::Context;
use bytes::Bytes;
use dynoxide::Database;
use http::Uri;
use rusqlite::Connection;
use serde::Serialize;
use tokio::sync::{oneshot, watch};

use crate::{
    crash_points,
    operations::{Done, broken, consumed, known, run, writes},
    other_engine::OtherEngine,
};

/// An answer of the engine: an HTTP status and DynamoDB's JSON.
#[derive(Debug)]
pub struct Answer {
    /// 200, or why not.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

impl From<Done> for Answer {
    fn from((status, body): Done) -> Self {
        Self { status, body }
    }
}

enum Work {
    Call { operation: String, body: Bytes, answer: oneshot::Sender<Answer> },
    Trim { trim: Trim, answer: oneshot::Sender<rusqlite::Result<usize>> },
    Close { done: oneshot::Sender<()> },
}

/// Which records of a stream are not needed any more.
#[derive(Debug, Clone)]
pub(crate) struct Trim {
    pub table: String,
    /// The last record that is done with, by its sequence number.
    pub through: String,
    /// Only those made before this: seconds since 1970.
    pub before: i64,
}

/// Records that one hold of the engine takes away, so that nobody waits long behind it.
const TRIM_RECORDS: usize = 200;

/// Requests and units of one operation.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize)]
pub struct Units {
    /// Requests.
    pub requests: u64,
    /// Capacity units, as the engine reports them for requests that ask for them.
    pub units: f64,
}

type Stats = Arc<Mutex<BTreeMap<&'static str, Units>>>;

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    place: Place,
    written: watch::Sender<u64>,
    stats: Stats,
}

#[derive(Clone)]
enum Place {
    /// In this process.
    Here { work: mpsc::Sender<Work>, database: Database },
    /// At an address.
    Elsewhere(Arc<OtherEngine>),
}

impl Engine {
    /// The engine on a file, or in memory.
    ///
    /// # Errors
    /// The file cannot be opened, or would not be durable.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Self> {
        // In memory both connections share one database by its name.
        let shared = || format!("file:deskwire-{}?mode=memory&cache=shared", hex::encode(rand::random::<[u8; 8]>()));
        let name = path.map_or_else(shared, |path| path.to_string_lossy().into_owned());
        let database = Database::new(&name).context("the table's file cannot be opened")?;
        let keeper = keeper(&name, path.is_some()).context("the table's file cannot be kept")?;
        let (work, inbox) = mpsc::channel();
        let thread = Thread { database: database.clone(), keeper };
        std::thread::Builder::new().name("dynamodb".into()).spawn(move || thread.serve(&inbox))?;
        Ok(Self::new(Place::Here { work, database }))
    }

    /// An engine that others run, which keeps what it has to keep itself.
    pub fn elsewhere(url: Uri) -> Self {
        Self::new(Place::Elsewhere(Arc::new(OtherEngine::at(url))))
    }

    fn new(place: Place) -> Self {
        Self { place, written: watch::channel(0).0, stats: Arc::default() }
    }

    /// Does one operation, named as in `x-amz-target` behind the dot.
    pub async fn call(&self, operation: &str, body: impl Into<Bytes>) -> Answer {
        let answer = match &self.place {
            Place::Elsewhere(other) => other.call(operation, body.into()).await.into(),
            Place::Here { work, .. } => {
                let (answer, answered) = oneshot::channel();
                let call = Work::Call { operation: operation.to_owned(), body: body.into(), answer };
                let closed = || Answer::from(broken("the engine is closed"));
                if work.send(call).is_err() {
                    return closed();
                }
                answered.await.unwrap_or_else(|_| closed())
            }
        };
        self.note(operation, &answer);
        answer
    }

    /// Counts a call, and tells who waits that something was written.
    fn note(&self, operation: &str, answer: &Answer) {
        if let Some(operation) = known(operation) {
            let mut stats = self.stats.lock().unwrap_or_else(PoisonError::into_inner);
            let units = stats.entry(operation).or_default();
            units.requests += 1;
            units.units += consumed(&answer.body);
        }
        if answer.status == 200 && writes(operation) {
            self.written.send_modify(|count| *count += 1);
        }
    }

    /// Changes whenever something was written: pollers wait for it.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    /// Requests and units so far, by operation.
    pub fn stats(&self) -> BTreeMap<String, Units> {
        let stats = self.stats.lock().unwrap_or_else(PoisonError::into_inner);
        stats.iter().map(|(name, units)| ((*name).to_owned(), *units)).collect()
    }

    /// Takes away what the tables' TTL has ended; answers how many items. It gives way to requests after each few.
    pub(crate) async fn sweep(&self) -> anyhow::Result<usize> {
        let Place::Here { database, .. } = self.place.clone() else { return Ok(0) };
        let swept = tokio::task::spawn_blocking(move || database.sweep_ttl()).await??;
        if swept > 0 {
            self.written.send_modify(|count| *count += 1);
        }
        Ok(swept)
    }

    /// Takes away records of a stream; answers how many. It gives way to requests after each few.
    pub(crate) async fn trim(&self, trim: Trim) -> anyhow::Result<usize> {
        let Place::Here { work, .. } = &self.place else { return Ok(0) };
        let mut all = 0;
        loop {
            let (answer, answered) = oneshot::channel();
            work.send(Work::Trim { trim: trim.clone(), answer })?;
            let taken = answered.await??;
            all += taken;
            if taken < TRIM_RECORDS {
                return Ok(all);
            }
        }
    }

    /// Ends the engine behind what waits already, and its file is whole. What is asked after it is answered with 500.
    pub(crate) async fn close(&self) {
        let Place::Here { work, .. } = &self.place else { return };
        let (done, closed) = oneshot::channel();
        if work.send(Work::Close { done }).is_ok() {
            // An error means that the thread has ended already.
            let _ = closed.await;
        }
    }
}

/// A connection of ours beside the engine's: for the index and for trimming, of which the engine has neither.
fn keeper(name: &str, durable: bool) -> anyhow::Result<Connection> {
    let keeper = Connection::open(name)?;
    keeper.busy_timeout(std::time::Duration::from_secs(5))?;
    if durable {
        let journal: String = keeper.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        let synchronous: i64 = keeper.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        anyhow::ensure!(
            journal == "wal" && synchronous >= 2,
            "SQLite would not be durable: journal_mode={journal}, synchronous={synchronous}"
        );
    }
    keeper.execute_batch(
        "CREATE INDEX IF NOT EXISTS deskwire_stream_sequence
         ON _stream_records (table_name, CAST(sequence_number AS INTEGER))",
    )?;
    Ok(keeper)
}

struct Thread {
    database: Database,
    keeper: Connection,
}

impl Thread {
    fn serve(self, inbox: &mpsc::Receiver<Work>) {
        while let Ok(work) = inbox.recv() {
            match work {
                // Whoever asked may have gone away; what was done is done.
                Work::Call { operation, body, answer } => drop(answer.send(self.call(&operation, &body))),
                Work::Trim { trim, answer } => drop(answer.send(self.trim(&trim))),
                Work::Close { done } => {
                    // What is durable already becomes one file; where that fails, the next start does it.
                    let _ = self.keeper.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
                    let _ = done.send(());
                    return;
                }
            }
        }
    }

    fn call(&self, operation: &str, body: &[u8]) -> Answer {
        let done = catch_unwind(AssertUnwindSafe(|| run(&self.database, operation, body))).unwrap_or_else(|_| {
            tracing::error!(operation, "the engine panicked");
            broken("the engine panicked")
        });
        let answer = Answer::from(done);
        if answer.status == 200 && matches!(operation, "PutItem" | "TransactWriteItems") {
            crash_points::pass("after-put");
        }
        answer
    }

    fn trim(&self, trim: &Trim) -> rusqlite::Result<usize> {
        let Some(through) = stored_sequence(&trim.through) else { return Ok(0) };
        let mut statement = self.keeper.prepare_cached(
            "DELETE FROM _stream_records WHERE id IN (
               SELECT id FROM _stream_records
               WHERE table_name = ?1 AND CAST(sequence_number AS INTEGER) <= ?2 AND created_at < ?3
               ORDER BY CAST(sequence_number AS INTEGER) LIMIT ?4)",
        )?;
        statement.execute(rusqlite::params![trim.table, through, trim.before, TRIM_RECORDS])
    }
}

/// The engine's own number of a record: its public form is that number behind a one and zeros, 21 digits in all.
pub(crate) fn stored_sequence(public: &str) -> Option<i64> {
    (public.len() == 21).then(|| public.strip_prefix('1')?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    async fn table(engine: &Engine) {
        let table = json!({
            "TableName": "tbl", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        });
        assert_eq!(engine.call("CreateTable", table.to_string()).await.status, 200);
    }

    async fn put(engine: &Engine, key: &str) -> Answer {
        let put = json!({"TableName": "tbl", "Item": {"PK": {"S": key}}, "ReturnConsumedCapacity": "TOTAL"});
        engine.call("PutItem", put.to_string()).await
    }

    async fn records(engine: &Engine) -> Vec<String> {
        let ask = async |operation: &str, body: Value| -> Value {
            serde_json::from_str(&engine.call(operation, body.to_string()).await.body).unwrap()
        };
        let arn = ask("DescribeTable", json!({"TableName": "tbl"})).await["Table"]["LatestStreamArn"].clone();
        let stream = ask("DescribeStream", json!({"StreamArn": arn})).await;
        let shard = &stream["StreamDescription"]["Shards"][0]["ShardId"];
        let from = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        let iterator = ask("GetShardIterator", from).await["ShardIterator"].clone();
        let records = ask("GetRecords", json!({"ShardIterator": iterator})).await;
        let sequence = |record: &Value| record["dynamodb"]["SequenceNumber"].as_str().unwrap().to_owned();
        records["Records"].as_array().unwrap().iter().map(sequence).collect()
    }

    #[tokio::test]
    async fn operations_are_done_counted_and_told() {
        let engine = Engine::open(None).unwrap();
        table(&engine).await;
        let written = engine.written();
        assert_eq!(put(&engine, "a").await.status, 200);
        assert!(written.has_changed().unwrap());
        assert_eq!(engine.stats()["PutItem"], Units { requests: 1, units: 1.0 });
        let strange = engine.call("Dance", "{}").await;
        assert!(strange.status == 400 && strange.body.contains("UnknownOperationException"), "{strange:?}");
        let nonsense = engine.call("PutItem", "[").await;
        assert!(nonsense.status == 400 && nonsense.body.contains("SerializationException"), "{nonsense:?}");
        engine.close().await;
        assert_eq!(put(&engine, "b").await.status, 500);
    }

    #[tokio::test]
    async fn the_file_is_durable_and_the_stream_is_searched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.sqlite");
        let engine = Engine::open(Some(&path)).unwrap();
        table(&engine).await;
        put(&engine, "a").await;
        let plan: String = Connection::open(&path)
            .unwrap()
            .query_row(
                "EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
                 FROM _stream_records WHERE table_name = 'tbl'",
                [],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains("deskwire_stream_sequence"), "{plan}");
        engine.close().await;
    }

    #[tokio::test]
    async fn only_records_that_are_old_and_done_with_are_taken_away() {
        let engine = Engine::open(None).unwrap();
        table(&engine).await;
        for key in 0..450 {
            put(&engine, &key.to_string()).await;
        }
        let all = records(&engine).await;
        let trim = |through: &str, before| Trim { table: "tbl".into(), through: through.into(), before };
        assert_eq!(engine.trim(trim(&all[420], 0)).await.unwrap(), 0, "none is old");
        assert_eq!(engine.trim(trim("nonsense", i64::MAX)).await.unwrap(), 0);
        assert_eq!(engine.trim(trim(&all[420], i64::MAX)).await.unwrap(), 421);
        assert_eq!(records(&engine).await, all[421..]);
        put(&engine, "next").await;
        assert!(records(&engine).await.last() > all.last(), "numbers go on behind the last");
    }
}
