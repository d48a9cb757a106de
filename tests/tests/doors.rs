//! What a machine keeps of the design: each outside door belongs to one crate, arrows point one way, and every
//! dependency's licence is one that a company can live with.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeSet, process::Command};

use serde_json::Value;

/// Which crates of ours may name a crate.
const DOORS: &[(&str, &[&str])] = &[
    ("aws-sdk-dynamodb", &["deskwire-store"]),
    ("aws-sdk-apigatewaymanagement", &["deskwire-push"]),
    ("aws-sdk-sqs", &["deskwire-queue"]),
    // The demo company is nobody of ours: it has its own sign-on and its own client.
    ("jsonwebtoken", &["deskwire-identity", "deskwire-company"]),
    ("reqwest", &["deskwire-outbound", "deskwire-company", "deskwire-coldstart"]),
    ("dynoxide-rs", &["deskwire-gateway"]),
];

/// What these may depend on of our own crates.
const ARROWS: &[(&str, &[&str])] = &[
    ("deskwire-domain", &[]),
    ("deskwire-identity", &[]),
    ("deskwire-telemetry", &[]),
    ("deskwire-outbound", &["deskwire-telemetry"]),
    ("deskwire-sqs", &[]),
    ("deskwire-ai", &["deskwire-domain", "deskwire-filter", "deskwire-outbound"]),
    ("deskwire-filter", &[]),
    ("deskwire-protocol", &["deskwire-domain", "deskwire-filter"]),
    ("deskwire-queue", &["deskwire-domain"]),
    ("deskwire-rules", &["deskwire-domain"]),
    ("deskwire-company", &[]),
    ("deskwire-store", &["deskwire-domain", "deskwire-protocol"]),
    ("deskwire-push", &["deskwire-domain", "deskwire-protocol", "deskwire-store", "deskwire-telemetry"]),
];

/// The pure rules know nothing of these.
const NOT_IN_DOMAIN: &[&str] = &["tokio", "aws-types", "reqwest", "rand", "futures"];

const LICENCES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Unicode-3.0",
    "Zlib",
    "CC0-1.0",
    "BSL-1.0",
    "CDLA-Permissive-2.0",
    "OpenSSL",
    "MIT-0",
    "0BSD",
    "Unlicense",
];

fn metadata(arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> impl Iterator<Item = (&str, &Value)> {
    metadata["packages"].as_array().unwrap().iter().map(|package| (package["name"].as_str().unwrap(), package))
}

fn dependencies(package: &Value) -> BTreeSet<&str> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect()
}

#[test]
fn each_door_has_one_keeper_and_arrows_point_one_way() {
    let metadata = metadata(&["--no-deps"]);
    for (name, package) in packages(&metadata) {
        let dependencies = dependencies(package);
        for (door, keepers) in DOORS {
            let may = keepers.contains(&name) || name == "deskwire-tests";
            assert!(may || !dependencies.contains(door), "{name} must not use {door}: ask {keepers:?}");
        }
        if let Some((_, allowed)) = ARROWS.iter().find(|(crate_name, _)| *crate_name == name) {
            let ours: Vec<_> = dependencies.iter().filter(|other| other.starts_with("deskwire-")).collect();
            assert!(ours.iter().all(|other| allowed.contains(other)), "{name} → {ours:?}");
        }
        if name == "deskwire-domain" {
            assert!(NOT_IN_DOMAIN.iter().all(|outside| !dependencies.contains(outside)), "{dependencies:?}");
        }
    }
}

#[test]
fn every_dependency_has_a_licence_that_allows_use() {
    let metadata = metadata(&[]);
    for (name, package) in packages(&metadata) {
        let licence = package["license"].as_str().unwrap_or("none").replace('/', " OR ");
        // `A AND B` needs both; `A OR B` one of them.
        let allowed = licence.split(" AND ").all(|all| {
            all.trim_matches(['(', ')']).split(" OR ").any(|one| LICENCES.contains(&one.trim_matches(['(', ')', ' '])))
        });
        assert!(allowed, "{name}: {licence}");
    }
}
