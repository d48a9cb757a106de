//! Stories of the content filter: words are masked, held for a review or refused, in both directions.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_tests::World;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, read from top to bottom")]
async fn words_are_masked_held_and_refused_in_both_directions() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    for (name, action, list) in [
        ("abuse", "mask", json!(["damn", "傻瓜"])),
        ("contact", "hold", json!(["加微信", "whatsapp me"])),
        ("fraud", "refuse", json!(["casino", "赌博"])),
    ] {
        let list = json!({"name": name, "category": name, "action": action, "words": list});
        door.ok("PUT", &format!("/v1/word-lists/{name}"), &admin, Some(list)).await;
    }
    let anna = world.agent("anna").await;
    let visitor = world.visitor().await;
    let conversation = visitor.begin("That d.a.m.n lamp, 傻 瓜!").await;
    anna.entry("assigned").await;
    anna.until(&conversation, 2).await;
    assert_eq!(anna.texts(&conversation), ["That *.*.*.* lamp, * *!"]);
    // Refused: nothing is stored, and the text is the sender's to change.
    let send = |client_id: &str, text: &str| {
        json!({"action": "send", "conversation": conversation, "after": visitor.seen(&conversation),
               "client_id": client_id, "content": {"kind": "text", "text": text}})
    };
    assert_eq!(visitor.refused(send("r", "play at our CАSINO")).await, "content_refused");
    // Held: its author sees it, the other side a bare seq, and again has no second effect.
    let frame = send("h", "please whatsapp me");
    let held = visitor.ok(frame.clone()).await;
    assert_eq!(visitor.ok(frame).await.seq, held.seq);
    anna.until(&conversation, held.seq.unwrap()).await;
    assert_eq!(visitor.log(&conversation).last().unwrap().visible().unwrap().event.kind(), "held");
    assert_eq!(visitor.texts(&conversation).len(), 1);
    let waiting = loop {
        let waiting = door.ok("GET", "/v1/held", &admin, None).await;
        if !waiting["data"].as_array().unwrap().is_empty() {
            break waiting;
        }
        tokio::time::sleep(std::time::Duration::from_millis(30)).await;
    };
    assert_eq!(waiting["data"][0]["category"], "contact");
    let review = json!({"action": "review", "conversation": conversation, "entry": held.seq, "release": true});
    assert_eq!(visitor.refused(review.clone()).await, "forbidden");
    let ben = world.agent("ben").await;
    assert_eq!(ben.refused(review.clone()).await, "forbidden", "supervisors only");
    anna.ok(review.clone()).await;
    assert_eq!(anna.refused(review).await, "conflict");
    let said = visitor.entry("reviewed").await;
    assert_eq!(
        (said["released"].as_bool(), said["content"]["text"].as_str()),
        (Some(true), Some("please whatsapp me"))
    );
    // What a visitor says with a score as well: it is refused, or the score comes without it.
    let rate = |client_id: &str, comment: &str| {
        json!({"action": "rate", "conversation": conversation, "after": visitor.seen(&conversation),
               "client_id": client_id, "score": 4, "comment": comment})
    };
    assert_eq!(visitor.refused(rate("s1", "best ca-sino in town")).await, "content_refused");
    visitor.ok(rate("s2", "whatsappme about it")).await;
    let rated = anna.entry("rated").await;
    assert_eq!((rated["score"].as_u64(), rated.get("comment")), (Some(4), None), "{rated}");
    // The company's own words too.
    let seen = anna.seen(&conversation);
    let reply = json!({"action": "send", "conversation": conversation, "after": seen, "client_id": "a",
                       "content": {"kind": "text", "text": "加 微 信 吧"}});
    let held = anna.ok(reply).await;
    visitor.until(&conversation, held.seq.unwrap()).await;
    assert!(visitor.log(&conversation).last().unwrap().visible().is_none(), "the visitor sees a bare seq");
    // Without the list the words pass.
    door.call("DELETE", "/v1/word-lists/fraud", Some(&admin), None).await.unwrap();
    let deadline = tokio::time::Instant::now() + deskwire_tests::client::DEADLINE;
    while visitor.ask(send("r", "play at our casino")).await.unwrap().is_err() {
        assert!(tokio::time::Instant::now() < deadline, "the list is gone");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_review_at_once_one_decides() {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let list = json!({"name": "contact", "category": "contact", "action": "hold", "words": ["whatsapp"]});
    door.ok("PUT", "/v1/word-lists/contact", &admin, Some(list)).await;
    let visitor = world.visitor().await;
    for round in 0..5 {
        let client_id = format!("h{round}");
        let begun =
            json!({"action": "send", "client_id": client_id, "content": {"kind": "text", "text": "whatsapp me"}});
        let held = visitor.ok(begun).await;
        let path = format!("/v1/conversations/{}/actions", held.conversation.unwrap());
        let review = |release: bool| {
            let body = json!({"action": "review", "entry": held.seq, "release": release});
            let (door, admin, path) = (door.clone(), admin.clone(), path.clone());
            async move { door.call("POST", &path, Some(&admin), Some(body)).await.unwrap() }
        };
        let (one, other) = tokio::join!(review(true), review(false));
        let mut statuses = [one.0, other.0];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{one:?} {other:?}");
    }
}
