//! What waits to be written to one socket: nothing is allocated while nothing waits, and never more than
//! [`UNSENT_BYTES`].

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    task::Waker,
};

use bytes::Bytes;
use futures::task::AtomicWaker;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::limits::{FRAME_OVERHEAD_BYTES, UNSENT_BYTES};

/// How a socket is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Close {
    pub code: CloseCode,
    pub reason: &'static str,
}

/// What the socket's task does next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    Write(Bytes),
    Close(Close),
    /// The client is too slow: what waits is thrown away, and so is the connection.
    Cut,
    Nothing,
}

#[derive(Default)]
struct State {
    frames: VecDeque<Bytes>,
    bytes: usize,
    close: Option<Close>,
    overflowed: bool,
}

/// The queue between whoever posts to a socket and the task that writes to it.
#[derive(Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    waker: AtomicWaker,
}

fn weight(frame: &Bytes) -> usize {
    frame.len() + FRAME_OVERHEAD_BYTES
}

impl Outbox {
    fn with<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Queues a frame; says whether it will be written if the client takes it. Past the bound the client is cut off,
    /// and nothing new is taken once the socket is to be closed.
    pub(crate) fn push(&self, frame: Bytes) -> bool {
        !self.closing() && self.push_reply(frame)
    }

    /// Queues the answer to what the client itself sent: it goes before a close.
    pub(crate) fn push_reply(&self, frame: Bytes) -> bool {
        let taken = self.with(|state| {
            if state.overflowed {
                return false;
            }
            if state.bytes + weight(&frame) > UNSENT_BYTES {
                *state = State { overflowed: true, ..State::default() };
                return false;
            }
            state.bytes += weight(&frame);
            state.frames.push_back(frame);
            true
        });
        self.waker.wake();
        taken
    }

    /// Asks for the socket to be closed behind what waits already. The first to ask decides how.
    pub(crate) fn close(&self, close: Close) {
        self.with(|state| state.close.get_or_insert(close).code);
        self.waker.wake();
    }

    /// Whether the socket is to be closed.
    pub(crate) fn closing(&self) -> bool {
        self.with(|state| state.close.is_some())
    }

    /// What is to be done next; `waker` is woken when that changes. While the task is `busy` with an invocation a close
    /// waits, so that the answer goes before it.
    pub(crate) fn next(&self, waker: &Waker, busy: bool) -> Next {
        self.waker.register(waker);
        self.with(|state| {
            if state.overflowed {
                return Next::Cut;
            }
            if let Some(frame) = state.frames.pop_front() {
                state.bytes -= weight(&frame);
                if state.frames.is_empty() {
                    // Most sockets are idle most of the time.
                    state.frames = VecDeque::new();
                }
                return Next::Write(frame);
            }
            state.close.filter(|_| !busy).map_or(Next::Nothing, Next::Close)
        })
    }

    /// Whether the client was cut off; `waker` is woken when it is.
    pub(crate) fn overflowed(&self, waker: &Waker) -> bool {
        self.waker.register(waker);
        self.with(|state| state.overflowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWAY: Close = Close { code: CloseCode::Away, reason: "Going away" };
    const NORMAL: Close = Close { code: CloseCode::Normal, reason: "" };

    #[test]
    fn frames_go_before_the_close_and_nothing_behind_it() {
        let (outbox, waker) = (Outbox::default(), Waker::noop());
        assert!(outbox.push("a".into()));
        outbox.close(AWAY);
        outbox.close(NORMAL);
        assert!(!outbox.push("b".into()));
        assert!(outbox.push_reply("c".into()));
        assert_eq!(outbox.next(waker, true), Next::Write("a".into()));
        assert_eq!(outbox.next(waker, true), Next::Write("c".into()));
        assert_eq!(outbox.next(waker, true), Next::Nothing);
        assert_eq!(outbox.next(waker, false), Next::Close(AWAY));
    }

    #[test]
    fn it_is_bounded_for_empty_frames_too() {
        for size in [0, 100_000] {
            let outbox = Outbox::default();
            let frame = Bytes::from(vec![b'x'; size]);
            let taken = (0..100_000).take_while(|_| outbox.push(frame.clone())).count();
            assert!(taken * (size + FRAME_OVERHEAD_BYTES) <= UNSENT_BYTES && taken > 1, "{size}: {taken}");
            assert_eq!(outbox.next(Waker::noop(), false), Next::Cut);
        }
    }
}
