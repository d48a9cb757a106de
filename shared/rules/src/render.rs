//! Templates: Jinja in a sandbox, for text and for addresses.

use minijinja::{
    Environment, UndefinedBehavior, escape_formatter,
    value::{Serde, Value as Jinja},
};
use serde_json::{Map, Value};

/// Steps that one template may take: thousands of times what an honest one needs, a few milliseconds.
const FUEL: u64 = 100_000;
/// Bytes that one template may make: more than any message, card or request may have.
const RENDERED_BYTES: usize = 64 * 1024;

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

/// The two ways to render.
#[derive(Debug)]
pub(crate) struct Templates {
    text: Environment<'static>,
    address: Environment<'static>,
}

impl Default for Templates {
    fn default() -> Self {
        Self { text: text(), address: address() }
    }
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_fuel(Some(FUEL));
    environment
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
    environment.set_formatter(|out, state, value| {
        if value.is_safe() {
            return escape_formatter(out, state, value);
        }
        if matches!(plain(value).as_str(), "." | "..") {
            // A step up for every parser of addresses, however it is encoded.
            return Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "dots alone lead elsewhere"));
        }
        let encoded = state.apply_filter("urlencode", &[Jinja::from(plain(value))])?;
        // The filter leaves `/` alone, which is right in a path that a person wrote and wrong in a value.
        let encoded = encoded.to_string().replace('/', "%2F");
        escape_formatter(out, state, &Jinja::from_safe_string(encoded))
    });
    environment
}

fn plain(value: &Jinja) -> String {
    if value.is_none() || value.is_undefined() { String::new() } else { value.to_string() }
}

impl Templates {
    /// Renders text.
    pub(crate) fn text(&self, source: &str, known: &Map<String, Value>) -> Result<String, Fault> {
        bounded(self.text.render_str(source, Jinja::from(Serde(known)))?)
    }

    /// Renders text that may name secrets.
    pub(crate) fn with_secrets(
        &self,
        source: &str,
        known: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Fault> {
        bounded(self.text.render_str(source, context(known, secrets))?)
    }

    /// Renders an address.
    pub(crate) fn address(
        &self,
        source: &str,
        known: &Map<String, Value>,
        secrets: &Map<String, Value>,
    ) -> Result<String, Fault> {
        bounded(self.address.render_str(source, context(known, secrets))?)
    }

    /// The names that a template asks for, `secret.x` with its part.
    ///
    /// # Errors
    /// It is not a template: what is wrong, and in which of its own lines.
    pub(crate) fn names(&self, source: &str) -> Result<Vec<String>, (String, usize)> {
        let wrong = |error: minijinja::Error| (said(&error), error.line().unwrap_or(1));
        let template = self.text.template_from_str(source).map_err(wrong)?;
        Ok(template.undeclared_variables(true).into_iter().collect())
    }
}

fn context(known: &Map<String, Value>, secrets: &Map<String, Value>) -> Jinja {
    let safe = |value: &Value| Jinja::from_safe_string(value.as_str().unwrap_or_default().to_owned());
    let secrets = Jinja::from_pairs(secrets.iter().map(|(name, value)| (name.clone(), safe(value))));
    let known = known.iter().map(|(name, value)| (name.clone(), Jinja::from(Serde(value))));
    Jinja::from_pairs(known.chain([("secret".to_owned(), secrets)]))
}

fn bounded(text: String) -> Result<String, Fault> {
    if text.len() > RENDERED_BYTES {
        return Err(Fault(format!("a template made more than {RENDERED_BYTES} bytes")));
    }
    Ok(text)
}
