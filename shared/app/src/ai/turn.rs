//! `Turn`: the AI agent answers what the visitor wrote. All that came since its last answer is one turn; a turn that
//! something newer, or a person, overtakes comes to nothing, and no turn is ever answered twice: the answer's id derives
//! from what it answers, and it is written only where nothing newer was said.

use std::time::Duration;

use deskwire_ai::agent::{
    Agent, Conversation, Reply, Responded, Response, ToolAnswer, ToolCall, ToolResult, Understanding,
};
use deskwire_domain::{
    AccountId, BusinessHours, Code, Content, ConversationId, InboxId,
    bot::Answer,
    machine::Command,
    turn::{HandOverReason, Outcome},
};
use deskwire_filter::Side;
use deskwire_protocol::http::{AiSettings, Contact, Inbox};
use deskwire_store::Document;
use deskwire_telemetry::{Count, Trace, count};
use serde_json::{Map, Value};
use tokio::{sync::mpsc, time::Instant};

use super::{brain::Brain, deltas::Stream, scene::Scene, taking::Taking, tools};
use crate::{
    App, AppError, Caller,
    conversation::{Cursor, overtakes},
    filter::{Screened, screen},
};

/// What a turn may take, of the 29 seconds that a function has.
const TURN_TIME: Duration = Duration::from_secs(25);
/// Rounds of tools in one turn: ask, look up, look up once more; whoever wants more gets nowhere.
const TOOL_ROUNDS: usize = 4;
/// Tools of one round.
const TOOLS_AT_ONCE: usize = 4;
/// How often a turn that waits for a mind looks whether it was overtaken: half a read a second, while others are paid for
/// each word.
const LOOK: Duration = Duration::from_secs(1);

impl App {
    /// Takes the turn that a message began, unless it was taken.
    ///
    /// # Errors
    /// A failure: the job comes again.
    pub async fn take_turn(&self, account: &AccountId, id: &ConversationId) -> Result<(), AppError> {
        let deadline = Instant::now() + TURN_TIME;
        let brain = self.brain(account).await?;
        let gather = Duration::from_millis(brain.settings.gather_ms);
        let Some(scene) = self.scene(account, id, gather).await? else { return Ok(()) };
        let contact = self.contact_in(account, &scene).await?;
        let hours = self.hours_of(account, &scene.state.inbox, &brain.settings).await?;
        let mut conversation = self.conversation(&brain, id, (&scene, contact.as_ref()));
        conversation.people_are_there = hours.as_ref().is_none_or(|hours| hours.is_open(conversation.now));
        let client_id = format!("ai-{}", scene.answers);
        let mut taking = Taking {
            account,
            id,
            brain,
            scene,
            conversation,
            hours,
            contact,
            understood: Understanding::default(),
            client_id,
            deadline,
            tokens: 0,
            shown: 0,
            used: vec![],
            agent: "local",
        };
        // What it asks of others belongs to the trace of what it answers.
        let trace = taking.scene.trace.clone();
        let turn = async {
            taking.understood = self.understand(account, &taking.brain, &taking.conversation).await?;
            match Box::pin(self.respond(&mut taking)).await {
                Err(AppError::Refused(refusal)) if refusal.code == Code::Overtaken => {
                    self.dropped(&taking, refusal.code).await;
                    Ok(())
                }
                response => {
                    let response = taking.with_progress(response?);
                    self.write_down(taking, response).await
                }
            }
        };
        Box::pin(Trace::of(trace.as_deref(), turn)).await
    }

    /// All that a mind may know.
    fn conversation(
        &self,
        brain: &Brain,
        id: &ConversationId,
        (scene, contact): (&Scene, Option<&Contact>),
    ) -> Conversation {
        let now = self.now();
        Conversation {
            id: id.to_string(),
            history: scene.history.clone(),
            text: scene.text.clone(),
            memory: scene.memory.clone(),
            contact: contact.map(|contact| shared(contact, &brain.settings.share)).unwrap_or_default(),
            tools: brain.tools.clone(),
            results: vec![],
            now,
            people_are_there: true,
        }
    }

    /// When people are there for an inbox: as it says itself, else as the AI agent's settings say.
    async fn hours_of(
        &self,
        account: &AccountId,
        inbox: &InboxId,
        settings: &AiSettings,
    ) -> Result<Option<BusinessHours>, AppError> {
        let found = self.store.document::<Inbox>(account, Document::Inbox, inbox.as_str()).await?;
        Ok(found.and_then(|found| found.value.hours).or_else(|| settings.hours.clone()))
    }

    /// What the mind that the account chose answers; where it does not, what the local engine does.
    async fn respond(&self, taking: &mut Taking<'_>) -> Result<Response, AppError> {
        if let Some(response) = taking.without_a_mind() {
            return Ok(response);
        }
        if !taking.knows_exactly()
            && let Some(mind) = self.mind(taking.account, &taking.brain).await?
        {
            let set_aside = self.set_aside_for(taking).await?;
            let Some(set_aside) = set_aside else {
                return Ok(instead(self.locally(taking).await?, HandOverReason::Budget));
            };
            match self.ask_mind(taking, mind.as_ref()).await? {
                Some(response) => {
                    taking.agent = mind.name();
                    self.took((taking.account, taking.id), set_aside, taking.tokens).await?;
                    return Ok(response);
                }
                // What an unusable answer cost is not known: all that was set aside is gone, and what came on top. What it had begun to say
                // is taken back.
                None => {
                    taking.take_back(self).await;
                    let tokens = taking.tokens.max(set_aside.tokens());
                    self.took((taking.account, taking.id), set_aside, tokens).await?;
                    return Ok(instead(self.locally(taking).await?, HandOverReason::Failed));
                }
            }
        }
        self.locally(taking).await
    }

    async fn set_aside_for(&self, taking: &Taking<'_>) -> Result<Option<super::budget::SetAside>, AppError> {
        let history = taking.conversation.history.iter().map(|said| said.text.as_str());
        let passages = taking.understood.passages.iter().map(|passage| passage.text.as_str());
        let texts = history.chain(passages).chain([taking.conversation.text.as_str()]);
        self.set_aside((taking.account, taking.id), &taking.brain.settings.budget, texts).await
    }

    /// A large or remote mind, with its tools; `None` where it has no usable answer in time.
    async fn ask_mind(&self, taking: &mut Taking<'_>, mind: &dyn Agent) -> Result<Option<Response>, AppError> {
        let (deadline, mut understood) = (taking.deadline, taking.understood.clone());
        if mind.name() == "remote" {
            let asked = mind.understand(&taking.conversation.text, &taking.conversation);
            match tokio::time::timeout_at(deadline, asked).await {
                Ok(Ok(remote)) => understood = remote,
                Ok(Err(error)) => return Ok(no_answer(&error.to_string())),
                Err(_) => return Ok(no_answer("no answer in time")),
            }
            // What the local engine found is of use where the remote one says nothing of it.
            understood.passages.clone_from(&taking.understood.passages);
            taking.understood = Understanding { prepared: None, ..understood.clone() };
        }
        let filter = self.filter(taking.account).await?;
        for _ in 0..=TOOL_ROUNDS {
            let (deltas, words) = mpsc::unbounded_channel();
            let (account, id, client_id) = (taking.account, taking.id, taking.client_id.clone());
            let stream = Stream { account, conversation: id, turn: &client_id, filter: &filter };
            let asking = async {
                let asked = mind.respond(&understood, &taking.conversation, &deltas);
                let answered = tokio::time::timeout_at(deadline, asked).await;
                drop(deltas);
                answered
            };
            let answered = async { tokio::join!(asking, self.stream(&stream, words)) };
            let (answered, shown) = tokio::select! {
                answered = answered => answered,
                () = self.overtaken((account, id), taking.scene.head) => {
                    // How much was shown by then is not known.
                    self.take_back((account, id), &client_id).await;
                    return Err(Code::Overtaken.into());
                }
            };
            taking.shown += shown;
            let Responded { response, tokens } = match answered {
                Ok(Ok(responded)) => responded,
                Ok(Err(error)) => return Ok(no_answer(&error.to_string())),
                Err(_) => return Ok(no_answer("no answer in time")),
            };
            taking.tokens = taking.tokens.saturating_add(tokens);
            match response {
                Response::Tools(calls) => {
                    // What it said before it asked is no part of the answer.
                    taking.take_back(self).await;
                    if let Some(ticket) = self.use_tools(taking, calls).await? {
                        return Ok(Some(ticket));
                    }
                    understood.prepared = None;
                }
                response => return Ok(Some(response)),
            }
        }
        Ok(no_answer("it asks for tools without end"))
    }

    /// The local engine, with its tools.
    async fn locally(&self, taking: &mut Taking<'_>) -> Result<Response, AppError> {
        taking.conversation.results.clear();
        for _ in 0..=TOOL_ROUNDS {
            match taking.local().decide(&taking.understood, &taking.conversation) {
                Response::Tools(calls) => {
                    if let Some(ticket) = self.use_tools(taking, calls).await? {
                        return Ok(ticket);
                    }
                }
                response => return Ok(response),
            }
        }
        Ok(Response::HandOver { reason: HandOverReason::NoProgress, text: None })
    }

    /// Uses tools; a ticket ends the turn.
    async fn use_tools(&self, taking: &mut Taking<'_>, calls: Vec<ToolCall>) -> Result<Option<Response>, AppError> {
        for call in calls.into_iter().take(TOOLS_AT_ONCE) {
            if call.name == tools::OPEN_TICKET {
                taking.used.push(call.name);
                return Ok(Some(Response::HandOver { reason: HandOverReason::Requested, text: None }));
            }
            let what = (&call, taking.intent(), taking.contact.as_ref());
            let asked =
                self.do_tool(taking.account, &taking.brain, what, (&taking.conversation, taking.hours.as_ref()));
            let answered = tokio::time::timeout_at(taking.deadline, asked).await;
            let answer = answered.unwrap_or(Ok(ToolAnswer::Failed))?;
            if !taking.used.contains(&call.name) {
                taking.used.push(call.name.clone());
            }
            taking.remember(&call.args);
            taking.conversation.results.push(ToolResult { call, answer });
        }
        Ok(None)
    }

    /// Writes what came of a turn into the log, unless it was overtaken.
    async fn write_down(&self, taking: Taking<'_>, response: Response) -> Result<(), AppError> {
        let (answer, outcome) = self.screened(&taking, response).await?;
        let caller = Caller { trace: taking.scene.trace.clone(), ..Caller::bot(taking.account.clone()) };
        let cursor = Cursor::Answering(taking.scene.head);
        match Box::pin(self.act(&caller, taking.id, cursor, Command::Answer(answer))).await {
            Ok(_) => {
                tracing::info!(conversation = %taking.id, ?outcome, agent = taking.agent, "a turn");
                let handed_over = outcome == Outcome::HandedOver;
                count(if handed_over { Count::AiHandedOver } else { Count::AiAnswered }, 1);
                Ok(())
            }
            Err(AppError::Refused(refusal)) if is_overtaken(refusal.code) => {
                self.dropped(&taking, refusal.code).await;
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// A turn that comes to nothing, and what was shown of it with it.
    async fn dropped(&self, taking: &Taking<'_>, code: Code) {
        tracing::info!(conversation = %taking.id, code = code.as_str(), "a turn was overtaken");
        taking.take_back(self).await;
    }

    /// Comes back once somebody has said something newer, or a person has the conversation: nobody waits for a mind's
    /// words any more, and none are paid for.
    async fn overtaken(&self, (account, id): (&AccountId, &ConversationId), head: u64) {
        loop {
            tokio::time::sleep(LOOK).await;
            // What cannot be read now is found when the answer is written.
            let tail = self.store.tail(account, id, head).await;
            if tail.is_ok_and(|tail| tail.after.iter().any(overtakes)) {
                return;
            }
        }
    }

    /// What is said, as far as the company's own word lists let it through; where nothing is left, people say it.
    async fn screened(&self, taking: &Taking<'_>, response: Response) -> Result<(Answer, Outcome), AppError> {
        let filter = self.filter(taking.account).await?;
        let (mut answer, outcome) = taking.answer(response);
        let passes = |content: Content| match screen(&filter, Side::Company, content) {
            Ok(Screened::Passes(content)) if content.check().is_ok() => Some(content),
            _ => None,
        };
        let said = answer.says.len();
        answer.says = std::mem::take(&mut answer.says).into_iter().filter_map(passes).collect();
        if answer.says.len() < said {
            tracing::warn!(conversation = %taking.id, "a part of an answer is not let through");
        }
        if answer.says.is_empty() {
            taking.take_back(self).await;
            return Ok(taking.handed_over(HandOverReason::Failed, None, false));
        }
        Ok((answer, outcome))
    }
}

/// Whether a refusal says that somebody else has the word now.
pub(super) fn is_overtaken(code: Code) -> bool {
    matches!(code, Code::Overtaken | Code::Forbidden | Code::ConversationClosed | Code::SyncRequired | Code::NotFound)
}

fn no_answer(why: &str) -> Option<Response> {
    tracing::warn!(why, "a mind has no answer: the local engine or a person gives one");
    count(Count::AiFallback, 1);
    None
}

/// What the local engine says instead of a mind; where it has nothing either, people go on.
fn instead(response: Response, reason: HandOverReason) -> Response {
    match response {
        Response::Reply(Reply { outcome: Outcome::Unsure, .. })
        | Response::HandOver { reason: HandOverReason::Unsure, .. } => Response::HandOver { reason, text: None },
        response => response,
    }
}

/// What a mind may know of a contact.
fn shared(contact: &Contact, share: &std::collections::BTreeSet<String>) -> Map<String, Value> {
    let Ok(all) = serde_json::to_value(contact) else { return Map::new() };
    let find = |path: &String| {
        let value = path.split('.').try_fold(&all, |value, part| value.get(part))?;
        Some((path.clone(), value.clone()))
    };
    share.iter().filter_map(find).collect()
}
