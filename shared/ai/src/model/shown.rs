//! What a model writes, on its way to whoever watches: the same guards as for the whole answer, as far as the words that
//! have come allow to say.

use std::collections::BTreeSet;

use super::{mask::Masker, think::Thoughts};
use crate::{
    agent::Deltas,
    guard::{REPLY_CHARACTERS, Secrets, Watch, cited, plain, without_links},
    text::is_han,
};

/// Characters that are held back: marks, links and the like are seen whole before they are shown.
const HELD: usize = 40;
/// Characters at which what began with a bracket is taken for words.
const BRACKET: usize = 300;

/// Bytes in which there was no place to cut: no words that anybody would read.
const UNCUT: usize = 4_000;

/// What of a text is shown: no markup, no foreign links, no marks of sources.
pub(super) fn clean(text: &str, hosts: &BTreeSet<String>, masker: &dyn Masker) -> (String, Vec<usize>) {
    let (text, sources) = cited(&plain(&masker.reveal(text)));
    (without_links(&text, hosts), sources)
}

/// The words that have come, and what is shown of them.
pub(super) struct Shown<'a> {
    masker: &'a dyn Masker,
    hosts: &'a BTreeSet<String>,
    deltas: &'a Deltas,
    watch: Watch<'a>,
    thoughts: Thoughts,
    held: String,
    shown: usize,
    /// Nothing more is shown.
    closed: bool,
}

impl<'a> Shown<'a> {
    pub(super) fn new(
        secrets: &'a Secrets,
        masker: &'a dyn Masker,
        hosts: &'a BTreeSet<String>,
        deltas: &'a Deltas,
    ) -> Self {
        let (watch, thoughts) = (Watch::new(secrets), Thoughts::default());
        Self { masker, hosts, deltas, watch, thoughts, held: String::new(), shown: 0, closed: false }
    }

    /// Takes what a model wrote.
    pub(super) fn take(&mut self, piece: &str) {
        let said = self.thoughts.said(piece);
        self.hold(&said);
        if self.closed {
            return;
        }
        if let Some(end) = cut(&self.held) {
            let rest = self.held.split_off(end);
            let part = std::mem::replace(&mut self.held, rest);
            self.show(&part);
        }
        self.closed |= self.held.len() > UNCUT;
    }

    /// Shows what is left: the answer is one that may be shown.
    pub(super) fn end(mut self) {
        let rest = self.thoughts.rest();
        self.hold(&rest);
        let rest = std::mem::take(&mut self.held);
        self.show(rest.trim_end());
    }

    fn hold(&mut self, said: &str) {
        self.closed |= self.watch.leaks(said);
        self.held.push_str(said);
        if self.shown == 0 {
            self.held.drain(..self.held.len() - self.held.trim_start().len());
            // A tool call that is written as words, as small models do.
            self.closed |= self.held.starts_with(['{', '[', '`', '<']);
        }
    }

    fn show(&mut self, part: &str) {
        let (text, _) = clean(part, self.hosts, self.masker);
        let length = text.chars().count();
        self.closed |= self.shown + length > REPLY_CHARACTERS;
        if !self.closed && !text.is_empty() {
            self.shown += length;
            // Nobody may be watching any more.
            let _ = self.deltas.send(text);
        }
    }
}

/// How much of what is held can be shown, in bytes: up to a space, or between two Chinese characters, with no bracket
/// open.
fn cut(held: &str) -> Option<usize> {
    let last = held.char_indices().rev().nth(HELD - 1)?.0;
    let end = match open_bracket(&held[..last]) {
        Some(bracket) if held[bracket..].chars().nth(BRACKET).is_none() => bracket,
        _ => last,
    };
    let chars: Vec<_> = held[..end].char_indices().collect();
    let border = |pair: &[(usize, char)]| {
        let ((_, before), (at, behind)) = (pair[0], pair[1]);
        let border = (behind.is_whitespace() && !before.is_whitespace()) || (is_han(before) && is_han(behind));
        border.then_some(at)
    };
    chars.windows(2).rev().find_map(border)
}

/// Where a bracket opens that has not closed, or a link in Markdown that is not whole.
fn open_bracket(text: &str) -> Option<usize> {
    let opens = |(open, close): (char, char)| {
        let at = text.rfind(open)?;
        let Some(end) = text[at..].find(close) else { return Some(at) };
        let behind = &text[at + end + close.len_utf8()..];
        (open == '[' && behind.starts_with('(') && !behind.contains(')')).then_some(at)
    };
    [('[', ']'), ('<', '>'), ('【', '】')].into_iter().filter_map(opens).min()
}
