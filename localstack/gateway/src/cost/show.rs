//! A bill as people read it: one table, by kind of work downwards and by service across.

use std::fmt::Write;

use serde::Serialize;

use super::{
    bill::{ALWAYS, Bill, break_even, machine, messages_alone},
    mix::{HABITS, Habits, Mix},
    prices::Prices,
    units::{Cost, Units},
    work,
};

/// One-way messages that prices are compared by.
const MILLION: f64 = 1e6;

/// All that is answered.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    mix: Mix,
    habits: Habits,
    prices: &'a Prices,
    bill: Bill,
    /// What a million one-way messages cost, with all that goes with them; and by themselves.
    per_million: f64,
    messages_alone: f64,
    /// The least that it could.
    floor: Floor,
    /// What the machine costs a month, and from how many one-way messages a month on it is cheaper.
    machine: f64,
    cheaper_from: Option<f64>,
}

/// The least that a million one-way messages can cost here: each comes in once and goes out once, is one invocation of
/// 10 ms in 128 MB, one write and one read.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Floor {
    /// By service.
    pub services: Cost,
    /// All of it.
    pub total: f64,
}

impl Floor {
    /// At these prices.
    pub fn of(prices: &Prices) -> Self {
        let least = work::LEAST;
        // Neither logged nor counted as traffic: what is priced is what no design can do without.
        let units = Units { log_gb: 0.0, out_gb: 0.0, ..Units::of(&least, MILLION) };
        let services = Cost::of(&units, prices);
        Self { services, total: services.total() }
    }
}

impl<'a> Report<'a> {
    /// Makes it.
    pub fn of(mix: Mix, prices: &'a Prices, free_tier: bool) -> Self {
        let bill = Bill::of(&mix, prices, free_tier);
        Self {
            per_million: bill.total / mix.one_way() * MILLION,
            messages_alone: messages_alone(prices),
            floor: Floor::of(prices),
            machine: machine(prices),
            cheaper_from: break_even(&mix, prices, free_tier),
            mix,
            habits: HABITS,
            prices,
            bill,
        }
    }

    /// As text: Markdown, so that it can stand in a page as it is.
    pub fn text(&self) -> String {
        let Self { mix, prices, bill, .. } = self;
        let mut page = format!(
            "USD a month, prices of {} as of {}: {} conversations of {} messages, {} agents for {} hours each, {} % by the \
             AI agent, {} webhook endpoints.\n\n",
            prices.region,
            prices.date,
            mix.conversations,
            mix.messages,
            mix.agents,
            mix.hours,
            mix.ai * 100.0,
            mix.webhooks
        );
        page.push_str("| what | API Gateway | Lambda | DynamoDB | SQS | other | total | share |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for line in &bill.lines {
            row(&mut page, line.kind, &line.cost, bill.total);
        }
        row(&mut page, "**all**", &bill.services, bill.total);
        self.comparison(&mut page);
        page
    }

    fn comparison(&self, page: &mut String) {
        let Self { prices, bill, floor: Floor { services, total: floor }, .. } = self;
        let (alone, machine) = (self.messages_alone, self.machine);
        let cheaper = match self.cheaper_from {
            Some(messages) if messages > 0.0 => format!("from {} one-way messages a month on", count(messages)),
            Some(_) => "however little is written".to_owned(),
            None => "never".to_owned(),
        };
        let lines = [
            format!(
                "A million one-way messages cost {alone:.2} by themselves, and at this size {:.2} with all of the above; {:.2} of \
                 the bill are the same however little is written. The floor is {floor:.2}: {:.2} API Gateway (once in, once \
                 out), {:.2} Lambda (one call of 10 ms in 128 MB), {:.2} DynamoDB (a write and a read).",
                self.per_million,
                bill.cost(ALWAYS),
                services.api_gateway,
                services.lambda,
                services.dynamodb
            ),
            format!(
                "A machine ({}: {machine:.2} a month) is cheaper {cheaper}, if the company grows as it is; than the messages by \
                 themselves, from {:.2} million on. No second one stands by for it.",
                prices.machine.name,
                machine / alone
            ),
            "Not in it: what a model asks for its answers, e-mail, support plans, tax. Units are the most that the cost test \
             allows; times of functions and habits of people are estimates (`--json` shows them)."
                .to_owned(),
        ];
        for line in lines {
            // Writing to a text does not fail.
            let _ = write!(page, "\n{line}\n");
        }
    }
}

/// A number of messages: to the hundred, or in millions.
fn count(messages: f64) -> String {
    const HUNDRED: f64 = 100.0;
    if messages < MILLION / 10.0 {
        format!("{:.0}", (messages / HUNDRED).round() * HUNDRED)
    } else {
        format!("{:.2} million", messages / MILLION)
    }
}

fn row(page: &mut String, name: &str, cost: &Cost, total: f64) {
    let other = cost.cloudwatch + cost.cdn + cost.traffic + cost.secrets;
    let _ = writeln!(
        page,
        "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {other:.2} | {:.2} | {:.0} % |",
        cost.api_gateway,
        cost.lambda,
        cost.dynamodb,
        cost.sqs,
        cost.total(),
        cost.total() / total * 100.0
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mix in the README.
    const SHOWN: Mix =
        Mix { conversations: 100_000.0, messages: 16.0, agents: 100.0, hours: 160.0, ai: 0.3, webhooks: 1.0 };

    #[test]
    fn the_page_shows_what_the_command_prints() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
        let page = std::fs::read_to_string(path).unwrap();
        let prices = Prices::load(None).unwrap();
        let text = Report::of(SHOWN, &prices, false).text();
        assert!(page.contains(text.trim_end()), "put this into the README, \"What it costs\":\n{text}");
    }
}
