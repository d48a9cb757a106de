//! That the comparison can fail: the present documents, changed in each way that clients of a release would notice, and
//! in ways that they would not.

use serde_json::{Value, json};

use crate::{
    documents::{Documents, breaks},
    release,
};

type Change = fn(&mut Documents);

/// What the comparison says of the present code's documents, changed.
fn said_of(change: Change) -> Vec<String> {
    let present = release::present();
    let mut changed = present.clone();
    change(&mut changed);
    let breaks = breaks(&present, &changed, &release::open());
    breaks.iter().map(|one| format!("{}: {}", one.place, one.what)).collect()
}

/// A definition of a document.
fn definition<'a>(document: &'a mut Value, name: &str) -> &'a mut Value {
    let found = document.pointer_mut(&format!("/components/schemas/{name}"));
    found.unwrap_or_else(|| panic!("there is no definition {name} any more: choose another for this test"))
}

/// The alternatives of a definition that are told apart by a constant.
fn choices<'a>(document: &'a mut Value, name: &str) -> &'a mut Vec<Value> {
    definition(document, name)["oneOf"].as_array_mut().expect("it has alternatives")
}

fn without(document: &mut Value, name: &str, tag: &str, value: &str) {
    let choices = choices(document, name);
    let before = choices.len();
    choices.retain(|choice| choice["properties"][tag]["const"] != value && choice["const"] != value);
    assert_eq!(choices.len(), before - 1, "{name} has {value}");
}

fn choice<'a>(document: &'a mut Value, name: &str, tag: &str, value: &str) -> &'a mut Value {
    let found = choices(document, name).iter_mut().find(|choice| choice["properties"][tag]["const"] == value);
    found.unwrap_or_else(|| panic!("{name} has no {value} any more: choose another for this test"))
}

fn remove(place: &mut Value, key: &str) {
    place.as_object_mut().expect("an object").remove(key).unwrap_or_else(|| panic!("{key} was not there"));
}

fn operation<'a>(documents: &'a mut Documents, path: &str, method: &str) -> &'a mut Value {
    let found = documents.openapi["paths"].get_mut(path).and_then(|path| path.get_mut(method));
    found.unwrap_or_else(|| panic!("there is no {method} {path} any more: choose another for this test"))
}

/// Holds that each change is noticed, in the words that are given, and nothing else is.
fn noticed(cases: &[(&str, Change)]) {
    for (expected, change) in cases {
        assert_eq!(said_of(*change), [(*expected).to_owned()]);
    }
}

#[test]
fn what_old_clients_send_must_still_be_taken() {
    noticed(&[
        ("ContactChange.email: is taken no longer", |d| {
            remove(&mut definition(&mut d.openapi, "ContactChange")["properties"], "email");
        }),
        ("ContactChange.name: is now required, and such a client leaves it out", |d| {
            definition(&mut d.openapi, "ContactChange")["required"] = json!(["name"]);
        }),
        ("Merge.why: is now required, and such a client leaves it out", |d| {
            let merge = definition(&mut d.openapi, "Merge");
            merge["properties"]["why"] = json!({"type": "string"});
            merge["required"] = json!(["from", "why"]);
        }),
        ("ContactChange.name: a value of type null is taken no longer", |d| {
            definition(&mut d.openapi, "ContactChange")["properties"]["name"]["type"] = json!("string");
        }),
        ("Merge.from: a value of type string is taken no longer", |d| {
            definition(&mut d.openapi, "Merge")["properties"]["from"] = json!({"type": "integer"});
        }),
        ("NewAttachment.name: `maxLength` was none and is now 20", |d| {
            definition(&mut d.openapi, "NewAttachment")["properties"]["name"]["maxLength"] = json!(20);
        }),
        ("NewAttachment.size: `maximum` was 9007199254740991 and is now 255", |d| {
            definition(&mut d.openapi, "NewAttachment")["properties"]["size"]["format"] = json!("uint8");
        }),
        ("Merge.from: `pattern` was none and is now \"^con_\"", |d| {
            definition(&mut d.openapi, "Merge")["properties"]["from"] = json!({"type": "string", "pattern": "^con_"});
        }),
        ("Replay.undelivered: left out, it meant false and now means true", |d| {
            definition(&mut d.openapi, "Replay")["properties"]["undelivered"]["default"] = json!(true);
        }),
        ("QueryRequest.args: takes no properties any more but those it names", |d| {
            definition(&mut d.openapi, "QueryRequest")["properties"]["args"]["additionalProperties"] = json!(false);
        }),
    ]);
}

#[test]
fn frames_that_old_clients_send_must_still_be_taken() {
    noticed(&[
        ("ClientFrame `snooze`: action \"snooze\" is taken no longer", |d| {
            without(&mut d.asyncapi, "ClientFrame", "action", "snooze");
        }),
        ("ClientFrame `close`.reason: is taken no longer", |d| {
            remove(&mut choice(&mut d.asyncapi, "ClientFrame", "action", "close")["properties"], "reason");
        }),
        ("ClientFrame `typing`.seconds: is now required, and such a client leaves it out", |d| {
            let typing = choice(&mut d.asyncapi, "ClientFrame", "action", "typing");
            typing["properties"]["seconds"] = json!({"type": "integer"});
            typing["required"].as_array_mut().expect("a list").push(json!("seconds"));
        }),
        ("TransferTo: a value of type object is taken no longer", |d| {
            choices(&mut d.asyncapi, "TransferTo").clear();
        }),
        ("the limit text_characters: was 8000 and is now 4000", |d| {
            d.asyncapi["x-limits"]["text_characters"] = json!(4000)
        }),
        ("the socket's address.version: is now required, and such a client leaves it out", |d| {
            let query = &mut d.asyncapi["channels"]["socket"]["bindings"]["ws"]["query"];
            query["required"] = json!(["ticket", "version"]);
            query["properties"]["version"] = json!({"type": "string"});
        }),
    ]);
}

#[test]
fn what_old_clients_read_must_still_be_said() {
    noticed(&[
        ("Ticket.url: a value of type integer is new, and such a client does not know it", |d| {
            definition(&mut d.openapi, "Ticket")["properties"]["url"]["type"] = json!("integer");
        }),
        ("Ticket.url: a value of type null is new, and such a client does not know it", |d| {
            definition(&mut d.openapi, "Ticket")["properties"]["url"]["type"] = json!(["string", "null"]);
        }),
        ("Ticket.url: was always there, and now may be absent", |d| {
            definition(&mut d.openapi, "Ticket")["required"]
                .as_array_mut()
                .expect("a list")
                .retain(|name| name != "url");
        }),
        ("Suggestion.text: is there no longer", |d| {
            let suggestion = definition(&mut d.openapi, "Suggestion");
            remove(&mut suggestion["properties"], "text");
            suggestion["required"].as_array_mut().expect("a list").retain(|name| name != "text");
        }),
        ("Problem.detail: is there no longer", |d| {
            remove(&mut definition(&mut d.openapi, "Problem")["properties"], "detail");
        }),
        ("DeliveryStatus: \"lost\" is new, and such a client does not know it", |d| {
            choices(&mut d.openapi, "DeliveryStatus").push(json!({"type": "string", "const": "lost"}));
        }),
        ("Delivery.order: `minimum` was 0 and is now -9007199254740991", |d| {
            let order = &mut definition(&mut d.openapi, "Delivery")["properties"]["order"];
            *order = json!({"type": "integer", "format": "int64"});
        }),
        ("ServerFrame: type \"position\" is never said any more", |d| {
            without(&mut d.asyncapi, "ServerFrame", "type", "position");
        }),
        ("ServerFrame `receipt`.seq: a value of type string is new, and such a client does not know it", |d| {
            choice(&mut d.asyncapi, "ServerFrame", "type", "receipt")["properties"]["seq"] = json!({"type": "string"});
        }),
        ("EventData.reason: was always there, and now may be absent", |d| {
            definition(&mut d.webhooks, "EndpointData")["required"] = json!(["endpoint"]);
        }),
        ("the webhook event message.created: is gone", |d| remove(&mut d.openapi["webhooks"], "message.created")),
    ]);
}

/// An entry that is not known is let be, and yet one that is known must stay what it was.
#[test]
fn a_known_entry_does_not_hide_among_unknown_ones() {
    let said = said_of(|d| {
        let kinds = definition(&mut d.asyncapi, "VisibleEntry")["anyOf"].as_array_mut().expect("it has alternatives");
        let note =
            kinds.iter_mut().find(|kind| kind["properties"]["type"]["const"] == "note").expect("there are notes");
        note["properties"]["text"] = json!({"type": "integer"});
    });
    let what = "EntryView `note`.text: a value of type integer is new, and such a client does not know it";
    assert_eq!(said, [what]);
}

#[test]
fn routes_stay_open_to_whom_they_were() {
    noticed(&[
        ("the route /v1/held: is gone", |d| remove(&mut d.openapi["paths"], "/v1/held")),
        ("the route /v1/labels/{name}: delete: is gone", |d| {
            remove(&mut d.openapi["paths"]["/v1/labels/{name}"], "delete")
        }),
        ("GET /v1/contacts: was for \"agents\" and is now for \"administrators\"", |d| {
            operation(d, "/v1/contacts", "get")["x-access"] = json!("administrators");
        }),
        ("GET /v1/contacts, parameter \"q\": is taken no longer", |d| {
            let parameters = operation(d, "/v1/contacts", "get")["parameters"].as_array_mut().expect("a list");
            parameters.retain(|parameter| parameter["name"] != "q");
        }),
        ("GET /v1/contacts, parameter \"team\": is required, and such a client does not send it", |d| {
            let team = json!({"name": "team", "in": "query", "required": true, "schema": {"type": "string"}});
            operation(d, "/v1/contacts", "get")["parameters"].as_array_mut().expect("a list").push(team);
        }),
        ("POST /v1/tickets: needs a body now, and such a client sends none", |d| {
            let content = json!({"application/json": {"schema": {"type": "object"}}});
            operation(d, "/v1/tickets", "post")["requestBody"] = json!({"required": true, "content": content});
        }),
        ("POST /v1/token, a body of application/x-www-form-urlencoded: is gone", |d| {
            remove(
                &mut operation(d, "/v1/token", "post")["requestBody"]["content"],
                "application/x-www-form-urlencoded",
            );
        }),
        ("POST /v1/tickets, the answer 201: is gone", |d| {
            let responses = &mut operation(d, "/v1/tickets", "post")["responses"];
            responses["200"] = responses["201"].clone();
            remove(responses, "201");
        }),
    ]);
}

/// An alternative with nothing but what tells it from others.
fn told_by(tag: &str, value: &str) -> Value {
    json!({"type": "object", "required": [tag], "properties": {tag: {"type": "string", "const": value}}})
}

#[test]
fn what_nobody_notices_is_no_break() {
    let cases: [Change; 11] = [
        |_| {},
        |d| definition(&mut d.openapi, "ContactChange")["properties"]["birthday"] = json!({"type": "string"}),
        |d| definition(&mut d.openapi, "Merge")["required"] = json!([]),
        |d| definition(&mut d.openapi, "Merge")["properties"]["from"] = json!({"type": ["string", "integer"]}),
        |d| {
            let action = told_by("action", "dance");
            choices(&mut d.asyncapi, "ClientFrame").push(action);
        },
        |d| {
            let frame = told_by("type", "dance");
            choices(&mut d.asyncapi, "ServerFrame").push(frame);
        },
        |d| {
            let ticket = definition(&mut d.openapi, "Ticket");
            ticket["properties"]["region"] = json!({"type": "string"});
            ticket["required"].as_array_mut().expect("a list").push(json!("region"));
        },
        |d| choices(&mut d.openapi, "Code").push(json!({"type": "string", "const": "too_slow"})),
        |d| {
            let kinds =
                definition(&mut d.asyncapi, "VisibleEntry")["anyOf"].as_array_mut().expect("it has alternatives");
            kinds.push(told_by("type", "danced"));
        },
        |d| d.asyncapi["x-limits"]["text_characters"] = json!(9000),
        |d| operation(d, "/v1/account", "get")["x-access"] = json!("agents"),
    ];
    for (place, change) in cases.into_iter().enumerate() {
        assert_eq!(said_of(change), Vec::<String>::new(), "case {place}");
    }
}
