//! A mind elsewhere that is told no personal data: it is hidden in all that goes out, and put back into what comes.

use async_trait::async_trait;
use deskwire_ai::{
    agent::{
        Agent, AgentError, Conversation, Deltas, Feedback, Responded, Response, ToolAnswer, ToolCall, Understanding,
    },
    model::{Masker, NewMasker},
    remote::RemoteAgent,
};
use serde_json::{Map, Value};

/// A remote mind behind a mask.
pub(super) struct Discreet {
    pub inner: RemoteAgent,
    pub masker: NewMasker,
}

impl Discreet {
    /// What it may know, and what puts back what it may not. The same texts are hidden in the same way each time.
    fn hidden(&self, conversation: &Conversation) -> (Conversation, Box<dyn Masker>) {
        let mut masker = (self.masker)(conversation);
        let mut hidden = conversation.clone();
        for said in &mut hidden.history {
            said.text = masker.hide(&said.text);
        }
        hidden.text = masker.hide(&hidden.text);
        each_text(&mut hidden.contact, &mut |text| *text = masker.hide(text));
        if let Some(memory) = &mut hidden.memory {
            memory.question = masker.hide(&memory.question);
            memory.slots.values_mut().for_each(|value| *value = masker.hide(value));
        }
        for result in &mut hidden.results {
            each_text(&mut result.call.args, &mut |text| *text = masker.hide(text));
            match &mut result.answer {
                ToolAnswer::Found { slots, words, .. } => {
                    each_text(slots, &mut |text| *text = masker.hide(text));
                    *words = words.as_ref().map(|words| masker.hide(words));
                }
                ToolAnswer::Refused(why) => *why = masker.hide(why),
                ToolAnswer::Nothing | ToolAnswer::Failed => {}
            }
        }
        (hidden, masker)
    }
}

fn each_text(map: &mut Map<String, Value>, change: &mut impl FnMut(&mut String)) {
    fn walk(value: &mut Value, change: &mut impl FnMut(&mut String)) {
        match value {
            Value::String(text) => change(text),
            Value::Array(parts) => parts.iter_mut().for_each(|part| walk(part, change)),
            Value::Object(map) => map.values_mut().for_each(|value| walk(value, change)),
            _ => {}
        }
    }
    map.values_mut().for_each(|value| walk(value, change));
}

fn revealed(response: Response, masker: &dyn Masker) -> Response {
    match response {
        Response::Reply(mut reply) => {
            reply.text = masker.reveal(&reply.text);
            Response::Reply(reply)
        }
        Response::Tools(calls) => {
            let call = |mut call: ToolCall| {
                each_text(&mut call.args, &mut |text| *text = masker.reveal(text));
                call
            };
            Response::Tools(calls.into_iter().map(call).collect())
        }
        Response::HandOver { reason, text } => {
            Response::HandOver { reason, text: text.map(|text| masker.reveal(&text)) }
        }
    }
}

#[async_trait]
impl Agent for Discreet {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn understand(&self, _: &str, conversation: &Conversation) -> Result<Understanding, AgentError> {
        let (hidden, masker) = self.hidden(conversation);
        let mut understood = self.inner.understand(&hidden.text, &hidden).await?;
        understood.slots.values_mut().for_each(|value| *value = masker.reveal(value));
        understood.prepared = understood.prepared.map(|response| revealed(response, masker.as_ref()));
        Ok(understood)
    }

    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        deltas: &Deltas,
    ) -> Result<Responded, AgentError> {
        // What it prepared is put back already; for anything else it is asked again.
        if let Some(prepared) = &understood.prepared {
            return Ok(prepared.clone().into());
        }
        let (hidden, masker) = self.hidden(conversation);
        let Responded { response, tokens } = self.inner.respond(understood, &hidden, deltas).await?;
        Ok(Responded { response: revealed(response, masker.as_ref()), tokens })
    }

    async fn learn(&self, feedback: &Feedback) -> Result<(), AgentError> {
        let mut masker = (self.masker)(&Conversation::of("", deskwire_domain::Time::UNIX_EPOCH));
        let question = masker.hide(&feedback.question);
        self.inner.learn(&Feedback { question, ..feedback.clone() }).await
    }
}
