//! The actions on queues, and which function answers which.

use rusqlite::OptionalExtension;
use serde_json::{Value, json};

use crate::{Object, attributes, error::SqsError, messages, worker::Context};

/// A queue.
pub(crate) struct Queue {
    pub name: String,
    pub attributes: Object,
}

pub(crate) fn run(cx: &Context<'_>, action: &str, body: &Value) -> Result<Value, SqsError> {
    match action {
        "CreateQueue" => create(cx, body),
        "GetQueueUrl" => {
            let name = body["QueueName"].as_str().unwrap_or_default();
            find(cx, name).map(|queue| json!({"QueueUrl": cx.config.url(&queue.name)}))
        }
        "ListQueues" => list(cx, body),
        "DeleteQueue" => delete(cx, &queue(cx, body)?),
        "PurgeQueue" => {
            cx.db.execute("DELETE FROM messages WHERE queue = ?1", [&queue(cx, body)?.name])?;
            Ok(json!({}))
        }
        "GetQueueAttributes" => get_attributes(cx, body),
        "SetQueueAttributes" => set_attributes(cx, body),
        "TagQueue" | "UntagQueue" | "ListQueueTags" => tags(cx, action, body),
        "ListDeadLetterSourceQueues" => sources(cx, body),
        "SendMessage" => messages::send(cx, &queue(cx, body)?, body),
        "ReceiveMessage" => messages::receive(cx, &queue(cx, body)?, body),
        "DeleteMessage" => messages::delete(cx, &queue(cx, body)?, body),
        "ChangeMessageVisibility" => messages::change_visibility(cx, &queue(cx, body)?, body),
        "SendMessageBatch" => batch(cx, body, messages::send),
        "DeleteMessageBatch" => batch(cx, body, messages::delete),
        "ChangeMessageVisibilityBatch" => batch(cx, body, messages::change_visibility),
        "\u{0}Wait" => Ok(json!(attributes::number(&queue(cx, body)?.attributes, "ReceiveMessageWaitTimeSeconds"))),
        _ => Err(SqsError::new("UnsupportedOperation", format!("{action} is not offered here."))),
    }
}

/// The queue that a request's URL names: by its last part, since clients reach us by many host names.
fn queue(cx: &Context<'_>, body: &Value) -> Result<Queue, SqsError> {
    let url = body["QueueUrl"]
        .as_str()
        .ok_or_else(|| SqsError::new("MissingParameter", "The request must contain the parameter QueueUrl."))?;
    find(cx, url.rsplit('/').next().unwrap_or_default())
}

fn find(cx: &Context<'_>, name: &str) -> Result<Queue, SqsError> {
    let mut statement = cx.db.prepare_cached("SELECT attributes FROM queues WHERE name = ?1")?;
    let found: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
    let attributes = found.ok_or_else(SqsError::no_queue)?;
    Ok(Queue { name: name.to_owned(), attributes: serde_json::from_str(&attributes).unwrap_or_default() })
}

fn create(cx: &Context<'_>, body: &Value) -> Result<Value, SqsError> {
    let name = body["QueueName"].as_str().unwrap_or_default();
    let wanted = body["Attributes"].as_object().cloned().unwrap_or_default();
    let fifo = attributes::is_fifo(&wanted);
    let stem = name.strip_suffix(".fifo").unwrap_or(name);
    let well_formed = !stem.is_empty()
        && name.len() <= 80
        && stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if !well_formed || fifo != name.ends_with(".fifo") {
        return Err(SqsError::parameter(
            "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length; FIFO queues end in .fifo",
        ));
    }
    attributes::check(&wanted)?;
    match find(cx, name) {
        Ok(existing)
            if wanted.iter().any(|(key, value)| attributes::shown(&existing.attributes).get(key) != Some(value)) =>
        {
            return Err(SqsError::new(
                "QueueNameExists",
                "A queue already exists with the same name and a different value for an attribute.",
            ));
        }
        Ok(_) => {}
        Err(_) => {
            let tags = body["tags"].as_object().cloned().unwrap_or_default();
            cx.db.execute(
                "INSERT INTO queues (name, attributes, tags, created) VALUES (?1, ?2, ?3, ?4)",
                (name, Value::Object(wanted).to_string(), Value::Object(tags).to_string(), cx.now / 1000),
            )?;
        }
    }
    Ok(json!({"QueueUrl": cx.config.url(name)}))
}

fn list(cx: &Context<'_>, body: &Value) -> Result<Value, SqsError> {
    let prefix = body["QueueNamePrefix"].as_str().unwrap_or_default();
    let mut statement = cx.db.prepare_cached("SELECT name FROM queues ORDER BY name")?;
    let names: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let urls: Vec<_> = names.iter().filter(|name| name.starts_with(prefix)).map(|name| cx.config.url(name)).collect();
    Ok(if urls.is_empty() { json!({}) } else { json!({"QueueUrls": urls}) })
}

fn delete(cx: &Context<'_>, queue: &Queue) -> Result<Value, SqsError> {
    for statement in [
        "DELETE FROM queues WHERE name = ?1",
        "DELETE FROM messages WHERE queue = ?1",
        "DELETE FROM sent_ids WHERE queue = ?1",
    ] {
        cx.db.execute(statement, [&queue.name])?;
    }
    Ok(json!({}))
}

fn get_attributes(cx: &Context<'_>, body: &Value) -> Result<Value, SqsError> {
    let queue = queue(cx, body)?;
    let mut all = attributes::shown(&queue.attributes);
    let count = |condition: &str| -> Result<String, SqsError> {
        let sql = format!("SELECT COUNT(*) FROM messages WHERE queue = ?1 AND {condition}");
        let count: i64 = cx.db.prepare_cached(&sql)?.query_row((&queue.name, cx.now), |row| row.get(0))?;
        Ok(count.to_string())
    };
    all.insert("QueueArn".into(), json!(cx.config.arn(&queue.name)));
    all.insert("ApproximateNumberOfMessages".into(), json!(count("visible <= ?2")?));
    all.insert("ApproximateNumberOfMessagesNotVisible".into(), json!(count("visible > ?2 AND receipt IS NOT NULL")?));
    all.insert("ApproximateNumberOfMessagesDelayed".into(), json!(count("visible > ?2 AND receipt IS NULL")?));
    let created: i64 = cx
        .db
        .prepare_cached("SELECT created FROM queues WHERE name = ?1")?
        .query_row([&queue.name], |row| row.get(0))?;
    all.insert("CreatedTimestamp".into(), json!(created.to_string()));
    let names: Vec<_> = body["AttributeNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !names.contains(&"All") {
        all.retain(|name, _| names.contains(&name.as_str()));
    }
    Ok(json!({"Attributes": all}))
}

fn set_attributes(cx: &Context<'_>, body: &Value) -> Result<Value, SqsError> {
    let mut queue = queue(cx, body)?;
    let wanted = body["Attributes"].as_object().cloned().unwrap_or_default();
    attributes::check(&wanted)?;
    if wanted.contains_key("FifoQueue") {
        return Err(SqsError::new(
            "InvalidAttributeName",
            "You can specify the FifoQueue attribute only when you create a queue.",
        ));
    }
    queue.attributes.extend(wanted);
    let text = Value::Object(queue.attributes).to_string();
    cx.db.execute("UPDATE queues SET attributes = ?2 WHERE name = ?1", (&queue.name, text))?;
    Ok(json!({}))
}

fn tags(cx: &Context<'_>, action: &str, body: &Value) -> Result<Value, SqsError> {
    let queue = queue(cx, body)?;
    let text: String = cx.db.query_row("SELECT tags FROM queues WHERE name = ?1", [&queue.name], |row| row.get(0))?;
    let mut tags: Object = serde_json::from_str(&text).unwrap_or_default();
    match action {
        "TagQueue" => tags.extend(body["Tags"].as_object().cloned().unwrap_or_default()),
        "UntagQueue" => tags.retain(|key, _| !body["TagKeys"].as_array().into_iter().flatten().any(|gone| gone == key)),
        _ => return Ok(if tags.is_empty() { json!({}) } else { json!({"Tags": tags}) }),
    }
    cx.db.execute("UPDATE queues SET tags = ?2 WHERE name = ?1", (&queue.name, Value::Object(tags).to_string()))?;
    Ok(json!({}))
}

fn sources(cx: &Context<'_>, body: &Value) -> Result<Value, SqsError> {
    let target = queue(cx, body)?;
    let mut statement = cx.db.prepare_cached("SELECT name, attributes FROM queues ORDER BY name")?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let mut urls = vec![];
    for row in rows {
        let (name, text) = row?;
        let attributes: Object = serde_json::from_str(&text).unwrap_or_default();
        if attributes::redrive(&attributes).is_some_and(|(dead, _)| dead == target.name) {
            urls.push(cx.config.url(&name));
        }
    }
    Ok(json!({"queueUrls": urls}))
}

type One = fn(&Context<'_>, &Queue, &Value) -> Result<Value, SqsError>;

/// Does each entry of a batch on its own, and answers which could not be done.
fn batch(cx: &Context<'_>, body: &Value, one: One) -> Result<Value, SqsError> {
    /// SQS takes 10 entries a batch.
    const ENTRIES: usize = 10;
    let queue = queue(cx, body)?;
    let entries = body["Entries"].as_array().cloned().unwrap_or_default();
    let id = |entry: &Value| entry["Id"].as_str().unwrap_or_default().to_owned();
    if entries.is_empty() {
        return Err(SqsError::new("EmptyBatchRequest", "There should be at least one entry in the request."));
    }
    if entries.len() > ENTRIES {
        return Err(SqsError::new(
            "TooManyEntriesInBatchRequest",
            format!("Maximum number of entries per request are {ENTRIES}."),
        ));
    }
    let mut ids: Vec<_> = entries.iter().map(id).collect();
    ids.sort();
    ids.dedup();
    if ids.len() != entries.len() {
        return Err(SqsError::new(
            "BatchEntryIdsNotDistinct",
            "Two or more batch entries in the request have the same Id.",
        ));
    }
    let bytes: usize = entries.iter().filter_map(|entry| entry["MessageBody"].as_str()).map(str::len).sum();
    if bytes > attributes::MESSAGE_BYTES {
        return Err(SqsError::new("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes."));
    }
    let (mut successful, mut failed) = (vec![], vec![]);
    for entry in &entries {
        cx.db.execute_batch("SAVEPOINT entry")?;
        match one(cx, &queue, entry) {
            Ok(mut answer) => {
                cx.db.execute_batch("RELEASE entry")?;
                answer["Id"] = json!(id(entry));
                successful.push(answer);
            }
            Err(error) => {
                cx.db.execute_batch("ROLLBACK TO entry; RELEASE entry")?;
                failed
                    .push(json!({"Id": id(entry), "Code": error.code, "Message": error.message, "SenderFault": true}));
            }
        }
    }
    Ok(json!({"Successful": successful, "Failed": failed}))
}
