//! What is no progress: an answer that was given before, and words that are no message where one is waited for.

use deskwire_domain::{AuthorKind, turn::Outcome};

use super::{Deciding, LocalAgent, blank};
use crate::{
    agent::{Conversation, Reply, Response, Understanding},
    mood::{self, SmallTalk},
    phrases::Phrase,
};

impl LocalAgent {
    /// Whether whoever gets this answer got the same the last [`crate::plan::Plan::after_misses`] times already, with
    /// nothing else in between: they ask again because it does not help. Whichever mind gives it.
    pub fn is_no_progress(&self, reply: &Reply, conversation: &Conversation) -> bool {
        if !matches!(reply.outcome, Outcome::Exact | Outcome::Generated | Outcome::Tool) {
            return false;
        }
        let cards = || reply.cards.iter().map(|card| card.text.as_ref().unwrap_or(&card.title));
        // Where the company wrote no words, the card's are said twice.
        let lines = 1 + cards().filter(|words| **words == reply.text).count();
        let since = conversation.history.iter().rev().take_while(|said| said.by != AuthorKind::Agent);
        let by_it = since.filter(|said| said.by == AuthorKind::Bot);
        let answers = by_it.filter(|said| said.text == reply.text || cards().all(|words| *words != said.text));
        let same = answers.take_while(|said| said.text == reply.text).count() / lines;
        same >= usize::from(self.plan.after_misses)
    }

    /// What is said to words that are no message, where one is waited for because nobody is there; `None` where they are
    /// one. Who thinks better of it is let go, what the company has words of its own for is answered, and who only says
    /// `ok` is still waited for: `asks_for` is what to wait for then.
    pub fn instead_of_a_message(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        asks_for: (String, String),
    ) -> Option<Response> {
        let turn = self.deciding(understood, conversation);
        match mood::small_talk(&conversation.text) {
            Some(SmallTalk::Yes | SmallTalk::Greeting) => Some(turn.still_waits(asks_for)),
            Some(talk) => Some(turn.small_talk(talk)),
            None if turn.is_known() => Some(turn.out_of_articles()),
            None => None,
        }
    }
}

impl Deciding<'_> {
    fn still_waits(&self, asks_for: (String, String)) -> Response {
        let text = self.agent.plan.phrases.say_with(Phrase::Away, self.language, "");
        Response::Reply(Reply { asks_for: Some(asks_for), ..blank(text, Outcome::Asked) })
    }
}
