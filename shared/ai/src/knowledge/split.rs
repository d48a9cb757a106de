//! Articles cut into passages: along headings, then paragraphs, then sentences, and never inside a word.

use crate::text::{self, Kind};

/// Sizes of a passage in words, where two Chinese characters are a word: 80 to 200 words, or 160 to 400 characters.
/// Shorter ones lack what is around the answer, longer ones hold several answers.
const LEAST: usize = 80;
const MOST: usize = 200;
/// Passages of one article.
pub(crate) const PASSAGES: usize = 1_000;
/// Bytes of a heading path that are kept.
const PATH_BYTES: usize = 300;

/// A passage: a piece of a text, and the headings above it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its first byte in the text.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// The headings above it, from the top, parted by ` › `.
    pub path: String,
}

/// Cuts a text (Markdown or plain) into passages, in its order.
pub fn split(body: &str) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut path: Vec<(usize, &str)> = vec![];
    let mut section: Vec<(usize, usize)> = vec![];
    for (start, end) in blocks(body) {
        if let Some((level, title)) = heading(&body[start..end]) {
            close(body, &mut section, &path, &mut pieces);
            path.retain(|(above, _)| *above < level);
            path.push((level, title));
        } else {
            section.push((start, end));
        }
    }
    close(body, &mut section, &path, &mut pieces);
    pieces.truncate(PASSAGES);
    pieces
}

/// How long a text is, in words.
pub(crate) fn size(text: &str) -> usize {
    let tokens = text::tokens(&text::fold(text));
    let halves: usize = tokens
        .iter()
        .map(|token| match token.kind {
            Kind::Sign => 0,
            Kind::Han => 1,
            Kind::Word | Kind::Number => 2,
        })
        .sum();
    halves.div_ceil(2)
}

/// Level and words of a heading line.
pub(crate) fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && rest.starts_with([' ', '\t'])).then(|| (level, rest.trim()))
}

/// Paragraphs and heading lines, as places in the text.
fn blocks(body: &str) -> Vec<(usize, usize)> {
    let (mut blocks, mut at, mut open): (Vec<(usize, usize)>, usize, Option<usize>) = (vec![], 0, None);
    for line in body.split_inclusive('\n') {
        let (text, start) = (line.trim(), at + line.len() - line.trim_start().len());
        at += line.len();
        let end = start + text.len();
        if text.is_empty() {
            open = None;
        } else if heading(text).is_some() {
            blocks.push((start, end));
            open = None;
        } else if let Some(block) = open {
            blocks[block].1 = end;
        } else {
            open = Some(blocks.len());
            blocks.push((start, end));
        }
    }
    blocks
}

/// Makes passages of the paragraphs under one heading.
fn close(body: &str, section: &mut Vec<(usize, usize)>, path: &[(usize, &str)], pieces: &mut Vec<Piece>) {
    let mut path = path.iter().map(|(_, title)| *title).collect::<Vec<_>>().join(" › ");
    let whole = (0..=PATH_BYTES.min(path.len())).rev().find(|place| path.is_char_boundary(*place)).unwrap_or(0);
    path.truncate(whole);
    let parts = section.drain(..).flat_map(|(start, end)| parts(body, start, end));
    let mut open: Option<(usize, usize, usize)> = None;
    for (start, end, size) in parts {
        open = match open {
            Some((first, _, so_far)) if so_far + size <= MOST && (so_far < LEAST || size < LEAST) => {
                Some((first, end, so_far + size))
            }
            other => {
                pieces.extend(other.map(|(start, end, _)| Piece { start, end, path: path.clone() }));
                Some((start, end, size))
            }
        };
    }
    pieces.extend(open.map(|(start, end, _)| Piece { start, end, path }));
}

/// A paragraph, or its sentences, or the parts of them, so that none is too long; each with its size.
fn parts(body: &str, start: usize, end: usize) -> Vec<(usize, usize, usize)> {
    let whole = size(&body[start..end]);
    if whole <= MOST {
        return vec![(start, end, whole)];
    }
    let mut parts = vec![];
    for (from, to) in sentences(&body[start..end]) {
        let (from, to) = (start + from, start + to);
        let size = size(&body[from..to]);
        if size <= MOST {
            parts.push((from, to, size));
        } else {
            chop(body, from, to, &mut parts);
        }
    }
    parts
}

/// Cuts what has no full stop: behind as many words as fit.
fn chop(body: &str, start: usize, end: usize, parts: &mut Vec<(usize, usize, usize)>) {
    let places: Vec<usize> = body[start..end].char_indices().map(|(place, _)| start + place).chain([end]).collect();
    let (mut first, mut last, mut halves) = (start, start, 0);
    for token in text::tokens(&text::fold(&body[start..end])) {
        let worth = match token.kind {
            Kind::Sign => 0,
            Kind::Han => 1,
            Kind::Word | Kind::Number => 2,
        };
        if halves + worth > 2 * MOST {
            parts.push((first, last, halves.div_ceil(2)));
            (first, halves) = (places[token.start], 0);
        }
        halves += worth;
        last = places[token.end];
    }
    parts.push((first, last, halves.div_ceil(2)));
}

/// The sentences of a text, as places in bytes, without the space around them.
pub(crate) fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut sentences = vec![];
    let mut first = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((place, char)) = chars.next() {
        let behind = place + char.len_utf8();
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match char {
            '。' | '！' | '？' | '；' | '\n' => true,
            '!' | '?' => next.is_none_or(|next| next.is_whitespace() || text::is_han(next)),
            // `3.5`, `e.g. this` and `example.com` go on.
            '.' => next.is_none_or(char::is_whitespace) && starts_anew(&text[behind..]),
            _ => false,
        };
        // Closing signs belong to what they close.
        if ends && !next.is_some_and(|next| matches!(next, '”' | '」' | '）' | ')' | '"')) {
            push(text, first, behind, &mut sentences);
            first = behind;
        }
    }
    push(text, first, text.len(), &mut sentences);
    sentences
}

/// Whether what follows a full stop can begin a sentence.
fn starts_anew(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|char| !char.is_lowercase())
}

fn push(text: &str, start: usize, end: usize, sentences: &mut Vec<(usize, usize)>) {
    let inside = &text[start..end];
    let start = start + inside.len() - inside.trim_start().len();
    if !inside.trim().is_empty() {
        sentences.push((start, start + inside.trim().len()));
    }
}
