//! What Deskwire does, one file per action: load → decide → commit → publish.
//!
//! `domain` decides, the doors (`store`, `push`, `queue`, `outbound`) do, this crate joins them, and the functions
//! translate between it and Lambda's events.
//!
//! Architecture invariant: nothing here knows which of the three ways it runs (one process, LocalStack, AWS); what
//! differs is an address in [`Config`].

pub mod ai;
pub mod aws;
pub mod caller;
pub mod config;
pub mod context;
mod conversation;
pub mod error;
pub mod event;
mod filter;
pub mod lambda;
mod publish;
mod rate;
mod signing;

// Frames.
mod accept;
mod assign;
mod call_bot;
mod close;
mod csat;
mod feedback;
mod hello;
mod label;
mod note;
mod open;
mod ping;
mod postback;
mod presence;
mod read;
mod reopen;
mod review;
mod send;
mod snooze;
mod sync;
mod transfer;
mod typing;
mod watch;

// Sockets, jobs and the schedule.
mod announce;
mod answers;
pub mod connect;
mod counting;
pub mod deliver;
mod dispatch;
pub mod follow;
mod known_by;
mod project;
pub mod relay;
pub mod route;
mod steps;
pub mod sweep;

// What people configure and look up.
pub mod accounts;
pub mod agents;
pub mod attachments;
pub mod bootstrap;
mod bucket;
mod claims;
pub mod contacts;
pub mod conversations;
pub mod events;
pub mod idempotency;
pub mod macros;
pub mod queries;
pub mod reports;
pub mod rules;
mod search;
pub mod sign_on;
mod sums;
pub mod tickets;
pub mod tokens;
pub mod webhooks;
mod widget;

pub use caller::Caller;
pub use config::Config;
pub use context::App;
pub use deskwire_telemetry as telemetry;
pub use error::AppError;
