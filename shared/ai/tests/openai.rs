//! An OpenAI-compatible server, good and bad: every failure has its word, within its time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "in a test, a panic is the report")]

#[path = "../../../tests/src/model_server.rs"]
#[allow(dead_code, reason = "each test uses its part")]
mod model_server;
mod support;

use std::time::Instant;

use deskwire_ai::{
    agent::AgentError,
    model::{ChatAnswer, ChatMessage, ChatRequest, Finish, ModelClient, ModelLimits, Role},
};
use model_server::{Answer, Behaviour, Call, ModelServer, event};
use serde_json::json;
use support::{SHORT, args, client, drain, limits, order_tool};
use tokio::sync::mpsc;

fn request(stream: bool) -> ChatRequest {
    let messages = vec![ChatMessage::new(Role::System, "Be kind."), ChatMessage::new(Role::User, "你好")];
    ChatRequest { messages, tools: vec![order_tool()], max_tokens: 100, temperature: 0.0, stream }
}

async fn ask(behaviour: Behaviour, limits: ModelLimits, stream: bool) -> (Result<ChatAnswer, AgentError>, String) {
    let server = ModelServer::start([behaviour]).await;
    let (sender, mut deltas) = mpsc::unbounded_channel();
    let began = Instant::now();
    let answer = client(server.base(), limits).chat(&request(stream), Some(&sender)).await;
    assert!(began.elapsed().as_secs() < 8, "it ends in time");
    (answer, drain(&mut deltas))
}

#[tokio::test]
async fn an_answer_is_the_same_streamed_and_whole() {
    for stream in [true, false] {
        let said = Answer::says_in_pieces("您好！Parcels take 3 days 📦.", 3);
        let server = ModelServer::answering([said]).await;
        let (sender, mut deltas) = mpsc::unbounded_channel();
        let answer = client(server.base(), limits()).chat(&request(stream), Some(&sender)).await.unwrap();
        assert_eq!(answer.text, "您好！Parcels take 3 days 📦.");
        assert_eq!((answer.input_tokens, answer.output_tokens, answer.finish), (1_000, 500, Finish::Stop));
        assert_eq!(drain(&mut deltas), if stream { answer.text } else { String::new() });
        let asked = &server.asked()[0];
        assert_eq!(asked.authorization.as_deref(), Some("Bearer sk-sesame"));
        assert_eq!((&asked.body["model"], &asked.body["stream"]), (&json!("small"), &json!(stream)));
        assert_eq!(asked.body["messages"][1], json!({"role": "user", "content": "你好"}));
        assert_eq!(asked.body["tools"][0]["function"]["parameters"]["required"], json!(["order"]));
    }
}

#[tokio::test]
async fn calls_come_in_pieces_without_ids_and_several_at_one_index() {
    let piece = |text: &str| text.to_owned();
    let first = Call {
        id: None,
        name: "order_status".into(),
        arguments: vec![piece("{\"or"), piece("der\":\"A1"), piece("001\"}")],
    };
    let second = Call { id: Some("x"), name: "other".into(), arguments: vec![] };
    let answer = Answer { calls: vec![first, second], ..Answer::default() };
    for stream in [true, false] {
        let (answer, shown) = ask(Behaviour::Answer(answer.clone()), limits(), stream).await;
        let answer = answer.unwrap();
        let calls: Vec<_> = answer.tool_calls.iter().map(|call| (&*call.id, &*call.name, call.args.clone())).collect();
        let expected = [("call_0", "order_status", args(&json!({"order": "A1001"}))), ("x", "other", args(&json!({})))];
        assert_eq!((calls.as_slice(), answer.finish, &*shown), (&expected[..], Finish::ToolCalls, ""));
        assert!(answer.input_tokens > 0, "a server that does not count is counted for");
    }
    // As Ollama and Gemini do: each whole, all at index 0, with and without ids.
    for ids in [[json!("a"), json!("b")], [json!(null), json!(null)], [json!(""), json!("")]] {
        let events = ids.iter().zip(["A1001", "B1002"]).map(|(id, order)| {
            let arguments = json!({"order": order}).to_string();
            let call = json!({"index": 0, "id": id, "function": {"name": "order_status", "arguments": arguments}});
            event(&json!({"choices": [{"index": 0, "delta": {"content": null, "tool_calls": [call]}}]}))
        });
        let end = event(&json!({"choices": [{"delta": {}, "finish_reason": "stop"}], "new_field": [1]}));
        let pieces = events.chain([end]).collect();
        let (answer, _) =
            ask(Behaviour::Raw { content_type: "text/event-stream; charset=utf-8", pieces }, limits(), true).await;
        let calls = answer.unwrap().tool_calls;
        let orders: Vec<_> = calls.iter().map(|call| call.args["order"].as_str().unwrap()).collect();
        assert_eq!(orders, ["A1001", "B1002"], "{ids:?}");
        assert_ne!(calls[0].id, calls[1].id);
    }
}

#[tokio::test]
async fn time_is_up_before_the_first_word_in_the_middle_and_at_the_end() {
    let short_first = ModelLimits { first: SHORT, ..limits() };
    let begun = event(&json!({"choices": [{"delta": {"content": "Hel"}}]}));
    for (behaviour, limits, shown) in [
        (Behaviour::Silent, short_first, ""),
        (Behaviour::Stall { pieces: vec![] }, short_first, ""),
        (Behaviour::Stall { pieces: vec![begun] }, ModelLimits { idle: SHORT, ..limits() }, "Hel"),
        (Behaviour::Silent, ModelLimits { total: SHORT, ..limits() }, ""),
    ] {
        let (answer, deltas) = ask(behaviour, limits, true).await;
        assert_eq!((answer, &*deltas), (Err(AgentError::TimedOut), shown));
    }
    let (answer, _) = ask(Behaviour::Silent, ModelLimits { total: SHORT, ..limits() }, false).await;
    assert_eq!(answer, Err(AgentError::TimedOut));
}

#[tokio::test]
async fn what_has_no_end_is_cut_off() {
    let few = ModelLimits { characters: 1_000, ..limits() };
    let small = ModelLimits { bytes: 5_000, ..limits() };
    for limits in [few, small] {
        let (answer, shown) = ask(Behaviour::Endless("again and "), limits, true).await;
        assert_eq!(answer, Err(AgentError::Unusable("too_long")));
        assert!(shown.len() <= 1_000);
    }
    let (answer, _) = ask(Behaviour::Answer(Answer::says(&"x".repeat(1_001))), few, false).await;
    assert_eq!(answer, Err(AgentError::Unusable("too_long")));
    let line = Behaviour::Raw { content_type: "text/event-stream", pieces: vec!["x".repeat(300_000)] };
    assert_eq!(ask(line, limits(), true).await.0, Err(AgentError::Unusable("too_long")));
}

#[tokio::test]
async fn each_failure_has_its_word() {
    let failed = |word: &str| AgentError::Failed(word.into());
    for (status, body, error) in [
        (429, "{}", AgentError::TooMany),
        (400, r#"{"error": {"code": "rate_limit_exceeded"}}"#, AgentError::TooMany),
        (400, "no json", failed("refused")),
        (401, "{}", failed("unauthorized")),
        (404, "{}", failed("not_found")),
        (307, "", failed("redirect")),
        (500, "{}", failed("server_error")),
        (504, "{}", AgentError::TimedOut),
    ] {
        for stream in [true, false] {
            assert_eq!(ask(Behaviour::Status(status, body), limits(), stream).await.0, Err(error.clone()), "{status}");
        }
    }
    let raw = |content_type, text: &str| Behaviour::Raw { content_type, pieces: vec![text.to_owned()] };
    let events = "text/event-stream";
    for (behaviour, error) in [
        (raw("text/html", "<html>"), AgentError::Unusable("content_type")),
        (raw(events, "data: {\"choices\": [\n\n"), AgentError::Unusable("broken_json")),
        (raw("application/json", "{\"choices\":"), AgentError::Unusable("broken_json")),
        (raw("application/json", "{}"), AgentError::Unusable("unfinished")),
        (raw(events, "data: [DONE]\n\n"), AgentError::Unusable("unfinished")),
        (raw(events, ""), AgentError::Unusable("unfinished")),
        (raw(events, "data: {\"error\": {\"message\": \"no\", \"code\": 500}}\n\n"), failed("error_in_answer")),
        (raw(events, "data: {\"error\": {\"code\": 429}}\n\n"), AgentError::TooMany),
        (Behaviour::Answer(Answer::says(" \n")), AgentError::Unusable("empty")),
        (
            Behaviour::Answer(Answer { finish: Some("content_filter"), ..Answer::says("x") }),
            AgentError::Unusable("filtered"),
        ),
    ] {
        assert_eq!(ask(behaviour, limits(), true).await.0, Err(error));
    }
    let broken = Call { id: None, name: "order_status".into(), arguments: vec!["{\"order\": ".into()] };
    let broken = Answer { calls: vec![broken], ..Answer::default() };
    for stream in [true, false] {
        let (answer, _) = ask(Behaviour::Answer(broken.clone()), limits(), stream).await;
        assert_eq!(answer, Err(AgentError::Unusable("broken_call")));
    }
    let cut = Answer { finish: Some("length"), ..broken };
    assert_eq!(ask(Behaviour::Answer(cut), limits(), true).await.0, Err(AgentError::Unusable("cut_off")));
    let long = Answer { finish: Some("length"), ..Answer::says("It is. But") };
    assert_eq!(ask(Behaviour::Answer(long), limits(), true).await.0.unwrap().finish, Finish::Length);
}

#[tokio::test]
async fn vectors_come_in_order_in_batches_and_whole() {
    let server = ModelServer::start([]).await;
    let texts: Vec<String> = (0..130).map(|number| "e".repeat(number)).collect();
    let vectors = client(server.base(), limits()).embed(&texts).await.unwrap();
    assert!(vectors.iter().enumerate().all(|(at, vector)| *vector == [at as f32, at as f32]));
    assert_eq!(server.asked().len(), 3);
    for body in [
        r#"{"data": [{"index": 0, "embedding": [1]}]}"#,
        r#"{"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]}"#,
        r#"{"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1, 2]}]}"#,
        r#"{"data": [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}]}"#,
    ] {
        let raw = Behaviour::Raw { content_type: "application/json", pieces: vec![body.into()] };
        let server = ModelServer::start([raw]).await;
        let answer = client(server.base(), limits()).embed(&texts[..2]).await;
        assert_eq!(answer, Err(AgentError::Unusable("broken_vectors")), "{body}");
    }
}

#[test]
fn the_key_is_never_shown_and_addresses_inside_are_refused() {
    let client = client("http://127.0.0.1:1/v1".into(), limits());
    assert!(!format!("{client:?}").contains("sesame"));
    let config = deskwire_ai::model::OpenAi {
        base: "http://10.0.0.1/v1".into(),
        model: "m".into(),
        key: None,
        limits: limits(),
    };
    let outbound = deskwire_outbound::GuardedClient::from_allow_list("").unwrap();
    let refused = deskwire_ai::model::OpenAiClient::new(outbound, config).unwrap_err();
    assert_eq!(refused, AgentError::Failed("address_not_allowed".into()));
}

#[tokio::test]
async fn whatever_a_server_says_it_counted_the_answer_counts_and_is_paid_for() {
    // What we count ourselves: "Be kind." is two tokens and "你好" two, the answer ten.
    let text = "您好！Parcels take 3 days 📦.";
    let whole = |usage: &serde_json::Value| json!({"choices": [{"message": {"content": text}, "finish_reason": "stop"}], "usage": usage});
    for (usage, tokens) in [
        (json!(null), (4, 8)),
        (json!({"prompt_tokens": 0, "completion_tokens": 0}), (4, 8)),
        (json!({"prompt_tokens": 900, "completion_tokens": 70, "total_tokens": 970}), (900, 70)),
        (json!({"total_tokens": 1_000}), (4, 996)),
        (json!({"prompt_tokens": -5, "completion_tokens": 20.5}), (4, 21)),
        (json!({"prompt_tokens": 1e300, "completion_tokens": "many"}), (2_000_000, 8)),
        (json!({"prompt_tokens": 18_446_744_073_709_551_615u64}), (2_000_000, 8)),
        (json!([1, 2]), (4, 8)),
        (json!("none"), (4, 8)),
    ] {
        let answer = whole(&usage).to_string();
        let server =
            ModelServer::start([Behaviour::Raw { content_type: "application/json", pieces: vec![answer] }]).await;
        let answer = client(server.base(), limits()).chat(&request(false), None).await.unwrap();
        assert_eq!(
            (answer.text.as_str(), answer.input_tokens, answer.output_tokens),
            (text, tokens.0, tokens.1),
            "{usage}"
        );
    }
}
