//! What survives, and what it costs.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use deskwire_sqs::{QueueConfig, QueueService};
use futures::future::join_all;
use serde_json::{Value, json};

use crate::bench::Service;

/// Tells the process below which file to use.
const FILE: &str = "DESKWIRE_SQS_TEST_FILE";

async fn bodies(service: &Service, queue: &str) -> Vec<u32> {
    let answer = service.ok("ReceiveMessage", json!({"QueueUrl": queue, "MaxNumberOfMessages": 10})).await;
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    messages.iter().map(|message| message["Body"].as_str().unwrap().parse().unwrap()).collect()
}

async fn all_bodies(service: &Service, queue: &str) -> Vec<u32> {
    let mut seen = vec![];
    while let more @ [_, ..] = &bodies(service, queue).await[..] {
        seen.extend(more);
    }
    seen.sort_unstable();
    seen
}

fn send(n: u32) -> Value {
    json!({"QueueUrl": "q", "MessageBody": n.to_string()})
}

#[tokio::test]
async fn what_was_answered_survives_and_what_was_in_flight_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queues.sqlite");
    {
        let service = Service::new(Some(&path));
        let tags = json!({"team": "a"});
        let attributes = json!({"VisibilityTimeout": "600"});
        service.ok("CreateQueue", json!({"QueueName": "q", "Attributes": attributes, "tags": tags})).await;
        join_all((0..100).map(|n| service.ok("SendMessage", send(n)))).await;
        assert_eq!(bodies(&service, "q").await.len(), 10);
        let one = service.ok("ReceiveMessage", json!({"QueueUrl": "q"})).await;
        let receipt = &one["Messages"][0]["ReceiptHandle"];
        service.ok("DeleteMessage", json!({"QueueUrl": "q", "ReceiptHandle": receipt})).await;
    }
    let service = Service::new(Some(&path));
    assert_eq!(all_bodies(&service, "q").await.len(), 99, "all but the deleted one");
    assert_eq!(service.ok("ListQueueTags", json!({"QueueUrl": "q"})).await["Tags"]["team"], "a");
}

#[tokio::test]
async fn groups_and_deduplication_survive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queues.sqlite");
    let send = |n: u32| json!({"QueueUrl": "q.fifo", "MessageBody": n.to_string(), "MessageGroupId": "g", "MessageDeduplicationId": n.to_string()});
    let first = {
        let service = Service::new(Some(&path));
        service.ok("CreateQueue", json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})).await;
        let first = service.ok("SendMessage", send(1)).await;
        service.ok("SendMessage", send(2)).await;
        service.ok("ReceiveMessage", json!({"QueueUrl": "q.fifo"})).await;
        first
    };
    let service = Service::new(Some(&path));
    let again = service.ok("SendMessage", send(1)).await;
    assert_eq!((&again["MessageId"], &again["SequenceNumber"]), (&first["MessageId"], &first["SequenceNumber"]));
    assert_eq!(bodies(&service, "q.fifo").await, [1, 2]);
    service.ok("SendMessage", send(3)).await;
    assert!(bodies(&service, "q.fifo").await.is_empty(), "the group is in flight again");
}

/// Sends until it is killed, and says what was answered.
#[tokio::test]
#[ignore = "a process that the next test starts and kills"]
async fn a_process_that_only_sends() {
    let path = std::env::var(FILE).unwrap();
    let service = Service::new(Some(Path::new(&path)));
    service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    for round in 0.. {
        let numbers = || (0..5).map(|n| round * 5 + n);
        join_all(numbers().map(|n| service.ok("SendMessage", send(n)))).await;
        for n in numbers() {
            println!("\nanswered {n}");
        }
    }
}

#[tokio::test]
async fn no_answered_message_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queues.sqlite");
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["durability::a_process_that_only_sends", "--exact", "--ignored", "--nocapture"])
        .env(FILE, &path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut answered: Vec<u32> =
        lines.filter_map(|line| line.strip_prefix("answered ")?.parse().ok()).take(100).collect();
    process.kill().unwrap();
    process.wait().unwrap();
    answered.sort_unstable();
    let service = Service::new(Some(&path));
    let stored = all_bodies(&service, "q").await;
    assert_eq!(answered.len(), 100);
    assert!(answered.iter().all(|n| stored.binary_search(n).is_ok()), "{answered:?} in {stored:?}");
}

#[tokio::test]
async fn concurrent_sends_share_a_commit() {
    let folder = tempfile::tempdir().unwrap();
    let log_bytes = |name: &str| folder.path().join(format!("{name}-wal")).metadata().unwrap().len();
    let service = |name: &str| Service::new(Some(&folder.path().join(name)));
    let (together, apart) = (service("together"), service("apart"));
    for service in [&together, &apart] {
        service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    }
    join_all((0..100).map(|n| together.ok("SendMessage", send(n)))).await;
    for n in 0..100 {
        apart.ok("SendMessage", send(n)).await;
    }
    // Each commit appends the pages that it changed to the log, so the log's length tells how many there were.
    let (together, apart) = (log_bytes("together"), log_bytes("apart"));
    assert!(together * 3 < apart, "{together} bytes logged together, {apart} apart");
}

#[tokio::test]
async fn a_second_owner_of_the_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queues.sqlite");
    let first = Service::new(Some(&path));
    let config = QueueConfig { base_url: "http://x".into(), region: "r".into(), account_id: "000000000000".into() };
    let second = QueueService::open(&path, config);
    assert!(second.is_err());
    first.ok("CreateQueue", json!({"QueueName": "q"})).await;
}
