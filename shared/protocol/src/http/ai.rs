//! How an account's AI agent is set up, and how well it does.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::{ConversationId, TeamId, Time, turn::Outcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words by language: `{"en": "…", "zh": "…"}`.
pub type Words = BTreeMap<String, String>;

/// Which mind answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mind {
    /// The local engine: nothing leaves the house.
    #[default]
    Local,
    /// A large model, at an address of the company's choice.
    Model,
    /// A mind that the company runs itself, by gRPC.
    Remote,
}

/// How the AI agent of an account is set up. What is left out has a sound value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AiSettings {
    /// Which mind answers.
    pub agent: Mind,
    /// Milliseconds without a new message from the visitor after which a turn begins: what is written in a burst is
    /// answered at once. 0 to 5,000.
    pub gather_ms: u64,
    /// The part of its own business for which saying nothing is acceptable, 0 to 0.5: from it the threshold is chosen.
    pub reject: f32,
    /// When people go on, and who.
    pub hand_over: HandOverSettings,
    /// When people are there; always, unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hours: Option<deskwire_domain::hours::BusinessHours>,
    /// The company's own words instead of the built-in ones, by what they are for: `greeting`, `thanks`, `farewell`,
    /// `unsure`, `hand_over`, `away`, `ticket`, `nothing_found`, `sign_in`, `failed`.
    pub words: BTreeMap<String, Words>,
    /// Where visitors are, ISO 3166 (`CN`, `US`): whose phone numbers, dates and dollars are meant where a text does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What the company sells, by name: found in what visitors write.
    pub products: Vec<Product>,
    /// Words that mean the same, for the search in articles.
    pub synonyms: Vec<Vec<String>>,
    /// The large model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<ModelSettings>,
    /// The remote mind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<RemoteSettings>,
    /// How a model is to talk, in the company's words. At most 4,000 characters.
    pub instructions: String,
    /// What a model or a remote mind may know of the contact: `name`, `attributes.level`, …
    pub share: BTreeSet<String>,
    /// Personal data that is masked before it leaves, the first five unless said: `email`, `phone`, `card`, `id_number`, `iban`,
    /// `bank_account`, `passport`, `ip`, `address`.
    pub mask: BTreeSet<String>,
    /// What a model may cost.
    pub budget: Budget,
    /// Whether a summary is noted on transfer and on closing.
    pub summaries: bool,
}

impl Default for AiSettings {
    fn default() -> Self {
        Self {
            agent: Mind::Local,
            gather_ms: 400,
            reject: 0.05,
            hand_over: HandOverSettings::default(),
            hours: None,
            words: BTreeMap::new(),
            country: None,
            products: vec![],
            synonyms: vec![],
            model: None,
            remote: None,
            instructions: String::new(),
            share: BTreeSet::new(),
            mask: ["email", "phone", "card", "id_number", "iban"].map(str::to_owned).into(),
            budget: Budget::default(),
            summaries: true,
        }
    }
}

/// A product, and what else visitors call it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Other names.
    #[serde(default)]
    pub aliases: Vec<String>,
}

/// When people go on, and who.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HandOverSettings {
    /// Turns in a row that were not understood, after which people go on: 1 to 5.
    pub after_misses: u8,
    /// Whether anger hands over.
    pub on_anger: bool,
    /// The team, unless the intent says another; the conversation's own unless said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Who serves an intent, by its name.
    pub routes: BTreeMap<String, HandOverRoute>,
}

impl Default for HandOverSettings {
    fn default() -> Self {
        Self { after_misses: 2, on_anger: true, team: None, routes: BTreeMap::new() }
    }
}

/// Who serves an intent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HandOverRoute {
    /// Which team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Skills that the agent should have.
    pub skills: BTreeSet<String>,
    /// Labels that the conversation gets.
    pub labels: BTreeSet<String>,
    /// People handle it at once: the AI agent does not try.
    pub always: bool,
}

/// A large model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ModelSettings {
    /// OpenAI-compatible chat completions: vLLM, Ollama and most vendors.
    Openai {
        /// The address, `https://llm.example/v1`; inside only where `allow_inside` says so.
        url: String,
        /// The model's name there.
        model: String,
        /// The secret (`PUT /v1/secrets/{name}`) that is its key, if it needs one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        key_secret: Option<String>,
        /// A model for embeddings of articles at the same address, if search shall use them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        embeddings: Option<String>,
        /// Seconds after which the local engine, or a person, answers instead: 1 to 25.
        #[serde(default = "model_seconds")]
        timeout_seconds: u64,
    },
    /// Amazon Bedrock Converse, in the account where the functions run.
    Bedrock {
        /// The model's id.
        model: String,
        /// Seconds after which the local engine, or a person, answers instead: 1 to 25.
        #[serde(default = "model_seconds")]
        timeout_seconds: u64,
    },
}

fn model_seconds() -> u64 {
    15
}

/// A remote mind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoteSettings {
    /// The address, `https://mind.example:443`; inside only where `allow_inside` says so.
    pub url: String,
    /// The secret that is sent as a bearer token, if it needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_secret: Option<String>,
    /// Milliseconds after which the local engine, or a person, answers instead: 100 to 25,000.
    #[serde(default = "remote_millis")]
    pub timeout_ms: u64,
}

fn remote_millis() -> u64 {
    5_000
}

/// What a model may cost, in tokens read and written. Above it the local engine answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// Of one conversation; at least 5,000, which one question may cost.
    pub conversation_tokens: u32,
    /// Of the account in a day (UTC); as much at least.
    pub day_tokens: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { conversation_tokens: 50_000, day_tokens: 2_000_000 }
    }
}

/// `POST /v1/ai/test`: what would become of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TestSentence {
    /// The sentence.
    pub text: String,
}

/// What the AI agent makes of a sentence, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestedSentence {
    /// The intent; absent where it is better to say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// The likeliest intents.
    pub guesses: Vec<IntentGuess>,
    /// How much the text looks like any of the company's business; higher is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<f64>,
    /// Below this nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope_threshold: Option<f64>,
    /// Values in the text, by name.
    pub slots: BTreeMap<String, String>,
    /// The articles that fit it best.
    pub articles: Vec<FoundArticle>,
    /// How the turn would end.
    pub outcome: Outcome,
    /// What would be said; absent where one of the company's systems, or a model, would be asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
    /// The tool that would be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    /// The model's version, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// An intent, how likely it is, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IntentGuess {
    /// Its name.
    pub intent: String,
    /// From 0 to 1.
    pub probability: f64,
    /// The pieces of the text that count most, for it and against it.
    pub because: Vec<Because>,
}

/// A piece of a text that counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Because {
    /// The piece.
    pub text: String,
    /// Its first character in the text.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// For it where positive, against it where negative.
    pub weight: f64,
}

/// An article that fits a text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundArticle {
    /// Which.
    pub article: String,
    /// Its title.
    pub title: String,
    /// How likely it answers the text, from 0 to 1.
    pub confidence: f64,
    /// The words that matched, with their share.
    pub because: Vec<MatchedWord>,
}

/// A word that matched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MatchedWord {
    /// It.
    pub word: String,
    /// Its share of the score.
    pub share: f64,
}

/// How well the AI agent did on a day (UTC), from the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QualityDay {
    /// `2026-11-25`.
    pub day: String,
    /// Turns.
    pub turns: u64,
    /// Answered in the company's own words, from articles, or by a system.
    pub answered: u64,
    /// Asked back.
    pub asked: u64,
    /// Greetings and thanks.
    pub small_talk: u64,
    /// Not understood, and said so.
    pub unsure: u64,
    /// Given to people.
    pub handed_over: u64,
    /// Messages taken while nobody was there.
    pub messages_taken: u64,
    /// Answers that somebody called good.
    pub good: u64,
    /// Answers that somebody called wrong.
    pub wrong: u64,
    /// Tokens that models read and wrote.
    pub tokens: u64,
}

/// Where an answer was wrong, or there was none: what people asked, gathered by what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnansweredGroup {
    /// The most typical question.
    pub title: String,
    /// The questions.
    pub questions: Vec<UnansweredQuestion>,
}

/// A question without a good answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnansweredQuestion {
    /// The answer's id, `msg_…`.
    pub id: String,
    /// What was asked.
    pub text: String,
    /// Where.
    pub conversation: ConversationId,
    /// The seq of the AI agent's answer there.
    pub entry: u64,
    /// When.
    pub at: Time,
}

/// `POST /v1/ai/unanswered/resolve`: what is to become of questions. One of `intent`, `article` and `dismiss`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveUnanswered {
    /// Which questions.
    pub ids: Vec<String>,
    /// They become examples of this intent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    /// They become the phrasings of this article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<super::ArticleChange>,
    /// Nothing is to be done about them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dismiss: bool,
}

/// What became of questions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resolved {
    /// How many are done with.
    pub count: usize,
    /// The article that was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
}
