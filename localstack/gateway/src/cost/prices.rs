//! A price file: what a region charges, with its date and where it says so.

use std::{fmt, path::Path};

use anyhow::Context;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Unexpected, Visitor},
};

/// The prices that ride along.
const US_EAST_1: &str = include_str!("../../prices/us-east-1.json");

/// An amount of money, or of what is free: no less than nothing.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Amount(pub f64);

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(Number)
    }
}

/// Looks at a number while it is read: what is refused after that has another's line.
struct Number;

impl Visitor<'_> for Number {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, no less than nothing")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
        if number < 0.0 { Err(E::invalid_value(Unexpected::Float(number), &self)) } else { Ok(Amount(number)) }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
        self.visit_f64(number as f64)
    }
}

/// Declares one part of the file: every field must be there, and no other may be, so that a slip is found.
macro_rules! part {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// The page that says so.
            pub source: String,
            $($(#[$field_doc])* pub $field: $kind),*
        }
    };
}

/// A region's prices in USD.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the service")]
pub struct Prices {
    /// Which region.
    pub region: String,
    /// As of when.
    pub date: String,
    /// What else there is to know of them.
    pub note: String,
    pub api_gateway: ApiGateway,
    pub lambda: Lambda,
    pub dynamodb: DynamoDb,
    pub sqs: Sqs,
    pub cloudwatch: CloudWatch,
    pub secrets: Secrets,
    pub cdn: Cdn,
    pub traffic: Traffic,
    pub machine: Machine,
    pub free: Free,
}

part! {
    /// The WebSocket API and the HTTP API.
    ApiGateway {
        /// Messages of 32 KB, either way.
        million_messages: Amount,
        /// Minutes that a socket is open.
        million_connection_minutes: Amount,
        /// Requests of 512 KB.
        million_http_requests: Amount,
    }
}

part! {
    /// Functions.
    Lambda {
        /// Invocations.
        million_requests: Amount,
        /// A gigabyte of memory for a second.
        gb_second: Amount,
    }
}

part! {
    /// The table, on demand.
    DynamoDb {
        /// Write units.
        million_writes: Amount,
        /// Read units.
        million_reads: Amount,
        /// What is stored.
        gb_month: Amount,
        /// Its continuous backup.
        backup_gb_month: Amount,
    }
}

part! {
    /// Queues.
    Sqs {
        /// Requests of 64 KB.
        million_requests: Amount,
    }
}

part! {
    /// Logs, figures, alarms and dashboards.
    CloudWatch {
        /// What is logged.
        log_gb: Amount,
        /// A figure of our own, for a month.
        metric_month: Amount,
        /// An alarm, for a month.
        alarm_month: Amount,
        /// A dashboard, for a month.
        dashboard_month: Amount,
    }
}

part! {
    /// Secrets.
    Secrets {
        /// One, for a month.
        secret_month: Amount,
    }
}

part! {
    /// The browser parts: the CDN and the bucket behind it.
    Cdn {
        /// Requests.
        million_requests: Amount,
        /// What goes out.
        gb: Amount,
    }
}

part! {
    /// Traffic to the internet, but for the CDN's.
    Traffic {
        /// What goes out.
        out_gb: Amount,
    }
}

part! {
    /// The small machine that all is held against.
    Machine {
        /// What it is.
        name: String,
        /// An hour of it.
        hour: Amount,
        /// Its disk.
        disk_gb: Amount,
        /// What that costs.
        disk_gb_month: Amount,
        /// An hour of its public address.
        address_hour: Amount,
    }
}

part! {
    /// What is free each month.
    Free {
        /// Invocations.
        lambda_requests: Amount,
        /// Gigabyte-seconds.
        lambda_gb_seconds: Amount,
        /// Stored in the table.
        dynamodb_gb: Amount,
        /// Requests to queues.
        sqs_requests: Amount,
        /// Logged.
        log_gb: Amount,
        /// Figures.
        metrics: Amount,
        /// Alarms.
        alarms: Amount,
        /// Dashboards with up to 50 figures each.
        dashboards: Amount,
        /// Requests to the CDN.
        cdn_requests: Amount,
        /// Out of the CDN.
        cdn_gb: Amount,
        /// Out of the region.
        out_gb: Amount,
    }
}

impl Prices {
    /// The prices of a file, or the ones that ride along.
    ///
    /// # Errors
    /// The file cannot be read, or a line of it is wrong: which, and how.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(file) = file else { return Self::parse(US_EAST_1).context("prices/us-east-1.json") };
        let shown = file.display();
        let text = std::fs::read_to_string(file).with_context(|| {
            format!("{shown} cannot be read; begin with a copy of localstack/gateway/prices/us-east-1.json")
        })?;
        Self::parse(&text).with_context(|| format!("{shown} is no price file"))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            let (line, reason) = (error.line(), error.to_string());
            // The place is said first, as compilers do.
            let reason = reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason);
            anyhow::anyhow!("line {line}: {reason}; see localstack/gateway/prices/us-east-1.json for the whole form")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(from: &str, to: &str) -> String {
        assert!(US_EAST_1.contains(from), "{from}");
        Prices::parse(&US_EAST_1.replacen(from, to, 1)).unwrap_err().to_string()
    }

    #[test]
    fn a_file_with_a_mistake_is_refused_with_its_line() {
        let line = |part: &str| {
            let at = US_EAST_1.lines().position(|line| line.contains(part)).unwrap() + 1;
            format!("line {at}: ")
        };
        let price = "\"gb_second\": 0.0000133334";
        for (wrong, why) in [
            ("\"gb_second\": \"cheap\"", "invalid type"),
            ("\"gb_second\": -1", "no less than nothing"),
            ("\"gb_second\": 0.1, \"gb_hour\": 1", "unknown field `gb_hour`"),
        ] {
            let said = refused(price, wrong);
            assert!(said.starts_with(&line("gb_second")) && said.contains(why), "{said}");
        }
        let said = refused("\"million_requests\": 0.20,", "");
        assert!(said.contains("missing field `million_requests`"), "{said}");
    }

    #[test]
    fn a_file_that_is_not_there_says_with_what_to_begin() {
        let said = Prices::load(Some(Path::new("/nowhere.json"))).unwrap_err().to_string();
        assert!(said.contains("/nowhere.json") && said.contains("us-east-1.json"), "{said}");
    }
}
