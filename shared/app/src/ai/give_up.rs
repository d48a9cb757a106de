//! A turn that keeps failing for reasons of our own: nobody may wait for an AI agent that is broken, so people go on.

use std::{collections::BTreeSet, time::Duration};

use deskwire_ai::{
    mood,
    phrases::{Phrase, Phrases},
};
use deskwire_domain::{
    AccountId, Content, ConversationId,
    bot::{Answer, Then},
    machine::Command,
    turn::{HandOverReason, Outcome, Turn},
};

use super::turn::is_overtaken;
use crate::{App, AppError, Caller, conversation::Cursor};

impl App {
    /// Gives a conversation whose turn failed to people, by nothing but the log: whatever is broken, it is not needed.
    ///
    /// # Errors
    /// A failure of the table: the job comes again.
    pub async fn give_turn_up(&self, account: &AccountId, id: &ConversationId) -> Result<(), AppError> {
        let Some(scene) = self.scene(account, id, Duration::ZERO).await? else { return Ok(()) };
        let words = Phrases::default().say(Phrase::HandOver, mood::language(&scene.text));
        let turn = Turn {
            answers: scene.answers,
            question: scene.text.chars().take(super::taking::QUESTION_CHARS).collect(),
            agent: "local".to_owned(),
            intent: None,
            confidence: 0.0,
            slots: scene.memory.map(|memory| memory.slots).unwrap_or_default(),
            outcome: Outcome::HandedOver,
            asked: None,
            misses: 0,
            sources: vec![],
            tools: vec![],
            reason: Some(HandOverReason::Failed),
            tokens: 0,
        };
        let failed = "The AI agent failed, and could not say what it is about.";
        let then = Then::HandOver {
            team: None,
            skills: BTreeSet::new(),
            labels: BTreeSet::new(),
            summary: failed.to_owned(),
            headline: failed.to_owned(),
        };
        let client_id = format!("ai-{}", scene.answers);
        let answer = Answer { says: vec![Content::text(words)], turn: Box::new(turn), then, client_id };
        let caller = Caller { trace: scene.trace, ..Caller::bot(account.clone()) };
        let cursor = Cursor::Answering(scene.head);
        match Box::pin(self.act(&caller, id, cursor, Command::Answer(answer))).await {
            Err(AppError::Refused(refusal)) if is_overtaken(refusal.code) => Ok(()),
            written => written.map(drop),
        }
    }
}
