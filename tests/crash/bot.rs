//! Visitors whom the AI agent answers, and an agent who takes each conversation now and then and gives it back. Whatever
//! was killed when: what a visitor said is answered at last, nothing twice, and nothing while a person has it.

use std::{
    collections::BTreeSet,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use deskwire_domain::{AuthorKind, ConversationId, Event, InboxId, Status};
use deskwire_protocol::{Entry, EntryView};
use deskwire_tests::{Client, bot::Bot};
use serde_json::json;
use tokio::time::Instant;

use crate::{
    Ended, Run,
    side::{Side, read_log},
};

/// Visitors.
pub(crate) const VISITORS: usize = 10;
/// How long an answer may take, and after the last kill all of them. A turn that was under way when the process died is
/// given out again at once, one that failed meanwhile after its visibility timeout.
const ARRIVE: Duration = Duration::from_secs(45);
/// How long a visitor waits before the next words: while the gateway is killed again and again, turns come late.
const PATIENCE: Duration = Duration::from_secs(15);
/// A push that has not come for so long may be lost: the visitor reads on.
const LOST: Duration = Duration::from_millis(500);
/// Between two looks at what was pushed.
const LOOK: Duration = Duration::from_millis(10);
/// Each so many turns a visitor says the next thing before there is an answer.
const HURRIED: usize = 3;
/// Each so many turns an agent takes the conversation while the AI agent is about to answer.
const TAKEN: usize = 5;

/// An inbox whose AI agent answers, without a pause for more words, so that it is often overtaken. It never hands over:
/// that one of the visitors' words in four is understood is enough for it.
pub(crate) async fn open(run: &Run, admin: &str) -> Result<InboxId> {
    let bot = Bot { door: run.door.clone(), admin: admin.to_owned() };
    let inbox = json!({"name": "asked", "team": "tea_support", "bot": true, "channel": "web_widget"});
    let inbox = bot.ok("POST", "/v1/inboxes", Some(inbox)).await;
    let settings = json!({"gather_ms": 0, "hand_over": {"after_misses": 5, "on_anger": false}});
    bot.ok("PUT", "/v1/ai", Some(settings)).await;
    bot.knows_the_shop().await;
    Ok(inbox["id"].as_str().context("an id")?.parse()?)
}

/// Asks one thing after another until the run ends, mostly when the one before is answered.
pub(crate) async fn ask(run: Arc<Run>, number: usize, inbox: InboxId, agent: String) -> Result<Ended> {
    let visitor = Side::visitor(&run, format!("asker {number}"), Some(inbox)).await;
    let mut client = visitor.connect().await;
    let agent = Side::staff(&run, format!("agent of asker {number}"), agent);
    let mut agents = agent.connect().await;
    let (conversation, mut seq) = visitor.say(&mut client, None, &words(number, 0)).await?;
    let mut turn = 1;
    while !run.ending.load(Ordering::Relaxed) {
        if turn % HURRIED != 0 {
            answered(&visitor, &mut client, (&conversation, seq), PATIENCE).await;
        }
        (_, seq) = visitor.say(&mut client, Some(&conversation), &words(number, turn)).await?;
        if turn % TAKEN == number % TAKEN {
            take(&agent, &mut agents, &conversation, &format!("{number} taken {turn}")).await?;
        }
        turn += 1;
    }
    answered(&visitor, &mut client, (&conversation, seq), ARRIVE).await;
    Ok(Ended { conversation, sides: [(visitor, client), (agent, agents)] })
}

/// What a visitor says: small talk, questions in two languages, and what nobody understands; never the same twice.
fn words(number: usize, turn: usize) -> String {
    match turn % 4 {
        // Letters would make more of it than a greeting.
        0 => format!("hello {:b}", turn * VISITORS + number).replace('0', ".").replace('1', "!"),
        1 => format!("Which payment methods do you accept? ({number}.{turn})"),
        2 => format!("如何申请退货？（{number}.{turn}）"),
        _ => format!("zxqv {number}.{turn}"),
    }
}

/// Waits until somebody has answered what stands at `seq`, or patience ends; the judge finds what never was.
async fn answered(
    visitor: &Side,
    client: &mut Client,
    (conversation, seq): (&ConversationId, u64),
    patience: Duration,
) {
    let begun = Instant::now();
    let mut read = begun;
    let serves = |entry: &EntryView| {
        entry.seq() > seq
            && entry.visible().is_some_and(|entry| {
                matches!(entry.event, Event::Message { .. }) && entry.by.kind != AuthorKind::Visitor
            })
    };
    while !client.log(conversation).iter().any(serves) && begun.elapsed() < patience {
        if client.is_closed() || read.elapsed() > LOST {
            visitor.read_to_the_end(client, conversation).await;
            read = Instant::now();
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Takes a conversation from the AI agent, says something there, and gives it back.
async fn take(agent: &Side, client: &mut Client, conversation: &ConversationId, text: &str) -> Result<()> {
    let frame = |action: &str| json!({"action": action, "conversation": conversation});
    agent.act(client, &frame("accept")).await?;
    agent.read_to_the_end(client, conversation).await;
    agent.say(client, Some(conversation), text).await?;
    agent.act(client, &frame("call_bot")).await
}

/// What the logs say.
#[derive(Default)]
pub(crate) struct Answers {
    /// What visitors said.
    said: usize,
    /// What the AI agent answered.
    answers: usize,
    /// What agents said.
    taken: usize,
    /// Conversations whose last words nobody has answered.
    open: usize,
    /// What is not as it must be.
    wrong: Vec<String>,
    /// When all was answered, after the end.
    after: Duration,
}

/// Waits until everything is answered, and looks whether all of it is as it must be.
pub(crate) async fn judge(run: &Run, admin: &str, ended: &[Ended]) -> Result<Answers> {
    let begun = Instant::now();
    loop {
        let mut answers = Answers::default();
        for Ended { conversation, .. } in ended {
            answers.read(&read_log(&run.door, admin, conversation).await?);
        }
        answers.after = begun.elapsed();
        if answers.open == 0 || answers.after > ARRIVE {
            return Ok(answers);
        }
        tokio::time::sleep(LOST).await;
    }
}

impl Answers {
    /// Reads a whole log.
    fn read(&mut self, log: &[Entry]) {
        let (mut said, mut served, mut before) = (0, 0, None);
        let mut answered = BTreeSet::new();
        for (entry, place) in log.iter().zip(1..) {
            if entry.seq != place {
                self.fault(entry, &format!("stands at {place}"));
            }
            match (&entry.event, entry.by.kind) {
                (Event::Message { .. }, AuthorKind::Visitor) => {
                    self.said += 1;
                    said = entry.seq;
                }
                (Event::Message { .. }, AuthorKind::Agent) => {
                    self.taken += 1;
                    served = entry.seq;
                }
                (Event::Message { turn, .. }, AuthorKind::Bot) => {
                    self.answers += 1;
                    let answers = turn.as_ref().map(|turn| turn.answers);
                    // Newer words make a turn come to nothing, and so does a person.
                    if answers != Some(said) || said < served {
                        self.fault(entry, &format!("answers {answers:?}, {said} was said last, {served} served"));
                    }
                    if !answered.insert(answers) {
                        self.fault(entry, &format!("answers {answers:?} again"));
                    }
                    if before != Some(Status::Bot) {
                        self.fault(entry, &format!("is an answer in state {before:?}"));
                    }
                    served = entry.seq;
                }
                _ => {}
            }
            before = Some(entry.state.status);
        }
        self.open += usize::from(said > served);
    }

    fn fault(&mut self, entry: &Entry, what: &str) {
        self.wrong.push(format!("{}:{} {what}", entry.conversation, entry.seq));
    }

    /// In one line, and the first faults.
    pub(crate) fn line(&self) -> String {
        let Self { said, answers, taken, open, wrong, after } = self;
        let faults: String = wrong.iter().take(20).map(|fault| format!("\n  {fault}")).collect();
        format!(
            "AI turns: {said} messages to it, {answers} answers, {taken} taken by an agent, {open} conversations not answered, {} faults, all answered after {:.1} s{faults}",
            wrong.len(),
            after.as_secs_f64()
        )
    }

    /// That all is well, and enough happened.
    ///
    /// # Errors
    /// What is not.
    pub(crate) fn ensure(&self, kills: u64) -> Result<()> {
        ensure!(self.wrong.is_empty(), "an answer is not as it must be");
        ensure!(self.open == 0, "something was never answered");
        ensure!(self.answers as u64 > kills / 2 && self.taken > 0, "too few turns to prove anything");
        Ok(())
    }
}
