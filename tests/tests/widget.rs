//! What the browser parts need: what is known before anybody signs in, what a visitor says of themselves, who is
//! called by a note, and whether a message has arrived.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_tests::{
    World,
    bot::{answer, words},
};
use serde_json::{Value, json};

async fn config(world: &World, query: &str) -> (u16, Value) {
    let url = format!("{}/v1/widget?{query}", world.door().base);
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn form() -> Value {
    json!([
        {"key": "email", "label": {"en": "Your e-mail", "zh": "您的邮箱"}, "kind": "email", "required": true},
        {"key": "topic", "label": {"en": "About"}, "kind": "choice", "required": false,
            "choices": ["Order", "Refund"]},
    ])
}

#[tokio::test]
async fn a_page_knows_the_widget_before_anybody_is_known() {
    let world = World::memory().await;
    let (status, plain) = config(&world, "account=acc_demo").await;
    assert_eq!(status, 200);
    assert_eq!(
        (&plain["inbox"]["id"], &plain["open"], &plain["online"]),
        (&json!("inb_web"), &json!(true), &json!(false))
    );
    assert!(plain["settings"]["csat"].as_bool().unwrap());
    assert_eq!(config(&world, "account=acc_nobody").await.0, 404);
    assert_eq!(config(&world, "account=acc_demo&inbox=inb_none").await.0, 404);
    assert_eq!(config(&world, "account=nonsense").await.0, 404);

    let admin = world.door().agent("anna").await.unwrap();
    let closed = json!({"time_zone": "UTC", "week": [], "holidays": [{"from": "2020-01-01", "to": "2020-12-31"}],
        "open_days": []});
    let settings = json!({"greeting": {"en": "Hi", "zh": "您好"}, "colour": "#1a73e8", "pre_chat": form()});
    let change = json!({"widget": settings, "hours": closed});
    let inbox = world.door().ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(change)).await;
    assert_eq!((&inbox["widget"]["pre_chat"], &inbox["widget"]["csat"]), (&form(), &json!(true)));
    // Null takes the hours away, what is left out stays.
    let inbox = world.door().ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(json!({"hours": null}))).await;
    assert_eq!((&inbox["hours"], &inbox["widget"]["colour"]), (&Value::Null, &json!("#1a73e8")));

    for (bad, why) in [
        (json!({"colour": "red"}), "colour"),
        (json!({"greeting": {"english": "x", "": "y"}}), "greeting"),
        (json!({"pre_chat": [{"key": "a", "label": {"en": "A"}}, {"key": "a", "label": {"en": "A"}}]}), "twice"),
        (json!({"pre_chat": [{"key": "a", "label": {"en": "A"}, "kind": "choice"}]}), "choices"),
        (json!({"pre_chat": [{"key": "a", "label": {}}]}), "label"),
    ] {
        let (status, problem) = world
            .door()
            .call("PATCH", "/v1/inboxes/inb_web", Some(&admin), Some(json!({"widget": bad})))
            .await
            .unwrap();
        assert_eq!(status, 400, "{problem}");
        assert!(problem["detail"].as_str().unwrap().contains(why), "{problem}");
    }
    world.gateway.stop().await;
}

#[tokio::test]
async fn an_inbox_is_closed_outside_its_hours_and_says_when_it_opens() {
    let world = World::memory().await;
    let admin = world.door().agent("anna").await.unwrap();
    let tomorrow = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date().tomorrow().unwrap();
    let later = tomorrow.tomorrow().unwrap();
    // Today and tomorrow are holidays, so that midnight may pass while this runs.
    let yesterday = tomorrow.yesterday().unwrap();
    let days: Vec<&str> = vec!["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let hours = json!({"time_zone": "UTC", "week": [{"days": days, "from": "09:00", "to": "17:00"}],
        "holidays": [{"from": yesterday, "to": tomorrow}]});
    world.door().ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(json!({"hours": hours}))).await;
    let (_, config) = config(&world, "account=acc_demo").await;
    assert_eq!(config["open"], false);
    assert_eq!(config["opens_at"], json!(format!("{later}T09:00:00Z")));
    world.gateway.stop().await;
}

#[tokio::test]
async fn an_inboxs_own_hours_are_the_ai_agents_too() {
    let world = World::memory().await;
    let admin = world.door().agent("anna").await.unwrap();
    let today = jiff::Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
    let closed = json!({"time_zone": "UTC", "holidays": [{"from": today, "to": today.tomorrow().unwrap()}]});
    let change = json!({"bot": true, "hours": closed});
    world.door().ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(change)).await;
    let visitor = world.visitor().await;
    visitor.begin("human please").await;
    let said = answer(&visitor).await;
    assert!(words(&said).contains("we are back at"), "{said}");
    world.gateway.stop().await;
}

#[tokio::test]
async fn somebody_is_there_once_an_agent_is() {
    let world = World::memory().await;
    let _ben = world.agent("ben").await;
    let (_, config) = config(&world, "account=acc_demo&inbox=inb_web").await;
    assert_eq!(config["online"], true);
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_visitor_says_of_themselves_what_a_form_asks_for_and_nothing_else() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    door.ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(json!({"widget": {"pre_chat": form()}}))).await;
    let visitor = door.anonymous().await.unwrap();
    let (path, token) = (format!("/v1/contacts/{}", visitor.subject), visitor.access_token.as_str());
    let said = json!({"name": "Ada", "email": "ada@example.com", "attributes": {"topic": "Order"}});
    let contact = door.ok("PATCH", &path, token, Some(said)).await;
    assert_eq!((&contact["name"], &contact["attributes"]), (&json!("Ada"), &json!({"topic": "Order"})));
    assert_eq!(contact["verified"], false);
    for forbidden in [
        json!({"attributes": {"level": "vip"}}),
        json!({"add_tags": ["vip"]}),
        json!({"external_id": "cust-1"}),
        json!({"avatar": "https://x.example/a.png"}),
    ] {
        let (status, problem) = door.call("PATCH", &path, Some(token), Some(forbidden.clone())).await.unwrap();
        assert_eq!((status, &problem["code"]), (403, &json!("forbidden")), "{forbidden}");
    }
    // Somebody else is nobody.
    let other = door.anonymous().await.unwrap();
    let change = Some(json!({"name": "Eve"}));
    assert_eq!(door.call("PATCH", &path, Some(&other.access_token), change).await.unwrap().0, 404);
    let kept = door.ok("GET", &path, token, None).await;
    assert_eq!(kept["name"], "Ada");
    world.gateway.stop().await;
}

#[tokio::test]
async fn whom_the_company_vouches_for_says_only_what_it_leaves_open() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let form = json!({"widget": {"pre_chat": [{"key": "level", "label": {"en": "Level"}}]}});
    door.ok("PATCH", "/v1/inboxes/inb_web", &admin, Some(form)).await;
    let claims = json!({"sub": "cust-7", "name": "Ada", "level": "basic"});
    let token = door.exchange(&company_token(&door.secret, SubjectKind::Visitor, &claims).unwrap()).await.unwrap();
    let path = format!("/v1/contacts/{}", token.subject);
    for forbidden in [json!({"name": "Eve"}), json!({"attributes": {"level": "vip"}})] {
        let (status, _) = door.call("PATCH", &path, Some(&token.access_token), Some(forbidden)).await.unwrap();
        assert_eq!(status, 403);
    }
    let contact = door.ok("PATCH", &path, &token.access_token, Some(json!({"email": "ada@example.com"}))).await;
    assert_eq!((&contact["name"], &contact["email"]), (&json!("Ada"), &json!("ada@example.com")));
    world.gateway.stop().await;
}

#[tokio::test]
async fn visitors_know_an_agents_name_and_picture_and_no_more() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let picture = json!({"avatar": "https://shop.example/ben.png", "email": "ben@shop.example"});
    door.ok("PATCH", "/v1/agents/agt_ben", &admin, Some(picture)).await;
    let visitor = door.anonymous().await.unwrap();
    let profile = door.ok("GET", "/v1/agents/agt_ben/profile", &visitor.access_token, None).await;
    assert_eq!(profile, json!({"id": "agt_ben", "name": "Ben", "avatar": "https://shop.example/ben.png"}));
    assert_eq!(door.call("GET", "/v1/agents/agt_ben", Some(&visitor.access_token), None).await.unwrap().0, 403);
    world.gateway.stop().await;
}

#[tokio::test]
async fn the_console_learns_where_agents_sign_in_and_no_secret() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let login = json!({"label": "Shop", "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": "https://id.example/token", "client_id": "deskwire"});
    let issuer = json!({"issuer": "https://id.example", "audiences": ["deskwire"], "subject": "agent",
        "keys": {"type": "hs256", "secret": "0123456789abcdef0123456789abcdef"}, "login": login});
    door.ok("PATCH", "/v1/account", &admin, Some(json!({"sign_on": [issuer]}))).await;
    let options: Value =
        reqwest::get(format!("{}/v1/sign-on?account=acc_demo", door.base)).await.unwrap().json().await.unwrap();
    assert_eq!(options["logins"][0]["issuer"], "https://id.example");
    assert_eq!(options["logins"][0]["scope"], "openid profile email");
    assert!(!options.to_string().contains("0123456789abcdef"));
    world.gateway.stop().await;
}

#[tokio::test]
async fn a_note_calls_whom_it_mentions_wherever_they_are() {
    let world = World::memory().await;
    let (visitor, ben) = (world.visitor().await, world.agent("ben").await);
    let conversation = visitor.begin("hello").await;
    let anna = world.agent("anna").await;
    let note = |text: &str, mentions: Value| {
        json!({"action": "note", "conversation": conversation, "after": 1, "client_id": text, "text": text,
            "mentions": mentions})
    };
    assert_eq!(anna.refused(note("who?", json!(["agt_nobody"]))).await, "not_found");
    let ack = anna.ok(note("Ben, please look", json!(["agt_ben"]))).await;
    let called = ben.pushed("a mention", |frame| frame["type"] == "mention").await;
    assert_eq!((&called["text"], &called["seq"]), (&json!("Ben, please look"), &json!(ack.seq)));
    assert_eq!(called["by"]["id"], "agt_anna");
    world.gateway.stop().await;
}

#[tokio::test]
async fn an_ack_says_whether_the_other_side_has_it() {
    let world = World::memory().await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    // Nobody serves it yet.
    assert!(!visitor.say(&conversation, "anybody?").await.delivered);
    let ben = world.agent("ben").await;
    ben.entry("assigned").await;
    ben.catch_up(&conversation).await;
    assert!(ben.say(&conversation, "yes").await.delivered);
    visitor.catch_up(&conversation).await;
    assert!(visitor.say(&conversation, "good").await.delivered);
    // What only agents see has not arrived at the visitor.
    let note = json!({"action": "note", "conversation": conversation, "after": ben.seen(&conversation),
        "client_id": "n", "text": "nice"});
    assert!(!ben.ok(note).await.delivered);
    visitor.close().await;
    // A gone socket is found gone by the push.
    assert!(!ben.say(&conversation, "are you there?").await.delivered);
    world.gateway.stop().await;
}
