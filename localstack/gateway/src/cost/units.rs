//! What AWS counts, and what that costs.

use std::ops::{AddAssign, Mul};

use serde::Serialize;

use super::{mix::HABITS, prices::Prices, work::Work};

/// Bytes of a gigabyte, as bills have it.
const GB: f64 = 1e9;
/// Millions are what most is priced by.
const MILLION: f64 = 1e6;
/// Milliseconds of a second.
const SECOND: f64 = 1_000.0;
/// Megabytes of memory that Lambda takes for a gigabyte.
const MEMORY_GB: f64 = 1_024.0;

/// What AWS counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Units {
    /// Messages of the WebSocket API, either way, in steps of 32 KB.
    pub messages: f64,
    /// Minutes of open sockets.
    pub minutes: f64,
    /// Requests to the HTTP API.
    pub http: f64,
    /// Invocations.
    pub invocations: f64,
    /// Gigabyte-seconds.
    pub gb_seconds: f64,
    /// Write units.
    pub writes: f64,
    /// Read units.
    pub reads: f64,
    /// Gigabytes in the table.
    pub stored_gb: f64,
    /// Gigabytes of the table that are backed up.
    pub backup_gb: f64,
    /// Requests to queues.
    pub sqs: f64,
    /// Gigabytes that are logged.
    pub log_gb: f64,
    /// Figures of our own.
    pub metrics: f64,
    /// Alarms.
    pub alarms: f64,
    /// Dashboards.
    pub dashboards: f64,
    /// Secrets.
    pub secrets: f64,
    /// Requests to the CDN.
    pub cdn_requests: f64,
    /// Gigabytes out of it.
    pub cdn_gb: f64,
    /// Gigabytes out of the region.
    pub out_gb: f64,
}

/// Adds, multiplies and bounds field by field.
macro_rules! arithmetic {
    ($of:ident: $($name:ident)*) => {
        impl AddAssign for $of {
            fn add_assign(&mut self, more: Self) {
                $(self.$name += more.$name;)*
            }
        }

        impl Mul<f64> for $of {
            type Output = Self;
            fn mul(self, times: f64) -> Self {
                Self { $($name: self.$name * times),* }
            }
        }

        impl $of {
            /// The lesser of both, field by field.
            fn at_most(self, most: Self) -> Self {
                Self { $($name: self.$name.min(most.$name)),* }
            }
        }
    };
}

arithmetic!(Units: messages minutes http invocations gb_seconds writes reads stored_gb backup_gb sqs log_gb metrics alarms
    dashboards secrets cdn_requests cdn_gb out_gb);

impl Units {
    /// What so much of a work uses.
    pub fn of(work: &Work, count: f64) -> Self {
        let invocations: f64 = work.calls.iter().map(|(_, calls)| calls).sum();
        let gb_seconds: f64 = work
            .calls
            .iter()
            .map(|(function, calls)| calls * function.milliseconds / SECOND * function.memory_mb / MEMORY_GB)
            .sum();
        let answers = work.frames + work.posts + work.http;
        Self {
            // A frame and its answer.
            messages: 2.0 * work.frames + work.posts,
            http: work.http,
            invocations,
            gb_seconds,
            writes: work.write,
            reads: work.read,
            sqs: work.sqs,
            log_gb: invocations * HABITS.log_bytes / GB,
            out_gb: answers * HABITS.frame_bytes / GB,
            ..Self::default()
        } * count
    }

    /// These units for no more than is used.
    pub fn free(self, prices: &Prices) -> Self {
        let free = &prices.free;
        let given = Self {
            invocations: free.lambda_requests.0,
            gb_seconds: free.lambda_gb_seconds.0,
            stored_gb: free.dynamodb_gb.0,
            sqs: free.sqs_requests.0,
            log_gb: free.log_gb.0,
            metrics: free.metrics.0,
            alarms: free.alarms.0,
            dashboards: free.dashboards.0,
            cdn_requests: free.cdn_requests.0,
            cdn_gb: free.cdn_gb.0,
            out_gb: free.out_gb.0,
            ..Self::default()
        };
        self.at_most(given)
    }
}

/// Bytes as gigabytes.
pub fn gb(bytes: f64) -> f64 {
    bytes / GB
}

/// What units cost, by service.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Cost {
    /// Both APIs.
    pub api_gateway: f64,
    /// Functions.
    pub lambda: f64,
    /// The table and its backup.
    pub dynamodb: f64,
    /// Queues.
    pub sqs: f64,
    /// Logs, figures, alarms.
    pub cloudwatch: f64,
    /// CDN and its bucket.
    pub cdn: f64,
    /// Traffic out of the region.
    pub traffic: f64,
    /// Secrets.
    pub secrets: f64,
}

impl AddAssign for Cost {
    fn add_assign(&mut self, more: Self) {
        self.api_gateway += more.api_gateway;
        self.lambda += more.lambda;
        self.dynamodb += more.dynamodb;
        self.sqs += more.sqs;
        self.cloudwatch += more.cloudwatch;
        self.cdn += more.cdn;
        self.traffic += more.traffic;
        self.secrets += more.secrets;
    }
}

impl Cost {
    /// The price of units.
    pub fn of(units: &Units, prices: &Prices) -> Self {
        let Prices { api_gateway, lambda, dynamodb, sqs, cloudwatch, secrets, cdn, traffic, .. } = prices;
        let millions = |count: f64, price: super::prices::Amount| count / MILLION * price.0;
        Self {
            api_gateway: millions(units.messages, api_gateway.million_messages)
                + millions(units.minutes, api_gateway.million_connection_minutes)
                + millions(units.http, api_gateway.million_http_requests),
            lambda: millions(units.invocations, lambda.million_requests) + units.gb_seconds * lambda.gb_second.0,
            dynamodb: millions(units.writes, dynamodb.million_writes)
                + millions(units.reads, dynamodb.million_reads)
                + units.stored_gb * dynamodb.gb_month.0
                + units.backup_gb * dynamodb.backup_gb_month.0,
            sqs: millions(units.sqs, sqs.million_requests),
            cloudwatch: units.log_gb * cloudwatch.log_gb.0
                + units.metrics * cloudwatch.metric_month.0
                + units.alarms * cloudwatch.alarm_month.0
                + units.dashboards * cloudwatch.dashboard_month.0,
            cdn: millions(units.cdn_requests, cdn.million_requests) + units.cdn_gb * cdn.gb.0,
            traffic: units.out_gb * traffic.out_gb.0,
            secrets: units.secrets * secrets.secret_month.0,
        }
    }

    /// All of it.
    pub fn total(&self) -> f64 {
        let Self { api_gateway, lambda, dynamodb, sqs, cloudwatch, cdn, traffic, secrets } = self;
        api_gateway + lambda + dynamodb + sqs + cloudwatch + cdn + traffic + secrets
    }
}
