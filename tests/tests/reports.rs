//! Stories of supervisors' figures: how things stand, how days went, each thing counted once whatever the stream does, and
//! looking back that does not read everything again.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeSet, time::Duration};

use deskwire_app::relay::Record;
use deskwire_domain::{
    AccountId, AgentId, Author, AuthorKind, Content, ConversationId, Event, TeamId, Time,
    event::AssignedBy,
    machine::{apply, open},
    turn::{Outcome, Turn},
};
use deskwire_gateway::Data;
use deskwire_protocol::Entry;
use deskwire_store::{Change, Direction};
use deskwire_tests::{World, client::DEADLINE, world::TEAM};
use serde_json::{Value, json};

fn account() -> AccountId {
    "acc_demo".parse().unwrap()
}

fn records(entries: &[Entry]) -> Vec<Record> {
    let record = |entry: &Entry| Record {
        id: format!("test-{}", entry.id()),
        at: entry.at,
        change: Change::Entry { account: account(), entry: Box::new(entry.clone()) },
    };
    entries.iter().map(record).collect()
}

async fn relay(world: &World, entries: &[Entry]) {
    world.gateway.app.relay(records(entries)).await.map_err(|(_, error)| error).unwrap();
}

/// A log of another day, as the stream would bring it.
struct Old {
    entries: Vec<Entry>,
    start: Time,
}

impl Old {
    /// Begins `days` ago at noon, by UTC.
    fn begin(name: &str, days: i64) -> Self {
        let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
        let noon = now.date().saturating_sub(jiff::Span::new().days(days)).at(12, 0, 0, 0);
        let start = noon.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
        let event = Event::Opened {
            inbox: "inb_web".parse().unwrap(),
            team: TEAM.parse().unwrap(),
            priority: 0,
            bot: false,
            skills: BTreeSet::new(),
            last_agent: None,
        };
        let state = open(&event, format!("con_{name}").parse().unwrap(), start).unwrap();
        let by = Author { kind: AuthorKind::Visitor, id: Some(format!("con_{name}")) };
        let conversation = ConversationId::new(name);
        let opened = Entry { conversation, seq: 1, at: start, by, event, state, trace: None, origin: None };
        Self { entries: vec![opened], start }
    }

    fn day(&self) -> String {
        self.start.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
    }

    fn then(mut self, seconds: i64, kind: AuthorKind, event: Event) -> Self {
        let last = self.entries.last().unwrap().clone();
        let at = self.start + Duration::from_secs(seconds.unsigned_abs());
        let state = apply(&last.state, &event, at);
        let id = (kind != AuthorKind::Bot).then(|| "agt_anna".to_owned());
        self.entries.push(Entry { seq: last.seq + 1, at, by: Author { kind, id }, event, state, ..last });
        self
    }

    fn says(self, seconds: i64, kind: AuthorKind) -> Self {
        let client_id = format!("c{seconds}");
        self.then(seconds, kind, Event::Message { content: Content::text("hello"), client_id, turn: None })
    }

    fn assigned(self, seconds: i64) -> Self {
        let (agent, team) = (AgentId::new("anna"), TEAM.parse::<TeamId>().unwrap());
        let assigned = Event::Assigned { agent, name: None, team, reason: AssignedBy::Routing };
        self.then(seconds, AuthorKind::System, assigned)
    }

    fn rated(self, seconds: i64, score: u8) -> Self {
        let client_id = format!("r{seconds}");
        self.then(seconds, AuthorKind::Visitor, Event::Rated { score, comment: None, client_id })
    }

    fn closed(self, seconds: i64) -> Self {
        self.then(seconds, AuthorKind::Agent, Event::Closed { reason: None })
    }
}

/// Asks until it holds: projections are a little behind.
async fn until(world: &World, token: &str, path: &str, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let (door, deadline) = (world.door(), tokio::time::Instant::now() + DEADLINE);
    loop {
        let answer = door.ok("GET", path, token, None).await;
        if holds(&answer) {
            return answer;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what}: {answer}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supervisor_sees_who_waits_who_serves_and_how_today_went() {
    let world = World::memory().await;
    let token = world.door().agent("ben").await.unwrap();
    let (first, second) = (world.visitor().await, world.visitor().await);
    let conversation = first.begin("is anybody there?").await;
    second.begin("有人吗？").await;
    let live = until(&world, &token, "/v1/reports/live", "two wait", |live| {
        live["teams"][0]["queued"] == 2 && live["today"]["opened"] == 2
    })
    .await;
    let team = &live["teams"][0];
    let row = world.door().ok("GET", &format!("/v1/conversations/{conversation}"), &token, None).await;
    assert_eq!((&team["team"], &team["oldest_queued_at"]), (&json!(TEAM), &row["row"]["state"]["since"]));
    assert_eq!((&team["online"], &team["active"], &team["capacity"]), (&json!(0), &json!(0), &json!(0)));
    let anna = world.agent("anna").await;
    first.entry("assigned").await;
    second.entry("assigned").await;
    anna.catch_up(&conversation).await;
    anna.say(&conversation, "Yes, I am.").await;
    anna.say(&conversation, "What can I do?").await;
    let after = first.seen(&conversation);
    for (client_id, score) in [("r1", 2), ("r2", 5)] {
        first.ok(json!({"action": "rate", "conversation": conversation, "after": after, "client_id": client_id, "score": score})).await;
    }
    anna.ok(json!({"action": "close", "conversation": conversation})).await;
    let live = until(&world, &token, "/v1/reports/live", "one is closed", |live| {
        live["today"]["closed"] == 1 && live["teams"][0]["active"] == 1
    })
    .await;
    let team = &live["teams"][0];
    assert_eq!((&team["queued"], team.get("oldest_queued_at")), (&json!(0), None));
    assert_eq!((&team["online"], &team["capacity"], &team["load"]), (&json!(1), &json!(200), &json!(1)));
    let agents = live["agents"].as_array().unwrap();
    let shown = agents.iter().find(|agent| agent["agent"] == "agt_anna").unwrap();
    assert_eq!((&shown["status"], &shown["load"]), (&json!("online"), &json!(1)));
    // Who is away has neither places nor a load for new conversations: like stands by like.
    anna.ok(json!({"action": "presence", "status": "away"})).await;
    let away = world.door().ok("GET", "/v1/reports/live", &token, None).await;
    let team = ["online", "away", "capacity", "load"].map(|name| away["teams"][0][name].as_u64().unwrap());
    assert_eq!(team, [0, 1, 0, 0]);
    let today = &live["today"];
    let counts = ["opened", "reopened", "closed", "transferred"].map(|name| today[name].as_u64().unwrap());
    assert_eq!(counts, [2, 0, 1, 0], "{today}");
    let spreads = ["waited", "first_response", "resolution"].map(|name| today[name]["count"].as_u64().unwrap());
    assert_eq!(spreads, [2, 1, 1], "the first answer only: {today}");
    assert_eq!(today["csat"], json!({"count": 1, "mean": 5.0, "scores": [0, 0, 0, 0, 1]}), "the last word counts");
    // The same by the day, and nothing for another team.
    let days = world.door().ok("GET", &format!("/v1/reports/days?team={TEAM}"), &token, None).await;
    assert_eq!(days["data"], json!([today]));
    let days = world.door().ok("GET", "/v1/reports/days?team=tea_other", &token, None).await;
    assert_eq!(days["data"], json!([]));
    // It is for agents, and a quarter at most.
    let visitor = world.door().anonymous().await.unwrap().access_token;
    for path in ["/v1/reports/live", "/v1/reports/days"] {
        assert_eq!(world.door().call("GET", path, Some(&visitor), None).await.unwrap().0, 403);
    }
    for query in ["from=2026-01-01&to=2026-12-31", "from=soon", "team=support"] {
        let path = format!("/v1/reports/days?{query}");
        assert_eq!(world.door().call("GET", &path, Some(&token), None).await.unwrap().0, 400, "{query}");
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_of_the_stream_counts_nothing_twice() {
    let world = World::memory().await;
    let token = world.door().agent("anna").await.unwrap();
    let (anna, visitor) = (world.agent("anna").await, world.visitor().await);
    let conversation = visitor.begin("hello").await;
    visitor.entry("assigned").await;
    anna.catch_up(&conversation).await;
    anna.say(&conversation, "hi").await;
    anna.ok(json!({"action": "close", "conversation": conversation})).await;
    let path = "/v1/reports/days";
    let wanted = until(&world, &token, path, "the day", |days| days["data"][0]["closed"] == 1).await;
    let store = world.gateway.app.store();
    let log = store.page(&account(), &conversation, Direction::After(0), 100).await.unwrap().entries;
    for from in 0..log.len() {
        relay(&world, &log[from..]).await;
        relay(&world, &log[..from]).await;
    }
    assert_eq!(world.door().ok("GET", path, &token, None).await, wanted);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_was_lost_is_counted_on_from_the_log() {
    let world = World::with(|config| config.background = false, Data::Memory).await;
    let token = world.door().agent("anna").await.unwrap();
    let (anna, visitor) = (world.agent("anna").await, world.visitor().await);
    let conversation = visitor.begin("hello").await;
    anna.ok(json!({"action": "accept", "conversation": conversation})).await;
    anna.catch_up(&conversation).await;
    anna.say(&conversation, "hi").await;
    let store = world.gateway.app.store();
    let log = store.page(&account(), &conversation, Direction::After(0), 100).await.unwrap().entries;
    // Nothing but the answer reaches the projection: what was asked, and when, is in the log.
    relay(&world, &log[log.len() - 1..]).await;
    let days = world.door().ok("GET", "/v1/reports/days", &token, None).await;
    assert_eq!((&days["data"][0]["first_response"]["count"], &days["data"][0]["opened"]), (&json!(1), &json!(0)));
    world.gateway.stop().await;
}

/// Read units, as the engine reports them; `None` where another engine does not.
fn read_units(world: &World) -> Option<f64> {
    let stats = world.gateway.table_stats();
    let reads = ["GetItem", "Query", "BatchGetItem"];
    (!stats.is_empty()).then(|| reads.iter().filter_map(|name| stats.get(*name)).map(|stats| stats.units).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn days_that_are_over_are_summed_once_and_again_where_something_came_late() {
    let world = World::with(|config| config.background = false, Data::Memory).await;
    let token = world.door().agent("anna").await.unwrap();
    let mut day = String::new();
    for number in 0..30 {
        let log = Old::begin(&format!("old{number}"), 40)
            .says(0, AuthorKind::Visitor)
            .assigned(30)
            .says(30 + number, AuthorKind::Agent)
            .closed(1_000)
            .rated(1_010, if number < 20 { 5 } else { 2 });
        day = log.day();
        relay(&world, &log.entries).await;
    }
    let path = format!("/v1/reports/days?from={day}&to={day}");
    let door = world.door();
    let first = door.ok("GET", &path, &token, None).await;
    let report = &first["data"][0];
    assert_eq!((&report["opened"], &report["closed"]), (&json!(30), &json!(30)));
    assert_eq!(report["csat"], json!({"count": 30, "mean": 4.0, "scores": [0, 10, 0, 0, 20]}));
    let exact = [("waited", [30, 30, 30]), ("first_response", [45, 44, 56]), ("resolution", [1_000, 1_000, 1_000])];
    for (name, [mean, p50, p90]) in exact {
        let spread = &report[name];
        let near = |value: &Value, exact: i64| (value.as_i64().unwrap() - exact).abs() * 16 <= exact;
        assert_eq!(spread["count"], 30);
        assert!((spread["mean"].as_i64().unwrap() - mean).abs() <= 1, "{name}: {spread}");
        assert!(near(&spread["p50"], p50) && near(&spread["p90"], p90), "{name}: {spread}");
    }
    // The second look costs little, and so does a quarter.
    let cost = async |path: &str| {
        let before = read_units(&world);
        let answer = door.ok("GET", path, &token, None).await;
        (answer, read_units(&world).zip(before).map(|(after, before)| after - before))
    };
    let (second, units) = cost(&path).await;
    assert_eq!(second, first);
    assert!(units.is_none_or(|units| units <= 6.0), "{units:?} for a day");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let quarter = format!("/v1/reports/days?from={}", today.saturating_sub(jiff::Span::new().days(91)));
    cost(&quarter).await;
    let (all, units) = cost(&quarter).await;
    assert_eq!(all["data"], first["data"]);
    // A unit a day, and 24 hours of today.
    assert!(units.is_none_or(|units| units <= 92.0 + 24.0 * 2.0 + 32.0), "{units:?} for a quarter");
    // A day later one visitor thinks better of it: what counted then counts no more, and the sum is made anew.
    let log = Old::begin("old29", 40)
        .says(0, AuthorKind::Visitor)
        .assigned(30)
        .says(59, AuthorKind::Agent)
        .closed(1_000)
        .rated(1_010, 2)
        .rated(86_400, 5);
    relay(&world, &log.entries).await;
    let (late, _) = cost(&path).await;
    assert_eq!(late["data"][0]["csat"]["scores"], json!([0, 9, 0, 0, 20]));
    let (all, _) = cost(&quarter).await;
    assert_eq!(all["data"][1]["csat"]["scores"], json!([0, 0, 0, 0, 1]), "on the day of the last word: {all}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ai_agents_quality_is_summed_once_too() {
    let world = World::with(|config| config.background = false, Data::Memory).await;
    let token = world.door().agent("anna").await.unwrap();
    let mut day = String::new();
    for number in 0..40 {
        let turn = Turn {
            answers: 1,
            question: "where is my order".into(),
            agent: "local".into(),
            intent: None,
            confidence: 0.9,
            slots: [].into(),
            outcome: if number % 4 == 0 { Outcome::SmallTalk } else { Outcome::Exact },
            asked: None,
            misses: 0,
            sources: vec![],
            tools: vec![],
            reason: None,
            tokens: 10,
        };
        let content = Content::text("It is on its way.");
        let answer = Event::Message { content, client_id: "ai".into(), turn: Some(Box::new(turn)) };
        let log = Old::begin(&format!("bot{number}"), 3).then(5, AuthorKind::Bot, answer);
        day = log.day();
        relay(&world, &log.entries).await;
    }
    let path = format!("/v1/ai/quality?from={day}&to={day}");
    let door = world.door();
    let first = door.ok("GET", &path, &token, None).await;
    let sum = ["turns", "answered", "small_talk", "tokens"].map(|name| first["data"][0][name].as_u64().unwrap());
    assert_eq!(sum, [40, 30, 10, 400]);
    let before = read_units(&world);
    assert_eq!(door.ok("GET", &path, &token, None).await, first);
    let units = read_units(&world).zip(before).map(|(after, before)| after - before);
    assert!(units.is_none_or(|units| units <= 4.0), "{units:?} for a day");
    world.gateway.stop().await;
}
