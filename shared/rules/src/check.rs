//! Checks a file as it is written, and makes a book of it. All mistakes are named at once.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::{limits, refusal::Mistake};
use regex::RegexBuilder;
use serde_json::Value;
use serde_json_path::JsonPath;
use serde_saphyr::{Location, Spanned};

use crate::{
    Arg, Book, CardTemplate, Opening, QUERIES, Query, RULES, Rule, STEPS, Step,
    file::{
        ArgText, CardText, ContactText, File, Method, OpenText, QueryStep, QueryText, RuleText, StepText, Text,
        UpdateText,
    },
    render::Templates,
    rule::{Condition, ContactPath, Who},
};

/// Seconds that a query may take unless it says otherwise, and at most: a function has 29.
const TIMEOUT_SECONDS: (u64, u64) = (5, 20);
/// Seconds for which an answer is good unless the query says otherwise, and at most: a day.
const CACHE_SECONDS: (i64, i64) = (60, 86_400);
/// Seconds for which an old answer serves while its system is down, unless the query says otherwise, and at most: a week.
const STALE_SECONDS: (i64, i64) = (3_600, 604_800);
/// Bytes of a compiled pattern: enough for any number or code.
const PATTERN_BYTES: usize = 64 * 1024;
/// What templates of rules know without a query.
const KNOWN: [&str; 7] = ["id", "source", "type", "subject", "time", "data", "contact"];

#[derive(Default)]
pub(crate) struct Checker {
    templates: Templates,
    mistakes: Vec<Mistake>,
}

impl Checker {
    pub(crate) fn book(mut self, file: File) -> Result<Book, Vec<Mistake>> {
        if file.version.value != 1 {
            self.mistake(file.version.referenced, "version: this Deskwire reads version 1");
        }
        if file.queries.len() > QUERIES || file.rules.len() > RULES {
            self.mistake(file.version.referenced, format!("at most {QUERIES} queries and {RULES} rules"));
        }
        let mut queries = BTreeMap::new();
        for (name, query) in file.queries {
            if !is_name(&name) {
                let message =
                    format!("{name}: a query's name has small letters, digits and _, at most {}", limits::LABEL_CHARS);
                self.mistake(query.referenced, message);
            }
            if let Some(query) = self.query(query.value) {
                queries.insert(name, query);
            }
        }
        let rules: Vec<_> = file.rules.into_iter().filter_map(|rule| self.rule(rule, &queries)).collect();
        if self.mistakes.is_empty() {
            return Ok(Book { templates: self.templates, queries, rules });
        }
        self.mistakes.sort();
        self.mistakes.dedup();
        Err(self.mistakes)
    }

    fn mistake(&mut self, place: Location, message: impl Into<String>) {
        self.mistakes.push(Mistake { line: place.line(), column: place.column(), message: message.into() });
    }

    fn query(&mut self, text: QueryText) -> Option<Query> {
        let args: BTreeMap<_, _> = text.args.into_iter().filter_map(|(name, arg)| self.arg(name, arg)).collect();
        let asked: BTreeSet<&str> = args.keys().map(String::as_str).collect();
        let mut secrets = BTreeSet::new();
        for template in std::iter::once(&text.url).chain(text.headers.values()).chain(&text.body) {
            secrets.extend(self.template(template, &asked, true));
        }
        if !host_is_fixed(&text.url.value) {
            let detail = "url: https://… or {{ secret.… }}…, whose host does not come from an argument";
            self.mistake(text.url.referenced, detail);
        }
        for (name, value) in &text.headers {
            let token = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
            if name.is_empty() || !token {
                self.mistake(value.referenced, format!("{name}: is no header's name"));
            }
        }
        let slots: BTreeMap<_, _> =
            text.slots.iter().filter_map(|(name, path)| Some((name.clone(), self.slot(name, path)?))).collect();
        if let Some(card) = &text.card {
            let known = asked.iter().copied().chain(slots.keys().map(String::as_str)).collect();
            self.card(card, &known);
        }
        if let Some(command) = text.command.as_ref().filter(|command| !is_name(&command.value)) {
            self.mistake(command.referenced, "command: small letters, digits and _");
        }
        if let Some(body) = &text.body {
            self.json_body(body, &args, &secrets);
        }
        if text.method == Method::Get && text.body.is_some() {
            self.mistake(text.url.referenced, "body: only with method: POST");
        }
        Some(Query {
            description: text.description,
            command: text.command.map(|command| command.value),
            anyone: text.anyone,
            timeout_seconds: self.number(
                "timeout_seconds",
                text.timeout_seconds,
                (1, TIMEOUT_SECONDS.0, TIMEOUT_SECONDS.1),
            ),
            cache_seconds: self.number("cache_seconds", text.cache_seconds, (0, CACHE_SECONDS.0, CACHE_SECONDS.1)),
            stale_seconds: self.number("stale_seconds", text.stale_seconds, (0, STALE_SECONDS.0, STALE_SECONDS.1)),
            secrets,
            post: text.method == Method::Post,
            url: text.url.value,
            headers: text.headers.into_iter().map(|(name, value)| (name, value.value)).collect(),
            body: text.body.map(|body| body.value),
            slots,
            card: text.card.map(CardTemplate),
            args,
        })
    }

    /// Whether a body is JSON once it is filled in, as far as one example can tell.
    fn json_body(&mut self, body: &Text, args: &BTreeMap<String, Arg>, secrets: &BTreeSet<String>) {
        let filled = |name: &String| (name.clone(), Value::from("a"));
        let (known, secrets) = (args.keys().map(filled).collect(), secrets.iter().map(filled).collect());
        let made = self.templates.json(&body.value, &known, &secrets);
        if made.is_ok_and(|made| serde_json::from_str::<Value>(&made).is_err()) {
            let detail =
                "body: is no JSON when it is filled in; an argument brings its own quotes, a secret brings none";
            self.mistake(body.referenced, detail);
        }
    }

    fn number<T: PartialOrd + Copy + std::fmt::Display>(
        &mut self,
        name: &str,
        asked: Option<Spanned<T>>,
        (least, usual, most): (T, T, T),
    ) -> T {
        match asked {
            None => usual,
            Some(asked) if asked.value >= least && asked.value <= most => asked.value,
            Some(asked) => {
                self.mistake(asked.referenced, format!("{name}: {least} to {most}"));
                usual
            }
        }
    }

    fn arg(&mut self, name: String, text: Spanned<ArgText>) -> Option<(String, Arg)> {
        if !is_name(&name) || name == "secret" {
            self.mistake(text.referenced, format!("{name}: an argument's name has small letters, digits and _"));
        }
        let ArgText { description, pattern, from, optional } = text.value;
        let pattern = match pattern {
            None => None,
            Some(pattern) => {
                let whole = format!("^(?:{})$", pattern.value);
                match RegexBuilder::new(&whole).size_limit(PATTERN_BYTES).build() {
                    Ok(regex) => Some((pattern.value, regex)),
                    Err(_) => {
                        self.mistake(pattern.referenced, "pattern: is no regular expression, or too large a one");
                        None
                    }
                }
            }
        };
        let from = from.and_then(|from| match from.value.strip_prefix("contact.") {
            Some(path) if !path.is_empty() => Some(path.to_owned()),
            _ => {
                self.mistake(
                    from.referenced,
                    "from: contact.external_id, contact.email, contact.attributes.… and the like",
                );
                None
            }
        });
        Some((name, Arg { description, pattern, from, optional }))
    }

    fn slot(&mut self, name: &str, path: &Text) -> Option<JsonPath> {
        if !is_name(name) {
            self.mistake(path.referenced, format!("{name}: a slot's name has small letters, digits and _"));
        }
        self.path(path)
    }

    fn path(&mut self, path: &Text) -> Option<JsonPath> {
        match JsonPath::parse(&path.value) {
            // Each `..` looks at all that the one before it found.
            Ok(_) if path.value.matches("..").count() > 1 => {
                self.mistake(path.referenced, format!("{}: at most one ..", path.value));
                None
            }
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.mistake(
                    path.referenced,
                    format!("{}: is no JSONPath (RFC 9535): {}", path.value, error.message()),
                );
                None
            }
        }
    }

    /// Checks a template; answers the secrets that it names.
    fn template(&mut self, text: &Text, known: &BTreeSet<&str>, with_secrets: bool) -> BTreeSet<String> {
        let mut secrets = BTreeSet::new();
        let names = match self.templates.names(&text.value) {
            Ok(names) => names,
            Err((message, line)) => {
                let down = u64::try_from(line).unwrap_or(1).saturating_sub(1);
                let place = text.referenced;
                self.mistakes.push(Mistake { line: place.line() + down, column: place.column(), message });
                return secrets;
            }
        };
        for name in names {
            let (first, rest) = name.split_once('.').unwrap_or((&name, ""));
            match first {
                "secret" if with_secrets && !rest.is_empty() => {
                    secrets.insert(rest.to_owned());
                }
                "secret" => self.mistake(text.referenced, "secret.… stands in a query's url, headers and body only"),
                // Jinja's own functions.
                "range" | "dict" => {}
                first if known.contains(first) => {}
                first => {
                    let list: Vec<_> = known.iter().copied().collect();
                    self.mistake(text.referenced, format!("{first}: is not known here; there is {}", list.join(", ")));
                }
            }
        }
        secrets
    }

    fn card(&mut self, card: &CardText, known: &BTreeSet<&str>) {
        let fields = card.fields.iter().flat_map(|field| [&field.name, &field.value]);
        let buttons =
            card.buttons.iter().flat_map(|button| [Some(&button.label), button.url.as_ref(), button.postback.as_ref()]);
        let texts: Vec<_> = fields.chain(buttons.flatten()).chain(&card.text).chain(&card.picture).collect();
        self.template(&card.title, known, false);
        for text in texts {
            self.template(text, known, false);
        }
        for button in card.buttons.iter().filter(|button| button.url.is_some() == button.postback.is_some()) {
            self.mistake(button.label.referenced, "a button has either url or postback");
        }
        if card.fields.len() > limits::CARD_PARTS || card.buttons.len() > limits::CARD_PARTS {
            self.mistake(
                card.title.referenced,
                format!("a card has at most {} fields and buttons", limits::CARD_PARTS),
            );
        }
    }

    fn rule(&mut self, text: Spanned<RuleText>, queries: &BTreeMap<String, Query>) -> Option<Rule> {
        let RuleText { name, when, contact, steps } = text.value;
        if name.value.trim().is_empty() || name.value.chars().count() > limits::NAME_CHARS {
            self.mistake(name.referenced, format!("name: 1 to {} characters", limits::NAME_CHARS));
        }
        let mut conditions = vec![];
        for (path, wanted) in when.fields {
            match JsonPath::parse(&path) {
                Ok(path) => conditions.push(Condition { path, wanted: wanted.value }),
                Err(error) => {
                    self.mistake(wanted.referenced, format!("{path}: is no JSONPath (RFC 9535): {}", error.message()));
                }
            }
        }
        let about = contact.is_some();
        let contact = contact.and_then(|contact| self.contact(contact));
        if steps.value.is_empty() || steps.value.len() > STEPS {
            self.mistake(steps.referenced, format!("do: 1 to {STEPS} steps"));
        }
        let mut known: BTreeSet<String> = KNOWN.map(str::to_owned).into();
        let mut made = vec![];
        for step in steps.value {
            if !about && !matches!(step.value, StepText::Query(_)) {
                self.mistake(step.referenced, "the rule needs `contact:` for this step");
            }
            made.extend(self.step(step.value, &mut known, queries));
        }
        let source = when.source.map(|source| source.value);
        Some(Rule { name: name.value, kind: when.kind.value, source, conditions, contact, steps: made })
    }

    fn contact(&mut self, text: Spanned<ContactText>) -> Option<ContactPath> {
        let ContactText { external_id, email, phone, create } = text.value;
        let (path, who): (Text, fn(String) -> Who) = match (external_id, email, phone) {
            (Some(path), None, None) => (path, Who::ExternalId),
            (None, Some(path), None) => (path, Who::Email),
            (None, None, Some(path)) => (path, Who::Phone),
            _ => {
                self.mistake(text.referenced, "contact: one of external_id, email, phone");
                return None;
            }
        };
        Some(ContactPath { path: self.path(&path)?, who, create })
    }

    fn step(
        &mut self,
        text: StepText,
        names: &mut BTreeSet<String>,
        queries: &BTreeMap<String, Query>,
    ) -> Option<Step> {
        if let StepText::Query(step) = text {
            return Some(self.query_step(step, names, queries));
        }
        let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        match text {
            StepText::Query(_) => None,
            StepText::Card(step) => {
                let card = step.card();
                self.card(&card, &known);
                Some(Step::Card(step.to, CardTemplate(card)))
            }
            StepText::Message(text) => Some(Step::Message(self.one(text, &known))),
            StepText::Notify(text) => Some(Step::Notify(self.one(text, &known))),
            StepText::SetTags(path) => self.path(&path).map(Step::SetTags),
            StepText::UpdateContact(update) => Some(self.update(update, &known)),
            StepText::Label(label) => {
                Some(Step::Label { add: self.all(label.add, &known), remove: self.all(label.remove, &known) })
            }
            StepText::Open(open) => Some(Step::Open(self.opening(open, &known))),
        }
    }

    fn query_step(&mut self, step: QueryStep, names: &mut BTreeSet<String>, queries: &BTreeMap<String, Query>) -> Step {
        let QueryStep { name, args, result } = step;
        let known: BTreeSet<&str> = names.iter().map(String::as_str).collect();
        for text in args.values() {
            self.template(text, &known, false);
        }
        match queries.get(&name.value) {
            None => self.mistake(name.referenced, format!("{}: there is no such query", name.value)),
            Some(query) => {
                if let Some((arg, text)) = args.iter().find(|(arg, _)| !query.args.contains_key(*arg)) {
                    self.mistake(text.referenced, format!("{arg}: the query has no such argument"));
                }
                let needed = query.args.iter().filter(|(_, arg)| arg.from.is_none() && !arg.optional);
                for (arg, _) in needed.filter(|(arg, _)| !args.contains_key(*arg)) {
                    self.mistake(name.referenced, format!("{arg}: the query needs this argument"));
                }
            }
        }
        if !is_name(&result.value) || KNOWN.contains(&result.value.as_str()) || result.value == "secret" {
            self.mistake(result.referenced, "as: a new name of small letters, digits and _");
        }
        names.insert(result.value.clone());
        let args = args.into_iter().map(|(name, text)| (name, text.value)).collect();
        Step::Query { name: name.value, args, result: result.value }
    }

    fn update(&mut self, update: UpdateText, known: &BTreeSet<&str>) -> Step {
        let given = [("name", update.name), ("email", update.email), ("phone", update.phone)];
        let mut fields = BTreeMap::new();
        for (name, text) in given {
            if let Some(text) = text {
                fields.insert(name, self.one(text, known));
            }
        }
        let attributes = update.attributes.into_iter().map(|(name, text)| (name, self.one(text, known))).collect();
        Step::UpdateContact {
            fields,
            attributes,
            add_tags: self.all(update.add_tags, known),
            remove_tags: self.all(update.remove_tags, known),
        }
    }

    fn opening(&mut self, open: Spanned<OpenText>, known: &BTreeSet<&str>) -> Opening {
        let (place, open) = (open.referenced, open.value);
        if open.message.is_none() && open.note.is_none() {
            self.mistake(place, "message (the visitor sees it) or note (agents see it) is needed");
        }
        let mut id = |text: Option<Text>, prefix: &str| {
            let text = text?;
            if !text.value.starts_with(prefix) {
                self.mistake(text.referenced, format!("an id that begins with {prefix}"));
            }
            Some(text.value)
        };
        let (inbox, team) = (id(open.inbox, "inb_"), id(open.team, "tea_"));
        let message = open.message.map(|text| self.one(text, known));
        let note = open.note.map(|text| self.one(text, known));
        Opening { message, note, labels: self.all(open.labels, known), inbox, team }
    }

    fn one(&mut self, text: Text, known: &BTreeSet<&str>) -> String {
        self.template(&text, known, false);
        text.value
    }

    fn all(&mut self, texts: Vec<Text>, known: &BTreeSet<&str>) -> Vec<String> {
        texts.into_iter().map(|text| self.one(text, known)).collect()
    }
}

/// Whether the company alone says to which host an address leads: written out, or a secret at the beginning.
fn host_is_fixed(url: &str) -> bool {
    let url = url.trim();
    let rest = match url.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        Some((name, rest)) => name.trim().starts_with("secret.").then_some(rest),
        None => url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")),
    };
    let is_end = |char: char| matches!(char, '/' | '?' | '#');
    rest.is_some_and(|rest| {
        let end = rest.find(is_end).unwrap_or(rest.len());
        !rest[..end].contains('{')
    })
}

/// A name that templates and JSON can spell.
fn is_name(name: &str) -> bool {
    let begins = name.bytes().next().is_some_and(|first| first.is_ascii_lowercase());
    let rest = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    begins && rest && name.len() <= limits::LABEL_CHARS
}
