//! The app: its doors, made once per environment.

use std::sync::Arc;

use aws_types::SdkConfig;
use deskwire_domain::Time;
use deskwire_identity::SigningKeys;
use deskwire_outbound::GuardedClient;
use deskwire_push::Push;
use deskwire_queue::Queues;
use deskwire_store::Store;

use crate::{
    AppError, Config,
    ai::{Brains, Models, PastAnswers},
    answers::Answers,
    attachments::Files,
    filter::Filters,
    rate::Rates,
    rules::Books,
    sign_on::KeyCache,
    widget::Widgets,
};

/// Everything that an action needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    pub(crate) store: Store,
    pub(crate) push: Push,
    pub(crate) queues: Queues,
    /// Where this function signs or looks at tokens.
    pub(crate) keys: Option<Arc<SigningKeys>>,
    pub(crate) company_keys: Arc<KeyCache>,
    pub(crate) outbound: GuardedClient,
    pub(crate) rates: Arc<Rates>,
    pub(crate) files: Arc<Files>,
    pub(crate) books: Arc<Books>,
    pub(crate) answers: Arc<Answers>,
    pub(crate) filters: Arc<Filters>,
    pub(crate) brains: Arc<Brains>,
    pub(crate) past: Arc<PastAnswers>,
    pub(crate) models: Models,
    pub(crate) widgets: Arc<Widgets>,
    pub(crate) config: Arc<Config>,
}

/// An app that cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is missing.
    #[error(transparent)]
    Setting(#[from] crate::config::MissingSetting),
    /// A setting cannot be used.
    #[error("{0} cannot be used: {1}")]
    Unusable(&'static str, String),
}

impl App {
    /// The app that the environment describes: configuration, credentials and addresses (`AWS_ENDPOINT_URL…` where
    /// they are not AWS's own). Makes the first connection, so that INIT pays for it and not a visitor.
    ///
    /// # Errors
    /// What is missing.
    pub async fn from_env() -> Result<Self, StartError> {
        let app = Self::unwarmed()?;
        app.warm_table().await;
        Ok(app)
    }

    /// The same, with the connection for pushes made too: for a function whose first answer goes with one.
    ///
    /// # Errors
    /// What is missing.
    pub async fn from_env_to_push() -> Result<Self, StartError> {
        let app = Self::unwarmed()?;
        tokio::join!(app.warm_table(), app.push.warm());
        Ok(app)
    }

    /// The same as [`Self::from_env`], for a function that signs: it does not start without keys.
    ///
    /// # Errors
    /// What is missing.
    pub async fn from_env_to_sign() -> Result<Self, StartError> {
        let app = Self::unwarmed()?;
        app.config.need_signing_keys()?;
        app.warm_table().await;
        Ok(app)
    }

    /// The keys of a function that signs.
    ///
    /// # Errors
    /// This function was not told them.
    pub(crate) fn signing_keys(&self) -> Result<&SigningKeys, AppError> {
        let keys = self.keys.as_deref();
        keys.ok_or_else(|| AppError::Failed("this function has no signing keys: see SIGNERS in config.rs".into()))
    }

    fn unwarmed() -> Result<Self, StartError> {
        deskwire_telemetry::init();
        let config = Config::from_env()?;
        let sdk = crate::aws::from_env()?;
        Self::new(config, &sdk)
    }

    async fn warm_table(&self) {
        if let Err(error) = self.store.warm().await {
            tracing::warn!(%error, "the table could not be reached during start");
        }
    }

    /// An app over a given SDK configuration.
    ///
    /// # Errors
    /// A setting that cannot be used.
    pub fn new(config: Config, sdk: &SdkConfig) -> Result<Self, StartError> {
        let keys = config.signing_keys.as_deref().map(SigningKeys::from_json).transpose();
        let keys = keys.map_err(|error| StartError::Unusable("DESKWIRE_SIGNING_KEYS", error.to_string()))?;
        let outbound = GuardedClient::from_allow_list(&config.allow_inside)
            .map_err(|error| StartError::Unusable("DESKWIRE_ALLOW_INSIDE", error.to_string()))?;
        let files = Files::of(&config.attachments, sdk).ok_or_else(|| {
            StartError::Unusable(
                "DESKWIRE_ATTACHMENTS",
                "it is neither file:///… nor s3://bucket with credentials".into(),
            )
        })?;
        let store = Store::new(sdk, &config.table);
        Ok(Self {
            push: Push::new(sdk, &config.sockets, store.clone()),
            queues: Queues::new(sdk, &config.queue_prefix),
            store,
            keys: keys.map(Arc::new),
            company_keys: Arc::new(KeyCache::new(outbound.clone())),
            outbound,
            rates: Arc::new(Rates::default()),
            files: Arc::new(files),
            books: Arc::default(),
            answers: Arc::default(),
            filters: Arc::default(),
            brains: Arc::default(),
            past: Arc::default(),
            models: Models::default(),
            widgets: Arc::default(),
            config: Arc::new(config),
        })
    }

    /// The same app as another function environment has it, which has nothing in memory yet: for measurements.
    pub fn as_a_new_environment(&self) -> Self {
        Self {
            books: Arc::default(),
            answers: Arc::default(),
            filters: Arc::default(),
            brains: Arc::default(),
            past: Arc::default(),
            widgets: Arc::default(),
            ..self.clone()
        }
    }

    /// An SDK configuration for a given HTTP client and fixed keys: how one process runs everything.
    pub fn sdk_for(
        http: impl aws_smithy_runtime_api::client::http::HttpClient + 'static,
        endpoint: &str,
        access_key: &str,
        secret_key: &str,
    ) -> SdkConfig {
        let credentials = aws_credential_types::Credentials::new(access_key, secret_key, None, None, "local");
        crate::aws::with(http, credentials, "us-east-1").into_builder().endpoint_url(endpoint).build()
    }

    /// The door to the table, for tools and tests.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Now, in milliseconds: what is finer would only cost bytes.
    pub(crate) fn now(&self) -> Time {
        let now = jiff::Timestamp::now();
        Time::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }
}
