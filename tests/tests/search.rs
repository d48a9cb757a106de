//! Stories of searching: conversations and contacts by what is known of them, in Chinese and English, page by page.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeSet, time::Duration};

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_domain::ConversationId;
use deskwire_tests::{Client, World, client::DEADLINE};
use serde_json::{Value, json};

/// A visitor whom the company's sign-on vouches for, and their conversation.
async fn person(world: &World, claims: Value, text: &str) -> (Client, ConversationId, String) {
    let door = world.door();
    let token = company_token(&door.secret, SubjectKind::Visitor, &claims).unwrap();
    let token = door.exchange(&token).await.unwrap();
    let client = door.connect(&token.access_token).await.unwrap();
    let conversation = client.begin(text).await;
    (client, conversation, token.subject)
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Every row that a search finds, page by page; each page within its limit.
async fn all(world: &World, token: &str, path: &str, (q, limit): (&str, usize)) -> Vec<Value> {
    let (mut found, mut cursor) = (vec![], String::new());
    for _ in 0..200 {
        let joined = if path.contains('?') { '&' } else { '?' };
        let address = format!("{path}{joined}q={}&limit={limit}{cursor}", encoded(q));
        let page = world.door().ok("GET", &address, token, None).await;
        let rows = page["data"].as_array().unwrap().clone();
        assert!(rows.len() <= limit, "{address}: {}", rows.len());
        found.extend(rows);
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
    panic!("{path} {q}: no end");
}

async fn conversations(world: &World, token: &str, path: &str, q: &str) -> BTreeSet<String> {
    let rows = all(world, token, path, (q, 2)).await;
    rows.iter().map(|row| row["conversation"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, read from top to bottom")]
async fn an_agent_finds_conversations_by_what_is_known_of_them() {
    let world = World::memory().await;
    let anna = world.agent("anna").await;
    let token = world.door().agent("anna").await.unwrap();
    let ada = json!({"sub": "cust-1001", "name": "Ada Lovelace", "email": "ada@engine.example"});
    let (_a, of_ada, contact) = person(&world, ada, "Where is my order A1001?").await;
    let (_l, of_lilei, _) = person(&world, json!({"sub": "cust-1002", "name": "李雷"}), "我的订单还没到").await;
    let (_e, of_eve, _) = person(&world, json!({"sub": "cust-1003", "name": "Eve"}), "Ada told me to write").await;
    let path = format!("/v1/contacts/{contact}");
    let more = json!({"phone": "+49 (170) 123-4567", "add_tags": ["Wholesale"]});
    world.door().ok("PATCH", &path, &token, Some(more)).await;
    anna.ok(json!({"action": "label", "conversation": of_lilei, "add": ["退款"]})).await;
    let label = conversations(&world, &token, "/v1/conversations", "退款");
    let deadline = tokio::time::Instant::now() + DEADLINE;
    if label.await.is_empty() {
        // The projection is a little behind.
        while conversations(&world, &token, "/v1/conversations", "退款").await.is_empty() {
            assert!(tokio::time::Instant::now() < deadline, "the label is in the list");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }
    let (ada, lilei, eve) = (of_ada.as_str(), of_lilei.as_str(), of_eve.as_str());
    let cases: &[(&str, &[&str])] = &[
        ("ada", &[ada, eve]),
        ("LOVELACE", &[ada]),
        ("ada order", &[ada]),
        ("ada wholesale a1001", &[ada]),
        ("engine.example", &[ada]),
        ("170 1234567", &[ada]),
        ("订单", &[lilei]),
        ("李雷 退款", &[lilei]),
        ("李雷 order", &[]),
        ("cust-100", &[ada, lilei, eve]),
        ("ＥＶＥ", &[eve]),
        // Found directly.
        ("ada@engine.example", &[ada]),
        ("cust-1003", &[eve]),
        (lilei, &[lilei]),
        (contact.as_str(), &[ada]),
        ("cnv_unknown", &[]),
    ];
    for (q, wanted) in cases {
        let found = conversations(&world, &token, "/v1/conversations", q).await;
        assert_eq!(found, wanted.iter().map(|id| (*id).to_owned()).collect(), "{q}");
    }
    // With other conditions; and a closed one where it is asked for, or named.
    anna.ok(json!({"action": "close", "conversation": of_ada})).await;
    let closed = "/v1/conversations?status=closed";
    while conversations(&world, &token, closed, "ada").await.is_empty() {
        assert!(tokio::time::Instant::now() < deadline, "it is in the list of closed ones");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let only = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(conversations(&world, &token, "/v1/conversations", "ada").await, only(&[eve]));
    assert_eq!(conversations(&world, &token, "/v1/conversations", ada).await, only(&[ada]));
    assert_eq!(conversations(&world, &token, "/v1/conversations?status=active", ada).await, only(&[]));
    assert_eq!(
        conversations(&world, &token, "/v1/conversations?assignee=me&label=%E9%80%80%E6%AC%BE", "李").await,
        only(&[lilei])
    );
    // It is for agents, and within its bounds.
    let visitor = world.door().anonymous().await.unwrap().access_token;
    for (who, q, status) in [(&visitor, "ada", 403), (&token, "", 400), (&token, &"x".repeat(101), 400)] {
        let address = format!("/v1/conversations?q={q}");
        assert_eq!(world.door().call("GET", &address, Some(who), None).await.unwrap().0, status, "{q}");
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn contacts_are_found_newest_first_and_page_by_page() {
    let world = World::memory().await;
    let (door, token) = (world.door(), world.door().agent("anna").await.unwrap());
    let mut ids = vec![];
    for number in 0..620 {
        // One in 40 is looked for: the others only lie between, more of them than one page looks at.
        let name = if number % 40 == 0 { format!("王芳 {number}") } else { format!("Somebody {number}") };
        let email = format!("person{number}@shop.example");
        let made = door.ok("POST", "/v1/contacts", &token, Some(json!({"name": name, "email": email}))).await;
        if number % 40 == 0 {
            ids.insert(0, made["id"].clone());
        }
    }
    for limit in [1, 3, 100] {
        let found = all(&world, &token, "/v1/contacts", ("王芳", limit)).await;
        let found: Vec<Value> = found.iter().map(|contact| contact["id"].clone()).collect();
        assert_eq!(found, ids, "each once, the newest first, {limit} a page");
    }
    // An address names one; it comes first, and the others that hold it follow.
    let path = format!("/v1/contacts/{}", ids[3].as_str().unwrap());
    door.ok("PATCH", &path, &token, Some(json!({"email": "person1@shop.example.net"}))).await;
    let deadline = tokio::time::Instant::now() + DEADLINE;
    let both = ["person1@shop.example", "person1@shop.example.net"];
    loop {
        let found = all(&world, &token, "/v1/contacts", ("person1@shop.example", 1)).await;
        let emails: Vec<_> = found.iter().map(|contact| contact["email"].as_str().unwrap().to_owned()).collect();
        if emails == both {
            break;
        }
        assert!(tokio::time::Instant::now() < deadline, "{emails:?}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    let by_id = all(&world, &token, "/v1/contacts", (ids[0].as_str().unwrap(), 10)).await;
    assert_eq!(by_id.len(), 1);
    assert_eq!(all(&world, &token, "/v1/contacts", ("nobody at all", 10)).await, Vec::<Value>::new());
    let (status, problem) = door.call("GET", "/v1/contacts?q=a&cursor=nonsense", Some(&token), None).await.unwrap();
    assert_eq!((status, &problem["code"]), (400, &json!("invalid_cursor")));
    world.gateway.stop().await;
}
