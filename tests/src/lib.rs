//! What the suites share: a world (a gateway, in this process or as one of its own), a client that merges as every
//! client must, the dialogues, a company's server for webhooks, a company's
//! system that sends events, and the checker of recorded histories.

#![allow(clippy::missing_panics_doc, clippy::missing_errors_doc, reason = "all of this is for tests")]

pub mod bot;
pub mod checker;
pub mod client;
pub mod dialogues;
pub mod model_server;
pub mod receiver;
pub mod sender;
pub mod world;

pub use client::Client;
pub use world::World;
