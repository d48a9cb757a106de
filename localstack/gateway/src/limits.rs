//! API Gateway's limits, by its own names for them ("Amazon API Gateway endpoints and quotas"), and ours where AWS has
//! none.

use std::time::Duration;

/// "WebSocket message payload size": 128 KB, over all frames of a message. Past it the socket is closed with 1009.
pub const MESSAGE_PAYLOAD_BYTES: usize = 128 * 1024;
/// "WebSocket frame size": 32 KB. Past it API Gateway closes with 1009; a longer message comes in several frames.
pub const FRAME_BYTES: usize = 32 * 1024;
/// "Idle connection timeout": 10 minutes.
pub const IDLE: Duration = Duration::from_secs(600);
/// "Connection duration for WebSocket API": 2 hours.
pub const CONNECTION: Duration = Duration::from_secs(7_200);
/// "Integration timeout": 29 seconds.
pub const INTEGRATION: Duration = Duration::from_secs(29);
/// "New connections per second per account": 500, and as many at once.
pub const NEW_CONNECTIONS_PER_SECOND: f64 = 500.0;
/// "Payload size" of HTTP APIs: 10 MB. Past it a request is refused with 413.
pub const HTTP_PAYLOAD_BYTES: usize = 10 * 1024 * 1024;
/// "Total combined size of request line and header values": 10,240 bytes. Past it a request is refused with 431.
pub const REQUEST_LINE_AND_HEADERS_BYTES: usize = 10_240;
/// "Authorizer result size": 8 KB, as JSON. Past it the socket is refused with 500.
pub(crate) const AUTHORIZER_CONTEXT_BYTES: usize = 8 * 1024;

/// "Invocation payload" of Lambda: 6 MB each way. A larger answer of a process fails its invocation.
pub(crate) const INVOCATION_PAYLOAD_BYTES: usize = 6 * 1024 * 1024;

/// How long a request's body may take to come. Ours: API Gateway's is not published; it keeps slow senders from
/// holding memory.
pub(crate) const BODY_TIME: Duration = Duration::from_secs(30);
/// Bytes of frames that wait for a slow client. Ours: sixteen of the largest messages; then it is cut off and resumes
/// from the log, instead of filling the machine's memory.
pub(crate) const UNSENT_BYTES: usize = 16 * MESSAGE_PAYLOAD_BYTES;
/// What a waiting frame costs beside its bytes, so that empty frames are bounded too.
pub(crate) const FRAME_OVERHEAD_BYTES: usize = 64;
/// How long a client may take to take a close frame and answer it. Ours; then the connection is dropped.
pub(crate) const CLOSE_TIME: Duration = Duration::from_secs(2);
/// How long each stage of a graceful stop may take. Ours.
pub(crate) const GRACE: Duration = Duration::from_secs(10);

/// The limits that can be set; the others are the constants of this module.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of one frame that is received, at most those of a message, 128 KB.
    pub frame_bytes: usize,
    /// After how long without a frame in either direction a socket is closed (1001).
    pub idle: Duration,
    /// After how long a socket is closed (1001).
    pub longest: Duration,
    /// New sockets per second, and at once.
    pub connect_rate: f64,
    /// Bytes of an HTTP request's body.
    pub http_payload_bytes: usize,
}

impl Default for Limits {
    /// As AWS has them.
    fn default() -> Self {
        Self {
            frame_bytes: FRAME_BYTES,
            idle: IDLE,
            longest: CONNECTION,
            connect_rate: NEW_CONNECTIONS_PER_SECOND,
            http_payload_bytes: HTTP_PAYLOAD_BYTES,
        }
    }
}
