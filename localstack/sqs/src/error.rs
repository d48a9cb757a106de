//! Errors, in the shape and by the names that the SDKs know.

use serde_json::json;

/// An answer over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// JSON.
    pub body: Vec<u8>,
    /// The header `x-amzn-query-error`, by which SDKs know errors of the older protocol.
    pub query_error: Option<String>,
}

/// An error of the service.
#[derive(Debug, Clone)]
pub(crate) struct SqsError {
    pub code: &'static str,
    pub message: String,
}

impl SqsError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(crate) fn no_queue() -> Self {
        Self::new("QueueDoesNotExist", "The specified queue does not exist.")
    }

    pub(crate) fn parameter(message: impl Into<String>) -> Self {
        Self::new("InvalidParameterValue", message)
    }

    pub(crate) fn reply(&self) -> Reply {
        let body = json!({"__type": format!("com.amazonaws.sqs#{}", self.code), "message": self.message});
        // The older protocol's names differ for some.
        let query = match self.code {
            "QueueDoesNotExist" => "AWS.SimpleQueueService.NonExistentQueue",
            "QueueNameExists" => "QueueAlreadyExists",
            "TooManyEntriesInBatchRequest" => "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
            "EmptyBatchRequest" => "AWS.SimpleQueueService.EmptyBatchRequest",
            "BatchEntryIdsNotDistinct" => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            "BatchRequestTooLong" => "AWS.SimpleQueueService.BatchRequestTooLong",
            "MessageNotInflight" => "AWS.SimpleQueueService.MessageNotInflight",
            "UnsupportedOperation" => "AWS.SimpleQueueService.UnsupportedOperation",
            other => other,
        };
        let status = if self.code == "InternalError" { 500 } else { 400 };
        Reply { status, body: body.to_string().into_bytes(), query_error: Some(format!("{query};Sender")) }
    }
}

impl From<rusqlite::Error> for SqsError {
    fn from(error: rusqlite::Error) -> Self {
        tracing::error!(%error, "the queues' database failed");
        Self::new("InternalError", "The queues' database failed.")
    }
}
