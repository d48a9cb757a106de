//! Stories of webhooks: a company's server gets what happened, signed, again where it failed, and looked up after.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Duration;

use axum::http::StatusCode;
use deskwire_tests::{
    World,
    receiver::{DEADLINE, Receiver},
    world::Door,
};
use serde_json::{Value, json};

async fn endpoint(door: &Door, admin: &str, body: Value) -> (String, String) {
    let made = door.ok("POST", "/v1/webhooks", admin, Some(body)).await;
    (made["id"].as_str().unwrap().to_owned(), made["secret"].as_str().unwrap().to_owned())
}

/// The newest delivery, as soon as `done` holds of it.
async fn delivery(door: &Door, admin: &str, id: &str, done: impl Fn(&Value) -> bool) -> Value {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        let page = door.ok("GET", &format!("/v1/webhooks/{id}/deliveries"), admin, None).await;
        if let Some(found) = page["data"].as_array().unwrap().first().filter(|found| done(found)) {
            return found.clone();
        }
        assert!(tokio::time::Instant::now() < deadline, "{page}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_reaches_the_company_signed_and_in_order() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    let (all, secret) = endpoint(&door, &admin, json!({"url": company.url(), "events": ["*"]})).await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("你好").await;
    anna.entry("assigned").await;
    anna.ok(json!({"action": "label", "conversation": conversation, "add": ["vip"]})).await;
    anna.ok(json!({"action": "close", "conversation": conversation})).await;
    let mut kinds = vec![];
    let mut seq = 0;
    while kinds.last().is_none_or(|kind| kind != "conversation.closed") {
        let came = company.next().await;
        assert!(came.is_by(&secret), "{:?}", came.headers);
        let event = came.event();
        assert_eq!(event["id"], came.header("webhook-id"));
        assert_eq!((&event["specversion"], &event["source"]), (&json!("1.0"), &json!("/accounts/acc_demo")));
        if event["subject"] == json!(conversation) {
            let next = event["data"]["entry"]["seq"].as_u64().unwrap();
            assert!(next > seq, "in order");
            seq = next;
            kinds.push(event["type"].as_str().unwrap().to_owned());
        }
    }
    let expected =
        ["conversation.created", "message.created", "conversation.assigned", "label.added", "conversation.closed"];
    assert_eq!(kinds, expected);
    let last = delivery(&door, &admin, &all, |found| found["status"] == "delivered").await;
    assert_eq!(last["attempts"][0]["status"], 204);
    // Nobody sees the secret again.
    let page = door.ok("GET", "/v1/webhooks", &admin, None).await;
    assert!(!page.to_string().contains("whsec_"), "{page}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_tried_again_with_the_same_id_and_can_be_looked_up_resent_and_replayed() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    let (id, secret) = endpoint(&door, &admin, json!({"url": company.url(), "events": ["message.created"]})).await;
    let begun = jiff::Timestamp::now();
    company.will_answer((StatusCode::INTERNAL_SERVER_ERROR, "out of order"));
    let visitor = world.visitor().await;
    visitor.begin("hello").await;
    let first = company.next().await;
    let failed = delivery(&door, &admin, &id, |found| !found["attempts"].as_array().unwrap().is_empty()).await;
    assert_eq!((&failed["status"], &failed["attempts"][0]["status"]), (&json!("pending"), &json!(500)));
    assert_eq!(failed["attempts"][0]["head"], "out of order");
    // The second attempt is due after five seconds.
    let second = company.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    assert!(second.is_by(&secret));
    let path = format!("/v1/webhooks/{id}/deliveries/{}", failed["id"].as_str().unwrap());
    delivery(&door, &admin, &id, |found| found["status"] == "delivered").await;
    let read = door.ok("GET", &path, &admin, None).await;
    assert_eq!(read["attempts"].as_array().unwrap().len(), 2);
    // Once more, by hand, and by period.
    door.ok("POST", &format!("{path}/resend"), &admin, None).await;
    assert_eq!(company.next().await.body, first.body);
    delivery(&door, &admin, &id, |found| found["status"] == "delivered").await;
    let period = |undelivered: bool| json!({"from": begun.to_string(), "to": jiff::Timestamp::now().to_string(), "undelivered": undelivered});
    let replay = format!("/v1/webhooks/{id}/replay");
    assert_eq!(door.ok("POST", &replay, &admin, Some(period(true))).await["count"], 0);
    assert_eq!(door.ok("POST", &replay, &admin, Some(period(false))).await["count"], 1);
    assert_eq!(company.next().await.body, first.body);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_changes_without_a_gap_and_ed25519_needs_no_shared_one() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    let (id, old) = endpoint(&door, &admin, json!({"url": company.url(), "events": ["contact.*"]})).await;
    let changed = door.ok("POST", &format!("/v1/webhooks/{id}/secret"), &admin, None).await;
    let new = changed["secret"].as_str().unwrap();
    door.ok("POST", &format!("/v1/webhooks/{id}/test"), &admin, None).await;
    let came = company.next_of("webhook.test").await;
    assert!(old != new && came.is_by(&old) && came.is_by(new));
    let body = json!({"url": company.url(), "events": ["contact.*"], "signature": "v1a"});
    let (other, public) = endpoint(&door, &admin, body).await;
    assert!(public.starts_with("whpk_"));
    door.ok("POST", &format!("/v1/webhooks/{other}/test"), &admin, None).await;
    let came = company.next_of("webhook.test").await;
    assert!(came.is_by(&public) && !came.is_by(new));
    assert!(came.header("webhook-signature").starts_with("v1a,"));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_is_gone_gets_nothing_more_and_others_are_told() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let (gone, watching) = (Receiver::start().await, Receiver::start().await);
    let (id, _) = endpoint(&door, &admin, json!({"url": gone.url(), "events": ["message.created"]})).await;
    endpoint(&door, &admin, json!({"url": watching.url(), "events": ["webhook.disabled"]})).await;
    gone.will_answer(StatusCode::GONE);
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    gone.next().await;
    let told = watching.next().await.event();
    assert_eq!((&told["type"], &told["data"]["endpoint"]), (&json!("webhook.disabled"), &json!(id)));
    assert_eq!(told["data"]["reason"], "gone");
    visitor.say(&conversation, "more").await;
    let skipped = delivery(&door, &admin, &id, |found| found["status"] == "skipped").await;
    assert_eq!(skipped["attempts"], json!([]));
    // Switched on again, it can have what it missed.
    door.ok("PATCH", &format!("/v1/webhooks/{id}"), &admin, Some(json!({"disabled": false}))).await;
    let path = format!("/v1/webhooks/{id}/deliveries/{}/resend", skipped["id"].as_str().unwrap());
    door.ok("POST", &path, &admin, None).await;
    assert_eq!(gone.next().await.event()["data"]["entry"]["content"]["text"], "more");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redirects_are_failures_and_addresses_inside_are_not_called() {
    let world = World::with(|config| config.allow_inside = "127.0.0.1/32".into(), deskwire_gateway::Data::Memory).await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    let (id, _) = endpoint(&door, &admin, json!({"url": company.url(), "events": ["message.created"]})).await;
    company.will_answer((StatusCode::TEMPORARY_REDIRECT, [("location", company.url())]));
    world.visitor().await.begin("hello").await;
    company.next().await;
    let failed = delivery(&door, &admin, &id, |found| !found["attempts"].as_array().unwrap().is_empty()).await;
    assert_eq!((&failed["status"], &failed["attempts"][0]["status"]), (&json!("pending"), &json!(307)));
    for (url, events, code) in [
        ("http://127.0.0.2/hook", json!(["*"]), "invalid_field"),
        ("http://169.254.169.254/latest", json!(["*"]), "invalid_field"),
        ("ftp://example.com/", json!(["*"]), "invalid_field"),
        ("https://example.com/", json!(["message.*", "nonsense"]), "invalid_field"),
        ("https://example.com/", json!([]), "invalid_field"),
    ] {
        let body = json!({"url": url, "events": events});
        let (status, problem) = door.call("POST", "/v1/webhooks", Some(&admin), Some(body)).await.unwrap();
        assert_eq!((status, problem["code"].as_str().unwrap()), (400, code), "{url}");
    }
    // A name that leads inside is found out when it is resolved.
    let (id, _) = endpoint(&door, &admin, json!({"url": "http://localhost:1/", "events": ["webhook.test"]})).await;
    door.ok("POST", &format!("/v1/webhooks/{id}/test"), &admin, None).await;
    let failed = delivery(&door, &admin, &id, |found| !found["attempts"].as_array().unwrap().is_empty()).await;
    assert!(failed["attempts"][0]["error"].is_string(), "{failed}");
    // Only administrators configure endpoints, and another account's are unknown.
    let ben = door.agent("ben").await.unwrap();
    assert_eq!(door.call("GET", "/v1/webhooks", Some(&ben), None).await.unwrap().0, 403);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_endpoint_holds_up_no_other() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    // It takes connections and never answers.
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", deaf.local_addr().unwrap());
    endpoint(&door, &admin, json!({"url": url, "events": ["*"]})).await;
    let company = Receiver::start().await;
    endpoint(&door, &admin, json!({"url": company.url(), "events": ["message.created"]})).await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("1").await;
    for text in ["2", "3", "4", "5"] {
        visitor.say(&conversation, text).await;
    }
    let begun = std::time::Instant::now();
    for text in ["1", "2", "3", "4", "5"] {
        assert_eq!(company.next().await.event()["data"]["entry"]["content"]["text"], text);
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "less than the slow one's first time-out");
    drop(deaf);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordered_endpoint_gets_nothing_before_what_came_before_it() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    let body = json!({"url": company.url(), "events": ["message.created"], "ordered": true});
    let (id, _) = endpoint(&door, &admin, body).await;
    company.will_answer(StatusCode::SERVICE_UNAVAILABLE);
    let (visitor, other) = (world.visitor().await, world.visitor().await);
    let conversation = visitor.begin("1").await;
    for text in ["2", "3"] {
        visitor.say(&conversation, text).await;
    }
    let text = |came: &deskwire_tests::receiver::Came| {
        came.event()["data"]["entry"]["content"]["text"].as_str().unwrap().to_owned()
    };
    assert_eq!(text(&company.next().await), "1", "and is refused");
    // Another conversation does not wait for this one.
    other.begin("elsewhere").await;
    let mut came = vec![];
    while came.len() < 4 {
        came.push(text(&company.next().await));
    }
    assert_eq!(came, ["elsewhere", "1", "2", "3"]);
    let change = json!({"ordered": false});
    let (status, problem) =
        door.call("PATCH", &format!("/v1/webhooks/{id}"), Some(&admin), Some(change)).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_field")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_is_pressed_is_an_event() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    endpoint(&door, &admin, json!({"url": company.url(), "events": ["postback.*"]})).await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("Where is my order?").await;
    anna.entry("assigned").await;
    let card = json!({"kind": "card", "title": "Order A1", "buttons": [
        {"label": "Cancel it", "postback": "cancel A1"}, {"label": "See it", "url": "https://shop.example/A1"}]});
    let sent = anna
        .ok(json!({"action": "send", "conversation": conversation, "after": 2, "client_id": "card", "content": card}))
        .await;
    let card_seq = sent.seq.unwrap();
    visitor.until(&conversation, card_seq).await;
    let press = |value: &str, card: u64| {
        json!({"action": "postback", "conversation": conversation, "after": card_seq,
        "client_id": "press", "card": card, "value": value})
    };
    assert_eq!(visitor.refused(press("delete everything", card_seq)).await, "invalid_field");
    assert_eq!(visitor.refused(press("cancel A1", 2)).await, "not_found");
    assert_eq!(visitor.refused(press("cancel A1", 99)).await, "not_found");
    let stranger = world.visitor().await;
    assert_eq!(stranger.refused(press("cancel A1", card_seq)).await, "not_found");
    let pressed = visitor.ok(press("cancel A1", card_seq)).await;
    assert_eq!(visitor.ok(press("cancel A1", card_seq)).await.seq, pressed.seq, "a resend is the same");
    let event = company.next_of("postback.received").await.event();
    let entry = &event["data"]["entry"];
    assert_eq!(
        (&entry["value"], &entry["label"], &entry["card"]),
        (&json!("cancel A1"), &json!("Cancel it"), &json!(card_seq))
    );
    assert_eq!(entry["by"]["kind"], "visitor");
    // A visitor cannot make a card up.
    let made_up = json!({"action": "send", "conversation": conversation, "after": card_seq, "client_id": "made-up", "content": card});
    assert_eq!(visitor.refused(made_up).await, "forbidden");
    // An agent's card is nobody else's, and its buttons are for agents.
    let note =
        json!({"action": "note", "conversation": conversation, "after": card_seq, "client_id": "n", "content": card});
    let note_seq = anna.ok(note).await.seq.unwrap();
    assert_eq!(visitor.refused(press("cancel A1", note_seq)).await, "not_found");
    let mut by_agent = press("cancel A1", note_seq);
    by_agent["client_id"] = "by-agent".into();
    anna.ok(by_agent).await;
    let event = company.next_of("postback.received").await.event();
    assert_eq!(
        (&event["data"]["entry"]["internal"], &event["data"]["entry"]["by"]["kind"]),
        (&json!(true), &json!("agent"))
    );
    visitor.catch_up(&conversation).await;
    assert!(visitor.log(&conversation).last().unwrap().visible().is_none(), "a bare seq");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_is_an_event_and_every_event_names_its_schema() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let company = Receiver::start().await;
    endpoint(&door, &admin, json!({"url": company.url(), "events": ["csat.submitted"]})).await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    anna.entry("assigned").await;
    let rate = |score| json!({"action": "rate", "conversation": conversation, "after": 2, "client_id": format!("r{score}"), "score": score, "comment": "谢谢"});
    assert_eq!(visitor.refused(rate(6)).await, "invalid_field");
    assert_eq!(anna.refused(rate(5)).await, "forbidden");
    visitor.ok(rate(5)).await;
    let event = company.next_of("csat.submitted").await.event();
    assert_eq!((&event["data"]["entry"]["score"], &event["data"]["entry"]["comment"]), (&json!(5), &json!("谢谢")));
    let schema = door.ok("GET", "/schemas/csat.submitted.json", &admin, None).await;
    assert_eq!(schema["properties"]["type"]["const"], "csat.submitted");
    world.gateway.stop().await;
}
