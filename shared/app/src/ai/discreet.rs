//! A mind elsewhere that is told no personal data: it is hidden in all that goes out, and put back into what comes.

use async_trait::async_trait;
use deskwire_ai::{
    agent::{Agent, AgentError, Conversation, Deltas, Feedback, Responded, ToolAnswer, Understanding},
    model::{Masker, NewMasker},
    remote::RemoteAgent,
};

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
        hidden.contact.values_mut().for_each(|value| masker.hide_value(value));
        if let Some(memory) = &mut hidden.memory {
            memory.question = masker.hide(&memory.question);
            memory.slots.values_mut().for_each(|value| *value = masker.hide(value));
        }
        for result in &mut hidden.results {
            result.call.args.values_mut().for_each(|value| masker.hide_value(value));
            match &mut result.answer {
                ToolAnswer::Found { slots, words, .. } => {
                    slots.values_mut().for_each(|value| masker.hide_value(value));
                    *words = words.as_ref().map(|words| masker.hide(words));
                }
                ToolAnswer::Refused(why) => *why = masker.hide(why),
                ToolAnswer::Nothing | ToolAnswer::Failed => {}
            }
        }
        (hidden, masker)
    }
}

#[async_trait]
impl Agent for Discreet {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn understand(&self, _: &str, conversation: &Conversation) -> Result<Understanding, AgentError> {
        let (hidden, masker) = self.hidden(conversation);
        self.inner.ask(conversation, &hidden, &*masker).await
    }

    /// Gives what was prepared; asks again where tools have answered since.
    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        _: &Deltas,
    ) -> Result<Responded, AgentError> {
        if let (Some(prepared), true) = (&understood.prepared, conversation.results.is_empty()) {
            return Ok(prepared.clone().into());
        }
        let (hidden, masker) = self.hidden(conversation);
        let prepared = self.inner.ask(conversation, &hidden, &*masker).await?.prepared;
        prepared.map(Responded::from).ok_or(AgentError::Unusable("empty"))
    }

    async fn learn(&self, feedback: &Feedback) -> Result<(), AgentError> {
        let mut masker = (self.masker)(&Conversation::of("", deskwire_domain::Time::UNIX_EPOCH));
        let question = masker.hide(&feedback.question);
        self.inner.learn(&Feedback { question, ..feedback.clone() }).await
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use deskwire_ai::{
        agent::{ToolCall, ToolResult},
        remote::Remote,
    };
    use deskwire_outbound::GuardedClient;
    use deskwire_protocol::http::AiSettings;
    use serde_json::{Map, Value, json};

    use super::{super::minds::masker, *};

    fn map(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn numbers_are_hidden_as_texts_are() {
        let remote = Remote { url: "http://127.0.0.1:1".into(), key: None, time: std::time::Duration::from_secs(1) };
        let inner = RemoteAgent::new(GuardedClient::from_allow_list("127.0.0.0/8").unwrap(), remote).unwrap();
        let discreet = Discreet { inner, masker: masker(&AiSettings::default()) };
        let phone = 13_812_345_678_u64;
        let mut conversation = Conversation::of("call 13812345678", deskwire_domain::Time::UNIX_EPOCH);
        conversation.contact = map(json!({"attributes.phone": phone, "attributes.level": 3}));
        let call = ToolCall { id: "1".into(), name: "order".into(), args: map(json!({"phone": phone})) };
        let slots = map(json!({"to": {"phones": [phone]}, "total": 12.5}));
        let answer = ToolAnswer::Found { slots, words: Some("We call 13812345678.".into()), card: None };
        conversation.results = vec![ToolResult { call, answer }];
        let (hidden, masker) = discreet.hidden(&conversation);
        let told = format!("{hidden:?}");
        assert!(!told.contains("13812345678") && told.contains("12.5"), "{told}");
        assert_eq!(hidden.contact, map(json!({"attributes.phone": "[phone_1]", "attributes.level": 3})));
        assert_eq!(masker.reveal("[phone_1]"), "13812345678");
    }
}
