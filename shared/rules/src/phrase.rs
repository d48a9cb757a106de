//! Templates outside of a rules file: what people save beside it, such as a macro's texts.

use serde_json::{Map, Value};

use crate::render::{Fault, Templates};

/// Renders such templates, within the bounds that rules have.
#[derive(Debug, Default)]
pub struct Phrases(Templates);

impl Phrases {
    /// Whether a text is a template that asks for nothing but these names (`contact.name`).
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, text: &str, known: &[&str]) -> Result<(), Fault> {
        let names = self.0.names(text).map_err(|(message, line)| Fault(format!("line {line}: {message}")))?;
        match names.iter().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Fault(format!("{name}: is not known here; there is {}", known.join(", ")))),
            None => Ok(()),
        }
    }

    /// Fills a template in; what is around the words goes.
    ///
    /// # Errors
    /// What it lacks.
    pub fn fill(&self, text: &str, known: &Map<String, Value>) -> Result<String, Fault> {
        Ok(self.0.text(text, known)?.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KNOWN: [&str; 2] = ["contact.name", "agent.name"];

    #[test]
    fn a_phrase_knows_what_it_is_given_and_nothing_else() {
        let phrases = Phrases::default();
        for (text, good) in [
            ("Hello {{ contact.name }}, I am {{ agent.name }}.", true),
            ("{{ contact.name }}您好", true),
            ("{% if contact.name %}Dear {{ contact.name }}{% else %}Hello{% endif %}", true),
            ("no places at all", true),
            ("{{ contact.email }}", false),
            ("{{ contact }}", false),
            ("{{ secret.token }}", false),
            ("{{ contact.name | shout }}", false),
            ("{{ contact.name", false),
            ("{% set x = contact.name %}", false),
        ] {
            assert_eq!(phrases.check(text, &KNOWN).is_ok(), good, "{text}");
        }
    }

    #[test]
    fn it_is_filled_in_as_plain_text() {
        let phrases = Phrases::default();
        let known = |name: Value| Map::from_iter([("contact".to_owned(), json!({"name": name}))]);
        let fill = |name| phrases.fill("Hello {{ contact.name }}", &known(name)).unwrap();
        assert_eq!(fill(json!("<b>李雷</b> {{ x }}")), "Hello <b>李雷</b> {{ x }}");
        assert_eq!(fill(Value::Null), "Hello");
    }
}
