//! The mind that an account has chosen, ready to be asked.

use std::{sync::Arc, time::Duration};

use deskwire_ai::{
    agent::{Agent, AgentError, Conversation, Understanding},
    mask::{Hidden, Mask},
    model::{Instructions, Masker, ModelAgent, ModelClient, ModelLimits, NewMasker, OpenAi, OpenAiClient},
    remote::{Remote, RemoteAgent},
    secret::Secret,
};
use deskwire_domain::AccountId;
use deskwire_protocol::http::{AiSettings, Mind, ModelSettings};
use serde_json::Value;

use super::{brain::Brain, discreet::Discreet, settings::mask_kind};
use crate::{App, AppError};

/// How long a vector may take: without it the words alone are searched.
const VECTOR_TIME: Duration = Duration::from_secs(2);

/// Personal data that does not leave, hidden in one turn.
struct Masked {
    mask: Mask,
    hidden: Hidden,
}

impl Masker for Masked {
    fn hide(&mut self, text: &str) -> String {
        self.mask.hide(text, &mut self.hidden)
    }

    fn reveal(&self, text: &str) -> String {
        self.hidden.reveal(text)
    }
}

impl App {
    /// The mind that an account has chosen beside the local engine; none where that is all.
    pub(super) async fn mind(&self, account: &AccountId, brain: &Brain) -> Result<Option<Arc<dyn Agent>>, AppError> {
        let settings = &brain.settings;
        match (settings.agent, &settings.remote) {
            (Mind::Model, _) => {
                let Some(client) = self.model(account, settings).await? else { return Ok(None) };
                let company = self.account(account).await?.account.name;
                let instructions = Instructions { company, words: settings.instructions.clone() };
                let inner: Arc<dyn Agent> = Arc::new(brain.local.clone());
                Ok(Some(Arc::new(ModelAgent::new(client, inner, masker(settings), instructions))))
            }
            (Mind::Remote, Some(remote)) => {
                let key = self.key(account, remote.key_secret.as_ref()).await?;
                let time = Duration::from_millis(remote.timeout_ms);
                let made = RemoteAgent::new(self.outbound.clone(), Remote { url: remote.url.clone(), key, time });
                let masked = |inner: RemoteAgent| Arc::new(Discreet { inner, masker: masker(settings) });
                Ok(usable(made).map(masked).map(|agent| agent as Arc<dyn Agent>))
            }
            _ => Ok(None),
        }
    }

    /// The client of an account's large model, if it has one.
    pub(super) async fn model(
        &self,
        account: &AccountId,
        settings: &AiSettings,
    ) -> Result<Option<Arc<dyn ModelClient>>, AppError> {
        Ok(match &settings.model {
            Some(ModelSettings::Bedrock { model, timeout_seconds }) => {
                let time = Duration::from_secs(*timeout_seconds);
                self.models.0.as_ref().map(|maker| maker.client(model, time))
            }
            Some(ModelSettings::Openai { .. }) => {
                self.open_ai(account, settings).await?.map(|client| Arc::new(client) as Arc<dyn ModelClient>)
            }
            None => None,
        })
    }

    /// The client of an OpenAI-compatible address, if the account has one.
    pub(super) async fn open_ai(
        &self,
        account: &AccountId,
        settings: &AiSettings,
    ) -> Result<Option<OpenAiClient>, AppError> {
        let Some(ModelSettings::Openai { url, model, key_secret, timeout_seconds, .. }) = &settings.model else {
            return Ok(None);
        };
        let key = self.key(account, key_secret.as_ref()).await?;
        let limits = ModelLimits { total: Duration::from_secs(*timeout_seconds), ..ModelLimits::default() };
        let config = OpenAi { base: url.clone(), model: model.clone(), key, limits };
        Ok(usable(OpenAiClient::new(self.outbound.clone(), config)))
    }

    async fn key(&self, account: &AccountId, name: Option<&String>) -> Result<Option<Secret>, AppError> {
        let secrets = self.secrets(account, name.into_iter()).await?;
        Ok(secrets.values().next().and_then(Value::as_str).map(Secret::new))
    }
}

/// One that cannot be made is one that does not answer: the local engine does.
fn usable<T>(made: Result<T, AgentError>) -> Option<T> {
    made.inspect_err(|error| tracing::warn!(%error, "a mind cannot be used")).ok()
}

/// Hides what the settings say.
pub(super) fn masker(settings: &AiSettings) -> NewMasker {
    let kinds: Vec<_> = settings.mask.iter().filter_map(|kind| mask_kind(kind)).collect();
    Arc::new(move |_| Box::new(Masked { mask: Mask::new(&kinds), hidden: Hidden::default() }))
}

impl App {
    /// What a text means to the local engine, with the help of its vector where the account's index has those.
    pub(super) async fn understand(
        &self,
        account: &AccountId,
        brain: &Brain,
        conversation: &Conversation,
    ) -> Result<Understanding, AppError> {
        let vector = match brain.local.knowledge.has_vectors() {
            true => self.vector(account, &brain.settings, &conversation.text).await?,
            false => None,
        };
        Ok(brain.local.understand_with(conversation, vector.as_deref()))
    }

    /// A text's vector, without its personal data; none where the model does not answer in time.
    async fn vector(
        &self,
        account: &AccountId,
        settings: &AiSettings,
        text: &str,
    ) -> Result<Option<Vec<f32>>, AppError> {
        let Some(client) = self.embedder(account, settings).await? else { return Ok(None) };
        let mut masked = masker(settings)(&Conversation::of(text, self.now()));
        let texts = [masked.hide(text)];
        let vectors = tokio::time::timeout(VECTOR_TIME, client.embed(&texts)).await;
        Ok(vectors.ok().and_then(Result::ok).and_then(|vectors| vectors.into_iter().next()))
    }

    /// The client of the model for embeddings, if the account has one.
    pub(super) async fn embedder(
        &self,
        account: &AccountId,
        settings: &AiSettings,
    ) -> Result<Option<OpenAiClient>, AppError> {
        let Some(ModelSettings::Openai { embeddings: Some(model), .. }) = &settings.model else { return Ok(None) };
        let mut settings = settings.clone();
        if let Some(ModelSettings::Openai { model: own, .. }) = &mut settings.model {
            model.clone_into(own);
        }
        self.open_ai(account, &settings).await
    }
}
