//! Stories of agents: presence, capacity, queues, lists, vanishing; and what visitors do not see.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_tests::{Client, World, world::TEAM};
use serde_json::{Value, json};

async fn capacity(agent: &Client, capacity: u32) {
    agent.ok(json!({"action": "presence", "capacity": capacity})).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_is_served_in_order_as_room_appears_and_tells_positions() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    capacity(&anna, 1).await;
    let (first, second, third) = (world.visitor().await, world.visitor().await, world.visitor().await);
    let a = first.begin("first").await;
    anna.entry("assigned").await;
    let b = second.begin("second").await;
    second.pushed("position 1", |frame| frame["type"] == "position" && frame["position"] == 1).await;
    let c = third.begin("third").await;
    third.pushed("position 2", |frame| frame["type"] == "position" && frame["position"] == 2).await;
    for (done, next, visitor) in [(&a, &b, &second), (&b, &c, &third)] {
        anna.ok(json!({"action": "close", "conversation": done})).await;
        let assigned = visitor.entry("assigned").await;
        assert_eq!(assigned["conversation"], json!(next));
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn capacity_holds_in_a_race_of_many() {
    let world = World::memory().await;
    let (anna, ben) = (world.agent("anna").await, world.agent("ben").await);
    capacity(&anna, 3).await;
    capacity(&ben, 2).await;
    let visitors = futures::future::join_all((0..12).map(|_| world.visitor())).await;
    futures::future::join_all(visitors.iter().map(|visitor| visitor.begin("me!"))).await;
    let admin = world.door().agent("anna").await.unwrap();
    let mut active = 0;
    let mut waiting = Value::Null;
    for _ in 0..200 {
        waiting = world.door().ok("GET", "/v1/conversations?status=queued", &admin, None).await;
        let page = world.door().ok("GET", "/v1/conversations?status=active", &admin, None).await;
        active = page["data"].as_array().unwrap().len();
        if active == 5 && waiting["data"].as_array().unwrap().len() == 7 {
            break;
        }
    }
    assert_eq!((active, waiting["data"].as_array().unwrap().len()), (5, 7));
    let load = |agent: &str| {
        let (door, admin, path) = (world.door(), admin.clone(), format!("/v1/agents/{agent}"));
        async move { door.ok("GET", &path, &admin, None).await["load"].as_u64().unwrap() }
    };
    assert_eq!((load("agt_anna").await, load("agt_ben").await), (3, 2));
    let taken = waiting["data"][0]["conversation"].clone();
    assert_eq!(ben.refused(json!({"action": "accept", "conversation": taken})).await, "at_capacity");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_are_for_agents_and_a_visitor_sees_a_bare_seq() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    anna.entry("assigned").await;
    anna.catch_up(&conversation).await;
    let note = anna.ok(json!({"action": "note", "conversation": conversation, "after": 3, "client_id": "n", "text": "a difficult one"})).await;
    anna.ok(json!({"action": "label", "conversation": conversation, "add": ["vip"]})).await;
    visitor.until(&conversation, 5).await;
    let log = visitor.log(&conversation);
    assert!(log[3].visible().is_none() && log[4].visible().is_none());
    assert!(!serde_json::to_string(&log).unwrap().contains("difficult"));
    assert!(!serde_json::to_string(&log).unwrap().contains("vip"));
    assert_eq!(note.seq, Some(4));
    assert_eq!(
        visitor
            .refused(
                json!({"action": "note", "conversation": conversation, "after": 5, "client_id": "n", "text": "me too"})
            )
            .await,
        "forbidden"
    );
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_receipts_and_presence_reach_the_others() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    anna.ok(json!({"action": "watch", "team": TEAM})).await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    anna.entry("assigned").await;
    visitor.entry("assigned").await;
    visitor.ok(json!({"action": "typing", "conversation": conversation, "on": true})).await;
    anna.pushed("typing", |frame| frame["type"] == "typing" && frame["on"] == true).await;
    anna.ok(json!({"action": "read", "conversation": conversation, "seq": 2})).await;
    let receipt = visitor.pushed("receipt", |frame| frame["type"] == "receipt").await;
    assert_eq!((&receipt["seq"], &receipt["by"]["id"]), (&json!(2), &json!("agt_anna")));
    assert_eq!(anna.refused(json!({"action": "read", "conversation": conversation, "seq": 99})).await, "invalid_field");
    let ben = world.agent("ben").await;
    anna.pushed("Ben's presence", |frame| {
        frame["type"] == "presence" && frame["agent"] == "agt_ben" && frame["status"] == "online"
    })
    .await;
    drop(ben);
    anna.pushed("Ben's absence", |frame| {
        frame["type"] == "presence" && frame["agent"] == "agt_ben" && frame["status"] == "offline"
    })
    .await;
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_stay_live_and_what_was_missed_comes_by_cursor() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let list = anna.ok(json!({"action": "watch", "team": TEAM})).await.list.unwrap();
    let visitor = world.visitor().await;
    let conversation = visitor.begin("look at me").await;
    let row =
        anna.pushed("the row", |frame| frame["type"] == "inbox" && frame["row"]["state"]["status"] == "active").await;
    assert_eq!(row["row"]["preview"], "look at me");
    anna.ok(json!({"action": "close", "conversation": conversation, "reason": "done"})).await;
    anna.pushed("the closed row", |frame| frame["type"] == "inbox" && frame["row"]["state"]["status"] == "closed")
        .await;
    let missed = anna.ok(json!({"action": "watch", "team": TEAM, "since": list.cursor})).await.list.unwrap();
    assert_eq!(missed.rows.iter().map(|row| row.conversation.clone()).collect::<Vec<_>>(), [conversation]);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn snooze_ends_by_time_or_by_the_visitor_and_closed_ones_reopen() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    anna.entry("assigned").await;
    let door = world.door();
    let now = anna.ok(json!({"action": "hello"})).await.welcome.unwrap().now;
    let soon = (now + std::time::Duration::from_secs(2)).to_string();
    anna.ok(json!({"action": "snooze", "conversation": conversation, "until": soon})).await;
    anna.entry("woken").await;
    assert_eq!(anna.entry("assigned").await["reason"], "return");
    let later = (now + std::time::Duration::from_secs(3_600)).to_string();
    anna.ok(json!({"action": "snooze", "conversation": conversation, "until": later})).await;
    visitor.catch_up(&conversation).await;
    visitor.say(&conversation, "still there?").await;
    anna.entry("woken").await;
    anna.ok(json!({"action": "close", "conversation": conversation})).await;
    visitor.catch_up(&conversation).await;
    visitor.say(&conversation, "one more thing").await;
    anna.entry("reopened").await;
    let token = door.agent("anna").await.unwrap();
    let read = door.ok("GET", &format!("/v1/conversations/{conversation}"), &token, None).await;
    assert_eq!((&read["state"]["status"], &read["state"]["assignee"]), (&json!("active"), &json!("agt_anna")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contacts_new_name_reaches_the_lists() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    anna.ok(json!({"action": "watch", "team": TEAM})).await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    let of_it = |frame: &Value| frame["type"] == "inbox" && frame["row"]["conversation"] == json!(conversation);
    let row = anna.pushed("its row", of_it).await["row"].clone();
    assert_eq!(row.get("contact_name"), None);
    let admin = world.door().agent("anna").await.unwrap();
    let path = format!("/v1/contacts/{}", row["contact"].as_str().unwrap());
    world.door().ok("PATCH", &path, &admin, Some(json!({"name": "王小明"}))).await;
    anna.pushed("the name", |frame| of_it(frame) && frame["row"]["contact_name"] == "王小明").await;
    // And it stays with what comes then.
    visitor.say(&conversation, "more").await;
    let more = anna.pushed("the preview", |frame| of_it(frame) && frame["row"]["preview"] == "more").await;
    assert_eq!(more["row"]["contact_name"], "王小明");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_in_the_queue_is_nobodys_until_it_is_accepted() {
    let world = World::memory().await;
    let admin = world.door().agent("anna").await.unwrap();
    world.door().ok("PATCH", "/v1/account", &admin, Some(json!({"grace_seconds": 3}))).await;
    let ben = world.agent("ben").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    assert_eq!(visitor.entry("assigned").await["agent"], "agt_ben");
    ben.ok(json!({"action": "presence", "status": "away"})).await;
    ben.close().await;
    visitor.entry("queued").await;
    // He comes back, still away: routing does not give it to him, and he does not have it any more.
    let token = world.door().agent("ben").await.unwrap();
    let ben = world.door().connect(&token).await.unwrap();
    ben.catch_up(&conversation).await;
    let send = json!({
        "action": "send", "conversation": conversation, "after": ben.seen(&conversation), "client_id": "b",
        "content": {"kind": "text", "text": "I am back"},
    });
    assert_eq!(ben.refused(send).await, "not_assignee");
    ben.ok(json!({"action": "accept", "conversation": conversation})).await;
    ben.say(&conversation, "I am back").await;
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_has_is_theirs_to_give_and_a_queue_is_its_teams() {
    let world = World::memory().await;
    let admin = world.door().agent("anna").await.unwrap();
    let (ben, carl) = (world.agent("ben").await, world.hire(1).await.remove(0));
    for agent in [&ben, &carl] {
        agent.ok(json!({"action": "presence", "status": "away"})).await;
    }
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hello").await;
    ben.ok(json!({"action": "accept", "conversation": conversation})).await;
    // Carl was slower, and has no other way to it.
    assert_eq!(carl.refused(json!({"action": "accept", "conversation": conversation})).await, "already_assigned");
    let agents = world.door().ok("GET", "/v1/agents", &admin, None).await;
    let carls =
        agents["data"].as_array().unwrap().iter().find(|agent| agent["name"] == "agent-0").unwrap()["id"].clone();
    let take = json!({"action": "assign", "conversation": conversation, "agent": carls});
    assert_eq!(carl.refused(take.clone()).await, "not_assignee");
    let soon = (jiff::Timestamp::now() + jiff::SignedDuration::from_mins(5)).to_string();
    ben.ok(json!({"action": "snooze", "conversation": conversation, "until": soon})).await;
    assert_eq!(carl.refused(json!({"action": "close", "conversation": conversation})).await, "not_assignee");
    ben.ok(json!({"action": "assign", "conversation": conversation, "agent": carls})).await;
    carl.ok(json!({"action": "close", "conversation": conversation})).await;
    // What waits for another team is not Ben's to take.
    let team = world.door().ok("POST", "/v1/teams", &admin, Some(json!({"name": "Returns"}))).await["id"].clone();
    let inbox = json!({"name": "Returns", "team": team});
    let inbox = world.door().ok("POST", "/v1/inboxes", &admin, Some(inbox)).await["id"].clone();
    let send = json!({"action": "send", "client_id": "r", "inbox": inbox, "content": {"kind": "text", "text": "back"}});
    let returned = visitor.ok(send).await.conversation.unwrap();
    assert_eq!(ben.refused(json!({"action": "accept", "conversation": returned})).await, "forbidden");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn visitors_list_their_own_without_what_is_the_companys_business() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let token = world.door().anonymous().await.unwrap().access_token;
    let visitor = world.door().connect(&token).await.unwrap();
    let conversation = visitor.begin("hello").await;
    anna.entry("assigned").await;
    anna.ok(json!({"action": "label", "conversation": conversation, "add": ["difficult"]})).await;
    let admin = world.door().agent("anna").await.unwrap();
    for _ in 0..200 {
        let seen = world.door().ok("GET", "/v1/conversations", &admin, None).await;
        if seen.to_string().contains("difficult") {
            break;
        }
    }
    let own = world.door().ok("GET", "/v1/conversations", &token, None).await;
    assert_eq!(own["data"][0]["conversation"], json!(conversation));
    assert!(!own.to_string().contains("difficult"), "{own}");
    let (status, _) = world.door().call("GET", "/v1/conversations?label=difficult", Some(&token), None).await.unwrap();
    assert_eq!(status, 403);
    let long = json!({"client_id": "x".repeat(10_000), "content": {"kind": "text", "text": "x"}});
    let (status, problem) = world.door().call("POST", "/v1/conversations", Some(&token), Some(long)).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_field")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_never_outgrows_a_message() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("long").await;
    anna.entry("assigned").await;
    anna.catch_up(&conversation).await;
    let behind = anna.seen(&conversation);
    for _ in 0..7 {
        visitor.say(&conversation, &"长".repeat(8_000)).await;
    }
    // Composed before any of it came: what was missed does not fit, and the rest is asked for.
    let ack = anna
        .ok(json!({
            "action": "send", "conversation": conversation, "after": behind, "client_id": "a",
            "content": {"kind": "text", "text": "one moment"},
        }))
        .await;
    assert!(ack.more && ack.entries.len() < 8, "{}", ack.entries.len());
    anna.until(&conversation, ack.seq.unwrap()).await;
    assert_eq!(anna.texts(&conversation).len(), 9);
    world.gateway.stop().await;
}
