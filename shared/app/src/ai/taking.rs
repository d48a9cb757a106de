//! A turn under way: what it found, what is decided whatever a mind would say, and what is written down of it.

use std::{collections::BTreeMap, sync::Arc};

use deskwire_ai::{
    agent::{Conversation, Response, Understanding},
    local::LocalAgent,
};
use deskwire_domain::{
    AccountId, BusinessHours, Content, ConversationId,
    bot::{Answer, Then},
    content::Citation,
    limits::ANSWER_PARTS,
    turn::{Asked, HandOverReason, Outcome, Turn, rounded},
};
use deskwire_protocol::http::Contact;
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::{
    brain::Brain,
    hand_over::{HandedOver, Handing},
    scene::Scene,
    tools,
};
use crate::App;

/// Characters of the question that ride in the answer.
pub(super) const QUESTION_CHARS: usize = 500;
/// Values that are remembered, and characters of each.
const REMEMBERED: (usize, usize) = (20, 200);

/// A turn under way.
pub(super) struct Taking<'a> {
    pub account: &'a AccountId,
    pub id: &'a ConversationId,
    pub brain: Arc<Brain>,
    pub scene: Scene,
    pub conversation: Conversation,
    /// When people are there.
    pub hours: Option<BusinessHours>,
    pub contact: Option<Contact>,
    pub understood: Understanding,
    pub client_id: String,
    pub deadline: Instant,
    pub tokens: u32,
    /// Characters that watchers were shown while it was written.
    pub shown: usize,
    /// Tools that were used.
    pub used: Vec<String>,
    /// Which mind had the last word.
    pub agent: &'static str,
}

impl Taking<'_> {
    pub(super) fn local(&self) -> &LocalAgent {
        &self.brain.local
    }

    /// What is decided whatever a mind would say.
    pub(super) fn without_a_mind(&self) -> Option<Response> {
        let asked = self.scene.memory.as_ref().and_then(|memory| memory.asked.as_ref());
        if asked.is_some_and(|asked| asked.tool == tools::OPEN_TICKET) {
            let waits_for = (tools::OPEN_TICKET.to_owned(), tools::MESSAGE.to_owned());
            let none = self.local().instead_of_a_message(&self.understood, &self.conversation, waits_for);
            return none.or(Some(Response::HandOver { reason: HandOverReason::Requested, text: None }));
        }
        let reason = self.local().at_once(&self.understood, &self.conversation)?;
        Some(Response::HandOver { reason, text: None })
    }

    /// What the visitor wants: as understood now, or before.
    pub(super) fn intent(&self) -> Option<&str> {
        let before = self.scene.memory.as_ref().and_then(|memory| memory.intent.as_deref());
        self.understood.intent.as_deref().or(before)
    }

    /// The response, unless it is the same answer once more, or nothing is known for the second time: then people go on.
    pub(super) fn with_progress(&self, response: Response) -> Response {
        let misses = self.scene.memory.as_ref().map_or(0, |memory| memory.misses);
        match response {
            Response::Reply(reply)
                if reply.outcome == Outcome::Unsure && misses.saturating_add(1) >= self.local().plan.after_misses =>
            {
                Response::HandOver { reason: HandOverReason::Unsure, text: None }
            }
            Response::Reply(reply) if self.local().is_no_progress(&reply, &self.conversation) => {
                Response::HandOver { reason: HandOverReason::NoProgress, text: None }
            }
            response => response,
        }
    }

    /// Whether the company has words of its own for it: no model says it better, and none is paid for.
    pub(super) fn knows_exactly(&self) -> bool {
        let best = self.understood.passages.first();
        let band = best.map(|passage| self.local().knowledge.band(passage.confidence));
        band == Some(deskwire_ai::knowledge::Band::Exact)
    }

    pub(super) async fn take_back(&self, app: &App) {
        if self.shown > 0 {
            app.take_back((self.account, self.id), &self.client_id).await;
        }
    }

    pub(super) fn remember(&mut self, args: &Map<String, Value>) {
        for (name, value) in args {
            if let Some(value) = value.as_str() {
                self.understood.slots.entry(name.clone()).or_insert_with(|| value.to_owned());
            }
        }
    }

    /// What is written down.
    pub(super) fn answer(&self, response: Response) -> (Answer, Outcome) {
        match response {
            Response::Reply(reply) => {
                let outcome = reply.outcome;
                let mut turn = self.turn(outcome, reply.asks_for.as_ref());
                turn.sources.clone_from(&reply.sources);
                let text = Content::cited(reply.text, self.citations(&reply.sources));
                let cards = reply.cards.into_iter().map(Content::card);
                let says: Vec<Content> = std::iter::once(text).chain(cards).take(ANSWER_PARTS).collect();
                (self.written(says, turn, Then::Wait), outcome)
            }
            Response::HandOver { reason, text } => {
                let as_ticket = self.used.iter().any(|tool| tool == tools::OPEN_TICKET);
                self.handed_over(reason, text, as_ticket)
            }
            // Whoever asks for tools here got none: see `respond`.
            Response::Tools(_) => self.handed_over(HandOverReason::Failed, None, false),
        }
    }

    pub(super) fn handed_over(
        &self,
        reason: HandOverReason,
        text: Option<String>,
        as_ticket: bool,
    ) -> (Answer, Outcome) {
        let unique = self.id.unique();
        let ticket = unique.get(unique.len().saturating_sub(8)..).unwrap_or(unique).to_owned();
        let handing = Handing {
            brain: &self.brain,
            scene: &self.scene,
            conversation: &self.conversation,
            hours: self.hours.as_ref(),
            understood: &self.understood,
            reason,
            ticket,
            text,
            as_ticket,
        };
        let HandedOver { text, outcome, asks_for, then } = handing.done();
        let mut turn = self.turn(outcome, asks_for.as_ref());
        turn.reason = Some(reason);
        (self.written(vec![Content::text(text)], turn, then), outcome)
    }

    fn written(&self, says: Vec<Content>, turn: Turn, then: Then) -> Answer {
        Answer { says, turn: Box::new(turn), then, client_id: self.client_id.clone() }
    }

    fn citations(&self, sources: &[String]) -> Vec<Citation> {
        let citation = |source: &String| {
            let passage = self.understood.passages.iter().find(|passage| passage.article == *source)?;
            Some(Citation { title: passage.title.clone(), url: passage.url.clone() })
        };
        sources.iter().filter_map(citation).filter(|citation| !citation.title.trim().is_empty()).collect()
    }

    fn turn(&self, outcome: Outcome, asks_for: Option<&(String, String)>) -> Turn {
        let memory = self.scene.memory.as_ref();
        let before = memory.and_then(|memory| memory.asked.as_ref());
        let asked = asks_for.map(|(tool, slot)| {
            let again = before.filter(|asked| asked.tool == *tool && asked.slot == *slot);
            Asked {
                tool: tool.clone(),
                slot: slot.clone(),
                times: again.map_or(1, |asked| asked.times.saturating_add(1)),
            }
        });
        // Who goes on with what was asked for still wants the same.
        let goes_on = asked.is_some() || before.is_some_and(|asked| self.used.contains(&asked.tool));
        let intent = self.understood.intent.clone();
        let intent = intent.or_else(|| memory.filter(|_| goes_on).and_then(|memory| memory.intent.clone()));
        let misses = memory.map_or(0, |memory| memory.misses);
        Turn {
            answers: self.scene.answers,
            question: self.scene.text.chars().take(QUESTION_CHARS).collect(),
            agent: self.agent.to_owned(),
            intent,
            confidence: rounded(self.understood.confidence),
            slots: self.slots(),
            outcome,
            asked,
            misses: if outcome == Outcome::Unsure { misses.saturating_add(1) } else { 0 },
            sources: vec![],
            tools: self.used.clone(),
            reason: None,
            tokens: self.tokens,
        }
    }

    /// What is known by now: this turn's values over those before.
    fn slots(&self) -> BTreeMap<String, String> {
        let mut slots = self.understood.slots.clone();
        for (name, value) in self.scene.memory.iter().flat_map(|memory| &memory.slots) {
            slots.entry(name.clone()).or_insert_with(|| value.clone());
        }
        let cut = |(name, value): (String, String)| (name, value.chars().take(REMEMBERED.1).collect());
        slots.into_iter().take(REMEMBERED.0).map(cut).collect()
    }
}
