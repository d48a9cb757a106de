//! Between the agent interface and the contract. What comes back is checked as any mind's answer is.

use deskwire_domain::{
    AuthorKind,
    turn::{HandOverReason, Outcome},
};
use serde_json::{Map, Value};

use super::proto::{self, hand_over::Reason, handle_query_response::Response as Wanted, said::By, tool_result};
use crate::{
    agent::{AgentError, Conversation, Feedback, Reply, Response, Said, Tool, ToolAnswer, ToolCall, Understanding},
    guard,
    model::Masker,
    text::is_han,
};

/// Slots that are taken from a response: a text has no more values.
const SLOTS: usize = 20;
/// Articles that a reply may name.
const SOURCES: usize = 10;

pub(super) fn query(text: &str, conversation: &Conversation) -> proto::HandleQueryRequest {
    let memory = conversation
        .memory
        .as_ref()
        .map(|turn| proto::Memory { intent: turn.intent.clone().unwrap_or_default(), slots: turn.slots.clone() });
    proto::HandleQueryRequest {
        session_id: conversation.id.clone(),
        history: conversation.history.iter().map(said).collect(),
        current_text: text.to_owned(),
        language: if text.chars().any(is_han) { "zh" } else { "" }.to_owned(),
        tools: conversation.tools.iter().map(tool).collect(),
        tool_results: conversation.results.iter().map(|result| result_of(&result.call, &result.answer)).collect(),
        contact_json: Value::Object(conversation.contact.clone()).to_string(),
        memory,
        now: conversation.now.to_string(),
        people_are_there: conversation.people_are_there,
    }
}

fn said(said: &Said) -> proto::Said {
    let by = match said.by {
        AuthorKind::Visitor => By::Visitor,
        AuthorKind::Agent => By::Agent,
        AuthorKind::Bot => By::Bot,
        AuthorKind::System => By::System,
    };
    proto::Said { by: by.into(), text: said.text.clone() }
}

fn tool(tool: &Tool) -> proto::Tool {
    let parameters = tool.parameters.iter().map(|one| proto::Parameter {
        name: one.name.clone(),
        description: one.description.clone().unwrap_or_default(),
        pattern: one.pattern.clone().unwrap_or_default(),
        optional: one.optional,
    });
    proto::Tool { name: tool.name.clone(), description: tool.description.clone(), parameters: parameters.collect() }
}

fn result_of(call: &ToolCall, answer: &ToolAnswer) -> proto::ToolResult {
    use tool_result::Outcome;
    let call = proto::ToolCall {
        id: call.id.clone(),
        name: call.name.clone(),
        arguments_json: Value::Object(call.args.clone()).to_string(),
    };
    let (outcome, slots, words) = match answer {
        ToolAnswer::Found { slots, words, .. } => (Outcome::Found, Some(slots), words.clone()),
        ToolAnswer::Nothing => (Outcome::Nothing, None, None),
        ToolAnswer::Refused(why) => (Outcome::Refused, None, Some(why.clone())),
        ToolAnswer::Failed => (Outcome::Failed, None, None),
    };
    proto::ToolResult {
        call: Some(call),
        outcome: outcome.into(),
        slots_json: slots.map(|slots| Value::Object(slots.clone()).to_string()).unwrap_or_default(),
        words: words.unwrap_or_default(),
    }
}

pub(super) fn feedback(feedback: &Feedback) -> proto::Feedback {
    proto::Feedback {
        question: feedback.question.clone(),
        understood: feedback.understood.clone().unwrap_or_default(),
        good: feedback.good,
        intent: feedback.intent.clone().unwrap_or_default(),
    }
}

/// What a response says, with what it wants to do as prepared. What was hidden is put back before anything is judged: a
/// tool's pattern is one of values, not of what stands in their place.
pub(super) fn understanding(
    response: proto::HandleQueryResponse,
    conversation: &Conversation,
    masker: &dyn Masker,
) -> Result<Understanding, AgentError> {
    let wanted = response.response.ok_or(AgentError::Unusable("empty"))?;
    let confidence = if response.confidence.is_finite() { response.confidence.clamp(0.0, 1.0) } else { 0.0 };
    Ok(Understanding {
        intent: Some(response.intent).filter(|intent| !intent.is_empty()),
        confidence,
        slots: response.slots.into_iter().take(SLOTS).map(|(name, value)| (name, masker.reveal(&value))).collect(),
        passages: vec![],
        prepared: Some(prepared(wanted, conversation, masker)?),
    })
}

fn prepared(wanted: Wanted, conversation: &Conversation, masker: &dyn Masker) -> Result<Response, AgentError> {
    match wanted {
        Wanted::Reply(reply) => {
            let text = words(&masker.reveal(&reply.text)).ok_or(AgentError::Unusable("empty"))?;
            let used = !conversation.results.is_empty();
            Ok(Response::Reply(Reply {
                text,
                cards: guard::cards(&conversation.results),
                sources: reply.sources.into_iter().take(SOURCES).collect(),
                outcome: if used { Outcome::Tool } else { Outcome::Generated },
                asks_for: None,
            }))
        }
        Wanted::ToolCalls(calls) => {
            let calls = calls.calls.into_iter().map(|one| call(one, masker)).collect::<Result<Vec<_>, _>>()?;
            let (good, faults) = guard::calls(calls, conversation);
            match faults.first() {
                Some((_, fault)) => Err(AgentError::Unusable(fault.code())),
                None if good.is_empty() => Err(AgentError::Unusable("empty")),
                None => Ok(Response::Tools(good)),
            }
        }
        Wanted::HandOver(hand_over) => {
            let reason = match hand_over.reason() {
                Reason::Requested => HandOverReason::Requested,
                Reason::Unspecified | Reason::Unsure => HandOverReason::Unsure,
                Reason::Anger => HandOverReason::Anger,
                Reason::Intent => HandOverReason::Intent,
                Reason::NoProgress => HandOverReason::NoProgress,
                Reason::Failed => HandOverReason::Failed,
            };
            Ok(Response::HandOver { reason, text: words(&masker.reveal(&hand_over.text)) })
        }
    }
}

fn call(call: proto::ToolCall, masker: &dyn Masker) -> Result<ToolCall, AgentError> {
    let broken = |_| AgentError::Unusable("broken_call");
    let mut args: Map<String, Value> = if call.arguments_json.is_empty() {
        Map::new()
    } else {
        serde_json::from_str(&call.arguments_json).map_err(broken)?
    };
    args.values_mut().for_each(|value| masker.reveal_value(value));
    Ok(ToolCall { id: call.id, name: call.name, args })
}

/// Words that can be said: plain, not too long, and some.
fn words(text: &str) -> Option<String> {
    let text = guard::plain(text);
    let text = guard::shortened(&text);
    (!text.is_empty()).then_some(text)
}
