//! The tools of a turn. What says *whose* data it is comes from the conversation's contact, and only from one whom the
//! company's sign-on vouches for; what a text says of it is not even asked.

use std::collections::BTreeMap;

use deskwire_ai::{
    agent::{Parameter, Tool, ToolAnswer, ToolCall},
    entities::{ORDER_PATTERNS, Pattern},
    local::language,
    phrases::{Words, pick},
};
use deskwire_domain::{AccountId, BusinessHours, Code, Refusal};
use deskwire_protocol::http::Contact;
use deskwire_rules::{Book, Query};
use serde_json::{Map, Value, json};

use super::brain::Brain;
use crate::{App, AppError, claims::vouched};

/// Says when people are there.
pub(super) const BUSINESS_HOURS: &str = "business_hours";
/// Gives the conversation to people as a ticket.
pub(super) const OPEN_TICKET: &str = "open_ticket";
/// Arguments that are an order's number, whatever the tool.
const ORDER_ARGUMENTS: [&str; 4] = ["order", "order_number", "order_no", "order_id"];
/// Arguments that are one where the tool is about orders.
const NUMBER_ARGUMENTS: [&str; 3] = ["number", "no", "id"];

/// The parameter of [`OPEN_TICKET`].
pub(super) const MESSAGE: &str = "message";

/// What a visitor may have asked for them: the queries that are theirs to ask, and what Deskwire itself does.
pub(super) fn offered(book: &Book) -> Vec<Tool> {
    let queries =
        book.queries.iter().filter(|(_, query)| query.is_for_visitors()).map(|(name, query)| tool(name, query));
    let own = [
        Tool {
            name: BUSINESS_HOURS.to_owned(),
            description: "Whether people are there now, and when they are there next".to_owned(),
            parameters: vec![],
        },
        Tool {
            name: OPEN_TICKET.to_owned(),
            description: "Open a ticket: people will answer it later".to_owned(),
            parameters: vec![Parameter {
                name: MESSAGE.to_owned(),
                description: Some("What it is about, in the visitor's words".to_owned()),
                ..Parameter::default()
            }],
        },
    ];
    queries.chain(own).collect()
}

fn tool(name: &str, query: &Query) -> Tool {
    // What comes from the contact is no parameter: no mind can say whose data it wants.
    let asked = query.args.iter().filter(|(_, arg)| arg.from.is_none());
    let parameter = |(name, arg): (&String, &deskwire_rules::Arg)| Parameter {
        name: name.clone(),
        description: arg.description.clone(),
        pattern: arg.pattern().map(str::to_owned),
        optional: arg.optional,
        ask: None,
    };
    Tool {
        name: name.to_owned(),
        description: query.description.clone().unwrap_or_else(|| name.replace('_', " ")),
        parameters: asked.map(parameter).collect(),
    }
}

/// What may be said of a query's answer beside its arguments and slots, by Deskwire's own tools.
const HOURS_SLOTS: [&str; 2] = ["open", "next_opening"];

/// Whether an intent may ask this tool, and its words may be said.
pub(super) fn check_tool(
    book: &Book,
    name: &str,
    (words, ask): (&Words, &BTreeMap<String, Words>),
) -> Result<(), Refusal> {
    let tools = offered(book);
    let bad = |detail: String| Refusal::with(Code::InvalidField, detail);
    let Some(tool) = tools.iter().find(|tool| tool.name == name) else {
        let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
        let what = "queries of the rules file with an argument `from: contact.…` or `anyone: true`, and Deskwire's own";
        return Err(bad(format!(
            "action.tool: there is no {name} for visitors; there are {} ({what})",
            names.join(", ")
        )));
    };
    let arguments: Vec<&str> = tool.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    if let Some(other) = ask.keys().find(|name| !arguments.contains(&name.as_str())) {
        return Err(bad(format!("action.ask: {name} has no argument {other}; it has: {}", arguments.join(", "))));
    }
    let slots = match book.queries.get(name) {
        Some(query) => query.slot_names().collect(),
        None if name == BUSINESS_HOURS => HOURS_SLOTS.to_vec(),
        None => vec![],
    };
    let known = [arguments, slots].concat();
    for template in words.values() {
        let names = book.names(template).map_err(|fault| bad(format!("action.words: {fault}")))?;
        if let Some(other) = names.iter().find(|name| !known.contains(&name.split('.').next().unwrap_or(name))) {
            return Err(bad(format!("action.words: {name} gives no {other}; it gives: {}", known.join(", "))));
        }
    }
    Ok(())
}

/// What order numbers look like: as the arguments say that are an order's number by their name, or the `number` of a
/// tool that is about orders by its. A pattern that ordinary words match (`.{1,30}`) says nothing.
pub(super) fn order_patterns(tools: &[Tool]) -> Vec<String> {
    let about_orders = |tool: &Tool| tool.name.split(['_', '-', '.']).any(|part| matches!(part, "order" | "orders"));
    let is_number = |tool: &Tool, name: &str| {
        ORDER_ARGUMENTS.contains(&name) || about_orders(tool) && NUMBER_ARGUMENTS.contains(&name)
    };
    let all = tools.iter().flat_map(|tool| tool.parameters.iter().map(move |parameter| (tool, parameter)));
    let patterns = all.filter(|(tool, parameter)| is_number(tool, &parameter.name));
    let telling = |pattern: &String| Pattern::new(pattern).is_ok_and(|pattern| pattern.is_telling());
    let mut patterns: Vec<String> =
        patterns.filter_map(|(_, parameter)| parameter.pattern.clone()).filter(telling).collect();
    patterns.sort();
    patterns.dedup();
    patterns.truncate(ORDER_PATTERNS);
    patterns
}

impl App {
    /// Does a call that is within what was offered.
    ///
    /// # Errors
    /// A failure of the table; all else is an answer.
    pub(super) async fn do_tool(
        &self,
        account: &AccountId,
        brain: &Brain,
        (call, intent, contact): (&ToolCall, Option<&str>, Option<&Contact>),
        (conversation, hours): (&deskwire_ai::agent::Conversation, Option<&BusinessHours>),
    ) -> Result<ToolAnswer, AppError> {
        let Some(tool) = brain.tools.iter().find(|tool| tool.name == call.name) else {
            return Ok(ToolAnswer::Refused("there is no such tool".to_owned()));
        };
        if call.name == BUSINESS_HOURS {
            return Ok(self.hours(brain, intent, (conversation, hours)));
        }
        let Some(query) = brain.known.book.queries.get(&tool.name).filter(|query| query.is_for_visitors()) else {
            return Ok(ToolAnswer::Refused("there is no such tool".to_owned()));
        };
        let contact = contact.filter(|contact| contact.verified).cloned().map(vouched);
        if query.asks_whose() && contact.is_none() {
            return Ok(ToolAnswer::Refused("the visitor has not signed in".to_owned()));
        }
        let named = |name: &String| tool.parameters.iter().any(|parameter| parameter.name == *name);
        if let Some(foreign) = call.args.keys().find(|name| !named(name)) {
            return Ok(ToolAnswer::Refused(format!("there is no argument {foreign}")));
        }
        match self.ask_as(account, &brain.known, (&call.name, &call.args), contact.as_ref()).await {
            Ok(answer) => {
                let words = self.said(brain, (call, intent), &answer.slots, conversation);
                Ok(ToolAnswer::Found { slots: answer.slots, words, card: answer.card })
            }
            Err(AppError::Refused(refusal)) => Ok(match refusal.code {
                Code::NotFound => ToolAnswer::Nothing,
                Code::InvalidField => ToolAnswer::Refused(refusal.detail.unwrap_or_default()),
                _ => ToolAnswer::Failed,
            }),
            Err(error) => Err(error),
        }
    }

    /// The company's words for an answer, filled in; none where they lack something.
    fn said(
        &self,
        brain: &Brain,
        (call, intent): (&ToolCall, Option<&str>),
        slots: &Map<String, Value>,
        conversation: &deskwire_ai::agent::Conversation,
    ) -> Option<String> {
        let template = pick(brain.said.of(&call.name, intent)?, language(conversation))?;
        let mut known = call.args.clone();
        known.extend(slots.clone());
        let text = brain.known.book.text(template, &known);
        let text =
            text.inspect_err(|fault| tracing::warn!(%fault, tool = call.name, "an intent's words lack something"));
        text.ok().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn hours(
        &self,
        brain: &Brain,
        intent: Option<&str>,
        (conversation, hours): (&deskwire_ai::agent::Conversation, Option<&BusinessHours>),
    ) -> ToolAnswer {
        let next = hours.and_then(|hours| next_opening(hours, conversation.now));
        let mut slots = Map::new();
        slots.insert("open".to_owned(), json!(conversation.people_are_there));
        slots.insert("next_opening".to_owned(), json!(next));
        let call = ToolCall { id: String::new(), name: BUSINESS_HOURS.to_owned(), args: Map::new() };
        let words = self.said(brain, (&call, intent), &slots, conversation);
        ToolAnswer::Found { slots, words, card: None }
    }
}

/// When people are there next, as visitors read it: by the clock of those hours.
pub(super) fn next_opening(hours: &BusinessHours, now: deskwire_domain::Time) -> Option<String> {
    let zone = jiff::tz::TimeZone::get(&hours.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    Some(hours.next_opening(now)?.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn an_intent_asks_only_what_there_is_and_says_only_what_it_gives() {
        let book = Book::read(
            "version: 1
queries:
  my_order:
    url: \"https://shop.example/{{ customer }}/{{ number }}\"
    args: {number: {pattern: 'A[0-9]+'}, customer: {from: contact.external_id}}
    slots: {status: $.status}
  any_order:
    url: \"https://shop.example/{{ number }}\"
    args: {number: {}}
    slots: {status: $.status}
",
        )
        .unwrap();
        let check = |tool: &str, ask: &str, words: &str| {
            let words: Words = [("en".to_owned(), words.to_owned())].into();
            let ask = [(ask.to_owned(), words.clone())].into();
            check_tool(&book, tool, (&words, &ask)).map_err(|refusal| refusal.detail.unwrap_or_default())
        };
        assert_eq!(check("my_order", "number", "Order {{ number }} is {{ status | upper }}."), Ok(()));
        let said = check("business_hours", "number", "x").unwrap_err();
        assert!(said.contains("no argument number"), "{said}");
        for (tool, ask, words, wanted) in [
            ("any_order", "number", "x", "there are my_order, business_hours, open_ticket"),
            ("my_odrer", "number", "x", "there is no my_odrer"),
            ("my_order", "customer", "x", "it has: number"),
            ("my_order", "number", "Order {{ number", "action.words: syntax error"),
            ("my_order", "number", "{{ statsu }}", "gives no statsu; it gives: number, status"),
            ("my_order", "number", "{{ status | shout }}", "there is no such filter"),
        ] {
            let said = check(tool, ask, words).unwrap_err();
            assert!(said.contains(wanted), "{said}");
        }
    }

    #[test]
    fn only_an_orders_number_tells_what_one_looks_like() {
        let tool = |name: &str, parameter: &str, pattern: &str| Tool {
            name: name.to_owned(),
            description: String::new(),
            parameters: vec![Parameter {
                name: parameter.to_owned(),
                pattern: Some(pattern.to_owned()),
                ..Parameter::default()
            }],
        };
        let tools = [
            tool("my_order", "number", r"[A-Z]\d{3,10}"),
            tool("refund", "order_number", r"R\d{6}"),
            tool("order", "number", r"[A-Z]\d{3,10}"),
            tool("stock", "number", ".{1,30}"),
            tool("stock", "size", r"\d{2}"),
            tool("reorder", "number", r"P\d{4}"),
            tool("order_status", "id", r".+"),
            tool("order_status", "number", r"\d+"),
            tool("order_status", "number", "(broken"),
            tool("order_status", "colour", "red|blue"),
        ];
        assert_eq!(order_patterns(&tools), [r"R\d{6}", r"[A-Z]\d{3,10}"]);
    }
}
