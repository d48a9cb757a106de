//! The AI agent's mind: understanding ([`nlu`]), knowledge ([`knowledge`]), and the interface behind which any mind
//! works ([`agent`]).

pub mod agent;
pub mod knowledge;
pub mod nlu;
pub mod text;

pub use nlu::{
    BadExample, BadModel, Example, Guess, Model, Options, Report, Slot, TrainError, Understood, evaluate,
    read_examples, train,
};
