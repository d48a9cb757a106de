//! Files that are right, and files that are wrong in every way that people get them wrong.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeMap;

use deskwire_rules::{Audience, Book, Step, Who};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const SHOP: &str = r#"
version: 1
queries:
  order:
    description: An order by its number
    command: order
    url: "{{ secret.shop }}/orders/{{ number }}?lang={{ lang }}"
    headers: {authorization: "Bearer {{ secret.token }}"}
    args:
      number: {pattern: '[A-Z]\d{3,10}'}
      lang: {optional: true}
    cache_seconds: 30
    slots:
      status: $.status
      items: $.items[*].name
    card:
      title: "Order {{ number }}"
      fields:
        - {name: Status, value: "{{ status }}"}
        - {name: Items, value: "{{ items | join(', ') if items is not string else items }}"}
        - {name: Coupon, value: ""}
      buttons:
        - {label: Track, postback: "track {{ number }}"}
  mine:
    method: POST
    url: "{{ secret.shop }}/mine"
    body: '{"customer": {{ customer | tojson }}}'
    args: {customer: {from: contact.external_id}}
rules:
  - name: shipped
    when:
      type: shop.order.*
      source: https://shop.example
      fields: {$.data.status: [shipped, sent], $.data.number: "*"}
    contact: {external_id: $.data.customer, create: true}
    do:
      - query: {name: order, args: {number: "{{ data.number }}"}, as: order}
      - card: {to: agents, title: "Order {{ data.number }}", fields: [{name: Status, value: "{{ order.status }}"}]}
      - message: "Your order {{ data.number }} has shipped."
      - update_contact: {attributes: {last_order: "{{ data.number }}"}, add_tags: [buyer]}
      - set_tags: $.data.tags
      - notify: |
          {% if contact.name %}{{ contact.name }}{% else %}Somebody{% endif %} waits
      - label: {add: [shipped]}
      - open: {message: "Look at {{ data.number }}", labels: [ticket], team: tea_support}
"#;

fn event(status: &str) -> Value {
    json!({"id": "1", "source": "https://shop.example", "type": "shop.order.changed",
           "data": {"status": status, "number": "A1001", "customer": 7, "tags": ["vip"]}})
}

#[expect(clippy::needless_pass_by_value, reason = "tests write json!(…) in place")]
fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn a_rule_concerns_what_it_says_and_knows_whom_it_is_about() {
    let book = Book::read(SHOP).unwrap();
    assert_eq!(book.concerned(&event("shipped")).count(), 1);
    assert_eq!(book.concerned(&event("paid")).count(), 0);
    let mut other = event("sent");
    other["source"] = "https://elsewhere.example".into();
    assert_eq!(book.concerned(&other).count(), 0);
    let (_, rule) = book.concerned(&event("sent")).next().map(|(n, rule)| (n, rule.name.clone())).unwrap();
    assert_eq!(rule, "shipped");
    let rule = &book.rules[0];
    assert_eq!(rule.contact(&event("sent")).unwrap(), Some((Who::ExternalId("7".into()), true)));
    assert!(rule.contact(&json!({"data": {"customer": null}})).is_err());
    let names: Vec<_> = rule.steps.iter().map(Step::name).collect();
    assert_eq!(names, ["query", "card", "message", "update_contact", "set_tags", "notify", "label", "open"]);
}

#[test]
fn words_are_filled_in_and_what_is_missing_is_said() {
    let book = Book::read(SHOP).unwrap();
    let mut known = Book::known(&event("shipped"));
    known.insert("contact".into(), json!({"name": "李雷"}));
    known.insert("order".into(), json!({"status": "on its way"}));
    let steps = &book.rules[0].steps;
    let Step::Message(message) = &steps[2] else { panic!("{steps:?}") };
    assert_eq!(book.text(message, &known).unwrap(), "Your order A1001 has shipped.");
    let Step::Card(Audience::Agents, card) = &steps[1] else { panic!("{steps:?}") };
    assert_eq!(book.card(card, &known).unwrap().fields[0].value, "on its way");
    let Step::Notify(notify) = &steps[5] else { panic!("{steps:?}") };
    assert_eq!(book.text(notify, &known).unwrap().trim(), "李雷 waits");
    known.insert("contact".into(), json!({}));
    assert_eq!(book.text(notify, &known).unwrap().trim(), "Somebody waits");
    known.insert("data".into(), json!({}));
    assert!(book.text(message, &known).unwrap_err().to_string().contains("undefined"));
    // Markup stays text.
    known.insert("data".into(), json!({"number": "<b>&"}));
    assert_eq!(book.text("{{ data.number }}", &known).unwrap(), "<b>&");
}

#[test]
fn a_query_makes_a_request_and_reads_its_answer() {
    let book = Book::read(SHOP).unwrap();
    let query = &book.queries["order"];
    let args = query.arguments(&map(json!({"number": "A1001"})), None).unwrap();
    let secrets = map(json!({"shop": "https://shop.example/base", "token": "sesame"}));
    assert_eq!(query.secrets.iter().map(String::as_str).collect::<Vec<_>>(), ["shop", "token"]);
    let request = book.request(query, &args, &secrets).unwrap();
    assert_eq!(request.url, "https://shop.example/base/orders/A1001?lang=");
    assert_eq!(request.headers, [("authorization".to_owned(), "Bearer sesame".to_owned())]);
    let answer = json!({"status": "shipped", "items": [{"name": "tea"}, {"name": "cup"}]});
    let found = book.found(query, &args, &answer).unwrap();
    assert_eq!(found.slots["items"], json!(["tea", "cup"]));
    let card = found.card.unwrap();
    assert_eq!(card.fields.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["shipped", "tea, cup"]);
    assert_eq!(card.buttons[0].postback.as_deref(), Some("track A1001"));
    for (given, wrong) in [
        (json!({}), "missing"),
        (json!({"number": "1; DROP"}), "must match"),
        (json!({"number": "A1001", "x": 1}), "no such"),
    ] {
        assert!(query.arguments(&map(given), None).unwrap_err().to_string().contains(wrong), "{wrong}");
    }
}

#[test]
fn whose_data_it_is_comes_from_the_contact_alone() {
    let book = Book::read(SHOP).unwrap();
    let query = &book.queries["mine"];
    let contact = json!({"external_id": "li-lei"});
    let args = query.arguments(&map(json!({"customer": "somebody-else"})), Some(&contact)).unwrap();
    assert_eq!(args["customer"], "li-lei");
    assert!(query.arguments(&Map::new(), None).is_err());
    assert!(query.arguments(&Map::new(), Some(&json!({"id": "con_x"}))).is_err());
    let request = book.request(query, &args, &map(json!({"shop": "https://s.example"}))).unwrap();
    assert_eq!((request.post, request.body.as_str()), (true, "{\"customer\": \"li-lei\"}"));
}

#[test]
fn mistakes_are_named_by_line() {
    for (yaml, line, words) in [
        ("version: 2\n", 1, "version"),
        ("version: 1\nrulez: []\n", 2, "rulez"),
        ("version: 1\nrules:\n  - name: x\n    when: {type: y\n    do: []\n", 5, ""),
        ("version: 1\nqueries:\n  order:\n    url: https://x\n    cash_seconds: 1\n", 5, "cash_seconds"),
        ("version: 1\nqueries:\n  Order:\n    url: https://x\n", 4, "Order"),
        ("version: 1\nqueries:\n  order:\n    url: https://x/{{ number }}\n", 4, "number"),
        ("version: 1\nqueries:\n  order:\n    url: \"https://x/{{ number\"\n    args: {number: {}}\n", 4, "syntax"),
        ("version: 1\nqueries:\n  order:\n    url: \"https://{{ n }}.x/\"\n    args: {n: {}}\n", 4, "host"),
        ("version: 1\nqueries:\n  order:\n    url: file:///etc/passwd\n", 4, "host"),
        (
            "version: 1\nqueries:\n  q:\n    method: POST\n    url: https://x\n    args: {n: {}}\n    body: '{\"n\": \"{{ n }}\"}'\n",
            7,
            "JSON",
        ),
        ("version: 1\nqueries:\n  order:\n    url: https://x\n    slots:\n      a: $.[\n", 6, "JSONPath"),
        ("version: 1\nqueries:\n  order:\n    url: https://x\n    timeout_seconds: 300\n", 5, "1 to 20"),
        ("version: 1\nqueries:\n  order:\n    url: https://x\n    args:\n      n: {pattern: '('}\n", 6, "pattern"),
        ("version: 1\nqueries:\n  order:\n    url: https://x\n    args:\n      n: {from: text}\n", 6, "from"),
        ("version: 1\nrules:\n  - name: a\n    when: {type: x}\n    do:\n      - message: hello\n", 6, "contact"),
        ("version: 1\nrules:\n  - name: a\n    when: {type: x}\n    do:\n      - shout: hello\n", 6, "shout"),
        (
            "version: 1\nrules:\n  - name: a\n    when: {type: x}\n    contact: {email: $.e, phone: $.p}\n    do:\n      - notify: hello\n",
            5,
            "one of",
        ),
        (
            "version: 1\nrules:\n  - name: a\n    when: {type: x}\n    contact: {email: $.e}\n    do:\n      - notify: \"{{ dta.x }}\"\n",
            7,
            "dta",
        ),
        (
            "version: 1\nrules:\n  - name: a\n    when: {type: x}\n    contact: {email: $.e}\n    do:\n      - notify: |\n          fine\n          {% if %}\n",
            9,
            "syntax",
        ),
        (
            "version: 1\nrules:\n  - name: a\n    when: {type: x}\n    contact: {email: $.e}\n    do:\n      - notify: \"{{ secret.token }}\"\n",
            7,
            "secret",
        ),
        (
            "version: 1\nrules:\n  - name: a\n    when: {type: x}\n    do:\n      - query: {name: gone, as: y}\n",
            6,
            "gone",
        ),
        ("version: 1\nrules:\n  - name: a\n    when: {type: x}\n    do: []\n", 5, "steps"),
    ] {
        let mistakes = Book::read(yaml).unwrap_err();
        let first = &mistakes[0];
        assert!(first.line == line && first.message.contains(words), "{yaml}\n{mistakes:?}");
        assert!(first.column > 0 && !first.message.contains('\n'), "{mistakes:?}");
    }
    // All of them at once, each with its line.
    let several = "version: 1\nqueries:\n  a:\n    url: \"https://h/{{ x }}\"\n  b:\n    url: \"https://h/{{ y }}\"\n";
    let lines: Vec<_> = Book::read(several).unwrap_err().iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn what_the_readme_shows_is_accepted() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap();
    let block = |begin: &str| {
        let (_, rest) = readme.split_once(&format!("```yaml\n{begin}")).unwrap();
        format!("{begin}{}", rest.split_once("```").unwrap().0)
    };
    let book = Book::read(&format!("{}{}", block("version: 1\nrules:"), block("queries:"))).unwrap();
    assert_eq!((book.rules.len(), book.queries.len()), (1, 1));
}

#[test]
fn bombs_are_refused() {
    let mut laughs = String::from("version: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..12 {
        laughs += &format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 10].join(", "));
    }
    assert!(Book::read(&laughs).is_err());
    assert!(Book::read(&"x".repeat(200 * 1024)).is_err());
    let book = Book::read("version: 1").unwrap();
    assert!(
        book.text("{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}", &Map::new())
            .is_err()
    );
}

proptest! {
    /// Whatever stands in an argument, the request goes to the host and path that the company wrote, with that many parts.
    #[test]
    fn an_argument_cannot_lead_elsewhere(text in "\\PC{1,60}") {
        let book = Book::read("version: 1\nqueries:\n  q:\n    url: https://shop.example/orders/{{ n }}?x={{ n }}\n    args: {n: {}}\n").unwrap();
        let query = &book.queries["q"];
        let Ok(args) = query.arguments(&map(json!({"n": text})), None) else { return Ok(()) };
        // Dots alone are refused.
        let Ok(request) = book.request(query, &args, &Map::new()) else {
            prop_assert!(matches!(args["n"].as_str(), "." | ".."), "{}", args["n"]);
            return Ok(());
        };
        let url = request.url;
        let rest = url.strip_prefix("https://shop.example/orders/").unwrap();
        prop_assert!(rest.chars().all(|c| c.is_ascii_alphanumeric() || "-_.~%?=".contains(c)), "{rest}");
        prop_assert_eq!(rest.matches('?').count(), 1);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", lines in proptest::collection::vec("[ -]{0,4}(version|rules|queries|when|do|url)?: ?[\\[{&*|>!]?\\PC{0,8}", 0..8)) {
        let _ = Book::read(&text);
        let _ = Book::read(&format!("version: 1\n{}", lines.join("\n")));
    }
}

#[test]
fn what_could_fill_the_memory_is_not_offered() {
    let file = |template: &str| {
        format!(
            "version: 1\nrules:\n  - name: a\n    when: {{type: x}}\n    contact: {{email: $.e}}\n    do:\n      - notify: \"{template}\"\n"
        )
    };
    for (template, word) in [
        ("{% set a = 1 %}{{ a }}", "set"),
        ("{% macro m() %}{% endmacro %}x", "macro"),
        ("{%- filter upper %}x{% endfilter %}", "filter"),
        ("{{ 'x' | indent(60000000000) }}", "indent"),
    ] {
        let mistakes = Book::read(&file(template)).unwrap_err();
        assert!(mistakes[0].line == 7 && mistakes[0].message.contains(word), "{mistakes:?}");
    }
    let paths = "version: 1\nqueries:\n  q:\n    url: https://x\n    slots:\n      a: $..*..*\n";
    assert_eq!(Book::read(paths).unwrap_err()[0].line, 6);
    let book = Book::read("version: 1").unwrap();
    let known = map(json!({"a": "y".repeat(60_000)}));
    for template in
        ["{% for n in range(50000) %}{{ a }}{% endfor %}", "{{ a | replace('y', a) }}", "{{ a | replace('', a) }}"]
    {
        let fault = book.text(template, &known).unwrap_err().to_string();
        assert!(fault.contains("more than") || fault.contains("too much"), "{fault}");
    }
}

#[test]
fn what_is_put_into_a_body_is_a_value_there() {
    let yaml = "version: 1\nqueries:\n  q:\n    method: POST\n    url: https://x/{{ n | upper }}\n    body: '{\"n\": {{ n }}, \"t\": {{ n | tojson }}, \"s\": \"{{ secret.s }}\"}'\n    args: {n: {}}\n";
    let book = Book::read(yaml).unwrap();
    let args = BTreeMap::from([("n".to_owned(), "\",\"admin\":true,\"x\":\"".to_owned())]);
    let body = book.request(&book.queries["q"], &args, &map(json!({"s": "sesame"}))).unwrap().body;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({"n": args["n"], "t": args["n"], "s": "sesame"}));
    for filter in ["safe", "e", "tojson"] {
        let yaml = format!(
            "version: 1\nqueries:\n  q:\n    url: \"https://x/{{{{ n | {filter} }}}}\"\n    args: {{n: {{}}}}\n"
        );
        let Ok(book) = Book::read(&yaml) else { continue };
        assert!(book.request(&book.queries["q"], &args, &Map::new()).is_err(), "{filter} leads out of the address");
    }
}

#[test]
fn a_path_of_dots_stays_where_it_is_put() {
    let book =
        Book::read("version: 1\nqueries:\n  q:\n    url: https://shop.example/orders/{{ n }}/x\n    args: {n: {}}\n")
            .unwrap();
    let query = &book.queries["q"];
    for dots in [".", "..", "%2e%2e"] {
        let args = BTreeMap::from([("n".to_owned(), dots.to_owned())]);
        let url = book.request(query, &args, &Map::new());
        // `..` is a step up for every URL parser, however it is spelled: it is refused.
        assert!(url.is_err() || url.unwrap().url.contains("%25"), "{dots}");
    }
}
