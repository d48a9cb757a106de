//! A collector, played by a little server, gets the spans and counts of a process that was told where it is, before
//! that process may be frozen.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may fail, and speaks to its other half")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Command, Stdio},
};

use deskwire_telemetry::{Count, Trace, count, flush, init, invocation};
use opentelemetry_proto::tonic::collector::{
    metrics::v1::ExportMetricsServiceRequest, trace::v1::ExportTraceServiceRequest,
};
use prost::Message;

const HEADER: &str = "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1";
/// Tells the process that it is the one which is watched.
const INNER: &str = "DESKWIRE_TELEMETRY_INNER";

/// The process that is watched: one invocation, in which something is logged, asked of another and counted.
#[tokio::test]
async fn inner() {
    if std::env::var_os(INNER).is_none() {
        return;
    }
    init();
    let asked = invocation("message", Some(HEADER), async {
        tracing::info!(conversation = "cnv_1", "something happened");
        count(Count::Acked, 2);
        Trace::current().unwrap().traceparent()
    })
    .await;
    flush().await;
    println!("traceparent {asked}");
}

/// Answers requests on a port until both have come; their bodies by path.
fn collect(listener: &TcpListener) -> Vec<(String, Vec<u8>)> {
    let mut all = vec![];
    while !["/v1/traces", "/v1/metrics"].iter().all(|path| all.iter().any(|(came, _)| came == path)) {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let (mut length, mut line) = (0, String::new());
        reader.read_line(&mut line).unwrap();
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        loop {
            line.clear();
            reader.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").unwrap();
        all.push((path, body));
    }
    all
}

#[test]
fn a_collector_gets_spans_and_counts_and_the_log_names_the_trace() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "inner", "--nocapture"])
        .envs([
            (INNER, "1"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("DESKWIRE_METRICS", "emf"),
            ("RUST_LOG", "info"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/30/[7]0123"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let came = collect(&listener);
    let said = child.wait_with_output().unwrap();
    let (out, log) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}{log}");

    let body = |path: &str| came.iter().find(|(came, _)| came == path).unwrap().1.as_slice();
    let traces = ExportTraceServiceRequest::decode(body("/v1/traces")).unwrap();
    let span = &traces.resource_spans[0].scope_spans[0].spans[0];
    assert_eq!((span.name.as_str(), hex(&span.trace_id).as_str()), ("message", "4bf92f3577b34da6a3ce929d0e0e4736"));
    assert_eq!(hex(&span.parent_span_id), "00f067aa0ba902b7");
    assert_eq!(span.events.iter().filter(|event| event.name == "something happened").count(), 1, "{span:?}");
    // Whoever was asked from within it is its child.
    let asked = format!("traceparent 00-4bf92f3577b34da6a3ce929d0e0e4736-{}-01", hex(&span.span_id));
    assert!(out.contains(&asked), "{asked}: {out}");

    let metrics = ExportMetricsServiceRequest::decode(body("/v1/metrics")).unwrap();
    let resource = format!("{:?}", metrics.resource_metrics[0].resource);
    assert!(resource.contains("service.instance.id") && resource.contains("2026/11/30/[7]0123"), "{resource}");
    let all = &metrics.resource_metrics[0].scope_metrics[0].metrics;
    let acked = all.iter().find(|metric| metric.name == "deskwire.Acked").unwrap();
    assert!(format!("{acked:?}").contains("AsInt(2)"), "{acked:?}");

    assert!(
        log.lines()
            .any(|line| line.contains("something happened") && line.contains("4bf92f3577b34da6a3ce929d0e0e4736")),
        "{log}"
    );
    let embedded = out.lines().find(|line| line.contains("CloudWatchMetrics")).unwrap();
    assert!(embedded.contains(r#""Acked":2"#), "{embedded}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
