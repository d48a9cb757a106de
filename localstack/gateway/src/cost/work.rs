//! What each piece of work uses at most. This one table is what the bill is made of and what the cost test
//! (tests/tests/cost.rs) holds against what the engine, the queues and the functions count: a change that costs more
//! fails there, and the bill cannot drift.

/// A function, and what an invocation of it takes.
#[derive(Debug, PartialEq)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// Its memory (infra/template.yaml).
    pub memory_mb: f64,
    /// The time that it is billed for. An estimate: waiting for the table (5 ms a request), for sockets (10 ms a post)
    /// or for the other side, hardly any work of its own, and what starts add.
    pub milliseconds: f64,
}

/// What starts of environments add to each invocation, in milliseconds: a function of its own runtime pays for INIT, AWS
/// says that fewer than one invocation in a hundred has one, and a tenth of a second is much for one of these.
const STARTS: f64 = 1.0;

const fn function(name: &'static str, memory_mb: f64, milliseconds: f64) -> Function {
    Function { name, memory_mb, milliseconds: milliseconds + STARTS }
}

const AUTHORIZE: Function = function("authorize", 256.0, 10.0);
const CONNECT: Function = function("connect", 256.0, 15.0);
const DISCONNECT: Function = function("disconnect", 256.0, 15.0);
const MESSAGE: Function = function("message", 512.0, 30.0);
const API: Function = function("api", 512.0, 20.0);
const RELAY: Function = function("relay", 512.0, 40.0);
const ASSIGN: Function = function("assign", 256.0, 40.0);
// It waits for the company's endpoint.
const WEBHOOK: Function = function("webhook", 256.0, 200.0);
// It gathers what else the visitor writes (0.4 s), and waits for a model. The local engine needs a sixth of this.
const AI: Function = function("ai", 1_769.0, 3_000.0);
const SWEEP: Function = function("sweep", 256.0, 30.0);

/// All that are called.
pub const FUNCTIONS: &[Function] = &[AUTHORIZE, CONNECT, DISCONNECT, MESSAGE, API, RELAY, ASSIGN, WEBHOOK, AI, SWEEP];

/// What a piece of work uses at most.
#[derive(Debug, PartialEq)]
pub struct Work {
    /// Which.
    pub name: &'static str,
    /// Frames of a client, each with its answer.
    pub frames: f64,
    /// Requests to the HTTP API.
    pub http: f64,
    /// Write units.
    pub write: f64,
    /// Read units.
    pub read: f64,
    /// Frames that are posted to others' sockets.
    pub posts: f64,
    /// Requests to queues: sent, received and deleted, but no receive that brings nothing.
    pub sqs: f64,
    /// Invocations.
    pub calls: &'static [(Function, f64)],
}

const NOTHING: Work =
    Work { name: "", frames: 0.0, http: 0.0, write: 0.0, read: 0.0, posts: 0.0, sqs: 0.0, calls: &[] };

/// A client's frame: one invocation, and never a request to SQS.
const fn frame(name: &'static str, write: f64, read: f64, posts: f64) -> Work {
    Work { name, frames: 1.0, write, read, posts, calls: &[(MESSAGE, 1.0)], ..NOTHING }
}

/// A message in a conversation that is under way, of a visitor or an agent.
pub const SEND: Work = frame("send", 1.0, 2.0, 1.0);
/// A note.
pub const NOTE: Work = frame("note", 1.0, 2.0, 1.0);
/// What was missed.
pub const SYNC: Work = frame("sync", 0.0, 1.0, 0.0);
/// Somebody types.
pub const TYPING: Work = frame("typing", 0.0, 1.0, 1.0);
/// A receipt.
pub const READ: Work = frame("read", 1.0, 2.0, 1.0);
/// A visitor's sign of life.
pub const PING_VISITOR: Work = frame("ping (visitor)", 0.0, 0.0, 0.0);
/// An agent's sign of life.
pub const PING_AGENT: Work = frame("ping (agent)", 1.0, 0.0, 0.0);
/// A visitor is back.
pub const HELLO: Work = frame("hello (visitor, 1 conversation)", 1.0, 5.5, 0.0);
/// A label.
pub const LABEL: Work = frame("label", 1.0, 2.0, 1.0);
/// The first message, which opens a conversation.
pub const BEGIN: Work = frame("begin", 9.0, 7.0, 0.0);
/// An agent takes a conversation.
pub const ACCEPT: Work = frame("accept", 5.0, 5.0, 1.0);
/// A conversation ends.
pub const CLOSE: Work = frame("close", 4.0, 2.0, 1.0);

/// Every frame that the cost test holds.
pub const FRAMES: &[Work] =
    &[SEND, NOTE, SYNC, TYPING, READ, PING_VISITOR, PING_AGENT, HELLO, LABEL, BEGIN, ACCEPT, CLOSE];

/// What the stream makes of a message: a row for lists.
pub const AFTER_MESSAGE: Work =
    Work { name: "relay: a message", write: 1.0, read: 3.0, calls: &[(RELAY, 1.0)], ..NOTHING };
/// What it makes of a conversation that begins: a row, its places in lists, what reports count.
pub const AFTER_BEGIN: Work =
    Work { name: "relay: a beginning", write: 4.0, read: 8.0, calls: &[(RELAY, 2.0)], ..NOTHING };
/// An agent gets the conversation, by routing: the queue's two jobs, the agent's item, the places again, who watches.
pub const AFTER_ASSIGN: Work = Work {
    name: "assign: a conversation",
    write: 14.0,
    read: 20.0,
    posts: 3.0,
    sqs: 6.0,
    calls: &[(RELAY, 2.0), (ASSIGN, 2.0)],
    ..NOTHING
};
/// The first words of an agent are counted for reports.
pub const FIRST_RESPONSE: Work = Work { name: "relay: a first response", write: 1.0, ..NOTHING };
/// Routing looks at each agent of the team: the agent and the desk, and at who is told.
pub const CANDIDATE: Work = Work { name: "assign: an agent who may get it", read: 3.0, ..NOTHING };
/// What the stream makes of an end; and the queue is looked at, for there is room.
pub const AFTER_CLOSE: Work =
    Work { name: "relay: an end", write: 8.0, read: 7.0, sqs: 3.0, calls: &[(RELAY, 2.0), (ASSIGN, 1.0)], ..NOTHING };
/// A row of a list, for a console that shows the list.
pub const ROW: Work = Work { name: "inbox frame", posts: 1.0, ..NOTHING };
/// A turn of the AI agent: its job, its answer, what is counted. What the stream makes of the answer is
/// [`AFTER_MESSAGE`].
pub const TURN: Work =
    Work { name: "ai: a turn", write: 2.0, read: 9.0, posts: 1.0, sqs: 3.0, calls: &[(AI, 1.0)], ..NOTHING };
/// A piece of an answer that streams.
pub const PIECE: Work = Work { name: "delta frame", posts: 1.0, ..NOTHING };
/// The summary of a conversation that the AI agent had, when it ends.
pub const SUMMARY: Work = Work {
    name: "ai: a summary",
    write: 3.0,
    read: 9.0,
    posts: 1.0,
    sqs: 3.0,
    calls: &[(AI, 1.0), (RELAY, 1.0)],
    ..NOTHING
};
/// An event for a webhook endpoint that takes it at once.
pub const DELIVERY: Work =
    Work { name: "webhook: a delivery", write: 4.0, read: 2.0, sqs: 3.0, calls: &[(WEBHOOK, 1.0)], ..NOTHING };
/// A visitor's token, ticket and socket, until it is closed.
pub const VISITOR_SOCKET: Work = Work {
    name: "a visitor's socket",
    http: 2.0,
    write: 5.0,
    read: 3.0,
    calls: &[(API, 2.0), (AUTHORIZE, 1.0), (CONNECT, 1.0), (DISCONNECT, 1.0)],
    ..NOTHING
};
/// An agent's token, ticket and socket with `hello`, `presence` and `watch`, until it is closed.
pub const AGENT_SOCKET: Work = Work {
    name: "an agent's socket",
    frames: 3.0,
    http: 2.0,
    write: 10.0,
    read: 24.0,
    posts: 2.0,
    sqs: 6.0,
    calls: &[
        (API, 2.0),
        (AUTHORIZE, 1.0),
        (CONNECT, 1.0),
        (DISCONNECT, 1.0),
        (MESSAGE, 3.0),
        (RELAY, 3.0),
        (ASSIGN, 2.0),
    ],
};
/// A request of a console to the HTTP API: entries, a contact, suggestions.
pub const REQUEST: Work = Work { name: "a console's request", http: 1.0, read: 4.0, calls: &[(API, 1.0)], ..NOTHING };
/// A run of `sweep` that finds nothing due.
pub const SWEEP_RUN: Work = Work { name: "sweep: nothing due", read: 8.0, calls: &[(SWEEP, 1.0)], ..NOTHING };

/// The least that a one-way message can cost: once in and once out, a call of 10 ms in 128 MB, a write and a read.
pub const LEAST: Work = Work {
    name: "the floor",
    frames: 1.0,
    write: 1.0,
    read: 1.0,
    calls: &[(Function { name: "the least", memory_mb: 128.0, milliseconds: 10.0 }, 1.0)],
    ..NOTHING
};
