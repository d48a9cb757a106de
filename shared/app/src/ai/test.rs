//! Test a sentence: what the AI agent makes of it, and why. Nothing is asked of any system or model.

use deskwire_ai::{
    agent::{Conversation, Response},
    nlu::Part,
};
use deskwire_domain::{
    content::check_text,
    turn::{Outcome, rounded},
};
use deskwire_protocol::http::{Because, FoundArticle, IntentGuess, MatchedWord, TestSentence, TestedSentence};

use super::brain::Brain;
use crate::{App, AppError, Caller};

/// Articles that are shown.
const ARTICLES: usize = 3;

impl App {
    /// What the AI agent makes of a sentence.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn test_sentence(&self, caller: &Caller, sentence: TestSentence) -> Result<TestedSentence, AppError> {
        check_text(&sentence.text)?;
        let brain = self.brain(caller.account()).await?;
        let now = self.now();
        let there = brain.settings.hours.as_ref().is_none_or(|hours| hours.is_open(now));
        let conversation = Conversation {
            tools: brain.tools.clone(),
            people_are_there: there,
            ..Conversation::of(&sentence.text, now)
        };
        let understood = self.understand(caller.account(), &brain, &conversation).await?;
        let response = match brain.local.at_once(&understood, &conversation) {
            Some(reason) => Response::HandOver { reason, text: None },
            None => brain.local.decide(&understood, &conversation),
        };
        let (outcome, says, tool) = match response {
            Response::Reply(reply) => (reply.outcome, Some(reply.text), reply.asks_for.map(|(tool, _)| tool)),
            Response::Tools(calls) => (Outcome::Tool, None, calls.into_iter().next().map(|call| call.name)),
            Response::HandOver { .. } => (Outcome::HandedOver, None, None),
        };
        let scope = scope(&brain, &sentence.text);
        Ok(TestedSentence {
            intent: understood.intent,
            guesses: guesses(&brain, &sentence.text),
            scope: scope.map(|(scope, _)| f64::from(scope)),
            scope_threshold: scope.map(|(_, threshold)| f64::from(threshold)),
            slots: understood.slots,
            articles: articles(&brain, &sentence.text),
            outcome,
            says,
            tool,
            model: brain.version.clone(),
        })
    }
}

fn scope(brain: &Brain, text: &str) -> Option<(f32, f32)> {
    let model = brain.local.model.as_ref()?;
    let understood = model.understand(text, brain.local.reject);
    Some((understood.scope, model.threshold(brain.local.reject)))
        .filter(|(scope, mark)| scope.is_finite() && mark.is_finite())
}

fn guesses(brain: &Brain, text: &str) -> Vec<IntentGuess> {
    let Some(model) = &brain.local.model else { return vec![] };
    let because = |part: &Part| Because {
        text: part.text.clone(),
        start: part.start,
        end: part.end,
        weight: f64::from((part.contribution * 1_000.0).round()) / 1_000.0,
    };
    let explained = model.explain(text).intents;
    let guess = explained.into_iter().map(|reason| IntentGuess {
        because: reason.supports.iter().chain(&reason.opposes).map(because).collect(),
        intent: reason.intent,
        probability: rounded(reason.probability),
    });
    guess.collect()
}

fn articles(brain: &Brain, text: &str) -> Vec<FoundArticle> {
    let found = brain.local.knowledge.explain(text, ARTICLES).into_iter();
    let word = |(word, share): (String, f32)| MatchedWord { word, share: rounded(share) };
    found
        .map(|found| FoundArticle {
            article: found.passage.article,
            title: found.passage.title,
            confidence: rounded(found.passage.confidence),
            because: found.words.into_iter().map(word).collect(),
        })
        .collect()
}
