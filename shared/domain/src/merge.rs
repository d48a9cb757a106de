//! How a reader puts a log together from pushes that may be missing, doubled or out of order, and from pages that it
//! asked for. Every client does this; the SDK's merge is held against it.

use std::collections::BTreeMap;

/// A reader's copy of one log: exactly the entries `1..=seen`, and those that came too early.
#[derive(Debug, Clone)]
pub struct Reader<E> {
    entries: Vec<E>,
    early: BTreeMap<u64, E>,
}

impl<E> Default for Reader<E> {
    fn default() -> Self {
        Self { entries: Vec::new(), early: BTreeMap::new() }
    }
}

/// What a reader should do after it took an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it has all that it knows of.
    Nothing,
    /// Ask for what lies after this seq: something is missing.
    Sync {
        /// The last seq that it has without a gap.
        after: u64,
    },
}

impl<E> Reader<E> {
    /// The last seq that it has without a gap; the `after` of its next `send` or `sync`.
    pub fn seen(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The entries, in seq order, without a gap.
    pub fn entries(&self) -> &[E] {
        &self.entries
    }

    /// Takes an entry, pushed or asked for, once or often, in any order.
    pub fn take(&mut self, seq: u64, entry: E) -> Next {
        if seq > self.seen() {
            self.early.entry(seq).or_insert(entry);
        }
        while let Some(next) = self.early.remove(&(self.seen() + 1)) {
            self.entries.push(next);
        }
        if self.early.is_empty() { Next::Nothing } else { Next::Sync { after: self.seen() } }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Pushes that are lost, doubled and shuffled, and a sync wherever the reader asks: it always ends as the log.
        #[test]
        fn a_reader_ends_as_the_log(log in 1u64..40, pushes in prop::collection::vec(1u64..40, 0..120)) {
            let mut reader = Reader::default();
            for seq in pushes.into_iter().filter(|seq| *seq <= log) {
                if let Next::Sync { after } = reader.take(seq, seq) {
                    prop_assert_eq!(after, reader.seen());
                    if seq % 3 == 0 {
                        (after + 1..=log).for_each(|missing| { reader.take(missing, missing); });
                    }
                }
                prop_assert!(reader.entries().iter().copied().eq(1..=reader.seen()));
            }
            (reader.seen() + 1..=log).for_each(|missing| { reader.take(missing, missing); });
            prop_assert!(reader.entries().iter().copied().eq(1..=log));
        }
    }
}
