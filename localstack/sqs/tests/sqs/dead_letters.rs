//! Dead-letter queues, and the way back.

use crate::bench::{Bench, bodies, system};

const ARN: &str = "arn:aws:sqs:eu-central-1:000000000000";

fn policy(target: &str, receives: u32) -> String {
    format!(r#"{{"deadLetterTargetArn":"{ARN}:{target}","maxReceiveCount":{receives}}}"#)
}

#[tokio::test]
async fn a_message_that_always_fails_is_parked_and_the_others_go_on() {
    let bench = Bench::new().await;
    let dead = bench.queue("dead", &[]).await;
    let url = bench.queue("q", &[("VisibilityTimeout", "10"), ("RedrivePolicy", &policy("dead", 2))]).await;
    let id = bench.send(&url, "poison").await;
    for _ in 0..2 {
        assert_eq!(bench.bodies(&url).await, ["poison"]);
        bench.pass(10);
    }
    bench.send(&url, "good").await;
    let one = bench.sqs.receive_message().queue_url(&url).send().await.unwrap().messages.unwrap();
    assert_eq!(one[0].body.as_deref(), Some("good"), "what is parked takes nobody's place");
    let parked = bench.receive(&dead).await.remove(0);
    assert_eq!(parked.message_id, Some(id));
    assert_eq!(system(&parked, "ApproximateReceiveCount").as_deref(), Some("3"), "counted on");
    assert_eq!(system(&parked, "DeadLetterQueueSourceArn"), Some(format!("{ARN}:q")));
    let sources = bench.sqs.list_dead_letter_source_queues().queue_url(&dead).send().await.unwrap().queue_urls;
    assert_eq!(sources, [url]);
}

#[tokio::test]
async fn a_parked_fifo_message_lets_its_group_go_on() {
    let bench = Bench::new().await;
    let dead = bench.queue("dead.fifo", &[("FifoQueue", "true")]).await;
    let attributes = [("FifoQueue", "true"), ("VisibilityTimeout", "10"), ("RedrivePolicy", &policy("dead.fifo", 1))];
    let url = bench.queue("q.fifo", &attributes).await;
    bench.send_to(&url, "g", "poison").await;
    let one = bench.sqs.receive_message().queue_url(&url).send().await.unwrap();
    assert_eq!(one.messages.unwrap().len(), 1);
    bench.send_to(&url, "g", "good").await;
    bench.pass(10);
    let one = bench.sqs.receive_message().queue_url(&url).send().await.unwrap().messages.unwrap();
    assert_eq!(one[0].body.as_deref(), Some("good"));
    assert_eq!(bench.bodies(&dead).await, ["poison"]);
}

#[tokio::test]
async fn dead_letters_go_home_or_elsewhere() {
    let bench = Bench::new().await;
    let dead = bench.queue("dead", &[]).await;
    let url = bench.queue("q", &[("VisibilityTimeout", "0"), ("RedrivePolicy", &policy("dead", 1))]).await;
    let other = bench.queue("other", &[]).await;
    let first = bench.send(&url, "1").await;
    bench.send(&url, "2").await;
    assert_eq!(bench.receive(&url).await.len(), 2);
    assert!(bench.receive(&url).await.is_empty());
    assert_eq!(bench.counts(&dead).await, ["2", "0", "0"]);
    let start = || bench.sqs.start_message_move_task().source_arn(format!("{ARN}:dead"));
    let task = start().send().await.unwrap().task_handle.unwrap();
    assert_eq!(bench.counts(&dead).await, ["0", "0", "0"]);
    let home = bench.receive(&url).await;
    assert_eq!(bodies(&home), ["1", "2"]);
    assert_ne!(home[0].message_id, Some(first), "a new message");
    assert_eq!(system(&home[0], "ApproximateReceiveCount").as_deref(), Some("1"), "tried anew");
    assert_eq!(system(&home[0], "DeadLetterQueueSourceArn"), None);
    assert!(bench.receive(&url).await.is_empty());
    start().destination_arn(format!("{ARN}:other")).send().await.unwrap();
    assert_eq!(bench.receive(&other).await.len(), 2);
    let tasks = bench.sqs.list_message_move_tasks().source_arn(format!("{ARN}:dead")).max_results(10);
    let tasks = tasks.send().await.unwrap().results.unwrap();
    assert_eq!((tasks.len(), tasks[0].approximate_number_of_messages_moved), (2, 2));
    let cancel = bench.sqs.cancel_message_move_task().task_handle(task).send().await.unwrap_err();
    assert!(cancel.into_service_error().is_unsupported_operation());
    let none = bench.sqs.start_message_move_task().source_arn(format!("{ARN}:nowhere")).send().await.unwrap_err();
    assert!(none.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn a_policy_needs_a_target_that_is_there_is_alike_and_allows_it() {
    let bench = Bench::new().await;
    bench.queue("dead", &[]).await;
    bench.queue("closed", &[("RedriveAllowPolicy", r#"{"redrivePermission":"denyAll"}"#)]).await;
    for (name, target) in [("q", "nowhere"), ("q", "closed"), ("q.fifo", "dead")] {
        let create = bench.sqs.create_queue().queue_name(name).attributes("RedrivePolicy".into(), policy(target, 1));
        let create = if name.ends_with(".fifo") { create.attributes("FifoQueue".into(), "true") } else { create };
        let refused = create.send().await.unwrap_err().into_service_error();
        assert_eq!(refused.meta().code(), Some("InvalidParameterValue"), "{name} to {target}");
    }
}

#[tokio::test]
async fn messages_stay_where_their_dead_letter_queue_is_gone() {
    let bench = Bench::new().await;
    let dead = bench.queue("dead", &[]).await;
    let url = bench.queue("q", &[("VisibilityTimeout", "0"), ("RedrivePolicy", &policy("dead", 1))]).await;
    bench.send(&url, "x").await;
    bench.sqs.delete_queue().queue_url(dead).send().await.unwrap();
    for _ in 0..3 {
        assert_eq!(bench.bodies(&url).await, ["x"]);
    }
}
