//! A company's system that sends events, signed as Standard Webhooks has it.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use deskwire_domain::signature::{Key, Signed, header};
use serde_json::{Value, json};

use crate::world::Door;

/// It.
pub struct Sender {
    /// Where it posts.
    pub url: String,
    /// What it signs with.
    pub secret: String,
    /// Its id.
    pub id: String,
    /// The client for HTTP.
    pub http: reqwest::Client,
}

impl Sender {
    /// Makes it known.
    pub async fn join(door: &Door, admin: &str) -> Self {
        let made = door.ok("POST", "/v1/event-sources", admin, Some(json!({"name": "shop"}))).await;
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        Self { url: text("url"), secret: text("secret"), id: text("id"), http: door.http.clone() }
    }

    /// Posts a body as it is, signed as of `at`: status and answer.
    pub async fn post(&self, form: (&str, &[(&str, &str)]), body: &str, at: i64) -> (u16, Value) {
        self.try_post(form, body, at).await.unwrap()
    }

    /// The same, where Deskwire may not answer.
    pub async fn try_post(
        &self,
        (content_type, headers): (&str, &[(&str, &str)]),
        body: &str,
        at: i64,
    ) -> reqwest::Result<(u16, Value)> {
        let key: Key = self.secret.parse().unwrap();
        let id = headers.iter().find(|(name, _)| *name == "ce-id").map_or("msg_1", |(_, id)| *id);
        let signature = header(&[key], &Signed { id, timestamp: at, body: body.as_bytes() });
        let mut call = self.http.post(&self.url).header("content-type", content_type).body(body.to_owned());
        call = call.header("webhook-id", id).header("webhook-timestamp", at).header("webhook-signature", signature);
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        let answer = call.send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Sends one CloudEvent, which must be accepted.
    pub async fn send(&self, event: &Value) -> Value {
        let now = jiff::Timestamp::now().as_second();
        let (status, answer) = self.post(("application/cloudevents+json", &[]), &event.to_string(), now).await;
        assert_eq!(status, 202, "{answer}");
        answer["events"][0].clone()
    }
}

impl Sender {
    /// Sends one CloudEvent as a company's outbox does: again and again, until it is taken.
    pub async fn send_until_taken(&self, event: &Value) {
        loop {
            let now = jiff::Timestamp::now().as_second();
            let sent = self.try_post(("application/cloudevents+json", &[]), &event.to_string(), now).await;
            if matches!(sent, Ok((202, _))) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

/// A CloudEvent of the shop's.
pub fn event(id: &str, kind: &str, data: &Value) -> Value {
    json!({"specversion": "1.0", "id": id, "source": "https://shop.example", "type": kind, "data": data})
}
