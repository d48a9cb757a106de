//! What is asked for, and what people are taken to do: every guess that a bill makes stands here.

use std::path::PathBuf;

use serde::Serialize;

/// Hours of a month (a year's twelfth part).
pub const MONTH_HOURS: f64 = 730.0;

/// `deskwire cost`.
#[derive(Debug, Clone, PartialEq, clap::Args)]
pub struct Arguments {
    /// Conversations a month.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub conversations: u64,
    /// Messages of a conversation, of both sides together.
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u64).range(1..))]
    pub messages: u64,
    /// Agents.
    #[arg(long, default_value_t = 10)]
    pub agents: u64,
    /// Hours a month that each agent has the console open.
    #[arg(long, default_value_t = 160, value_parser = clap::value_parser!(u64).range(..=730))]
    pub hours: u64,
    /// The share of conversations that the AI agent has from beginning to end, from 0 to 1; its model's own bill is not in this one.
    #[arg(long, default_value_t = 0.0, value_parser = share)]
    pub ai: f64,
    /// Webhook endpoints that want every event.
    #[arg(long, default_value_t = 0)]
    pub webhooks: u64,
    /// A file with the prices of another region, or of another day.
    #[arg(long, value_name = "FILE")]
    pub prices: Option<PathBuf>,
    /// Take off what AWS gives each account for nothing, every month and for ever.
    #[arg(long)]
    pub free_tier: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| "a share is a number from 0 to 1, such as 0.3".to_owned())?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err("a share goes from 0 to 1: three tenths are 0.3".to_owned())
    }
}

/// How much there is of everything in a month.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Mix {
    /// Conversations.
    pub conversations: f64,
    /// Messages of each, of both sides together.
    pub messages: f64,
    /// Agents.
    pub agents: f64,
    /// Hours of each.
    pub hours: f64,
    /// The share of conversations that the AI agent has.
    pub ai: f64,
    /// Webhook endpoints.
    pub webhooks: f64,
}

impl From<&Arguments> for Mix {
    fn from(asked: &Arguments) -> Self {
        Self {
            conversations: asked.conversations as f64,
            messages: asked.messages as f64,
            agents: asked.agents as f64,
            hours: asked.hours as f64,
            ai: asked.ai,
            webhooks: asked.webhooks as f64,
        }
    }
}

impl Mix {
    /// One-way messages of the month.
    pub fn one_way(&self) -> f64 {
        self.conversations * self.messages
    }

    /// The same company, so many times as large: more conversations, and agents for them.
    pub fn times(&self, times: f64) -> Self {
        Self { conversations: self.conversations * times, agents: self.agents * times, ..*self }
    }

    /// Agents of a team.
    pub fn team(&self) -> f64 {
        self.agents.min(HABITS.team)
    }

    /// Consoles that show the list of a team, at any moment at which somebody writes to it.
    pub fn consoles(&self) -> f64 {
        self.team() * (self.hours / HABITS.open_hours).min(1.0)
    }
}

/// What people and programs are taken to do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Habits {
    /// Seconds that somebody types at a message: 40 characters at 200 a minute.
    pub typing_seconds: f64,
    /// Seconds between two `typing` frames of one who types (web/sdk/src/signals.ts, `TYPING_SECONDS`).
    pub typing_every_seconds: f64,
    /// Receipts for each message of another: the SDK says one each three seconds at most, and people answer slower.
    pub receipts: f64,
    /// Minutes of a conversation for each of its messages.
    pub minutes_per_message: f64,
    /// Seconds between a visitor's pings (web/sdk/src/core.ts, `LIVE_PING_SECONDS`).
    pub visitor_ping_seconds: f64,
    /// Seconds between an agent's pings (a third of the lease, shared/domain/src/limits.rs).
    pub agent_ping_seconds: f64,
    /// Hours that a socket lives (API Gateway).
    pub socket_hours: f64,
    /// Agents of a team, where there are as many: each sees its list, and may be given its conversations.
    pub team: f64,
    /// Hours a month in which people are served: twelve a day. Consoles are open in these.
    pub open_hours: f64,
    /// Requests to the HTTP API that a console makes for each conversation: its page of entries, contact, suggestions.
    pub console_requests: f64,
    /// Requests to the HTTP API that a console makes each hour: lists, reports, names.
    pub console_requests_hour: f64,
    /// Pieces in which a model's answer streams: 60 words in a second and a half, seven pieces a second.
    pub pieces: f64,
    /// Bytes of an entry in the table, with what is kept for it beside.
    pub entry_bytes: f64,
    /// Bytes of what else is kept of a conversation: its row, its places in lists, its contact.
    pub conversation_bytes: f64,
    /// Bytes of a delivery to a webhook endpoint, kept for a month.
    pub delivery_bytes: f64,
    /// Months that conversations are kept.
    pub months: f64,
    /// Bytes that go out with a frame, and with an answer of the HTTP API.
    pub frame_bytes: f64,
    /// Bytes that an invocation logs: Lambda's own lines, and one of ours.
    pub log_bytes: f64,
    /// Requests and bytes of a page with the widget (README, Figures).
    pub widget: (f64, f64),
    /// The same of the console, loaded once a day of eight hours.
    pub console: (f64, f64),
}

/// The habits that all bills are made with.
pub const HABITS: Habits = Habits {
    typing_seconds: 12.0,
    typing_every_seconds: 9.0,
    receipts: 1.0,
    minutes_per_message: 1.0,
    visitor_ping_seconds: 45.0,
    agent_ping_seconds: 30.0,
    socket_hours: 2.0,
    team: 10.0,
    open_hours: 365.0,
    console_requests: 4.0,
    console_requests_hour: 60.0,
    pieces: 10.0,
    entry_bytes: 800.0,
    conversation_bytes: 4_000.0,
    delivery_bytes: 2_000.0,
    months: 12.0,
    frame_bytes: 600.0,
    log_bytes: 600.0,
    widget: (6.0, 36_000.0),
    console: (30.0, 1_000_000.0),
};

impl Habits {
    /// `typing` frames for a message.
    pub fn typing(&self) -> f64 {
        (self.typing_seconds / self.typing_every_seconds).ceil()
    }
}
