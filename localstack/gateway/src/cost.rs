//! `deskwire cost`: what a month on AWS costs, from counted units ([`work`]), a price file ([`prices`]) and stated
//! habits ([`mix`]).

pub mod bill;
pub mod mix;
pub mod prices;
pub mod show;
pub mod units;
pub mod work;

pub use mix::Arguments;

use self::{mix::Mix, prices::Prices, show::Report};

/// The answer to `deskwire cost`.
///
/// # Errors
/// The price file cannot be read, or is wrong.
pub fn run(asked: &Arguments) -> anyhow::Result<String> {
    let prices = Prices::load(asked.prices.as_deref())?;
    let report = Report::of(Mix::from(asked), &prices, asked.free_tier);
    if asked.json { Ok(serde_json::to_string_pretty(&report)?) } else { Ok(report.text().trim_end().to_owned()) }
}
