//! How an account's AI agent is set up.

use deskwire_ai::{
    entities::{Entities, EntitySettings, Product},
    mask::MaskKind,
    phrases,
};
use deskwire_domain::{AccountId, Code, Refusal, content::check_length, limits};
use deskwire_protocol::http::{AiSettings, Mind, ModelSettings};
use deskwire_store::Document;

use super::budget::ONE_QUESTION;
use crate::{App, AppError, Caller};

/// The name of the one document of kind `Ai`.
const SETTINGS: &str = "settings";
/// The longest wait for more words, in milliseconds: nobody watches an empty page for longer.
const GATHER_MS: u64 = 5_000;
/// The largest part of its business that may be left unanswered.
const REJECT: f32 = 0.5;
/// Characters of instructions: a page.
const INSTRUCTIONS_CHARS: usize = 4_000;
/// Seconds that a model may have at most: within the 29 that a turn has, something must be left for its answer.
const MODEL_SECONDS: u64 = 25;
/// Lists of words that mean the same, and words of one.
const SYNONYMS: (usize, usize) = (500, 20);
/// Bytes of all settings: with its keys an item of the table has 400 KB.
const SETTINGS_BYTES: usize = 300 * 1024;

impl App {
    /// How an account's AI agent is set up; as it is by default where nobody said anything.
    ///
    /// # Errors
    /// A failure.
    pub async fn ai_settings(&self, account: &AccountId) -> Result<AiSettings, AppError> {
        let found = self.store.document(account, Document::Ai, SETTINGS).await?;
        Ok(found.map(|found| found.value).unwrap_or_default())
    }

    /// Sets it up.
    ///
    /// # Errors
    /// [`Code::InvalidField`] that names what is wrong, or a failure.
    pub async fn put_ai_settings(&self, caller: &Caller, settings: AiSettings) -> Result<AiSettings, AppError> {
        check(&settings)?;
        let account = caller.account();
        for address in addresses(&settings) {
            if let Err(error) = self.outbound.permits(address) {
                return Err(field(format!("url: {error}")).into());
            }
        }
        for secret in secrets_of(&settings) {
            if !self.secrets(account, std::iter::once(secret)).await?.contains_key(secret) {
                return Err(field(format!("key_secret: {secret} is not set: PUT /v1/secrets/{secret}")).into());
            }
        }
        let routes = settings.hand_over.routes.values().filter_map(|route| route.team.as_ref());
        for team in routes.chain(&settings.hand_over.team) {
            // Nobody could take what waits for a team that is not there.
            if self.store.document::<serde_json::Value>(account, Document::Team, team.as_str()).await?.is_none() {
                return Err(field(format!("hand_over: there is no team {team}")).into());
            }
        }
        self.put_document(account, Document::Ai, (SETTINGS, settings.clone())).await?;
        self.change_serving(account, |_| {}).await?;
        Ok(settings)
    }
}

fn field(detail: impl Into<String>) -> Refusal {
    Refusal::with(Code::InvalidField, detail)
}

fn check(settings: &AiSettings) -> Result<(), Refusal> {
    if settings.gather_ms > GATHER_MS {
        return Err(field(format!("gather_ms: 0 to {GATHER_MS}")));
    }
    if !(0.0..=REJECT).contains(&settings.reject) {
        return Err(field(format!("reject: 0 to {REJECT}")));
    }
    if !(1..=5).contains(&settings.hand_over.after_misses) {
        return Err(field("hand_over.after_misses: 1 to 5"));
    }
    for skill in settings.hand_over.routes.values().flat_map(|route| route.skills.iter().chain(&route.labels)) {
        check_length("hand_over.routes", skill, limits::LABEL_CHARS)?;
    }
    if let Some(hours) = &settings.hours {
        hours.check()?;
    }
    for name in settings.words.keys() {
        if !phrases::NAMES.iter().any(|(known, _)| known == name) {
            let names: Vec<_> = phrases::NAMES.iter().map(|(name, _)| *name).collect();
            return Err(field(format!("words: of {}", names.join(", "))));
        }
    }
    if settings.instructions.chars().count() > INSTRUCTIONS_CHARS {
        return Err(field(format!("instructions: at most {INSTRUCTIONS_CHARS} characters")));
    }
    if let Some(kind) = settings.mask.iter().find(|kind| mask_kind(kind).is_none()) {
        return Err(field(format!("mask: {kind} is not known")));
    }
    if settings.synonyms.len() > SYNONYMS.0 || settings.synonyms.iter().any(|words| words.len() > SYNONYMS.1) {
        return Err(field(format!("synonyms: at most {} lists of {} words", SYNONYMS.0, SYNONYMS.1)));
    }
    entities(settings, vec![]).map_err(|error| field(error.to_string()))?;
    check_mind(settings)?;
    check_budget(settings)?;
    let bytes = serde_json::to_vec(settings).map_or(usize::MAX, |json| json.len());
    if bytes > SETTINGS_BYTES { Err(Code::TooLarge.into()) } else { Ok(()) }
}

/// Less than one question may cost would be a budget with which no model is ever asked.
fn check_budget(settings: &AiSettings) -> Result<(), Refusal> {
    if u64::from(settings.budget.conversation_tokens) < ONE_QUESTION {
        return Err(field(format!("budget.conversation_tokens: at least {ONE_QUESTION}, what one question may cost")));
    }
    if settings.budget.day_tokens < ONE_QUESTION {
        return Err(field(format!("budget.day_tokens: at least {ONE_QUESTION}, what one question may cost")));
    }
    Ok(())
}

fn check_mind(settings: &AiSettings) -> Result<(), Refusal> {
    match (settings.agent, &settings.model, &settings.remote) {
        (Mind::Model, None, _) => return Err(field("model: is needed where the agent is a model")),
        (Mind::Remote, _, None) => return Err(field("remote: is needed where the agent is remote")),
        _ => {}
    }
    let seconds = match &settings.model {
        Some(ModelSettings::Openai { timeout_seconds, .. } | ModelSettings::Bedrock { timeout_seconds, .. }) => {
            *timeout_seconds
        }
        None => 1,
    };
    if !(1..=MODEL_SECONDS).contains(&seconds) {
        return Err(field(format!("model.timeout_seconds: 1 to {MODEL_SECONDS}")));
    }
    let millis = settings.remote.as_ref().map_or(100, |remote| remote.timeout_ms);
    if !(100..=MODEL_SECONDS * 1_000).contains(&millis) {
        return Err(field(format!("remote.timeout_ms: 100 to {}", MODEL_SECONDS * 1_000)));
    }
    Ok(())
}

fn addresses(settings: &AiSettings) -> impl Iterator<Item = &str> {
    let model = settings.model.as_ref().and_then(|model| match model {
        ModelSettings::Openai { url, .. } => Some(url.as_str()),
        ModelSettings::Bedrock { .. } => None,
    });
    model.into_iter().chain(settings.remote.as_ref().map(|remote| remote.url.as_str()))
}

fn secrets_of(settings: &AiSettings) -> impl Iterator<Item = &String> {
    let model = settings.model.as_ref().and_then(|model| match model {
        ModelSettings::Openai { key_secret, .. } => key_secret.as_ref(),
        ModelSettings::Bedrock { .. } => None,
    });
    model.into_iter().chain(settings.remote.as_ref().and_then(|remote| remote.key_secret.as_ref()))
}

/// A kind of personal data by its name.
pub(super) fn mask_kind(name: &str) -> Option<MaskKind> {
    serde_json::from_value(name.into()).ok()
}

/// What an account's texts may name.
pub(super) fn entities(
    settings: &AiSettings,
    order_patterns: Vec<String>,
) -> Result<Entities, deskwire_ai::entities::BadSettings> {
    let product = |product: &deskwire_protocol::http::Product| Product {
        name: product.name.clone(),
        aliases: product.aliases.clone(),
    };
    let products = settings.products.iter().map(product).collect();
    Entities::new(&EntitySettings { order_patterns, products, country: settings.country.clone() })
}
