//! A release as it lies in `shared/protocol/releases/<version>`, and how the present code is frozen as one.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use deskwire_domain::{AccountId, EndpointId, Time};
use deskwire_protocol::{
    Entry, asyncapi,
    http::Contact,
    openapi,
    webhook::{EndpointData, EventData, EventType, WebhookEvent},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    documents::Documents,
    samples::{Extent, Sampler},
    types,
};

/// For whom a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    Server,
    Client,
    /// A webhook's.
    Endpoint,
}

/// A message of a release.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub to: To,
    /// The definition that it is of; `Page<Contact>` is a page of contacts.
    pub of: String,
    pub message: Value,
}

/// A version that clients may be of.
pub struct Release {
    pub version: String,
    pub documents: Documents,
    pub messages: Vec<Message>,
}

/// Where releases lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("releases")
}

/// All frozen releases.
pub fn all() -> Vec<Release> {
    let entries = fs::read_dir(folder()).expect("shared/protocol/releases is there");
    let paths = entries.map(|entry| entry.expect("a folder can be listed").path());
    let mut folders: Vec<_> = paths.filter(|path| path.is_dir() && path.join("messages.jsonl").exists()).collect();
    folders.sort();
    folders.iter().map(|path| load(path)).collect()
}

fn load(path: &Path) -> Release {
    let text =
        |name: &str| fs::read_to_string(path.join(name)).unwrap_or_else(|error| panic!("{path:?}/{name}: {error}"));
    let json =
        |name: &str| serde_json::from_str(&text(name)).unwrap_or_else(|error| panic!("{path:?}/{name}: {error}"));
    Release {
        version: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        documents: Documents {
            openapi: json("openapi.json"),
            asyncapi: json("asyncapi.json"),
            webhooks: json("webhooks.json"),
        },
        messages: lines(&text("messages.jsonl")),
    }
}

/// A JSON value a line.
pub fn lines<T: for<'de> Deserialize<'de>>(text: &str) -> Vec<T> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// Definitions that may get new values and kinds: clients get on with those that they do not know.
pub fn open() -> BTreeSet<String> {
    let text = fs::read_to_string(folder().join("open.json")).expect("releases/open.json is there");
    let open: serde_json::Map<String, Value> =
        serde_json::from_str(&text).expect("releases/open.json is a JSON object");
    open.into_iter().map(|(name, _)| name).collect()
}

/// The present code's own documents.
pub fn present() -> Documents {
    Documents {
        openapi: openapi::document(),
        asyncapi: asyncapi::document(),
        webhooks: types::document::<WebhookEvent>(),
    }
}

/// Writes the present code down as a release. What is frozen stays as it is.
///
/// # Errors
/// What is wrong, and what to do.
pub fn freeze(version: &str) -> Result<(), String> {
    let own = env!("CARGO_PKG_VERSION");
    if version != own {
        return Err(format!("this is version {own}, not {version}: set `version` in the workspace's Cargo.toml first"));
    }
    let target = folder().join(version);
    if target.exists() {
        return Err(format!(
            "{version} is frozen already. If nobody has it yet, delete {} and try again",
            target.display()
        ));
    }
    // Whole or not at all: other tests look at the folder meanwhile.
    let half = folder().join(format!(".{version}"));
    fs::create_dir_all(&half).map_err(|error| error.to_string())?;
    let Documents { openapi, asyncapi, webhooks } = present();
    let messages = messages()?
        .iter()
        .map(|message| serde_json::to_string(message).map(|line| line + "\n"))
        .collect::<Result<String, _>>();
    let write = |name: &str, text: String| fs::write(half.join(name), text).map_err(|error| error.to_string());
    write("openapi.json", format!("{openapi:#}\n"))?;
    write("asyncapi.json", format!("{asyncapi:#}\n"))?;
    write("webhooks.json", format!("{webhooks:#}\n"))?;
    write("messages.jsonl", messages.map_err(|error| error.to_string())?)?;
    fs::rename(&half, &target).map_err(|error| error.to_string())
}

/// One of everything that the present code says and is told: each action, frame, body, answer and event, with all that
/// may be there and without.
///
/// # Errors
/// What the present types make nothing of.
pub fn messages() -> Result<Vec<Message>, String> {
    let Documents { openapi, asyncapi, .. } = present();
    let (mut all, mut errors) = (vec![], vec![]);
    let samplers = || [Extent::Bare, Extent::Whole].map(Sampler::new);
    let (asked, said) = (samplers(), samplers());
    let mut add = |to, document: &Value, name: &str| match of(
        to,
        document,
        name,
        if to == To::Server { &asked } else { &said },
    ) {
        Ok(messages) => all.extend(messages),
        Err(error) => errors.push(error),
    };
    add(To::Server, &asyncapi, "ClientFrame");
    add(To::Client, &asyncapi, "ServerFrame");
    for name in names(&openapi, "/requestBody") {
        // Frames over HTTP are the same; what is no JSON (the file of rules) is none of the protocol's types.
        if name != "ClientFrame" {
            add(To::Server, &openapi, &name);
        }
    }
    for name in names(&openapi, "/responses") {
        add(To::Client, &openapi, &name);
    }
    add(To::Client, &openapi, "Problem");
    if !errors.is_empty() {
        return Err(errors.join("\n"));
    }
    let event = |event: WebhookEvent| {
        let message = serde_json::to_value(event).map_err(|error| error.to_string())?;
        Ok(Message { to: To::Endpoint, of: "WebhookEvent".to_owned(), message })
    };
    all.extend(events()?.into_iter().map(event).collect::<Result<Vec<_>, String>>()?);
    Ok(all)
}

fn of(to: To, document: &Value, name: &str, samplers: &[Sampler]) -> Result<Vec<Message>, String> {
    let mut all = vec![];
    for sampler in samplers {
        for mut message in sampler.samples(document, &schema(name)) {
            if name == "InboundEvent" {
                // What says that it is a CloudEvent is the envelope's, not the event's.
                message["specversion"] = json!("1.0");
            }
            let message = match to {
                To::Server => types::read(name, &message).map(|()| message.clone()),
                _ => types::again(name, &message),
            }
            .map_err(|error| format!("{name}: {error}\n  in {message}"))?;
            let message = Message { to, of: name.to_owned(), message };
            if !all.contains(&message) {
                all.push(message);
            }
        }
    }
    Ok(all)
}

/// The schema of a definition, or of a page of it, in a document that has it.
pub fn schema(name: &str) -> Value {
    let of = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    match name.strip_prefix("Page<").and_then(|rest| rest.strip_suffix('>')) {
        Some(row) => json!({"type": "object", "required": ["data"], "properties": {
            "data": {"type": "array", "items": of(row)}, "next_cursor": {"type": ["string", "null"]}}}),
        None => of(name),
    }
}

/// The definitions that operations take or answer.
fn names(openapi: &Value, part: &str) -> BTreeSet<String> {
    let operations =
        openapi["paths"].as_object().into_iter().flatten().flat_map(|(_, path)| path.as_object().into_iter().flatten());
    let contents =
        operations.filter_map(|(_, operation)| operation.pointer(part)).flat_map(|part| match part.get("content") {
            Some(content) => vec![content],
            None => {
                part.as_object().into_iter().flatten().filter_map(|(_, response)| response.get("content")).collect()
            }
        });
    let schemas =
        contents.flat_map(|content| content.as_object().into_iter().flatten()).map(|(_, media)| &media["schema"]);
    schemas.filter_map(|schema| name(openapi, schema)).collect()
}

/// `Page7` is whatever came seventh: pages are named by their rows.
fn name(openapi: &Value, schema: &Value) -> Option<String> {
    let last = |schema: &Value| schema["$ref"].as_str().and_then(|text| text.rsplit('/').next()).map(str::to_owned);
    let name = last(schema)?;
    let rows = &openapi["components"]["schemas"][&name]["properties"]["data"]["items"];
    if name.starts_with("Page") { last(rows).map(|row| format!("Page<{row}>")) } else { Some(name) }
}

/// An event of each type.
fn events() -> Result<Vec<WebhookEvent>, String> {
    let (account, at): (_, Time) =
        (AccountId::new("demo"), "2026-11-30T08:00:00Z".parse().map_err(|error| format!("{error:?}"))?);
    let mut all = vec![];
    let entry = types::document::<Entry>();
    for extent in [Extent::Bare, Extent::Whole] {
        for sample in Sampler::new(extent).samples(&entry, &entry["payload"]) {
            all.extend(types::events(&sample)?);
        }
    }
    let contact = types::document::<Contact>();
    for (version, merged) in [(1, false), (2, false), (3, true)] {
        let sample = Sampler::new(Extent::Whole).samples(&contact, &contact["payload"]).remove(0);
        let mut contact: Contact = serde_json::from_value(sample).map_err(|error| error.to_string())?;
        contact.version = version;
        contact.merged_into = contact.merged_into.filter(|_| merged);
        all.push(WebhookEvent::of_contact(&account, &contact, Some("/crm"), at));
    }
    for kind in [EventType::WebhookDisabled, EventType::WebhookTest] {
        let endpoint = EndpointId::new("01K");
        let subject = endpoint.to_string();
        let data = EventData::Endpoint(EndpointData { endpoint, reason: "somebody tries it out".to_owned() });
        all.push(WebhookEvent::new(
            &account,
            format!("evt_{}", kind.as_str().replace('.', "_")),
            (kind, at),
            subject,
            data,
        ));
    }
    Ok(all)
}
