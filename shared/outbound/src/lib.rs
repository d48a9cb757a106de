//! The one HTTP client for addresses that a customer typed: key sets of a sign-on, webhooks, business queries.
//!
//! Every name is resolved here, every address that it resolves to is checked ([`address`]), and the connection goes to
//! a checked one: the resolver *is* the check, so there is no second resolution that could answer otherwise
//! (DNS rebinding). Nothing is kept between two requests, so each attempt resolves and checks anew. No redirects, no
//! proxy from the environment, caps on time and size.
//!
//! It is no general HTTP client: no cookies, no pool, no HTTP/2, no decompression, no retries (who calls knows when
//! to try again), and it logs nothing of a request (who calls knows what
//! may be said of an address).
//!
//! An answer can be read while it is written ([`GuardedClient::stream`]), and a connection be had for what is not HTTP/1.1
//! ([`GuardedClient::dial`]); the checks are the same.
//!
//! TLS is rustls on aws-lc, the one provider in the tree. Roots are those of the operating system, so that a company
//! that runs Deskwire itself adds its own authority where it adds all others; [`Policy::extra_roots_pem`] adds one for
//! this client alone.

pub mod address;
mod client;
mod dial;
mod error;
mod exchange;
mod policy;
mod resolve;
mod stream;

pub use client::GuardedClient;
pub use dial::Connection;
pub use error::OutboundError;
pub use exchange::{Limits, Overflow, Request, Response};
pub use policy::{Policy, PolicyError};
pub use resolve::{Resolve, Resolving, SystemResolver};
pub use stream::{StreamLimits, Streaming};
