//! A whole file, read and checked.

use std::collections::BTreeMap;

use deskwire_domain::{content::CardContent, refusal::Mistake};
use serde_json::{Map, Value};

use crate::{
    CallParts, CardTemplate, FILE_BYTES, Fault, Found, Query, Rule, check::Checker, file::File, render::Templates,
};

/// An account's rules and queries.
#[derive(Debug, Default)]
pub struct Book {
    pub(crate) templates: Templates,
    /// The queries, by name.
    pub queries: BTreeMap<String, Query>,
    /// The rules, in order.
    pub rules: Vec<Rule>,
}

impl Book {
    /// Reads a file.
    ///
    /// # Errors
    /// All mistakes that were found, in the order of their lines; at least one.
    pub fn read(yaml: &str) -> Result<Self, Vec<Mistake>> {
        if yaml.len() > FILE_BYTES {
            return Err(vec![Mistake { line: 1, column: 1, message: format!("at most {FILE_BYTES} bytes") }]);
        }
        let file: File = serde_saphyr::from_str(yaml).map_err(|error| vec![mistake(&error)])?;
        Checker::default().book(file)
    }

    /// The rules that an event concerns, with their places.
    pub fn concerned<'a>(&'a self, event: &'a Value) -> impl Iterator<Item = (usize, &'a Rule)> + 'a {
        self.rules.iter().enumerate().filter(move |(_, rule)| rule.concerns(event))
    }

    /// What templates of rules know of an event, to begin with.
    pub fn known(event: &Value) -> Map<String, Value> {
        crate::rule::known(event)
    }

    /// Renders a template of a rule.
    ///
    /// # Errors
    /// What it lacks.
    pub fn text(&self, template: &str, known: &Map<String, Value>) -> Result<String, Fault> {
        self.templates.text(template, known)
    }

    /// The names that a template asks for.
    ///
    /// # Errors
    /// It is none: what is wrong with it.
    pub fn names(&self, template: &str) -> Result<Vec<String>, Fault> {
        let mut names = self.templates.names(template).map_err(|(what, _)| Fault(what))?;
        names.sort();
        Ok(names)
    }

    /// Fills a card of a rule in.
    ///
    /// # Errors
    /// What it lacks.
    pub fn card(&self, card: &CardTemplate, known: &Map<String, Value>) -> Result<CardContent, Fault> {
        card.fill(&self.templates, known)
    }

    /// A query's request.
    ///
    /// # Errors
    /// What a template lacks.
    pub fn request(
        &self,
        query: &Query,
        args: &BTreeMap<String, String>,
        secrets: &Map<String, Value>,
    ) -> Result<CallParts, Fault> {
        query.request(&self.templates, args, secrets)
    }

    /// Reads a query's answer.
    ///
    /// # Errors
    /// What a template lacks.
    pub fn found(&self, query: &Query, args: &BTreeMap<String, String>, answer: &Value) -> Result<Found, Fault> {
        query.read(&self.templates, args, answer)
    }
}

fn mistake(error: &serde_saphyr::Error) -> Mistake {
    let place = error.location();
    let (line, column) = place.map_or((1, 1), |place| (place.line(), place.column()));
    // The place stands beside it already.
    let text = error.without_snippet().to_string();
    // What the library advises is for programmers.
    let end = [" at line ", ", set ", "; use "].iter().filter_map(|word| text.find(word)).min();
    let message = text[..end.unwrap_or(text.len())].to_owned();
    Mistake { line: line.max(1), column: column.max(1), message }
}
