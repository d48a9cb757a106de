//! A company's own rules and business queries: one YAML file per account.
//!
//! [`Book::read`] reads and checks the whole file and names every mistake by its line. A [`Book`] then answers which
//! rules an event concerns, renders their templates, makes a query's request and maps its answer. It is pure: no clock,
//! no I/O; whoever uses it brings events, contacts and secrets along.
//!
//! Templates are Jinja (minijinja, with bounded fuel), paths are JSONPath (RFC 9535). Neither can reach anything that is
//! not handed in.

mod book;
mod card;
mod check;
mod file;
mod phrase;
mod query;
mod render;
mod rule;

pub use book::Book;
pub use card::CardTemplate;
pub use phrase::Phrases;
pub use query::{Arg, CallParts, Found, Query};
pub use render::Fault;
pub use rule::{Audience, Opening, Rule, Step, Who};

/// Bytes of the file: a hundred rules take about a third of it.
pub const FILE_BYTES: usize = 128 * 1024;
/// Rules of one account: each is looked at for each event.
pub const RULES: usize = 200;
/// Steps of one rule, within what one run of a function can do.
pub const STEPS: usize = 20;
/// Queries of one account.
pub const QUERIES: usize = 100;
