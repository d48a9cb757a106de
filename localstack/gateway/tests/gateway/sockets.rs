use std::time::{Duration, Instant};

use futures::SinkExt;
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async_with_config,
    tungstenite::{
        Message,
        protocol::frame::{
            Frame,
            coding::{Data as Opcode, OpCode},
        },
    },
};

use crate::stage::{Stage, answers};

fn fragment(opcode: Opcode, last: bool, size: usize) -> Message {
    Message::Frame(Frame::message(vec![b'x'; size], OpCode::Data(opcode), last))
}

#[tokio::test]
async fn events_have_the_shape_that_api_gateway_sends() {
    let stage = Stage::new(vec![]).await;
    let mut socket = stage.connect("?ticket=a%20b&ticket=c").await.unwrap();
    let asked = stage.event("authorize").await;
    assert_eq!((&asked["type"], &asked["requestContext"]["routeKey"]), (&json!("REQUEST"), &json!("$connect")));
    assert_eq!(asked["queryStringParameters"], json!({"ticket": "c"}));
    assert_eq!(asked["multiValueQueryStringParameters"], json!({"ticket": ["a b", "c"]}));
    assert!(asked["headers"]["x-amzn-trace-id"].as_str().unwrap().starts_with("Root=1-"));
    let connect = stage.event("connect").await;
    assert_eq!(connect["requestContext"]["authorizer"], json!({"kind": "guest", "principalId": "somebody"}));
    assert!(connect.get("type").is_none());

    socket.send("hello").await;
    assert_eq!(socket.text().await, "hello");
    let message = stage.event("message").await;
    let context = &message["requestContext"];
    assert_eq!((&message["body"], &message["isBase64Encoded"]), (&json!("hello"), &json!(false)));
    assert_eq!((&context["routeKey"], &context["eventType"]), (&json!("$default"), &json!("MESSAGE")));
    assert_eq!(context["connectionId"], connect["requestContext"]["connectionId"]);
    socket.send(Message::binary(vec![0xff, 0x00])).await;
    assert_eq!(stage.event("message").await["body"], json!("/wA="));

    socket.0.close(None).await.unwrap();
    let gone = stage.event("disconnect").await;
    assert_eq!(gone["requestContext"]["eventType"], json!("DISCONNECT"));
    assert_eq!(gone["requestContext"]["disconnectStatusCode"], json!(1005));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn who_is_not_let_in_learns_a_status() {
    let deny = json!({"principalId": "p", "policyDocument": {"Statement": [{"Effect": "Deny"}]}});
    for (authorize, connect, status) in [
        (Ok(deny), Ok(json!({"statusCode": 200})), 403),
        (Err("Unauthorized".to_owned()), Ok(json!({"statusCode": 200})), 401),
        (Err("a fault".to_owned()), Ok(json!({"statusCode": 200})), 500),
        (Ok(json!({"policyDocument": {"Statement": [{"Effect": "Allow"}]}})), Ok(json!({"statusCode": 409})), 409),
        (Ok(json!({"policyDocument": {"Statement": [{"Effect": "Allow"}]}})), Err("a fault".to_owned()), 500),
    ] {
        let stage = Stage::new(vec![
            ("authorize", answers(move |_| authorize.clone())),
            ("connect", answers(move |_| connect.clone())),
        ])
        .await;
        assert_eq!(stage.refused().await, status);
        stage.gateway.stop().await;
    }
}

#[tokio::test]
async fn so_many_sockets_a_second_and_no_more() {
    let stage = Stage::with(vec![], deskwire_gateway::Data::Memory, |config| config.limits.connect_rate = 2.0).await;
    let (_first, _second) = (stage.socket().await, stage.socket().await);
    assert_eq!(stage.refused().await, 429);
    stage.gateway.stop().await;
}

#[tokio::test]
async fn large_messages_come_in_frames_and_larger_ones_end_the_socket() {
    let stage = Stage::new(vec![(
        "message",
        answers(|event| {
            Ok(json!({"statusCode": 200, "body": event["body"].as_str().unwrap_or_default().len().to_string()}))
        }),
    )])
    .await;
    let mut socket = stage.socket().await;
    // 128 KB in four frames of 32 KB.
    for part in 0..4 {
        let opcode = if part == 0 { Opcode::Text } else { Opcode::Continue };
        socket.send(fragment(opcode, part == 3, 32 * 1024)).await;
    }
    assert_eq!(socket.text().await, (128 * 1024).to_string());
    // One frame over 32 KB.
    socket.send(fragment(Opcode::Text, true, 32 * 1024 + 1)).await;
    assert_eq!(socket.closed().await, 1009);
    // A message over 128 KB.
    let mut socket = stage.socket().await;
    for part in 0..5 {
        let opcode = if part == 0 { Opcode::Text } else { Opcode::Continue };
        if socket.0.send(fragment(opcode, part == 4, 32 * 1024)).await.is_err() {
            break;
        }
    }
    assert_eq!(socket.closed().await, 1009);
    stage.gateway.stop().await;
}

#[tokio::test]
async fn idle_and_old_sockets_are_closed() {
    for idle in [true, false] {
        let stage = Stage::with(vec![], deskwire_gateway::Data::Memory, |config| {
            let (short, long) = (Duration::from_millis(300), Duration::from_secs(60));
            (config.limits.idle, config.limits.longest) = if idle { (short, long) } else { (long, short) };
        })
        .await;
        let begun = Instant::now();
        let mut socket = stage.socket().await;
        assert_eq!(socket.closed().await, 1001);
        assert!(begun.elapsed() >= Duration::from_millis(300));
        let gone = stage.event("disconnect").await;
        assert_eq!(gone["requestContext"]["disconnectStatusCode"], json!(1001));
        stage.gateway.stop().await;
    }
}

#[tokio::test]
async fn a_function_that_fails_is_told_and_the_socket_lives() {
    let stage = Stage::new(vec![(
        "message",
        answers(|event| match event["body"].as_str() {
            Some("panic") => panic!("on purpose"),
            Some("fail") => Err("a secret reason".into()),
            Some("silent") => Ok(json!({"statusCode": 200})),
            _ => Ok(json!({"statusCode": 200, "body": "well"})),
        }),
    )])
    .await;
    let mut socket = stage.socket().await;
    for bad in ["fail", "panic"] {
        socket.send(bad).await;
        let told: Value = serde_json::from_str(&socket.text().await).unwrap();
        assert_eq!(told["message"], json!("Internal server error"));
        assert!(told["connectionId"].is_string() && !told.to_string().contains("secret"), "{told}");
    }
    socket.send("silent").await;
    socket.send("anything").await;
    assert_eq!(socket.text().await, "well");
    assert_eq!(stage.gateway.invocations()["message"], 4);
    stage.gateway.stop().await;
}

#[tokio::test]
async fn what_is_not_websocket_or_not_utf8_ends_the_socket() {
    let stage = Stage::new(vec![]).await;
    let mut socket = stage.socket().await;
    socket.send(Message::Frame(Frame::message(vec![0xc3, 0x28], OpCode::Data(Opcode::Text), true))).await;
    assert_eq!(socket.closed().await, 1007);
    let mut socket = stage.socket().await;
    socket.send(fragment(Opcode::Continue, true, 3)).await;
    assert_eq!(socket.closed().await, 1002);
    stage.gateway.stop().await;
}

#[tokio::test]
async fn messages_of_one_socket_are_answered_in_order() {
    let stage = Stage::new(vec![]).await;
    let mut socket = stage.socket().await;
    for number in 0..100 {
        socket.send(number.to_string()).await;
    }
    for number in 0..100 {
        assert_eq!(socket.text().await, number.to_string());
    }
    stage.gateway.stop().await;
}

#[tokio::test]
async fn at_the_end_clients_are_told_to_connect_again() {
    let stage = Stage::new(vec![]).await;
    let mut socket = stage.socket().await;
    socket.send("one").await;
    assert_eq!(socket.text().await, "one");
    let stopped = tokio::spawn(stage.gateway.stop());
    let told: Value = serde_json::from_str(&socket.text().await).unwrap();
    assert_eq!(told["type"], json!("reconnect"));
    assert_eq!(socket.closed().await, 1012);
    stopped.await.unwrap();
}

#[tokio::test]
async fn a_subprotocol_is_the_one_that_connect_chose() {
    let stage = Stage::new(vec![(
        "connect",
        answers(|_| Ok(json!({"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "chat"}}))),
    )])
    .await;
    let mut request = tokio_tungstenite::tungstenite::client::IntoClientRequest::into_client_request(format!(
        "ws://{}/ws",
        stage.gateway.address
    ))
    .unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "other, chat".parse().unwrap());
    let (_socket, response) = connect_async_with_config(request, None, false).await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "chat");
    stage.gateway.stop().await;
}
