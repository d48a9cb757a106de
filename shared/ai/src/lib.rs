//! The AI agent's mind: understanding ([`nlu`]), large models ([`model`]), minds elsewhere ([`remote`]), and the interface
//! behind which any mind works ([`agent`]).

pub mod agent;
mod guard;
pub mod model;
pub mod nlu;
pub mod remote;
pub mod secret;
pub mod text;

pub use nlu::{
    BadExample, BadModel, Example, Guess, Model, Options, Report, Slot, TrainError, Understood, evaluate,
    read_examples, train,
};
