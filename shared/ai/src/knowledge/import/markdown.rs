//! Markdown: headings part the articles.
//!
//! Several top headings are as many articles. Under a single one the file is one article, unless the headings below are
//! questions: then each is a question with its answer. Front matter may say title, address and language.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::Found;
use crate::knowledge::article::Article;

/// A heading: its level, its words, where its line begins, and behind it.
#[derive(Debug)]
struct Heading {
    level: HeadingLevel,
    title: String,
    start: usize,
    end: usize,
}

impl Heading {
    fn asks(&self) -> bool {
        self.title.ends_with(['?', '？'])
    }
}

/// What a file says about itself.
#[derive(Debug, Default)]
pub(super) struct Front {
    pub title: Option<String>,
    pub url: Option<String>,
    pub language: Option<String>,
}

pub(super) fn articles(name: &str, text: &str) -> Vec<Found> {
    let (front, body) = front(text);
    sections(name, &front, text, body)
}

/// The articles of a text from a place on.
pub(super) fn sections(name: &str, front: &Front, text: &str, from: usize) -> Vec<Found> {
    let headings = headings(text, from);
    let level = parting(&headings);
    let parts: Vec<&Heading> = headings.iter().filter(|heading| Some(heading.level) <= level).collect();
    let mut found = vec![];
    let mut add = |line_at: usize, heading: Option<&Heading>, start: usize, end: usize| {
        let body = text[start..end].trim();
        if !body.is_empty() {
            let whole = front.title.clone().filter(|_| parts.len() < 2 || heading.is_none());
            let title =
                whole.or_else(|| heading.map(|heading| heading.title.clone())).unwrap_or_else(|| name.to_owned());
            let questions = heading.filter(|heading| heading.asks()).map(|heading| heading.title.clone());
            let article = Article {
                title,
                body: body.to_owned(),
                questions: questions.into_iter().collect(),
                url: front.url.clone(),
                language: front.language.clone(),
                ..Article::default()
            };
            found.push((1 + text[..line_at].matches('\n').count(), article));
        }
    };
    add(from, None, from, parts.first().map_or(text.len(), |first| first.start));
    for (at, heading) in parts.iter().enumerate() {
        let end = parts.get(at + 1).map_or(text.len(), |next| next.start);
        add(heading.start, Some(heading), heading.end, end);
    }
    found
}

/// The level at which headings part articles.
fn parting(headings: &[Heading]) -> Option<HeadingLevel> {
    let top = headings.iter().map(|heading| heading.level).min()?;
    if headings.iter().filter(|heading| heading.level == top).count() > 1 {
        return Some(top);
    }
    let below = headings.iter().map(|heading| heading.level).filter(|level| *level > top).min();
    let all = headings.iter().filter(|heading| Some(heading.level) == below);
    let (count, asking) =
        all.fold((0, 0), |(count, asking), heading| (count + 1, asking + usize::from(heading.asks())));
    if asking > 0 && asking * 2 >= count { below } else { Some(top) }
}

/// Its headings, but not those in quotes or lists.
fn headings(text: &str, from: usize) -> Vec<Heading> {
    let (mut headings, mut depth): (Vec<Heading>, usize) = (vec![], 0);
    let mut open = false;
    for (event, range) in Parser::new_ext(&text[from..], Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                let (start, end) = (from + range.start, from + range.end);
                headings.push(Heading { level, title: String::new(), start, end });
                open = true;
            }
            Event::End(TagEnd::Heading(_)) => open = false,
            Event::Start(Tag::BlockQuote(_) | Tag::List(_)) => depth += 1,
            Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Text(words) | Event::Code(words) if open => {
                headings.last_mut().into_iter().for_each(|heading| heading.title.push_str(&words));
            }
            Event::SoftBreak if open => headings.last_mut().into_iter().for_each(|heading| heading.title.push(' ')),
            _ => {}
        }
    }
    headings.iter_mut().for_each(|heading| heading.title = heading.title.trim().to_owned());
    headings.retain(|heading| !heading.title.is_empty());
    headings
}

/// What stands between lines of `---` at the beginning, and where the rest begins.
fn front(text: &str) -> (Front, usize) {
    let mut front = Front::default();
    let mut lines = text.split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else { return (front, 0) };
    let mut at = first.len();
    for line in lines {
        at += line.len();
        if line.trim_end() == "---" {
            return (front, at);
        }
        if let Some((key, value)) = line.split_once(':') {
            let value = Some(value.trim().trim_matches(['"', '\'']).to_owned()).filter(|value| !value.is_empty());
            match key.trim() {
                "title" => front.title = value,
                "url" => front.url = value,
                "language" | "lang" => front.language = value,
                _ => {}
            }
        }
    }
    // Never closed: it is a rule, and text.
    (Front::default(), 0)
}
