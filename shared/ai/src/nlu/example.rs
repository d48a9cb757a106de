//! Examples: what people write, what it means, and where in it the values stand.

use serde::{Deserialize, Serialize};

/// A value in a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// Of which kind.
    pub name: String,
    /// Its first character.
    pub start: usize,
    /// Behind its last.
    pub end: usize,
    /// As it stands in the text.
    pub value: String,
}

/// An example, one JSON object a line in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What somebody writes.
    pub text: String,
    /// What it means; null where it is none of the company's business.
    #[serde(default)]
    pub intent: Option<String>,
    /// The values in it.
    #[serde(default)]
    pub slots: Vec<Slot>,
}

/// A line that is no example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub struct BadExample {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl Example {
    fn check(&self) -> Result<(), String> {
        let chars: Vec<char> = self.text.chars().collect();
        for slot in &self.slots {
            let value: Option<String> = chars.get(slot.start..slot.end).map(|chars| chars.iter().collect());
            if slot.start >= slot.end || value.as_deref() != Some(&slot.value) {
                return Err(format!("{}: {}..{} is not {:?}", slot.name, slot.start, slot.end, slot.value));
            }
        }
        Ok(())
    }
}

/// Reads examples, one a line; empty lines are passed over.
///
/// # Errors
/// The first line that is wrong.
pub fn read_examples(text: &str) -> Result<Vec<Example>, BadExample> {
    // Some editors put a mark before a text in UTF-8.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (usize, &str)| {
        let bad = |reason: String| BadExample { line: number + 1, reason };
        let example: Example = serde_json::from_str(line).map_err(|error| bad(error.to_string()))?;
        example.check().map_err(bad)?;
        Ok(example)
    };
    lines.map(read).collect()
}
