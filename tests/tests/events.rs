//! Stories of inbound events: what happens at the company reaches agents and visitors, once, by its own rules.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Duration;

use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_domain::ConversationId;
use deskwire_tests::{
    Client, World,
    receiver::{DEADLINE, Receiver},
    sender::{Sender, event},
    world::Door,
};
use serde_json::{Value, json};

const RULES: &str = r#"
version: 1
queries:
  stock: {url: "{{ secret.stock }}/stock", slots: {count: $.count}}
rules:
  - name: shipped
    when: {type: shop.order.shipped}
    contact: {external_id: $.data.customer}
    do:
      - card:
          to: agents
          title: "Order {{ data.number }} has shipped"
          buttons: [{label: Refund, postback: "refund {{ data.number }}"}]
      - message: "Your order {{ data.number }} has shipped."
      - update_contact: {attributes: {last_order: "{{ data.number }}"}, add_tags: [buyer]}
      - label: {add: [shipped]}
      - notify: "{{ contact.name }} has got a parcel"
  - name: refund
    when: {type: shop.refund.*}
    contact: {external_id: $.data.customer, create: true}
    do:
      - open: {note: "Refund of {{ data.number }}?", labels: [ticket, refund]}
  - name: tags
    when: {type: crm.tags, source: "https://crm.*"}
    contact: {email: $.data.email}
    do:
      - set_tags: $.data.tags
  - name: row
    when: {type: debezium.customers.updated}
    contact: {external_id: $.data.after.id, create: true}
    do:
      - update_contact: {name: "{{ data.after.first_name }}"}
  - name: asked
    when: {type: shop.asked}
    contact: {external_id: $.data.customer}
    do:
      - query: {name: stock, as: stock}
      - message: "In stock: {{ stock.count or 'we ask' }}."
  - name: broken
    when: {type: shop.broken}
    contact: {external_id: $.data.customer}
    do:
      - message: "Hello {{ data.nothing.there }}"
      - message: "But this comes"
"#;

async fn put_rules(door: &Door, admin: &str, yaml: &str) -> (u16, Value) {
    let call = door.http.put(format!("{}/v1/rules", door.base)).bearer_auth(admin).body(yaml.to_owned());
    let answer = call.header("content-type", "application/yaml").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// What became of an event, as soon as it is over.
async fn done(door: &Door, admin: &str, id: &Value) -> Value {
    let deadline = tokio::time::Instant::now() + DEADLINE;
    loop {
        let (status, report) =
            door.call("GET", &format!("/v1/events/{}", id.as_str().unwrap()), Some(admin), None).await.unwrap();
        if status == 200 && report["status"] != "waiting" {
            return report;
        }
        assert!(tokio::time::Instant::now() < deadline, "{report}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    report["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| (s["step"].as_str().unwrap(), s["outcome"].as_str().unwrap()))
        .collect()
}

/// A shop with Anna on duty, and Ada, whom the shop's sign-on vouches for, in conversation with her.
struct Story {
    world: World,
    door: Door,
    admin: String,
    anna: Client,
    ada: Client,
    contact: String,
    conversation: ConversationId,
    shop: Sender,
}

async fn story() -> Story {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let (status, book) = put_rules(&door, &admin, RULES).await;
    assert_eq!((status, &book["rules"], &book["version"]), (200, &json!(6), &json!(1)));
    let anna = world.agent("anna").await;
    let claims = json!({"sub": "cust-1", "name": "Ada", "email": "Ada@Example.com"});
    let token = company_token(&door.secret, SubjectKind::Visitor, &claims).unwrap();
    let token = door.exchange(&token).await.unwrap();
    let ada = door.connect(&token.access_token).await.unwrap();
    let conversation = ada.begin("Where is my order?").await;
    anna.entry("assigned").await;
    let shop = Sender::join(&door, &admin).await;
    Story { contact: token.subject.clone(), world, door, admin, anna, ada, conversation, shop }
}

fn shipped(id: &str) -> Value {
    event(id, "shop.order.shipped", &json!({"customer": "cust-1", "number": "A1001"}))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_ships_and_everybody_knows_once() {
    let Story { world, door, admin, anna, ada, contact, conversation, shop } = story().await;
    let sent = shop.send(&shipped("1")).await;
    assert_eq!(sent["known"], false);
    // The visitor is told, and sees nothing of the card and the note but their place.
    let told = ada.entry("message").await;
    assert_eq!(
        (&told["content"]["text"], &told["by"]["kind"]),
        (&json!("Your order A1001 has shipped."), &json!("system"))
    );
    // The agent has a card with a button, what is known of the contact, and a notice.
    let card = anna.entry("note").await;
    assert_eq!((&card["content"]["kind"], &card["text"]), (&json!("card"), &json!("Order A1001 has shipped")));
    let notice = anna.pushed("a notice", |frame| frame["type"] == "notice").await;
    assert_eq!((&notice["text"], &notice["conversation"]), (&json!("Ada has got a parcel"), &json!(conversation)));
    let report = done(&door, &admin, &sent["id"]).await;
    let all = ["card", "message", "update_contact", "label", "notify"].map(|step| (step, "done"));
    assert_eq!((outcomes(&report), &report["status"]), (all.to_vec(), &json!("done")));
    let known = door.ok("GET", &format!("/v1/contacts/{contact}"), &admin, None).await;
    assert_eq!((&known["attributes"]["last_order"], &known["tags"]), (&json!("A1001"), &json!(["buyer"])));
    // The same again, in whatever mode: nothing more happens.
    let before = door.ok("GET", &format!("/v1/conversations/{conversation}"), &admin, None).await;
    assert_eq!(shop.send(&shipped("1")).await["known"], true);
    let now = jiff::Timestamp::now().as_second();
    let headers = [
        ("ce-specversion", "1.0"),
        ("ce-id", "1"),
        ("ce-source", "https://shop.example"),
        ("ce-type", "shop.order.shipped"),
    ];
    let (status, answer) = shop.post(("application/json", &headers), "{\"customer\":\"cust-1\"}", now).await;
    assert_eq!((status, &answer["known"], &answer["accepted"]), (202, &json!(1), &json!(0)));
    let batch = json!([shipped("1"), event("2", "shop.nothing", &json!({}))]).to_string();
    let (_, answer) = shop.post(("application/cloudevents-batch+json", &[]), &batch, now).await;
    assert_eq!((&answer["known"], &answer["accepted"]), (&json!(1), &json!(1)));
    let other = done(&door, &admin, &answer["events"][1]["id"]).await;
    assert_eq!((&other["status"], outcomes(&other)), (&json!("done"), vec![]));
    let after = door.ok("GET", &format!("/v1/conversations/{conversation}"), &admin, None).await;
    assert_eq!(before["head"], after["head"]);
    let list = door.ok("GET", "/v1/events", &admin, None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 2, "{list}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_somebody_claims_stays_its_owners() {
    let Story { world, door, admin, contact, shop, .. } = story().await;
    let eve = company_token(&door.secret, SubjectKind::Visitor, &json!({"sub": "eve"})).unwrap();
    let eve = door.exchange(&eve).await.unwrap();
    let path = format!("/v1/contacts/{}", eve.subject);
    let claimed = door.ok("PATCH", &path, &eve.access_token, Some(json!({"email": "ada@example.com"}))).await;
    assert_eq!(claimed["claimed"], json!(["email"]));
    let mut tagged = event("1", "crm.tags", &json!({"email": "ada@example.com", "tags": ["vip"]}));
    tagged["source"] = "https://crm.example".into();
    let sent = shop.send(&tagged).await;
    assert_eq!(done(&door, &admin, &sent["id"]).await["status"], "done");
    let tags = async |id: &str| door.ok("GET", &format!("/v1/contacts/{id}"), &admin, None).await["tags"].clone();
    assert_eq!((tags(&contact).await, tags(&eve.subject).await), (json!(["vip"]), json!([])));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_in_the_crm_is_in_the_console_and_there_is_no_echo() {
    let Story { world, door, admin, anna, contact, shop, .. } = story().await;
    let (crm, warehouse) = (Receiver::start().await, Receiver::start().await);
    let hook = |url: String, not_from: Value| json!({"url": url, "events": ["contact.*"], "not_from": not_from});
    door.ok("POST", "/v1/webhooks", &admin, Some(hook(crm.url(), json!(["https://crm.example"])))).await;
    door.ok("POST", "/v1/webhooks", &admin, Some(hook(warehouse.url(), json!([])))).await;
    // By an e-mail address, which the contact has in other letters.
    let mut tagged = event("1", "crm.tags", &json!({"email": "ada@example.COM", "tags": ["vip", "早鸟"]}));
    tagged["source"] = "https://crm.example".into();
    let begun = std::time::Instant::now();
    let sent = shop.send(&tagged).await;
    let shown = anna
        .pushed("the contact", |frame| frame["type"] == "contact" && frame["contact"]["tags"] == json!(["vip", "早鸟"]))
        .await;
    assert!(begun.elapsed() < Duration::from_secs(5), "the bar");
    assert_eq!(shown["contact"]["id"], json!(contact));
    assert_eq!(done(&door, &admin, &sent["id"]).await["status"], "done");
    let heard = warehouse.next_of("contact.updated").await.event();
    assert_eq!(
        (&heard["origin"], &heard["data"]["contact"]["tags"]),
        (&json!("https://crm.example"), &json!(["vip", "早鸟"]))
    );
    // The same tags by another event change nothing, so nobody hears of it.
    tagged["id"] = "2".into();
    let sent = shop.send(&tagged).await;
    assert_eq!(done(&door, &admin, &sent["id"]).await["status"], "done");
    // An agent tags: now both hear, and the CRM's first news is this one.
    let change = json!({"add_tags": ["difficult"], "remove_tags": ["vip"]});
    door.ok("PATCH", &format!("/v1/contacts/{contact}"), &admin, Some(change)).await;
    for company in [&crm, &warehouse] {
        let heard = company.next().await.event();
        assert_eq!(heard["data"]["contact"]["tags"], json!(["difficult", "早鸟"]));
        assert!(heard.get("origin").is_none());
    }
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_opens_for_whom_nobody_knew_and_goes_on_where_one_is_open() {
    let Story { world, door, admin, anna, ada, shop, conversation, .. } = story().await;
    let refund =
        |id: &str, customer: &str| event(id, "shop.refund.requested", &json!({"customer": customer, "number": "A7"}));
    let sent = shop.send(&refund("1", "cust-new")).await;
    let report = done(&door, &admin, &sent["id"]).await;
    assert_eq!(outcomes(&report), [("open", "done")]);
    let ticket = report["steps"][0]["detail"].as_str().unwrap().to_owned();
    let assigned = anna
        .pushed("the ticket", |frame| {
            frame["type"] == "entry"
                && frame["entry"]["type"] == "assigned"
                && frame["entry"]["conversation"] == json!(ticket)
        })
        .await;
    assert_eq!(assigned["entry"]["state"]["labels"], json!(["refund", "ticket"]));
    let entries = door.ok("GET", &format!("/v1/conversations/{ticket}/entries?after=0"), &admin, None).await;
    let kinds: Vec<_> = entries["data"].as_array().unwrap().iter().map(|e| e["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["opened", "note", "labelled", "assigned"]);
    // Ada has one: it is said there, and she sees nothing of it.
    let sent = shop.send(&refund("2", "cust-1")).await;
    let report = done(&door, &admin, &sent["id"]).await;
    assert_eq!(report["steps"][0]["detail"], json!(conversation));
    ada.catch_up(&conversation).await;
    assert_eq!(ada.texts(&conversation), ["Where is my order?"]);
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_taken_at_their_word() {
    let Story { world, door, admin, shop, .. } = story().await;
    let now = jiff::Timestamp::now().as_second();
    let body = shipped("9").to_string();
    let kind = "application/cloudevents+json";
    let (status, problem) = shop.post((kind, &[]), &body, now - 600).await;
    assert_eq!((status, &problem["code"]), (401, &json!("signature_refused")));
    let with = |secret: &str, url: String| Sender { url, secret: secret.into(), id: String::new(), ..shop_like(&shop) };
    let other = Sender::join(&door, &admin).await;
    for forged in [with(&other.secret, shop.url.clone()), with(&shop.secret, shop.url.replace("acc_demo", "acc_other"))]
    {
        let (status, problem) = forged.post((kind, &[]), &body, now).await;
        assert_eq!((status, &problem["code"]), (401, &json!("signature_refused")));
    }
    // Without a signature: only an administrator's token.
    let events = format!("{}/v1/events", door.base);
    let post = |token: Option<String>| {
        let call = door.http.post(&events).header("content-type", kind).body(body.clone());
        let call = if let Some(token) = token { call.bearer_auth(token) } else { call };
        async { call.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(post(None).await, 401);
    assert_eq!(post(Some(door.agent("ben").await.unwrap())).await, 403);
    assert_eq!(post(Some(door.anonymous().await.unwrap().access_token)).await, 403);
    assert_eq!(post(Some(admin.clone())).await, 202);
    // A changed secret: both are good; a deleted source: none.
    let changed = door.ok("POST", &format!("/v1/event-sources/{}/secret", shop.id), &admin, None).await;
    let new = with(changed["secret"].as_str().unwrap(), shop.url.clone());
    for sender in [&shop, &new] {
        assert_eq!(sender.post((kind, &[]), &body, now).await.0, 202);
    }
    door.ok("DELETE", &format!("/v1/event-sources/{}", shop.id), &admin, None).await;
    assert_eq!(new.post((kind, &[]), &body, now).await.0, 401);
    let list = door.ok("GET", "/v1/event-sources", &admin, None).await.to_string();
    assert!(!list.contains("whsec_") && list.contains(&other.id), "{list}");
    world.gateway.stop().await;
}

fn shop_like(shop: &Sender) -> Sender {
    Sender { url: shop.url.clone(), secret: shop.secret.clone(), id: shop.id.clone(), http: shop.http.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_mistakes_is_refused_by_line_and_the_old_one_stays() {
    let Story { world, door, admin, ada, conversation, shop, .. } = story().await;
    let wrong = RULES
        .replace("set_tags: $.data.tags", "set_tags: $.data[")
        .replace("{{ data.number }} has shipped.", "{{ data.number has shipped.");
    let (status, problem) = put_rules(&door, &admin, &wrong).await;
    assert_eq!((status, &problem["code"]), (422, &json!("invalid_rules")));
    let line = |text: &str| wrong.lines().position(|line| line.contains(text)).unwrap() + 1;
    let lines: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|e| e["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [line("has shipped.") as u64, line("$.data[") as u64], "{problem}");
    let check = door
        .http
        .post(format!("{}/v1/rules/check", door.base))
        .bearer_auth(&admin)
        .body("rules: 3\n")
        .send()
        .await
        .unwrap();
    assert_eq!(check.status().as_u16(), 422);
    let (status, _) = put_rules(&door, &door.agent("ben").await.unwrap(), RULES).await;
    assert_eq!(status, 403);
    // The old ones are in force.
    assert_eq!(door.ok("GET", "/v1/rules", &admin, None).await["yaml"], RULES);
    let sent = shop.send(&shipped("1")).await;
    assert_eq!(done(&door, &admin, &sent["id"]).await["status"], "done");
    ada.catch_up(&conversation).await;
    assert_eq!(ada.texts(&conversation).last().unwrap(), "Your order A1001 has shipped.");
    // A template that finds nothing fails alone.
    let sent = shop.send(&event("2", "shop.broken", &json!({"customer": "cust-1"}))).await;
    let report = done(&door, &admin, &sent["id"]).await;
    assert_eq!(
        (outcomes(&report), &report["status"]),
        (vec![("message", "failed"), ("message", "done")], &json!("failed"))
    );
    // Nobody is known by this id: nothing is done, and that is said.
    let sent = shop.send(&event("3", "shop.order.shipped", &json!({"customer": "nobody", "number": "A1"}))).await;
    let report = done(&door, &admin, &sent["id"]).await;
    assert!(report["steps"].as_array().unwrap().iter().all(|step| step["outcome"] == "skipped"), "{report}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_is_down_costs_no_message_and_is_asked_again_by_hand() {
    let Story { world, door, admin, ada, conversation, shop, .. } = story().await;
    // There is nobody at this address yet.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let secret = json!({"value": format!("http://{address}")});
    door.ok("PUT", "/v1/secrets/stock", &admin, Some(secret)).await;
    let sent = shop.send(&event("1", "shop.asked", &json!({"customer": "cust-1"}))).await;
    let report = done(&door, &admin, &sent["id"]).await;
    assert_eq!(
        (outcomes(&report), &report["status"]),
        (vec![("query", "failed"), ("message", "done")], &json!("failed"))
    );
    ada.catch_up(&conversation).await;
    assert_eq!(ada.texts(&conversation).last().unwrap(), "In stock: we ask.");
    let stock = axum::Router::new().route("/stock", axum::routing::get(async || axum::Json(json!({"count": 3}))));
    let listener = tokio::net::TcpListener::bind(address).await.unwrap();
    tokio::spawn(async move { axum::serve(listener, stock).await });
    let path = format!("/v1/events/{}/retry", sent["id"].as_str().unwrap());
    door.ok("POST", &path, &admin, None).await;
    assert_eq!(done(&door, &admin, &sent["id"]).await["status"], "done");
    assert_eq!(door.call("POST", &path, Some(&admin), None).await.unwrap().0, 409);
    ada.catch_up(&conversation).await;
    assert_eq!(ada.texts(&conversation).len(), 2, "what was said is not said again");
    // A key that may speak for one source speaks for no other.
    let body = json!({"name": "bound", "sources": ["/warehouse*"]});
    let made = door.ok("POST", "/v1/event-sources", &admin, Some(body)).await;
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let bound = Sender { url: text("url"), secret: text("secret"), ..shop_like(&shop) };
    let now = jiff::Timestamp::now().as_second();
    let (status, problem) = bound.post(("application/cloudevents+json", &[]), &shipped("7").to_string(), now).await;
    assert_eq!((status, &problem["code"]), (403, &json!("forbidden")));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_databases_changes_are_taken_as_they_are() {
    let Story { world, door, admin, shop, contact, .. } = story().await;
    let change = json!({"schema": {"type": "struct", "fields": []}, "payload": {
        "before": {"id": "cust-1", "first_name": "Ada"}, "after": {"id": "cust-1", "first_name": "Ada Lovelace"},
        "source": {"connector": "mysql", "name": "shop", "db": "shop", "table": "customers", "file": "binlog.000003",
                   "pos": 484, "ts_ms": 1_465_581_029_100i64}, "op": "u", "ts_ms": 1_465_581_029_523i64}});
    let now = jiff::Timestamp::now().as_second();
    let (status, answer) = shop.post(("application/json", &[]), &change.to_string(), now).await;
    assert_eq!((status, &answer["events"][0]["type"]), (202, &json!("debezium.customers.updated")), "{answer}");
    assert_eq!(done(&door, &admin, &answer["events"][0]["id"]).await["status"], "done");
    assert_eq!(door.ok("GET", &format!("/v1/contacts/{contact}"), &admin, None).await["name"], "Ada Lovelace");
    let (_, again) = shop.post(("application/json", &[]), &change.to_string(), now).await;
    assert_eq!(again["known"], 1);
    let (status, answer) = shop.post(("application/json", &[]), "{\"schema\":null,\"payload\":null}", now).await;
    assert_eq!((status, &answer["accepted"]), (202, &json!(0)));
    world.gateway.stop().await;
}
