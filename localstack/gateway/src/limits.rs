//! API Gateway's limits, by its own names for them ("Amazon API Gateway endpoints and quotas").

use std::time::Duration;

/// "WebSocket message payload size": 128 KB. The 32 KB frame quota is the metering unit of it: a message may come in
/// several frames.
pub(crate) const MESSAGE_PAYLOAD_BYTES: usize = 128 * 1024;
/// "Idle connection timeout": 10 minutes.
pub const IDLE: Duration = Duration::from_secs(600);
/// "Connection duration for WebSocket API": 2 hours.
pub const CONNECTION: Duration = Duration::from_secs(7_200);
/// "Integration timeout": 29 seconds.
pub(crate) const INTEGRATION: Duration = Duration::from_secs(29);
/// "New connections per second per account": 500.
pub const NEW_CONNECTIONS_PER_SECOND: f64 = 500.0;
/// "Payload size" of HTTP APIs: 10 MB; our largest upload goes past the API on AWS, so it is 20 MB and a little here.
pub(crate) const HTTP_PAYLOAD_BYTES: usize = 21 * 1024 * 1024;
/// Bytes of frames that wait for a slow client. Ours: sixteen of the largest messages; then it is cut off and resumes
/// from the log, instead of filling the machine's memory.
pub(crate) const UNSENT_BYTES: usize = 16 * MESSAGE_PAYLOAD_BYTES;
/// How long what is under way may take when the gateway stops.
pub(crate) const GRACE: Duration = Duration::from_secs(10);
