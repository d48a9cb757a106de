//! Everything that another program sees: WebSocket frames, HTTP bodies, problems, and the OpenAPI 3.1 and AsyncAPI 3
//! documents, which are made from these very types.
//!
//! Architecture invariant: no I/O. A change here is a change for every client, and shows as a changed snapshot.

pub mod asyncapi;
pub mod client;
pub mod entry;
pub mod http;
pub mod inbound;
pub mod json;
pub mod openapi;
pub mod problem;
pub mod routes;
pub mod server;
pub mod webhook;

pub use client::{Action, ClientFrame};
pub use entry::{Entry, EntryView};
pub use problem::Problem;
pub use server::{Ack, ServerFrame};
