//! Deskwire on one machine: what API Gateway, DynamoDB, SQS, EventBridge and the event source mappings do, in one
//! process on one port.
//!
//! It turns real sockets into the events that API Gateway sends, and runs the same functions that are deployed, either
//! linked in or as the built `bootstrap` files. It decides nothing that Deskwire decides: all of it could be replaced
//! by AWS, and is when Deskwire is deployed there.

mod calls;
mod checkpoint;
pub mod company;
pub mod cost;
pub mod crash_points;
pub mod deployment;
pub mod engine;
mod event_source;
mod events;
mod front;
pub mod functions;
pub mod gateway;
mod handshake;
mod http_api;
pub mod in_process;
mod installation;
mod limits;
mod management;
mod metrics;
mod operations;
mod other_engine;
mod outbox;
mod plain_http;
mod processes;
mod queues;
pub mod remote;
mod resources;
mod schedule;
pub mod secrets;
mod sigv4;
mod socket_task;
mod sockets;
mod streams;
mod trace;
mod web;

pub use gateway::{Gateway, GatewayConfig};
pub use installation::Data;
pub use limits::Limits;
