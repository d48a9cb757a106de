//! A queue's attributes: names, defaults and limits are SQS's.

use serde_json::{Value, json};

use crate::{Object, error::SqsError};

/// Bytes of a message, and of a batch (SQS since 2025: 1 MiB).
pub(crate) const MESSAGE_BYTES: usize = 1024 * 1024;

/// Those that can be set to a number, with their limits and defaults.
const NUMBERS: [(&str, i64, i64, i64); 5] = [
    ("VisibilityTimeout", 0, 43_200, 30),
    ("DelaySeconds", 0, 900, 0),
    ("ReceiveMessageWaitTimeSeconds", 0, 20, 0),
    ("MessageRetentionPeriod", 60, 1_209_600, 345_600),
    ("MaximumMessageSize", 1_024, 1_048_576, 1_048_576),
];

const OTHERS: [&str; 9] = [
    "FifoQueue",
    "ContentBasedDeduplication",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "Policy",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "SqsManagedSseEnabled",
    "KmsMasterKeyId",
];

/// Whether these may be set.
pub(crate) fn check(attributes: &Object) -> Result<(), SqsError> {
    for (name, value) in attributes {
        let text = value.as_str().unwrap_or_default();
        if let Some((_, least, most, _)) = NUMBERS.iter().find(|(known, ..)| known == name) {
            if !text.parse::<i64>().is_ok_and(|number| (*least..=*most).contains(&number)) {
                return Err(SqsError::new("InvalidAttributeValue", format!("Invalid value for the parameter {name}.")));
            }
        } else if name == "RedrivePolicy" && !text.is_empty() {
            redrive(attributes).ok_or_else(|| SqsError::parameter("Value for parameter RedrivePolicy is invalid."))?;
        } else if !OTHERS.contains(&name.as_str()) {
            return Err(SqsError::new("InvalidAttributeName", format!("Unknown Attribute {name}.")));
        }
    }
    Ok(())
}

/// A number among a queue's attributes.
pub(crate) fn number(attributes: &Object, name: &str) -> i64 {
    let set = attributes.get(name).and_then(Value::as_str).and_then(|text| text.parse().ok());
    set.unwrap_or_else(|| NUMBERS.iter().find(|(known, ..)| *known == name).map_or(0, |(_, _, _, default)| *default))
}

/// Whether it is FIFO.
pub(crate) fn is_fifo(attributes: &Object) -> bool {
    attributes.get("FifoQueue").and_then(Value::as_str) == Some("true")
}

/// The dead-letter queue's name, and after how many receives a message goes there.
pub(crate) fn redrive(attributes: &Object) -> Option<(String, i64)> {
    let policy: Value = serde_json::from_str(attributes.get("RedrivePolicy")?.as_str()?).ok()?;
    let target = policy["deadLetterTargetArn"].as_str()?.rsplit(':').next()?.to_owned();
    let receives = match &policy["maxReceiveCount"] {
        Value::String(text) => text.parse().ok()?,
        number => number.as_i64()?,
    };
    (1..=1000).contains(&receives).then_some((target, receives))
}

/// All that a queue shows of what was set, defaults included.
pub(crate) fn shown(attributes: &Object) -> Object {
    let mut all = attributes.clone();
    for (name, _, _, default) in NUMBERS {
        all.entry(name).or_insert_with(|| json!(default.to_string()));
    }
    all
}
