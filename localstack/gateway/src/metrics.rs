//! `/metrics`, as Prometheus reads it: counts only, no name or id of anybody.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, atomic::Ordering},
};

use deskwire_app::telemetry::counts::{Count, total};

use crate::{front::FrontCounts, functions::FunctionCounts, management::Planes};

/// The counts of all functions.
#[derive(Clone, Default)]
pub(crate) struct Metrics(pub BTreeMap<String, Arc<FunctionCounts>>);

impl Metrics {
    /// How often each function was invoked.
    pub(crate) fn invocations(&self) -> BTreeMap<String, u64> {
        self.0.iter().map(|(name, counts)| (name.clone(), counts.invocations.load(Ordering::Relaxed))).collect()
    }

    /// The whole page.
    pub(crate) fn text(&self, planes: &Planes, front: &FrontCounts) -> String {
        let mut page = String::new();
        let frames = &planes.sockets.counts;
        line(&mut page, "gauge", "deskwire_connections", "", planes.sockets.count());
        for (name, count) in [
            ("deskwire_connects_total", &front.connects),
            ("deskwire_connects_refused_total", &front.refused),
            ("deskwire_http_requests_total", &front.requests),
            ("deskwire_messages_received_total", &frames.received),
            ("deskwire_frames_sent_total", &frames.sent),
            ("deskwire_frames_posted_total", &frames.posted),
            ("deskwire_sockets_cut_off_total", &frames.cut_off),
        ] {
            line(&mut page, "counter", name, "", count.load(Ordering::Relaxed));
        }
        self.functions(&mut page);
        // Of functions that are linked in; those that run as processes count each in its own.
        for what in Count::ALL {
            let label = format!("{{what=\"{}\"}}", what.name());
            line(&mut page, "counter", "deskwire_counts_total", &label, total(*what));
        }
        for (operation, units) in planes.engine.stats() {
            let label = format!("{{operation=\"{operation}\"}}");
            line(&mut page, "counter", "deskwire_dynamodb_requests_total", &label, units.requests);
            line(&mut page, "counter", "deskwire_dynamodb_units_total", &label, units.units);
        }
        for (action, count) in planes.queues.stats() {
            let label = format!("{{action=\"{}\"}}", action.escape_default());
            line(&mut page, "counter", "deskwire_sqs_requests_total", &label, count);
        }
        page
    }

    fn functions(&self, page: &mut String) {
        for (name, counts) in &self.0 {
            let label = format!("{{function=\"{}\"}}", name.escape_default());
            for (metric, count) in [
                ("deskwire_invocations_total", &counts.invocations),
                ("deskwire_invocation_errors_total", &counts.errors),
                ("deskwire_invocation_timeouts_total", &counts.timeouts),
                ("deskwire_invocation_milliseconds_total", &counts.millis),
            ] {
                line(page, "counter", metric, &label, count.load(Ordering::Relaxed));
            }
        }
    }
}

fn line(page: &mut String, kind: &str, name: &str, label: &str, value: impl std::fmt::Display) {
    let head = format!("# TYPE {name} {kind}\n");
    if !page.contains(&head) {
        page.push_str(&head);
    }
    // Writing to a text does not fail.
    let _ = writeln!(page, "{name}{label} {value}");
}
