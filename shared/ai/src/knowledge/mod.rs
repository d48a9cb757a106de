//! What a company knows, and finding in it what answers a question: no model, no network, no clock.
//!
//! [`read`] makes articles of files; [`Index::build`] cuts them into passages and makes them findable; and
//! [`Index::search`] gives the passages that fit, each with the probability that it answers, for which
//! [`Index::band`] says what may be done with it. [`extract`] picks the sentences that fit; [`group`] puts questions
//! together that ask the same.

mod article;
mod calibrate;
mod extract;
mod groups;
mod import;
mod index;
mod query;
mod search;
mod shop_words;
mod small;
mod spelling;
mod split;
mod stem;
mod store;
mod synonyms;
mod vectors;
mod words;

pub use article::{ARTICLES, Article, BODY_BYTES, LINE_CHARS, Mistake, PHRASINGS, TOTAL_BYTES};
pub use calibrate::Band;
pub use extract::extract;
pub use groups::{Group, group};
pub use import::{Format, read};
pub use index::Index;
pub use search::Match;
pub use shop_words::common_synonyms;
pub use split::{Piece, split};
pub use store::{BadIndex, VERSION};
pub use vectors::BadVectors;
