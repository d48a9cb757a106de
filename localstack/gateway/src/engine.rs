//! The embedded DynamoDB engine: `dynoxide`, on SQLite, behind one thread of its own.
//!
//! The engine serialises on a lock and fsyncs inside it, so it never runs on a thread that serves sockets. Its own
//! HTTP server is not used: it would open a port without a signature check.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
};

use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::{oneshot, watch};

use crate::crash_points;

/// An answer of the engine: an HTTP status and DynamoDB's JSON.
#[derive(Debug)]
pub struct Answer {
    /// 200, or why not.
    pub status: u16,
    /// The JSON.
    pub body: String,
}

struct Request {
    operation: String,
    body: Vec<u8>,
    answer: oneshot::Sender<Answer>,
}

/// Requests and units of one operation.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize)]
pub struct Units {
    /// Requests.
    pub requests: u64,
    /// Capacity units, as the engine reports them for requests that ask for them.
    pub units: f64,
}

/// The engine. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    requests: mpsc::Sender<Request>,
    written: watch::Sender<u64>,
    stats: Arc<Mutex<BTreeMap<String, Units>>>,
}

impl Engine {
    /// The engine on a file, or in memory.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub fn open(path: Option<&Path>) -> Result<Self, DynoxideError> {
        let database = match path {
            Some(path) => Database::new(&path.to_string_lossy())?,
            None => Database::memory()?,
        };
        let (requests, inbox) = mpsc::channel();
        let (written, _) = watch::channel(0);
        let engine = Self { requests, written: written.clone(), stats: Arc::default() };
        let stats = Arc::clone(&engine.stats);
        std::thread::Builder::new()
            .name("dynamodb".into())
            .spawn(move || serve(&database, &inbox, &written, &stats))
            .map_err(|error| DynoxideError::InternalServerError(error.to_string()))?;
        Ok(engine)
    }

    /// Does one operation, named as in `x-amz-target` behind the dot.
    pub async fn call(&self, operation: &str, body: Vec<u8>) -> Answer {
        let closed = || Answer { status: 500, body: r#"{"__type":"InternalServerError"}"#.into() };
        let (answer, answered) = oneshot::channel();
        let request = Request { operation: operation.to_owned(), body, answer };
        if self.requests.send(request).is_err() {
            return closed();
        }
        answered.await.unwrap_or_else(|_| closed())
    }

    /// Changes whenever something was written: pollers wait for it.
    pub fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    /// Requests and units so far, by operation.
    pub fn stats(&self) -> BTreeMap<String, Units> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(
    database: &Database,
    inbox: &mpsc::Receiver<Request>,
    written: &watch::Sender<u64>,
    stats: &Mutex<BTreeMap<String, Units>>,
) {
    while let Ok(Request { operation, body, answer }) = inbox.recv() {
        let done = run(database, &operation, &body);
        let result = match done {
            Ok(body) => Answer { status: 200, body },
            Err(error) => Answer { status: error.status_code(), body: error.to_json() },
        };
        let writes = !matches!(
            operation.as_str(),
            "GetItem" | "Query" | "Scan" | "BatchGetItem" | "GetRecords" | "GetShardIterator"
        );
        if writes && result.status == 200 {
            if matches!(operation.as_str(), "PutItem" | "TransactWriteItems") {
                crash_points::pass("after-put");
            }
            written.send_modify(|count| *count += 1);
        }
        count(stats, operation, &result.body);
        // Whoever asked may have gone away; what was done is done.
        let _ = answer.send(result);
    }
}

fn count(stats: &Mutex<BTreeMap<String, Units>>, operation: String, body: &str) {
    let mut stats = stats.lock().unwrap_or_else(PoisonError::into_inner);
    let units = stats.entry(operation).or_default();
    units.requests += 1;
    units.units += consumed(body);
}

/// The units that an answer reports: `"CapacityUnits":1.0` of each table, which stands first in each entry.
fn consumed(body: &str) -> f64 {
    let Some((_, capacity)) = body.split_once("\"ConsumedCapacity\":") else { return 0.0 };
    let number = |text: &str| text.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?.parse::<f64>().ok();
    capacity.split("\"CapacityUnits\":").skip(1).filter_map(number).sum()
}

macro_rules! operations {
    ($database:expr, $operation:expr, $body:expr; $($name:literal => $method:ident,)*) => {
        match $operation {
            $($name => one($body, |request| $database.$method(request)),)*
            _ => Err(DynoxideError::ValidationException(format!("{} is not offered here", $operation))),
        }
    };
}

fn run(database: &Database, operation: &str, body: &[u8]) -> dynoxide::Result<String> {
    operations! { database, operation, body;
        "PutItem" => put_item,
        "GetItem" => get_item,
        "Query" => query,
        "UpdateItem" => update_item,
        "DeleteItem" => delete_item,
        "TransactWriteItems" => transact_write_items,
        "TransactGetItems" => transact_get_items,
        "BatchGetItem" => batch_get_item,
        "BatchWriteItem" => batch_write_item,
        "Scan" => scan,
        "GetRecords" => get_records,
        "GetShardIterator" => get_shard_iterator,
        "DescribeStream" => describe_stream,
        "ListStreams" => list_streams,
        "CreateTable" => create_table,
        "DeleteTable" => delete_table,
        "DescribeTable" => describe_table,
        "UpdateTable" => update_table,
        "ListTables" => list_tables,
        "UpdateTimeToLive" => update_time_to_live,
        "DescribeTimeToLive" => describe_time_to_live,
        "TagResource" => tag_resource,
        "UntagResource" => untag_resource,
        "ListTagsOfResource" => list_tags_of_resource,
        "ExecuteStatement" => execute_statement,
        "ExecuteTransaction" => execute_transaction,
        "BatchExecuteStatement" => batch_execute_statement,
        "DeskwireSweepTtl" => sweep_ttl_of,
    }
}

/// The engine's own sweep, in the shape of an operation.
trait Sweep {
    fn sweep_ttl_of(&self, _: Value) -> dynoxide::Result<usize>;
}

impl Sweep for Database {
    fn sweep_ttl_of(&self, _: Value) -> dynoxide::Result<usize> {
        self.sweep_ttl()
    }
}

fn one<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> dynoxide::Result<A>,
) -> dynoxide::Result<String> {
    let unreadable = |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let answer = operation(serde_json::from_slice(body).map_err(unreadable)?)?;
    serde_json::to_string(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::consumed;

    #[test]
    fn units_are_read_from_the_answer() {
        assert_eq!(consumed(r#"{"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"t"}}"#), 1.5);
        assert_eq!(consumed(r#"{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":4.0}]}"#), 4.0);
        assert_eq!(consumed(r#"{"Item":{"a":{"S":"\"CapacityUnits\":9"}}}"#), 0.0);
    }
}
