//! The offline checker: what a recorded history must hold, whatever was killed when.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// What one client did and saw. Text is unique per message, so that it names it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Fact {
    /// It sent this.
    Sent {
        /// Where.
        conversation: String,
        /// What.
        text: String,
    },
    /// It was acked.
    Acked {
        /// Where.
        conversation: String,
        /// What.
        text: String,
        /// At which seq.
        seq: u64,
    },
    /// A reader has read this log, to its end.
    Read {
        /// Who.
        reader: String,
        /// Which.
        conversation: String,
        /// The entries: seq and, where it is a message, its text.
        entries: Vec<(u64, Option<String>)>,
    },
}

/// What is wrong with a history; nothing, where it holds.
pub fn check(facts: &[Fact]) -> Vec<String> {
    let mut wrong = vec![];
    let mut logs: BTreeMap<&str, &Vec<(u64, Option<String>)>> = BTreeMap::new();
    for fact in facts {
        let Fact::Read { reader, conversation, entries } = fact else { continue };
        if !entries.iter().map(|(seq, _)| *seq).eq(1..=entries.len() as u64) {
            wrong.push(format!("{reader} read {conversation} with a gap"));
        }
        match logs.get(conversation.as_str()) {
            None => {
                logs.insert(conversation, entries);
            }
            Some(first) if !same(first, entries) => wrong.push(format!("{reader} read another {conversation}")),
            Some(_) => {}
        }
    }
    let stored = stored(&logs, &mut wrong);
    for fact in facts {
        let Fact::Acked { conversation, text, seq } = fact else { continue };
        if stored.get(text.as_str()) != Some(&(conversation.as_str(), *seq)) {
            wrong.push(format!("acked at {conversation}:{seq}, found at {:?}: {text}", stored.get(text.as_str())));
        }
    }
    let sent: BTreeSet<&str> = facts
        .iter()
        .filter_map(|fact| if let Fact::Sent { text, .. } = fact { Some(text.as_str()) } else { None })
        .collect();
    wrong.extend(stored.keys().filter(|text| !sent.contains(*text)).map(|text| format!("nobody sent this: {text}")));
    wrong
}

/// Two readings of one log; a visitor does not see the text of what is hidden.
fn same(one: &[(u64, Option<String>)], other: &[(u64, Option<String>)]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((a, x), (b, y))| a == b && (x == y || x.is_none() || y.is_none()))
}

/// Where each message is stored; twice is wrong, also for one that was never acked.
fn stored<'a>(
    logs: &BTreeMap<&'a str, &'a Vec<(u64, Option<String>)>>,
    wrong: &mut Vec<String>,
) -> HashMap<&'a str, (&'a str, u64)> {
    let mut stored = HashMap::new();
    for (conversation, entries) in logs {
        for (seq, text) in entries.iter() {
            let Some(text) = text else { continue };
            if let Some(before) = stored.insert(text.as_str(), (*conversation, *seq)) {
                wrong.push(format!("stored twice, {before:?} and {conversation}:{seq}: {text}"));
            }
        }
    }
    stored
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str) -> Fact {
        Fact::Sent { conversation: "c".into(), text: text.into() }
    }

    fn acked(text: &str, seq: u64) -> Fact {
        Fact::Acked { conversation: "c".into(), text: text.into(), seq }
    }

    fn read(reader: &str, entries: &[(u64, &str)]) -> Fact {
        let entries = entries.iter().map(|(seq, text)| (*seq, Some((*text).to_owned()))).collect();
        Fact::Read { reader: reader.into(), conversation: "c".into(), entries }
    }

    #[test]
    fn a_good_history_passes_and_each_fault_is_found() {
        let good = [
            sent("a"),
            sent("b"),
            sent("lost"),
            acked("a", 1),
            read("v", &[(1, "a"), (2, "b")]),
            read("w", &[(1, "a"), (2, "b")]),
        ];
        assert_eq!(check(&good), Vec::<String>::new());
        for bad in [
            vec![sent("a"), acked("a", 1), read("v", &[])],
            vec![sent("a"), acked("a", 2), read("v", &[(1, "a")])],
            vec![sent("a"), read("v", &[(1, "a"), (2, "a")])],
            vec![sent("a"), sent("b"), read("v", &[(1, "a"), (3, "b")])],
            vec![sent("a"), sent("b"), read("v", &[(1, "a"), (2, "b")]), read("w", &[(1, "b"), (2, "a")])],
            vec![sent("a"), sent("b"), read("v", &[(1, "a"), (2, "b")]), read("w", &[(1, "a")])],
            vec![read("v", &[(1, "ghost")])],
        ] {
            assert_ne!(check(&bad), Vec::<String>::new(), "{bad:?}");
        }
    }
}
