//! Any server with OpenAI's chat completions: vLLM, Ollama, llama.cpp, and most vendors.
//!
//! The address is the company's choice, and goes through the guarded client. One request, one try: who asks knows what
//! to fall back to. Nothing of what is asked, answered or used as key is logged or part of an error.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use deskwire_outbound::{GuardedClient, OutboundError, Request, StreamLimits, Streaming};
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value;

use super::{
    client::{ChatAnswer, ChatRequest, Finish, ModelClient},
    sse::Events,
    wire::{Answer, Completion, body, of_error, tokens},
};
use crate::{
    agent::{AgentError, Deltas},
    secret::Secret,
};

/// Bytes of an answer: a stream spends some 250 on each token, so this is about 8,000 of them.
const ANSWER_BYTES: usize = 2 * 1024 * 1024;
/// Characters that a model may write, with what it thinks aloud: ten times what a visitor is ever shown.
const ANSWER_CHARACTERS: usize = 20_000;
/// Bytes of an error that are read to find out what it is.
const ERROR_BYTES: usize = 64 * 1024;

/// Caps of one request to a model.
#[derive(Debug, Clone, Copy)]
pub struct ModelLimits {
    /// To its first word.
    pub first: Duration,
    /// Between two pieces of its answer.
    pub idle: Duration,
    /// To its last word.
    pub total: Duration,
    /// Bytes of its answer, as sent.
    pub bytes: usize,
    /// Characters of what it writes.
    pub characters: usize,
}

impl Default for ModelLimits {
    /// A visitor who sees nothing happen for ten seconds is gone; an answer of 2,000 characters takes half a minute on
    /// slow hardware.
    fn default() -> Self {
        Self {
            first: Duration::from_secs(10),
            idle: Duration::from_secs(5),
            total: Duration::from_secs(40),
            bytes: ANSWER_BYTES,
            characters: ANSWER_CHARACTERS,
        }
    }
}

/// Where a model is served, and which.
#[derive(Debug, Clone)]
pub struct OpenAi {
    /// The address up to `/chat/completions`: `https://api.example.com/v1`.
    pub base: String,
    /// The model's name there.
    pub model: String,
    /// The key, if it wants one.
    pub key: Option<Secret>,
    /// Caps.
    pub limits: ModelLimits,
}

/// A model behind an OpenAI-compatible address. Cheap to clone.
#[derive(Debug, Clone)]
pub struct OpenAiClient {
    outbound: GuardedClient,
    pub(super) config: OpenAi,
}

impl OpenAiClient {
    /// A client of a model.
    ///
    /// # Errors
    /// [`AgentError::Failed`] for an address that may not be called, with the code that says why, and for a key that
    /// no header can hold (`invalid_key`).
    pub fn new(outbound: GuardedClient, config: OpenAi) -> Result<Self, AgentError> {
        outbound.permits(&config.base).map_err(of_outbound)?;
        if config.key.as_ref().is_some_and(|key| key.bearer().is_none()) {
            return Err(AgentError::Failed("invalid_key".into()));
        }
        Ok(Self { outbound, config })
    }

    /// Posts to a path behind the base, and gives the answer if its status is a good one.
    pub(super) async fn post(&self, path: &str, body: &Value, limits: StreamLimits) -> Result<Streaming, AgentError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/event-stream, application/json"));
        if let Some(bearer) = self.config.key.as_ref().and_then(Secret::bearer) {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        let url = format!("{}/{path}", self.config.base.trim_end_matches('/'));
        let request = Request::post(url, headers, body.to_string());
        let mut answer = self.outbound.stream(request, limits).await.map_err(of_outbound)?;
        match answer.status {
            200..=299 => Ok(answer),
            400 => Err(refused(&mut answer).await),
            status => Err(of_status(status)),
        }
    }

    async fn read_stream(
        &self,
        mut stream: Streaming,
        began: Instant,
        deltas: Option<&Deltas>,
    ) -> Result<Answer, AgentError> {
        let (mut events, mut answer) = (Events::default(), Answer::default());
        let (mut characters, mut begun) = (0, false);
        while let Some(piece) = stream.chunk().await.map_err(of_outbound)? {
            for event in events.read(&piece)? {
                if event.trim() == "[DONE]" {
                    return Ok(answer);
                }
                let piece: Completion =
                    serde_json::from_str(&event).map_err(|_| AgentError::Unusable("broken_json"))?;
                begun |= !piece.choices.is_empty();
                let said = answer.take(piece)?;
                characters += said.chars().count();
                if characters > self.config.limits.characters {
                    return Err(AgentError::Unusable("too_long"));
                }
                if let Some(deltas) = deltas.filter(|_| !said.is_empty()) {
                    // Nobody may be watching any more; the answer counts all the same.
                    let _ = deltas.send(said);
                }
            }
            // Comments keep a connection alive while the model has not begun.
            if !begun && began.elapsed() > self.config.limits.first {
                return Err(AgentError::TimedOut);
            }
        }
        Ok(answer)
    }

    async fn read_whole(&self, mut stream: Streaming) -> Result<Answer, AgentError> {
        let mut answer = Answer::default();
        answer.take(read_json(&mut stream).await?)?;
        if answer.text.chars().count() > self.config.limits.characters {
            return Err(AgentError::Unusable("too_long"));
        }
        Ok(answer)
    }
}

#[async_trait]
impl ModelClient for OpenAiClient {
    async fn chat(&self, request: &ChatRequest, deltas: Option<&Deltas>) -> Result<ChatAnswer, AgentError> {
        let (began, limits) = (Instant::now(), self.config.limits);
        // What is not streamed begins when all is written.
        let first = if request.stream { limits.first } else { limits.total };
        let limits = StreamLimits { first, idle: limits.idle, total: limits.total, bytes: limits.bytes };
        let stream = self.post("chat/completions", &body(request, &self.config.model), limits).await?;
        let answer = match content_type(&stream.headers) {
            "text/event-stream" => self.read_stream(stream, began, deltas).await?,
            "application/json" => self.read_whole(stream).await?,
            _ => return Err(AgentError::Unusable("content_type")),
        };
        finished(&answer, request)
    }
}

/// An answer that has ended as it should.
fn finished(answer: &Answer, request: &ChatRequest) -> Result<ChatAnswer, AgentError> {
    let finish = answer.finish.ok_or(AgentError::Unusable("unfinished"))?;
    // A call that was cut off can look whole.
    let cut_call = || AgentError::Unusable("cut_off");
    let before = request.messages.iter().map(|message| message.tool_calls.len()).sum();
    let tool_calls = answer.calls(before).map_err(|error| if finish == Finish::Length { cut_call() } else { error })?;
    if finish == Finish::Length && !tool_calls.is_empty() {
        return Err(cut_call());
    }
    if finish == Finish::Filtered {
        return Err(AgentError::Unusable("filtered"));
    }
    if answer.text.trim().is_empty() && tool_calls.is_empty() {
        return Err(AgentError::Unusable("empty"));
    }
    let (input_tokens, output_tokens) = tokens(answer.usage, request.tokens_with(&answer.text));
    Ok(ChatAnswer { text: answer.text.clone(), tool_calls, input_tokens, output_tokens, finish })
}

fn content_type(headers: &HeaderMap) -> &str {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

/// A whole answer as JSON.
pub(super) async fn read_json<T: serde::de::DeserializeOwned>(stream: &mut Streaming) -> Result<T, AgentError> {
    let mut body = vec![];
    while let Some(piece) = stream.chunk().await.map_err(of_outbound)? {
        body.extend_from_slice(&piece);
    }
    serde_json::from_slice(&body).map_err(|_| AgentError::Unusable("broken_json"))
}

/// What a 400 says: some servers answer so where others answer 429.
async fn refused(answer: &mut Streaming) -> AgentError {
    let mut body = vec![];
    while let Ok(Some(piece)) = answer.chunk().await {
        body.extend_from_slice(&piece);
        if body.len() > ERROR_BYTES {
            break;
        }
    }
    let error = serde_json::from_slice::<Value>(&body).unwrap_or_default();
    if of_error(&error["error"]) == AgentError::TooMany { AgentError::TooMany } else { of_status(400) }
}

fn of_status(status: u16) -> AgentError {
    let word = match status {
        429 => return AgentError::TooMany,
        408 | 504 => return AgentError::TimedOut,
        401 | 403 => "unauthorized",
        404 => "not_found",
        300..=399 => "redirect",
        400..=499 => "refused",
        _ => "server_error",
    };
    AgentError::Failed(word.into())
}

/// What kept an answer away.
pub(crate) fn of_outbound(error: OutboundError) -> AgentError {
    match error {
        OutboundError::TimedOut => AgentError::TimedOut,
        OutboundError::TooLarge => AgentError::Unusable("too_long"),
        other => AgentError::Failed(other.code().into()),
    }
}
