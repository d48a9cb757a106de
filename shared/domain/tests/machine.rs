//! Random commands by random people: the state machine never lets an impossible state appear, and a refusal is total.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use deskwire_domain::{
    AccountId, AgentId, Author, AuthorKind, Code, Content, Event, Principal, Role, State, Status, TeamId, Time,
    TransferTo, Who,
    bot::{Answer, Then},
    event::AssignedBy,
    machine::{Command, Facts, apply, decide, open},
    turn::{HandOverReason, Outcome, Turn},
};
use proptest::prelude::*;

fn time(second: i64) -> Time {
    Time::from_second(second).unwrap()
}

fn agent(n: u8) -> AgentId {
    AgentId::new(n)
}

fn begin(bot: bool) -> State {
    let event = Event::Opened {
        inbox: "inb_1".parse().unwrap(),
        team: TeamId::new(1),
        priority: 0,
        bot,
        skills: BTreeSet::new(),
        last_agent: None,
    };
    open(&event, "con_1".parse().unwrap(), time(0)).unwrap()
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        Just(Who::Visitor("con_1".parse().unwrap())),
        Just(Who::Visitor("con_other".parse().unwrap())),
        (0u8..3).prop_map(|n| Who::Agent(agent(n), Role::Agent)),
        Just(Who::Agent(agent(9), Role::Supervisor)),
        Just(Who::Bot),
        Just(Who::System),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let to = prop_oneof![
        (0u8..3).prop_map(|n| TransferTo::Agent(agent(n))),
        (1u8..3).prop_map(|n| TransferTo::Team(TeamId::new(n))),
    ];
    prop_oneof![
        Just(Command::Send { content: Content::text("hi"), client_id: "c".into() }),
        Just(Command::Note { text: "n".into(), content: None, mentions: BTreeSet::new(), client_id: "c".into() }),
        (any::<bool>()).prop_map(|internal| Command::Postback {
            card: 1,
            label: "Yes".into(),
            value: "yes".into(),
            internal,
            client_id: "c".into()
        }),
        (0u8..8).prop_map(|score| Command::Rate { score, comment: None, client_id: "c".into() }),
        Just(Command::Accept { teams: [TeamId::new(1)].into() }),
        Just(Command::Decline),
        (0u8..3).prop_map(|n| Command::Assign { agent: agent(n), name: None }),
        (0u8..3).prop_map(|n| Command::Route { agent: agent(n), name: None }),
        (to, 0i64..400).prop_map(|(to, until)| Command::Transfer { to, until: time(until), note: None }),
        Just(Command::TransferTimeout),
        Just(Command::Close { reason: None }),
        Just(Command::Reopen),
        (0i64..400).prop_map(|until| Command::Snooze { until: time(until) }),
        Just(Command::Wake),
        Just(Command::Label { add: ["a".to_owned()].into(), remove: ["b".to_owned()].into() }),
        any::<bool>().prop_map(|hands_over| Command::Answer(answer(hands_over))),
        Just(Command::CallBot),
        Just(Command::Hold { content: Content::text("x"), category: "abuse".into(), client_id: "c".into() }),
        any::<bool>().prop_map(|released| Command::Review {
            held: 1,
            released,
            author: Author { kind: AuthorKind::Visitor, id: None },
            content: released.then(|| Content::text("x")),
        }),
        any::<bool>().prop_map(|good| Command::Judge { entry: 1, good, intent: None, client_id: "c".into() }),
        (0u8..3).prop_map(|n| Command::GiveBack { agent: agent(n) }),
    ]
}

fn answer(hands_over: bool) -> Answer {
    let turn = Turn {
        answers: 1,
        question: "hi".into(),
        agent: "local".into(),
        intent: Some("greet".into()),
        confidence: 0.912,
        slots: [("number".to_owned(), "A1".to_owned())].into(),
        outcome: Outcome::Exact,
        asked: None,
        misses: 1,
        sources: vec![],
        tools: vec![],
        reason: hands_over.then_some(HandOverReason::Requested),
        tokens: 0,
    };
    let then = Then::HandOver {
        team: Some(TeamId::new(2)),
        skills: ["refunds".to_owned()].into(),
        labels: ["ticket".to_owned()].into(),
        summary: "s".into(),
        headline: "h".into(),
    };
    Answer {
        says: vec![Content::text("a"), Content::text("b")],
        turn: Box::new(turn),
        then: if hands_over { then } else { Then::Wait },
        client_id: "ai-1".into(),
    }
}

fn sane(state: &State) -> Result<(), TestCaseError> {
    let holds = match state.status {
        Status::Active => state.assignee.is_some() && state.transfer.is_none() && state.snoozed_until.is_none(),
        Status::Transferring => state.assignee.is_some() && state.transfer.is_some() && state.snoozed_until.is_none(),
        Status::Snoozed => state.snoozed_until.is_some() && state.transfer.is_none(),
        Status::Bot | Status::Queued | Status::Closed => state.transfer.is_none() && state.snoozed_until.is_none(),
    };
    prop_assert!(holds, "{state:?}");
    prop_assert!(state.waiting_since <= state.since, "{state:?}");
    Ok(())
}

proptest! {
    #[test]
    fn no_sequence_of_commands_reaches_an_impossible_state(
        bot in any::<bool>(),
        steps in prop::collection::vec((who(), command(), any::<bool>()), 1..60),
    ) {
        let mut state = begin(bot);
        for (i, (who, command, assignee_present)) in steps.into_iter().enumerate() {
            let facts = Facts { now: time(i64::try_from(i).unwrap() * 5), reopen_seconds: 60, assignee_present, bot, name: None };
            let Ok(events) = decide(&state, &who, command.clone(), &facts) else { continue };
            prop_assert!(!matches!(who, Who::Visitor(ref c) if c.as_str() == "con_other"), "a stranger got through");
            let speaks = matches!(who, Who::Bot) && events.iter().any(|e| matches!(e, Event::Message { .. }));
            prop_assert!(!speaks || state.status == Status::Bot, "the AI agent speaks only where it has the word");
            let serves = matches!(who, Who::Agent(..)) && events.iter().any(|e| matches!(e, Event::Message { .. } | Event::Held { .. }));
            let was_the_bots = state.status == Status::Bot;
            for event in &events {
                state = apply(&state, event, facts.now);
            }
            sane(&state)?;
            prop_assert!(!serves || state.status != Status::Bot, "where a person answers the AI agent has the word no more");
            if let (true, true, Who::Agent(me, _)) = (serves, was_the_bots, &who) {
                prop_assert_eq!((state.status, state.assignee.as_ref()), (Status::Active, Some(me)));
            }
            // A decision that came true stays true: routine work may run twice without a second effect.
            if who == Who::System && matches!(command, Command::TransferTimeout | Command::Wake | Command::GiveBack { .. }) {
                prop_assert_eq!(decide(&state, &who, command, &facts).unwrap(), vec![]);
            }
        }
    }

    #[test]
    fn every_event_survives_json(bot in any::<bool>(), steps in prop::collection::vec((who(), command()), 1..20)) {
        let mut state = begin(bot);
        for (who, command) in steps {
            let facts = Facts { now: time(10), reopen_seconds: 60, assignee_present: true, bot: true, name: None };
            for event in decide(&state, &who, command, &facts).unwrap_or_default() {
                let json = serde_json::to_value(&event).unwrap();
                prop_assert_eq!(json["type"].as_str().unwrap(), event.kind());
                prop_assert_eq!(&serde_json::from_value::<Event>(json).unwrap(), &event);
                state = apply(&state, &event, facts.now);
                prop_assert_eq!(&serde_json::from_str::<State>(&serde_json::to_string(&state).unwrap()).unwrap(), &state);
            }
        }
    }
}

fn facts(second: i64, assignee_present: bool) -> Facts {
    Facts { now: time(second), reopen_seconds: 100, assignee_present, bot: false, name: Some("Anna".into()) }
}

fn run(state: &State, who: &Who, command: Command, facts: &Facts) -> State {
    decide(state, who, command, facts).unwrap().iter().fold(state.clone(), |s, event| apply(&s, event, facts.now))
}

#[test]
fn two_who_accept_at_once_one_wins() {
    let (anna, ben) = (Who::Agent(agent(1), Role::Agent), Who::Agent(agent(2), Role::Agent));
    let state = run(&begin(false), &anna, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false));
    let refusal =
        decide(&state, &ben, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false)).unwrap_err();
    assert_eq!(refusal.code, Code::AlreadyAssigned);
    assert_eq!(
        decide(&state, &anna, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false)).unwrap(),
        vec![]
    );
}

#[test]
fn whoever_answers_in_the_ai_agents_place_takes_it() {
    let hello = || Command::Send { content: Content::text("I am here"), client_id: "c".into() };
    for role in [Role::Agent, Role::Supervisor, Role::Admin] {
        let anna = Who::Agent(agent(1), role);
        let events = decide(&begin(true), &anna, hello(), &facts(1, false)).unwrap();
        let Event::Assigned { agent: who, name, team, reason } = &events[0] else { panic!("{events:?}") };
        assert_eq!((who, name.as_deref(), team), (&agent(1), Some("Anna"), &TeamId::new(1)));
        assert_eq!((*reason, events.len()), (AssignedBy::Accept, 2));
        let taken = run(&begin(true), &anna, hello(), &facts(1, false));
        assert_eq!((taken.status, taken.assignee.as_ref()), (Status::Active, Some(&agent(1))));
        // A second word is only a word, and another agent is told whose it is.
        assert_eq!(decide(&taken, &anna, hello(), &facts(2, false)).unwrap().len(), 1);
        let ben = Who::Agent(agent(2), Role::Agent);
        assert_eq!(decide(&taken, &ben, hello(), &facts(2, false)).unwrap_err().code, Code::NotAssignee);
        let answered = decide(&taken, &Who::Bot, Command::Answer(answer(false)), &facts(2, false));
        assert_eq!(answered.unwrap_err().code, Code::Forbidden);
    }
    // Who waits in a queue is taken by an accept only: there is an order in it.
    let ben = Who::Agent(agent(2), Role::Agent);
    assert_eq!(decide(&begin(false), &ben, hello(), &facts(1, false)).unwrap_err().code, Code::NotAssignee);
    // A word of Deskwire itself (a rule's message) takes nothing.
    assert_eq!(run(&begin(true), &Who::System, hello(), &facts(1, false)).status, Status::Bot);
}

#[test]
fn a_transfer_that_nobody_takes_falls_back() {
    let (anna, ben) = (Who::Agent(agent(1), Role::Agent), Who::Agent(agent(2), Role::Agent));
    let offer = Command::Transfer { to: TransferTo::Agent(agent(2)), until: time(60), note: None };
    let active = run(&begin(false), &anna, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false));
    let offered = run(&active, &anna, offer, &facts(2, false));
    assert_eq!(offered.occupies(), Some(&agent(1)), "the visitor is served until it is taken");
    assert_eq!(decide(&offered, &Who::System, Command::TransferTimeout, &facts(59, false)).unwrap(), vec![]);
    let back = run(&offered, &Who::System, Command::TransferTimeout, &facts(60, false));
    assert_eq!((back.status, back.assignee), (Status::Active, Some(agent(1))));
    let declined = run(&offered, &ben, Command::Decline, &facts(5, false));
    assert_eq!((declined.status, declined.assignee), (Status::Active, Some(agent(1))));
    let taken = run(&offered, &ben, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(5, false));
    assert_eq!((taken.status, taken.assignee), (Status::Active, Some(agent(2))));
}

#[test]
fn the_visitor_reopens_within_the_window_and_not_after() {
    let visitor = Who::Visitor("con_1".parse().unwrap());
    let hello = || Command::Send { content: Content::text("?"), client_id: "c".into() };
    let anna = Who::Agent(agent(1), Role::Agent);
    let active = run(&begin(false), &anna, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false));
    let closed = run(&active, &anna, Command::Close { reason: None }, &facts(10, false));
    assert_eq!(run(&closed, &visitor, hello(), &facts(110, true)).status, Status::Active);
    let queued = run(&closed, &visitor, hello(), &facts(110, false));
    assert_eq!((queued.status, queued.waiting_since), (Status::Queued, time(110)));
    assert_eq!(decide(&closed, &visitor, hello(), &facts(111, true)).unwrap_err().code, Code::ConversationClosed);
}

#[test]
fn visitors_press_and_rate_and_agents_press_what_is_theirs() {
    let visitor = Who::Visitor("con_1".parse().unwrap());
    let anna = Who::Agent(agent(1), Role::Agent);
    let press = |internal| Command::Postback {
        card: 2,
        label: "Yes".into(),
        value: "yes".into(),
        internal,
        client_id: "c".into(),
    };
    let rate = |score| Command::Rate { score, comment: None, client_id: "c".into() };
    let active = run(&begin(false), &anna, Command::Accept { teams: [TeamId::new(1)].into() }, &facts(1, false));
    let closed = run(&active, &anna, Command::Close { reason: None }, &facts(10, false));
    // A button is as good as a message: it reopens. A score does not.
    assert_eq!(run(&closed, &visitor, press(false), &facts(50, true)).status, Status::Active);
    assert_eq!(run(&closed, &visitor, rate(5), &facts(50, true)), closed);
    assert_eq!(decide(&closed, &visitor, press(false), &facts(111, true)).unwrap_err().code, Code::ConversationClosed);
    for score in [0, 6] {
        assert_eq!(decide(&active, &visitor, rate(score), &facts(11, true)).unwrap_err().code, Code::InvalidField);
    }
    for refused in [press(true), Command::Reopen] {
        assert_eq!(decide(&active, &visitor, refused, &facts(11, true)).unwrap_err().code, Code::Forbidden);
    }
    for refused in [press(false), rate(5)] {
        assert_eq!(decide(&active, &anna, refused, &facts(11, true)).unwrap_err().code, Code::Forbidden);
    }
    assert_eq!(decide(&active, &anna, press(true), &facts(11, true)).unwrap().len(), 1);
    let by_anna = Author { kind: AuthorKind::Agent, id: None };
    assert!(decide(&active, &anna, press(true), &facts(11, true)).unwrap()[0].for_visitor(&by_anna).is_none());
}

#[test]
fn an_account_principal_names_its_author() {
    let principal = Principal { account: AccountId::new("a"), who: Who::Agent(agent(1), Role::Agent) };
    assert_eq!(principal.author().id.as_deref(), Some("agt_1"));
}

#[test]
fn an_agent_serves_by_what_they_say_and_by_what_is_released_of_it() {
    let (agent, supervisor) = (author(AuthorKind::Agent, "agt_1"), author(AuthorKind::Agent, "agt_2"));
    let visitor = author(AuthorKind::Visitor, "con_1");
    let said = |content| Event::Message { content, client_id: "c".into(), turn: None };
    assert!(said(Content::text("hello")).serves(&agent) && !said(Content::text("hello")).serves(&visitor));
    let reviewed = |author: &Author, content: Option<Content>| Event::Reviewed {
        held: 1,
        released: content.is_some(),
        author: author.clone(),
        content,
    };
    assert!(reviewed(&agent, Some(Content::text("x"))).serves(&supervisor));
    assert!(!reviewed(&agent, None).serves(&supervisor), "it was never said");
    assert!(!reviewed(&visitor, Some(Content::text("x"))).serves(&supervisor));
}

fn author(kind: AuthorKind, id: &str) -> Author {
    Author { kind, id: Some(id.to_owned()) }
}
