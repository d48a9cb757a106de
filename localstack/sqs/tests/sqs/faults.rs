//! Faults by the names that SQS gives them, and limits.

use serde_json::{Value, json};

use crate::bench::Service;

/// `__type`, then the older name, which is what the SDKs go by.
async fn refuses(service: &Service, action: &str, body: Value, names: (&str, &str)) {
    let (status, answer, query) = service.raw(action, body).await;
    let expected_status = match names.1 {
        "ReceiptHandleIsInvalid" => 404,
        _ => 400,
    };
    let expected = (expected_status, Some(names.0), Some(format!("{};Sender", names.1)));
    assert_eq!((status, answer["__type"].as_str(), query), expected, "{action}: {answer}");
    assert!(answer["message"].is_string());
}

const INVALID: (&str, &str) = ("com.amazon.coral.service#InvalidParameterValueException", "InvalidParameterValue");
const MISSING: (&str, &str) = ("com.amazon.coral.service#MissingRequiredParameterException", "MissingParameter");

#[tokio::test]
async fn faults_have_the_names_that_sdks_know() {
    let service = Service::new(None);
    service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    for (action, body, name, query) in [
        (
            "SendMessage",
            json!({"QueueUrl": "nowhere", "MessageBody": "x"}),
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
        ),
        (
            "CreateQueue",
            json!({"QueueName": "q", "Attributes": {"VisibilityTimeout": "7"}}),
            "QueueNameExists",
            "QueueAlreadyExists",
        ),
        (
            "CreateQueue",
            json!({"QueueName": "r", "Attributes": {"VisibilityTimeout": "-1"}}),
            "InvalidAttributeValue",
            "InvalidAttributeValue",
        ),
        (
            "CreateQueue",
            json!({"QueueName": "r", "Attributes": {"Colour": "red"}}),
            "InvalidAttributeName",
            "InvalidAttributeName",
        ),
        (
            "DeleteMessage",
            json!({"QueueUrl": "q", "ReceiptHandle": "made up"}),
            "ReceiptHandleIsInvalid",
            "ReceiptHandleIsInvalid",
        ),
        (
            "SendMessage",
            json!({"QueueUrl": "q", "MessageBody": "\u{0}"}),
            "InvalidMessageContents",
            "InvalidMessageContents",
        ),
    ] {
        refuses(&service, action, body, (&format!("com.amazonaws.sqs#{name}"), query)).await;
    }
}

#[tokio::test]
async fn a_batch_that_is_wrong_as_a_whole_is_refused_as_a_whole() {
    let service = Service::new(None);
    service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    let batch = |entries: Vec<Value>| json!({"QueueUrl": "q", "Entries": entries});
    let entry = |id: &str| json!({"Id": id, "MessageBody": "x"});
    let eleven = (0..11).map(|id| entry(&id.to_string())).collect();
    for (action, body, name, query) in [
        ("SendMessageBatch", batch(vec![]), "EmptyBatchRequest", "AWS.SimpleQueueService.EmptyBatchRequest"),
        (
            "SendMessageBatch",
            batch(eleven),
            "TooManyEntriesInBatchRequest",
            "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
        ),
        (
            "SendMessageBatch",
            batch(vec![entry("1"), entry("1")]),
            "BatchEntryIdsNotDistinct",
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
        ),
        (
            "SendMessageBatch",
            batch(vec![entry("a b")]),
            "InvalidBatchEntryId",
            "AWS.SimpleQueueService.InvalidBatchEntryId",
        ),
    ] {
        refuses(&service, action, body, (&format!("com.amazonaws.sqs#{name}"), query)).await;
    }
}

#[tokio::test]
async fn parameters_are_asked_for_and_held_to_their_limits() {
    let service = Service::new(None);
    service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    service.ok("CreateQueue", json!({"QueueName": "q.fifo", "Attributes": {"FifoQueue": "true"}})).await;
    let with = |mut body: Value, name: &str, value: Value| {
        body[name] = value;
        body
    };
    let send = json!({"QueueUrl": "q", "MessageBody": "x"});
    let fifo = json!({"QueueUrl": "q.fifo", "MessageBody": "x", "MessageGroupId": "g"});
    let eleven: Value = (0..11).map(|n| (format!("a{n}"), json!({"DataType": "String", "StringValue": "x"}))).collect();
    for (action, body, names) in [
        ("SendMessage", json!({"MessageBody": "x"}), MISSING),
        ("SendMessage", json!({"QueueUrl": "q"}), MISSING),
        ("SendMessage", json!({"QueueUrl": "q.fifo", "MessageBody": "x"}), MISSING),
        ("SendMessage", fifo.clone(), INVALID),
        ("SendMessage", with(fifo, "MessageDeduplicationId", json!("a b")), INVALID),
        ("SendMessage", with(send.clone(), "DelaySeconds", json!(901)), INVALID),
        ("SendMessage", with(send.clone(), "MessageAttributes", eleven), INVALID),
        ("ReceiveMessage", json!({"QueueUrl": "q", "MaxNumberOfMessages": 11}), INVALID),
        ("ReceiveMessage", json!({"QueueUrl": "q", "WaitTimeSeconds": 21}), INVALID),
        ("ReceiveMessage", json!({"QueueUrl": "q", "VisibilityTimeout": 43_201}), INVALID),
        ("CreateQueue", json!({"QueueName": "a/b"}), INVALID),
        ("CreateQueue", json!({"QueueName": "x".repeat(81)}), INVALID),
        ("CreateQueue", json!({"QueueName": "a.fifo"}), INVALID),
        ("ListQueues", json!({"NextToken": "?"}), INVALID),
        ("Dance", json!({}), ("com.amazon.coral.service#UnknownOperationException", "InvalidAction")),
        (
            "SendMessage",
            with(send, "DelaySeconds", json!("soon")),
            ("com.amazon.coral.service#SerializationException", "MalformedInput"),
        ),
    ] {
        refuses(&service, action, body, names).await;
    }
    let reply = service.queues.call("SendMessage", b"{not json").await;
    assert_eq!(reply.query_error.as_deref(), Some("MalformedInput;Sender"));
}

#[tokio::test]
async fn a_message_and_a_batch_have_a_mebibyte() {
    const MEBIBYTE: usize = 1_048_576;
    let service = Service::new(None);
    service.ok("CreateQueue", json!({"QueueName": "q"})).await;
    let send = |bytes: usize| json!({"QueueUrl": "q", "MessageBody": "x".repeat(bytes)});
    service.ok("SendMessage", send(MEBIBYTE)).await;
    refuses(&service, "SendMessage", send(MEBIBYTE + 1), INVALID).await;
    let mut named = send(MEBIBYTE - 8);
    named["MessageAttributes"] = json!({"ab": {"DataType": "String", "StringValue": "x"}});
    refuses(&service, "SendMessage", named, INVALID).await;
    let half = "x".repeat(MEBIBYTE / 2);
    let batch = |last: &str| {
        json!({"QueueUrl": "q", "Entries": [
            {"Id": "1", "MessageBody": half}, {"Id": "2", "MessageBody": format!("{}{last}", &half[1..])}]})
    };
    service.ok("SendMessageBatch", batch("x")).await;
    let too_long = ("com.amazonaws.sqs#BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong");
    refuses(&service, "SendMessageBatch", batch("xx"), too_long).await;
    service.ok("SetQueueAttributes", json!({"QueueUrl": "q", "Attributes": {"MaximumMessageSize": "1024"}})).await;
    refuses(&service, "SendMessage", send(1025), INVALID).await;
}
