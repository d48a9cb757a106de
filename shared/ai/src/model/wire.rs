//! What OpenAI-compatible servers say, with the liberties that they take: fields that nobody knows are passed over.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::client::{ChatMessage, ChatRequest, Finish, Role};
use crate::agent::{AgentError, Parameter, Tool, ToolCall};

/// Tools asked for in one answer: no turn needs more, and the list must end.
const CALLS: usize = 16;

/// The body of a request.
pub(super) fn body(request: &ChatRequest, model: &str) -> Value {
    let mut body = json!({
        "model": model,
        "messages": request.messages.iter().map(message).collect::<Vec<_>>(),
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "stream": request.stream,
    });
    if request.stream {
        body["stream_options"] = json!({"include_usage": true});
    }
    if !request.tools.is_empty() {
        body["tools"] = request.tools.iter().map(tool).collect();
    }
    body
}

fn message(message: &ChatMessage) -> Value {
    let role = match message.role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
    };
    let mut value = json!({"role": role, "content": message.text});
    if !message.tool_calls.is_empty() {
        value["tool_calls"] = message.tool_calls.iter().map(call).collect();
    }
    if let Some(id) = &message.tool_call_id {
        value["tool_call_id"] = json!(id);
    }
    value
}

fn call(call: &ToolCall) -> Value {
    let arguments = Value::Object(call.args.clone()).to_string();
    json!({"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}})
}

/// A tool as JSON Schema. Patterns are told in words: servers differ in which they take as schema.
fn tool(tool: &Tool) -> Value {
    let properties: Map<_, _> = tool.parameters.iter().map(|one| (one.name.clone(), parameter(one))).collect();
    let required: Vec<_> = tool.parameters.iter().filter(|one| !one.optional).map(|one| &one.name).collect();
    json!({"type": "function", "function": {
        "name": tool.name,
        "description": tool.description,
        "parameters": {
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        },
    }})
}

fn parameter(parameter: &Parameter) -> Value {
    let mut words = parameter.description.clone().unwrap_or_default();
    if let Some(pattern) = &parameter.pattern {
        let space = if words.is_empty() { "" } else { " " };
        words.push_str(&format!("{space}Must match as a whole: {pattern}"));
    }
    json!({"type": "string", "description": words})
}

/// A whole answer, or a piece of one.
#[derive(Debug, Deserialize)]
pub(super) struct Completion {
    #[serde(default)]
    pub(super) choices: Vec<Choice>,
    #[serde(default, deserialize_with = "usage")]
    pub(super) usage: Option<Usage>,
    /// Says why there is no answer, also in the middle of one.
    #[serde(default)]
    pub(super) error: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    #[serde(default)]
    index: usize,
    #[serde(default, alias = "message")]
    delta: Option<Delta>,
    #[serde(default)]
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Delta {
    #[serde(default, deserialize_with = "words")]
    content: String,
    #[serde(default)]
    tool_calls: Option<Vec<CallDelta>>,
}

#[derive(Debug, Deserialize)]
struct CallDelta {
    #[serde(default)]
    index: Option<usize>,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    function: Function,
}

#[derive(Debug, Default, Deserialize)]
struct Function {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    arguments: Value,
}

/// What a server says that it counted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    #[serde(deserialize_with = "claimed")]
    prompt_tokens: u32,
    #[serde(deserialize_with = "claimed")]
    completion_tokens: u32,
    #[serde(deserialize_with = "claimed")]
    total_tokens: u32,
}

/// Tokens that a server may claim: no window is larger, and one number must not use up a budget for ever.
const CLAIMED_AT_MOST: f64 = 2_000_000.0;

/// A number of tokens, whatever a server wrote in its place: what is no number, or below zero, claims nothing. A good
/// answer is not lost to a bad count.
fn claimed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = Value::deserialize(deserializer)?.as_f64().unwrap_or_default();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    Ok(number.clamp(0.0, CLAIMED_AT_MOST).ceil() as u32)
}

/// Tokens that were read and written: what the server counted, but never less than what we count ourselves, or one that
/// counts nothing would be free of every budget.
pub(super) fn tokens(usage: Option<Usage>, (read, written): (u32, u32)) -> (u32, u32) {
    let usage = usage.unwrap_or_default();
    let read = read.max(usage.prompt_tokens);
    let written = written.max(usage.completion_tokens).max(usage.total_tokens.saturating_sub(read));
    (read, written)
}

/// What was counted, if it can be read at all.
fn usage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Usage>, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(deserializer)?).ok())
}

/// Content as words: a string, nothing, or parts of which only texts count.
fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect(),
        _ => String::new(),
    })
}

/// An answer, as far as it has come.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) text: String,
    calls: Vec<CallSoFar>,
    pub(super) finish: Option<Finish>,
    pub(super) usage: Option<Usage>,
}

#[derive(Debug, Default, Serialize)]
struct CallSoFar {
    index: usize,
    id: String,
    name: String,
    arguments: String,
}

impl Answer {
    /// Takes a piece, and gives the words that came with it.
    ///
    /// # Errors
    /// What the piece says of an error; [`AgentError::Unusable`] for too many calls.
    pub(super) fn take(&mut self, piece: Completion) -> Result<String, AgentError> {
        if let Some(error) = piece.error.filter(|error| !error.is_null()) {
            return Err(of_error(&error));
        }
        self.usage = piece.usage.or(self.usage);
        let mut said = String::new();
        for choice in piece.choices.into_iter().filter(|choice| choice.index == 0) {
            let delta = choice.delta.unwrap_or_default();
            said.push_str(&delta.content);
            delta.tool_calls.into_iter().flatten().try_for_each(|call| self.take_call(call))?;
            self.finish = choice.finish_reason.map(|reason| finish(&reason)).or(self.finish);
        }
        self.text.push_str(&said);
        Ok(said)
    }

    fn take_call(&mut self, delta: CallDelta) -> Result<(), AgentError> {
        let (id, name) = (delta.id.unwrap_or_default(), delta.function.name.unwrap_or_default());
        // Without an index, a name begins a call.
        let last = self.calls.last().map_or(0, |last| last.index);
        let index = delta.index.unwrap_or(if name.is_empty() { last } else { self.calls.len() });
        let known = self.calls.iter().rposition(|call| call.index == index);
        let known = known.filter(|at| !begins_another(&self.calls[*at], &id, &name));
        let at = match known {
            Some(at) => at,
            None if self.calls.len() == CALLS => return Err(AgentError::Unusable("too_many_calls")),
            None => {
                self.calls.push(CallSoFar { index, ..CallSoFar::default() });
                self.calls.len() - 1
            }
        };
        let call = &mut self.calls[at];
        for (so_far, said) in [(&mut call.id, id), (&mut call.name, name)] {
            if so_far.is_empty() {
                *so_far = said;
            }
        }
        match delta.function.arguments {
            Value::Null => {}
            Value::String(piece) => call.arguments.push_str(&piece),
            whole => call.arguments.push_str(&whole.to_string()),
        }
        Ok(())
    }

    /// The calls. Ids that are missing or not unique are made, counting on from `before`.
    ///
    /// # Errors
    /// [`AgentError::Unusable`] for arguments that are no JSON object, and a call without a name.
    pub(super) fn calls(&self, before: usize) -> Result<Vec<ToolCall>, AgentError> {
        let mut calls: Vec<ToolCall> = vec![];
        for (index, call) in self.calls.iter().enumerate() {
            if call.name.is_empty() {
                return Err(AgentError::Unusable("broken_call"));
            }
            let args = if call.arguments.trim().is_empty() { "{}" } else { &call.arguments };
            let args = serde_json::from_str(args).map_err(|_| AgentError::Unusable("broken_call"))?;
            let unique = !call.id.is_empty() && calls.iter().all(|other| other.id != call.id);
            let id = if unique { call.id.clone() } else { format!("call_{}", before + index) };
            calls.push(ToolCall { id, name: call.name.clone(), args });
        }
        Ok(calls)
    }
}

/// Whether what comes with a call's index is another call: some servers (Ollama, Gemini) give all of them index 0 or
/// none, and each as a whole.
fn begins_another(call: &CallSoFar, id: &str, name: &str) -> bool {
    let other_id = !id.is_empty() && !call.id.is_empty() && id != call.id;
    let whole = || serde_json::from_str::<Map<String, Value>>(&call.arguments).is_ok();
    other_id || (id.is_empty() && call.id.is_empty() && !name.is_empty() && !call.name.is_empty() && whole())
}

fn finish(reason: &str) -> Finish {
    match reason {
        "length" | "max_tokens" => Finish::Length,
        "content_filter" => Finish::Filtered,
        "tool_calls" | "function_call" => Finish::ToolCalls,
        _ => Finish::Stop,
    }
}

/// What an error in the answer says: only whether it is one of too many requests.
pub(super) fn of_error(error: &Value) -> AgentError {
    let says = |name: &str| {
        let value = &error[name];
        value == 429 || value.as_str().is_some_and(|word| word == "429" || word.contains("rate_limit"))
    };
    if says("code") || says("type") { AgentError::TooMany } else { AgentError::Failed("error_in_answer".into()) }
}
