//! Queues: made, found, listed, described, tagged, emptied, deleted.

use aws_sdk_sqs::types::QueueAttributeName;

use crate::bench::Bench;

#[tokio::test]
async fn a_queue_is_made_once_and_found_by_name_and_by_any_host() {
    let bench = Bench::new().await;
    let url = bench.queue("jobs", &[("VisibilityTimeout", "60")]).await;
    assert_eq!(url, "http://sqs.example/000000000000/jobs");
    assert_eq!(bench.queue("jobs", &[("VisibilityTimeout", "60")]).await, url, "the same again is no fault");
    assert_eq!(bench.sqs.get_queue_url().queue_name("jobs").send().await.unwrap().queue_url.unwrap(), url);
    bench.send("http://localhost:4566/000000000000/jobs", "x").await;
    assert_eq!(bench.bodies(&url).await, ["x"]);
    let other = bench.sqs.create_queue().queue_name("jobs").attributes(QueueAttributeName::VisibilityTimeout, "7");
    assert!(other.send().await.unwrap_err().into_service_error().is_queue_name_exists());
}

#[tokio::test]
async fn queues_are_listed_by_prefix_and_in_pages() {
    let bench = Bench::new().await;
    assert_eq!(bench.sqs.list_queues().send().await.unwrap().queue_urls, None);
    for name in ["a-1", "a-2", "a-3", "b"] {
        bench.queue(name, &[]).await;
    }
    let mut found = vec![];
    let mut pages = bench.sqs.list_queues().queue_name_prefix("a-").max_results(2).into_paginator().send();
    while let Some(page) = pages.next().await {
        found.push(page.unwrap().queue_urls.unwrap().len());
    }
    assert_eq!(found, [2, 1]);
    assert_eq!(bench.sqs.list_queues().send().await.unwrap().queue_urls.unwrap().len(), 4);
}

#[tokio::test]
async fn attributes_have_defaults_and_are_set_and_counted() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    for (name, value) in [
        ("VisibilityTimeout", "30"),
        ("MessageRetentionPeriod", "345600"),
        ("MaximumMessageSize", "1048576"),
        ("QueueArn", "arn:aws:sqs:eu-central-1:000000000000:q"),
        ("CreatedTimestamp", "1700000000"),
    ] {
        assert_eq!(bench.attribute(&url, name).await.as_deref(), Some(value));
    }
    assert_eq!(bench.attribute(&url, "FifoQueue").await, None);
    bench.pass(5);
    let set = bench.sqs.set_queue_attributes().queue_url(&url);
    set.attributes(QueueAttributeName::VisibilityTimeout, "5").send().await.unwrap();
    assert_eq!(bench.attribute(&url, "LastModifiedTimestamp").await.as_deref(), Some("1700000005"));
    for body in ["1", "2", "3"] {
        bench.send(&url, body).await;
    }
    bench.sqs.send_message().queue_url(&url).message_body("later").delay_seconds(9).send().await.unwrap();
    bench.sqs.receive_message().queue_url(&url).send().await.unwrap();
    assert_eq!(bench.counts(&url).await, ["2", "1", "1"]);
    bench.pass(5);
    assert_eq!(bench.counts(&url).await, ["3", "0", "1"], "the new timeout holds");
    let fifo = bench.queue("q.fifo", &[("FifoQueue", "true")]).await;
    assert_eq!(bench.attribute(&fifo, "DeduplicationScope").await.as_deref(), Some("queue"));
    let get = bench.sqs.get_queue_attributes().queue_url(&url).attribute_names("Colour".into());
    assert!(get.send().await.unwrap_err().into_service_error().is_invalid_attribute_name());
}

#[tokio::test]
async fn tags_come_and_go() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    bench.sqs.tag_queue().queue_url(&url).tags("team", "a").tags("env", "dev").send().await.unwrap();
    bench.sqs.tag_queue().queue_url(&url).tags("team", "b").send().await.unwrap();
    bench.sqs.untag_queue().queue_url(&url).tag_keys("env").send().await.unwrap();
    let tags = bench.sqs.list_queue_tags().queue_url(&url).send().await.unwrap().tags.unwrap();
    assert_eq!(tags, [("team".to_owned(), "b".to_owned())].into());
}

#[tokio::test]
async fn a_purge_empties_once_a_minute_and_a_delete_takes_all() {
    let bench = Bench::new().await;
    let url = bench.queue("q.fifo", &[("FifoQueue", "true")]).await;
    bench.send_to(&url, "g", "1").await;
    bench.receive(&url).await;
    bench.send_to(&url, "g", "2").await;
    bench.sqs.purge_queue().queue_url(&url).send().await.unwrap();
    assert_eq!(bench.counts(&url).await, ["0", "0", "0"]);
    let again = bench.sqs.purge_queue().queue_url(&url).send().await;
    assert!(again.unwrap_err().into_service_error().is_purge_queue_in_progress());
    bench.pass(60);
    bench.sqs.purge_queue().queue_url(&url).send().await.unwrap();
    bench.send_to(&url, "g", "3").await;
    assert_eq!(bench.bodies(&url).await, ["3"], "the group is not held by what was purged");
    bench.sqs.delete_queue().queue_url(&url).send().await.unwrap();
    let gone = bench.sqs.receive_message().queue_url(&url).send().await;
    assert!(gone.unwrap_err().into_service_error().is_queue_does_not_exist());
    bench.queue("q.fifo", &[("FifoQueue", "true")]).await;
    assert!(bench.bodies(&url).await.is_empty());
}

#[tokio::test]
async fn requests_are_counted_by_action_and_inventions_are_not() {
    let bench = Bench::new().await;
    let url = bench.queue("q", &[]).await;
    bench.send(&url, "x").await;
    bench.send(&url, "y").await;
    bench.service.raw("Dance", serde_json::json!({})).await;
    let stats = bench.service.queues.stats();
    assert_eq!(stats, [("CreateQueue".to_owned(), 1), ("SendMessage".to_owned(), 2)].into());
}
