//! Intents and slots, learned from a company's own examples: no download, no GPU, no network, no clock.
//!
//! [`train`] chooses all that can be chosen by cross-validation on the examples; a [`Model`] then says what a text
//! means, with a probability that can be believed and a rule for saying nothing. Every place is in characters of the
//! text as it was typed.

pub(crate) mod bytes;
mod compare;
mod confidence;
mod crf;
mod evaluate;
mod example;
mod explain;
mod features;
mod intents;
mod linear;
mod model;
mod noise;
mod rows;
mod slots;
mod table;
mod tagging;
mod train;
mod viterbi;

pub use compare::{Compared, Verdict};
pub use evaluate::{Report, evaluate};
pub use example::{BadExample, Example, Slot, read_examples};
pub use explain::{Explanation, Part, Reason, Stretch};
pub use model::{BadModel, Guess, Model, Understood};
pub use noise::{Neighbour, Suspect, suspects};
pub use train::{Options, Study, TrainError, study, train};
