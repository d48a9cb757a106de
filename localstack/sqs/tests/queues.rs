//! The queues by their wire protocol: order, visibility, dead letters, deduplication, and what survives.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use deskwire_sqs::{QueueConfig, QueueService};
use serde_json::{Value, json};

const START: i64 = 1_700_000_000_000;

struct Bench {
    queues: QueueService,
    now: Arc<AtomicI64>,
}

impl Bench {
    fn new(path: Option<&Path>) -> Self {
        let now = Arc::new(AtomicI64::new(START));
        let clock = Arc::clone(&now);
        let config = QueueConfig { base_url: "http://x".into(), region: "r".into(), account_id: "000000000000".into() };
        let queues = QueueService::with_clock(path, config, Arc::new(move || clock.load(Ordering::SeqCst))).unwrap();
        Self { queues, now }
    }

    fn pass(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1000, Ordering::SeqCst);
        self.queues.wake();
    }

    async fn raw(&self, action: &str, body: Value) -> (u16, Value) {
        let reply = self.queues.call(action, body.to_string().as_bytes()).await;
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    async fn ok(&self, action: &str, body: Value) -> Value {
        let (status, answer) = self.raw(action, body).await;
        assert_eq!(status, 200, "{action}: {answer}");
        answer
    }

    async fn create(&self, name: &str, attributes: Value) {
        self.ok("CreateQueue", json!({"QueueName": name, "Attributes": attributes})).await;
    }

    async fn send(&self, queue: &str, body: &str, group: &str) {
        self.ok(
            "SendMessage",
            json!({"QueueUrl": queue, "MessageBody": body, "MessageGroupId": group, "MessageDeduplicationId": body}),
        )
        .await;
    }

    async fn receive(&self, queue: &str) -> Vec<(String, String)> {
        let answer = self.ok("ReceiveMessage", json!({"QueueUrl": queue, "MaxNumberOfMessages": 10})).await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
        messages.iter().map(|message| (text(&message["Body"]), text(&message["ReceiptHandle"]))).collect()
    }

    async fn bodies(&self, queue: &str) -> Vec<String> {
        self.receive(queue).await.into_iter().map(|(body, _)| body).collect()
    }
}

#[tokio::test]
async fn a_fifo_group_waits_for_what_is_in_flight_and_others_do_not() {
    let bench = Bench::new(None);
    bench.create("q.fifo", json!({"FifoQueue": "true", "VisibilityTimeout": "30"})).await;
    for (body, group) in [("a1", "a"), ("a2", "a"), ("b1", "b")] {
        bench.send("q.fifo", body, group).await;
    }
    let first = bench.receive("q.fifo").await;
    assert_eq!(first.iter().map(|(body, _)| body.as_str()).collect::<Vec<_>>(), ["a1", "a2", "b1"]);
    bench.send("q.fifo", "a3", "a").await;
    bench.send("q.fifo", "c1", "c").await;
    assert_eq!(bench.bodies("q.fifo").await, ["c1"], "a3 waits for a1 and a2");
    bench.ok("DeleteMessage", json!({"QueueUrl": "q.fifo", "ReceiptHandle": first[0].1})).await;
    bench.pass(30);
    assert_eq!(bench.bodies("q.fifo").await, ["a2", "b1", "a3", "c1"], "in order again");
    bench.ok("DeleteMessage", json!({"QueueUrl": "q.fifo", "ReceiptHandle": first[1].1})).await;
    bench.pass(30);
    assert_eq!(bench.bodies("q.fifo").await.len(), 4, "a receipt of an older receive no longer deletes");
}

#[tokio::test]
async fn a_deduplication_id_counts_for_five_minutes() {
    let bench = Bench::new(None);
    bench.create("q.fifo", json!({"FifoQueue": "true", "ContentBasedDeduplication": "true"})).await;
    let send = || bench.ok("SendMessage", json!({"QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": "g"}));
    let (one, two) = (send().await, send().await);
    assert_eq!((&one["MessageId"], &one["SequenceNumber"]), (&two["MessageId"], &two["SequenceNumber"]));
    bench.pass(301);
    assert_ne!(send().await["MessageId"], one["MessageId"]);
    assert_eq!(bench.bodies("q.fifo").await.len(), 2);
}

#[tokio::test]
async fn a_message_that_always_fails_is_parked_and_the_others_go_on() {
    let bench = Bench::new(None);
    bench.create("dead", json!({})).await;
    let policy = json!({"deadLetterTargetArn": "arn:aws:sqs:r:000000000000:dead", "maxReceiveCount": 2}).to_string();
    bench.create("q", json!({"VisibilityTimeout": "10", "RedrivePolicy": policy})).await;
    bench.ok("SendMessage", json!({"QueueUrl": "q", "MessageBody": "poison"})).await;
    for _ in 0..2 {
        assert_eq!(bench.bodies("q").await, ["poison"]);
        bench.pass(10);
    }
    bench.ok("SendMessage", json!({"QueueUrl": "q", "MessageBody": "good"})).await;
    assert_eq!(bench.bodies("q").await, ["good"]);
    assert_eq!(bench.bodies("dead").await, ["poison"]);
}

#[tokio::test]
async fn a_waiting_receive_is_woken_by_a_send_and_by_a_delay_that_ends() {
    let bench = Bench::new(None);
    bench.create("q", json!({})).await;
    bench.create("slow", json!({})).await;
    let waiting = |queue: &str| {
        let (queues, body) = (bench.queues.clone(), json!({"QueueUrl": queue, "WaitTimeSeconds": 20}).to_string());
        tokio::spawn(async move { queues.call("ReceiveMessage", body.as_bytes()).await })
    };
    let receive = waiting("q");
    bench.ok("SendMessage", json!({"QueueUrl": "q", "MessageBody": "now"})).await;
    assert!(String::from_utf8(receive.await.unwrap().body).unwrap().contains("now"));
    bench.ok("SendMessage", json!({"QueueUrl": "slow", "MessageBody": "later", "DelaySeconds": 900})).await;
    let receive = waiting("slow");
    bench.pass(900);
    assert!(String::from_utf8(receive.await.unwrap().body).unwrap().contains("later"));
}

#[tokio::test]
async fn what_was_answered_survives_and_what_was_in_flight_comes_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("queues.sqlite");
    {
        let bench = Bench::new(Some(&path));
        bench.create("q", json!({"VisibilityTimeout": "600"})).await;
        let sends = (0..100).map(|n| {
            let queues = bench.queues.clone();
            tokio::spawn(async move {
                queues
                    .call("SendMessage", json!({"QueueUrl": "q", "MessageBody": n.to_string()}).to_string().as_bytes())
                    .await
            })
        });
        for send in sends.collect::<Vec<_>>() {
            assert_eq!(send.await.unwrap().status, 200);
        }
        assert_eq!(bench.receive("q").await.len(), 10);
    }
    let bench = Bench::new(Some(&path));
    let mut seen = vec![];
    while let bodies @ [_, ..] = &bench.bodies("q").await[..] {
        seen.extend(bodies.iter().map(|body| body.parse::<u32>().unwrap()));
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..100).collect::<Vec<_>>());
}

#[tokio::test]
async fn faults_have_the_names_that_sdks_know() {
    let bench = Bench::new(None);
    bench.create("q", json!({})).await;
    for (action, body, name) in [
        ("SendMessage", json!({"QueueUrl": "nowhere", "MessageBody": "x"}), "QueueDoesNotExist"),
        ("SendMessage", json!({"QueueUrl": "q"}), "MissingParameter"),
        ("ReceiveMessage", json!({"QueueUrl": "q", "MaxNumberOfMessages": 11}), "InvalidParameterValue"),
        ("SendMessageBatch", json!({"QueueUrl": "q", "Entries": []}), "EmptyBatchRequest"),
        (
            "ChangeMessageVisibility",
            json!({"QueueUrl": "q", "ReceiptHandle": "1.x", "VisibilityTimeout": 1}),
            "MessageNotInflight",
        ),
        ("CreateQueue", json!({"QueueName": "q", "Attributes": {"VisibilityTimeout": "7"}}), "QueueNameExists"),
        ("Dance", json!({}), "UnsupportedOperation"),
    ] {
        let (status, answer) = bench.raw(action, body).await;
        assert_eq!((status, answer["__type"].as_str().unwrap()), (400, format!("com.amazonaws.sqs#{name}").as_str()));
    }
    let batch = json!({"QueueUrl": "q", "Entries": [{"Id": "1", "MessageBody": "x"}, {"Id": "2"}]});
    let answer = bench.ok("SendMessageBatch", batch).await;
    assert_eq!((answer["Successful"].as_array().unwrap().len(), &answer["Failed"][0]["Id"]), (1, &json!("2")));
    let attributes = bench.ok("GetQueueAttributes", json!({"QueueUrl": "q", "AttributeNames": ["All"]})).await;
    assert_eq!(attributes["Attributes"]["ApproximateNumberOfMessages"], "1");
}
