//! Tools that a mind asks for: only those that were offered, told only what they are to be told.

use regex::RegexBuilder;
use serde_json::{Map, Value};

use crate::agent::{Conversation, Parameter, Tool, ToolCall};

/// Tools asked at once: more is a mind that tries things out.
const CALLS: usize = 4;
/// Characters of an argument: as the business queries behind the tools have it.
const ARGUMENT_CHARACTERS: usize = 500;
/// Bytes of a compiled pattern: as the rules in which a company writes it have it.
const PATTERN_BYTES: usize = 64 * 1024;

/// Why a call is not executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CallFault {
    /// No such tool was offered.
    NotOffered,
    /// A parameter is missing.
    Missing(String),
    /// A parameter is no plain value, too long, or does not match its pattern.
    Mismatch(String),
    /// It was asked that in this turn, and has answered.
    Again,
    /// Too many calls at once.
    TooMany,
}

impl CallFault {
    /// The stable word for it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::NotOffered => "tool_not_offered",
            Self::Missing(_) => "argument_missing",
            Self::Mismatch(_) => "argument_refused",
            Self::Again => "tool_asked_again",
            Self::TooMany => "too_many_calls",
        }
    }

    /// What the model is told of it.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::NotOffered => "There is no such tool. Use only the tools that are offered.".into(),
            Self::Missing(name) => format!("{name} is missing. Ask the visitor for it; do not guess."),
            Self::Mismatch(name) => format!("{name} is not valid. Ask the visitor for it; do not guess."),
            Self::Again => "It has answered that already. Use its answer.".into(),
            Self::TooMany => format!("At most {CALLS} tools at once."),
        }
    }
}

/// The calls that may be executed, without arguments that their tools do not declare; and the others, with why not.
/// What says whose data it is, is never an argument, so one that a model invents for it is gone here.
pub(crate) fn calls(asked: Vec<ToolCall>, conversation: &Conversation) -> (Vec<ToolCall>, Vec<(ToolCall, CallFault)>) {
    let (mut good, mut bad): (Vec<ToolCall>, _) = (vec![], vec![]);
    for call in asked {
        match checked(&call, &conversation.tools) {
            Err(fault) => bad.push((call, fault)),
            Ok(_) if good.len() == CALLS => bad.push((call, CallFault::TooMany)),
            Ok(args) => {
                let same = |other: &ToolCall| other.name == call.name && other.args == args;
                if conversation.results.iter().any(|result| same(&result.call)) {
                    bad.push((call, CallFault::Again));
                } else if !good.iter().any(same) {
                    good.push(ToolCall { args, ..call });
                }
            }
        }
    }
    (good, bad)
}

/// The arguments that a call may have.
fn checked(call: &ToolCall, tools: &[Tool]) -> Result<Map<String, Value>, CallFault> {
    let tool = tools.iter().find(|tool| tool.name == call.name).ok_or(CallFault::NotOffered)?;
    let mut args = Map::new();
    for parameter in &tool.parameters {
        match call.args.get(&parameter.name) {
            None | Some(Value::Null) if parameter.optional => {}
            None | Some(Value::Null) => return Err(CallFault::Missing(parameter.name.clone())),
            Some(value) => {
                let words = words(value).filter(|words| fits(words, parameter));
                let words = words.ok_or_else(|| CallFault::Mismatch(parameter.name.clone()))?;
                if words.is_empty() && !parameter.optional {
                    return Err(CallFault::Missing(parameter.name.clone()));
                }
                args.insert(parameter.name.clone(), Value::String(words));
            }
        }
    }
    Ok(args)
}

/// A plain value as words.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

fn fits(words: &str, parameter: &Parameter) -> bool {
    if words.chars().count() > ARGUMENT_CHARACTERS || words.chars().any(char::is_control) {
        return false;
    }
    let Some(pattern) = &parameter.pattern else { return true };
    let whole = RegexBuilder::new(&format!(r"\A(?:{pattern})\z")).size_limit(PATTERN_BYTES).build();
    whole.is_ok_and(|whole| whole.is_match(words))
}
