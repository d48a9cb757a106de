//! Stories of business queries: agents ask the company's systems, whose answers are kept on two levels.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use deskwire_app::bootstrap::{SubjectKind, company_token};
use deskwire_tests::{World, world::Door};
use serde_json::{Value, json};

const RULES: &str = r#"
version: 1
queries:
  order:
    description: An order by its number
    command: order
    url: "{{ secret.shop }}/orders/{{ number }}"
    headers: {authorization: "Bearer {{ secret.token }}"}
    args: {number: {pattern: '[A-Z]\d{3,5}'}}
    timeout_seconds: 2
    cache_seconds: CACHE
    stale_seconds: 600
    slots: {status: $.status, asked: $.asked}
    card:
      title: "Order {{ number }}"
      fields: [{name: Status, value: "{{ status }}"}]
  mine:
    url: "{{ secret.shop }}/of/{{ customer }}"
    args: {customer: {from: contact.external_id}}
    cache_seconds: 0
    slots: {customer: $.customer}
"#;

/// The company's system.
#[derive(Clone, Default)]
struct Shop {
    asked: Arc<AtomicU64>,
    down: Arc<AtomicBool>,
}

async fn order(State(shop): State<Shop>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    let asked = shop.asked.fetch_add(1, Ordering::SeqCst) + 1;
    if headers.get("authorization").is_none_or(|value| value != "Bearer sesame") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if shop.down.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    // Long enough that all who ask at once do so while it is under way.
    tokio::time::sleep(Duration::from_millis(100)).await;
    match number.as_str() {
        "A404" => StatusCode::NOT_FOUND.into_response(),
        _ => Json(json!({"status": "shipped", "asked": asked})).into_response(),
    }
}

impl Shop {
    async fn start() -> (Self, SocketAddr) {
        let shop = Self::default();
        let of = async |Path(customer): Path<String>| Json(json!({"customer": customer}));
        let router = Router::new()
            .route("/orders/{number}", get(order))
            .route("/of/{customer}", get(of))
            .with_state(shop.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        (shop, address)
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }
}

async fn story(cache_seconds: u32) -> (World, Door, String, Shop) {
    let world = World::memory().await;
    let door = world.door();
    let admin = door.agent("anna").await.unwrap();
    let (shop, address) = Shop::start().await;
    for (name, value) in [("shop", format!("http://{address}")), ("token", "sesame".to_owned())] {
        door.ok("PUT", &format!("/v1/secrets/{name}"), &admin, Some(json!({"value": value}))).await;
    }
    let yaml = RULES.replace("CACHE", &cache_seconds.to_string());
    let put = door.http.put(format!("{}/v1/rules", door.base)).bearer_auth(&admin).body(yaml).send().await.unwrap();
    assert_eq!(put.status(), 200, "{}", put.text().await.unwrap());
    // Another function environment sees it within a second.
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while door.call("POST", "/v1/queries/mine", Some(&admin), Some(json!({}))).await.unwrap().0 == 404 {
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (world, door, admin, shop)
}

async fn ask(door: &Door, token: &str, number: &str) -> (u16, Value) {
    let body = json!({"args": {"number": number}});
    door.call("POST", "/v1/queries/order", Some(token), Some(body)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn agents_ask_and_the_system_is_asked_once() {
    let (world, door, _, shop) = story(600).await;
    let ben = door.agent("ben").await.unwrap();
    let many: Vec<_> = (0..50).map(|_| ask(&door, &ben, "A1001")).collect();
    let answers = futures::future::join_all(many).await;
    assert!(
        answers.iter().all(|(status, answer)| *status == 200 && answer["slots"]["status"] == "shipped"),
        "{answers:?}"
    );
    assert_eq!(shop.asked(), 1, "one flight, in one environment or several");
    let (_, again) = ask(&door, &ben, "A1001").await;
    assert_ne!(again["cache"], "origin");
    assert_eq!(
        (&again["card"]["title"], &again["card"]["fields"][0]["value"]),
        (&json!("Order A1001"), &json!("shipped"))
    );
    // What is typed is checked before anybody is asked.
    for (body, word) in [
        (json!({"args": {"number": "A1/../../admin"}}), "number"),
        (json!({"args": {}}), "number"),
        (json!({"args": {"number": "A1001", "more": "x"}}), "more"),
    ] {
        let (status, problem) = door.call("POST", "/v1/queries/order", Some(&ben), Some(body)).await.unwrap();
        assert_eq!((status, &problem["code"]), (400, &json!("invalid_field")));
        assert!(problem["detail"].as_str().unwrap().contains(word), "{problem}");
    }
    assert_eq!(ask(&door, &ben, "A404").await.0, 404);
    assert_eq!(door.call("POST", "/v1/queries/none", Some(&ben), Some(json!({}))).await.unwrap().0, 404);
    let visitor = door.anonymous().await.unwrap().access_token;
    assert_eq!(ask(&door, &visitor, "A1001").await.0, 403);
    // The counts are shown, once every environment has written its own.
    let list = door.ok("GET", "/v1/queries", &ben, None).await;
    let order = list["data"].as_array().unwrap().iter().find(|query| query["name"] == "order").unwrap();
    assert_eq!((&order["command"], &order["args"][0]["pattern"]), (&json!("order"), &json!(r"[A-Z]\d{3,5}")));
    assert!(order["counts"]["origin"].as_u64().unwrap() <= 1, "{order}");
    assert!(!list.to_string().contains("sesame"));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_answer_is_better_than_none() {
    let (world, door, admin, shop) = story(1).await;
    let (_, first) = ask(&door, &admin, "A1001").await;
    assert_eq!((&first["cache"], &first["stale"]), (&json!("origin"), &json!(false)));
    shop.down.store(true, Ordering::SeqCst);
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    let old = loop {
        let (status, answer) = ask(&door, &admin, "A1001").await;
        assert_eq!(status, 200, "{answer}");
        if answer["stale"] == true {
            break answer;
        }
        assert!(tokio::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(old["slots"], first["slots"]);
    let (status, problem) = ask(&door, &admin, "A1002").await;
    assert_eq!((status, &problem["code"]), (502, &json!("query_failed")), "{problem}");
    assert!(!problem.to_string().contains("127.0.0.1"), "an address is nobody's business: {problem}");
    shop.down.store(false, Ordering::SeqCst);
    let (status, back) = ask(&door, &admin, "A1002").await;
    assert_eq!((status, &back["stale"]), (200, &json!(false)));
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_data_it_is_comes_from_the_conversation_and_secrets_stay_secret() {
    let (world, door, admin, _) = story(1).await;
    let token = company_token(&door.secret, SubjectKind::Visitor, &json!({"sub": "cust-7"})).unwrap();
    let token = door.exchange(&token).await.unwrap();
    let visitor = door.connect(&token.access_token).await.unwrap();
    let conversation = visitor.begin("my refund?").await;
    let mine = |body: Value| door.call("POST", "/v1/queries/mine", Some(&admin), Some(body));
    let (_, answer) = mine(json!({"conversation": conversation})).await.unwrap();
    assert_eq!(answer["slots"]["customer"], "cust-7");
    // Whatever is typed.
    let (_, answer) = mine(json!({"conversation": conversation, "args": {"customer": "cust-8"}})).await.unwrap();
    assert_eq!(answer["slots"]["customer"], "cust-7", "{answer}");
    let (status, _) = mine(json!({})).await.unwrap();
    assert_eq!(status, 400);
    let list = door.ok("GET", "/v1/secrets", &admin, None).await;
    assert_eq!(list["data"].as_array().unwrap().len(), 2);
    assert!(!list.to_string().contains("sesame"));
    assert_eq!(door.call("GET", "/v1/secrets", Some(&door.agent("ben").await.unwrap()), None).await.unwrap().0, 403);
    door.ok("DELETE", "/v1/secrets/token", &admin, None).await;
    let (status, problem) = ask(&door, &admin, "A1003").await;
    assert_eq!(status, 502);
    assert!(problem["detail"].as_str().unwrap().contains("/v1/secrets/token"), "{problem}");
    world.gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_accounts_with_the_same_file_do_not_meet() {
    let world = World::memory().await;
    let app = &world.gateway.app;
    let yaml = "version: 1\nqueries:\n  whose:\n    url: \"{{ secret.shop }}/of/x\"\n    cache_seconds: 600\n    slots: {customer: $.customer}\n";
    let mut answers = vec![];
    for name in ["one", "two"] {
        let shop = Router::new().route("/of/x", get(async move || Json(json!({"customer": name}))));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, shop).await });
        let caller = deskwire_app::Caller::system(deskwire_domain::AccountId::new(name));
        let secret = serde_json::from_value(json!({"value": format!("http://{address}")})).unwrap();
        app.put_secret(&caller, "shop", secret).await.unwrap();
        app.put_rules(&caller, yaml.to_owned()).await.unwrap();
        let answer = app.ask(&caller, "whose", serde_json::from_value(json!({})).unwrap()).await.unwrap();
        answers.push(answer.slots["customer"].clone());
    }
    assert_eq!(answers, ["one", "two"]);
    world.gateway.stop().await;
}
