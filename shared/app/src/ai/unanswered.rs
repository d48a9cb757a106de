//! Questions that had no good answer: grouped by what they ask, and done with in one step.

use deskwire_ai::knowledge::group;
use deskwire_domain::{Code, Refusal};
use deskwire_protocol::http::{
    Article, ArticleChange, Page, ResolveUnanswered, Resolved, UnansweredGroup, UnansweredQuestion,
};
use deskwire_store::Document;
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// Questions that are grouped at once: within a function's time, and more than anybody works through.
const GROUPED: usize = 1_000;
/// Questions that one request is done with.
const AT_ONCE: usize = 200;

impl App {
    /// Questions without a good answer, grouped, the largest group first.
    ///
    /// # Errors
    /// A failure.
    pub async fn list_unanswered(&self, caller: &Caller) -> Result<Page<UnansweredGroup>, AppError> {
        let account = caller.account();
        let questions: Vec<UnansweredQuestion> =
            self.store.newest_documents(account, Document::Unanswered, GROUPED).await?;
        let texts: Vec<(String, String)> =
            questions.iter().map(|question| (question.id.clone(), question.text.clone())).collect();
        let groups = tokio::task::spawn_blocking(move || group(&texts)).await;
        let groups = groups.map_err(|error| AppError::Failed(error.to_string()))?;
        let of = |id: &String| questions.iter().find(|question| question.id == *id).cloned();
        let data = groups.into_iter().map(|group| UnansweredGroup {
            title: group.title,
            questions: group.members.iter().filter_map(of).collect(),
        });
        Ok(Page { data: data.collect(), next_cursor: None })
    }

    /// Is done with questions: they become examples or an article, or nothing.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn resolve_unanswered(&self, caller: &Caller, resolve: ResolveUnanswered) -> Result<Resolved, AppError> {
        let ResolveUnanswered { ids, intent, article, dismiss } = resolve;
        let ways = usize::from(intent.is_some()) + usize::from(article.is_some()) + usize::from(dismiss);
        if ways != 1 {
            return Err(Refusal::with(Code::InvalidField, "one of intent, article and dismiss").into());
        }
        if ids.is_empty() || ids.len() > AT_ONCE {
            return Err(Refusal::with(Code::InvalidField, format!("ids: 1 to {AT_ONCE}")).into());
        }
        let account = caller.account();
        let (its_id, mut questions, mut gone) = (article_of(&ids), Vec::with_capacity(ids.len()), None);
        for id in &ids {
            match self.store.document::<UnansweredQuestion>(account, Document::Unanswered, id).await? {
                Some(found) => questions.push(found.value),
                None => gone = Some(id),
            }
        }
        // After the questions: whoever was faster made the article before it was done with them.
        if article.is_some() && self.store.document::<Article>(account, Document::Article, &its_id).await?.is_some() {
            return self.resolved(caller, &ids, Some(its_id)).await;
        }
        if let Some(id) = gone {
            return Err(Refusal::with(Code::NotFound, format!("ids: {id}")).into());
        }
        let texts: Vec<String> = questions.iter().map(|question| question.text.clone()).collect();
        if let Some(intent) = &intent {
            self.add_examples(account, intent, &texts).await?;
        }
        let made = match article {
            Some(article) => {
                self.article_once(caller, &its_id, with_phrasings(article, texts)).await?;
                Some(its_id)
            }
            None => None,
        };
        self.resolved(caller, &ids, made).await
    }

    async fn resolved(&self, caller: &Caller, ids: &[String], article: Option<String>) -> Result<Resolved, AppError> {
        for id in ids {
            self.store.delete_document(caller.account(), Document::Unanswered, id).await?;
        }
        Ok(Resolved { count: ids.len(), article })
    }

    /// Makes the article, unless somebody who asked for the same was faster.
    async fn article_once(&self, caller: &Caller, id: &str, article: ArticleChange) -> Result<(), AppError> {
        match self.create_article_as(caller, id, article).await {
            Err(AppError::Refused(refusal)) if refusal.code == Code::Conflict => {
                let there = self.store.document::<Article>(caller.account(), Document::Article, id).await?;
                if there.is_some() { Ok(()) } else { Err(refusal.into()) }
            }
            made => made.map(drop),
        }
    }
}

/// The id of the article that questions become: the same for the same questions, so that whoever asks twice, or goes on
/// after a crash, makes one article.
fn article_of(ids: &[String]) -> String {
    let mut sorted: Vec<&str> = ids.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    let hash = hex::encode(Sha256::digest(sorted.join("\n")));
    format!("art_{}", hash.get(..26).unwrap_or(&hash))
}

fn with_phrasings(mut article: ArticleChange, texts: Vec<String>) -> ArticleChange {
    let mut phrasings = article.questions.take().unwrap_or_default();
    phrasings.extend(texts.into_iter().filter(|text| !text.trim().is_empty()));
    phrasings.sort();
    phrasings.dedup();
    phrasings.truncate(deskwire_ai::knowledge::PHRASINGS);
    article.questions = Some(phrasings);
    article
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_questions_make_the_same_article() {
        let of = |ids: &[&str]| article_of(&ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>());
        assert_eq!(of(&["a", "b"]), of(&["b", "a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["a"]));
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_eq!(of(&["a"]).len(), "art_".len() + 26);
    }
}
