//! What open models think aloud, between `<think>` and `</think>`, is nothing to be shown.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// A whole answer without what was thought. Some servers leave out the opening tag, so all before a closing one is
/// thought; what is not closed is thought to the end.
pub(super) fn without_thoughts(text: &str) -> String {
    let said = text.rfind(CLOSE).map_or(text, |at| &text[at + CLOSE.len()..]);
    said.split(OPEN).next().unwrap_or_default().to_owned()
}

/// Takes thoughts out of what comes in pieces. It cannot know of a tag that was left out.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    thinking: bool,
    /// What may be the beginning of a tag.
    pending: String,
}

impl Thoughts {
    /// What is said in a piece, as far as it is clear.
    pub(super) fn said(&mut self, piece: &str) -> String {
        let mut said = String::new();
        for char in piece.chars() {
            self.pending.push(char);
            loop {
                let tag = if self.thinking { CLOSE } else { OPEN };
                if self.pending == tag {
                    self.thinking = !self.thinking;
                    self.pending.clear();
                }
                if tag.starts_with(&self.pending) {
                    break;
                }
                let first = self.pending.remove(0);
                if !self.thinking {
                    said.push(first);
                }
            }
        }
        said
    }

    /// What is left when nothing more comes.
    pub(super) fn rest(&mut self) -> String {
        let rest = std::mem::take(&mut self.pending);
        if self.thinking { String::new() } else { rest }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thoughts_are_taken_out_of_whole_answers() {
        for (text, said) in [
            ("hello", "hello"),
            ("<think>hm</think>hello", "hello"),
            ("hm, 好的</think>你好", "你好"),
            ("<think>a</think><think>b</think>hello", "hello"),
            ("hello<think>never closed", "hello"),
            ("<think>never closed", ""),
            ("1 < 2 <b>", "1 < 2 <b>"),
        ] {
            assert_eq!(without_thoughts(text), said, "{text}");
        }
    }

    proptest! {
        #[test]
        fn wherever_it_is_cut_the_same_is_said(
            words in prop::collection::vec("<think>|</think>|<|t|think|a|你| ", 0..12),
            cuts in prop::collection::vec(1usize..6, 0..40),
        ) {
            let text: Vec<char> = words.concat().chars().collect();
            let (mut whole, mut thoughts) = (Thoughts::default(), Thoughts::default());
            let expected = whole.said(&words.concat()) + &whole.rest();
            let (mut at, mut said) = (0, String::new());
            for cut in cuts.into_iter().chain([text.len()]) {
                let end = (at + cut).min(text.len());
                said += &thoughts.said(&text[at..end].iter().collect::<String>());
                at = end;
            }
            said += &thoughts.rest();
            prop_assert_eq!(said, expected);
        }
    }
}
