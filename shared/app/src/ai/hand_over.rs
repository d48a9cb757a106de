//! How people get a conversation from the AI agent: whose queue, and what they are told. Where nobody is there, a message
//! is taken and a ticket opened.

use std::collections::BTreeSet;

use deskwire_ai::{
    agent::{Conversation, Understanding},
    local::language,
    mood::{self, Language},
    phrases::Phrase,
};
use deskwire_domain::{
    AuthorKind, BusinessHours,
    bot::Then,
    turn::{HandOverReason, Outcome},
};

use super::{brain::Brain, scene::Scene, tools};

/// What a conversation is labelled with that is to be answered later.
pub(super) const TICKET: &str = "ticket";
/// Characters up to which words that ask for a person say nothing else.
const MERE_REQUEST_CHARS: usize = 40;
/// Last things said that a summary quotes, and characters of each.
const QUOTED: (usize, usize) = (6, 200);

/// What is said and done where people go on.
pub(super) struct HandedOver {
    pub text: String,
    pub outcome: Outcome,
    /// What is asked for before.
    pub asks_for: Option<(String, String)>,
    pub then: Then,
}

/// All that a hand-over is made of.
pub(super) struct Handing<'a> {
    pub brain: &'a Brain,
    pub scene: &'a Scene,
    pub conversation: &'a Conversation,
    /// When people are there.
    pub hours: Option<&'a BusinessHours>,
    pub understood: &'a Understanding,
    pub reason: HandOverReason,
    /// The number by which people speak of it.
    pub ticket: String,
    /// The mind's own words.
    pub text: Option<String>,
    /// A ticket is wanted, whether or not people are there.
    pub as_ticket: bool,
}

impl Handing<'_> {
    /// Gives the conversation to people; where nobody is there, asks for a message first, unless there is one already.
    pub(super) fn done(self) -> HandedOver {
        let language = language(self.conversation);
        let phrases = &self.brain.local.plan.phrases;
        let there = self.conversation.people_are_there;
        if there && !self.as_ticket {
            let text = self.text.clone().unwrap_or_else(|| phrases.say(Phrase::HandOver, language));
            return HandedOver { text, outcome: Outcome::HandedOver, asks_for: None, then: self.queue(false) };
        }
        let asked = self.scene.memory.as_ref().and_then(|memory| memory.asked.as_ref());
        let took_message = asked.is_some_and(|asked| asked.tool == tools::OPEN_TICKET);
        let short = self.conversation.text.chars().count() <= MERE_REQUEST_CHARS;
        if !took_message && !self.as_ticket && short && mood::wants_human(&self.conversation.text) {
            let when = self.next_opening(language);
            return HandedOver {
                text: phrases.say_with(Phrase::Away, language, &when),
                outcome: Outcome::Asked,
                asks_for: Some((tools::OPEN_TICKET.to_owned(), tools::MESSAGE.to_owned())),
                then: Then::Wait,
            };
        }
        let text = phrases.say_with(Phrase::Ticket, language, &self.ticket);
        HandedOver { text, outcome: Outcome::MessageTaken, asks_for: None, then: self.queue(true) }
    }

    fn next_opening(&self, language: Language) -> String {
        let next = self.hours.and_then(|hours| tools::next_opening(hours, self.conversation.now));
        let Some(next) = next else { return String::new() };
        if language == Language::Zh {
            format!("（{next} 恢复服务）")
        } else {
            format!(" (we are back at {next})")
        }
    }

    fn queue(&self, ticket: bool) -> Then {
        let settings = &self.brain.settings.hand_over;
        let intent = self.intent();
        let route = intent.and_then(|intent| settings.routes.get(intent));
        let mut labels: BTreeSet<String> = route.map(|route| route.labels.clone()).unwrap_or_default();
        if ticket {
            labels.insert(TICKET.to_owned());
        }
        Then::HandOver {
            team: route.and_then(|route| route.team.clone()).or_else(|| settings.team.clone()),
            skills: route.map(|route| route.skills.clone()).unwrap_or_default(),
            labels,
            summary: self.summary(),
            headline: self.headline(),
        }
    }

    /// The intent of this turn, or of the one before: who asks for a person says nothing of what it is about.
    fn intent(&self) -> Option<&str> {
        let before = self.scene.memory.as_ref().and_then(|memory| memory.intent.as_deref());
        let now = self.understood.intent.as_deref();
        if self.reason == HandOverReason::Requested { before.or(now) } else { now.or(before) }
    }

    fn headline(&self) -> String {
        match self.intent() {
            Some(intent) => format!("{}: {intent}", word(self.reason)),
            None => word(self.reason).to_owned(),
        }
    }

    /// What it is about, what is known, and what was said last; for whoever takes it.
    fn summary(&self) -> String {
        let mut lines = vec![format!("Handed over by the AI agent: {}.", word(self.reason))];
        if let Some(intent) = self.intent() {
            lines.push(format!("Intent: {intent} ({:.0} %)", self.understood.confidence * 100.0));
        }
        let mut slots = self.scene.memory.as_ref().map(|memory| memory.slots.clone()).unwrap_or_default();
        slots.extend(self.understood.slots.clone());
        for (name, value) in slots {
            lines.push(format!("{name}: {value}"));
        }
        lines.push("Last said:".to_owned());
        lines.extend(quotes(self.conversation));
        lines.join("\n")
    }
}

fn quotes(conversation: &Conversation) -> Vec<String> {
    let said = conversation.history.iter().map(|said| (said.by, said.text.as_str()));
    let all: Vec<_> = said.chain([(AuthorKind::Visitor, conversation.text.as_str())]).collect();
    let quote = |(by, text): &(AuthorKind, &str)| {
        let text: String = text.chars().take(QUOTED.1).collect();
        let who = match by {
            AuthorKind::Visitor => "visitor",
            AuthorKind::Agent => "agent",
            AuthorKind::Bot => "AI agent",
            AuthorKind::System => "system",
        };
        format!("{who}: {}", text.replace('\n', " "))
    };
    all[all.len().saturating_sub(QUOTED.0)..].iter().map(quote).collect()
}

fn word(reason: HandOverReason) -> &'static str {
    match reason {
        HandOverReason::Requested => "asked for a person",
        HandOverReason::Unsure => "no answer is known",
        HandOverReason::Anger => "angry",
        HandOverReason::Intent => "for people by its intent",
        HandOverReason::NoProgress => "no progress",
        HandOverReason::Failed => "a system or model failed",
        HandOverReason::Budget => "the model's budget is used up",
    }
}
