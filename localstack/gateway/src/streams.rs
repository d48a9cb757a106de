//! A table's stream → a function: batches in order, a durable checkpoint, bisection around what fails, and a parking
//! place for a poison record.
//!
//! There is no batching window: while one batch is under way the next one gathers by itself.

use std::time::Duration;

use deskwire_sqs::QueueService;
use serde_json::{Value, json};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    checkpoint::Checkpoint,
    crash_points,
    engine::{Engine, Trim},
    event_source::invoke,
    functions::Invoker,
};

/// Records of one batch (event source mappings for streams: up to 10,000). Large, because a function that gathers does
/// the more at once the further it is behind.
const BATCH: usize = 1_000;
/// Tries of a record on its own before it is parked.
const TRIES: u32 = 5;
/// The pause before what failed is tried again, doubled each time; with five tries about 8 seconds for a record alone.
const PAUSE: Duration = Duration::from_millis(500);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(16);
/// How long nothing may be heard of a write before the stream is looked at anyway.
const LOOK: Duration = Duration::from_secs(5);
/// How often records that are old and done with are taken away.
const TRIM_EVERY: Duration = Duration::from_secs(600);
/// Records are kept 24 hours (DynamoDB Streams), and as long as they are not done with.
const KEPT_SECONDS: i64 = 86_400;

/// The mapping of one table's stream.
pub(crate) struct Mapping {
    pub engine: Engine,
    pub table: String,
    /// Only records whose sort key begins so: the mapping's filter criteria. None: all records.
    pub prefixes: Vec<String>,
    pub function: Invoker,
    /// The queues, and the one where poison records are parked.
    pub parked: (QueueService, String),
    pub checkpoint: Checkpoint,
    pub stop: CancellationToken,
}

/// A mapping was told to stop in the middle of a batch.
struct Stopped;

impl Mapping {
    /// Runs until it is told to stop.
    pub(crate) async fn run(self) {
        let mut position = self.checkpoint.read();
        let mut written = self.engine.written();
        let mut iterator = None;
        let mut trim_at = Instant::now();
        while !self.stop.is_cancelled() {
            if Instant::now() >= trim_at {
                trim_at += TRIM_EVERY;
                self.trim(position.as_deref()).await;
            }
            written.borrow_and_update();
            let records = self.read(position.as_deref(), &mut iterator).await.unwrap_or_else(|error| {
                tracing::error!(error, "a table's stream cannot be read");
                vec![]
            });
            if records.is_empty() {
                tokio::select! {
                    _ = written.changed() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    () = self.stop.cancelled() => return,
                }
                continue;
            }
            let last = records.last().map(sequence);
            if self.deliver(records).await.is_err() {
                return;
            }
            position = last;
            self.note(position.as_deref()).await;
        }
    }

    async fn call(&self, operation: &str, body: &Value) -> Result<Value, String> {
        let answer = self.engine.call(operation, body.to_string()).await;
        if answer.status != 200 {
            return Err(format!("{operation}: {}", answer.body));
        }
        serde_json::from_str(&answer.body).map_err(|error| error.to_string())
    }

    /// An iterator that begins behind `after`, or at the oldest record.
    async fn iterator(&self, after: Option<&str>) -> Result<Value, String> {
        let table = self.call("DescribeTable", &json!({"TableName": self.table})).await?;
        let arn = table.pointer("/Table/LatestStreamArn").cloned().ok_or("the table has no stream")?;
        let stream = self.call("DescribeStream", &json!({"StreamArn": arn})).await?;
        let shard = stream.pointer("/StreamDescription/Shards/0/ShardId").cloned().ok_or("the stream has no shard")?;
        let mut asked = json!({"StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
        if let Some(after) = after {
            asked["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
            asked["SequenceNumber"] = after.into();
        }
        Ok(self.call("GetShardIterator", &asked).await?["ShardIterator"].take())
    }

    /// The next records; `iterator` moves on behind them, and is made anew where it is lost.
    async fn read(&self, after: Option<&str>, iterator: &mut Option<Value>) -> Result<Vec<Value>, String> {
        let current = match iterator.take() {
            Some(current) => current,
            None => self.iterator(after).await?,
        };
        let mut answer = self.call("GetRecords", &json!({"ShardIterator": current, "Limit": BATCH})).await?;
        *iterator = answer.get_mut("NextShardIterator").map(Value::take).filter(Value::is_string);
        let Some(Value::Array(mut records)) = answer.get_mut("Records").map(Value::take) else { return Ok(vec![]) };
        let arn = format!("arn:aws:dynamodb:us-east-1:000000000000:table/{}/stream/local", self.table);
        for record in &mut records {
            record["awsRegion"] = "us-east-1".into();
            record["eventSourceARN"] = arn.as_str().into();
        }
        Ok(records)
    }

    /// Delivers a batch, or as much of it as can be, in order: around a failure it is cut in halves until the poison
    /// record stands alone, which is then parked. Each part that is done is noted.
    async fn deliver(&self, records: Vec<Value>) -> Result<(), Stopped> {
        let mut left: Vec<Value> = records.into_iter().filter(|record| self.wanted(record)).collect();
        let (mut size, mut tries) = (left.len(), 0);
        while !left.is_empty() {
            if self.stop.is_cancelled() {
                return Err(Stopped);
            }
            let batch = &left[..size.clamp(1, left.len())];
            let (done, failed) = self.hand_over(batch).await;
            if done > 0 {
                let last = sequence(&left[done - 1]);
                left.drain(..done);
                (size, tries) = (left.len(), 0);
                self.note_part(&last, left.is_empty()).await;
            }
            if !failed {
                continue;
            }
            tries += 1;
            if size > 1 {
                size = size.div_ceil(2);
                // A record on its own has all its tries.
                tries = if size == 1 { 0 } else { tries };
            } else if tries >= TRIES {
                self.park(&left[0]).await?;
                left.remove(0);
                (size, tries) = (left.len(), 0);
                continue;
            }
            self.pause(PAUSE.saturating_mul(2u32.saturating_pow(tries.saturating_sub(1)))).await?;
        }
        Ok(())
    }

    /// Invokes with a batch; answers how many records at its head are done, and whether one failed.
    async fn hand_over(&self, batch: &[Value]) -> (usize, bool) {
        let ids: Vec<String> = batch.iter().map(sequence).collect();
        match invoke(&self.function, &json!({"Records": batch}), &ids).await {
            Ok(failed) => {
                let first = ids.iter().position(|id| failed.contains(id));
                (first.unwrap_or(batch.len()), first.is_some())
            }
            Err(error) => {
                tracing::error!(error, records = batch.len(), "a batch of the stream failed");
                (0, true)
            }
        }
    }

    async fn pause(&self, pause: Duration) -> Result<(), Stopped> {
        tokio::select! {
            () = tokio::time::sleep(pause.min(LONGEST_PAUSE)) => Ok(()),
            () = self.stop.cancelled() => Err(Stopped),
        }
    }

    fn wanted(&self, record: &Value) -> bool {
        let key = record.pointer("/dynamodb/Keys/SK/S").and_then(Value::as_str).unwrap_or_default();
        self.prefixes.is_empty() || self.prefixes.iter().any(|prefix| key.starts_with(prefix))
    }

    /// Parks what a mapping's on-failure destination gets: where the record is, not what it says. The stream waits
    /// until it is parked, for a record that is neither done nor parked would be lost.
    async fn park(&self, record: &Value) -> Result<(), Stopped> {
        let (queues, queue) = &self.parked;
        let keys = record.pointer("/dynamodb/Keys").cloned().unwrap_or_default();
        let parked = json!({"table": self.table, "sequenceNumber": sequence(record), "eventName": record["eventName"], "keys": keys});
        let body = json!({"QueueUrl": queues.url(queue), "MessageBody": parked.to_string()}).to_string();
        loop {
            let reply = queues.call("SendMessage", body.as_bytes()).await;
            if reply.status == 200 {
                tracing::error!(sequence = sequence(record), queue, "a record of the stream is parked");
                return Ok(());
            }
            tracing::error!(status = reply.status, queue, "a record of the stream cannot be parked");
            self.pause(LONGEST_PAUSE).await?;
        }
    }

    /// Notes a part of a batch; its end is noted with the batch.
    async fn note_part(&self, position: &str, is_last: bool) {
        if !is_last {
            self.note(Some(position)).await;
        }
    }

    async fn note(&self, position: Option<&str>) {
        let Some(position) = position else { return };
        crash_points::pass("before-stream-checkpoint");
        if let Err(error) = self.checkpoint.write(position).await {
            tracing::error!(%error, "the stream's checkpoint cannot be written");
        }
    }

    /// Takes away records that nobody needs any more: the engine never does.
    async fn trim(&self, position: Option<&str>) {
        let Some(position) = position else { return };
        let before = jiff::Timestamp::now().as_second() - KEPT_SECONDS;
        let trim = Trim { table: self.table.clone(), through: position.to_owned(), before };
        if let Err(error) = self.engine.trim(trim).await {
            tracing::warn!(%error, "old records of the stream could not be taken away");
        }
    }
}

fn sequence(record: &Value) -> String {
    record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default().to_owned()
}
