//! Sends the company's events to Deskwire, one after the other, each until Deskwire has it.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::Timestamp;
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use crate::state::{Fate, Outgoing, Shared};

/// Before the second attempt; each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// No pause is longer, as somebody may be watching.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Runs for ever; events wait until the company has joined.
pub(crate) async fn run(shared: &Shared, client: &reqwest::Client) {
    let mut changes = shared.changes();
    let mut pause = FIRST_PAUSE;
    loop {
        let Some(outgoing) = shared.read(|state| state.outgoing()) else {
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let fate = attempt(client, &outgoing).await;
        let again = fate == Fate::Waiting;
        shared.change(|state| state.attempted(&outgoing.id, fate));
        if again {
            tokio::time::sleep(pause).await;
        }
        pause = if again { LONGEST_PAUSE.min(pause * 2) } else { FIRST_PAUSE };
    }
}

async fn attempt(client: &reqwest::Client, outgoing: &Outgoing) -> Fate {
    let Outgoing { id, body, door } = outgoing;
    let now = Timestamp::now().as_second();
    let signature = match Webhook::new(&door.secret).and_then(|key| key.sign(id, now, body.as_bytes())) {
        Ok(signature) => signature,
        Err(error) => return Fate::Refused(error.to_string()),
    };
    let request = client
        .post(&door.url)
        .header("content-type", "application/cloudevents+json")
        .header(HEADER_WEBHOOK_ID, id)
        .header(HEADER_WEBHOOK_TIMESTAMP, now)
        .header(HEADER_WEBHOOK_SIGNATURE, signature)
        .body(body.clone());
    match request.send().await {
        Ok(answer) => fate(id, answer).await,
        Err(error) => {
            tracing::info!(event = %id, %error, "Deskwire does not answer; the event is sent again");
            Fate::Waiting
        }
    }
}

/// What an answer means for an event.
async fn fate(id: &str, answer: reqwest::Response) -> Fate {
    let status = answer.status();
    if status.is_success() {
        return Fate::Accepted;
    }
    let words = answer.text().await.unwrap_or_default();
    let last = is_final(status);
    tracing::warn!(event = %id, %status, %words, last, "Deskwire does not take an event");
    if last { Fate::Refused(format!("{status} {words}")) } else { Fate::Waiting }
}

/// Whether the event itself is at fault. A secret, an address or a limit may change; what the event says will not.
fn is_final(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY)
}
