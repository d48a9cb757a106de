//! The local engine as an agent: understands, answers from the company's articles and systems, asks back for what is
//! missing, and says so where it knows nothing. Nothing leaves the machine.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use deskwire_domain::turn::{Asked, HandOverReason, Outcome};
use serde_json::{Map, Value};

use crate::{
    agent::{
        Agent, AgentError, Conversation, Deltas, Feedback, Parameter, Reply, Responded, Response, Tool, ToolAnswer,
        ToolCall, Understanding,
    },
    entities::{Entities, Kind, Moment, Pattern},
    knowledge::{Band, Index, extract},
    mood::{self, Language, SmallTalk},
    nlu::Model,
    phrases::{Phrase, pick},
    plan::{Action, Plan, ToolPlan},
};

mod progress;

/// Passages that a text is compared with.
const PASSAGES: usize = 3;
/// How often the same thing is asked for before people go on.
const ASKED_AT_MOST: u8 = 2;
/// How likely an intent must be to turn away from what was asked for. An answer (`the red one`) is often taken for some
/// intent, but rarely for one alone: so much leaves no other more than a fifth.
const TURNS_AWAY: f32 = 0.8;

/// The local engine, for one account.
#[derive(Debug, Clone)]
pub struct LocalAgent {
    /// What was trained; none where there are no intents yet.
    pub model: Option<Arc<Model>>,
    /// The company's articles.
    pub knowledge: Arc<Index>,
    /// What texts may name.
    pub entities: Arc<Entities>,
    /// What the company wants.
    pub plan: Arc<Plan>,
    /// The part of its own business for which saying nothing is acceptable.
    pub reject: f32,
    /// The visitor's clock: the company's time zone.
    pub clock: fn(deskwire_domain::Time, &str) -> Moment,
    /// The company's time zone.
    pub time_zone: String,
}

impl LocalAgent {
    /// What a text means; `vector` is its embedding, where the index has those of its passages.
    pub fn understand_with(&self, conversation: &Conversation, vector: Option<&[f32]>) -> Understanding {
        let text = &conversation.text;
        let mut understood =
            Understanding { passages: self.knowledge.search_with(text, vector, PASSAGES), ..Understanding::default() };
        if let Some(model) = &self.model {
            let meant = model.understand(text, self.reject);
            understood.confidence = meant.guesses.first().map_or(0.0, |guess| guess.probability);
            understood.intent = meant.intent.filter(|_| understood.confidence >= model.floor());
            understood.slots = meant.slots.into_iter().map(|slot| (slot.name, slot.value)).collect();
        }
        let now = (self.clock)(conversation.now, &self.time_zone);
        for entity in self.entities.find(text, now) {
            if let Some(name) = slot_of(entity.kind) {
                understood.slots.entry(name.to_owned()).or_insert(entity.normal);
            }
        }
        understood
    }

    /// What to do about it.
    pub fn decide(&self, understood: &Understanding, conversation: &Conversation) -> Response {
        self.deciding(understood, conversation).decide()
    }

    /// Whether people go on at once, whatever a mind would say: they are asked for, the visitor is angry, or the intent
    /// is theirs. An answer to what was just asked is no new intent, and where the company has words of its own for
    /// something it is answered, unless the intent is as sure or is always theirs.
    pub fn at_once(&self, understood: &Understanding, conversation: &Conversation) -> Option<HandOverReason> {
        if let Some(reason) = self.plan.calls_for_people(&conversation.text) {
            return Some(reason);
        }
        let turn = self.deciding(understood, conversation);
        let intent = understood.intent.as_deref()?;
        let always = self.plan.is_always_theirs(intent);
        let theirs = always || matches!(self.plan.action(Some(intent)), Action::HandOver);
        let elsewhere = turn.is_asked_for_something() && !turn.turns_away() || !always && turn.is_better_known();
        (theirs && !elsewhere).then_some(HandOverReason::Intent)
    }

    fn deciding<'a>(&'a self, understood: &'a Understanding, conversation: &'a Conversation) -> Deciding<'a> {
        Deciding { agent: self, understood, conversation, language: language(conversation) }
    }
}

/// The slot that an entity fills; plain numbers and links fill none.
fn slot_of(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::OrderNumber => "order_number",
        Kind::Phone => "phone",
        Kind::Email => "email",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "date_time",
        Kind::Period => "period",
        Kind::Amount => "amount",
        Kind::Product => "product",
        Kind::Url | Kind::Number => return None,
    })
}

/// The language of what is to be answered; of what was said before where a number alone does not tell.
pub fn language(conversation: &Conversation) -> Language {
    let texts = std::iter::once(&conversation.text).chain(conversation.history.iter().rev().map(|said| &said.text));
    texts.map(|text| mood::language(text)).find(|language| *language != Language::Other).unwrap_or(Language::En)
}

struct Deciding<'a> {
    agent: &'a LocalAgent,
    understood: &'a Understanding,
    conversation: &'a Conversation,
    language: Language,
}

impl Deciding<'_> {
    fn decide(&self) -> Response {
        if !self.conversation.results.is_empty() {
            return self.tell();
        }
        if let Some(response) = self.goes_on() {
            return response;
        }
        if let Some(talk) = mood::small_talk(&self.conversation.text) {
            return self.small_talk(talk);
        }
        let was_answered = self.conversation.memory.as_ref().is_some_and(|last| {
            matches!(last.outcome, Outcome::Exact | Outcome::Generated | Outcome::Tool | Outcome::Unsure)
        });
        if was_answered && mood::no_help(&self.conversation.text) {
            return hand_over(HandOverReason::NoProgress);
        }
        match self.agent.plan.action(self.understood.intent.as_deref()) {
            Action::HandOver | Action::Say(_) if self.is_better_known() => self.out_of_articles(),
            Action::HandOver => hand_over(HandOverReason::Intent),
            Action::Say(words) => match pick(words, self.language) {
                Some(words) => reply(words.to_owned(), Outcome::Exact),
                None => self.out_of_articles(),
            },
            Action::Tool(plan) => match self.tool(&plan.tool) {
                Some(tool) => self.ask_system(tool, plan, false),
                None => self.out_of_articles(),
            },
            Action::Knowledge => self.out_of_articles(),
        }
    }

    /// Goes on with what was asked for, unless the visitor turns to something else.
    fn goes_on(&self) -> Option<Response> {
        let memory = self.conversation.memory.as_ref()?;
        let asked = memory.asked.as_ref()?;
        let tool = self.tool(&asked.tool)?;
        if self.turns_away() {
            return None;
        }
        let plan = self.agent.plan.of_tool(&asked.tool, memory.intent.as_deref()).cloned();
        let plan = plan.unwrap_or_else(|| ToolPlan { tool: asked.tool.clone(), ..ToolPlan::default() });
        if self.given(tool, &plan, &asked.slot).is_some() {
            return Some(self.ask_system(tool, &plan, true));
        }
        if mood::small_talk(&self.conversation.text) == Some(SmallTalk::No) {
            return Some(self.say(Phrase::Never, Outcome::SmallTalk));
        }
        Some(if self.is_known() { self.out_of_articles() } else { self.ask_again(tool, &plan, asked) })
    }

    fn is_asked_for_something(&self) -> bool {
        let asked = self.conversation.memory.as_ref().and_then(|memory| memory.asked.as_ref());
        asked.is_some_and(|asked| self.tool(&asked.tool).is_some())
    }

    /// Whether the visitor clearly wants something else than what they were asked for.
    fn turns_away(&self) -> bool {
        let before = self.conversation.memory.as_ref().and_then(|memory| memory.intent.as_ref());
        let Understanding { intent, confidence, .. } = self.understood;
        intent.is_some() && intent.as_ref() != before && *confidence >= TURNS_AWAY
    }

    /// Whether the company has words of its own for it.
    fn is_known(&self) -> bool {
        let best = self.understood.passages.first().map(|passage| self.agent.knowledge.band(passage.confidence));
        best == Some(Band::Exact)
    }

    /// The same, and that is surer than what it is taken for.
    fn is_better_known(&self) -> bool {
        let best = self.understood.passages.first().map_or(0.0, |passage| passage.confidence);
        self.is_known() && best > self.understood.confidence
    }

    fn ask_again(&self, tool: &Tool, plan: &ToolPlan, asked: &Asked) -> Response {
        match tool.parameters.iter().find(|parameter| parameter.name == asked.slot) {
            Some(parameter) if asked.times < ASKED_AT_MOST => self.ask(tool, plan, parameter),
            _ => hand_over(HandOverReason::NoProgress),
        }
    }

    fn tool(&self, name: &str) -> Option<&Tool> {
        self.conversation.tools.iter().find(|tool| tool.name == name)
    }

    /// Asks a system, or the visitor for what it must be told. What was said before counts where the visitor goes on
    /// with the same.
    fn ask_system(&self, tool: &Tool, plan: &ToolPlan, goes_on: bool) -> Response {
        let mut args = Map::new();
        for parameter in &tool.parameters {
            let given = self.given(tool, plan, &parameter.name);
            match given.or_else(|| self.remembered(plan, parameter, goes_on)) {
                Some(value) => {
                    args.insert(parameter.name.clone(), Value::String(value));
                }
                None if parameter.optional => {}
                None => return self.ask(tool, plan, parameter),
            }
        }
        Response::Tools(vec![ToolCall { id: "1".to_owned(), name: tool.name.clone(), args }])
    }

    /// A parameter's value in the text.
    fn given(&self, tool: &Tool, plan: &ToolPlan, name: &str) -> Option<String> {
        let parameter = tool.parameters.iter().find(|parameter| parameter.name == name)?;
        let pattern = parameter.pattern.as_deref().and_then(|pattern| Pattern::new(pattern).ok());
        if let Some(pattern) = &pattern
            && let Some(found) = pattern.find(&self.conversation.text)
        {
            return Some(found.normal);
        }
        let slot = plan.slots.get(name).map_or(name, String::as_str);
        let value = self.understood.slots.get(slot)?;
        pattern.is_none_or(|pattern| pattern.matches(value)).then(|| value.clone())
    }

    /// A parameter's value from turns before.
    fn remembered(&self, plan: &ToolPlan, parameter: &Parameter, goes_on: bool) -> Option<String> {
        let memory = self.conversation.memory.as_ref()?;
        // Another question about the same order means the same order; a question about something else does not.
        if !goes_on && self.understood.intent.is_none() {
            return None;
        }
        let slot = plan.slots.get(&parameter.name).unwrap_or(&parameter.name);
        let value = memory.slots.get(&parameter.name).or_else(|| memory.slots.get(slot))?;
        let pattern = parameter.pattern.as_deref().and_then(|pattern| Pattern::new(pattern).ok());
        pattern.is_none_or(|pattern| pattern.matches(value)).then(|| value.clone())
    }

    fn ask(&self, tool: &Tool, plan: &ToolPlan, parameter: &Parameter) -> Response {
        let own = plan.ask.get(&parameter.name).and_then(|words| pick(words, self.language));
        let what = parameter.description.as_deref().unwrap_or(&parameter.name);
        let text = match own.or(parameter.ask.as_deref()) {
            Some(words) => words.to_owned(),
            None => self.agent.plan.phrases.say_with(Phrase::Ask, self.language, what),
        };
        Response::Reply(Reply {
            asks_for: Some((tool.name.clone(), parameter.name.clone())),
            ..blank(text, Outcome::Asked)
        })
    }

    /// Tells what systems answered.
    fn tell(&self) -> Response {
        let Some(last) = self.conversation.results.last() else { return self.miss() };
        match &last.answer {
            ToolAnswer::Found { words, card, slots } => {
                let text = words.clone().or_else(|| card.as_ref().map(|card| card.title.clone()));
                let text = text.unwrap_or_else(|| listed(slots));
                Response::Reply(Reply { cards: card.iter().cloned().collect(), ..blank(text, Outcome::Tool) })
            }
            ToolAnswer::Nothing => self.nothing_found(&last.call),
            ToolAnswer::Refused(_) => self.say(Phrase::SignIn, Outcome::Tool),
            ToolAnswer::Failed => Response::HandOver {
                reason: HandOverReason::Failed,
                text: Some(self.agent.plan.phrases.say(Phrase::Failed, self.language)),
            },
        }
    }

    /// What a system does not know may be mistyped: it is asked for again, a few times.
    fn nothing_found(&self, call: &ToolCall) -> Response {
        let asked = self.conversation.memory.as_ref().and_then(|memory| memory.asked.as_ref());
        if asked.is_some_and(|asked| asked.tool == call.name && asked.times >= ASKED_AT_MOST) {
            return hand_over(HandOverReason::NoProgress);
        }
        let text = self.agent.plan.phrases.say(Phrase::NothingFound, self.language);
        let slot = self.tool(&call.name).and_then(|tool| tool.parameters.iter().find(|one| !one.optional));
        let asks_for = slot.map(|slot| (call.name.clone(), slot.name.clone()));
        Response::Reply(Reply { asks_for, ..blank(text, Outcome::Asked) })
    }

    /// Answers from the articles: in the company's own words where one surely fits, in sentences of them where some
    /// may, and not at all else.
    fn out_of_articles(&self) -> Response {
        let passages = &self.understood.passages;
        let Some(best) = passages.first() else { return self.miss() };
        match self.agent.knowledge.band(best.confidence) {
            Band::Exact => Response::Reply(Reply {
                sources: vec![best.article.clone()],
                ..blank(best.answer.clone().unwrap_or_else(|| best.text.clone()), Outcome::Exact)
            }),
            Band::Between => match extract(passages, &self.conversation.text) {
                Some((text, sources)) => Response::Reply(Reply { sources, ..blank(text, Outcome::Generated) }),
                None => self.miss(),
            },
            Band::Below => self.miss(),
        }
    }

    /// It did not understand, or knows nothing: once it says so, then people go on.
    fn miss(&self) -> Response {
        let before = self.conversation.memory.as_ref().map_or(0, |memory| memory.misses);
        if before.saturating_add(1) >= self.agent.plan.after_misses {
            return hand_over(HandOverReason::Unsure);
        }
        self.say(Phrase::Unsure, Outcome::Unsure)
    }

    fn small_talk(&self, talk: SmallTalk) -> Response {
        let phrase = match talk {
            SmallTalk::Greeting => Phrase::Greeting,
            SmallTalk::Thanks => Phrase::Thanks,
            SmallTalk::Farewell => Phrase::Farewell,
            SmallTalk::Yes | SmallTalk::No => Phrase::Never,
        };
        self.say(phrase, Outcome::SmallTalk)
    }

    fn say(&self, phrase: Phrase, outcome: Outcome) -> Response {
        reply(self.agent.plan.phrases.say(phrase, self.language), outcome)
    }
}

fn blank(text: String, outcome: Outcome) -> Reply {
    Reply { text, cards: vec![], sources: vec![], outcome, asks_for: None }
}

fn reply(text: String, outcome: Outcome) -> Response {
    Response::Reply(blank(text, outcome))
}

fn hand_over(reason: HandOverReason) -> Response {
    Response::HandOver { reason, text: None }
}

/// What a system answered, where the company wrote neither words nor a card for it.
fn listed(slots: &Map<String, Value>) -> String {
    let line = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{}: {value}", name.replace('_', " "))
    };
    let lines: BTreeMap<_, _> = slots.iter().filter(|(_, value)| !value.is_null()).collect();
    lines.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[async_trait]
impl Agent for LocalAgent {
    fn name(&self) -> &'static str {
        "local"
    }

    async fn understand(&self, _: &str, conversation: &Conversation) -> Result<Understanding, AgentError> {
        Ok(self.understand_with(conversation, None))
    }

    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        _: &Deltas,
    ) -> Result<Responded, AgentError> {
        Ok(self.decide(understood, conversation).into())
    }

    /// Nothing at once: what people say of answers becomes examples and articles, and is learned from when it is
    /// trained next.
    async fn learn(&self, _: &Feedback) -> Result<(), AgentError> {
        Ok(())
    }
}
