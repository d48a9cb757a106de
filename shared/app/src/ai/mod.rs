//! The AI agent: its turns, what it knows, how it learns, and how well it does.
//!
//! A turn is a job ([`turn`]). What it needs to know of an account is a `brain`, made of its settings, intents, model
//! and articles and kept in memory while they do not change. What it says is an entry like any other, and what it
//! thought rides in it: the log is its memory.

mod articles;
mod brain;
mod budget;
mod deltas;
mod discreet;
pub mod give_up;
mod hand_over;
mod index;
mod intents;
mod learn;
mod minds;
mod models;
mod quality;
mod relayed;
mod scene;
mod serving;
mod settings;
mod suggest;
mod summary;
mod taking;
mod test;
mod tools;
mod train;
pub mod turn;
mod unanswered;

pub(crate) use brain::Brains;
pub(crate) use intents::check_name;
pub use models::{ModelMaker, Models};
pub(crate) use suggest::PastAnswers;
