//! Suggested replies for agents: from the articles, and from what agents answered to the same before.

use std::{
    collections::HashSet,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deskwire_ai::{
    agent::{Conversation, Passage},
    knowledge::{Article, Index},
};
use deskwire_domain::{AccountId, AuthorKind, ConversationId, Event, turn::rounded};
use deskwire_protocol::{
    Entry,
    http::{Page, SuggestedFrom, Suggestion},
};
use deskwire_store::{Direction, Document};
use lru::LruCache;

use super::{scene, summary::PastAnswer};
use crate::{App, AppError, Caller};

/// Suggestions of one answer: what fits above a composer.
const SUGGESTED: usize = 3;
/// Below it a suggestion is more trouble than help.
const WORTH_SHOWING: f32 = 0.1;
/// Entries in which the visitor's question is looked for.
const LOOKED_AT: usize = 30;
/// Past answers that are searched.
const PAST: usize = 1_000;
/// For so long an environment searches the past answers that it has read.
const BEHIND: Duration = Duration::from_secs(10);
/// Accounts whose past answers are kept in memory.
const KEPT: NonZeroUsize = NonZeroUsize::new(16).expect("not zero");

/// Past answers of one environment, ready to be searched.
pub(crate) struct PastAnswers(Mutex<LruCache<AccountId, (Instant, Arc<Index>)>>);

impl Default for PastAnswers {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl PastAnswers {
    /// Reads them again at the next question.
    pub(super) fn forget(&self, account: &AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop(account);
    }
}

impl App {
    /// Suggested replies to what a conversation's visitor wrote last, the best first.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn suggestions(&self, caller: &Caller, id: &ConversationId) -> Result<Page<Suggestion>, AppError> {
        let page = self.store.page(caller.account(), id, Direction::Newest, LOOKED_AT).await?;
        let last = page.entries.last().ok_or(deskwire_domain::Code::NotFound)?;
        self.as_owner(caller, &last.state).await?;
        let Some(question) = question(&page.entries) else { return Ok(Page { data: vec![], next_cursor: None }) };
        let brain = self.brain(caller.account()).await?;
        let asked = Conversation::of(&question, self.now());
        let known = self.understand(caller.account(), &brain, &asked).await?.passages;
        let past = self.past_answers(caller.account()).await?.search(&question, SUGGESTED);
        let article = |passage: Passage| suggestion(passage, SuggestedFrom::Article);
        let before = |passage: Passage| suggestion(passage, SuggestedFrom::PastAnswer);
        let mut data: Vec<Suggestion> = known.into_iter().map(article).chain(past.into_iter().map(before)).collect();
        data.retain(|suggestion| suggestion.confidence >= f64::from(WORTH_SHOWING));
        data.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
        let mut texts = HashSet::new();
        data.retain(|suggestion| texts.insert(suggestion.text.clone()));
        data.truncate(SUGGESTED);
        Ok(Page { data, next_cursor: None })
    }

    async fn past_answers(&self, account: &AccountId) -> Result<Arc<Index>, AppError> {
        let kept = self.past.0.lock().unwrap_or_else(PoisonError::into_inner).get(account).cloned();
        if let Some((looked, index)) = kept
            && looked.elapsed() < BEHIND
        {
            return Ok(index);
        }
        let past = self.store.newest_documents::<PastAnswer>(account, Document::PastAnswer, PAST).await?;
        let article = |past: PastAnswer| Article {
            id: past.id,
            title: past.question.clone(),
            body: past.answer,
            questions: vec![past.question],
            ..Article::default()
        };
        let articles: Vec<Article> = past.into_iter().map(article).collect();
        let index = tokio::task::spawn_blocking(move || Index::build(&articles, &[])).await;
        let index = Arc::new(index.map_err(|error| AppError::Failed(error.to_string()))?);
        let kept = (Instant::now(), Arc::clone(&index));
        self.past.0.lock().unwrap_or_else(PoisonError::into_inner).put(account.clone(), kept);
        Ok(index)
    }
}

/// What the visitor asked since somebody answered.
fn question(entries: &[Entry]) -> Option<String> {
    let is_answer = |entry: &&Entry| {
        matches!(entry.event, Event::Message { .. }) && matches!(entry.by.kind, AuthorKind::Agent | AuthorKind::Bot)
    };
    let answered = entries.iter().rev().find(is_answer).map_or(0, |entry| entry.seq);
    let since: Vec<String> = entries.iter().filter(|entry| entry.seq > answered).filter_map(scene::words).collect();
    let last = || entries.iter().rev().find_map(scene::words);
    if since.is_empty() { last() } else { Some(since.join("\n")) }
}

fn suggestion(passage: Passage, from: SuggestedFrom) -> Suggestion {
    Suggestion {
        text: passage.answer.unwrap_or(passage.text),
        from,
        article: (from == SuggestedFrom::Article).then_some(passage.article),
        title: passage.title,
        confidence: rounded(passage.confidence),
    }
}
