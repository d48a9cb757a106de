//! Questions that had no good answer: grouped by what they ask, and done with in one step.

use deskwire_ai::knowledge::group;
use deskwire_domain::{Code, Refusal};
use deskwire_protocol::http::{Page, ResolveUnanswered, Resolved, UnansweredGroup, UnansweredQuestion};
use deskwire_store::Document;

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
        let mut questions = Vec::with_capacity(ids.len());
        for id in &ids {
            let found = self.store.document::<UnansweredQuestion>(account, Document::Unanswered, id).await?;
            questions.push(found.ok_or_else(|| Refusal::with(Code::NotFound, format!("ids: {id}")))?.value);
        }
        let texts: Vec<String> = questions.iter().map(|question| question.text.clone()).collect();
        if let Some(intent) = &intent {
            self.add_examples(account, intent, &texts).await?;
        }
        let made = match article {
            Some(mut article) => {
                let mut phrasings = article.questions.take().unwrap_or_default();
                phrasings.extend(texts.into_iter().filter(|text| !text.trim().is_empty()));
                phrasings.sort();
                phrasings.dedup();
                phrasings.truncate(deskwire_ai::knowledge::PHRASINGS);
                article.questions = Some(phrasings);
                Some(self.create_article(caller, article).await?.id)
            }
            None => None,
        };
        for question in &questions {
            self.store.delete_document(account, Document::Unanswered, &question.id).await?;
        }
        Ok(Resolved { count: questions.len(), article: made })
    }
}
