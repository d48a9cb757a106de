//! What any large model is asked and answers, whoever serves it.

use async_trait::async_trait;

use crate::{
    agent::{AgentError, Deltas, Tool, ToolCall},
    text::is_han,
};

/// Who speaks in a message to a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The company: rules and knowledge.
    System,
    /// The visitor.
    User,
    /// The model, or a person who answered in its place.
    Assistant,
    /// A tool that the model asked for.
    Tool,
}

/// A message to a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatMessage {
    /// Who speaks.
    pub role: Role,
    /// The words; may be empty where there are `tool_calls`.
    pub text: String,
    /// The tools that it asked for; only of [`Role::Assistant`].
    pub tool_calls: Vec<ToolCall>,
    /// The call that it answers; only of [`Role::Tool`].
    pub tool_call_id: Option<String>,
}

impl ChatMessage {
    /// Words.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into(), tool_calls: vec![], tool_call_id: None }
    }

    /// The tools that the model asked for, and what it said with it.
    pub fn calls(text: impl Into<String>, tool_calls: Vec<ToolCall>) -> Self {
        Self { tool_calls, ..Self::new(Role::Assistant, text) }
    }

    /// What a tool answered.
    pub fn result(call: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tool_call_id: Some(call.into()), ..Self::new(Role::Tool, text) }
    }
}

/// What a model is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatRequest {
    /// The system's message first, then the conversation, the oldest first.
    pub messages: Vec<ChatMessage>,
    /// The tools that it may ask for.
    pub tools: Vec<Tool>,
    /// Tokens that it may write.
    pub max_tokens: u32,
    /// How freely it chooses its words, from 0.
    pub temperature: f32,
    /// Whether its words are wanted while it writes them.
    pub stream: bool,
}

impl ChatRequest {
    /// About how many tokens a model reads with it, and writes with this answer: what is counted where it counts nothing.
    pub fn tokens_with(&self, answer: &str) -> (u32, u32) {
        let count = |tokens: usize| u32::try_from(tokens).unwrap_or(u32::MAX);
        let read = self.messages.iter().map(|message| tokens_of(&message.text)).sum();
        (count(read), count(tokens_of(answer)))
    }
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It had said all.
    Stop,
    /// It asks for tools.
    ToolCalls,
    /// It had no tokens left.
    Length,
    /// Who serves it would not let it say more.
    Filtered,
}

/// What a model answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ChatAnswer {
    /// Its words, as it wrote them: nothing in them is to be believed.
    pub text: String,
    /// The tools that it asks for; each with an id that no other call in the request or the answer has.
    pub tool_calls: Vec<ToolCall>,
    /// Tokens that it read.
    pub input_tokens: u32,
    /// Tokens that it wrote.
    pub output_tokens: u32,
    /// Why it stopped.
    pub finish: Finish,
}

/// A large model, somewhere.
#[async_trait]
pub trait ModelClient: Send + Sync {
    /// Asks it once. What it writes also goes to `deltas`, raw and in order, if the request says `stream`.
    ///
    /// # Errors
    /// [`AgentError`]. An answer with neither words nor calls is [`AgentError::Unusable`].
    async fn chat(&self, request: &ChatRequest, deltas: Option<&Deltas>) -> Result<ChatAnswer, AgentError>;
}

/// Letters of a Latin word that make a token, about: what common tokenisers come to in English.
const LETTERS_OF_A_TOKEN: usize = 4;

/// About how many tokens a text has, rather too many than too few: a Chinese character is one, four others are one.
pub fn tokens_of(text: &str) -> usize {
    let (mut han, mut others) = (0usize, 0usize);
    for char in text.chars() {
        if is_han(char) { han += 1 } else { others += 1 }
    }
    han + others.div_ceil(LETTERS_OF_A_TOKEN)
}
