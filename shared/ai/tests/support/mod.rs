//! What the model's and the remote mind's tests share.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part; in a test, a panic is the report")]

use std::time::Duration;

use async_trait::async_trait;
use deskwire_ai::{
    agent::{
        Agent, AgentError, Conversation, Deltas, Feedback, Parameter, Passage, Responded, Tool, ToolCall, Understanding,
    },
    model::{ModelLimits, OpenAi, OpenAiClient},
    secret::Secret,
};
use deskwire_domain::Time;
use deskwire_outbound::GuardedClient;
use serde_json::{Map, Value};
use tokio::sync::mpsc;

pub const SHORT: Duration = Duration::from_millis(200);

pub fn limits() -> ModelLimits {
    let long = Duration::from_secs(10);
    ModelLimits { first: long, idle: long, total: long, ..ModelLimits::default() }
}

pub fn client(base: String, limits: ModelLimits) -> OpenAiClient {
    let config = OpenAi { base, model: "small".into(), key: Some(Secret::new("sk-sesame")), limits };
    OpenAiClient::new(GuardedClient::from_allow_list("127.0.0.0/8").unwrap(), config).unwrap()
}

pub fn args(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

/// A tool that reads an order of this visitor.
pub fn order_tool() -> Tool {
    let number = Parameter { name: "order".into(), pattern: Some("[A-Z][0-9]{4}".into()), ..Parameter::default() };
    Tool { name: "order_status".into(), description: "Where an order is.".into(), parameters: vec![number] }
}

pub fn conversation(text: &str) -> Conversation {
    Conversation {
        id: "cnv_1".into(),
        history: vec![],
        text: text.into(),
        memory: None,
        contact: Map::new(),
        tools: vec![order_tool()],
        results: vec![],
        now: "2026-01-05T10:00:00Z".parse::<Time>().unwrap(),
        people_are_there: true,
    }
}

pub fn passage(article: &str, text: &str) -> Passage {
    Passage {
        article: article.into(),
        title: article.into(),
        url: Some(format!("https://help.shop.example/{article}")),
        text: text.into(),
        answer: None,
        confidence: 0.9,
    }
}

pub fn understood() -> Understanding {
    let passages = vec![
        passage("art_ship", "Parcels arrive within three working days."),
        passage("art_back", "Goods can be sent back within 30 days."),
    ];
    Understanding { intent: Some("shipping".into()), confidence: 0.8, passages, ..Understanding::default() }
}

pub fn call(name: &str, value: &Value) -> ToolCall {
    ToolCall { id: "call_a".into(), name: name.into(), args: args(value) }
}

/// All that was shown.
pub fn drain(deltas: &mut mpsc::UnboundedReceiver<String>) -> String {
    std::iter::from_fn(|| deltas.try_recv().ok()).collect()
}

/// A mind that understands the same always.
pub struct Fixed;

#[async_trait]
impl Agent for Fixed {
    fn name(&self) -> &'static str {
        "fixed"
    }

    async fn understand(&self, _: &str, _: &Conversation) -> Result<Understanding, AgentError> {
        Ok(understood())
    }

    async fn respond(&self, _: &Understanding, _: &Conversation, _: &Deltas) -> Result<Responded, AgentError> {
        Err(AgentError::Failed("not_asked".into()))
    }

    async fn learn(&self, _: &Feedback) -> Result<(), AgentError> {
        Err(AgentError::TooMany)
    }
}
