//! What serves: the one small document by which environments see that something of the AI agent has changed.

use deskwire_domain::{AccountId, Code};
use deskwire_store::{Document, StoreError, Versioned};
use serde::{Deserialize, Serialize};

use crate::{App, AppError};

/// The name of the one document of kind `Serving`.
const SERVING: &str = "brain";
/// Rounds in which a change may lose against others.
const ROUNDS: u32 = 16;

/// What serves. Its version goes up with each change of settings, intents, model or articles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Serving {
    /// The trained version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The index of articles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub knowledge: Option<MadeOf>,
}

/// Something that was made of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeOf {
    /// The blob.
    pub blob: String,
    /// A hash of what it was made of.
    pub of: String,
}

impl App {
    pub(crate) async fn serving(&self, account: &AccountId) -> Result<Versioned<Serving>, AppError> {
        let found = self.store.document(account, Document::Serving, SERVING).await?;
        Ok(found.unwrap_or(Versioned { value: Serving::default(), version: 0 }))
    }

    /// Changes what serves; a change of nothing only says that something else has changed. Answers what served before.
    pub(crate) async fn change_serving(
        &self,
        account: &AccountId,
        change: impl Fn(&mut Serving),
    ) -> Result<Serving, AppError> {
        for _ in 0..ROUNDS {
            let mut serving = self.serving(account).await?;
            let before = serving.value.clone();
            change(&mut serving.value);
            match self.store.write_document(account, Document::Serving, SERVING, &serving).await {
                Ok(()) => {
                    self.brains.forget(account);
                    return Ok(before);
                }
                Err(StoreError::Condition) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Code::Busy.into())
    }
}
