//! Whole stories: a visitor and agents talk.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_tests::{World, dialogues, world::TEAM};
use futures::future::join_all;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_and_an_agent_talk() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("你好").await;
    let assigned = visitor.entry("assigned").await;
    assert_eq!((&assigned["name"], &assigned["reason"]), (&json!("Anna"), &json!("routing")));
    anna.entry("assigned").await;
    anna.catch_up(&conversation).await;
    let said = anna.say(&conversation, "Hello, how can I help?").await;
    visitor.until(&conversation, said.seq.unwrap()).await;
    let answered = visitor.say(&conversation, "我的订单在哪里？").await;
    anna.until(&conversation, answered.seq.unwrap()).await;
    let texts = ["你好", "Hello, how can I help?", "我的订单在哪里？"];
    assert_eq!(
        (visitor.texts(&conversation), anna.texts(&conversation)),
        (texts.map(str::to_owned).into(), texts.map(str::to_owned).into())
    );
    world.gateway.stop().await;
}

fn id_of(agents: &Value, external: &str) -> Value {
    let found = agents["data"].as_array().unwrap().iter().find(|agent| agent["external_id"] == external);
    found.unwrap()["id"].clone()
}

/// 500 dialogues that people wrote, each side on its own socket, many at once: every text again, in order, on both
/// sides, and after a restart.
#[tokio::test(flavor = "multi_thread")]
async fn real_dialogues_are_found_again_in_order_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = World::disk(folder.path().into()).await;
    // As processes the functions run two at a time each, on the same two cores: a part of the dialogues is enough.
    let most = if std::env::var_os("DESKWIRE_TEST_PROCESSES").is_some() { 50 } else { 500 };
    let dialogues = dialogues::load(most);
    let agents = world.hire(25).await;
    let admin = world.door().agent("anna").await.unwrap();
    let page = world.door().ok("GET", "/v1/agents", &admin, None).await;
    let ids: Vec<_> = (0..agents.len()).map(|n| id_of(&page, &format!("agent-{n}"))).collect();
    let mut told = vec![];
    // 100 at a time: as many as such a team has open on a busy morning.
    for batch in dialogues.chunks(100) {
        let talks = batch.iter().map(|dialogue| async {
            let visitor = world.visitor().await;
            let conversation = visitor.begin(&dialogue.messages[0].text).await;
            let assigned = visitor.entry("assigned").await;
            let agent = &agents[ids.iter().position(|id| assigned["agent"] == *id).unwrap()];
            agent.catch_up(&conversation).await;
            for turn in &dialogue.messages[1..] {
                let (from, to) = if turn.role == "visitor" { (&visitor, agent) } else { (agent, &visitor) };
                let said = from.say(&conversation, &turn.text).await;
                to.until(&conversation, said.seq.unwrap()).await;
            }
            agent.ok(json!({"action": "close", "conversation": conversation})).await;
            let texts: Vec<_> = dialogue.messages.iter().map(|turn| turn.text.clone()).collect();
            assert_eq!(visitor.texts(&conversation), texts);
            assert_eq!(agent.texts(&conversation), texts);
            (conversation, texts)
        });
        told.extend(join_all(talks).await);
    }
    world.gateway.stop().await;
    let world = World::disk(folder.path().into()).await;
    let anna = world.agent("anna").await;
    for (conversation, texts) in &told {
        anna.catch_up(conversation).await;
        assert_eq!(anna.texts(conversation), *texts);
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_is_resumed_and_a_resend_has_no_second_effect() {
    let world = World::memory().await;
    let (anna, door) = (world.agent("anna").await, world.door());
    let token = door.anonymous().await.unwrap();
    let visitor = door.connect(&token.access_token).await.unwrap();
    let conversation = visitor.begin("first").await;
    anna.entry("assigned").await;
    anna.catch_up(&conversation).await;
    visitor.until(&conversation, 3).await;
    let frame = json!({"action": "send", "conversation": conversation, "after": 3, "client_id": "same", "content": {"kind": "text", "text": "once"}});
    let first = visitor.ok(frame.clone()).await;
    drop(visitor);
    anna.until(&conversation, 4).await;
    anna.say(&conversation, "missed").await;
    let again = door.connect(&token.access_token).await.unwrap();
    let hello = again.ok(json!({"action": "hello", "cursors": {conversation.as_str(): 3}})).await;
    let resumed = &hello.welcome.unwrap().conversations[0];
    assert_eq!((resumed.head, resumed.entries.len()), (5, 2));
    let second = again.ok(frame).await;
    assert_eq!((first.seq, second.seq), (Some(4), Some(4)));
    again.catch_up(&conversation).await;
    assert_eq!(again.texts(&conversation), ["first", "once", "missed"]);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_words_sent_twice_begin_one_conversation() {
    let world = World::memory().await;
    let door = world.door();
    let token = door.anonymous().await.unwrap();
    let (one, two) =
        (door.connect(&token.access_token).await.unwrap(), door.connect(&token.access_token).await.unwrap());
    let hello = || json!({"action": "send", "client_id": "c1", "content": {"kind": "text", "text": "hi"}});
    let acks = futures::join!(one.ok(hello()), two.ok(hello()), one.ok(hello()), two.ok(hello()));
    let all = [acks.0, acks.1, acks.2, acks.3];
    assert!(all.iter().all(|ack| ack.conversation == all[0].conversation && ack.seq == Some(2)), "{all:?}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_accept_at_once_and_one_wins() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    door.ok("PATCH", &format!("/v1/teams/{TEAM}"), &admin, Some(json!({"auto_assign": false}))).await;
    let (anna, ben) = (world.agent("anna").await, world.agent("ben").await);
    for _ in 0..10 {
        let visitor = world.visitor().await;
        let conversation = visitor.begin("who takes me?").await;
        let accept = || json!({"action": "accept", "conversation": conversation});
        let (a, b) = futures::join!(anna.ask(accept()), ben.ask(accept()));
        let (a, b) = (a.unwrap(), b.unwrap());
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
        let refusal = a.err().or(b.err()).unwrap();
        assert_eq!(refusal.code.as_str(), "already_assigned");
        let assigned = visitor.entry("assigned").await;
        assert_eq!(assigned["reason"], "accept");
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_accepted_declined_or_falls_back() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("hi").await;
    anna.entry("assigned").await;
    let to = |who: &str| json!({"action": "transfer", "conversation": conversation, "to": {"agent": who}, "seconds": 1, "note": "knows more"});
    assert_eq!(anna.refused(to("agt_ben")).await, "agent_unavailable");
    assert_eq!(anna.refused(to("agt_nobody")).await, "not_found");
    let ben = world.agent("ben").await;
    anna.ok(to("agt_ben")).await;
    ben.entry("transfer_requested").await;
    ben.ok(json!({"action": "decline", "conversation": conversation})).await;
    assert_eq!(anna.entry("transfer_ended").await["outcome"], "declined");
    anna.ok(to("agt_ben")).await;
    assert_eq!(anna.entry("transfer_ended").await["outcome"], "timed_out");
    anna.ok(to("agt_ben")).await;
    let taken = ben.ok(json!({"action": "accept", "conversation": conversation})).await;
    assert_eq!(taken.state.unwrap().status().as_str(), "active");
    let late =
        ben.ok(json!({"action": "transfer", "conversation": conversation, "to": {"team": TEAM}, "seconds": 60})).await;
    // To a team: routing finds somebody else in it.
    assert_eq!(late.state.unwrap().status().as_str(), "transferring");
    let back = anna
        .pushed("anna's again", |frame| frame["entry"]["type"] == "assigned" && frame["entry"]["agent"] == "agt_anna")
        .await;
    assert_eq!(back["entry"]["state"]["assignee"], "agt_anna");
    ben.catch_up(&conversation).await;
    let frame = json!({"action": "send", "conversation": conversation, "after": ben.seen(&conversation), "client_id": "x", "content": {"kind": "text", "text": "mine?"}});
    assert_eq!(ben.refused(frame).await, "not_assignee");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_cards_are_messages_and_a_file_that_nobody_announced_is_none() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("look").await;
    anna.entry("assigned").await;
    anna.catch_up(&conversation).await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let announced = json!({"name": "shoe.png", "media_type": "image/png", "size": 4});
    let file = door.ok("POST", "/v1/attachments", &admin, Some(announced)).await;
    let send = |content: Value| {
        json!({
            "action": "send", "conversation": conversation, "after": anna.seen(&conversation),
            "client_id": ulid::Ulid::generate().to_string(), "content": content,
        })
    };
    let image =
        json!({"kind": "image", "attachment": file["id"], "name": "shoe.png", "media_type": "image/png", "size": 4});
    let card = json!({
        "kind": "card", "title": "Order A-1", "picture": "https://shop.example/a.png",
        "fields": [{"name": "Status", "value": "shipped"}],
        "buttons": [{"label": "Track", "url": "https://shop.example/t"}, {"label": "Refund", "postback": "refund:A-1"}],
    });
    for content in [&image, &card] {
        let ack = anna.ok(send(content.clone())).await;
        visitor.until(&conversation, ack.seq.unwrap()).await;
        let entry = serde_json::to_value(visitor.log(&conversation).last().unwrap()).unwrap();
        assert_eq!(&entry["content"], content);
    }
    let mut nobodys = image.clone();
    nobodys["attachment"] = "att_nobodys".into();
    assert_eq!(anna.refused(send(nobodys)).await, "not_found");
    let mut other = image.clone();
    other["media_type"] = "text/html".into();
    assert_eq!(anna.refused(send(other)).await, "attachment_mismatch");
    for button in [json!({"label": "x", "url": "javascript:alert(1)"}), json!({"label": "x"})] {
        let mut bad = card.clone();
        bad["buttons"] = json!([button]);
        assert_eq!(anna.refused(send(bad)).await, "invalid_field");
    }
    world.gateway.stop().await;
}
