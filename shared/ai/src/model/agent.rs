//! A large model as a mind. It finds the words; what a text means, and which passages fit it, another mind says.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use deskwire_domain::turn::{HandOverReason, Outcome};
use serde_json::Value;
use tokio::sync::mpsc;

use super::{
    client::{ChatAnswer, ChatMessage, ChatRequest, Finish, ModelClient},
    mask::{Masker, NewMasker},
    prompt::{HAND_OVER, Instructions, Prompt},
    said,
    shown::Shown,
    think::without_thoughts,
};
use crate::{
    agent::{
        Agent, AgentError, Conversation, Deltas, Feedback, Passage, Reply, Responded, Response, ToolAnswer, ToolCall,
        Understanding,
    },
    guard::{self, CallFault, Watch},
    mood,
};

/// Tokens that a model may write: 2,000 Chinese characters, or what it thinks before a short answer.
const MAX_TOKENS: u32 = 2_000;
/// Little freedom: a customer who asks twice should be told the same.
const TEMPERATURE: f32 = 0.2;
/// Answers of tools in one turn; past them the model has to say something.
const RESULTS: usize = 8;

/// A large model that answers from a company's knowledge.
#[derive(Clone)]
pub struct ModelAgent {
    client: Arc<dyn ModelClient>,
    inner: Arc<dyn Agent>,
    masker: NewMasker,
    instructions: Arc<Instructions>,
}

impl ModelAgent {
    /// A model that a company chose; `inner` understands and learns, `masker` hides what must not go out.
    pub fn new(
        client: Arc<dyn ModelClient>,
        inner: Arc<dyn Agent>,
        masker: NewMasker,
        instructions: Instructions,
    ) -> Self {
        Self { client, inner, masker, instructions: Arc::new(instructions) }
    }
}

#[async_trait]
impl Agent for ModelAgent {
    fn name(&self) -> &'static str {
        "model"
    }

    /// What the inner mind understands: no model is asked for it.
    async fn understand(&self, text: &str, conversation: &Conversation) -> Result<Understanding, AgentError> {
        self.inner.understand(text, conversation).await
    }

    /// Asks the model, and once more if it asks for what it may not.
    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        deltas: &Deltas,
    ) -> Result<Responded, AgentError> {
        let mut masker = (self.masker)(conversation);
        let prompt = Prompt::new(&self.instructions, &understood.passages, conversation, &mut *masker);
        let mut offered = conversation.clone();
        if conversation.results.len() >= RESULTS {
            offered.tools.clear();
        }
        let hosts = hosts(&self.instructions, &understood.passages, conversation);
        let turn = Turn { prompt: &prompt, passages: &understood.passages, offered, hosts, masker: &*masker };
        turn.run(&*self.client, deltas).await
    }

    /// The inner mind learns: a model does not.
    async fn learn(&self, feedback: &Feedback) -> Result<(), AgentError> {
        self.inner.learn(feedback).await
    }
}

/// Where a reply may lead: to where the company's instructions, articles and systems do. What the visitor wrote is not
/// among them.
fn hosts(instructions: &Instructions, passages: &[Passage], conversation: &Conversation) -> BTreeSet<String> {
    let articles = passages.iter().flat_map(|passage| [&passage.url, &passage.answer].into_iter().flatten());
    let texts = passages.iter().map(|passage| &passage.text).chain(articles).chain([&instructions.words]);
    let mut hosts: BTreeSet<_> = texts.flat_map(|text| guard::hosts(text)).collect();
    for result in &conversation.results {
        if let ToolAnswer::Found { slots, words, .. } = &result.answer {
            let slots = slots.values().filter_map(Value::as_str);
            hosts.extend(slots.chain(words.as_deref()).flat_map(guard::hosts));
        }
    }
    hosts
}

/// What a model wants, after all guards.
enum Judged {
    /// It can be done.
    Done(Response),
    /// It asks for what it may not.
    Refused(Vec<(ToolCall, CallFault)>),
}

struct Turn<'a> {
    prompt: &'a Prompt,
    passages: &'a [Passage],
    /// The conversation, with the tools that the model may use now.
    offered: Conversation,
    hosts: BTreeSet<String>,
    masker: &'a dyn Masker,
}

impl Turn<'_> {
    async fn run(&self, client: &dyn ModelClient, deltas: &Deltas) -> Result<Responded, AgentError> {
        let mut request = ChatRequest {
            messages: self.prompt.messages.clone(),
            tools: self.prompt.tools.clone(),
            max_tokens: MAX_TOKENS,
            temperature: TEMPERATURE,
            stream: true,
        };
        if self.offered.tools.is_empty() {
            request.tools.retain(|tool| tool.name == HAND_OVER);
        }
        let (first, shown) = self.ask(client, &request, deltas).await?;
        let tokens = first.input_tokens.saturating_add(first.output_tokens);
        let refused = match self.judge(&first)? {
            Judged::Done(response) => {
                if matches!(response, Response::Reply(_)) {
                    shown.end();
                }
                return Ok(Responded { response, tokens });
            }
            Judged::Refused(refused) => refused,
        };
        drop(shown);
        request.messages.extend(told(&first, &refused));
        // What was streamed of the first answer stands on the visitor's screen: the second comes as a whole.
        request.stream = false;
        let second = client.chat(&request, None).await?;
        let tokens = tokens.saturating_add(second.input_tokens).saturating_add(second.output_tokens);
        match self.judge(&second)? {
            Judged::Done(response) => Ok(Responded { response, tokens }),
            Judged::Refused(refused) => {
                Err(AgentError::Unusable(refused.first().map_or("broken_call", |(_, fault)| fault.code())))
            }
        }
    }

    /// Asks, and shows what comes while it comes.
    async fn ask<'s>(
        &'s self,
        client: &dyn ModelClient,
        request: &ChatRequest,
        deltas: &'s Deltas,
    ) -> Result<(ChatAnswer, Shown<'s>), AgentError> {
        let (raw, mut pieces) = mpsc::unbounded_channel();
        let mut shown = Shown::new(&self.prompt.secrets, self.masker, &self.hosts, deltas);
        let asking = client.chat(request, Some(&raw));
        tokio::pin!(asking);
        let answer = loop {
            tokio::select! {
                biased;
                Some(piece) = pieces.recv() => shown.take(&piece),
                answer = &mut asking => break answer?,
            }
        };
        while let Ok(piece) = pieces.try_recv() {
            shown.take(&piece);
        }
        Ok((answer, shown))
    }

    fn judge(&self, answer: &ChatAnswer) -> Result<Judged, AgentError> {
        let said = without_thoughts(&answer.text);
        if Watch::whole(&self.prompt.secrets, &said) {
            return Err(AgentError::Unusable("prompt_leak"));
        }
        if let Some(call) = answer.tool_calls.iter().find(|call| call.name == HAND_OVER) {
            let text = self.reply(&said, Finish::Stop).ok().map(|reply| reply.text);
            return Ok(Judged::Done(Response::HandOver { reason: reason(call), text }));
        }
        if answer.tool_calls.is_empty() {
            return self.reply(&said, answer.finish).map(|reply| Judged::Done(Response::Reply(reply)));
        }
        let (good, refused) = guard::calls(self.revealed(&answer.tool_calls), &self.offered);
        let done = refused.is_empty();
        Ok(if done { Judged::Done(Response::Tools(good)) } else { Judged::Refused(refused) })
    }

    /// The calls, with what was hidden from the model.
    fn revealed(&self, calls: &[ToolCall]) -> Vec<ToolCall> {
        let mut calls = calls.to_vec();
        let args = calls.iter_mut().flat_map(|call| call.args.values_mut());
        args.for_each(|value| self.masker.reveal_value(value));
        calls
    }

    fn reply(&self, said: &str, finish: Finish) -> Result<Reply, AgentError> {
        let (text, cited) = said::said(said, finish, &self.hosts, self.masker)?;
        let article = |number: usize| self.passages.get(number.checked_sub(1)?).map(|passage| passage.article.clone());
        let mut sources = vec![];
        for article in cited.into_iter().filter_map(article) {
            if !sources.contains(&article) {
                sources.push(article);
            }
        }
        let used = self.offered.results.iter().any(|result| matches!(result.answer, ToolAnswer::Found { .. }));
        let outcome = match mood::small_talk(&self.offered.text) {
            _ if used => Outcome::Tool,
            _ if !sources.is_empty() || asks_back(&text) => Outcome::Generated,
            Some(_) => Outcome::SmallTalk,
            // Words without a source may be true, but nobody knows: it counts as not understood.
            None => Outcome::Unsure,
        };
        Ok(Reply { text, cards: guard::cards(&self.offered.results), sources, outcome, asks_for: None })
    }
}

/// Whether a reply is a question to the visitor, which needs no source.
fn asks_back(text: &str) -> bool {
    text.ends_with(['?', '？'])
}

/// What the model is told of its calls, of which none is executed. They are given back as they are: masked, if at all.
fn told(answer: &ChatAnswer, refused: &[(ToolCall, CallFault)]) -> Vec<ChatMessage> {
    let mut messages = vec![ChatMessage::calls(without_thoughts(&answer.text), answer.tool_calls.clone())];
    messages.extend(answer.tool_calls.iter().map(|call| {
        let fault = refused.iter().find(|(other, _)| other.id == call.id);
        ChatMessage::result(
            &call.id,
            fault.map_or("Not asked: another call was refused.".into(), |(_, why)| why.words()),
        )
    }));
    messages
}

fn reason(call: &ToolCall) -> HandOverReason {
    match call.args.get("reason").and_then(Value::as_str) {
        Some("requested") => HandOverReason::Requested,
        Some("anger") => HandOverReason::Anger,
        Some("no_progress") => HandOverReason::NoProgress,
        _ => HandOverReason::Unsure,
    }
}
