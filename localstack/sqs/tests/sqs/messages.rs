//! Messages of standard queues: sent, received, deleted, made visible again.

use aws_sdk_sqs::{
    primitives::Blob,
    types::{
        ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, MessageAttributeValue,
        MessageSystemAttributeNameForSends, MessageSystemAttributeValue, SendMessageBatchRequestEntry,
    },
};

use crate::bench::{Bench, START, receipt, system};

fn text(value: &str) -> MessageAttributeValue {
    MessageAttributeValue::builder().data_type("String").string_value(value).build().unwrap()
}

#[tokio::test]
async fn a_message_comes_with_its_attributes_and_their_md5s() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    let binary = MessageAttributeValue::builder().data_type("Binary.png").binary_value(Blob::new(*b"\0\x01")).build();
    let trace = MessageSystemAttributeValue::builder().data_type("String").string_value("Root=1-5759e988").build();
    let send = bench.sqs.send_message().queue_url(&url).message_body("hä?").message_attributes("a.text", text("x"));
    let send = send.message_attributes("bytes", binary.unwrap());
    let send = send.message_system_attributes(MessageSystemAttributeNameForSends::AwsTraceHeader, trace.unwrap());
    let sent = send.send().await.unwrap();
    assert_eq!(sent.sequence_number, None);
    bench.pass(2);
    let message = bench.receive(&url).await.remove(0);
    assert_eq!(message.message_id, sent.message_id);
    assert_eq!(message.body.as_deref(), Some("hä?"));
    assert_eq!(message.md5_of_body, sent.md5_of_message_body);
    assert_eq!(message.md5_of_message_attributes, sent.md5_of_message_attributes);
    assert!(sent.md5_of_message_system_attributes.is_some());
    let attributes = message.message_attributes.as_ref().unwrap();
    assert_eq!(attributes["bytes"].binary_value.as_ref().unwrap().as_ref(), b"\0\x01");
    assert_eq!(attributes["a.text"].string_value.as_deref(), Some("x"));
    for (name, value) in [
        ("ApproximateReceiveCount", "1".to_owned()),
        ("SentTimestamp", START.to_string()),
        ("ApproximateFirstReceiveTimestamp", (START + 2000).to_string()),
        ("AWSTraceHeader", "Root=1-5759e988".to_owned()),
    ] {
        assert_eq!(system(&message, name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn only_attributes_that_are_asked_for_come() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("VisibilityTimeout", "0")]).await;
    let send = bench.sqs.send_message().queue_url(&url).message_body("x");
    send.message_attributes("a.1", text("x")).message_attributes("b", text("y")).send().await.unwrap();
    let names = |message: &aws_sdk_sqs::types::Message| {
        let mut names: Vec<_> = message.message_attributes.iter().flatten().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    for (asked, given) in [("a.*", vec!["a.1"]), ("b", vec!["b"]), (".*", vec!["a.1", "b"]), ("c", vec![])] {
        let received = bench.sqs.receive_message().queue_url(&url).message_attribute_names(asked).send().await;
        let message = received.unwrap().messages.unwrap().remove(0);
        assert_eq!(names(&message), given, "{asked}");
        assert_eq!(message.attributes, None);
    }
    let ten = bench.sqs.receive_message().queue_url(&url).max_number_of_messages(10).send().await.unwrap();
    assert_eq!(ten.messages.unwrap().len(), 1, "visible again at once, but not twice in one answer");
}

#[tokio::test]
async fn a_receipt_goes_stale_when_the_message_is_received_again() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("VisibilityTimeout", "10")]).await;
    bench.send(&url, "x").await;
    let first = bench.receive(&url).await.remove(0);
    assert!(bench.receive(&url).await.is_empty(), "in flight");
    bench.pass(10);
    let second = bench.receive(&url).await.remove(0);
    assert_eq!(system(&second, "ApproximateReceiveCount").as_deref(), Some("2"));
    bench.delete(&url, &first).await;
    assert_eq!(bench.counts(&url).await, ["0", "1", "0"], "the first receipt deletes nothing");
    bench.pass(10);
    bench.delete(&url, &second).await;
    assert_eq!(bench.counts(&url).await, ["0", "0", "0"], "the latest does, even late");
    bench.delete(&url, &second).await;
}

#[tokio::test]
async fn visibility_is_extended_given_up_and_bounded() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("VisibilityTimeout", "10")]).await;
    bench.send(&url, "x").await;
    let message = bench.receive(&url).await.remove(0);
    let change = |seconds| {
        let change = bench.sqs.change_message_visibility().queue_url(&url);
        change.receipt_handle(receipt(&message)).visibility_timeout(seconds).send()
    };
    change(100).await.unwrap();
    bench.pass(99);
    assert!(bench.receive(&url).await.is_empty());
    let beyond = change(43_200).await.unwrap_err().into_service_error();
    assert_eq!(beyond.meta().code(), Some("InvalidParameterValue"), "twelve hours from the receive on");
    change(0).await.unwrap();
    assert!(change(5).await.unwrap_err().into_service_error().is_message_not_inflight());
    assert_eq!(bench.bodies(&url).await, ["x"]);
}

#[tokio::test]
async fn a_delay_holds_a_message_back() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("DelaySeconds", "5")]).await;
    bench.send(&url, "five").await;
    bench.sqs.send_message().queue_url(&url).message_body("none").delay_seconds(0).send().await.unwrap();
    assert_eq!(bench.bodies(&url).await, ["none"]);
    bench.pass(5);
    assert_eq!(bench.bodies(&url).await, ["five"]);
}

#[tokio::test]
async fn what_lies_too_long_is_gone() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("MessageRetentionPeriod", "60")]).await;
    bench.send(&url, "old").await;
    bench.pass(30);
    bench.send(&url, "new").await;
    bench.pass(31);
    assert_eq!(bench.counts(&url).await, ["1", "0", "0"]);
    assert_eq!(bench.bodies(&url).await, ["new"]);
}

#[tokio::test]
async fn a_waiting_receive_is_woken_by_a_send_a_return_a_delay_and_a_delete() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    let waiting = bench.service.waiting("q").await;
    bench.send(&url, "now").await;
    let message = waiting.message().await;
    let waiting = bench.service.waiting("q").await;
    let receipt = message["ReceiptHandle"].as_str().unwrap();
    let change = bench.sqs.change_message_visibility().queue_url(&url).receipt_handle(receipt);
    change.visibility_timeout(0).send().await.unwrap();
    assert_eq!(waiting.message().await["Body"], "now");
    bench.sqs.send_message().queue_url(&url).message_body("later").delay_seconds(900).send().await.unwrap();
    let waiting = bench.service.waiting("q").await;
    bench.service.ok("GetQueueUrl", serde_json::json!({"QueueName": "q"})).await;
    bench.pass(900);
    assert!(waiting.message().await["Body"].is_string());
    bench.receive(&url).await;
    let waiting = bench.service.waiting("q").await;
    bench.sqs.delete_queue().queue_url(&url).send().await.unwrap();
    assert!(waiting.message().await.is_null(), "the queue is gone");
}

#[tokio::test]
async fn a_waiting_receive_over_http_gets_what_is_sent() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[("ReceiveMessageWaitTimeSeconds", "20")]).await;
    let began = std::time::Instant::now();
    let receive = bench.sqs.receive_message().queue_url(&url).send();
    let (received, _) = tokio::join!(receive, bench.send(&url, "x"));
    assert_eq!(received.unwrap().messages.unwrap().len(), 1);
    assert!(began.elapsed().as_secs() < 10);
}

#[tokio::test]
async fn a_wait_ends_with_nothing() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    let began = std::time::Instant::now();
    let received = bench.sqs.receive_message().queue_url(&url).wait_time_seconds(1).send().await.unwrap();
    assert_eq!(received.messages, None);
    assert!(began.elapsed().as_millis() >= 1000);
}

#[tokio::test]
async fn a_receive_that_was_given_up_takes_no_message() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    bench.service.waiting("q").await.give_up().await;
    bench.send(&url, "x").await;
    assert_eq!(bench.bodies(&url).await, ["x"]);
}

#[tokio::test]
async fn each_entry_of_a_batch_stands_for_itself() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    let entry = |id: &str, body: &str| SendMessageBatchRequestEntry::builder().id(id).message_body(body);
    let sent = bench.sqs.send_message_batch().queue_url(&url).entries(entry("good", "1").build().unwrap());
    let sent = sent.entries(entry("late", "2").delay_seconds(901).build().unwrap());
    let sent = sent.entries(entry("control", "\u{1}").build().unwrap()).send().await.unwrap();
    assert_eq!((sent.successful[0].id.as_str(), sent.successful.len()), ("good", 1));
    let failed: Vec<_> = sent.failed.iter().map(|entry| (entry.id.as_str(), entry.code.as_str())).collect();
    assert_eq!(failed, [("late", "InvalidParameterValue"), ("control", "InvalidMessageContents")]);
    assert!(sent.failed[0].sender_fault);

    let message = bench.receive(&url).await.remove(0);
    let change = |id: &str, receipt: &str| {
        let entry = ChangeMessageVisibilityBatchRequestEntry::builder().id(id).receipt_handle(receipt);
        entry.visibility_timeout(0).build().unwrap()
    };
    let changed = bench.sqs.change_message_visibility_batch().queue_url(&url).entries(change("1", receipt(&message)));
    let changed = changed.entries(change("2", "nonsense")).send().await.unwrap();
    assert_eq!((changed.successful[0].id.as_str(), changed.failed[0].code.as_str()), ("1", "ReceiptHandleIsInvalid"));

    let message = bench.receive(&url).await.remove(0);
    let delete = |id: &str, receipt: &str| {
        DeleteMessageBatchRequestEntry::builder().id(id).receipt_handle(receipt).build().unwrap()
    };
    let deleted = bench.sqs.delete_message_batch().queue_url(&url).entries(delete("1", receipt(&message)));
    let deleted = deleted.entries(delete("2", "nonsense")).send().await.unwrap();
    assert_eq!((deleted.successful.len(), deleted.failed[0].id.as_str()), (1, "2"));
    assert_eq!(bench.counts(&url).await, ["0", "0", "0"]);
}
