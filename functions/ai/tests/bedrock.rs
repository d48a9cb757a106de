//! Amazon Bedrock, played by a real little server that speaks its event stream.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_sdk_bedrockruntime::{
    Client,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::{
    Router,
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::post,
};
use deskwire_ai::{
    agent::{AgentError, Parameter, Tool, ToolCall},
    model::{ChatAnswer, ChatMessage, ChatRequest, Finish, Role},
};
use deskwire_ai_function::Bedrock;
use deskwire_app::ai::ModelMaker;
use futures::{StreamExt, stream};
use serde_json::{Value, json};

#[derive(Clone)]
enum Does {
    Streams(Vec<(&'static str, Value)>),
    Refuses(u16, &'static str),
    Stalls,
}

type Shared = (Does, Arc<Mutex<Vec<Value>>>);

fn frame(kind: &str, payload: &Value) -> Vec<u8> {
    let header = |name: &'static str, value: &str| Header::new(name, HeaderValue::String(value.to_owned().into()));
    let message = Message::new(payload.to_string())
        .add_header(header(":message-type", "event"))
        .add_header(header(":event-type", kind))
        .add_header(header(":content-type", "application/json"));
    let mut bytes = vec![];
    write_message_to(&message, &mut bytes).unwrap();
    bytes
}

async fn converse(State((does, asked)): State<Shared>, Path(model): Path<String>, body: String) -> Response {
    let mut body: Value = serde_json::from_str(&body).unwrap();
    body["model"] = model.into();
    asked.lock().unwrap().push(body);
    let stream_type = [("content-type", "application/vnd.amazon.eventstream")];
    match does {
        Does::Refuses(status, code) => {
            let headers = [("x-amzn-errortype", code), ("content-type", "application/json")];
            (axum::http::StatusCode::from_u16(status).unwrap(), headers, "{\"message\":\"no\"}").into_response()
        }
        Does::Streams(events) => {
            let frames: Vec<u8> = events.iter().flat_map(|(kind, payload)| frame(kind, payload)).collect();
            (stream_type, frames).into_response()
        }
        Does::Stalls => {
            let begun = stream::iter([Ok::<_, std::io::Error>(frame("messageStart", &json!({"role": "assistant"})))]);
            (stream_type, Body::from_stream(begun.chain(stream::pending()))).into_response()
        }
    }
}

async fn ask(does: Does, request: &ChatRequest) -> (Result<ChatAnswer, AgentError>, Vec<Value>, Vec<String>) {
    let asked = Arc::new(Mutex::new(vec![]));
    let router =
        Router::new().route("/model/{model}/converse-stream", post(converse)).with_state((does, Arc::clone(&asked)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let config = aws_sdk_bedrockruntime::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("k", "s", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(endpoint)
        .build();
    let model = Bedrock::with(Client::from_conf(config)).client("vendor.model", Duration::from_millis(500));
    let (deltas, mut words) = tokio::sync::mpsc::unbounded_channel();
    let answer = model.chat(request, Some(&deltas)).await;
    drop(deltas);
    let mut pieces = vec![];
    while let Some(piece) = words.recv().await {
        pieces.push(piece);
    }
    let asked = asked.lock().unwrap().clone();
    (answer, asked, pieces)
}

fn request() -> ChatRequest {
    let call = ToolCall { id: "t0".into(), name: "order".into(), args: serde_json::Map::new() };
    ChatRequest {
        messages: vec![
            ChatMessage::new(Role::System, "Be kind."),
            ChatMessage::new(Role::User, "hello"),
            ChatMessage::new(Role::User, "你好"),
            ChatMessage::calls("", vec![call]),
            ChatMessage::result("t0", "{\"status\":\"paid\"}"),
        ],
        tools: vec![Tool {
            name: "order".into(),
            description: "An order".into(),
            parameters: vec![Parameter {
                name: "number".into(),
                pattern: Some("[A-Z]+".into()),
                ..Parameter::default()
            }],
        }],
        max_tokens: 100,
        temperature: 0.0,
        stream: true,
    }
}

#[tokio::test]
async fn it_streams_words_and_calls_and_counts_tokens() {
    let events = vec![
        ("messageStart", json!({"role": "assistant"})),
        ("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": "One mo"}})),
        ("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": "ment."}})),
        ("contentBlockStop", json!({"contentBlockIndex": 0})),
        (
            "contentBlockStart",
            json!({"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t1", "name": "order"}}}),
        ),
        ("contentBlockDelta", json!({"contentBlockIndex": 1, "delta": {"toolUse": {"input": "{\"number\":"}}})),
        ("contentBlockDelta", json!({"contentBlockIndex": 1, "delta": {"toolUse": {"input": "\"A\"}"}}})),
        ("contentBlockStop", json!({"contentBlockIndex": 1})),
        ("messageStop", json!({"stopReason": "tool_use"})),
        (
            "metadata",
            json!({"usage": {"inputTokens": 12, "outputTokens": 7, "totalTokens": 19}, "metrics": {"latencyMs": 1}}),
        ),
    ];
    let (answer, asked, pieces) = ask(Does::Streams(events), &request()).await;
    let answer = answer.unwrap();
    assert_eq!((answer.text.as_str(), answer.finish), ("One moment.", Finish::ToolCalls));
    assert_eq!((answer.input_tokens, answer.output_tokens), (12, 7));
    assert_eq!((answer.tool_calls[0].id.as_str(), &answer.tool_calls[0].args["number"]), ("t1", &json!("A")));
    assert_eq!(pieces, ["One mo", "ment."]);
    let body = &asked[0];
    assert_eq!(body["model"], "vendor.model");
    assert_eq!(body["system"], json!([{"text": "Be kind."}]));
    let messages = body["messages"].as_array().unwrap();
    assert_eq!(
        messages.iter().map(|one| one["role"].as_str().unwrap()).collect::<Vec<_>>(),
        ["user", "assistant", "user"]
    );
    assert_eq!(messages[0]["content"], json!([{"text": "hello"}, {"text": "你好"}]), "no two of one side in a row");
    assert_eq!(messages[2]["content"][0]["toolResult"]["toolUseId"], "t0");
    let schema = &body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"];
    assert_eq!((&schema["required"], &schema["properties"]["number"]["type"]), (&json!(["number"]), &json!("string")));
}

#[tokio::test]
async fn whatever_it_does_has_a_stable_word() {
    let said = |text: &str, stop: &str| {
        vec![
            ("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": text}})),
            ("messageStop", json!({"stopReason": stop})),
        ]
    };
    let long = "word ".repeat(5_000);
    for (does, wanted) in [
        (Does::Refuses(429, "ThrottlingException"), AgentError::TooMany),
        (Does::Refuses(403, "AccessDeniedException"), AgentError::Failed("AccessDeniedException".into())),
        (Does::Stalls, AgentError::TimedOut),
        (Does::Streams(vec![]), AgentError::Unusable("cut_off")),
        (Does::Streams(said("", "end_turn")), AgentError::Unusable("empty")),
        (Does::Streams(said(&long, "end_turn")), AgentError::Unusable("too_long")),
    ] {
        let (answer, ..) = ask(does, &request()).await;
        assert_eq!(answer.unwrap_err(), wanted);
    }
}

#[tokio::test]
async fn a_stream_without_a_count_is_paid_for_all_the_same() {
    let events = vec![
        ("contentBlockDelta", json!({"contentBlockIndex": 0, "delta": {"text": "Good morning."}})),
        ("messageStop", json!({"stopReason": "end_turn"})),
    ];
    let (answer, ..) = ask(Does::Streams(events), &request()).await;
    let answer = answer.unwrap();
    assert!(answer.input_tokens >= 8 && answer.output_tokens >= 3, "{answer:?}");
}
