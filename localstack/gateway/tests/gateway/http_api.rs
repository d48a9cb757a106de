use serde_json::{Value, json};

use crate::stage::{Stage, answers};

#[tokio::test]
async fn a_request_is_an_event_and_an_answer_is_a_response() {
    let stage = Stage::new(vec![(
        "api",
        answers(|event| {
            Ok(match event["rawPath"].as_str() {
                Some("/bytes") => json!({"statusCode": 201, "body": "/wA=", "isBase64Encoded": true,
                "headers": {"content-type": "image/png"}, "cookies": ["a=1", "b=2"]}),
                Some("/plain") => json!({"any": "json"}),
                Some("/broken") => json!({"statusCode": "x"}),
                Some("/fails") => return Err("a secret reason".into()),
                _ => json!({"statusCode": 200, "body": "{}"}),
            })
        }),
    )])
    .await;
    let sent = stage.http.post(stage.url("/v1/a%20b?x=1&x=2&y=%C3%A4")).header("cookie", "k=v; l=w").body("text");
    assert_eq!(sent.send().await.unwrap().status(), 200);
    let event = stage.event("api").await;
    assert_eq!((&event["version"], &event["rawPath"]), (&json!("2.0"), &json!("/v1/a%20b")));
    assert_eq!(event["rawQueryString"], json!("x=1&x=2&y=%C3%A4"));
    assert_eq!(event["queryStringParameters"], json!({"x": "1,2", "y": "ä"}));
    assert_eq!(event["cookies"], json!(["k=v", "l=w"]));
    assert_eq!(event["body"], json!("text"));
    assert_eq!(event["requestContext"]["http"]["method"], json!("POST"));

    let bytes = stage.http.get(stage.url("/bytes")).send().await.unwrap();
    assert_eq!((bytes.status().as_u16(), bytes.headers()["content-type"].to_str().unwrap()), (201, "image/png"));
    assert_eq!(bytes.headers().get_all("set-cookie").iter().count(), 2);
    assert_eq!(bytes.bytes().await.unwrap().as_ref(), [0xff, 0]);
    let plain: Value = stage.http.get(stage.url("/plain")).send().await.unwrap().json().await.unwrap();
    assert_eq!(plain, json!({"any": "json"}));
    for path in ["/broken", "/fails"] {
        let failed = stage.http.get(stage.url(path)).send().await.unwrap();
        assert_eq!(failed.status(), 500);
        assert_eq!(failed.text().await.unwrap(), r#"{"message":"Internal Server Error"}"#);
    }
    stage.gateway.stop().await;
}

#[tokio::test]
async fn bytes_that_are_no_text_come_as_base64() {
    let stage = Stage::new(vec![]).await;
    stage.http.put(stage.url("/x")).body(vec![0xff, 0x00]).send().await.unwrap();
    let event = stage.event("api").await;
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("/wA="), &json!(true)));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_any_function() {
    let stage =
        Stage::with(vec![], deskwire_gateway::Data::Memory, |config| config.limits.http_payload_bytes = 1000).await;
    let large = stage.http.post(stage.url("/x")).body("x".repeat(1001)).send().await.unwrap();
    assert_eq!(large.status(), 413);
    let long = stage.http.get(stage.url("/x")).header("x-long", "x".repeat(11_000)).send().await.unwrap();
    assert_eq!(long.status(), 431);
    assert_eq!(stage.gateway.invocations()["api"], 0);
    stage.gateway.stop().await;
}

#[tokio::test]
async fn a_traces_id_is_handed_on() {
    let stage = Stage::new(vec![]).await;
    let id = "4bf92f3577b34da6a3ce929d0e0e4736";
    let sent = stage.http.get(stage.url("/x")).header("traceparent", format!("00-{id}-00f067aa0ba902b7-01"));
    sent.send().await.unwrap();
    let event = stage.event("api").await;
    assert_eq!(event["headers"]["x-amzn-trace-id"], json!("Root=1-4bf92f35-77b34da6a3ce929d0e0e4736"));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn health_and_metrics_tell_counts_and_no_names() {
    let stage = Stage::new(vec![]).await;
    let get = async |path: &str| stage.http.get(stage.url(path)).send().await.unwrap().text().await.unwrap();
    assert_eq!(get("/healthz").await, "ok\n");
    let mut socket = stage.socket().await;
    socket.send("one").await;
    socket.text().await;
    let metrics = get("/metrics").await;
    for line in [
        "deskwire_connections 1",
        "deskwire_connects_total 1",
        "deskwire_messages_received_total 1",
        "deskwire_invocations_total{function=\"message\"} 1",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{line} in {metrics}");
    }
    stage.gateway.stop().await;
}
