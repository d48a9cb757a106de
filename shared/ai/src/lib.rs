//! The AI agent's mind: understanding ([`nlu`]), what the company knows ([`knowledge`]), large models ([`model`]), minds
//! elsewhere ([`remote`]), and the interface behind which any mind works ([`agent`]). And what every mind may use: what a
//! text names ([`entities`]), what must not leave ([`mask`]), how somebody is ([`mood`]).

pub mod agent;
pub mod entities;
mod guard;
pub mod knowledge;
pub mod local;
pub mod mask;
pub mod model;
pub mod mood;
pub mod nlu;
pub mod phrases;
pub mod plan;
pub mod remote;
pub mod secret;
pub mod text;

pub use nlu::{
    BadExample, BadModel, Compared, Example, Explanation, Guess, Model, Neighbour, Options, Part, Reason, Report, Slot,
    Stretch, Study, Suspect, TrainError, Understood, Verdict, evaluate, read_examples, study, suspects, train,
};
