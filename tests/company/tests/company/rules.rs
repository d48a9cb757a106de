//! The rules that the company brings along are right, and its own answers fit them.

use std::collections::BTreeMap;

use deskwire_rules::{Book, Step};
use serde_json::{Map, Value, json};

use crate::stage::Stage;

const RULES: &str = include_str!("../../src/rules.yaml");

/// What the company answers to a query, read as Deskwire reads it.
async fn found(stage: &Stage, book: &Book, name: &str, given: &Value) -> deskwire_rules::Found {
    let query = &book.queries[name];
    let contact = json!({"external_id": "cust-1002"});
    let args: BTreeMap<_, _> = query.arguments(given.as_object().unwrap(), Some(&contact)).unwrap();
    let mut secrets = Map::new();
    for secret in &query.secrets {
        let given = &stage.deskwire.calls(&format!("PUT /v1/secrets/{secret}"))[0];
        secrets.insert(secret.clone(), given.body["value"].clone());
    }
    let parts = book.request(query, &args, &secrets).unwrap();
    let request =
        parts.headers.iter().fold(stage.client.get(&parts.url), |request, (name, value)| request.header(name, value));
    let answer = request.send().await.unwrap().error_for_status().unwrap().json().await.unwrap();
    book.found(query, &args, &answer).unwrap()
}

fn values(found: &deskwire_rules::Found) -> Vec<String> {
    found.card.as_ref().unwrap().fields.iter().map(|field| field.value.clone()).collect()
}

#[tokio::test]
async fn queries_read_what_the_business_api_answers() {
    let book = Book::read(RULES).unwrap();
    let stage = Stage::joined().await;
    let order = found(&stage, &book, "order", &json!({"number": "A1003"})).await;
    assert_eq!(values(&order), ["paid", "龙井茶 250 g, Tea cup 茶杯", "268.00 CNY"]);
    let order = found(&stage, &book, "order", &json!({"number": "A1004"})).await;
    assert_eq!(values(&order), ["shipped", "毛笔 Brush", "99.00 CNY", "Swift Parcel"]);
    let logistics = found(&stage, &book, "logistics", &json!({"number": "A1003"})).await.card.unwrap();
    assert!(logistics.buttons.is_empty() && logistics.text.is_some());
    let logistics = found(&stage, &book, "logistics", &json!({"number": "A1004"})).await.card.unwrap();
    assert_eq!(logistics.buttons[0].url.as_deref(), Some("https://parcel.example/SP1004"));
    assert_eq!(logistics.text, None);
    let refund = found(&stage, &book, "my_refund", &json!({"number": "A1004"})).await;
    assert_eq!(values(&refund), ["not requested", "99.00 CNY"]);
    for (tags, row) in [(0, None), (1, Some("a")), (2, Some("a, b"))] {
        for tag in ["a", "b"].iter().take(tags) {
            stage.company.tag("cust-1002", tag).await.unwrap();
        }
        let customer = found(&stage, &book, "customer_by_phone", &json!({"phone": "+86 13800000002"})).await;
        assert_eq!(customer.card.as_ref().unwrap().title, "李雷");
        assert_eq!(values(&customer).get(2).map(String::as_str), row);
    }
    let nobody = found(&stage, &book, "customer_by_phone", &json!({"phone": "000000"})).await.card.unwrap();
    assert_eq!((nobody.title.as_str(), nobody.fields.len()), ("No customer has 000000", 0));
}

#[tokio::test]
async fn every_event_of_the_company_has_a_rule_whose_words_come_out() {
    let book = Book::read(RULES).unwrap();
    let stage = Stage::joined().await;
    stage.company.ship("A1003").await.unwrap();
    stage.company.deliver("A1003").await.unwrap();
    stage.company.refund_requested("A1003").await.unwrap();
    stage.company.tag("cust-1002", "vip").await.unwrap();
    let mut said = vec![];
    for event in stage.deskwire.events() {
        let rules: Vec<_> = book.concerned(&event.body).map(|(_, rule)| rule).collect();
        assert_eq!(rules.len(), 1, "{}", event.raw);
        assert!(rules[0].contact(&event.body).unwrap().is_some());
        let mut known = Book::known(&event.body);
        known.insert("contact".to_owned(), json!({"name": "李雷"}));
        for step in &rules[0].steps {
            match step {
                Step::Query { name, result, .. } => {
                    let given = json!({"number": event.body["data"]["number"]});
                    known.insert(result.clone(), found(&stage, &book, name, &given).await.slots.into());
                }
                Step::Card(_, card) => said.push(book.card(card, &known).unwrap().title),
                Step::Message(text) | Step::Notify(text) => said.push(book.text(text, &known).unwrap()),
                Step::UpdateContact { attributes, .. } => {
                    assert_eq!(book.text(&attributes["last_order"], &known).unwrap(), "A1003");
                }
                Step::Open(opening) => {
                    let words = opening.message.iter().chain(&opening.note);
                    said.extend(words.map(|text| book.text(text, &known).unwrap()));
                }
                _ => {}
            }
        }
    }
    assert_eq!(
        said,
        [
            "Order A1003 has shipped",
            "Your order A1003 has shipped with Swift Parcel.",
            "Your order A1003 was delivered. We hope that you like it.",
            "We have your request for a refund of order A1003, and will answer here.",
            "Order A1003 for 268.00: is the money to be given back?",
            "李雷 asks for a refund of order A1003",
            "李雷 is now tagged: vip",
        ]
    );
}
