//! The AI agent's mind: understanding ([`nlu`]), and the interface behind which any mind works ([`agent`]), and what
//! every mind may use: what a text names ([`entities`]), what must not leave ([`mask`]), how somebody is ([`mood`]).

pub mod agent;
pub mod entities;
pub mod mask;
pub mod mood;
pub mod nlu;
pub mod text;

pub use nlu::{
    BadExample, BadModel, Example, Guess, Model, Options, Report, Slot, TrainError, Understood, evaluate,
    read_examples, train,
};
