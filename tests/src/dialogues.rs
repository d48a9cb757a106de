//! Real conversations: `../shared/dialogues` (CrossWOZ, Apache-2.0), which people wrote. Where the folder is not there,
//! a few of our own stand in, so that the story is told in any case.

use std::path::Path;

use serde::Deserialize;

/// One side's turn.
#[derive(Debug, Clone, Deserialize)]
pub struct Turn {
    /// `visitor` or `agent`.
    pub role: String,
    /// What was written.
    pub text: String,
}

/// A dialogue.
#[derive(Debug, Clone, Deserialize)]
pub struct Dialogue {
    /// The turns, in order.
    pub messages: Vec<Turn>,
}

/// At most `most` dialogues that a visitor begins.
pub fn load(most: usize) -> Vec<Dialogue> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/dialogues/crosswoz-test.jsonl");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let mut all: Vec<Dialogue> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    all.retain(|dialogue| dialogue.messages.first().is_some_and(|turn| turn.role == "visitor"));
    if all.is_empty() {
        all = (0..most).map(own).collect();
    }
    all.truncate(most);
    all
}

fn own(number: usize) -> Dialogue {
    let turn = |role: &str, text: String| Turn { role: role.into(), text };
    Dialogue {
        messages: vec![
            turn("visitor", format!("你好，我的订单 {number} 到哪里了？")),
            turn("agent", "您好，正在为您查询。".into()),
            turn("agent", "It left our warehouse this morning.".into()),
            turn("visitor", "谢谢！😀".into()),
        ],
    }
}
