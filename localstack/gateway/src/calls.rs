//! Which function calls what of AWS, and on what, as IAM names it: `tests/permissions` compares it with the roles in the template.
//! Functions that run as processes sign with a key id of their own, so each call says whose it is.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Write,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use http::Method;
use serde_json::Value;

/// The setting that names the folder where calls are recorded.
const SETTING: &str = "DESKWIRE_RECORD_CALLS";

/// Calls, as lines `function action resource` of a file: each is written when it is first seen, however this process ends.
pub(crate) struct Calls(Mutex<(BTreeSet<String>, File)>);

impl Calls {
    /// A record of this process's own, where the environment asks for one.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn from_env() -> std::io::Result<Option<Self>> {
        let Some(folder) = std::env::var_os(SETTING).filter(|folder| !folder.is_empty()) else { return Ok(None) };
        std::fs::create_dir_all(&folder)?;
        let name = format!("{}-{}.calls", std::process::id(), hex::encode(rand::random::<[u8; 8]>()));
        let file = File::create(PathBuf::from(folder).join(name))?;
        Ok(Some(Self(Mutex::new((BTreeSet::new(), file)))))
    }

    /// Notes a function's call.
    pub(crate) fn note(&self, function: &str, method: &Method, target: Option<&str>, body: &Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (seen, file) = &mut *kept;
        for action in actions(method, target, body) {
            let line = format!("{function} {action}");
            if !seen.contains(&line) {
                if let Err(error) = writeln!(file, "{line}") {
                    tracing::error!(%error, "a call could not be recorded");
                }
                seen.insert(line);
            }
        }
    }
}

/// The actions that IAM asks for, each with what it is done to: the table, a queue by its name, connections by the method
/// that IAM puts into their names. A transaction asks for the actions of its parts.
fn actions(method: &Method, target: Option<&str>, body: &Bytes) -> BTreeSet<String> {
    let one = |action: String, resource: &str| BTreeSet::from([format!("{action} {resource}")]);
    match target.and_then(|target| target.split_once('.')) {
        Some(("AmazonSQS", action)) => one(format!("sqs:{}", action.trim_end_matches("Batch")), &queue(body)),
        Some((_, "TransactWriteItems")) => parts(body),
        Some((_, "TransactGetItems")) => one("dynamodb:GetItem".into(), TABLE),
        Some((_, operation)) => one(format!("dynamodb:{operation}"), TABLE),
        None => one("execute-api:ManageConnections".into(), method.as_str()),
    }
}

/// There is one; what it is called is the installation's affair.
const TABLE: &str = "table";

/// The name of the queue that a call is about.
fn queue(body: &Bytes) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    body["QueueUrl"].as_str().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned()
}

fn parts(body: &Bytes) -> BTreeSet<String> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = body["TransactItems"].as_array().into_iter().flatten();
    let kinds = items.filter_map(|item| item.as_object()?.keys().next());
    kinds
        .map(|kind| match kind.as_str() {
            "ConditionCheck" => format!("dynamodb:ConditionCheckItem {TABLE}"),
            kind => format!("dynamodb:{kind}Item {TABLE}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_and_what_they_are_done_to_are_named_as_iam_names_them() {
        let of = |target: Option<&str>, body: &str| {
            let all = actions(&Method::POST, target, &Bytes::from(body.to_owned()));
            all.into_iter().collect::<Vec<_>>().join(", ")
        };
        let to = r#"{"QueueUrl": "http://127.0.0.1:8787/000000000000/deskwire-assign.fifo"}"#;
        assert_eq!(of(Some("AmazonSQS.SendMessageBatch"), to), "sqs:SendMessage deskwire-assign.fifo");
        assert_eq!(of(Some("DynamoDB_20120810.Query"), "{}"), "dynamodb:Query table");
        let transaction = r#"{"TransactItems": [{"Put": {}}, {"ConditionCheck": {}}, {"Put": {}}]}"#;
        let expected = "dynamodb:ConditionCheckItem table, dynamodb:PutItem table";
        assert_eq!(of(Some("DynamoDB_20120810.TransactWriteItems"), transaction), expected);
        assert_eq!(of(None, ""), "execute-api:ManageConnections POST");
    }
}
