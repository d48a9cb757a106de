use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::stage::{Stage, answers};

const QUEUE: &str = "deskwire-assign.fifo";

async fn call(stage: &Stage, action: &str, mut body: Value, queue: &str) -> Value {
    body["QueueUrl"] = stage.gateway.queues().url(queue).into();
    let reply = stage.gateway.queues().call(action, body.to_string().as_bytes()).await;
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

async fn send(stage: &Stage, body: &str) {
    let message = json!({"MessageBody": body, "MessageGroupId": "g", "MessageDeduplicationId": body});
    call(stage, "SendMessage", message, QUEUE).await;
}

#[tokio::test]
async fn a_batch_may_fail_in_part_and_only_that_part_comes_again() {
    let failed_once = Arc::new(Mutex::new(false));
    let stage = Stage::new(vec![(
        "assign",
        answers(move |event| {
            let records = event["Records"].as_array().cloned().unwrap_or_default();
            let bad = records.iter().find(|record| record["body"] == "bad");
            let mut failed = failed_once.try_lock().map_err(|error| error.to_string())?;
            match bad {
                Some(bad) if !*failed => {
                    *failed = true;
                    Ok(json!({"batchItemFailures": [{"itemIdentifier": bad["messageId"]}]}))
                }
                _ => Ok(json!({"batchItemFailures": []})),
            }
        }),
    )])
    .await;
    send(&stage, "bad").await;
    let first = stage.event("assign").await;
    let again = stage.event("assign").await;
    assert_eq!(first["Records"][0]["messageId"], again["Records"][0]["messageId"]);
    assert_eq!(again["Records"][0]["attributes"]["ApproximateReceiveCount"], json!("2"));
    assert_eq!(again["Records"][0]["attributes"]["MessageGroupId"], json!("g"));
    assert_eq!(again["Records"][0]["eventSource"], json!("aws:sqs"));
    // What comes behind it is given out only once it is done.
    send(&stage, "good").await;
    assert_eq!(stage.event("assign").await["Records"][0]["body"], json!("good"));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn what_always_fails_ends_as_a_dead_letter() {
    let stage = Stage::new(vec![("assign", answers(|_| Err("always".into())))]).await;
    let attributes = call(&stage, "GetQueueAttributes", json!({"AttributeNames": ["RedrivePolicy"]}), QUEUE).await;
    let policy: Value = serde_json::from_str(attributes["Attributes"]["RedrivePolicy"].as_str().unwrap()).unwrap();
    assert_eq!(policy["deadLetterTargetArn"], json!("arn:aws:sqs:us-east-1:000000000000:deskwire-assign-dead.fifo"));
    // Sooner than the real policy has it: the pauses between its tries add up to a minute.
    let sooner = json!({"deadLetterTargetArn": policy["deadLetterTargetArn"], "maxReceiveCount": 1}).to_string();
    call(&stage, "SetQueueAttributes", json!({"Attributes": {"RedrivePolicy": sooner}}), QUEUE).await;
    send(&stage, "poison").await;
    let dead = call(&stage, "ReceiveMessage", json!({"WaitTimeSeconds": 20}), "deskwire-assign-dead.fifo").await;
    assert_eq!(dead["Messages"][0]["Body"], json!("poison"));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn the_schedule_fires() {
    let stage = Stage::new(vec![]).await;
    let event = stage.event("sweep").await;
    assert_eq!((&event["source"], &event["detail-type"]), (&json!("aws.events"), &json!("Scheduled Event")));
    stage.gateway.stop().await;
}
