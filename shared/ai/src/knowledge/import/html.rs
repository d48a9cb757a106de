//! Pages: the text that is for reading, with its headings, as Markdown; the rest (menus, scripts, forms) is left out.
//!
//! No tree is built: only what opens and closes is followed, so a page with mistakes in it costs no more than another.

use std::collections::BTreeMap;

use html5gum::{DefaultEmitter, HtmlString, Spanned, Token, Tokenizer};

use super::{
    Found,
    markdown::{Front, sections},
};
use crate::knowledge::split;

/// What is never for reading.
const HIDDEN: &[&str] =
    &["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video"];
/// What is around the text.
const AROUND: &[&str] = &["nav", "footer", "aside", "form", "button", "select", "dialog", "menu"];
const AROUND_ROLES: &[&str] = &["navigation", "banner", "contentinfo", "search", "complementary", "dialog"];
/// What holds the text, where a page says so.
const MAIN: &[&str] = &["main", "article"];
/// What has no end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
/// What stands in a line; all else begins a new one.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd", "label", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "del",
];
/// Words of marked text from which on the rest is left out.
const ENOUGH: usize = 10;

/// What is read so far.
#[derive(Debug, Default)]
struct Page {
    front: Front,
    /// Paragraphs, each with whether the page says that it is the text.
    paragraphs: Vec<(bool, String)>,
    line: String,
    /// What stands before the line: `# `, `- `.
    prefix: String,
    /// What is open: the name of what is left out and how often; how many of those that hold the text.
    skipped: Option<(String, usize)>,
    main: usize,
    in_title: bool,
    title: String,
    /// Whether what is around the text is left out.
    strict: bool,
}

pub(super) fn articles(name: &str, text: &str) -> Vec<Found> {
    let mut page = Page::read(text, true);
    if page.paragraphs.is_empty() {
        // A menu that is never closed holds all.
        page = Page::read(text, false);
    }
    let of = |main: bool| {
        let parts = page.paragraphs.iter().filter(|(marked, _)| *marked || !main).map(|(_, text)| text.as_str());
        parts.collect::<Vec<_>>().join("\n\n")
    };
    let main = of(true);
    let body = if split::size(&main) >= ENOUGH { main } else { of(false) };
    // A top heading names the page better than its title, which also names the company.
    let headed = body.lines().filter(|line| line.starts_with("# ")).count() == 1;
    let title = page.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let front = Front { title: Some(title).filter(|title| !headed && !title.is_empty()), ..page.front };
    // Lines of what was made of the page say nothing about the page.
    sections(name, &front, &body, 0).into_iter().map(|(_, article)| (1, article)).collect()
}

impl Page {
    fn read(text: &str, strict: bool) -> Self {
        let mut page = Self { strict, ..Self::default() };
        let mut emitter = DefaultEmitter::default();
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(text, emitter) {
            match token {
                Token::StartTag(tag) => page.open(&string(&tag.name), &tag.attributes, tag.self_closing),
                Token::EndTag(tag) => page.close(&string(&tag.name)),
                Token::String(words) => page.words(&string(&words)),
                _ => {}
            }
        }
        page.end_paragraph();
        page
    }

    fn open(&mut self, name: &str, attributes: &BTreeMap<HtmlString, Spanned<HtmlString, ()>>, closed: bool) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name && !closed);
            return;
        }
        let attribute = |name: &str| attributes.get(name.as_bytes()).map(|value| string(value));
        let void = VOID.contains(&name);
        if !void && !closed && self.left_out(name, &attribute) {
            self.end_paragraph();
            self.skipped = Some((name.to_owned(), 1));
            return;
        }
        self.note(name, &attribute);
        if MAIN.contains(&name) {
            self.end_paragraph();
            self.main += 1;
        }
        match name {
            "title" => self.in_title = true,
            "br" => self.line.push('\n'),
            "td" | "th" => self.line.push(' '),
            _ if INLINE.contains(&name) => {}
            _ => {
                self.end_paragraph();
                self.prefix = match name.as_bytes() {
                    [b'h', level @ b'1'..=b'6'] => format!("{} ", "#".repeat(usize::from(level - b'0'))),
                    b"li" => "- ".into(),
                    _ => std::mem::take(&mut self.prefix),
                };
            }
        }
    }

    fn left_out(&self, name: &str, attribute: &impl Fn(&str) -> Option<String>) -> bool {
        let role = attribute("role").unwrap_or_default();
        let around = AROUND.contains(&name) || AROUND_ROLES.contains(&role.as_str());
        let hidden = attribute("hidden").is_some() || attribute("aria-hidden").is_some_and(|value| value == "true");
        HIDDEN.contains(&name) || self.strict && (around || hidden)
    }

    /// What the page says about itself.
    fn note(&mut self, name: &str, attribute: &impl Fn(&str) -> Option<String>) {
        match name {
            "html" => self.front.language = attribute("lang").filter(|lang| !lang.is_empty()),
            "link" if attribute("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) => {
                let web = |url: &String| url.starts_with("https://") || url.starts_with("http://");
                self.front.url = attribute("href").filter(web);
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth -= usize::from(skipped == name);
            if *depth == 0 {
                self.skipped = None;
            }
            return;
        }
        self.in_title &= name != "title";
        if !INLINE.contains(&name) && !matches!(name, "td" | "th" | "title") {
            self.end_paragraph();
        }
        if MAIN.contains(&name) {
            self.main = self.main.saturating_sub(1);
        }
    }

    fn words(&mut self, words: &str) {
        if self.skipped.is_some() {
        } else if self.in_title {
            self.title.push_str(words);
        } else {
            // A line end in the source is a space.
            self.line.extend(words.chars().map(|char| if char.is_whitespace() { ' ' } else { char }));
        }
    }

    fn end_paragraph(&mut self) {
        let lines = std::mem::take(&mut self.line);
        let tidy = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        let parted = if self.prefix.starts_with('#') { " " } else { "\n" };
        let text = lines.split('\n').map(tidy).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(parted);
        if text.is_empty() {
            return;
        }
        let prefix = std::mem::take(&mut self.prefix);
        let item = prefix.starts_with('-');
        match self.paragraphs.last_mut() {
            // Items of a list stay together.
            Some((main, before)) if item && *main == (self.main > 0) && before.starts_with("- ") => {
                before.push_str(&format!("\n- {text}"));
            }
            _ => self.paragraphs.push((self.main > 0, format!("{prefix}{text}"))),
        }
    }
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
