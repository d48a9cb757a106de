//! Which function calls what of AWS, as IAM names it: `tests/permissions` compares it with the roles in the template.
//! Functions that run as processes sign with a key id of their own, so each call says whose it is.

use std::{
    collections::BTreeSet,
    io::Write,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use serde_json::Value;

/// The setting that names the folder where calls are recorded.
const SETTING: &str = "DESKWIRE_RECORD_CALLS";

/// Calls, as `function action`.
pub(crate) struct Calls {
    folder: PathBuf,
    seen: Mutex<BTreeSet<String>>,
}

impl Calls {
    /// A record, where the environment asks for one.
    pub(crate) fn from_env() -> Option<Self> {
        let folder = std::env::var_os(SETTING).filter(|folder| !folder.is_empty())?;
        Some(Self { folder: folder.into(), seen: Mutex::default() })
    }

    /// Notes a function's call.
    pub(crate) fn note(&self, function: &str, target: Option<&str>, body: &Bytes) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.extend(actions(target, body).into_iter().map(|action| format!("{function} {action}")));
    }

    /// Writes them to a file of this process's own.
    pub(crate) fn write(&self) -> std::io::Result<()> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        std::fs::create_dir_all(&self.folder)?;
        let name = format!("{}-{}.calls", std::process::id(), hex::encode(rand::random::<[u8; 8]>()));
        let mut file = std::fs::File::create(self.folder.join(name))?;
        seen.iter().try_for_each(|line| writeln!(file, "{line}"))
    }
}

/// The actions that IAM asks for: a transaction is made of those of its parts.
fn actions(target: Option<&str>, body: &Bytes) -> BTreeSet<String> {
    let one = |service: &str, action: &str| BTreeSet::from([format!("{service}:{action}")]);
    match target.and_then(|target| target.split_once('.')) {
        Some(("AmazonSQS", action)) => one("sqs", action.trim_end_matches("Batch")),
        Some((_, "TransactWriteItems")) => parts(body),
        Some((_, "TransactGetItems")) => one("dynamodb", "GetItem"),
        Some((_, operation)) => one("dynamodb", operation),
        None => one("execute-api", "ManageConnections"),
    }
}

fn parts(body: &Bytes) -> BTreeSet<String> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let items = body["TransactItems"].as_array().into_iter().flatten();
    let kinds = items.filter_map(|item| item.as_object()?.keys().next());
    kinds
        .map(|kind| match kind.as_str() {
            "ConditionCheck" => "dynamodb:ConditionCheckItem".to_owned(),
            kind => format!("dynamodb:{kind}Item"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_named_as_iam_names_them() {
        let of = |target: Option<&str>, body: &str| {
            actions(target, &Bytes::from(body.to_owned())).into_iter().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(of(Some("AmazonSQS.SendMessageBatch"), "{}"), "sqs:SendMessage");
        assert_eq!(of(Some("DynamoDB_20120810.Query"), "{}"), "dynamodb:Query");
        let transaction = r#"{"TransactItems": [{"Put": {}}, {"ConditionCheck": {}}, {"Put": {}}]}"#;
        let expected = "dynamodb:ConditionCheckItem dynamodb:PutItem";
        assert_eq!(of(Some("DynamoDB_20120810.TransactWriteItems"), transaction), expected);
        assert_eq!(of(None, ""), "execute-api:ManageConnections");
    }
}
