//! What is counted from a log: by cases, and against the definitions read off the whole log at once.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use deskwire_domain::{
    AgentId, Author, AuthorKind, Content, Event, Principal, Role, State, Status, TeamId, Time, TransferTo, Who,
    bot::{Answer, Then},
    machine::{Command, Facts, apply, decide, open},
    report::{Counted, Step, Tally},
    turn::{HandOverReason, Outcome, Turn},
};
use proptest::prelude::*;

/// An entry of a log that is made up: when, by whom, what, and the state before it.
struct Happened {
    at: Time,
    by: Author,
    event: Event,
    before: Option<State>,
}

struct Log {
    state: State,
    entries: Vec<Happened>,
}

fn time(second: i64) -> Time {
    Time::from_second(second).unwrap()
}

fn author(who: &Who) -> Author {
    Principal { account: "acc_1".parse().unwrap(), who: who.clone() }.author()
}

fn visitor() -> Who {
    Who::Visitor("con_1".parse().unwrap())
}

fn anna() -> Who {
    Who::Agent(AgentId::new("anna"), Role::Supervisor)
}

fn ben() -> Who {
    Who::Agent(AgentId::new("ben"), Role::Agent)
}

fn say() -> Command {
    Command::Send { content: Content::text("hi"), client_id: "c".into() }
}

fn rate(score: u8) -> Command {
    Command::Rate { score, comment: None, client_id: "c".into() }
}

fn assign(agent: &str) -> Command {
    Command::Assign { agent: AgentId::new(agent), name: None }
}

fn accept() -> Command {
    Command::Accept { teams: [TeamId::new(1)].into() }
}

fn answers(hands_over: bool) -> Command {
    let turn = Turn {
        answers: 1,
        question: "hi".into(),
        agent: "local".into(),
        intent: None,
        confidence: 0.9,
        slots: [].into(),
        outcome: Outcome::Exact,
        asked: None,
        misses: 0,
        sources: vec![],
        tools: vec![],
        reason: hands_over.then_some(HandOverReason::Requested),
        tokens: 0,
    };
    let then = Then::HandOver {
        team: None,
        skills: BTreeSet::new(),
        labels: BTreeSet::new(),
        summary: "s".into(),
        headline: "h".into(),
    };
    Command::Answer(Answer {
        says: vec![Content::text("a")],
        turn: Box::new(turn),
        then: if hands_over { then } else { Then::Wait },
        client_id: "ai".into(),
    })
}

impl Log {
    fn begin(bot: bool) -> Self {
        let event = Event::Opened {
            inbox: "inb_1".parse().unwrap(),
            team: TeamId::new(1),
            priority: 0,
            bot,
            skills: BTreeSet::new(),
            last_agent: None,
        };
        let state = open(&event, "con_1".parse().unwrap(), time(0)).unwrap();
        let opened = Happened { at: time(0), by: author(&visitor()), event, before: None };
        Self { state, entries: vec![opened] }
    }

    /// Does something, if it is possible.
    fn tries(&mut self, second: i64, who: &Who, command: Command) -> bool {
        let facts = Facts {
            now: time(second),
            reopen_seconds: 1_000,
            assignee_present: second % 2 == 0,
            bot: false,
            name: None,
        };
        let Ok(events) = decide(&self.state, who, command, &facts) else { return false };
        for event in events {
            let before = Some(self.state.clone());
            self.state = apply(&self.state, &event, facts.now);
            self.entries.push(Happened { at: facts.now, by: author(who), event, before });
        }
        true
    }

    fn does(mut self, second: i64, who: &Who, command: Command) -> Self {
        let asked = format!("{command:?}");
        assert!(self.tries(second, who, command), "{second}: {asked}");
        self
    }

    /// What is counted, with the place of the entry; ratings that no longer count are taken away.
    fn counted(&self) -> Vec<(usize, Counted)> {
        let (mut tally, mut all) = (Tally::default(), vec![]);
        for (place, Happened { at, by, event, before }) in self.entries.iter().enumerate() {
            let step = Step { seq: place as u64, at: *at, by, event };
            let counts = tally.follow(before.as_ref(), step);
            if let Some(rated) = counts.instead_of {
                all.retain(|(other, _)| *other as u64 != rated.seq);
            }
            all.extend(counts.counted.map(|counted| (place, counted)));
            // As it is kept beside the row.
            tally = serde_json::from_str(&serde_json::to_string(&tally).unwrap()).unwrap();
        }
        all
    }

    fn all(&self) -> Vec<Counted> {
        self.counted().into_iter().map(|(_, counted)| counted).collect()
    }
}

#[test]
fn a_simple_chat_is_opened_waits_is_answered_and_closed() {
    let log = Log::begin(false)
        .does(0, &visitor(), say())
        .does(5, &visitor(), say())
        .does(30, &anna(), accept())
        .does(42, &anna(), say())
        .does(50, &visitor(), say())
        .does(60, &anna(), say())
        .does(100, &visitor(), Command::Close { reason: None })
        .does(101, &visitor(), rate(2))
        .does(105, &visitor(), rate(5));
    let wanted = [
        Counted::Opened,
        Counted::Waited { seconds: 30 },
        Counted::Responded { seconds: 42 },
        Counted::Closed { seconds: 100 },
        Counted::Rated { score: 5 },
    ];
    assert_eq!(log.all(), wanted, "the first answer only, and the last rating only");
}

#[test]
fn the_ai_agents_time_is_not_the_peoples() {
    let log = Log::begin(true)
        .does(0, &visitor(), say())
        .does(1, &Who::Bot, answers(false))
        .does(10, &visitor(), say())
        .does(20, &Who::Bot, answers(true))
        .does(50, &ben(), accept())
        .does(65, &ben(), say());
    let wanted = [Counted::Opened, Counted::Waited { seconds: 30 }, Counted::Responded { seconds: 45 }];
    assert_eq!(log.all(), wanted, "from the hand-over on");
    // Taken from the AI agent, nobody waits until the visitor writes; given back and taken again it begins anew.
    let log = Log::begin(true)
        .does(0, &visitor(), say())
        .does(1, &Who::Bot, answers(false))
        .does(10, &ben(), accept())
        .does(20, &ben(), say())
        .does(30, &visitor(), say())
        .does(37, &ben(), say())
        .does(40, &ben(), Command::CallBot)
        .does(50, &visitor(), say())
        .does(60, &ben(), accept())
        .does(70, &visitor(), say())
        .does(72, &ben(), say());
    let wanted = [Counted::Opened, Counted::Responded { seconds: 7 }, Counted::Responded { seconds: 2 }];
    assert_eq!(log.all(), wanted);
}

#[test]
fn what_is_reopened_counts_again_and_a_transfer_when_it_is_taken() {
    let offer =
        |agent: &str| Command::Transfer { to: TransferTo::Agent(AgentId::new(agent)), until: time(900), note: None };
    let log = Log::begin(false)
        .does(0, &visitor(), say())
        .does(10, &anna(), accept())
        .does(20, &anna(), say())
        .does(30, &anna(), offer("ben"))
        .does(31, &ben(), Command::Decline)
        .does(40, &anna(), offer("ben"))
        .does(45, &ben(), accept())
        .does(50, &visitor(), rate(4))
        .does(60, &ben(), Command::Close { reason: None })
        // An odd second: nobody is there to have it back.
        .does(101, &visitor(), say())
        .does(111, &anna(), assign("anna"))
        .does(121, &anna(), say())
        .does(131, &anna(), Command::Close { reason: None })
        .does(140, &visitor(), rate(1));
    let wanted = [
        Counted::Opened,
        Counted::Waited { seconds: 10 },
        Counted::Responded { seconds: 20 },
        Counted::Transferred,
        Counted::Rated { score: 4 },
        Counted::Closed { seconds: 60 },
        Counted::Reopened,
        Counted::Waited { seconds: 10 },
        Counted::Responded { seconds: 20 },
        Counted::Closed { seconds: 30 },
        Counted::Rated { score: 1 },
    ];
    assert_eq!(log.all(), wanted);
}

fn step() -> impl Strategy<Value = (Who, Command)> {
    let who = prop_oneof![3 => Just(visitor()), 3 => Just(anna()), 2 => Just(ben()), 2 => Just(Who::Bot), 1 => Just(Who::System)];
    let command = prop_oneof![
        6 => Just(say()),
        1 => Just(Command::Note { text: "n".into(), content: None, mentions: BTreeSet::new(), client_id: "c".into() }),
        2 => (1u8..=5).prop_map(rate),
        3 => Just(accept()),
        1 => Just(assign("anna")),
        2 => Just(Command::Transfer { to: TransferTo::Agent(AgentId::new("ben")), until: time(9_000), note: None }),
        1 => Just(Command::Transfer { to: TransferTo::Team(TeamId::new(2)), until: time(9_000), note: None }),
        1 => Just(Command::Decline),
        2 => Just(Command::Close { reason: None }),
        1 => Just(Command::Reopen),
        1 => Just(Command::Snooze { until: time(9_000) }),
        2 => any::<bool>().prop_map(answers),
        1 => Just(Command::CallBot),
        1 => Just(Command::GiveBack { agent: AgentId::new("anna") }),
        1 => Just(Command::Hold { content: Content::text("x"), category: "abuse".into(), client_id: "c".into() }),
    ];
    (who, command)
}

fn since(entries: &[Happened], from: usize, to: usize) -> u64 {
    u64::try_from(entries[to].at.as_second() - entries[from].at.as_second()).unwrap()
}

fn status_before(entry: &Happened) -> Option<Status> {
    entry.before.as_ref().map(|before| before.status)
}

/// Whether people get it with this entry.
fn people_get_it(entry: &Happened) -> bool {
    let from_bot = status_before(entry) == Some(Status::Bot);
    match &entry.event {
        Event::Opened { .. } | Event::Reopened {} => true,
        Event::Queued { .. } | Event::Assigned { .. } => from_bot,
        _ => false,
    }
}

/// The first answer in the stretch that begins at `start`, by its definition.
fn first_response(entries: &[Happened], start: usize) -> Option<(usize, Counted)> {
    let stretch = entries[start + 1..].iter().take_while(|entry| {
        !people_get_it(entry) && !matches!(entry.event, Event::Closed { .. } | Event::BotCalled {})
    });
    let end = start + 1 + stretch.count();
    let asks = |entry: &Happened| entry.event.spoken(&entry.by).is_some() && status_before(entry) != Some(Status::Bot);
    let handed_over = matches!(entries[start].event, Event::Queued { .. });
    let asked = if handed_over { start } else { (start + 1..end).find(|place| asks(&entries[*place]))? };
    let by_agent =
        |entry: &Happened| matches!(entry.event, Event::Message { .. }) && entry.by.kind == AuthorKind::Agent;
    let answered = (asked + 1..end).find(|place| by_agent(&entries[*place]))?;
    Some((answered, Counted::Responded { seconds: since(entries, asked, answered) }))
}

/// All that a log counts for, each by its definition.
fn by_definition(entries: &[Happened]) -> Vec<(usize, Counted)> {
    let mut all = vec![];
    let last = |to: usize, wanted: fn(&Event) -> bool| (0..to).rev().find(|place| wanted(&entries[*place].event));
    for (place, entry) in entries.iter().enumerate() {
        match &entry.event {
            Event::Opened { .. } => all.push((place, Counted::Opened)),
            Event::Reopened {} => all.push((place, Counted::Reopened)),
            Event::Assigned { .. } if status_before(entry) == Some(Status::Queued) => {
                let queued = last(place, |event| matches!(event, Event::Opened { .. } | Event::Queued { .. })).unwrap();
                all.push((place, Counted::Waited { seconds: since(entries, queued, place) }));
            }
            Event::Assigned { .. } if status_before(entry) == Some(Status::Transferring) => {
                all.push((place, Counted::Transferred));
            }
            Event::Closed { .. } => {
                let began = last(place, |event| matches!(event, Event::Opened { .. } | Event::Reopened {})).unwrap();
                all.push((place, Counted::Closed { seconds: since(entries, began, place) }));
            }
            Event::Rated { score, .. } => {
                let later = entries[place + 1..].iter().take_while(|entry| !matches!(entry.event, Event::Reopened {}));
                if !later.into_iter().any(|entry| matches!(entry.event, Event::Rated { .. })) {
                    all.push((place, Counted::Rated { score: *score }));
                }
            }
            _ => {}
        }
        if people_get_it(entry) {
            all.extend(first_response(entries, place));
        }
    }
    all.sort_by_key(|(place, _)| *place);
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn what_is_counted_step_by_step_is_what_the_whole_log_says(
        bot in any::<bool>(),
        steps in prop::collection::vec((step(), 0i64..40), 1..80),
    ) {
        let (mut log, mut now) = (Log::begin(bot), 0);
        for ((who, command), pause) in steps {
            now += pause;
            // Only the AI agent gives its answers.
            if matches!(command, Command::Answer(_)) != (who == Who::Bot) {
                continue;
            }
            log.tries(now, &who, command);
        }
        prop_assert_eq!(log.counted(), by_definition(&log.entries));
    }
}
