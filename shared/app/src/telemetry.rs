//! Logs: JSON lines on standard error, one per event, never a body, a token or an address.

use std::sync::Once;

/// Starts logging, once a process. `RUST_LOG` says how much; `info` unless it does.
pub fn init() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| {
            tracing_subscriber::EnvFilter::new("info,aws_config=warn,aws_smithy_runtime=warn,hyper=warn")
        });
        let json = tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr);
        // Somebody else's subscriber (a test's) is as good.
        let _ = json.try_init();
    });
}
