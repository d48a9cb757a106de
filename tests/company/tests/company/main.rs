//! Stories of the demo company beside a stand-in for Deskwire.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod front;
mod program;
mod rules;
mod stage;

use axum::http::StatusCode;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::stage::{SIGN_ON, Stage};

fn updated(version: u64, tags: &[&str]) -> Value {
    let contact = json!({"id": "con_1", "external_id": "cust-1001", "tags": tags, "version": version});
    json!({"specversion": "1.0", "id": format!("evt_{version}"), "type": "contact.updated", "data": {"contact": contact}})
}

#[tokio::test]
async fn it_joins_once_however_often_it_joins() {
    let stage = Stage::new().await;
    stage.deskwire.refuse("POST /v1/token", 2, StatusCode::SERVICE_UNAVAILABLE);
    stage.company.join().await.unwrap();
    stage.company.join().await.unwrap();
    let Stage { deskwire, company, .. } = stage;
    let signed_on = deskwire.calls("POST /v1/token");
    assert_eq!(signed_on.len(), 4);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_audience(&["deskwire"]);
    let token = signed_on[3].body["subject_token"].as_str().unwrap();
    let key = DecodingKey::from_secret(SIGN_ON.as_bytes());
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims;
    assert_eq!((&claims["sub"], &claims["roles"]), (&json!("shop-admin"), &json!("admin")));
    for made_once in [
        "POST /v1/event-sources",
        "POST /v1/webhooks",
        "PATCH /v1/webhooks/whe_1",
        "PATCH /v1/account",
        "PATCH /v1/inboxes/inb_web",
    ] {
        assert_eq!(deskwire.calls(made_once).len(), 1, "{made_once}");
    }
    let endpoint = &deskwire.calls("POST /v1/webhooks")[0].body;
    assert_eq!(endpoint["url"], format!("{}/hooks/deskwire", company.url()));
    assert_eq!(endpoint["not_from"], json!(["https://shop.example"]));
    assert_eq!(deskwire.calls("PUT /v1/secrets/shop_url")[0].body["value"], company.url());
    assert!(deskwire.calls("PUT /v1/rules")[1].raw.contains("version: 1"));
    company.stop().await;
}

#[tokio::test]
async fn why_it_cannot_join_is_said_in_a_sentence() {
    let stage = Stage::new().await;
    stage.deskwire.refuse("PUT /v1/rules", 1, StatusCode::UNPROCESSABLE_ENTITY);
    let error = stage.company.join().await.unwrap_err().to_string();
    assert!(error.contains("PUT /v1/rules") && error.contains("line 3: \"rulez\""), "{error}");
}

#[tokio::test]
async fn the_crm_takes_over_what_deskwire_signed() {
    let stage = Stage::joined().await;
    assert_eq!(stage.hook("evt_3", &updated(3, &["vip", "angry"])).await, 204);
    stage.company.wait_for("the tags", |company| company.received().len() == 1).await.unwrap();
    assert_eq!(stage.tags("cust-1001"), ["angry", "vip"]);
    let received = &stage.company.received()[0];
    assert_eq!((received.id.as_str(), received.kind.as_str(), received.verified), ("evt_3", "contact.updated", true));
    // What is older, repeated, or an echo changes nothing.
    assert_eq!(stage.hook("evt_2", &updated(2, &["old"])).await, 204);
    assert_eq!(stage.hook("evt_3", &updated(9, &["repeated"])).await, 204);
    let mut echo = updated(4, &["echo"]);
    echo["origin"] = "https://shop.example".into();
    assert_eq!(stage.hook("evt_4", &echo).await, 204);
    assert_eq!(stage.hook("evt_5", &json!({"type": "message.created", "data": {}})).await, 204);
    assert_eq!(stage.tags("cust-1001"), ["angry", "vip"]);
    assert_eq!(stage.company.crm_contact("cust-1001").unwrap().version, Some(3));
    assert!(stage.company.crm_contact("nobody").is_none());
}

#[tokio::test]
async fn what_deskwire_did_not_sign_is_refused() {
    let stage = Stage::new().await;
    let (event, now) = (updated(3, &["vip"]), Timestamp::now().as_second());
    assert_eq!(stage.hook("evt_0", &event).await, 401, "before it has joined");
    stage.company.join().await.unwrap();
    let tampered = event.to_string().replace("vip", "thief");
    assert_eq!(stage.hook_at("evt_1", &event, now, &tampered).await, 401);
    for wrong_time in [now - 301, now + 330] {
        assert_eq!(stage.hook_at("evt_2", &event, wrong_time, &event.to_string()).await, 401);
    }
    let unsigned = stage.post("/hooks/deskwire").body(event.to_string()).send().await.unwrap();
    assert_eq!(unsigned.status(), 401);
    let received = stage.company.received();
    assert_eq!(received.len(), 5);
    assert!(received.iter().all(|received| !received.verified && received.answer == 401 && received.event.is_null()));
    assert!(stage.tags("cust-1001").is_empty());
}

#[tokio::test]
async fn a_receiver_that_fails_does_it_at_the_next_attempt() {
    let stage = Stage::joined().await;
    stage.company.fail_next(2);
    let event = updated(3, &["vip"]);
    let mut answers = vec![];
    for _ in 0..4 {
        answers.push(stage.hook("evt_3", &event).await);
    }
    assert_eq!(answers, [500, 500, 204, 204]);
    assert_eq!(stage.tags("cust-1001"), ["vip"]);
}

#[tokio::test]
async fn events_are_sent_until_deskwire_has_them() {
    let stage = Stage::joined().await;
    stage.deskwire.refuse("POST /v1/events", 2, StatusCode::SERVICE_UNAVAILABLE);
    let id = stage.company.ship("A1001").await.unwrap();
    let attempts = stage.deskwire.events();
    assert_eq!(attempts.len(), 3);
    for attempt in &attempts {
        assert_eq!((attempt.signed.as_ref(), &attempt.body), (Some(&id), &attempts[0].body));
    }
    let event = &attempts[2].body;
    assert_eq!((&event["type"], &event["source"]), (&json!("shop.order.shipped"), &json!("https://shop.example")));
    assert_eq!(event["id"], id);
    assert_eq!((&event["data"]["customer"], &event["data"]["status"]), (&json!("cust-1001"), &json!("shipped")));
    // One after the other, in order.
    stage.company.deliver("A1001").await.unwrap();
    stage.company.refund_requested("A1001").await.unwrap();
    stage.company.tag("cust-1002", "老客户").await.unwrap();
    stage.company.untag("cust-1002", "老客户").await.unwrap();
    let events = stage.deskwire.events();
    let kinds: Vec<_> = events[3..].iter().map(|event| event.body["type"].as_str().unwrap()).collect();
    let tagged = "crm.customer.tagged";
    assert_eq!(kinds, ["shop.order.delivered", "shop.refund.requested", tagged, tagged]);
    assert_eq!(events[5].body["data"], json!({"customer": "cust-1002", "tags": ["老客户"]}));
    assert_eq!(events[6].body["data"]["tags"], json!([]));
}

#[tokio::test]
async fn events_wait_for_the_company_to_join() {
    let stage = Stage::new().await;
    let (shipped, joined) = tokio::join!(stage.company.ship("A1003"), stage.company.join());
    joined.unwrap();
    assert_eq!(stage.deskwire.events()[0].signed, shipped.ok());
}

#[tokio::test]
async fn what_cannot_be_is_said_and_not_sent() {
    let stage = Stage::joined().await;
    assert!(stage.company.ship("A9999").await.unwrap_err().to_string().contains("no order"));
    assert!(stage.company.ship("A1002").await.unwrap_err().to_string().contains("delivered already"));
    assert!(stage.company.tag("cust-1001", " ").await.is_err());
    assert!(stage.deskwire.events().is_empty());
    // An event that Deskwire will never take does not stand in the way of the next.
    stage.deskwire.refuse("POST /v1/events", 1, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(stage.company.ship("A1001").await.unwrap_err().to_string().contains("422"));
    stage.company.ship("A1003").await.unwrap();
}

#[tokio::test]
async fn the_business_api_wants_its_token() {
    let stage = Stage::joined().await;
    let order = format!("{}/api/orders/A1004", stage.company.url());
    for request in [stage.client.get(&order), stage.client.get(&order).bearer_auth("guess")] {
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    assert_eq!(stage.company.order_lookups(), 0);
    let (status, found) = stage.ask("/api/orders/A1004").await;
    assert_eq!((status, &found["status"], &found["customer"]), (200, &json!("shipped"), &json!("cust-1002")));
    assert!(found["tracking"]["url"].as_str().unwrap().starts_with("https://"));
    assert_eq!(stage.ask("/api/orders/A9999").await.0, 404);
    assert_eq!(stage.company.order_lookups(), 2);
    let (_, found) = stage.ask("/api/customers?phone=%2B86%20138-0000-0002").await;
    assert_eq!(found[0]["name"], "李雷");
    assert_eq!(stage.ask("/api/customers?phone=1").await.1, json!([]));
    // A refund is shown to whose order it is.
    assert_eq!(stage.ask("/api/customers/cust-1002/refunds/A1004").await.1["status"], "not_requested");
    stage.company.refund_requested("A1004").await.unwrap();
    assert_eq!(stage.ask("/api/customers/cust-1002/refunds/A1004").await.1["status"], "requested");
    assert_eq!(stage.ask("/api/customers/cust-1001/refunds/A1004").await.0, 404);
    stage.company.set_down(true);
    assert_eq!(stage.ask("/api/orders/A1004").await.0, 503);
    stage.company.set_down(false);
    assert_eq!(stage.ask("/api/orders/A1004").await.0, 200);
    assert_eq!(stage.company.order_lookups(), 4);
}

#[tokio::test]
async fn only_the_shops_own_page_presses_its_buttons() {
    let stage = Stage::joined().await;
    let press = || stage.post("/orders/A1001/ship").header("content-type", "application/json").body("{}");
    let own = stage.company.url();
    for (request, status) in [
        (press().header("sec-fetch-site", "cross-site"), 403),
        (press().header("sec-fetch-site", "same-site"), 403),
        (press().header("origin", "https://evil.example"), 403),
        (press().header("origin", "null"), 403),
        (press().header("origin", "http://evil.example").header("host", "evil.example"), 403),
        (stage.client.get(&own).header("host", "evil.example"), 403),
        (stage.post("/orders/A1001/ship").header("origin", &own), 415),
        (stage.post("/orders/A1001/ship").header("content-type", "text/plain").body("{}"), 415),
        (stage.post("/orders/A1001/burn").json(&json!({})), 404),
        (stage.post("/customers/cust-1001/tags").json(&json!({"tags": []})), 422),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{}", answer.text().await.unwrap());
    }
    let pressed = press().header("origin", &own).header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert_eq!(pressed.status(), 202);
    assert_eq!(press().send().await.unwrap().status(), 409, "a shipped order ships once");
    let tags = stage.post("/customers/cust-1001/tags").json(&json!({"add": ["vip", "new"], "remove": ["new", "x"]}));
    assert_eq!(tags.send().await.unwrap().status(), 202);
    assert_eq!(stage.tags("cust-1001"), ["new", "vip"]);
}

#[tokio::test]
async fn the_page_stands_alone_and_follows_along() {
    let stage = Stage::joined().await;
    let page = stage.client.get(format!("{}/office", stage.company.url())).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let page = page.text().await.unwrap();
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("onclick"), "{page}");
    let mut log = stage.client.get(format!("{}/log", stage.company.url())).send().await.unwrap();
    let mut seen = String::new();
    stage.company.ship("A1001").await.unwrap();
    while !seen.contains(r#""fate":"accepted""#) {
        seen += &String::from_utf8_lossy(&log.chunk().await.unwrap().unwrap());
    }
    // A page that is open does not keep the shop open.
    stage.company.stop().await;
    while log.chunk().await.unwrap().is_some() {}
}
