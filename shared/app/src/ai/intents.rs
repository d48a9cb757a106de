//! Intents: what visitors want, and what is done about it.

use std::collections::BTreeSet;

use deskwire_ai::{Example, Slot};
use deskwire_domain::{AccountId, Code, Refusal, content::check_length, limits};
use deskwire_protocol::http::{Intent, IntentAction, IntentChange, IntentExample};
use deskwire_store::{Document, Versioned};

use super::{brain::INTENTS, tools};
use crate::{App, AppError, Caller};

/// What is none of the company's business: its examples teach what to leave alone.
pub(super) const OUT_OF_SCOPE: &str = "out_of_scope";
/// Characters of an example: what somebody wants stands in a few lines.
const EXAMPLE_CHARS: usize = 1_000;
/// Bytes of one intent's examples: with its keys an item of the table has 400 KB.
const EXAMPLES_BYTES: usize = 300 * 1024;
/// Rounds in which examples that are added may lose against other changes.
const ROUNDS: u32 = 8;

impl App {
    /// Makes or changes an intent.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_intent(&self, caller: &Caller, name: &str, change: IntentChange) -> Result<Intent, AppError> {
        check_name(name)?;
        let account = caller.account();
        let found = self.store.document::<Intent>(account, Document::Intent, name).await?;
        if change.version.is_some_and(|version| Some(version) != found.as_ref().map(|found| found.version)) {
            return Err(Code::Conflict.into());
        }
        if found.is_none() {
            self.room_for_one(account).await?;
        }
        if let Some(IntentAction::Tool { tool, words, ask, .. }) = &change.action {
            // As it is now: a rules file that was put a moment ago counts.
            let known = self.book(account).await?;
            tools::check_tool(&known.book, tool, (words, ask))?;
        }
        let (before, version) = found.map_or((None, 0), |found| (Some(found.value), found.version));
        let intent = self.changed_intent(name, before, change, version)?;
        self.write_intent(account, intent).await
    }

    async fn room_for_one(&self, account: &AccountId) -> Result<(), AppError> {
        if self.intents(account).await?.len() >= INTENTS {
            return Err(Refusal::with(Code::Conflict, format!("at most {INTENTS} intents")).into());
        }
        Ok(())
    }

    fn changed_intent(
        &self,
        name: &str,
        before: Option<Intent>,
        change: IntentChange,
        version: u64,
    ) -> Result<Intent, Refusal> {
        let mut intent = before.unwrap_or_else(|| blank(name, self.now()));
        intent.description = change.description.or(intent.description);
        intent.action = change.action.unwrap_or(intent.action);
        intent.examples = change.examples.unwrap_or(intent.examples);
        add(&mut intent.examples, change.add_examples);
        intent.updated = self.now();
        intent.version = version + 1;
        if let Some(description) = &intent.description {
            check_length("description", description, limits::REASON_CHARS)?;
        }
        check_action(&intent.action)?;
        intent.examples.iter().try_for_each(check_example)?;
        // What it says is where it says: the places are enough.
        intent.examples.iter_mut().flat_map(|example| &mut example.slots).for_each(|slot| slot.value = None);
        let bytes = serde_json::to_vec(&intent.examples).map_or(usize::MAX, |json| json.len());
        if bytes > EXAMPLES_BYTES {
            return Err(Refusal::with(Code::TooLarge, format!("examples: at most {EXAMPLES_BYTES} bytes")));
        }
        Ok(intent)
    }

    async fn write_intent(&self, account: &AccountId, intent: Intent) -> Result<Intent, AppError> {
        let version = intent.version - 1;
        let name = intent.name.clone();
        let document = Versioned { value: intent, version };
        self.store.write_document(account, Document::Intent, &name, &document).await?;
        self.change_serving(account, |_| {}).await?;
        Ok(document.value)
    }

    /// Adds examples to an intent, which is made where there is none; those that are there stay as they are.
    pub(super) async fn add_examples(&self, account: &AccountId, name: &str, texts: &[String]) -> Result<(), AppError> {
        check_name(name)?;
        let change = |before: Option<&Intent>| {
            let known: BTreeSet<&str> =
                before.into_iter().flat_map(|intent| &intent.examples).map(|example| example.text.as_str()).collect();
            let new = texts.iter().filter(|text| !known.contains(text.as_str()) && !text.trim().is_empty());
            let new: Vec<_> =
                new.map(|text| IntentExample { text: text.clone(), slots: vec![], left_out: false }).collect();
            (!new.is_empty()).then(|| IntentChange { add_examples: new, ..IntentChange::default() })
        };
        self.edit_intent(account, name, change).await
    }

    /// Takes an example out of an intent, if it is there.
    pub(super) async fn remove_example(&self, account: &AccountId, name: &str, text: &str) -> Result<(), AppError> {
        let change = |before: Option<&Intent>| {
            let examples = &before?.examples;
            let kept: Vec<_> = examples.iter().filter(|example| example.text != text).cloned().collect();
            (kept.len() < examples.len()).then(|| IntentChange { examples: Some(kept), ..IntentChange::default() })
        };
        self.edit_intent(account, name, change).await
    }

    /// Changes an intent as it is, and again where somebody else was faster; nothing where there is nothing to change.
    async fn edit_intent(
        &self,
        account: &AccountId,
        name: &str,
        change: impl Fn(Option<&Intent>) -> Option<IntentChange>,
    ) -> Result<(), AppError> {
        for _ in 0..ROUNDS {
            let found = self.store.document::<Intent>(account, Document::Intent, name).await?;
            let (before, version) = found.map_or((None, 0), |found| (Some(found.value), found.version));
            let Some(change) = change(before.as_ref()) else { return Ok(()) };
            if before.is_none() {
                self.room_for_one(account).await?;
            }
            let intent = self.changed_intent(name, before, change, version)?;
            match self.write_intent(account, intent).await {
                Err(AppError::Refused(refusal)) if refusal.code == Code::Conflict => {}
                written => return written.map(drop),
            }
        }
        Err(Code::Busy.into())
    }

    /// Deletes an intent with its examples.
    ///
    /// # Errors
    /// A failure.
    pub async fn delete_intent(&self, caller: &Caller, name: &str) -> Result<(), AppError> {
        self.delete_document(caller, Document::Intent, name).await?;
        self.change_serving(caller.account(), |_| {}).await?;
        Ok(())
    }

    /// What a model learns from.
    pub(super) async fn examples(&self, account: &AccountId) -> Result<Vec<Example>, AppError> {
        let of = |intent: Intent| {
            let name = (intent.name != OUT_OF_SCOPE).then_some(intent.name);
            let used = intent.examples.into_iter().filter(|example| !example.left_out);
            used.map(move |example| learned(example, name.clone())).collect::<Vec<_>>()
        };
        Ok(self.intents(account).await?.into_iter().flat_map(of).collect())
    }
}

fn blank(name: &str, now: deskwire_domain::Time) -> Intent {
    Intent {
        name: name.to_owned(),
        description: None,
        action: IntentAction::default(),
        examples: vec![],
        updated: now,
        version: 0,
    }
}

/// Examples behind those that there are; one that is there already takes the place of the old one.
fn add(examples: &mut Vec<IntentExample>, more: Vec<IntentExample>) {
    for example in more {
        match examples.iter_mut().find(|other| other.text == example.text) {
            Some(other) => *other = example,
            None => examples.push(example),
        }
    }
}

fn learned(example: IntentExample, intent: Option<String>) -> Example {
    let chars: Vec<char> = example.text.chars().collect();
    let slot = |slot: &deskwire_protocol::http::ExampleSlot| {
        let value = chars.get(slot.start..slot.end)?.iter().collect();
        Some(Slot { name: slot.name.clone(), start: slot.start, end: slot.end, value })
    };
    let slots = example.slots.iter().filter_map(slot).collect();
    Example { text: example.text, intent, slots }
}

/// Whether an intent may have this name.
pub(crate) fn check_name(name: &str) -> Result<(), Refusal> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_.-".contains(&byte);
    if name.is_empty() || name.len() > limits::LABEL_CHARS || !name.bytes().all(letters) {
        let detail = format!("intent: 1 to {} small letters, digits, _ . and -", limits::LABEL_CHARS);
        return Err(Refusal::with(Code::InvalidField, detail));
    }
    Ok(())
}

fn check_example(example: &IntentExample) -> Result<(), Refusal> {
    check_length("examples.text", &example.text, EXAMPLE_CHARS)?;
    let length = example.text.chars().count();
    for slot in &example.slots {
        check_length("examples.slots.name", &slot.name, limits::LABEL_CHARS)?;
        if slot.start >= slot.end || slot.end > length {
            let detail = format!("examples.slots: {}..{} lies outside the text", slot.start, slot.end);
            return Err(Refusal::with(Code::InvalidField, detail));
        }
        let there: String = example.text.chars().skip(slot.start).take(slot.end - slot.start).collect();
        if slot.value.as_ref().is_some_and(|value| *value != there) {
            let detail = format!("examples.slots: at {}..{} stands {there:?}", slot.start, slot.end);
            return Err(Refusal::with(Code::InvalidField, detail));
        }
    }
    Ok(())
}

fn check_action(action: &IntentAction) -> Result<(), Refusal> {
    let texts: Vec<&String> = match action {
        IntentAction::Say { words } if words.is_empty() => {
            return Err(Refusal::with(Code::InvalidField, "action.words: something must be said"));
        }
        IntentAction::Say { words } => words.values().collect(),
        IntentAction::Tool { tool, words, ask, .. } => {
            check_length("action.tool", tool, limits::LABEL_CHARS)?;
            words.values().chain(ask.values().flat_map(|words| words.values())).collect()
        }
        IntentAction::Knowledge | IntentAction::HandOver {} => vec![],
    };
    texts.into_iter().try_for_each(|text| deskwire_domain::content::check_text(text))
}
