//! What a company knows: articles, and what is suggested from them.

use deskwire_domain::{ConversationId, Time};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An article. One with questions is a question–answer pair: its body is the answer as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Article {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Markdown, or plain text.
    pub body: String,
    /// The ways in which people ask for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<String>,
    /// Where visitors can read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `en`, `zh`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// It is not used yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// When it was changed.
    pub updated: Time,
    /// Goes up with each change.
    pub version: u64,
}

/// `POST /v1/articles` and `PATCH /v1/articles/{id}`: what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleChange {
    /// Its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Markdown, or plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The ways in which people ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub questions: Option<Vec<String>>,
    /// Where visitors can read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// `en`, `zh`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Whether it is not to be used yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
}

/// The form of a file with articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArticleFormat {
    /// Markdown: headings divide it.
    Markdown,
    /// CSV with a header: `question,answer` (`问题,答案`), and if need be `title`, `url`, `questions`.
    Csv,
    /// A page of a site.
    Html,
}

/// `POST /v1/articles/import`: a file becomes articles. The same file again changes those that it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportArticles {
    /// Its form.
    pub format: ArticleFormat,
    /// Its name: with it the same file is told from others.
    pub name: String,
    /// The file.
    pub text: String,
}

/// What an import made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Imported {
    /// The articles, by id.
    pub articles: Vec<String>,
}

/// `POST /v1/articles/from-answer`: an agent's answer becomes an article; what the visitor asked before it becomes its
/// question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArticleFromAnswer {
    /// Where.
    pub conversation: ConversationId,
    /// The answer's seq.
    pub entry: u64,
    /// The title; the question unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// A reply that is suggested to an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suggestion {
    /// The reply.
    pub text: String,
    /// Where it comes from.
    pub from: SuggestedFrom,
    /// The article, where it comes from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// The article's title, or the question that was answered so before.
    pub title: String,
    /// How likely it fits, from 0 to 1.
    pub confidence: f64,
}

/// Where a suggestion comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SuggestedFrom {
    /// An article.
    Article,
    /// What an agent answered before.
    PastAnswer,
}
