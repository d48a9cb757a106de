//! The content filter: an account's word lists, looked for in what visitors write and in what they read.
//!
//! A [`WordList`] has a category, an [`Action`] and a direction. A [`Filter`] is made of all lists of an account and
//! kept; [`Filter::check`] says of a text which words stand where, what is to be done, and how it reads when masked. It
//! is pure: it stores nothing, logs nothing and fetches nothing, and it holds no words of its own.
//!
//! It is not a judge of meaning. It finds listed words however they are spelled:
//!
//! | trick | example |
//! | --- | --- |
//! | width, case, compatibility forms | `ＦＵＣＫ`, `ⓕⓤⓒⓚ`, `𝐟𝐮𝐜𝐤` |
//! | look-alikes | `fuсk` with a Cyrillic с, `sh1t`, `a$$`, `sh!t` |
//! | what is not seen, marks | zero-width characters, `f̶u̶c̶k̶` |
//! | pulled apart | `f.u.c.k`, `f u c k`, `fu*ck`, `ca-sino`, `cas ino`, `傻-逼`, `傻丨逼` |
//! | phrases | `whatsappme`, `whats app me`, `whatsapp, me` for `whatsapp me` |
//! | stretched | `fuuuuck`: three or more of a letter |
//! | traditional script | `賭博` for `赌博` |
//!
//! Words of scripts with spaces stand at the boundaries of words (no `ass` in `class`), those of Chinese and its like
//! anywhere.
//!
//! ```
//! use deskwire_filter::{Action, Direction, Filter, Side, WordList};
//!
//! let list = WordList {
//!     name: "rude".into(),
//!     category: "abuse".into(),
//!     action: Action::Mask,
//!     words: vec!["darn".into(), "加微信".into()],
//!     direction: Direction::FromVisitor,
//!     disabled: false,
//! };
//! let filter = Filter::new(&[list])?;
//! let verdict = filter.check("D.A.R.N, 加-微-信!", Side::Visitor);
//! assert_eq!(verdict.action, Some(Action::Mask));
//! assert_eq!(verdict.masked.as_deref(), Some("*.*.*.*, *-*-*!"));
//! assert_eq!((verdict.matches[1].start, verdict.matches[1].end), (9, 14));
//! assert_eq!(filter.check("darning, 微信", Side::Visitor).action, None);
//! # Ok::<(), deskwire_filter::Fault>(())
//! ```
//!
//! # How
//!
//! Each typed character is read as letters, as a gap or as nothing (`fold`), and each letter keeps its place and the gap
//! before it (`units`). One Aho–Corasick automaton runs over the letters alone, with look-alikes as one class and
//! repeated classes as one; what it finds is a candidate. A candidate is then spelled out letter by letter (`word`) and
//! its gaps and edges judged (`spelling`). A masked text is read again where letters may join around what was masked
//! (`rejoin`). The time is linear in the text; a candidate costs no more than the run of copies that it stands in.
//!
//! Ten thousand words take about 20 ms to compile and 1.5 MB; a text of 1,000 bytes then takes about 13 µs in English
//! and 10 µs in Chinese (`cargo run --profile fast -p deskwire-filter --example speed`).
//!
//! # What it leaves alone
//!
//! - Two copies of a letter are not read as a stretched one: `good` is not `god`.
//! - Digits stand for letters in at most half of a word of three letters or more: `A55` is a telephone.
//! - Words of fewer than six letters pulled apart into pieces (`fu ck`, `pen.is`), and of fewer than eight by a space
//!   beside pieces that are words (`bit coin`): so are ordinary words.
//! - Phrases of fewer than eight letters without their spaces.
//! - A gap of more than eight characters.
//! - Signs at the ends of a listed word (`+v`): a list with one is refused, as it would find every `v`.
//!
//! And what it finds too much: a Chinese word stands anywhere, so `妈的` is found in `妈妈的`. Who lists such a word
//! should have it held, not refused. A flag is two letters, so `sb` is found in that of the Solomon Islands.

mod filter;
mod fold;
mod list;
mod lookalike;
mod rejoin;
mod runs;
mod simplified;
mod spelling;
mod units;
mod verdict;
mod word;

pub use filter::Filter;
pub use list::{
    Action, Direction, Fault, LIST_BYTES, LISTS, NAME_CHARS, Side, WORD_CHARS, WORDS, WORDS_ALIKE, WORDS_PER_LIST,
    WordList,
};
pub use simplified::simplified;
pub use verdict::{Match, Verdict};
