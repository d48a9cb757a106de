//! Articles: what the company knows, written by people, imported from files, or made of an answer.

use std::collections::BTreeSet;

use deskwire_ai::knowledge::{self, ARTICLES, Format};
use deskwire_domain::{AuthorKind, Code, Event, Refusal, refusal::Mistake};
use deskwire_protocol::http::{Article, ArticleChange, ArticleFormat, ArticleFromAnswer, ImportArticles, Imported};
use deskwire_store::{Direction, Document, Versioned};

use super::{index::as_known, scene};
use crate::{App, AppError, Caller};

/// Entries before an answer in which its question is looked for.
const LOOKED_AT: usize = 30;
/// Characters of a question that becomes a title.
const TITLE_CHARS: usize = 200;

impl App {
    /// Writes an article.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn create_article(&self, caller: &Caller, change: ArticleChange) -> Result<Article, AppError> {
        let id = format!("art_{}", ulid::Ulid::generate());
        self.create_article_as(caller, &id, change).await
    }

    /// Writes an article that has an id already.
    ///
    /// # Errors
    /// [`Code::Conflict`] where it is there, another refusal, or a failure.
    pub(super) async fn create_article_as(
        &self,
        caller: &Caller,
        id: &str,
        change: ArticleChange,
    ) -> Result<Article, AppError> {
        self.room_for(caller, &[id]).await?;
        self.write_article(caller, None, (id, change)).await
    }

    /// Changes an article.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_article(&self, caller: &Caller, id: &str, change: ArticleChange) -> Result<Article, AppError> {
        let found = self.store.document::<Article>(caller.account(), Document::Article, id).await?;
        let found = found.ok_or_else(|| Refusal::with(Code::NotFound, "article"))?;
        self.write_article(caller, Some(found), (id, change)).await
    }

    async fn write_article(
        &self,
        caller: &Caller,
        before: Option<Versioned<Article>>,
        (id, change): (&str, ArticleChange),
    ) -> Result<Article, AppError> {
        let version = before.as_ref().map_or(0, |before| before.version);
        let blank = || Article {
            id: id.to_owned(),
            title: String::new(),
            body: String::new(),
            questions: vec![],
            url: None,
            language: None,
            draft: false,
            updated: self.now(),
            version: 0,
        };
        let mut article = before.map_or_else(blank, |before| before.value);
        article.title = change.title.unwrap_or(article.title);
        article.body = change.body.unwrap_or(article.body);
        article.questions = change.questions.unwrap_or(article.questions);
        article.url = change.url.filter(|url| !url.is_empty()).or(article.url);
        article.language = change.language.or(article.language);
        article.draft = change.draft.unwrap_or(article.draft);
        (article.updated, article.version) = (self.now(), version + 1);
        as_known(article.clone()).check().map_err(|why| Refusal::with(Code::InvalidField, why))?;
        if article.url.as_deref().is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
            return Err(Refusal::with(Code::InvalidField, "url: http or https").into());
        }
        let document = Versioned { value: article, version };
        self.store.write_document(caller.account(), Document::Article, id, &document).await?;
        Ok(document.value)
    }

    /// Whether there is room for articles of these ids, some of which may be there already.
    async fn room_for(&self, caller: &Caller, ids: &[&str]) -> Result<(), AppError> {
        let there: BTreeSet<String> = self.articles(caller.account()).await?.into_iter().map(|one| one.id).collect();
        let more = ids.iter().filter(|id| !there.contains(**id)).count();
        if more > 0 && there.len() + more > ARTICLES {
            return Err(Refusal::with(Code::Conflict, format!("at most {ARTICLES} articles")).into());
        }
        Ok(())
    }

    /// Makes articles of a file. The same file again changes those that it made.
    ///
    /// # Errors
    /// [`Code::InvalidRules`] with every mistake by its line, or a failure.
    pub async fn import_articles(&self, caller: &Caller, import: ImportArticles) -> Result<Imported, AppError> {
        let format = match import.format {
            ArticleFormat::Markdown => Format::Markdown,
            ArticleFormat::Csv => Format::Csv,
            ArticleFormat::Html => Format::Html,
        };
        let read = tokio::task::spawn_blocking(move || knowledge::read(format, &import.name, &import.text)).await;
        let found = read.map_err(|error| AppError::Failed(error.to_string()))?.map_err(|found| mistakes(&found))?;
        let ids: Vec<&str> = found.iter().map(|known| known.id.as_str()).collect();
        self.room_for(caller, &ids).await?;
        let mut articles = Vec::with_capacity(found.len());
        for known in found {
            let before = self.store.document::<Article>(caller.account(), Document::Article, &known.id).await?;
            let change = ArticleChange {
                title: Some(known.title),
                body: Some(known.body),
                questions: Some(known.questions),
                url: known.url,
                language: known.language,
                draft: None,
            };
            articles.push(self.write_article(caller, before, (&known.id, change)).await?.id);
        }
        Ok(Imported { articles })
    }

    /// Makes an article of an answer in a conversation; what the visitor asked before it becomes its question.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn article_from_answer(&self, caller: &Caller, from: ArticleFromAnswer) -> Result<Article, AppError> {
        let answer = self.entry_at(caller, &from.conversation, from.entry).await?;
        let none = || Refusal::with(Code::InvalidField, "entry: this is no answer of an agent");
        let Event::Message { content, .. } = &answer.event else { return Err(none().into()) };
        if !matches!(answer.by.kind, AuthorKind::Agent | AuthorKind::Bot) {
            return Err(none().into());
        }
        let body = content.words().ok_or_else(none)?.to_owned();
        let before = Direction::Before(from.entry);
        let page = self.store.page(caller.account(), &from.conversation, before, LOOKED_AT).await?;
        let asked: Vec<String> = page
            .entries
            .iter()
            .rev()
            .skip_while(|entry| scene::words(entry).is_none())
            .map_while(scene::words)
            .collect();
        let question = asked.into_iter().rev().collect::<Vec<_>>().join("\n");
        let title = from.title.unwrap_or_else(|| question.chars().take(TITLE_CHARS).collect());
        let questions =
            (!question.trim().is_empty()).then(|| vec![question.chars().take(knowledge::LINE_CHARS).collect()]);
        let title = if title.trim().is_empty() { body.chars().take(TITLE_CHARS).collect() } else { title };
        let change = ArticleChange { title: Some(title), body: Some(body), questions, ..ArticleChange::default() };
        self.create_article(caller, change).await
    }
}

fn mistakes(found: &[knowledge::Mistake]) -> Refusal {
    let line = |mistake: &knowledge::Mistake| u64::try_from(mistake.line).unwrap_or(1);
    let mistakes: Vec<Mistake> = found
        .iter()
        .map(|mistake| Mistake { line: line(mistake), column: 1, message: mistake.message.clone() })
        .collect();
    let first = mistakes.first().map(|mistake| format!("line {}: {}", mistake.line, mistake.message));
    Refusal { mistakes, detail: first, ..Code::InvalidFile.into() }
}
