//! What a release says of itself, beside what the present code says: each operation, frame and webhook in its direction.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    compare::{Break, Comparison, Reader},
    shape::resolve,
};

/// Who may call a route, from everybody on: a step to the right shuts somebody out.
const ACCESS: [&str; 4] = ["public", "any token", "agents", "administrators"];

const KEEP: &str = "keep it; what replaces it comes beside it";

/// The three documents of a version.
#[derive(Clone)]
pub struct Documents {
    pub openapi: Value,
    pub asyncapi: Value,
    /// The webhook events' envelope, with definitions. (`/schemas/*.json` have them too, without names to tell by.)
    pub webhooks: Value,
}

/// What clients of the release `old` can no longer do with a server of the version `new`.
pub fn breaks(old: &Documents, new: &Documents, open: &BTreeSet<String>) -> Vec<Break> {
    let mut all = http(&old.openapi, &new.openapi, open);
    all.extend(frames(&old.asyncapi, &new.asyncapi, open));
    let webhooks = Comparison::new(&new.webhooks, &old.webhooks, Reader::OldClient, open);
    all.extend(webhooks.breaks(&new.webhooks["payload"], &old.webhooks["payload"], "webhook"));
    all.extend(gone(&old.openapi["webhooks"], &new.openapi["webhooks"], "the webhook event"));
    all.sort();
    all.dedup();
    all
}

fn http(old: &Value, new: &Value, open: &BTreeSet<String>) -> Vec<Break> {
    let asks = Comparison::new(old, new, Reader::NewServer, open);
    let answers = Comparison::new(new, old, Reader::OldClient, open);
    let mut all = gone(&old["paths"], &new["paths"], "the route");
    for (path, methods) in map(&old["paths"]) {
        let Some(now) = new["paths"].get(path) else { continue };
        all.extend(gone(methods, now, &format!("the route {path}:")));
        for (method, was) in map(methods) {
            let Some(is) = now.get(method) else { continue };
            let place = format!("{} {path}", method.to_uppercase());
            all.extend(access(was, is, &place));
            all.extend(parameters(was, is, &place, &asks));
            all.extend(bodies(was, is, &place, &asks));
            all.extend(responses((old, was), (new, is), &place, &answers));
        }
    }
    all
}

fn frames(old: &Value, new: &Value, open: &BTreeSet<String>) -> Vec<Break> {
    let payload = |side: &str| format!("/components/messages/{side}/payload");
    let at = |document: &Value, side: &str| document.pointer(&payload(side)).cloned().unwrap_or_default();
    let asks = Comparison::new(old, new, Reader::NewServer, open);
    let mut all = asks.breaks(&at(old, "client"), &at(new, "client"), "a client's frame");
    let hints = Comparison::new(new, old, Reader::OldClient, open);
    all.extend(hints.breaks(&at(new, "server"), &at(old, "server"), "a server's frame"));
    let query = "/channels/socket/bindings/ws/query";
    let (was, is) = (old.pointer(query), new.pointer(query));
    all.extend(was.zip(is).into_iter().flat_map(|(was, is)| asks.breaks(was, is, "the socket's address")));
    for (name, limit) in map(&old["x-limits"]) {
        let is = &new["x-limits"][name];
        if is.as_f64() < limit.as_f64() {
            all.push(fault(format!("the limit {name}"), format!("was {limit} and is now {is}"), "do not tighten it"));
        }
    }
    all
}

fn access(was: &Value, is: &Value, place: &str) -> Vec<Break> {
    let step = |operation: &Value| ACCESS.iter().position(|word| operation["x-access"] == *word);
    let (before, now) = (&was["x-access"], &is["x-access"]);
    let shut = match (step(was), step(is)) {
        (Some(one), Some(two)) => two > one,
        _ => before != now,
    };
    let what = format!("was for {before} and is now for {now}");
    shut.then(|| fault(place.to_owned(), what, "leave it to whom it was for")).into_iter().collect()
}

fn parameters(was: &Value, is: &Value, place: &str, asks: &Comparison<'_>) -> Vec<Break> {
    let list = |operation: &Value| operation["parameters"].as_array().cloned().unwrap_or_default();
    let same = |one: &Value, two: &Value| one["name"] == two["name"] && one["in"] == two["in"];
    let (before, now) = (list(was), list(is));
    let mut all = vec![];
    for parameter in &before {
        let place = format!("{place}, parameter {}", parameter["name"]);
        match now.iter().find(|own| same(own, parameter)) {
            None => all.push(fault(place, "is taken no longer".to_owned(), KEEP)),
            Some(own) => {
                if own["required"] == true && parameter["required"] != true {
                    all.push(fault(place.clone(), "is now required".to_owned(), "make it optional"));
                }
                all.extend(asks.breaks(&parameter["schema"], &own["schema"], &place));
            }
        }
    }
    let added = now.iter().filter(|own| own["required"] == true && !before.iter().any(|one| same(one, own)));
    let what = "is required, and such a client does not send it";
    all.extend(
        added.map(|own| fault(format!("{place}, parameter {}", own["name"]), what.to_owned(), "make it optional")),
    );
    all
}

fn bodies(was: &Value, is: &Value, place: &str, asks: &Comparison<'_>) -> Vec<Break> {
    let (before, now) = (&was["requestBody"], &is["requestBody"]);
    let mut all = gone(&before["content"], &now["content"], &format!("{place}, a body of"));
    if now["required"] == true && before["required"] != true {
        let what = "needs a body now, and such a client sends none";
        all.push(fault(place.to_owned(), what.to_owned(), "let it do without"));
    }
    for (media, content) in map(&before["content"]) {
        if let Some(own) = now["content"].get(media) {
            all.extend(asks.breaks(&content["schema"], &own["schema"], &format!("{place}, the body")));
        }
    }
    all
}

fn responses(old: (&Value, &Value), new: (&Value, &Value), place: &str, answers: &Comparison<'_>) -> Vec<Break> {
    let (before, now) = (&old.1["responses"], &new.1["responses"]);
    let mut all = gone(before, now, &format!("{place}, the answer"));
    for (status, response) in map(before) {
        let Some(own) = now.get(status) else { continue };
        let (response, own) = (meant(old.0, response), meant(new.0, own));
        all.extend(gone(&response["content"], &own["content"], &format!("{place}, an answer of")));
        for (media, content) in map(&response["content"]) {
            if let Some(own) = own["content"].get(media) {
                all.extend(answers.breaks(&own["schema"], &content["schema"], &format!("{place}, the answer")));
            }
        }
    }
    all
}

fn meant<'a>(document: &'a Value, response: &'a Value) -> &'a Value {
    response.get("$ref").and_then(Value::as_str).map_or(response, |reference| resolve(document, reference))
}

/// What the one has and the other has not.
fn gone(was: &Value, is: &Value, what: &str) -> Vec<Break> {
    let gone = map(was).filter(|(name, _)| is.get(name).is_none());
    gone.map(|(name, _)| fault(format!("{what} {name}"), "is gone".to_owned(), KEEP)).collect()
}

fn map(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn fault(place: String, what: String, advice: &'static str) -> Break {
    Break { place, what, advice }
}
