//! `relay`: the table's stream becomes projections, jobs and things due.

use deskwire_app::{App, relay::Record};
use deskwire_domain::Time;
use deskwire_store::Change;
use lambda_runtime::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A batch of the stream.
#[derive(Debug, Deserialize)]
pub struct StreamEvent {
    /// The records, in order.
    #[serde(rename = "Records")]
    records: Vec<StreamRecord>,
}

#[derive(Debug, Deserialize)]
struct StreamRecord {
    dynamodb: Image,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Image {
    keys: Value,
    #[serde(default)]
    new_image: Option<Value>,
    sequence_number: String,
    /// Seconds since 1970.
    #[serde(default)]
    approximate_creation_date_time: f64,
}

/// Where the stream is to go on: from the first record that could not be done.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamResponse {
    /// At most one: the stream's order means that all behind it waits.
    pub batch_item_failures: Vec<Failure>,
}

/// A record that could not be done.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Its sequence number.
    pub item_identifier: String,
}

/// Does what a batch asks for; doing it again is harmless.
///
/// # Errors
/// None: what fails is named in the answer.
pub async fn handle(app: &App, event: StreamEvent) -> Result<StreamResponse, Error> {
    let (mut records, mut poison) = (vec![], None);
    for StreamRecord { dynamodb: image } in event.records {
        let Image { keys, new_image, sequence_number, approximate_creation_date_time } = image;
        match Change::of(&keys, new_image.as_ref()) {
            Ok(change) => {
                let at = Time::from_millisecond(millis(approximate_creation_date_time)).unwrap_or_default();
                records.push(Record { id: sequence_number, at, change });
            }
            Err(error) => {
                // What lies before it is done first; then the mapping tries it alone, and parks it.
                tracing::error!(%error, sequence_number, "a record of the stream cannot be read");
                poison = Some(sequence_number);
                break;
            }
        }
    }
    let failed = match Box::pin(app.relay(records)).await {
        Ok(()) => poison,
        Err((id, error)) => {
            tracing::error!(%error, id, "a batch of the stream stopped");
            Some(id)
        }
    };
    let failures = failed.map(|item_identifier| Failure { item_identifier });
    Ok(StreamResponse { batch_item_failures: failures.into_iter().collect() })
}

#[expect(clippy::cast_possible_truncation, reason = "seconds of this millennium have room in 53 bits")]
fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0) as i64
}
