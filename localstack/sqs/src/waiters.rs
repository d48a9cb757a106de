//! Receivers that wait for messages of a queue. Nothing polls: whoever waits is woken by the commit that touched its
//! queue.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::Notify;

/// Who waits, by queue. A queue's entry lives as long as somebody waits.
#[derive(Clone, Default)]
pub(crate) struct Waiters(Arc<Mutex<HashMap<String, Weak<Notify>>>>);

impl Waiters {
    /// What to wait on. Make its `notified()` before looking for messages, or a send between the two is missed.
    pub(crate) fn of(&self, queue: &str) -> Arc<Notify> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = queues.get(queue).and_then(Weak::upgrade) {
            return notify;
        }
        queues.retain(|_, waiting| waiting.strong_count() > 0);
        let notify = Arc::new(Notify::new());
        queues.insert(queue.to_owned(), Arc::downgrade(&notify));
        notify
    }

    /// Wakes all that wait for a queue.
    pub(crate) fn wake(&self, queue: &str) {
        let waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(queue).and_then(Weak::upgrade);
        if let Some(waiting) = waiting {
            waiting.notify_waiters();
        }
    }

    /// Wakes all.
    pub(crate) fn wake_all(&self) {
        let queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for waiting in queues.values().filter_map(Weak::upgrade) {
            waiting.notify_waiters();
        }
    }
}
