//! A real little server that plays a large model (OpenAI's chat completions and embeddings): it does what a script says,
//! request by request, and records what it was asked.
//!
//! Also included by other crates' tests, so it needs nothing of this one.

use std::{
    collections::VecDeque,
    convert::Infallible,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};

/// What it does with a request.
#[derive(Clone)]
pub enum Behaviour {
    /// Answers: streamed or whole, as it is asked.
    Answer(Answer),
    /// Streams these pieces of a body as they are, and ends.
    Raw {
        /// The content type.
        content_type: &'static str,
        /// The pieces.
        pieces: Vec<String>,
    },
    /// Streams these pieces of a body as they are, and then nothing more, without an end.
    Stall {
        /// The pieces; none sends the head only.
        pieces: Vec<String>,
    },
    /// Never even sends the head.
    Silent,
    /// Streams the same words for ever.
    Endless(&'static str),
    /// Answers with a status and a body.
    Status(u16, &'static str),
    /// Decides by what it is asked: a model that obeys whatever it reads.
    Obeys(Arc<dyn Fn(&Value) -> Answer + Send + Sync>),
}

/// An answer of the model.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What it says, piece by piece.
    pub text: Vec<String>,
    /// What it asks for.
    pub calls: Vec<Call>,
    /// Why it stops, if not for the usual reason.
    pub finish: Option<&'static str>,
    /// Tokens that it read and wrote, if it counts them.
    pub usage: Option<(u32, u32)>,
}

/// A tool that the model asks for.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// Its id, if it gives one.
    pub id: Option<&'static str>,
    /// The tool.
    pub name: String,
    /// The arguments, piece by piece.
    pub arguments: Vec<String>,
}

impl Answer {
    /// Says something in one piece.
    pub fn says(text: &str) -> Self {
        Self { text: vec![text.to_owned()], usage: Some((1_000, 500)), ..Self::default() }
    }

    /// Says something in pieces of so many characters.
    pub fn says_in_pieces(text: &str, characters: usize) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Self { text: chars.chunks(characters).map(|piece| piece.iter().collect()).collect(), ..Self::says("") }
    }

    /// Asks for a tool.
    pub fn calls(name: &str, arguments: &Value) -> Self {
        let call = Call { id: Some("call_a"), name: name.to_owned(), arguments: vec![arguments.to_string()] };
        Self { calls: vec![call], usage: Some((1_000, 500)), ..Self::default() }
    }

    fn finish(&self) -> &'static str {
        self.finish.unwrap_or(if self.calls.is_empty() { "stop" } else { "tool_calls" })
    }

    fn usage(&self) -> Value {
        self.usage.map_or(Value::Null, |(read, wrote)| json!({"prompt_tokens": read, "completion_tokens": wrote}))
    }

    /// As events, the way OpenAI's servers send them.
    pub fn events(&self) -> Vec<String> {
        let delta = |delta: Value| json!({"choices": [{"index": 0, "delta": delta}], "id": "x", "object": "chunk"});
        let mut events = vec![delta(json!({"role": "assistant", "content": ""}))];
        events.extend(self.text.iter().map(|piece| delta(json!({"content": piece}))));
        for (index, call) in self.calls.iter().enumerate() {
            let mut head =
                json!({"index": index, "type": "function", "function": {"name": call.name, "arguments": ""}});
            if let Some(id) = call.id {
                head["id"] = json!(id);
            }
            events.push(delta(json!({"tool_calls": [head]})));
            events.extend(
                call.arguments
                    .iter()
                    .map(|piece| delta(json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}))),
            );
        }
        events.push(json!({"choices": [{"index": 0, "delta": {}, "finish_reason": self.finish()}]}));
        if self.usage.is_some() {
            events.push(json!({"choices": [], "usage": self.usage()}));
        }
        events.iter().map(event).chain(["data: [DONE]\n\n".to_owned()]).collect()
    }

    fn whole(&self) -> Value {
        let calls = self.calls.iter().map(|call| {
            json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments.concat()}})
        });
        let calls: Vec<Value> = calls.collect();
        let mut message = json!({"role": "assistant", "content": self.text.concat()});
        if !calls.is_empty() {
            message["tool_calls"] = calls.into();
        }
        json!({"choices": [{"index": 0, "message": message, "finish_reason": self.finish()}], "usage": self.usage()})
    }
}

/// One event of a stream.
pub fn event(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The path.
    pub path: String,
    /// The `authorization` header.
    pub authorization: Option<String>,
    /// The `traceparent` header.
    pub traceparent: Option<String>,
    /// The body.
    pub body: Value,
}

impl Asked {
    /// All that was said to the model, as one text.
    pub fn words(&self) -> String {
        let messages = self.body["messages"].as_array().into_iter().flatten();
        messages.filter_map(|message| message["content"].as_str()).collect::<Vec<_>>().join("\n")
    }
}

#[derive(Default)]
struct Script {
    queue: VecDeque<Behaviour>,
    asked: Vec<Asked>,
}

/// The server. It runs until the test's runtime ends.
#[derive(Clone)]
pub struct ModelServer {
    /// Where it listens.
    pub address: SocketAddr,
    script: Arc<Mutex<Script>>,
}

impl ModelServer {
    /// Starts a server that does these things, request by request, and the last of them for ever.
    ///
    /// # Panics
    /// Where there is no port to be had.
    pub async fn start(behaviours: impl IntoIterator<Item = Behaviour>) -> Self {
        let script = Arc::new(Mutex::new(Script { queue: behaviours.into_iter().collect(), asked: vec![] }));
        let router = Router::new()
            .route("/v1/chat/completions", post(chat))
            .route("/v1/embeddings", post(embed))
            .with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, script }
    }

    /// Starts a server that answers with these, one after another.
    pub async fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::start(answers.into_iter().map(Behaviour::Answer)).await
    }

    /// The address to configure.
    pub fn base(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Adds to what it will do.
    ///
    /// # Panics
    /// If a request panicked.
    pub fn then(&self, behaviour: Behaviour) {
        self.script.lock().expect("no panic").queue.push_back(behaviour);
    }

    /// What it was asked so far.
    ///
    /// # Panics
    /// If a request panicked.
    pub fn asked(&self) -> Vec<Asked> {
        self.script.lock().expect("no panic").asked.clone()
    }
}

/// Writes a request down, and gives what is to be done with it.
async fn record(script: &Mutex<Script>, request: Request) -> (Option<Behaviour>, Value) {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 16 * 1024 * 1024).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let header = |name: &str| Some(parts.headers.get(name)?.to_str().ok()?.to_owned());
    let asked = Asked {
        path: parts.uri.path().to_owned(),
        authorization: header("authorization"),
        traceparent: header("traceparent"),
        body: body.clone(),
    };
    let mut script = script.lock().expect("no panic");
    script.asked.push(asked);
    let next = if script.queue.len() > 1 { script.queue.pop_front() } else { script.queue.front().cloned() };
    (next, body)
}

async fn chat(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (behaviour, asked) = record(&script, request).await;
    let streams = asked["stream"] == true;
    match behaviour {
        Some(Behaviour::Answer(answer)) => send(&answer, streams),
        Some(Behaviour::Obeys(obey)) => send(&obey(&asked), streams),
        Some(Behaviour::Raw { content_type, pieces }) => body(content_type, stream::iter(pieces)),
        Some(Behaviour::Stall { pieces }) => body("text/event-stream", stream::iter(pieces).chain(stream::pending())),
        Some(Behaviour::Silent) => std::future::pending().await,
        Some(Behaviour::Endless(words)) => {
            let piece = event(&json!({"choices": [{"index": 0, "delta": {"content": words}}]}));
            body("text/event-stream", stream::repeat(piece))
        }
        Some(Behaviour::Status(status, text)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
        }
        None => StatusCode::NOT_IMPLEMENTED.into_response(),
    }
}

fn send(answer: &Answer, streams: bool) -> Response {
    if streams {
        body("text/event-stream", stream::iter(answer.events()))
    } else {
        Json(answer.whole()).into_response()
    }
}

fn body(content_type: &'static str, pieces: impl stream::Stream<Item = String> + Send + 'static) -> Response {
    let body = Body::from_stream(pieces.map(Ok::<_, Infallible>));
    ([(header::CONTENT_TYPE, content_type)], body).into_response()
}

/// Vectors that anybody can check: the number of characters, and of those that are `e`.
async fn embed(State(script): State<Arc<Mutex<Script>>>, request: Request) -> Response {
    let (behaviour, asked) = record(&script, request).await;
    if let Some(Behaviour::Raw { content_type, pieces }) = behaviour {
        return body(content_type, stream::iter(pieces));
    }
    let texts = asked["input"].as_array().cloned().unwrap_or_default();
    let vector = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        json!([text.chars().count(), text.matches('e').count()])
    };
    // Not in order: servers need not keep it.
    let data = texts
        .iter()
        .enumerate()
        .rev()
        .map(|(index, text)| json!({"index": index, "embedding": vector(text), "object": "embedding"}));
    let data: Vec<Value> = data.collect();
    Json(json!({"data": data, "model": asked["model"]})).into_response()
}
