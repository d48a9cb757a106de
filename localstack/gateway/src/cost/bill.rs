//! A month's bill, by kind of work; the floor under it; and the machine beside it.

use deskwire_queue::QueueName;
use serde::Serialize;

use super::{
    mix::{HABITS, MONTH_HOURS, Mix},
    prices::Prices,
    units::{Cost, Units, gb},
    work::{self, Work},
};

/// Seconds that a receive of a queue's mapping waits, and how many wait at once where nothing comes (Lambda's pollers
/// for SQS): they are paid for also where they bring nothing.
const POLL_SECONDS: f64 = 20.0;
const POLLERS: f64 = 5.0;
/// Entries of a conversation beside its messages: opened, assigned, closed.
const OTHER_ENTRIES: f64 = 3.0;
/// Webhook events of a conversation that are no entries: the contact was made.
const OTHER_EVENTS: f64 = 1.0;
/// Alarms, each by the figures that it looks at, dashboards and the secret (infra/template.yaml): the same for one
/// conversation and a million.
const ALARMS: f64 = 29.0;
const DASHBOARDS: f64 = 2.0;
const SECRETS: f64 = 1.0;
/// Figures of our own (shared/telemetry/src/counts.rs), each by function: `Took` of the ten that run, eleven counts, and
/// about as many again, for what more than one function counts.
const METRICS: f64 = 30.0;

/// A kind of work in the bill.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Which.
    pub kind: &'static str,
    /// What it uses.
    pub units: Units,
    /// What that costs.
    pub cost: Cost,
}

/// Kinds of work that a test looks at.
pub const TYPING: &str = "typing";
/// See [`TYPING`].
pub const RECEIPTS: &str = "receipts";
/// See [`TYPING`].
pub const PIECES: &str = "pieces of AI answers";
/// See [`TYPING`].
pub const MESSAGES: &str = "messages";
/// What is the same for one conversation and for a million.
pub const ALWAYS: &str = "what runs and waits all the time";

/// A bill.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bill {
    /// By kind of work; what is free comes last, and is less than nothing.
    pub lines: Vec<Line>,
    /// By service.
    pub services: Cost,
    /// All of it.
    pub total: f64,
}

impl Bill {
    /// What a month costs.
    pub fn of(mix: &Mix, prices: &Prices, free_tier: bool) -> Self {
        let mut lines: Vec<Line> = kinds(mix)
            .into_iter()
            .filter(|(_, units)| *units != Units::default())
            .map(|(kind, units)| Line { kind, units, cost: Cost::of(&units, prices) })
            .collect();
        if free_tier {
            let mut all = Units::default();
            lines.iter().for_each(|line| all += line.units);
            let units = all.free(prices) * -1.0;
            lines.push(Line { kind: "what is free", units, cost: Cost::of(&units, prices) });
        }
        let mut services = Cost::default();
        lines.iter().for_each(|line| services += line.cost);
        Self { lines, services, total: services.total() }
    }

    /// What a kind of work costs.
    pub fn cost(&self, kind: &str) -> f64 {
        self.lines.iter().filter(|line| line.kind == kind).map(|line| line.cost.total()).sum()
    }
}

/// What a machine costs a month.
pub fn machine(prices: &Prices) -> f64 {
    let machine = &prices.machine;
    (machine.hour.0 + machine.address_hour.0) * MONTH_HOURS + machine.disk_gb.0 * machine.disk_gb_month.0
}

/// One-way messages a month from which on a machine is cheaper: the same company grows until its bill is the
/// machine's. None at all where what waits all the time costs more already; `None` where that is never so.
pub fn break_even(mix: &Mix, prices: &Prices, free_tier: bool) -> Option<f64> {
    /// Companies a million times as large, or small, are not looked at; 60 halvings of that are exact to the message.
    const MOST: f64 = 1e6;
    const HALVINGS: u32 = 60;
    let dearer = |times: f64| Bill::of(&mix.times(times), prices, free_tier).total > machine(prices);
    if !dearer(MOST) {
        return None;
    }
    if dearer(0.0) {
        return Some(0.0);
    }
    let (mut below, mut above) = (0.0, MOST);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(below, above);
        if dearer(middle) { above = middle } else { below = middle }
    }
    Some(mix.times(above).one_way())
}

/// What a million messages of people cost by themselves: a frame each, and what the stream makes of it.
pub fn messages_alone(prices: &Prices) -> f64 {
    const MILLION: f64 = 1e6;
    let mut units = Units::of(&work::SEND, MILLION);
    units += Units::of(&work::AFTER_MESSAGE, MILLION);
    Cost::of(&units, prices).total()
}

fn kinds(mix: &Mix) -> Vec<(&'static str, Units)> {
    let conversations = mix.conversations;
    let (by_ai, by_people) = (conversations * mix.ai, conversations * (1.0 - mix.ai));
    // Half are the visitor's, of which the first opens the conversation; those to the AI agent begin turns.
    let from_visitors = conversations * mix.messages / 2.0;
    let (from_agents, turns) = (by_people * mix.messages / 2.0, by_ai * mix.messages / 2.0);
    let sent = from_visitors - conversations.min(from_visitors) + from_agents;
    // Only people type, and say what they have read: of the AI agent's conversations that is the visitor.
    let by_hand = from_visitors + from_agents;
    let minutes = mix.one_way() * HABITS.minutes_per_message;
    let agent_hours = mix.agents * mix.hours;
    let rows = conversations * (mix.messages + OTHER_ENTRIES);
    vec![
        (MESSAGES, sum(&[(&work::SEND, sent), (&work::AFTER_MESSAGE, sent)])),
        (
            "conversations: begin, assign, close",
            sum(&[
                (&work::BEGIN, conversations),
                (&work::AFTER_BEGIN, conversations),
                (&work::AFTER_ASSIGN, by_people),
                (&work::FIRST_RESPONSE, by_people),
                (&work::CANDIDATE, by_people * mix.team()),
                (&work::CLOSE, conversations),
                (&work::AFTER_CLOSE, conversations),
            ]),
        ),
        ("list rows on open consoles", sum(&[(&work::ROW, rows * mix.consoles())])),
        (TYPING, sum(&[(&work::TYPING, by_hand * HABITS.typing())])),
        (RECEIPTS, sum(&[(&work::READ, by_hand * HABITS.receipts)])),
        ("AI turns", sum(&[(&work::TURN, turns), (&work::AFTER_MESSAGE, turns), (&work::SUMMARY, by_ai)])),
        (PIECES, sum(&[(&work::PIECE, turns * HABITS.pieces)])),
        ("webhooks", sum(&[(&work::DELIVERY, (rows + conversations * OTHER_EVENTS) * mix.webhooks)])),
        ("visitors' sockets", visitors(conversations, minutes)),
        ("agents' sockets and consoles", agents(by_people, agent_hours)),
        ("browser parts", browser(conversations, agent_hours)),
        ("what is kept, and its backup", kept(mix, rows)),
        (ALWAYS, always()),
    ]
}

fn sum(parts: &[(&Work, f64)]) -> Units {
    let mut all = Units::default();
    parts.iter().for_each(|(work, count)| all += Units::of(work, *count));
    all
}

fn visitors(conversations: f64, minutes: f64) -> Units {
    let mut units = sum(&[
        (&work::VISITOR_SOCKET, conversations),
        (&work::HELLO, conversations),
        (&work::PING_VISITOR, minutes * 60.0 / HABITS.visitor_ping_seconds),
    ]);
    units.minutes += minutes;
    units
}

fn agents(by_people: f64, hours: f64) -> Units {
    let requests = by_people * HABITS.console_requests + hours * HABITS.console_requests_hour;
    let pings = hours * 3_600.0 / HABITS.agent_ping_seconds;
    let mut units = sum(&[
        (&work::AGENT_SOCKET, hours / HABITS.socket_hours),
        (&work::PING_AGENT, pings),
        (&work::REQUEST, requests),
    ]);
    units.minutes += hours * 60.0;
    units
}

fn browser(conversations: f64, agent_hours: f64) -> Units {
    /// Hours of an agent's day, in which the console is loaded once.
    const DAY: f64 = 8.0;
    let loads = agent_hours / DAY;
    Units {
        cdn_requests: conversations * HABITS.widget.0 + loads * HABITS.console.0,
        cdn_gb: gb(conversations * HABITS.widget.1 + loads * HABITS.console.1),
        ..Units::default()
    }
}

/// What lies in the table when as much was kept as is kept.
fn kept(mix: &Mix, entries: f64) -> Units {
    let a_month = entries * HABITS.entry_bytes + mix.conversations * HABITS.conversation_bytes;
    let stored = gb(a_month * HABITS.months + entries * mix.webhooks * HABITS.delivery_bytes);
    Units { stored_gb: stored, backup_gb: stored, ..Units::default() }
}

fn always() -> Units {
    let mut units = sum(&[(&work::SWEEP_RUN, MONTH_HOURS * 60.0)]);
    units.sqs += QueueName::ALL.len() as f64 * POLLERS * MONTH_HOURS * 3_600.0 / POLL_SECONDS;
    units += Units { alarms: ALARMS, dashboards: DASHBOARDS, secrets: SECRETS, metrics: METRICS, ..Units::default() };
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cost::{show::Floor, work::FUNCTIONS};

    /// No kind of work that stores nothing may be more of the bill than this (DESIGN §7), at a usual mix; and of the bill
    /// of a company that has neither an AI agent nor a webhook, not more than the second.
    const NOT_DOMINANT: f64 = 0.2;
    const NOT_DOMINANT_AMONG_PEOPLE: f64 = 0.25;

    const USUAL: Mix =
        Mix { conversations: 10_000.0, messages: 16.0, agents: 10.0, hours: 160.0, ai: 0.3, webhooks: 1.0 };

    fn prices() -> Prices {
        Prices::load(None).unwrap()
    }

    /// A file of the tree.
    fn file(path: &str) -> String {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The number behind the first place that says `before`.
    fn number(text: &str, before: &str) -> f64 {
        let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("nothing says {before}"));
        let digits: String = rest.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        digits.parse().unwrap()
    }

    #[test]
    fn the_floor_is_the_one_that_the_design_stands_on() {
        let floor = Floor::of(&prices());
        assert_eq!(format!("{:.2}", floor.total), "2.97");
        assert_eq!((floor.services.api_gateway / floor.total * 100.0).round(), 67.0);
    }

    #[test]
    fn neither_typing_nor_receipts_nor_pieces_of_answers_dominate() {
        let people_only = Mix { ai: 0.0, webhooks: 0.0, ..USUAL };
        // A thousand times as large, what is always there is nothing.
        for (mix, most) in [
            (USUAL, NOT_DOMINANT),
            (USUAL.times(1_000.0), NOT_DOMINANT),
            (people_only, NOT_DOMINANT),
            (people_only.times(1_000.0), NOT_DOMINANT_AMONG_PEOPLE),
        ] {
            let bill = Bill::of(&mix, &prices(), false);
            for kind in [TYPING, RECEIPTS, PIECES] {
                let share = bill.cost(kind) / bill.total;
                assert!(share < most, "{kind}: {share:.3} of the bill of {mix:?}");
                assert!(share > 0.0 || kind == PIECES && mix.ai == 0.0, "{kind} is counted");
            }
        }
    }

    #[test]
    fn a_bill_is_the_sum_of_its_lines_and_grows_with_each_part_of_the_mix() {
        let bill = |mix: Mix| Bill::of(&mix, &prices(), false).total;
        let whole = Bill::of(&USUAL, &prices(), false);
        let lines: f64 = whole.lines.iter().map(|line| line.cost.total()).sum();
        assert!((lines - whole.total).abs() < 1e-9);
        for more in [
            Mix { conversations: 20_000.0, ..USUAL },
            Mix { messages: 32.0, ..USUAL },
            Mix { agents: 20.0, ..USUAL },
            Mix { hours: 320.0, ..USUAL },
            Mix { ai: 0.6, ..USUAL },
            Mix { webhooks: 2.0, ..USUAL },
        ] {
            assert!(bill(more) > whole.total, "{more:?}");
        }
    }

    #[test]
    fn the_machine_is_cheaper_from_where_its_bill_is_met() {
        let prices = prices();
        // Without what is free, what waits all the time costs more than the machine.
        assert_eq!(break_even(&USUAL, &prices, false), Some(0.0));
        let messages = break_even(&USUAL, &prices, true).unwrap();
        let there = Bill::of(&USUAL.times(messages / USUAL.one_way()), &prices, true);
        assert!((there.total - machine(&prices)).abs() < 0.001, "{} and {}", there.total, machine(&prices));
        let mut dear = prices;
        dear.machine.hour.0 = 1e9;
        assert_eq!(break_even(&USUAL, &dear, false), None);
    }

    #[test]
    fn what_is_free_is_taken_off_and_no_more() {
        let prices = prices();
        let small = Mix { conversations: 100.0, ..USUAL };
        let (paid, free) = (Bill::of(&small, &prices, false), Bill::of(&small, &prices, true));
        assert!(free.total < paid.total && free.total > 0.0);
        let Cost { lambda, traffic, cdn, .. } = free.services;
        assert!([lambda, traffic, cdn].iter().all(|cost| cost.abs() < 1e-9), "{:?}", free.services);
        let large = USUAL.times(1e4);
        let off = Bill::of(&large, &prices, false).total - Bill::of(&large, &prices, true).total;
        assert!(off < 200.0, "{off}: what is free is bounded");
    }

    /// What the template says of a resource, from `begin` to the next.
    fn resource<'a>(template: &'a str, begin: &str) -> &'a str {
        let (_, block) = template.split_once(begin).unwrap_or_else(|| panic!("the template has no {begin}"));
        let is_next = |(at, _): &(usize, &str)| block[at + 3..].starts_with(|first: char| first.is_ascii_alphabetic());
        block.match_indices("\n  ").find(is_next).map_or(block, |(end, _)| &block[..end])
    }

    #[test]
    fn memory_is_what_the_template_gives() {
        let template = file("infra/template.yaml");
        let all = number(&template, "MemorySize:");
        for function in FUNCTIONS {
            let (first, rest) = function.name.split_at(1);
            let name = format!("\n  {}{rest}Function:\n", first.to_uppercase());
            let block = resource(&template, &name);
            let own = if block.contains("MemorySize:") { number(block, "MemorySize:") } else { all };
            assert_eq!(function.memory_mb, own, "{}", function.name);
        }
    }

    #[test]
    fn what_waits_all_the_time_is_what_the_template_has() {
        let template = file("infra/template.yaml");
        const ALARM: &str = "Type: AWS::CloudWatch::Alarm";
        let places = template.match_indices(ALARM).map(|(at, _)| &template[at..]);
        let looked_at = places.map(|rest| resource(rest, ALARM).matches("MetricStat:").count().max(1));
        assert_eq!(looked_at.sum::<usize>() as f64, ALARMS);
        assert_eq!(template.matches("Type: AWS::CloudWatch::Dashboard").count() as f64, DASHBOARDS);
        assert_eq!(template.matches(" Type: SQS\n").count(), QueueName::ALL.len(), "mappings that poll");
        assert_eq!(template.contains("DESKWIRE_METRICS: emf"), METRICS > 0.0);
    }

    #[test]
    fn programs_do_as_the_habits_say() {
        assert_eq!(number(&file("web/sdk/src/signals.ts"), "const TYPING_SECONDS ="), HABITS.typing_every_seconds);
        assert_eq!(number(&file("web/sdk/src/core.ts"), "const LIVE_PING_SECONDS ="), HABITS.visitor_ping_seconds);
        let lease = number(&file("shared/domain/src/limits.rs"), "const LEASE_SECONDS: i64 =");
        assert_eq!(lease / 3.0, HABITS.agent_ping_seconds);
        assert_eq!(POLL_SECONDS, 20.0, "SQS waits no longer");
    }
}
