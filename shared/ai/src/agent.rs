//! The agent interface: the one place to plug another mind in.
//!
//! Three implement it: the local engine, a large model, and one that a company runs elsewhere (gRPC). Whoever has an
//! agent do a turn brings along all that it may know ([`Conversation`]), executes the tools that it asks for, and
//! writes down what it answers. An agent never reads or writes anything of Deskwire itself.

use std::collections::BTreeMap;

use async_trait::async_trait;
use deskwire_domain::{
    AuthorKind, Time,
    content::CardContent,
    turn::{HandOverReason, Outcome, Turn},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::mpsc::UnboundedSender;

/// Something that was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Who.
    pub by: AuthorKind,
    /// What.
    pub text: String,
}

/// A tool that an agent may ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it must be told. What says *whose* data it is, is not among them: it comes from the conversation.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a tool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The regular expression that it must match as a whole.
    pub pattern: Option<String>,
    /// It may be left out.
    pub optional: bool,
    /// The question with which to ask for it, if the company wrote one.
    pub ask: Option<String>,
}

/// A tool that an agent asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolCall {
    /// What tells it from others in the same answer.
    pub id: String,
    /// The tool.
    pub name: String,
    /// What it is told.
    pub args: Map<String, Value>,
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolResult {
    /// The call.
    pub call: ToolCall,
    /// What came of it.
    pub answer: ToolAnswer,
}

/// What came of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolAnswer {
    /// The system's answer.
    Found {
        /// What was read out of it, by name.
        slots: Map<String, Value>,
        /// The words that the company wrote for it, filled in.
        words: Option<String>,
        /// A card for the visitor.
        card: Option<CardContent>,
    },
    /// The system knows nothing of it, or it is not this visitor's.
    Nothing,
    /// There is no such tool, or it may not be asked for that.
    Refused(String),
    /// The system did not answer.
    Failed,
}

/// A passage of the company's knowledge that fits a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// The article.
    pub article: String,
    /// Its title.
    pub title: String,
    /// Where a visitor may read it.
    pub url: Option<String>,
    /// The passage itself.
    pub text: String,
    /// The company's own answer as a whole, where the article is a question with an answer.
    pub answer: Option<String>,
    /// How likely it answers the text, from 0 to 1.
    pub confidence: f32,
}

/// What a text means.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Understanding {
    /// The intent; none where it is better to say nothing.
    pub intent: Option<String>,
    /// How likely it is, from 0 to 1.
    pub confidence: f32,
    /// Values in the text, by name.
    pub slots: BTreeMap<String, String>,
    /// Passages that fit it, the best first, three at most.
    pub passages: Vec<Passage>,
    /// A remote mind answers at once: its response waits here for [`Agent::respond`].
    pub prepared: Option<Response>,
}

/// All that an agent may know in a turn.
#[derive(Debug, Clone)]
pub struct Conversation {
    /// Which, for a mind that keeps a memory of its own.
    pub id: String,
    /// What was said before, the oldest first; what is to be answered is not in it.
    pub history: Vec<Said>,
    /// What is to be answered: all that the visitor wrote since the last answer.
    pub text: String,
    /// What the last turn left, if there was one.
    pub memory: Option<Turn>,
    /// What the company lets a mind know of the contact: name, level, …
    pub contact: Map<String, Value>,
    /// The tools that it may ask for.
    pub tools: Vec<Tool>,
    /// What they answered in this turn.
    pub results: Vec<ToolResult>,
    /// Now.
    pub now: Time,
    /// Whether people are there, by the company's business hours.
    pub people_are_there: bool,
}

impl Conversation {
    /// Nothing but a text: nobody said anything before, there are no tools, and people are there.
    pub fn of(text: &str, now: Time) -> Self {
        Self {
            id: String::new(),
            history: vec![],
            text: text.to_owned(),
            memory: None,
            contact: Map::new(),
            tools: vec![],
            results: vec![],
            now,
            people_are_there: true,
        }
    }
}

/// Where an answer says that it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The words.
    pub text: String,
    /// Cards behind them.
    pub cards: Vec<CardContent>,
    /// The articles that it comes from, by id.
    pub sources: Vec<String>,
    /// How it came about.
    pub outcome: Outcome,
    /// What it asks for: the tool and its parameter.
    pub asks_for: Option<(String, String)>,
}

/// What an agent does.
#[derive(Debug, Clone, PartialEq)]
pub enum Response {
    /// It says something.
    Reply(Reply),
    /// It needs tools, and wants to be asked again with what they answer.
    Tools(Vec<ToolCall>),
    /// It gives the conversation to people.
    HandOver {
        /// Why.
        reason: HandOverReason,
        /// What it says, if it has words of its own.
        text: Option<String>,
    },
}

/// A response, and what it cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Responded {
    /// It.
    pub response: Response,
    /// Tokens that a model read and wrote.
    pub tokens: u32,
}

impl From<Response> for Responded {
    fn from(response: Response) -> Self {
        Self { response, tokens: 0 }
    }
}

/// What somebody thinks of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feedback {
    /// The words that were answered.
    pub question: String,
    /// The intent that was understood.
    pub understood: Option<String>,
    /// Whether the answer was good.
    pub good: bool,
    /// What it should have been understood as, if an agent said so.
    pub intent: Option<String>,
}

/// Why an agent has no response. Says nothing of what was said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgentError {
    /// It did not answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// It is asked too often.
    #[error("asked too often")]
    TooMany,
    /// It cannot be reached, or failed: a stable word for why.
    #[error("failed: {0}")]
    Failed(String),
    /// What it answered cannot be used: a stable word for why.
    #[error("unusable answer: {0}")]
    Unusable(&'static str),
}

/// Where words go while they are written; a hint for whoever watches. What counts is the response.
pub type Deltas = UnboundedSender<String>;

/// A mind.
#[async_trait]
pub trait Agent: Send + Sync {
    /// Its name in the log: `local`, `model`, `remote`.
    fn name(&self) -> &'static str;

    /// What a text means.
    ///
    /// # Errors
    /// [`AgentError`].
    async fn understand(&self, text: &str, conversation: &Conversation) -> Result<Understanding, AgentError>;

    /// What to do about it. Asked again with [`Conversation::results`] after it asked for tools.
    ///
    /// # Errors
    /// [`AgentError`].
    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        deltas: &Deltas,
    ) -> Result<Responded, AgentError>;

    /// Takes to heart what somebody thinks of an answer.
    ///
    /// # Errors
    /// [`AgentError`].
    async fn learn(&self, feedback: &Feedback) -> Result<(), AgentError>;
}
