//! The one HTTP client for addresses that a customer typed: sign-on keys now, webhooks and business queries later.
//!
//! Every name is resolved here, every address that it resolves to is checked ([`address`]), and the connection goes to
//! a checked one: the resolver *is* the check, so there is no second resolution that could answer otherwise. No
//! redirects, no proxy from the environment, caps on time and size.

pub mod address;
mod client;

pub use client::{GuardedClient, Limits, OutboundError, Response};
