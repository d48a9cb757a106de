//! The door to large models: what they are asked ([`client`]), of whom ([`openai`]), how a turn becomes a question
//! (`prompt`), and what of an answer gets through ([`agent`], and the guards that hold for any mind elsewhere).
//!
//! A model is reached only where a company chose an address for it. It is never believed: it may have been talked into
//! anything, so tools, arguments, links and words all pass guards that do not depend on it.

pub mod agent;
pub mod client;
mod embed;
mod mask;
pub mod openai;
mod prompt;
mod said;
mod shown;
mod sse;
mod think;
mod wire;

pub use agent::ModelAgent;
pub use client::{ChatAnswer, ChatMessage, ChatRequest, Finish, ModelClient, Role, tokens_of};
pub use mask::{Masker, NewMasker, Open};
pub use openai::{ModelLimits, OpenAi, OpenAiClient};
pub use prompt::{Instructions, quoted};
pub use said::note;
