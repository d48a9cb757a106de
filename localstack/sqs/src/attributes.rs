//! A queue's attributes: which there are, what they may be set to, and what they are when nobody set them.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde::Deserialize;
use serde_json::Value;

use crate::{
    fault::{Code, Fault},
    limits::{
        DELAY_SECONDS, MAX_RECEIVE_COUNT, MAXIMUM_MESSAGE_SIZES, MESSAGE_RETENTION_PERIOD, REDRIVE_SOURCES,
        VISIBILITY_TIMEOUT, WAIT_TIME_SECONDS,
    },
};

/// Attributes as they travel: texts by name.
pub(crate) type Attributes = BTreeMap<String, String>;

/// Those that are numbers: name, limits, default.
const NUMBERS: [(&str, RangeInclusive<i64>, i64); 6] = [
    ("DelaySeconds", DELAY_SECONDS, 0),
    ("KmsDataKeyReusePeriodSeconds", 60..=86_400, 300),
    ("MaximumMessageSize", MAXIMUM_MESSAGE_SIZES, 1_048_576),
    ("MessageRetentionPeriod", MESSAGE_RETENTION_PERIOD, 345_600),
    ("ReceiveMessageWaitTimeSeconds", WAIT_TIME_SECONDS, 0),
    ("VisibilityTimeout", VISIBILITY_TIMEOUT, 30),
];

/// Those that only a FIFO queue has: name, choices, default.
const FIFO_CHOICES: [(&str, [&str; 2], &str); 4] = [
    ("ContentBasedDeduplication", ["true", "false"], "false"),
    ("DeduplicationScope", ["queue", "messageGroup"], "queue"),
    ("FifoQueue", ["true", "true"], "true"),
    ("FifoThroughputLimit", ["perQueue", "perMessageGroupId"], "perQueue"),
];

/// Kept and shown; nothing here has users or keys, so nothing is enforced.
const KEPT: [&str; 3] = ["KmsMasterKeyId", "Policy", "SqsManagedSseEnabled"];

/// Those that can be read only.
pub(crate) const READ_ONLY: [&str; 6] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesDelayed",
    "ApproximateNumberOfMessagesNotVisible",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "QueueArn",
];

fn unknown(name: &str) -> Fault {
    Fault::new(Code::InvalidAttributeName, format!("Unknown Attribute {name}."))
}

/// Whether these may be set on a queue of this kind.
pub(crate) fn check(attributes: &Attributes, fifo: bool) -> Result<(), Fault> {
    attributes.iter().try_for_each(|(name, value)| check_one(name, value, fifo))
}

fn check_one(name: &str, value: &str, fifo: bool) -> Result<(), Fault> {
    let valid = if let Some((_, limits, _)) = NUMBERS.iter().find(|(known, ..)| *known == name) {
        value.parse().is_ok_and(|number| limits.contains(&number))
    } else if let Some((_, choices, _)) = FIFO_CHOICES.iter().find(|(known, ..)| *known == name) {
        if !fifo {
            return Err(unknown(name));
        }
        choices.contains(&value)
    } else if name == "RedrivePolicy" {
        value.is_empty() || RedrivePolicy::parse(value).is_some()
    } else if name == "RedriveAllowPolicy" {
        value.is_empty() || serde_json::from_str::<RedriveAllowPolicy>(value).is_ok_and(|policy| policy.is_valid())
    } else if KEPT.contains(&name) {
        true
    } else {
        return Err(unknown(name));
    };
    if valid {
        return Ok(());
    }
    let code = if name.starts_with("Redrive") { Code::InvalidParameterValue } else { Code::InvalidAttributeValue };
    Err(Fault::new(code, format!("Invalid value for the parameter {name}.")))
}

/// Whether these may be asked for.
pub(crate) fn check_names(names: &[String]) -> Result<(), Fault> {
    let known = |name: &str| {
        ["All", "RedrivePolicy", "RedriveAllowPolicy"].contains(&name)
            || NUMBERS.iter().any(|(known, ..)| *known == name)
            || FIFO_CHOICES.iter().any(|(known, ..)| *known == name)
            || KEPT.contains(&name)
            || READ_ONLY.contains(&name)
    };
    names.iter().find(|name| !known(name)).map_or(Ok(()), |name| Err(unknown(name)))
}

/// A number, as set or by default.
pub(crate) fn number(attributes: &Attributes, name: &str) -> i64 {
    let set = attributes.get(name).and_then(|text| text.parse().ok());
    set.unwrap_or_else(|| NUMBERS.iter().find(|(known, ..)| *known == name).map_or(0, |(_, _, default)| *default))
}

/// All that was set, and the defaults of the rest. SQS shows the key's period only where there is a key.
pub(crate) fn with_defaults(attributes: &Attributes, fifo: bool) -> Attributes {
    let mut all = attributes.clone();
    for (name, _, default) in NUMBERS.iter().filter(|(name, ..)| !name.starts_with("Kms")) {
        all.entry((*name).to_owned()).or_insert_with(|| default.to_string());
    }
    for (name, _, default) in FIFO_CHOICES.iter().filter(|_| fifo) {
        all.entry((*name).to_owned()).or_insert_with(|| (*default).to_owned());
    }
    all
}

/// When and where a queue's messages go that are received again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RedrivePolicy {
    pub target_arn: String,
    pub max_receive_count: i64,
}

impl RedrivePolicy {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let policy: Value = serde_json::from_str(text).ok()?;
        let target_arn = policy.get("deadLetterTargetArn")?.as_str()?.to_owned();
        // SQS takes the number as a number and as a text; the console sends one, many templates the other.
        let max_receive_count = match policy.get("maxReceiveCount")? {
            Value::String(text) => text.parse().ok()?,
            number => number.as_i64()?,
        };
        let valid = MAX_RECEIVE_COUNT.contains(&max_receive_count) && target_arn.starts_with("arn:");
        valid.then_some(Self { target_arn, max_receive_count })
    }

    /// The dead-letter queue's name.
    pub(crate) fn target(&self) -> &str {
        name_in_arn(&self.target_arn)
    }
}

/// Which queues may use this one for their dead letters.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RedriveAllowPolicy {
    redrive_permission: RedrivePermission,
    #[serde(default)]
    source_queue_arns: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
enum RedrivePermission {
    AllowAll,
    DenyAll,
    ByQueue,
}

impl RedriveAllowPolicy {
    /// Sources are named by `byQueue`, and by nothing else.
    fn is_valid(&self) -> bool {
        match self.redrive_permission {
            RedrivePermission::ByQueue => REDRIVE_SOURCES.contains(&self.source_queue_arns.len()),
            RedrivePermission::AllowAll | RedrivePermission::DenyAll => self.source_queue_arns.is_empty(),
        }
    }

    pub(crate) fn allows(&self, source_arn: &str) -> bool {
        match self.redrive_permission {
            RedrivePermission::AllowAll => true,
            RedrivePermission::DenyAll => false,
            RedrivePermission::ByQueue => self.source_queue_arns.iter().any(|arn| arn == source_arn),
        }
    }
}

/// The queue's name at the end of an ARN.
pub(crate) fn name_in_arn(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_held_to_their_limits() {
        let check = |name: &str, value: &str, fifo| check_one(name, value, fifo).map_err(|fault| fault.code);
        assert_eq!(check("VisibilityTimeout", "43200", false), Ok(()));
        assert_eq!(check("VisibilityTimeout", "43201", false), Err(Code::InvalidAttributeValue));
        assert_eq!(check("MaximumMessageSize", "1023", false), Err(Code::InvalidAttributeValue));
        assert_eq!(check("ContentBasedDeduplication", "true", true), Ok(()));
        assert_eq!(check("ContentBasedDeduplication", "true", false), Err(Code::InvalidAttributeName));
        assert_eq!(check("Colour", "red", false), Err(Code::InvalidAttributeName));
        assert_eq!(check("RedrivePolicy", "{}", false), Err(Code::InvalidParameterValue));
        let allow = |permission: &str, arns: &str| {
            let policy = format!(r#"{{"redrivePermission":"{permission}","sourceQueueArns":[{arns}]}}"#);
            check("RedriveAllowPolicy", &policy, false)
        };
        assert_eq!(allow("denyAll", ""), Ok(()));
        assert_eq!(allow("byQueue", "\"arn:aws:sqs:r:1:q\""), Ok(()));
        assert_eq!(allow("byQueue", ""), Err(Code::InvalidParameterValue));
        assert_eq!(allow("allowAll", "\"arn:aws:sqs:r:1:q\""), Err(Code::InvalidParameterValue));
    }

    #[test]
    fn a_receive_count_is_a_number_or_a_text() {
        for count in ["3", "\"3\""] {
            let policy = format!(r#"{{"deadLetterTargetArn":"arn:aws:sqs:r:1:dead","maxReceiveCount":{count}}}"#);
            let policy = RedrivePolicy::parse(&policy).unwrap();
            assert_eq!((policy.target(), policy.max_receive_count), ("dead", 3));
        }
        assert_eq!(RedrivePolicy::parse(r#"{"deadLetterTargetArn":"arn:x","maxReceiveCount":0}"#), None);
    }
}
