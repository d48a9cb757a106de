//! Redrive: dead letters go back to where they came from, or elsewhere. The move is done at once and in one transaction,
//! so a task is complete when it is answered.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rusqlite::OptionalExtension;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Action, dead_letters::sources};
use crate::{
    attributes::name_in_arn,
    fault::{Code, Fault},
    groups,
    limits::MOVE_TASK_RESULTS,
    message::new_id,
    queue::Queue,
    writer::Context,
};

fn no_resource(parameter: &str) -> Fault {
    let message = format!("The resource that you specified for the {parameter} parameter doesn't exist.");
    Fault::new(Code::ResourceNotFound, message)
}

fn find(cx: &Context<'_>, arn: Option<&str>, parameter: &str) -> Result<Queue, Fault> {
    let arn = arn.ok_or_else(|| Fault::missing(parameter))?;
    Queue::find(cx, name_in_arn(arn))?.ok_or_else(|| no_resource(parameter))
}

/// Moves a dead-letter queue's messages.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct StartMessageMoveTask {
    source_arn: Option<String>,
    destination_arn: Option<String>,
}

impl Action for StartMessageMoveTask {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let source = find(cx, self.source_arn.as_deref(), "SourceArn")?;
        if sources(cx, &source.name)?.is_empty() {
            return Err(Fault::parameter("SourceArn", "Source queue must be configured as a Dead Letter Queue."));
        }
        let destination = match self.destination_arn.as_deref() {
            Some(arn) => Some(find(cx, Some(arn), "DestinationArn")?),
            None => None,
        };
        if destination.as_ref().is_some_and(|destination| destination.is_fifo() != source.is_fifo()) {
            return Err(Fault::parameter("DestinationArn", "Both queues must be of the same type."));
        }
        let moved = match &destination {
            Some(destination) => move_from(cx, &source, (&destination.name, None))?,
            None => move_home(cx, &source)?,
        };
        cx.db
            .prepare_cached("INSERT INTO move_tasks (source, destination, moved, started) VALUES (?1, ?2, ?3, ?4)")?
            .execute((&source.name, destination.map(|queue| queue.name), moved, cx.now))?;
        Ok(json!({"TaskHandle": handle(cx.db.last_insert_rowid())}))
    }
}

/// Moves each message to the queue that it came from, where that queue is still there.
fn move_home(cx: &Context<'_>, source: &Queue) -> Result<i64, Fault> {
    let mut statement = cx.db.prepare_cached(
        "SELECT DISTINCT system ->> 'DeadLetterQueueSourceArn' FROM messages
         WHERE queue = ?1 AND visible <= ?2 AND system ->> 'DeadLetterQueueSourceArn' IS NOT NULL",
    )?;
    let arns: Vec<String> = statement.query_map((&source.name, cx.now), |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut moved = 0;
    for arn in arns {
        if Queue::find(cx, name_in_arn(&arn))?.is_some() {
            moved += move_from(cx, source, (name_in_arn(&arn), Some(&arn)))?;
        }
    }
    Ok(moved)
}

/// Moves what is visible, all of it or what came from one queue. In its new queue a message is new, with an id of its
/// own and at the end (SQS: "All redriven messages are considered new messages").
fn move_from(cx: &Context<'_>, source: &Queue, (to, came_from): (&str, Option<&str>)) -> Result<i64, Fault> {
    let mut found = cx.db.prepare_cached(
        "SELECT seq, grp FROM messages
         WHERE queue = ?1 AND visible <= ?2 AND (?3 IS NULL OR system ->> 'DeadLetterQueueSourceArn' = ?3)
         ORDER BY seq",
    )?;
    let rows = found.query_map((&source.name, cx.now, came_from), |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(i64, Option<String>)> = rows.collect::<Result<_, _>>()?;
    let mut copy = cx.db.prepare_cached(
        "INSERT INTO messages (queue, id, body, attributes, system, grp, sent, visible)
         SELECT ?2, ?3, body, attributes, json_remove(system, '$.DeadLetterQueueSourceArn'), grp, ?4, ?4
         FROM messages WHERE seq = ?1",
    )?;
    let mut delete = cx.db.prepare_cached("DELETE FROM messages WHERE seq = ?1")?;
    for (seq, _) in &found {
        copy.execute((seq, to, new_id(), cx.now))?;
        delete.execute([seq])?;
    }
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let moved: Vec<_> = found.into_iter().map(|(_, group)| group).collect();
    groups::settle_all(cx, &source.name, moved.clone())?;
    groups::settle_all(cx, to, moved)?;
    cx.touch(&source.name);
    cx.touch(to);
    Ok(count)
}

fn handle(task: i64) -> String {
    URL_SAFE_NO_PAD.encode(json!({"taskId": task}).to_string())
}

/// Lists the latest moves out of a dead-letter queue.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ListMessageMoveTasks {
    source_arn: Option<String>,
    max_results: Option<i64>,
}

impl Action for ListMessageMoveTasks {
    fn check(&mut self) -> Result<(), Fault> {
        if self.max_results.is_some_and(|most| !MOVE_TASK_RESULTS.contains(&most)) {
            return Err(Fault::parameter("MaxResults", "Must be between 1 and 10, if provided."));
        }
        Ok(())
    }

    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let source = find(cx, self.source_arn.as_deref(), "SourceArn")?;
        let mut statement = cx.db.prepare_cached(
            "SELECT destination, moved, started FROM move_tasks WHERE source = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let results = statement.query_map((&source.name, self.max_results.unwrap_or(1)), |row| {
            let (destination, moved, started): (Option<String>, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let mut result = json!({
                "Status": "COMPLETED", "SourceArn": cx.config.arn(&source.name), "StartedTimestamp": started,
                "ApproximateNumberOfMessagesMoved": moved, "ApproximateNumberOfMessagesToMove": moved,
            });
            if let Some(destination) = destination {
                result["DestinationArn"] = json!(cx.config.arn(&destination));
            }
            Ok(result)
        })?;
        Ok(json!({"Results": results.collect::<Result<Vec<_>, _>>()?}))
    }
}

/// Refuses to cancel: every task is complete once it is answered.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct CancelMessageMoveTask {
    task_handle: Option<String>,
}

impl Action for CancelMessageMoveTask {
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault> {
        let given = self.task_handle.ok_or_else(|| Fault::missing("TaskHandle"))?;
        let task = URL_SAFE_NO_PAD.decode(&given).ok();
        let task: Option<Value> = task.and_then(|json| serde_json::from_slice(&json).ok());
        let id = task.and_then(|task| task.get("taskId")?.as_i64()).ok_or_else(|| no_resource("TaskHandle"))?;
        let mut statement = cx.db.prepare_cached("SELECT 1 FROM move_tasks WHERE id = ?1")?;
        let known: Option<i64> = statement.query_row([id], |row| row.get(0)).optional()?;
        match known {
            None => Err(no_resource("TaskHandle")),
            Some(_) => {
                Err(Fault::new(Code::UnsupportedOperation, "Only active message movement tasks can be cancelled."))
            }
        }
    }
}
