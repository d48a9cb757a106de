//! Templates: Jinja in a sandbox, for text, for addresses and for JSON. What one may cost is bounded: steps by fuel,
//! output while it is written, and what could multiply memory in between is not offered.

use std::{io, sync::LazyLock};

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, escape_formatter,
    value::{Serde, Value as Jinja},
};
use regex::Regex;
use serde_json::{Map, Value};

/// Steps that one template may take: thousands of times what an honest one needs, a few milliseconds.
const FUEL: u64 = 100_000;
/// Bytes that one template may make: more than any message, card or request may have.
const RENDERED_BYTES: usize = 64 * 1024;
/// Statements that are offered: the others capture what they render, or let values grow from step to step.
const STATEMENTS: [&str; 8] = ["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw"];

/// Why a template, or what came of it, cannot be used; for whoever wrote the rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(pub String);

impl From<minijinja::Error> for Fault {
    fn from(error: minijinja::Error) -> Self {
        Self(said(&error))
    }
}

/// What minijinja says, without its own words about lines: the file's line stands beside it.
pub(crate) fn said(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// The ways to render.
#[derive(Debug)]
pub(crate) struct Templates {
    text: Environment<'static>,
    address: Environment<'static>,
    json: Environment<'static>,
}

impl Default for Templates {
    fn default() -> Self {
        Self { text: text(), address: address(), json: json() }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    // Widths of billions.
    environment.remove_filter("indent");
    environment.remove_filter("format");
    environment.add_filter("replace", replace);
    environment
}

/// Jinja's own, within bounds.
fn replace(text: &str, from: &str, to: &str) -> Result<String, minijinja::Error> {
    let grown = text.len() + text.matches(from).count() * to.len();
    if from.is_empty() || grown > RENDERED_BYTES {
        return Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            "replace: nothing to look for, or too much of it",
        ));
    }
    Ok(text.replace(from, to))
}

/// Plain text, never markup: nothing is escaped, and null is nothing.
fn text() -> Environment<'static> {
    let mut environment = environment();
    environment.set_formatter(|out, state, value| {
        escape_formatter(out, state, if value.is_none() { &Jinja::UNDEFINED } else { value })
    });
    environment
}

/// Whatever is put into an address is data there and cannot become another host, path or parameter; but for what the
/// company itself marked as safe: its secrets.
fn address() -> Environment<'static> {
    let mut environment = environment();
    // They would mark what is put in as safe.
    ["safe", "escape", "e", "tojson"].iter().for_each(|name| environment.remove_filter(name));
    environment.set_formatter(|out, state, value| {
        if value.is_safe() {
            return escape_formatter(out, state, value);
        }
        if matches!(plain(value).as_str(), "." | "..") {
            // A step up for every parser of addresses, however it is encoded.
            return Err(minijinja::Error::new(ErrorKind::InvalidOperation, "dots alone lead elsewhere"));
        }
        let encoded = state.apply_filter("urlencode", &[Jinja::from(plain(value))])?;
        // The filter leaves `/` alone, which is right in a path that a person wrote and wrong in a value.
        let encoded = encoded.to_string().replace('/', "%2F");
        escape_formatter(out, state, &Jinja::from_safe_string(encoded))
    });
    environment
}

/// A JSON body: whatever is put in is a JSON value there, with its quotes; but for secrets, which stand as they are.
fn json() -> Environment<'static> {
    let mut environment = environment();
    ["safe", "escape", "e"].iter().for_each(|name| environment.remove_filter(name));
    environment.set_auto_escape_callback(|_| AutoEscape::Json);
    environment
}

fn plain(value: &Jinja) -> String {
    if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() }
}

impl Templates {
    /// Renders text.
    pub(crate) fn text(&self, source: &str, known: &Map<String, Value>) -> Result<String, Fault> {
        render(&self.text, source, Jinja::from(Serde(known)))
    }

    /// Renders text that may name secrets.
    pub(crate) fn with_secrets(
        &self,
        source: &str,
        known: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Fault> {
        render(&self.text, source, context(known, secrets))
    }

    /// Renders an address.
    pub(crate) fn address(
        &self,
        source: &str,
        known: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Fault> {
        render(&self.address, source, context(known, secrets))
    }

    /// Renders a JSON body.
    pub(crate) fn json(
        &self,
        source: &str,
        known: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Fault> {
        render(&self.json, source, context(known, secrets))
    }

    /// The names that a template asks for, `secret.x` with its part.
    ///
    /// # Errors
    /// It is not a template: what is wrong, and in which of its own lines.
    pub(crate) fn names(&self, source: &str) -> Result<Vec<String>, (String, usize)> {
        let wrong = |error: minijinja::Error| (said(&error), error.line().unwrap_or(1));
        let template = self.text.template_from_str(source).map_err(wrong)?;
        let names = template.undeclared_variables(true).into_iter().collect();
        self.offered(source)?;
        Ok(names)
    }

    /// Whether all statements and filters of a template are offered: the engine itself finds out when it renders.
    fn offered(&self, source: &str) -> Result<(), (String, usize)> {
        static BLOCK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)\{[{%].*?[%}]\}").ok());
        static STRING: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#""[^"]*"|'[^']*'"#).ok());
        static WORD: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\{%[-+]?\s*(\w+)|\|\s*(\w+)").ok());
        let (Some(block), Some(string), Some(word)) = (BLOCK.as_ref(), STRING.as_ref(), WORD.as_ref()) else {
            return Ok(());
        };
        for found in block.find_iter(source) {
            let line = source[..found.start()].matches('\n').count() + 1;
            let code = string.replace_all(found.as_str(), "''");
            for words in word.captures_iter(&code) {
                if let Some(statement) = words.get(1).filter(|word| !STATEMENTS.contains(&word.as_str())) {
                    return Err((format!("{}: is not offered; there is if and for", statement.as_str()), line));
                }
                if let Some(filter) = words.get(2).filter(|filter| !self.has_filter(filter.as_str())) {
                    return Err((format!("{}: there is no such filter", filter.as_str()), line));
                }
            }
        }
        Ok(())
    }

    fn has_filter(&self, name: &str) -> bool {
        let known = Jinja::from_pairs([("name", name)]);
        self.text.render_str("{% if name is filter %}yes{% endif %}", known).is_ok_and(|answer| answer == "yes")
    }
}

fn context(known: &Map<String, Value>, secrets: &Map<String, Value>) -> Jinja {
    let safe = |value: &Value| Jinja::from_safe_string(value.as_str().unwrap_or_default().to_owned());
    let secrets = Jinja::from_pairs(secrets.iter().map(|(name, value)| (name.clone(), safe(value))));
    let known = known.iter().map(|(name, value)| (name.clone(), Jinja::from(Serde(value))));
    Jinja::from_pairs(known.chain([("secret".to_owned(), secrets)]))
}

fn render(environment: &Environment<'_>, source: &str, known: Jinja) -> Result<String, Fault> {
    let mut out = Bounded(Vec::new());
    let template = environment.template_from_str(source)?;
    match template.render_captured_to(known, &mut out) {
        Ok(_) => {}
        Err(_) if out.0.len() == RENDERED_BYTES => {
            return Err(Fault(format!("a template made more than {RENDERED_BYTES} bytes")));
        }
        Err(error) => return Err(error.into()),
    }
    String::from_utf8(out.0).map_err(|_| Fault("a template made no UTF-8".to_owned()))
}

/// Takes so much and no more.
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = RENDERED_BYTES - self.0.len();
        let taken = &bytes[..bytes.len().min(room)];
        self.0.extend_from_slice(taken);
        if taken.len() < bytes.len() { Err(io::ErrorKind::StorageFull.into()) } else { Ok(taken.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
