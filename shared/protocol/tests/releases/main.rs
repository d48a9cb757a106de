//! Clients and servers of different releases meet: a page that was loaded yesterday speaks to the functions of today, and
//! after a rollback the files of today to the functions of yesterday. What each release said and took lies frozen in
//! `shared/protocol/releases`, whose README says what may change and how a release is frozen.

mod compare;
mod documents;
mod mutations;
mod release;
mod samples;
mod shape;
mod types;

use std::collections::{BTreeSet, HashMap};

use deskwire_protocol::{client::ACTIONS, webhook::EventType};
use release::{Message, Release, To};
use serde::Deserialize;

const HOW: &str = "What may change, and how: shared/protocol/releases/README.md";

#[test]
fn a_release_is_frozen_when_it_is_asked_for() {
    if let Ok(version) = std::env::var("DESKWIRE_FREEZE_RELEASE") {
        release::freeze(&version).unwrap();
    }
    assert!(!release::all().is_empty(), "no release is frozen. {HOW}");
}

#[test]
fn every_release_and_the_present_code_understand_each_other() {
    let (present, open) = (release::present(), release::open());
    for Release { version, documents, .. } in release::all() {
        let breaks = documents::breaks(&documents, &present, &open);
        assert!(breaks.is_empty(), "{}", told(&version, &breaks));
    }
}

fn told(version: &str, breaks: &[compare::Break]) -> String {
    let list: String = breaks.iter().map(|one| format!("\n  - {one}")).collect();
    format!("clients of release {version} and the present code do not understand each other:{list}\n{HOW}")
}

#[test]
fn what_clients_of_a_release_send_is_read() {
    for Release { version, messages, .. } in release::all() {
        for Message { of, message, .. } in messages.iter().filter(|message| message.to == To::Server) {
            if let Err(refusal) = types::read(of, message) {
                panic!(
                    "a client of release {version} sends this {of}, and it is refused ({refusal}):\n  {message}\n{HOW}"
                );
            }
        }
    }
}

#[test]
fn what_servers_of_a_release_say_is_read() {
    for Release { version, messages, .. } in release::all() {
        for Message { of, message, .. } in messages.iter().filter(|message| message.to != To::Server) {
            if let Err(error) = types::again(of, message) {
                panic!(
                    "a server of release {version} says this {of}, and the present types cannot read it ({error}):\n  {message}\n\
                     After a rollback new clients meet such a server: what is new must be optional to them. {HOW}"
                );
            }
        }
    }
}

/// What the SDK sends, recorded by `releases/record.mjs`.
#[derive(Deserialize)]
struct Sent {
    /// The first release that knows it; older ones are spared it. Absent where all do.
    #[serde(default)]
    since: Option<String>,
    #[serde(flatten)]
    message: Message,
}

#[test]
fn what_the_present_sdk_sends_is_taken_by_servers_of_a_release() {
    let text = std::fs::read_to_string(release::folder().join("sdk.jsonl")).unwrap();
    let sent: Vec<Sent> = release::lines(&text);
    assert!(!sent.is_empty());
    for Release { version, documents, .. } in release::all() {
        let knows = |sent: &&Sent| sent.since.as_ref().is_none_or(|since| parts(since) <= parts(&version));
        check(&documents, sent.iter().filter(knows).map(|sent| &sent.message), &version);
    }
    for Sent { message: Message { of, message, .. }, .. } in sent {
        types::read(&of, &message)
            .unwrap_or_else(|refusal| panic!("the SDK sends {message}, and it is refused: {refusal}"));
    }
}

/// `0.10.1` comes after `0.9.0`.
fn parts(version: &str) -> Vec<u32> {
    version.split('.').map(|part| part.parse().unwrap_or_else(|_| panic!("{version} is no version"))).collect()
}

#[test]
fn a_release_holds_to_its_own_documents() {
    for Release { version, documents, messages } in release::all() {
        check(&documents, &messages, &version);
    }
}

/// Holds messages against a release's documents, by somebody else's reading of JSON Schema.
fn check<'a>(documents: &documents::Documents, messages: impl IntoIterator<Item = &'a Message>, version: &str) {
    let (mut schemas, mut compiler, mut known) = (boon::Schemas::new(), boon::Compiler::new(), HashMap::new());
    for Message { to, of, message } in messages {
        let index = *known.entry((*to, of)).or_insert_with(|| {
            let document = match (to, of.as_str()) {
                (_, "ClientFrame" | "ServerFrame") => &documents.asyncapi,
                (To::Endpoint, _) => &documents.webhooks,
                _ => &documents.openapi,
            };
            let mut schema = release::schema(of);
            schema["components"] = document["components"].clone();
            let name = format!("{to:?}-{}.json", of.replace(['<', '>'], "-"));
            compiler.add_resource(&name, schema).expect("a name that nobody has");
            compiler.compile(&name, &mut schemas).expect("a JSON Schema")
        });
        if let Err(error) = schemas.validate(message, index) {
            panic!("a {of} of release {version} is not so:\n  {message}\n{error:#}\n{HOW}");
        }
    }
}

#[test]
fn a_release_has_one_of_everything() {
    for Release { version, documents, messages } in release::all() {
        let said = |of: &str, tag: &str| -> BTreeSet<String> {
            let own = messages.iter().filter(|message| message.of == of);
            own.filter_map(|message| message.message[tag].as_str().map(str::to_owned)).collect()
        };
        let tags = |name: &str, tag: &str| -> BTreeSet<String> {
            let shapes = shape::alternatives(&documents.asyncapi, &release::schema(name));
            shapes.iter().filter_map(|shape| shape.properties[tag]["const"].as_str().map(str::to_owned)).collect()
        };
        assert_eq!(said("ClientFrame", "action"), tags("ClientFrame", "action"), "{version}");
        assert_eq!(said("ServerFrame", "type"), tags("ServerFrame", "type"), "{version}");
        let events = documents.openapi["webhooks"].as_object().unwrap().keys().cloned().collect();
        assert_eq!(said("WebhookEvent", "type"), events, "{version}");
    }
}

#[test]
fn the_present_code_can_be_frozen() {
    let messages = release::messages().unwrap();
    let actions = messages.iter().filter_map(|message| message.message["action"].as_str()).collect::<BTreeSet<_>>();
    assert!(ACTIONS.iter().all(|action| actions.contains(action)));
    let events = messages.iter().filter(|message| message.to == To::Endpoint);
    let events: BTreeSet<_> = events.filter_map(|message| message.message["type"].as_str()).collect();
    assert!(EventType::ALL.iter().all(|kind| events.contains(kind.as_str())));
    let present = release::present();
    check(&present, &messages, "of today");
    assert!(release::freeze("0.0.0").unwrap_err().contains("Cargo.toml"));
}

#[test]
fn what_is_open_exists() {
    let present = release::present();
    let known = |name: &String| {
        let documents = [&present.openapi, &present.asyncapi, &present.webhooks];
        documents.iter().any(|document| document["components"]["schemas"].get(name).is_some())
    };
    for name in release::open() {
        assert!(known(&name), "releases/open.json lists {name}, which is no definition");
    }
    assert!(!release::open().is_empty());
}
