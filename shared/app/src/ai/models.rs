//! Models that only the function that answers can reach: it brings along what makes their clients.

use std::{sync::Arc, time::Duration};

use deskwire_ai::model::ModelClient;

use crate::App;

/// Makes clients of models in the account where the functions run (Amazon Bedrock).
pub trait ModelMaker: Send + Sync {
    /// A client of one model, that may take so long.
    fn client(&self, model: &str, time: Duration) -> Arc<dyn ModelClient>;
}

/// What there is of it.
#[derive(Clone, Default)]
pub struct Models(pub(crate) Option<Arc<dyn ModelMaker>>);

impl App {
    /// The same app with models of its own account at hand.
    #[must_use]
    pub fn with_models(self, maker: Arc<dyn ModelMaker>) -> Self {
        Self { models: Models(Some(maker)), ..self }
    }
}
