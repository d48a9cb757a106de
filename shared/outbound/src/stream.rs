//! An answer that is read while it is written, within the caps of a request that nobody can know the end of.

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use tokio::time::{Instant, timeout_at};

use crate::OutboundError;

/// Caps of one answer that is read while it is written.
#[derive(Debug, Clone, Copy)]
pub struct StreamLimits {
    /// From resolving the name to the first byte of the body.
    pub first: Duration,
    /// Between two pieces of the body.
    pub idle: Duration,
    /// From resolving the name to the last byte.
    pub total: Duration,
    /// Bytes of the body.
    pub bytes: usize,
}

/// When what must have come.
#[derive(Clone, Copy)]
pub(crate) struct Deadlines {
    first: Instant,
    end: Instant,
}

impl StreamLimits {
    /// The deadlines, from now on.
    pub(crate) fn deadlines(self) -> Deadlines {
        let now = Instant::now();
        let end = now + self.total;
        Deadlines { first: end.min(now + self.first), end }
    }
}

impl Deadlines {
    /// What comes before the body, if it comes in time.
    pub(crate) async fn head<T>(self, head: impl Future<Output = T>) -> Result<T, OutboundError> {
        timeout_at(self.first, head).await.map_err(|_| OutboundError::TimedOut)
    }
}

/// An answer whose body comes in pieces. To drop it closes the connection.
pub struct Streaming {
    /// The status; a redirect is an answer like any other.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    answer: reqwest::Response,
    deadlines: Deadlines,
    idle: Duration,
    /// Bytes that may still come.
    room: usize,
    begun: bool,
}

impl Streaming {
    pub(crate) fn new(answer: reqwest::Response, limits: StreamLimits, deadlines: Deadlines) -> Self {
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Self { status, headers, answer, deadlines, idle: limits.idle, room: limits.bytes, begun: false }
    }

    /// The next piece, as large as the network made it; none after the last.
    ///
    /// # Errors
    /// [`OutboundError::TimedOut`] past any of the limits, [`OutboundError::TooLarge`] for a piece past the size, of
    /// which nothing is given; and what breaks a connection.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, OutboundError> {
        let until = if self.begun { self.deadlines.end.min(Instant::now() + self.idle) } else { self.deadlines.first };
        let read = timeout_at(until, self.answer.chunk()).await.map_err(|_| OutboundError::TimedOut)?;
        let Some(chunk) = read.map_err(|error| OutboundError::of(&error))? else { return Ok(None) };
        self.begun = true;
        self.room = self.room.checked_sub(chunk.len()).ok_or(OutboundError::TooLarge)?;
        Ok(Some(chunk))
    }
}

impl std::fmt::Debug for Streaming {
    /// Neither headers nor body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streaming").field("status", &self.status).finish_non_exhaustive()
    }
}
