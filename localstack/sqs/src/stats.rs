//! Requests counted by action.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

/// The actions that are answered. Only these are counted, so that a caller's inventions take no memory.
pub(crate) const ACTIONS: [&str; 21] = [
    "CancelMessageMoveTask",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "CreateQueue",
    "DeleteMessage",
    "DeleteMessageBatch",
    "DeleteQueue",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "SendMessage",
    "SendMessageBatch",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

/// One counter per action.
#[derive(Clone, Default)]
pub(crate) struct Stats(Arc<[AtomicU64; ACTIONS.len()]>);

impl Stats {
    pub(crate) fn count(&self, action: &str) {
        if let Ok(index) = ACTIONS.binary_search(&action) {
            self.0[index].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The actions that were asked for, and how often.
    pub(crate) fn read(&self) -> BTreeMap<String, u64> {
        let counts = ACTIONS.iter().zip(self.0.iter().map(|count| count.load(Ordering::Relaxed)));
        counts.filter(|(_, count)| *count > 0).map(|(action, count)| ((*action).to_owned(), count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_actions_are_sorted_or_a_search_would_miss_them() {
        assert!(ACTIONS.is_sorted());
        let stats = Stats::default();
        stats.count("UntagQueue");
        stats.count("Dance");
        assert_eq!(stats.read(), [("UntagQueue".to_owned(), 1)].into());
    }
}
