//! What an environment keeps in memory of an account's AI agent: settings, plan, model, index. It looks for changes
//! every few seconds, by one small read.

use std::{
    collections::BTreeMap,
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deskwire_ai::{
    Model,
    agent::Tool,
    entities::Moment,
    knowledge::Index,
    local::LocalAgent,
    phrases::{self, Phrases},
    plan::{Action, Plan, ToolPlan},
};
use deskwire_domain::{AccountId, Time};
use deskwire_protocol::http::{AiSettings, Intent, IntentAction};
use deskwire_store::Document;
use lru::LruCache;

use super::{serving::Serving, settings, tools};
use crate::{App, AppError, rules::Known};

/// For so long a brain may be behind what was configured.
const BEHIND: Duration = Duration::from_secs(2);
/// Brains that an environment keeps: models and indexes take a few megabytes each.
const KEPT: NonZeroUsize = NonZeroUsize::new(32).expect("not zero");
/// Rounds in which what serves may be replaced while it is read.
const ROUNDS: u32 = 4;
/// Intents of one account.
pub(super) const INTENTS: usize = 500;

/// What an environment knows of an account's AI agent.
pub(crate) struct Brain {
    pub settings: AiSettings,
    /// The intents' words for what systems answer.
    pub(super) said: Sayings,
    pub local: LocalAgent,
    /// The trained version.
    pub version: Option<String>,
    /// The rules file with the business queries.
    pub known: Arc<Known>,
    /// What a visitor may have asked for them.
    pub tools: Vec<Tool>,
}

/// What an intent says of a tool's answer.
struct Saying {
    tool: String,
    words: phrases::Words,
}

/// What intents say, by their names.
pub(super) struct Sayings(BTreeMap<String, Saying>);

impl Sayings {
    /// The words for a tool's answer: this intent's own, or of the first that has some for the tool.
    pub(super) fn of(&self, tool: &str, intent: Option<&str>) -> Option<&phrases::Words> {
        let own = intent.and_then(|intent| self.0.get(intent));
        own.into_iter().chain(self.0.values()).find(|saying| saying.tool == tool).map(|saying| &saying.words)
    }
}

struct Kept {
    looked: Instant,
    version: u64,
    brain: Arc<Brain>,
}

/// The brains of one environment.
pub(crate) struct Brains(Mutex<LruCache<AccountId, Kept>>);

impl Default for Brains {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl Brains {
    fn with<T>(&self, with: impl FnOnce(&mut LruCache<AccountId, Kept>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks for changes at the next question.
    pub(crate) fn forget(&self, account: &AccountId) {
        self.with(|brains| brains.pop(account));
    }
}

impl App {
    /// What is known of an account's AI agent, as of a moment ago.
    pub(crate) async fn brain(&self, account: &AccountId) -> Result<Arc<Brain>, AppError> {
        let kept = self
            .brains
            .with(|brains| brains.get(account).map(|kept| (kept.looked, kept.version, Arc::clone(&kept.brain))));
        if let Some((looked, _, brain)) = &kept
            && looked.elapsed() < BEHIND
        {
            return Ok(Arc::clone(brain));
        }
        for round in 1..=ROUNDS {
            let serving = self.serving(account).await?;
            let known = self.recent_book(account).await?;
            let unchanged = |(_, version, brain): &(Instant, u64, Arc<Brain>)| {
                *version == serving.version && brain.known.hash == known.hash
            };
            let brain = match &kept {
                Some(kept) if unchanged(kept) => Some(Arc::clone(&kept.2)),
                _ => self.make_brain(account, &serving.value, (known, round == ROUNDS)).await?.map(Arc::new),
            };
            // A blob that is not there any more was replaced a moment ago.
            if let Some(brain) = brain {
                let kept = Kept { looked: Instant::now(), version: serving.version, brain: Arc::clone(&brain) };
                self.brains.with(|brains| brains.put(account.clone(), kept));
                return Ok(brain);
            }
        }
        Err(AppError::Failed(format!("the brain of {account} changes too fast to be read")))
    }

    async fn make_brain(
        &self,
        account: &AccountId,
        serving: &Serving,
        (known, last): (Arc<Known>, bool),
    ) -> Result<Option<Brain>, AppError> {
        let settings = self.ai_settings(account).await?;
        let intents = self.intents(account).await?;
        let (model, index) = (serving.model.as_deref().map(super::train::blob_of), serving.knowledge.as_ref());
        let model = self.serving_blob(account, model.as_deref()).await?;
        let index = self.serving_blob(account, index.map(|made| made.blob.as_str())).await?;
        if matches!(model, Blob::Gone) || matches!(index, Blob::Gone) {
            if !last {
                return Ok(None);
            }
            tracing::error!(%account, "a model or an index that serves is not there");
        }
        let (model, knowledge) = (model_of(model, account), index_of(index, account).await?);
        let tools = tools::offered(&known.book);
        let orders = tools::order_patterns(&tools);
        let entities = settings::entities(&settings, orders)
            .or_else(|_| settings::entities(&settings, vec![]))
            .map_err(|error| AppError::Failed(error.to_string()))?;
        let local = LocalAgent {
            model,
            knowledge,
            entities: Arc::new(entities),
            plan: Arc::new(plan(&settings, &intents)),
            reject: settings.reject,
            clock: moment,
            time_zone: settings.hours.as_ref().map_or_else(|| "UTC".to_owned(), |hours| hours.time_zone.clone()),
        };
        let said = intents.into_iter().filter_map(|intent| match intent.action {
            IntentAction::Tool { tool, words, .. } if !words.is_empty() => Some((intent.name, Saying { tool, words })),
            _ => None,
        });
        Ok(Some(Brain { said: Sayings(said.collect()), local, version: serving.model.clone(), known, tools, settings }))
    }

    async fn serving_blob(&self, account: &AccountId, name: Option<&str>) -> Result<Blob, AppError> {
        let Some(name) = name else { return Ok(Blob::Unset) };
        Ok(self.store.blob(account, name).await?.map_or(Blob::Gone, Blob::Bytes))
    }

    /// All intents of an account.
    pub(crate) async fn intents(&self, account: &AccountId) -> Result<Vec<Intent>, AppError> {
        Ok(self.store.all_documents(account, Document::Intent).await?)
    }
}

/// What is stored of a model or an index that serves.
enum Blob {
    /// None serves.
    Unset,
    /// It was replaced a moment ago, or lost.
    Gone,
    Bytes(Vec<u8>),
}

/// One that this version cannot read must not silence the agent: articles and people are left.
fn model_of(blob: Blob, account: &AccountId) -> Option<Arc<Model>> {
    let Blob::Bytes(bytes) = blob else { return None };
    let read =
        Model::from_bytes(&bytes).inspect_err(|error| tracing::error!(%error, %account, "a model is unreadable"));
    read.ok().map(Arc::new)
}

/// As with the model; an empty one answers nothing.
async fn index_of(blob: Blob, account: &AccountId) -> Result<Arc<Index>, AppError> {
    let Blob::Bytes(bytes) = blob else { return Ok(Arc::new(Index::build(&[], &[]))) };
    let read = tokio::task::spawn_blocking(move || Index::from_bytes(&bytes)).await;
    let read = read.map_err(|error| AppError::Failed(error.to_string()))?;
    let read = read.inspect_err(|error| tracing::error!(%error, %account, "an index must be made anew"));
    Ok(Arc::new(read.unwrap_or_else(|_| Index::build(&[], &[]))))
}

/// The visitor's clock, as the company's: a visitor's own zone is not known.
fn moment(now: Time, zone: &str) -> Moment {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    now.to_zoned(zone).datetime()
}

fn plan(settings: &AiSettings, intents: &[Intent]) -> Plan {
    let action = |action: &IntentAction| match action {
        IntentAction::Knowledge => Action::Knowledge,
        IntentAction::Say { words } => Action::Say(words.clone()),
        IntentAction::HandOver {} => Action::HandOver,
        IntentAction::Tool { tool, slots, ask, .. } => {
            Action::Tool(ToolPlan { tool: tool.clone(), slots: slots.clone(), ask: ask.clone() })
        }
    };
    let always = settings.hand_over.routes.iter().filter(|(_, route)| route.always);
    let phrase = |(name, words): (&String, &phrases::Words)| {
        let (_, phrase) = phrases::NAMES.iter().find(|(known, _)| known == name)?;
        Some((*phrase, words.clone()))
    };
    Plan {
        intents: intents.iter().map(|intent| (intent.name.clone(), action(&intent.action))).collect(),
        for_people: always.map(|(intent, _)| intent.clone()).collect(),
        after_misses: settings.hand_over.after_misses,
        on_anger: settings.hand_over.on_anger,
        phrases: Phrases(settings.words.iter().filter_map(phrase).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_intents_of_one_tool_have_each_their_words() {
        let saying = |tool: &str, words: &str| Saying {
            tool: tool.to_owned(),
            words: [("en".to_owned(), words.to_owned())].into_iter().collect(),
        };
        let all = [("price", saying("my_order", "It costs")), ("where", saying("my_order", "It is at"))];
        let said = Sayings(all.into_iter().map(|(name, saying)| (name.to_owned(), saying)).collect());
        let of = |tool, intent| said.of(tool, intent).and_then(|words| words.get("en")).map(String::as_str);
        assert_eq!(
            (of("my_order", Some("where")), of("my_order", Some("price"))),
            (Some("It is at"), Some("It costs"))
        );
        assert_eq!((of("my_order", Some("hello")), of("my_order", None)), (Some("It costs"), Some("It costs")));
        assert_eq!(of("stock", Some("where")), None);
    }
}
