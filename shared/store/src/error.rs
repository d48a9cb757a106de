//! What can go wrong with the table.

use aws_sdk_dynamodb::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};

/// The table did not do it. Whether a write took place is not known, unless the kind says so.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The condition did not hold; nothing was written.
    #[error("the condition did not hold")]
    Condition,
    /// Another transaction touches the same items; nothing was written. Try again.
    #[error("in conflict with another transaction")]
    Contended,
    /// An item does not have the form that this version writes.
    #[error("an item is not as expected: {0}")]
    Malformed(String),
    /// Everything else, told for the log (never for a client).
    #[error("the table failed: {0}")]
    Failed(String),
}

impl<E, R> From<SdkError<E, R>> for StoreError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
    R: std::fmt::Debug,
{
    fn from(error: SdkError<E, R>) -> Self {
        match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("ConditionalCheckFailedException") => Self::Condition,
            Some("TransactionConflictException" | "TransactionInProgressException") => Self::Contended,
            _ => Self::Failed(DisplayErrorContext(&error).to_string()),
        }
    }
}

impl From<aws_sdk_dynamodb::error::BuildError> for StoreError {
    fn from(error: aws_sdk_dynamodb::error::BuildError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // serde's text can quote the item; say only where it went wrong.
        Self::Malformed(format!("line {} column {}", error.line(), error.column()))
    }
}
