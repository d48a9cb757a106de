//! What the event source mappings share: invoking with what there is, and reading which records failed.

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use serde_json::Value;

use crate::functions::Invoker;

/// How long one batch may take: Lambda's own limit for a function, 15 minutes.
const BATCH_TIME: Duration = Duration::from_secs(900);

/// Invokes with a batch; answers the ids of the records that failed. An answer that names a record that was not in the
/// batch, or none, fails the batch as a whole, as Lambda has it: nothing is taken for done that may not be.
pub(crate) async fn invoke(function: &Invoker, event: &Value, ids: &[String]) -> Result<BTreeSet<String>, String> {
    let event = Bytes::from(event.to_string());
    let answer = function.invoke(event, BATCH_TIME, None).await.map_err(|error| error.to_string())?;
    let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
    failures(&answer, ids)
}

fn failures(answer: &Value, ids: &[String]) -> Result<BTreeSet<String>, String> {
    let named = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Ok(BTreeSet::new()),
        Some(Value::Array(named)) => named,
        Some(_) => return Err("batchItemFailures is no list".into()),
    };
    let id = |failure: &Value| {
        let id = failure.get("itemIdentifier").and_then(Value::as_str).unwrap_or_default();
        ids.iter().find(|known| *known == id).cloned()
    };
    named
        .iter()
        .map(|failure| id(failure).ok_or_else(|| "it names a record that was not in the batch".into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_that_cannot_be_read_fails_the_batch() {
        let ids = ["1".to_owned(), "2".to_owned()];
        for done in [Value::Null, json!({}), json!({"batchItemFailures": []}), json!({"batchItemFailures": null})] {
            assert_eq!(failures(&done, &ids), Ok(BTreeSet::new()), "{done}");
        }
        let one = json!({"batchItemFailures": [{"itemIdentifier": "2"}]});
        assert_eq!(failures(&one, &ids), Ok(BTreeSet::from(["2".to_owned()])));
        for bad in [json!([{"itemIdentifier": "3"}]), json!([{"itemIdentifier": ""}]), json!([{}]), json!("x")] {
            assert!(failures(&json!({"batchItemFailures": bad}), &ids).is_err());
        }
    }
}
