//! What a company knows: an article, or a question in several phrasings with its answer.

use serde::{Deserialize, Serialize};

/// Articles of one account. The index of as many, each a page long, stays under 20 MB and loads in under a second.
pub const ARTICLES: usize = 5_000;
/// Bytes of an article's body: some 10,000 words, past which it is a book and should come in chapters.
pub const BODY_BYTES: usize = 64 * 1024;
/// Phrasings of one question; more than that teach nothing new.
pub const PHRASINGS: usize = 50;
/// Characters of a phrasing, and of a title.
pub const LINE_CHARS: usize = 500;
/// Bytes of all bodies of one account together, so that an index fits the memory of a small function.
pub const TOTAL_BYTES: usize = 32 * 1024 * 1024;

/// An article. One with phrasings is a question–answer pair: its body is the answer as a whole.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// What tells it from others.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Markdown, or plain text.
    pub body: String,
    /// The question, in as many phrasings as there are.
    #[serde(default)]
    pub questions: Vec<String>,
    /// Where a visitor may read it.
    #[serde(default)]
    pub url: Option<String>,
    /// Its language (BCP 47), where that is known.
    #[serde(default)]
    pub language: Option<String>,
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
}

impl Article {
    /// Whether it keeps to the limits.
    ///
    /// # Errors
    /// What it does not keep to.
    pub fn check(&self) -> Result<(), String> {
        let too_long = |text: &str| text.chars().nth(LINE_CHARS).is_some();
        if self.id.is_empty() || too_long(&self.id) {
            return Err(format!("an id has 1 to {LINE_CHARS} characters"));
        }
        if too_long(&self.title) {
            return Err(format!("a title has at most {LINE_CHARS} characters"));
        }
        if self.body.trim().is_empty() {
            return Err("there is nothing in it".into());
        }
        if self.body.len() > BODY_BYTES {
            return Err(format!("a body has at most {BODY_BYTES} bytes, this has {}", self.body.len()));
        }
        if self.questions.len() > PHRASINGS {
            return Err(format!("a question has at most {PHRASINGS} phrasings, this has {}", self.questions.len()));
        }
        if self.questions.iter().any(|question| question.trim().is_empty() || too_long(question)) {
            return Err(format!("a phrasing has 1 to {LINE_CHARS} characters"));
        }
        Ok(())
    }
}
