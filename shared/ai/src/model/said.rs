//! The words of a whole answer, as they may be shown.

use std::collections::BTreeSet;

use super::{
    client::{ChatAnswer, Finish},
    mask::Masker,
    shown::clean,
    think::without_thoughts,
};
use crate::{agent::AgentError, guard};

/// What a model said, and the numbers of the sources that it names.
///
/// # Errors
/// [`AgentError::Unusable`] where there is nothing that a person could read.
pub(super) fn said(
    text: &str,
    finish: Finish,
    hosts: &BTreeSet<String>,
    masker: &dyn Masker,
) -> Result<(String, Vec<usize>), AgentError> {
    let text = text.trim();
    if is_call(text) {
        return Err(AgentError::Unusable("call_as_words"));
    }
    let text = match finish {
        Finish::Length => guard::whole_sentences(text).ok_or(AgentError::Unusable("cut_off"))?,
        _ => text,
    };
    let (text, sources) = clean(text, hosts, masker);
    let text = guard::shortened(&text);
    if text.is_empty() {
        return Err(AgentError::Unusable("empty"));
    }
    if guard::unreadable(&text) {
        return Err(AgentError::Unusable("unreadable"));
    }
    Ok((text, sources))
}

/// What a model wrote about what others said: plain words, without its thoughts, and with links only to where these texts
/// lead, which are to be no visitor's.
///
/// # Errors
/// [`AgentError::Unusable`] where there is nothing that a person could read.
pub fn note<'a>(
    answer: &ChatAnswer,
    ours: impl Iterator<Item = &'a str>,
    masker: &dyn Masker,
) -> Result<String, AgentError> {
    let hosts = ours.flat_map(guard::hosts).collect();
    said(&without_thoughts(&answer.text), answer.finish, &hosts, masker).map(|(text, _)| text)
}

/// A call that a small model wrote as words: nothing for a person.
fn is_call(said: &str) -> bool {
    let inner =
        said.trim_start_matches("<tool_call>").trim_start_matches("```json").trim_start_matches("```").trim_start();
    let object = inner.starts_with(['{', '[']) && (inner.contains("\"name\"") || inner.contains("\"arguments\""));
    object || said.contains("<tool_call>") || said.contains("<|")
}

#[cfg(test)]
mod tests {
    use super::{super::mask::Open, *};

    #[test]
    fn a_note_has_no_thoughts_no_markup_and_no_links_of_visitors() {
        let text = "<think>They want a <b>refund</b>, see https://evil.example/a.</think>\n**Ada** wants a refund, see \
                    https://evil.example/a and https://shop.example/b. [1]";
        let answer = |text: &str, finish| ChatAnswer {
            text: text.to_owned(),
            tool_calls: vec![],
            input_tokens: 0,
            output_tokens: 0,
            finish,
        };
        let ours = || std::iter::once("Read https://shop.example/help.");
        let noted = note(&answer(text, Finish::Stop), ours(), &Open).unwrap();
        assert_eq!(noted, "Ada wants a refund, see  and https://shop.example/b.");
        let cut = "A first sentence that is whole. A second on";
        assert_eq!(note(&answer(cut, Finish::Length), ours(), &Open).unwrap(), "A first sentence that is whole.");
        for (text, finish) in [("<think>a", Finish::Stop), ("{\"name\": \"x\"}", Finish::Stop), ("A b", Finish::Length)]
        {
            assert!(note(&answer(text, finish), ours(), &Open).is_err(), "{text}");
        }
    }
}
