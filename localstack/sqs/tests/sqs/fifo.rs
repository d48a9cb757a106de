//! FIFO queues: order, groups, deduplication.

use aws_sdk_sqs::types::MessageSystemAttributeName;

use crate::bench::{Bench, bodies, receipt, system};

#[tokio::test]
async fn a_group_with_a_message_in_flight_gives_out_none_and_others_do() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true"), ("VisibilityTimeout", "30")]).await;
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2")] {
        bench.send_to(&url, group, body).await;
    }
    let first = bench.receive(&url).await;
    assert_eq!(bodies(&first), ["a1", "a2", "b1"], "several of one group, in order");
    bench.send_to(&url, "a", "a3").await;
    bench.send_to(&url, "c", "c1").await;
    assert_eq!(bench.bodies(&url).await, ["c1"], "a3 waits for a1 and a2");
    bench.delete(&url, &first[0]).await;
    assert!(bench.receive(&url).await.is_empty(), "and still for a2");
    bench.delete(&url, &first[1]).await;
    assert_eq!(bench.bodies(&url).await, ["a3"]);
    bench.pass(30);
    assert_eq!(bench.bodies(&url).await, ["a3", "b1", "c1"]);
}

#[tokio::test]
async fn a_message_that_comes_back_waits_for_its_group() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true")]).await;
    bench.send_to(&url, "g", "1").await;
    bench.send_to(&url, "g", "2").await;
    let received = bench.receive(&url).await;
    let release = bench.sqs.change_message_visibility().queue_url(&url).visibility_timeout(0);
    release.receipt_handle(receipt(&received[0])).send().await.unwrap();
    assert!(bench.receive(&url).await.is_empty(), "2 is still being handled");
    bench.delete(&url, &received[1]).await;
    assert_eq!(bench.bodies(&url).await, ["1"]);
}

#[tokio::test]
async fn a_waiting_receive_is_woken_when_a_group_is_free() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true")]).await;
    bench.send_to(&url, "g", "1").await;
    let first = bench.receive(&url).await;
    bench.send_to(&url, "g", "2").await;
    let waiting = bench.service.waiting("q.fifo").await;
    bench.delete(&url, &first[0]).await;
    assert_eq!(waiting.message().await["Body"], "2");
}

#[tokio::test]
async fn a_second_send_within_five_minutes_is_the_first_one() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true"), ("ContentBasedDeduplication", "true")]).await;
    let send = || bench.sqs.send_message().queue_url(&url).message_body("x").message_group_id("g").send();
    let (one, two) = (send().await.unwrap(), send().await.unwrap());
    assert_eq!((&one.message_id, &one.sequence_number), (&two.message_id, &two.sequence_number));
    let message = bench.receive(&url).await.remove(0);
    assert_eq!(system(&message, "SequenceNumber"), one.sequence_number);
    assert_eq!(system(&message, "MessageGroupId").as_deref(), Some("g"));
    let sha256 = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    assert_eq!(system(&message, "MessageDeduplicationId").as_deref(), Some(sha256));
    bench.delete(&url, &message).await;
    bench.pass(299);
    send().await.unwrap();
    assert!(bench.receive(&url).await.is_empty(), "also once it was handled");
    bench.pass(1);
    let later = send().await.unwrap();
    assert!(later.sequence_number > one.sequence_number);
    assert_eq!(bench.bodies(&url).await, ["x"]);
}

#[tokio::test]
async fn an_id_can_count_per_group() {
    let bench = Bench::new().await;
    let per_group = [("FifoQueue", "true"), ("DeduplicationScope", "messageGroup")];
    for (name, attributes, most) in [("one.fifo", &per_group[..1], 1), ("two.fifo", &per_group[..], 2)] {
        let url = bench.queue(name, attributes).await;
        for group in ["a", "b", "a"] {
            bench.send_to(&url, group, "same").await;
        }
        assert_eq!(bench.receive(&url).await.len(), most, "{name}");
    }
}

#[tokio::test]
async fn a_late_delete_is_refused() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true"), ("VisibilityTimeout", "5")]).await;
    bench.send_to(&url, "g", "1").await;
    let message = bench.receive(&url).await.remove(0);
    bench.pass(5);
    let late = bench.sqs.delete_message().queue_url(&url).receipt_handle(receipt(&message)).send().await;
    assert_eq!(late.unwrap_err().into_service_error().meta().code(), Some("InvalidParameterValue"));
    let again = bench.receive(&url).await.remove(0);
    bench.delete(&url, &again).await;
    bench.delete(&url, &again).await;
    assert_eq!(bench.counts(&url).await, ["0", "0", "0"]);
}

#[tokio::test]
async fn a_queue_s_delay_keeps_the_order() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true"), ("DelaySeconds", "10")]).await;
    bench.send_to(&url, "g", "1").await;
    let set = bench.sqs.set_queue_attributes().queue_url(&url);
    set.attributes("DelaySeconds".into(), "0").send().await.unwrap();
    bench.send_to(&url, "g", "2").await;
    assert!(bench.receive(&url).await.is_empty(), "2 does not overtake 1");
    bench.pass(10);
    assert_eq!(bench.bodies(&url).await, ["1", "2"]);
    for (delay, body) in [("0", "3"), ("10", "4"), ("0", "5")] {
        let set = bench.sqs.set_queue_attributes().queue_url(&url);
        set.attributes("DelaySeconds".into(), delay).send().await.unwrap();
        bench.send_to(&url, "h", body).await;
    }
    assert_eq!(bench.bodies(&url).await, ["3"], "5 does not overtake 4");
    let delayed = bench.sqs.send_message().queue_url(&url).message_body("x").message_group_id("g");
    let refused = delayed.message_deduplication_id("x").delay_seconds(1).send().await.unwrap_err();
    assert_eq!(refused.into_service_error().meta().code(), Some("InvalidParameterValue"));
}

#[tokio::test]
async fn a_standard_queue_takes_groups_and_no_deduplication_ids() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    let send = |body: &str| bench.sqs.send_message().queue_url(&url).message_body(body).message_group_id("g");
    send("1").send().await.unwrap();
    send("2").send().await.unwrap();
    assert!(send("3").message_deduplication_id("3").send().await.is_err());
    let one = bench.sqs.receive_message().queue_url(&url);
    let one = one.message_system_attribute_names(MessageSystemAttributeName::MessageGroupId);
    let message = one.send().await.unwrap().messages.unwrap().remove(0);
    assert_eq!(system(&message, "MessageGroupId").as_deref(), Some("g"));
    assert_eq!(bench.bodies(&url).await, ["2"], "nothing waits");
}
