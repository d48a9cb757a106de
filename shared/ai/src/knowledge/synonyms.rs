//! Words of the company's own: groups that mean the same, and names that are one word.

use std::collections::HashMap;

use super::words;

/// Groups of one account, words of one group, tokens of one word.
const GROUPS: usize = 1_000;
const WORDS: usize = 30;
const TOKENS: usize = 8;

/// Groups of words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Synonyms {
    pub groups: Vec<Vec<String>>,
    /// By their first token: the rest, the longest first, and the group.
    starts: HashMap<String, Vec<(Vec<String>, usize)>>,
}

impl Synonyms {
    pub(crate) fn new(groups: &[Vec<String>]) -> Self {
        let limited = groups.iter().take(GROUPS).map(|group| group.iter().take(WORDS).cloned().collect());
        let groups: Vec<Vec<String>> = limited.collect();
        let mut starts: HashMap<String, Vec<(Vec<String>, usize)>> = HashMap::new();
        for (number, group) in groups.iter().enumerate() {
            for word in group {
                let mut tokens = words::keys(word).into_iter().map(|(key, ..)| key).take(TOKENS);
                if let Some(first) = tokens.next() {
                    starts.entry(first).or_default().push((tokens.collect(), number));
                }
            }
        }
        for rests in starts.values_mut() {
            rests.sort_by_key(|(rest, group)| (usize::MAX - rest.len(), *group));
        }
        Self { groups, starts }
    }

    /// The groups in a text, and where: the longest word at each place, none inside another.
    pub(crate) fn find(&self, text: &str) -> Vec<(usize, usize, usize)> {
        if self.starts.is_empty() {
            return vec![];
        }
        let tokens = words::keys(text);
        let (mut found, mut at) = (vec![], 0);
        while at < tokens.len() {
            let follows = |rest: &[String]| {
                rest.iter()
                    .enumerate()
                    .all(|(place, key)| tokens.get(at + 1 + place).is_some_and(|(own, ..)| own == key))
            };
            let matches = self.starts.get(&tokens[at].0).into_iter().flatten().filter(|(rest, _)| follows(rest));
            let mut length = 0;
            for (rest, group) in matches {
                // A word may be in several groups.
                if length == 0 || rest.len() + 1 == length {
                    length = rest.len() + 1;
                    found.push((*group, tokens[at].1, tokens[at + rest.len()].2));
                }
            }
            at += length.max(1);
        }
        found
    }
}
