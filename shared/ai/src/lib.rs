//! The AI agent's mind: understanding ([`nlu`]), and the interface behind which any mind works ([`agent`]).

pub mod agent;
pub mod nlu;
pub mod text;

pub use nlu::{
    BadExample, BadModel, Example, Explanation, Guess, Model, Neighbour, Options, Part, Reason, Report, Slot, Stretch,
    Study, Suspect, TrainError, Understood, evaluate, read_examples, study, suspects, train,
};
