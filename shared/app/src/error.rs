//! What goes wrong: a refusal, which is the caller's to know, or a failure, which is the log's.

use deskwire_domain::{Code, Refusal};
use deskwire_queue::SendError;
use deskwire_store::StoreError;

/// An action that did not take place.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The caller can do something about it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Something failed on our side; the caller learns no more than that.
    #[error("{0}")]
    Failed(String),
}

impl AppError {
    /// What the caller is told. A failure is logged here, once.
    pub fn into_refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Failed(reason) => {
                tracing::error!(reason, "an action failed");
                Code::Internal.into()
            }
        }
    }
}

impl From<Code> for AppError {
    fn from(code: Code) -> Self {
        Self::Refused(code.into())
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Condition => Self::Refused(Code::Conflict.into()),
            StoreError::Contended => Self::Refused(Code::Busy.into()),
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<SendError> for AppError {
    fn from(error: SendError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<deskwire_rules::Fault> for AppError {
    /// What a template or an argument lacks: for whoever wrote the rules.
    fn from(fault: deskwire_rules::Fault) -> Self {
        Self::Refused(Refusal::with(Code::InvalidField, fault.to_string()))
    }
}
