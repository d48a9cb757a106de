use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use deskwire_gateway::Data;
use serde_json::{Value, json};

use crate::stage::{Behaviour, DEADLINE, Stage, answers};

type Seen = Arc<Mutex<Vec<String>>>;

fn key(record: &Value) -> String {
    record["dynamodb"]["Keys"]["PK"]["S"].as_str().unwrap_or_default().to_owned()
}

/// A function that notes what is done, and fails whole batches that have a poisonous record.
fn relay(seen: &Seen, poisonous: impl Fn(&str) -> bool + Send + Sync + 'static) -> Behaviour {
    let seen = Arc::clone(seen);
    answers(move |event| {
        let keys: Vec<String> = event["Records"].as_array().into_iter().flatten().map(key).collect();
        if keys.iter().any(|key| poisonous(key)) {
            return Err("poison".into());
        }
        seen.lock().unwrap().extend(keys);
        Ok(json!({"batchItemFailures": []}))
    })
}

/// Puts an item whose sort key the mapping's filter lets through.
async fn put(stage: &Stage, key: &str) {
    let item = json!({"PK": {"S": key}, "SK": {"S": "E#0000000001"}, "doc": {"S": "{}"}});
    let put = json!({"TableName": "deskwire", "Item": item}).to_string();
    let answer = stage.gateway.engine().call("PutItem", put).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
}

async fn until(what: &str, done: impl Fn() -> bool) {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    while !done() {
        assert!(tokio::time::Instant::now() < deadline, "{what} does not come");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_poison_record_is_found_by_halves_and_parked_and_the_others_are_done_in_order() {
    let seen = Seen::default();
    let stage = Stage::new(vec![("relay", relay(&seen, |key| key == "poison"))]).await;
    let keys: Vec<String> = (0..40).map(|n| format!("k{n:02}")).collect();
    for (n, key) in keys.iter().enumerate() {
        if n == 23 {
            put(&stage, "poison").await;
        }
        put(&stage, key).await;
    }
    until("the last record", || seen.lock().unwrap().last().is_some_and(|key| key == "k39")).await;
    assert_eq!(*seen.lock().unwrap(), keys, "each once, in order");
    let queues = stage.gateway.queues();
    let asked = json!({"QueueUrl": queues.url("deskwire-relay-dead"), "WaitTimeSeconds": 5}).to_string();
    let parked: Value = serde_json::from_slice(&queues.call("ReceiveMessage", asked.as_bytes()).await.body).unwrap();
    let body = parked["Messages"][0]["Body"].as_str().unwrap();
    assert!(body.contains("poison") && !body.contains("doc"), "where it is, not what it says: {body}");
    stage.gateway.stop().await;
}

#[tokio::test]
async fn a_fault_that_passes_loses_nothing() {
    let (seen, broken) = (Seen::default(), Arc::new(AtomicBool::new(true)));
    let fault = Arc::clone(&broken);
    let stage = Stage::new(vec![("relay", relay(&seen, move |_| fault.load(Ordering::SeqCst)))]).await;
    put(&stage, "a").await;
    stage.event("relay").await;
    put(&stage, "b").await;
    stage.event("relay").await;
    broken.store(false, Ordering::SeqCst);
    until("both", || *seen.lock().unwrap() == ["a", "b"]).await;
    stage.gateway.stop().await;
}

#[tokio::test]
async fn after_a_restart_it_goes_on_behind_what_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let data = || Data::Disk(folder.path().to_owned());
    let first = Seen::default();
    let stage = Stage::with(vec![("relay", relay(&first, |key| key == "later"))], data(), |_| {}).await;
    put(&stage, "done").await;
    until("the first", || first.lock().unwrap().len() == 1).await;
    put(&stage, "later").await;
    // The first event was of the record that is done; this one failed.
    stage.event("relay").await;
    stage.event("relay").await;
    stage.gateway.stop().await;

    let second = Seen::default();
    let stage = Stage::with(vec![("relay", relay(&second, |_| false))], data(), |_| {}).await;
    until("the second", || !second.lock().unwrap().is_empty()).await;
    assert_eq!(*second.lock().unwrap(), ["later"]);
    stage.gateway.stop().await;
}
