//! Stories of macros: several actions under one name, each by the way that frames take, and none of them twice.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_domain::ConversationId;
use deskwire_tests::{Client, World};
use serde_json::{Value, json};

struct Desk {
    world: World,
    anna: Client,
    visitor: Client,
    conversation: ConversationId,
    /// Anna's, an administrator's.
    admin: String,
    /// Ben's, an agent's.
    ben: String,
}

impl Desk {
    /// Anna serves a visitor whose name is known.
    async fn open() -> Self {
        let world = World::memory().await;
        let anna = world.agent("anna").await;
        let door = world.door();
        let token = company_token(&door.secret, SubjectKind::Visitor, &json!({"sub": "u1", "name": "李雷"})).unwrap();
        let visitor = door.connect(&door.exchange(&token).await.unwrap().access_token).await.unwrap();
        let conversation = visitor.begin("我的包裹没到").await;
        visitor.entry("assigned").await;
        let (admin, ben) = (door.agent("anna").await.unwrap(), door.agent("ben").await.unwrap());
        Self { world, anna, visitor, conversation, admin, ben }
    }

    async fn put(&self, name: &str, steps: Value) {
        let body = json!({"name": name, "title": "A macro", "steps": steps});
        self.world.door().ok("PUT", &format!("/v1/macros/{name}"), &self.admin, Some(body)).await;
    }

    async fn run(&self, token: &str, name: &str, body: Value) -> (u16, Value) {
        let path = format!("/v1/conversations/{}/macros/{name}", self.conversation);
        self.world.door().call("POST", &path, Some(token), Some(body)).await.unwrap()
    }

    /// The log's entries: type, and text or client_id where there is one.
    async fn log(&self) -> Vec<(String, Value)> {
        let path = format!("/v1/conversations/{}/entries?limit=100", self.conversation);
        let page = self.world.door().ok("GET", &path, &self.admin, None).await;
        let shown = |entry: &Value| {
            let said = entry.pointer("/content/text").or_else(|| entry.get("text")).or_else(|| entry.get("added"));
            (entry["type"].as_str().unwrap().to_owned(), said.cloned().unwrap_or(Value::Null))
        };
        page["data"].as_array().unwrap().iter().map(shown).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_macro_does_its_steps_in_order_and_once() {
    let desk = Desk::open().await;
    desk.put(
        "sorry",
        json!([
            {"do": "label", "add": ["late"]},
            {"do": "send", "text": "{{ contact.name }}您好，我是{{ agent.name }}。"},
            {"do": "send", "text": "We are sorry, {{ contact.name }}."},
            {"do": "note", "text": "Told {{ contact.name }}"},
            {"do": "close", "reason": "apologised"},
        ]),
    )
    .await;
    let (status, ran) = desk.run(&desk.admin, "sorry", json!({"client_id": "m1"})).await;
    assert_eq!((status, &ran), (200, &json!({"done": 5, "of": 5})));
    let log = desk.log().await;
    let own = |from: usize| log[from..].iter().map(|(kind, said)| (kind.as_str(), said.clone())).collect::<Vec<_>>();
    let wanted = vec![
        ("labelled", json!(["late"])),
        ("message", json!("李雷您好，我是Anna。")),
        ("message", json!("We are sorry, 李雷.")),
        ("note", json!("Told 李雷")),
        ("closed", Value::Null),
    ];
    assert_eq!(own(3), wanted);
    // The visitor gets them as they come; and the same request again does nothing, also once the visitor has reopened.
    desk.visitor.entry("closed").await;
    desk.visitor.say(&desk.conversation, "thank you").await;
    let before = desk.log().await.len();
    desk.put("sorry", json!([{"do": "send", "text": "something else"}])).await;
    for _ in 0..2 {
        let (status, ran) = desk.run(&desk.admin, "sorry", json!({"client_id": "m1"})).await;
        assert_eq!((status, &ran), (200, &json!({"done": 5, "of": 5})));
    }
    assert_eq!(desk.log().await.len(), before);
    // Another run is another run.
    let (_, ran) = desk.run(&desk.admin, "sorry", json!({"client_id": "m2"})).await;
    assert_eq!(ran, json!({"done": 1, "of": 1}));
    assert_eq!(desk.log().await.last().unwrap().1, "something else");
    desk.world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_refusal_stops_it_and_it_goes_on_where_it_stopped() {
    let desk = Desk::open().await;
    let to_ben = json!({"do": "transfer", "to": {"agent": "agt_ben"}, "note": "please"});
    desk.put("over", json!([{"do": "send", "text": "One moment."}, to_ben, {"do": "label", "add": ["moved"]}])).await;
    let (status, ran) = desk.run(&desk.admin, "over", json!({"client_id": "t1"})).await;
    assert_eq!((status, &ran["done"], &ran["of"]), (200, &json!(1), &json!(3)));
    assert_eq!((&ran["refused"]["step"], &ran["refused"]["code"]), (&json!(2), &json!("agent_unavailable")));
    assert!(ran["refused"]["message"].as_str().unwrap().contains("not online"), "{ran}");
    // Ben comes: the same run goes on, and says nothing twice.
    let ben = desk.world.agent("ben").await;
    let (_, ran) = desk.run(&desk.admin, "over", json!({"client_id": "t1"})).await;
    assert_eq!(ran, json!({"done": 3, "of": 3}));
    let log = desk.log().await;
    let count = |kind: &str| log.iter().filter(|(other, _)| other == kind).count();
    assert_eq!((count("transfer_requested"), count("labelled"), count("message")), (1, 1, 2), "{log:?}");
    ben.ok(json!({"action": "accept", "conversation": desk.conversation})).await;
    // What is impossible now is refused as a frame would be.
    let (_, ran) = desk.run(&desk.admin, "over", json!({"client_id": "t2"})).await;
    assert_eq!((&ran["done"], &ran["refused"]["code"]), (&json!(1), &json!("not_possible_now")), "Ben has it: {ran}");
    desk.world.gateway.stop().await;
}

/// A function that dies half-way has noted nothing; the log says how far it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_died_is_gone_on_with_and_repeats_nothing() {
    let desk = Desk::open().await;
    let steps = json!([
        {"do": "label", "add": ["late"]},
        {"do": "send", "text": "We are sorry."},
        {"do": "close"},
        {"do": "note", "text": "done"},
    ]);
    desk.put("sorry", steps.clone()).await;
    let after = desk.log().await.len();
    let held = json!({"name": "sorry", "steps": steps, "own": after, "done": 0});
    let (account, id) = ("acc_demo".parse().unwrap(), format!("{}#agt_anna#k", desk.conversation));
    let store = desk.world.gateway.app.store();
    let begun = store.begin_run(&account, &id, &held, jiff::Timestamp::now()).await.unwrap();
    assert_eq!(begun, deskwire_store::Run::New);
    // While it runs nobody else may.
    assert_eq!(desk.run(&desk.admin, "sorry", json!({"client_id": "k"})).await.1["code"], "busy");
    let conversation = &desk.conversation;
    desk.anna.ok(json!({"action": "label", "conversation": conversation, "add": ["late"]})).await;
    let said = json!({"action": "send", "conversation": conversation, "after": after, "client_id": "k.2", "content": {"kind": "text", "text": "We are sorry."}});
    desk.anna.ok(said).await;
    desk.anna.ok(json!({"action": "close", "conversation": conversation})).await;
    // It died. The visitor reopens, and says much; then the agent's page sends the same again.
    for number in 0..60 {
        desk.visitor.say(conversation, &format!("word {number}")).await;
    }
    store.end_run(&account, &id, &held, jiff::Timestamp::now()).await.unwrap();
    let (_, ran) = desk.run(&desk.admin, "sorry", json!({"client_id": "k"})).await;
    assert_eq!(ran, json!({"done": 4, "of": 4}));
    let path = format!("/v1/conversations/{conversation}/entries?limit=100");
    let log = desk.world.door().ok("GET", &path, &desk.admin, None).await;
    let count = |kind: &str| log["data"].as_array().unwrap().iter().filter(|entry| entry["type"] == kind).count();
    assert_eq!([count("labelled"), count("closed"), count("note"), count("message")], [1, 1, 1, 62]);
    desk.world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_macro_has_its_callers_permissions_and_the_word_lists() {
    let desk = Desk::open().await;
    desk.put("hello", json!([{"do": "note", "text": "seen"}, {"do": "send", "text": "hello"}])).await;
    // Ben does not have it: he may write a note, and say nothing.
    let (_, ran) = desk.run(&desk.ben, "hello", json!({"client_id": "b1"})).await;
    assert_eq!((&ran["done"], &ran["refused"]["code"]), (&json!(1), &json!("not_assignee")), "{ran}");
    let list = json!({"name": "rude", "category": "abuse", "action": "refuse", "words": ["darn"], "direction": "both"});
    desk.world.door().ok("PUT", "/v1/word-lists/rude", &desk.admin, Some(list)).await;
    desk.put("rude", json!([{"do": "label", "add": ["x"]}, {"do": "send", "text": "D.A.R.N"}])).await;
    let deadline = tokio::time::Instant::now() + deskwire_tests::client::DEADLINE;
    for number in 0.. {
        let (_, ran) = desk.run(&desk.admin, "rude", json!({"client_id": format!("r{number}")})).await;
        if ran["refused"]["code"] == "content_refused" {
            assert_eq!(ran["done"], 1);
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "within ten seconds it holds everywhere: {ran}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let visitor = desk.world.door().anonymous().await.unwrap().access_token;
    assert_eq!(desk.run(&visitor, "hello", json!({"client_id": "v"})).await.0, 403);
    desk.world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_macros_and_bad_runs_are_refused_before_anything_is_done() {
    let desk = Desk::open().await;
    let door = desk.world.door();
    let many: Vec<Value> = (0..11).map(|_| json!({"do": "call_bot"})).collect();
    for (steps, says) in [
        (json!([]), "steps"),
        (json!(many), "steps"),
        (json!([{"do": "dance"}]), "dance"),
        (json!([{"do": "send", "text": " "}]), "steps/1"),
        (json!([{"do": "call_bot"}, {"do": "send", "text": "{{ contact.email }}"}]), "steps/2"),
        (json!([{"do": "send", "text": "{{ secret.token }}"}]), "secret"),
        (json!([{"do": "note", "text": "{% if %}"}]), "steps/1"),
        (json!([{"do": "label"}]), "labels"),
        (json!([{"do": "snooze", "seconds": 0}]), "seconds"),
        (json!([{"do": "transfer", "to": {"planet": "mars"}}]), "planet"),
        (json!([{"do": "close", "because": "x"}]), "because"),
    ] {
        let body = json!({"name": "m", "title": "M", "steps": steps});
        let (status, problem) = door.call("PUT", "/v1/macros/m", Some(&desk.ben), Some(body)).await.unwrap();
        assert_eq!(status, 400, "{steps}: {problem}");
        assert!(problem.to_string().contains(says), "{steps}: {problem}");
    }
    let other = json!({"name": "n", "title": "N", "steps": [{"do": "call_bot"}]});
    assert_eq!(door.call("PUT", "/v1/macros/m", Some(&desk.ben), Some(other)).await.unwrap().0, 400);
    desk.put("one", json!([{"do": "label", "add": ["a"]}])).await;
    desk.put("two", json!([{"do": "label", "add": ["b"]}])).await;
    let before = desk.log().await;
    for (name, body, status) in [
        ("none", json!({"client_id": "x"}), 404),
        ("one", json!({"client_id": ""}), 400),
        ("one", json!({"client_id": "x".repeat(62)}), 400),
        ("one", json!({"client_id": "x", "after": 999}), 409),
        ("one", json!({"client_id": "x", "bogus": 1}), 400),
    ] {
        assert_eq!(desk.run(&desk.admin, name, body.clone()).await.0, status, "{name} {body}");
    }
    assert_eq!(desk.log().await, before);
    assert_eq!(desk.run(&desk.admin, "one", json!({"client_id": "x", "after": 2})).await.1["done"], 1);
    let (status, problem) = desk.run(&desk.admin, "two", json!({"client_id": "x"})).await;
    assert_eq!((status, &problem["code"]), (409, &json!("conflict")), "another macro's run");
    // They are listed, and deleted.
    let names = async || {
        let page = door.ok("GET", "/v1/macros", &desk.ben, None).await;
        page["data"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names().await, ["one", "two"]);
    door.ok("DELETE", "/v1/macros/one", &desk.ben, None).await;
    assert_eq!(names().await, ["two"]);
    desk.anna.close().await;
    desk.world.gateway.stop().await;
}
