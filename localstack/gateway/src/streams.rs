//! The table's stream → `relay`: batches in order, a durable checkpoint, bisection around what fails, and a parking
//! place for a poison record.

use std::{path::PathBuf, sync::Arc, time::Duration};

use deskwire_sqs::QueueService;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::{crash_points, engine::Engine, event_source::invoke, functions::Function};

/// Records of one batch (event source mappings for streams: up to 10,000). Large, because `relay` projects a
/// conversation once a batch: the further it is behind, the more it does at once.
const BATCH: usize = 1_000;
/// Tries of a record before it is parked: with the pauses below about 20 seconds.
const TRIES: u32 = 5;
/// The pause before a failed batch is tried again, doubled each time.
const PAUSE: Duration = Duration::from_millis(250);
/// How long nothing may be heard of a write before the stream is looked at anyway.
const LOOK: Duration = Duration::from_secs(5);
/// Records after which those that are done with are taken away. DynamoDB keeps them 24 hours; the embedded engine looks
/// through all of them at every write for the next sequence number, so here they must stay few.
const TRIM_AFTER: usize = 500;

/// The mapping of one table's stream.
pub(crate) struct Mapping {
    pub engine: Engine,
    pub table: String,
    /// Only records whose sort key begins so: the mapping's filter criteria.
    pub prefixes: &'static [&'static str],
    pub function: Arc<dyn Function>,
    pub parked: (QueueService, String),
    /// Where the checkpoint lies, and the engine's file; none in memory.
    pub files: Option<(PathBuf, PathBuf)>,
}

impl Mapping {
    /// Runs until it is told to stop, and stops between two batches.
    #[expect(clippy::cognitive_complexity, reason = "one loop: read, wait, deliver, note")]
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut position = self.files.as_ref().and_then(|(checkpoint, _)| std::fs::read_to_string(checkpoint).ok());
        let mut written = self.engine.written();
        let mut untrimmed = 0;
        let mut iterator = None;
        while !stop.is_cancelled() {
            written.borrow_and_update();
            let records = match self.read(position.as_deref(), &mut iterator).await {
                Ok(records) => records,
                Err(error) => {
                    tracing::error!(error, "the table's stream cannot be read");
                    vec![]
                }
            };
            if records.is_empty() {
                tokio::select! {
                    _ = written.changed() => {}
                    () = tokio::time::sleep(LOOK) => {}
                    () = stop.cancelled() => return,
                }
                continue;
            }
            position = records.last().map(sequence);
            let (count, begun) = (records.len(), std::time::Instant::now());
            self.deliver(records, &stop).await;
            tracing::debug!(count, millis = begun.elapsed().as_millis(), "a batch of the stream is done");
            if stop.is_cancelled() {
                return;
            }
            crash_points::pass("before-stream-checkpoint");
            self.checkpoint(position.as_deref());
            untrimmed += count;
            if untrimmed >= TRIM_AFTER {
                untrimmed = 0;
                self.trim(position.as_deref());
            }
        }
    }

    async fn call(&self, operation: &str, body: &Value) -> Result<Value, String> {
        let answer = self.engine.call(operation, body.to_string().into_bytes()).await;
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
        let Some(Value::Array(records)) = answer.get_mut("Records").map(Value::take) else { return Ok(vec![]) };
        Ok(records)
    }

    /// Delivers a batch, or as much of it as can be, in order: around a failure it is cut in halves until the poison
    /// record stands alone, which is then parked.
    async fn deliver(&self, records: Vec<Value>, stop: &CancellationToken) {
        let mut left: Vec<Value> = records.into_iter().filter(|record| self.wanted(record)).collect();
        let (mut size, mut tries) = (left.len(), 0);
        while !left.is_empty() && !stop.is_cancelled() {
            let batch: Vec<Value> = left.iter().take(size.max(1)).cloned().collect();
            let failed = match invoke(&self.function, &json!({"Records": batch})).await {
                Ok(failed) => batch.iter().position(|record| failed.contains(&sequence(record))),
                Err(error) => {
                    tracing::error!(error, "`relay` failed");
                    Some(0)
                }
            };
            let done = failed.unwrap_or(batch.len());
            left.drain(..done);
            if failed.is_none() {
                (size, tries) = (left.len(), 0);
                continue;
            }
            if done > 0 {
                (size, tries) = (left.len(), 0);
            }
            tries += 1;
            if size > 1 {
                size = size.div_ceil(2);
            } else if tries >= TRIES && !left.is_empty() {
                self.park(&left.remove(0)).await;
                (size, tries) = (left.len(), 0);
                continue;
            }
            let pause = PAUSE * 2u32.pow(tries.min(6));
            tokio::select! { () = tokio::time::sleep(pause) => {}, () = stop.cancelled() => {} }
        }
    }

    fn wanted(&self, record: &Value) -> bool {
        let key = record.pointer("/dynamodb/Keys/SK/S").and_then(Value::as_str).unwrap_or_default();
        self.prefixes.iter().any(|prefix| key.starts_with(prefix))
    }

    /// Parks what a mapping's on-failure destination gets: where the record is, not what it says.
    async fn park(&self, record: &Value) {
        let (queues, queue) = &self.parked;
        let keys = record.pointer("/dynamodb/Keys").cloned().unwrap_or_default();
        let parked = json!({"table": self.table, "sequenceNumber": sequence(record), "keys": keys});
        tracing::error!(%parked, "a record of the stream is parked");
        let body = json!({"QueueUrl": queues.url(queue), "MessageBody": parked.to_string()});
        queues.call("SendMessage", body.to_string().as_bytes()).await;
    }

    /// Notes how far it came. A checkpoint that is lost costs nothing but doing a batch again.
    fn checkpoint(&self, position: Option<&str>) {
        let (Some((path, _)), Some(position)) = (&self.files, position) else { return };
        let draft = path.with_extension("part");
        let written = std::fs::write(&draft, position).and_then(|()| std::fs::rename(&draft, path));
        if let Err(error) = written {
            tracing::error!(%error, "the stream's checkpoint cannot be written");
        }
    }

    /// Takes away the records before this one, which are done with and noted as such.
    fn trim(&self, position: Option<&str>) {
        // The public form of a sequence number is the engine's own number behind a one and zeros, 21 digits in all.
        let number = position.and_then(|text| text.strip_prefix('1')?.parse::<i64>().ok());
        let (Some((_, engine)), Some(number)) = (&self.files, number) else { return };
        let trimmed = rusqlite::Connection::open(engine).and_then(|db| {
            db.busy_timeout(Duration::from_secs(5))?;
            db.execute("DELETE FROM _stream_records WHERE CAST(sequence_number AS INTEGER) < ?1", [number])
        });
        if let Err(error) = trimmed {
            tracing::warn!(%error, "records of the stream that are done with could not be taken away");
        }
    }
}

fn sequence(record: &Value) -> String {
    record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default().to_owned()
}
