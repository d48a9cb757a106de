//! What the event source mappings share: invoking with what there is, and reading which records failed.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use bytes::Bytes;
use serde_json::Value;

use crate::functions::{Function, FunctionError};

/// How long one batch may take: Lambda's own limit for a function, 15 minutes.
const BATCH_TIME: Duration = Duration::from_secs(900);

/// The ids of the records that failed; all of them, where the function itself did.
pub(crate) async fn invoke(function: &Arc<dyn Function>, event: &Value) -> Result<BTreeSet<String>, String> {
    let answered = tokio::time::timeout(BATCH_TIME, function.invoke(Bytes::from(event.to_string()))).await;
    let answer = answered.map_err(|_| "it took too long".to_owned())?.map_err(|FunctionError(error)| error)?;
    let answer: Value = serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
    let failures = answer.get("batchItemFailures").and_then(Value::as_array);
    let id = |failure: &Value| failure.get("itemIdentifier")?.as_str().map(str::to_owned);
    Ok(failures.into_iter().flatten().filter_map(id).collect())
}
