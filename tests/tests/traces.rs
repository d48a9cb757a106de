//! One trace from whoever calls Deskwire to whoever Deskwire calls: an entry carries it, and webhooks and models get it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_tests::{
    World,
    bot::{Bot, answer},
    model_server::{Answer, Behaviour, ModelServer},
    receiver::Receiver,
};
use serde_json::json;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_goes_from_the_caller_to_the_webhook_and_the_model() {
    let world = World::memory().await;
    let model = ModelServer::start([Behaviour::Answer(Answer::says("Our own carrier brings it."))]).await;
    let settings = json!({"agent": "model", "model": {"kind": "openai", "url": model.base(), "model": "qwen", "timeout_seconds": 3}});
    let bot = Bot::start(&world, settings).await;
    bot.knows_the_shop().await;
    let (door, company) = (world.door(), Receiver::start().await);
    let admin = door.agent("anna").await.unwrap();
    door.ok("POST", "/v1/webhooks", &admin, Some(json!({"url": company.url(), "events": ["message.created"]}))).await;

    let visitor = door.anonymous().await.unwrap();
    let socket = door.connect(&visitor.access_token).await.unwrap();
    socket.ok(json!({"action": "hello"})).await;
    let body = json!({
        "client_id": "1",
        "content": {"kind": "text", "text": "Could you tell me about the delivery of a very large parcel to an island?"},
    });
    let sent = door
        .http
        .post(format!("{}/v1/conversations", door.base))
        .bearer_auth(&visitor.access_token)
        .header("traceparent", format!("00-{TRACE}-00f067aa0ba902b7-01"))
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(sent.status().is_success(), "{sent:?}");
    answer(&socket).await;

    let came = company.next_of("message.created").await;
    let header = came.header("traceparent").to_owned();
    assert!(header.starts_with(&format!("00-{TRACE}-")) && header.ends_with("-01"), "{header}");
    let asked = &model.asked()[0];
    assert!(asked.traceparent.as_deref().unwrap().contains(TRACE), "{:?}", asked.traceparent);
    world.gateway.stop().await;
}
