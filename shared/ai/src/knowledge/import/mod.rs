//! Articles out of files that a company gives: Markdown, tables, pages.

mod html;
mod markdown;
mod table;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::article::{ARTICLES, Article, Mistake};

/// Bytes of a file: what the API takes in one request, and some.
const FILE_BYTES: usize = 8 * 1024 * 1024;
/// Mistakes that are told: who has more has the wrong file.
const MISTAKES: usize = 100;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Markdown, in which headings part the articles.
    Markdown,
    /// A table with a line of names: `question`, `answer`, and perhaps `title`, `url`, `language`, `questions`.
    Csv,
    /// A page.
    Html,
}

/// An article, and the line where it begins.
type Found = (usize, Article);

/// Reads the articles of a file. Their ids follow from the file's name and their headings, so that the same file read
/// again gives the same ids; `name` is also the title where there is no other.
///
/// # Errors
/// All that is wrong with it, by line.
pub fn read(format: Format, name: &str, text: &str) -> Result<Vec<Article>, Vec<Mistake>> {
    if text.len() > FILE_BYTES {
        return Err(vec![Mistake { line: 1, message: format!("a file has at most {FILE_BYTES} bytes") }]);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (found, mut mistakes) = match format {
        Format::Markdown => (markdown::articles(&stem(name), text), vec![]),
        Format::Csv => table::articles(text),
        Format::Html => (html::articles(&stem(name), text), vec![]),
    };
    if found.is_empty() && mistakes.is_empty() {
        mistakes.push(Mistake { line: 1, message: "there is nothing in it".into() });
    }
    if let Some((line, _)) = found.get(ARTICLES) {
        mistakes.push(Mistake { line: *line, message: format!("there are more than {ARTICLES} articles") });
    }
    let articles = named(name, found, &mut mistakes);
    mistakes.sort_by_key(|mistake| mistake.line);
    mistakes.truncate(MISTAKES);
    if mistakes.is_empty() { Ok(articles) } else { Err(mistakes) }
}

/// Gives each its id, and checks it.
fn named(name: &str, found: Vec<Found>, mistakes: &mut Vec<Mistake>) -> Vec<Article> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut give = |(line, mut article): Found| {
        let times = seen.entry(article.title.clone()).or_default();
        let hash = Sha256::new().chain_update(name).chain_update([0]).chain_update(&article.title);
        let hash = hash.chain_update((*times as u64).to_le_bytes()).finalize();
        *times += 1;
        article.id = hash.iter().take(ID_BYTES).map(|byte| format!("{byte:02x}")).collect();
        mistakes.extend(article.check().err().map(|message| Mistake { line, message }));
        article
    };
    found.into_iter().map(&mut give).collect()
}

/// Bytes of an id: two among a billion articles meet once in forty thousand times.
const ID_BYTES: usize = 10;

/// A file's name without folders and ending.
fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem }).to_owned()
}
