//! The gateway's own stories: real sockets and requests, with functions that record, fail, hang and lie.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails as the test does")]

mod aws;
mod http_api;
mod processes;
mod queues;
mod sockets;
mod stage;
mod streams;
mod web;
