//! The HTTP API's routes, as data: the OpenAPI document is made from them, and a test of `functions/api` holds the
//! router against them.

use deskwire_filter::WordList;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::{client::ClientFrame, http, inbound::InboundEvent, server};

/// How a type describes itself.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Any token of the account.
    Anyone,
    /// Agents.
    Staff,
    /// Administrators.
    Admin,
    /// Whoever signs it with an event source's secret; or administrators.
    Signed,
}

/// A route.
pub struct Route {
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// The path, parameters in braces.
    pub path: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Who may call it.
    pub access: Access,
    /// Query parameters: name and what it is.
    pub query: &'static [(&'static str, &'static str)],
    /// The request body's schema; JSON, unless `openapi::media_types` says otherwise.
    pub request: Option<SchemaOf>,
    /// The status of success, and its body's schema.
    pub response: (u16, Option<SchemaOf>),
}

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

const PAGING: &[(&str, &str)] =
    &[("cursor", "where the page begins, from the page before"), ("limit", "rows, 1 to 100; 50 unless said")];
/// What `q` is, in both lists that have it.
const SEARCH: &str = "1 to 100 characters, for agents: every word occurs in the contact's name, address, number, id or tags, or in \
    a conversation's labels or preview; an id or exact address finds directly. A page may be short or empty with a next one";
const CONTACTS: &[(&str, &str)] = &[
    ("q", SEARCH),
    ("cursor", "where the page begins, from the page before"),
    ("limit", "rows, 1 to 100; 50 unless said"),
];
const LISTS: &[(&str, &str)] = &[
    (
        "status",
        "one or more of bot, queued, active, transferring, snoozed, closed, with commas; all that are open unless said",
    ),
    ("team", "of this team"),
    ("assignee", "of this agent; `me` for oneself"),
    ("contact", "of this contact"),
    ("label", "with this label"),
    ("q", SEARCH),
    ("cursor", "where the page begins, from the page before"),
    ("limit", "rows, 1 to 100; 50 unless said"),
];
const ENTRIES: &[(&str, &str)] = &[
    ("after", "entries after this seq, forward"),
    ("before", "entries before this seq, backward; the newest unless either is said"),
    ("limit", "entries, 1 to 100; 50 unless said"),
];

const PERIOD: &[(&str, &str)] = &[
    ("from", "the first day, such as 2026-11-01; 30 days back unless said"),
    ("to", "the last day, 92 at most; today unless said"),
    ("team", "of this team; of all unless said"),
];

const fn get(
    path: &'static str,
    summary: &'static str,
    access: Access,
    response: fn(&mut SchemaGenerator) -> Schema,
) -> Route {
    Route { method: "GET", path, summary, access, query: &[], request: None, response: (200, Some(response)) }
}

const fn list(path: &'static str, summary: &'static str, response: fn(&mut SchemaGenerator) -> Schema) -> Route {
    Route {
        method: "GET",
        path,
        summary,
        access: Access::Staff,
        query: PAGING,
        request: None,
        response: (200, Some(response)),
    }
}

const fn write(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    access: Access,
    bodies: (SchemaOf, u16, SchemaOf),
) -> Route {
    Route { method, path, summary, access, query: &[], request: Some(bodies.0), response: (bodies.1, Some(bodies.2)) }
}

const fn bare(method: &'static str, path: &'static str, summary: &'static str, access: Access) -> Route {
    Route { method, path, summary, access, query: &[], request: None, response: (204, None) }
}

/// All routes under `/v1`.
pub const ROUTES: &[Route] = &[
    write(
        "POST",
        "/v1/token",
        "Get a Deskwire token (RFC 8693; JSON or form)",
        Access::Public,
        (of::<http::TokenRequest>, 200, of::<http::TokenResponse>),
    ),
    bare("POST", "/v1/token/revoke", "Revoke one's own tokens, everywhere; sockets are closed", Access::Anyone),
    Route {
        query: &[("account", "whose: acc_…"), ("inbox", "which: inb_…; the account's first one unless said")],
        ..get(
            "/v1/widget",
            "Read what a widget must know before anybody signs in",
            Access::Public,
            of::<http::WidgetConfig>,
        )
    },
    Route {
        query: &[("account", "whose: acc_…")],
        ..get("/v1/sign-on", "Read how agents sign in", Access::Public, of::<http::SignOnOptions>)
    },
    Route {
        method: "POST",
        path: "/v1/tickets",
        summary: "Get a ticket that opens one socket within a minute",
        access: Access::Anyone,
        query: &[],
        request: None,
        response: (201, Some(of::<http::Ticket>)),
    },
    Route {
        method: "GET",
        path: "/v1/conversations",
        summary: "List conversations; for a visitor their own",
        access: Access::Anyone,
        query: LISTS,
        request: None,
        response: (200, Some(of::<http::Page<server::ListRow>>)),
    },
    write(
        "POST",
        "/v1/conversations",
        "Begin a conversation, or continue the contact's current one",
        Access::Anyone,
        (of::<http::NewConversation>, 201, of::<server::Ack>),
    ),
    get("/v1/conversations/{conversation}", "Read a conversation's state", Access::Anyone, of::<http::Conversation>),
    Route {
        method: "GET",
        path: "/v1/conversations/{conversation}/entries",
        summary: "Read a conversation's log, forward or backward",
        access: Access::Anyone,
        query: ENTRIES,
        request: None,
        response: (200, Some(of::<http::EntriesPage>)),
    },
    write(
        "POST",
        "/v1/conversations/{conversation}/actions",
        "Do in a conversation what a frame does: its body is a frame without `conversation`",
        Access::Anyone,
        (of::<ClientFrame>, 200, of::<server::Ack>),
    ),
    Route { query: CONTACTS, ..list("/v1/contacts", "List contacts", of::<http::Page<http::Contact>>) },
    write(
        "POST",
        "/v1/contacts",
        "Make a contact",
        Access::Staff,
        (of::<http::ContactChange>, 201, of::<http::Contact>),
    ),
    get("/v1/contacts/{contact}", "Read a contact; a visitor may read themselves", Access::Anyone, of::<http::Contact>),
    write(
        "PATCH",
        "/v1/contacts/{contact}",
        "Change a contact; a visitor may say of themselves what forms ask for",
        Access::Anyone,
        (of::<http::ContactChange>, 200, of::<http::Contact>),
    ),
    write(
        "POST",
        "/v1/contacts/{contact}/merge",
        "Merge another contact into this one",
        Access::Staff,
        (of::<http::Merge>, 200, of::<http::Contact>),
    ),
    list("/v1/agents", "List agents, with their presence", of::<http::Page<http::Agent>>),
    write("POST", "/v1/agents", "Make an agent", Access::Admin, (of::<http::AgentChange>, 201, of::<http::Agent>)),
    get("/v1/agents/{agent}", "Read an agent", Access::Staff, of::<http::Agent>),
    get(
        "/v1/agents/{agent}/profile",
        "Read what visitors may know of an agent",
        Access::Anyone,
        of::<http::AgentProfile>,
    ),
    write(
        "PATCH",
        "/v1/agents/{agent}",
        "Change an agent",
        Access::Admin,
        (of::<http::AgentChange>, 200, of::<http::Agent>),
    ),
    bare(
        "POST",
        "/v1/agents/{agent}/revoke",
        "Revoke an agent's tokens, everywhere; sockets are closed",
        Access::Admin,
    ),
    list("/v1/teams", "List teams", of::<http::Page<http::Team>>),
    write("POST", "/v1/teams", "Make a team", Access::Admin, (of::<http::TeamChange>, 201, of::<http::Team>)),
    get("/v1/teams/{team}", "Read a team", Access::Staff, of::<http::Team>),
    write("PATCH", "/v1/teams/{team}", "Change a team", Access::Admin, (of::<http::TeamChange>, 200, of::<http::Team>)),
    list("/v1/inboxes", "List inboxes", of::<http::Page<http::Inbox>>),
    write("POST", "/v1/inboxes", "Make an inbox", Access::Admin, (of::<http::InboxChange>, 201, of::<http::Inbox>)),
    get("/v1/inboxes/{inbox}", "Read an inbox", Access::Staff, of::<http::Inbox>),
    write(
        "PATCH",
        "/v1/inboxes/{inbox}",
        "Change an inbox",
        Access::Admin,
        (of::<http::InboxChange>, 200, of::<http::Inbox>),
    ),
    list("/v1/canned-responses", "List canned responses", of::<http::Page<http::CannedResponse>>),
    write(
        "PUT",
        "/v1/canned-responses/{short}",
        "Make or change a canned response",
        Access::Staff,
        (of::<http::CannedResponse>, 200, of::<http::CannedResponse>),
    ),
    bare("DELETE", "/v1/canned-responses/{short}", "Delete a canned response", Access::Staff),
    list("/v1/labels", "List labels", of::<http::Page<http::LabelDefinition>>),
    write(
        "PUT",
        "/v1/labels/{name}",
        "Make or change a label",
        Access::Staff,
        (of::<http::LabelDefinition>, 200, of::<http::LabelDefinition>),
    ),
    bare("DELETE", "/v1/labels/{name}", "Delete a label; conversations keep it", Access::Admin),
    write(
        "POST",
        "/v1/attachments",
        "Announce an upload, and get the address to put it to",
        Access::Anyone,
        (of::<http::NewAttachment>, 201, of::<http::Attachment>),
    ),
    get("/v1/attachments/{attachment}", "Get a short-lived address of a file", Access::Anyone, of::<http::Attachment>),
    Route { access: Access::Admin, ..list("/v1/webhooks", "List webhook endpoints", of::<http::Page<http::Endpoint>>) },
    write(
        "POST",
        "/v1/webhooks",
        "Make a webhook endpoint; the answer shows its secret, once",
        Access::Admin,
        (of::<http::EndpointChange>, 201, of::<http::NewEndpoint>),
    ),
    get("/v1/webhooks/{endpoint}", "Read a webhook endpoint", Access::Admin, of::<http::Endpoint>),
    write(
        "PATCH",
        "/v1/webhooks/{endpoint}",
        "Change a webhook endpoint, switch it off or on",
        Access::Admin,
        (of::<http::EndpointChange>, 200, of::<http::Endpoint>),
    ),
    bare("DELETE", "/v1/webhooks/{endpoint}", "Delete a webhook endpoint", Access::Admin),
    Route {
        method: "POST",
        path: "/v1/webhooks/{endpoint}/secret",
        summary: "Change the secret; for a day deliveries are signed by the old one too",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (200, Some(of::<http::NewEndpoint>)),
    },
    Route {
        method: "POST",
        path: "/v1/webhooks/{endpoint}/test",
        summary: "Send a test event",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (201, Some(of::<http::Delivery>)),
    },
    write(
        "POST",
        "/v1/webhooks/{endpoint}/replay",
        "Deliver again what happened in a period",
        Access::Admin,
        (of::<http::Replay>, 200, of::<http::Replayed>),
    ),
    Route {
        access: Access::Admin,
        ..list(
            "/v1/webhooks/{endpoint}/deliveries",
            "List deliveries, the newest first; kept for 30 days",
            of::<http::Page<http::Delivery>>,
        )
    },
    get(
        "/v1/webhooks/{endpoint}/deliveries/{delivery}",
        "Read a delivery with all its attempts",
        Access::Admin,
        of::<http::Delivery>,
    ),
    Route {
        method: "POST",
        path: "/v1/webhooks/{endpoint}/deliveries/{delivery}/resend",
        summary: "Deliver once more",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (200, Some(of::<http::Delivery>)),
    },
    Route {
        access: Access::Admin,
        ..list("/v1/event-sources", "List the systems that send events", of::<http::Page<http::EventSource>>)
    },
    write(
        "POST",
        "/v1/event-sources",
        "Make a system that sends events known; the answer shows its secret, once",
        Access::Admin,
        (of::<http::EventSourceChange>, 201, of::<http::NewEventSource>),
    ),
    bare("DELETE", "/v1/event-sources/{source}", "Forget a system: its events are refused from now on", Access::Admin),
    Route {
        method: "POST",
        path: "/v1/event-sources/{source}/secret",
        summary: "Change the secret; for a day the old one is good too",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (200, Some(of::<http::NewEventSource>)),
    },
    Route {
        query: &[("account", "whose, where it is signed"), ("key", "which event source signed it: evs_…")],
        ..write(
            "POST",
            "/v1/events",
            "Send events: CloudEvents in any mode, or Debezium's changes; signed, or with an administrator's token",
            Access::Signed,
            (of::<InboundEvent>, 202, of::<http::Accepted>),
        )
    },
    Route {
        access: Access::Admin,
        ..list("/v1/events", "List events that came in, the newest first", of::<http::Page<http::EventReport>>)
    },
    get("/v1/events/{event}", "Read an event and what was done about it", Access::Admin, of::<http::EventReport>),
    bare("POST", "/v1/events/{event}/retry", "Do the failed steps of an event once more", Access::Admin),
    get("/v1/rules", "Read the rules and queries", Access::Admin, of::<http::RuleBook>),
    write(
        "PUT",
        "/v1/rules",
        "Put rules and queries into force: the YAML file; with mistakes the old ones stay",
        Access::Admin,
        (of::<String>, 200, of::<http::RuleBook>),
    ),
    write(
        "POST",
        "/v1/rules/check",
        "Only check a file of rules and queries",
        Access::Admin,
        (of::<String>, 200, of::<http::CheckedRules>),
    ),
    Route {
        access: Access::Admin,
        ..list("/v1/secrets", "List the names of secrets", of::<http::Page<http::SecretName>>)
    },
    Route {
        request: Some(of::<http::SecretValue>),
        ..bare("PUT", "/v1/secrets/{name}", "Set a secret that rules name", Access::Admin)
    },
    bare("DELETE", "/v1/secrets/{name}", "Delete a secret", Access::Admin),
    list("/v1/queries", "List business queries, with where their answers came from", of::<http::Page<http::QueryInfo>>),
    write(
        "POST",
        "/v1/queries/{query}",
        "Ask one of the company's systems",
        Access::Staff,
        (of::<http::QueryRequest>, 200, of::<http::QueryAnswer>),
    ),
    get("/v1/ai", "Read how the AI agent is set up", Access::Admin, of::<http::AiSettings>),
    write("PUT", "/v1/ai", "Set the AI agent up", Access::Admin, (of::<http::AiSettings>, 200, of::<http::AiSettings>)),
    write(
        "POST",
        "/v1/ai/test",
        "See what the AI agent makes of a sentence, and why",
        Access::Staff,
        (of::<http::TestSentence>, 200, of::<http::TestedSentence>),
    ),
    Route {
        query: &[
            ("from", "the first day, such as 2026-11-01; 30 days back unless said"),
            ("to", "the last day, 92 at most; today unless said"),
        ],
        ..list("/v1/ai/quality", "How well the AI agent did, day by day", of::<http::Page<http::QualityDay>>)
    },
    list("/v1/ai/unanswered", "What had no good answer, grouped", of::<http::Page<http::UnansweredGroup>>),
    write(
        "POST",
        "/v1/ai/unanswered/resolve",
        "Turn questions into examples or an article, or dismiss them",
        Access::Staff,
        (of::<http::ResolveUnanswered>, 200, of::<http::Resolved>),
    ),
    list("/v1/ai/models", "List trained versions, the newest first", of::<http::Page<http::ModelVersion>>),
    Route {
        method: "POST",
        path: "/v1/ai/models",
        summary: "Train a new version; it serves if it does no worse than the one that does",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (202, Some(of::<http::ModelVersion>)),
    },
    get("/v1/ai/models/{version}", "Read a trained version", Access::Staff, of::<http::ModelVersion>),
    Route {
        method: "POST",
        path: "/v1/ai/models/{version}/serve",
        summary: "Let a version serve: also an older one, to roll back",
        access: Access::Admin,
        query: &[],
        request: None,
        response: (200, Some(of::<http::ModelVersion>)),
    },
    list("/v1/intents", "List intents", of::<http::Page<http::Intent>>),
    get("/v1/intents/{intent}", "Read an intent", Access::Staff, of::<http::Intent>),
    write(
        "PUT",
        "/v1/intents/{intent}",
        "Make or change an intent",
        Access::Admin,
        (of::<http::IntentChange>, 200, of::<http::Intent>),
    ),
    bare("DELETE", "/v1/intents/{intent}", "Delete an intent with its examples", Access::Admin),
    list("/v1/articles", "List articles", of::<http::Page<http::Article>>),
    write(
        "POST",
        "/v1/articles",
        "Write an article",
        Access::Staff,
        (of::<http::ArticleChange>, 201, of::<http::Article>),
    ),
    write(
        "POST",
        "/v1/articles/import",
        "Make articles of a file: Markdown, CSV or HTML",
        Access::Admin,
        (of::<http::ImportArticles>, 200, of::<http::Imported>),
    ),
    write(
        "POST",
        "/v1/articles/from-answer",
        "Make an article of an answer in a conversation",
        Access::Staff,
        (of::<http::ArticleFromAnswer>, 201, of::<http::Article>),
    ),
    get("/v1/articles/{article}", "Read an article", Access::Staff, of::<http::Article>),
    write(
        "PATCH",
        "/v1/articles/{article}",
        "Change an article",
        Access::Staff,
        (of::<http::ArticleChange>, 200, of::<http::Article>),
    ),
    bare("DELETE", "/v1/articles/{article}", "Delete an article", Access::Staff),
    list(
        "/v1/conversations/{conversation}/suggestions",
        "Get suggested replies, from articles and past answers",
        of::<http::Page<http::Suggestion>>,
    ),
    list("/v1/held", "List messages that wait for a review", of::<http::Page<http::HeldMessage>>),
    Route {
        access: Access::Admin,
        ..list("/v1/word-lists", "List word lists of the content filter", of::<http::Page<WordList>>)
    },
    write(
        "PUT",
        "/v1/word-lists/{name}",
        "Make or change a word list",
        Access::Admin,
        (of::<WordList>, 200, of::<WordList>),
    ),
    bare("DELETE", "/v1/word-lists/{name}", "Delete a word list", Access::Admin),
    get("/v1/account", "Read the account's configuration", Access::Admin, of::<http::Account>),
    write(
        "PATCH",
        "/v1/account",
        "Change the account's configuration",
        Access::Admin,
        (of::<http::AccountChange>, 200, of::<http::Account>),
    ),
    get(
        "/v1/reports/live",
        "How queues, teams and agents stand, and today so far",
        Access::Staff,
        of::<http::LiveReport>,
    ),
    Route {
        query: PERIOD,
        ..list("/v1/reports/days", "How days went (UTC), day by day", of::<http::Page<http::DayReport>>)
    },
    list("/v1/macros", "List macros", of::<http::Page<http::Macro>>),
    write(
        "PUT",
        "/v1/macros/{name}",
        "Make or change a macro: actions that are done in order",
        Access::Staff,
        (of::<http::Macro>, 200, of::<http::Macro>),
    ),
    bare("DELETE", "/v1/macros/{name}", "Delete a macro", Access::Staff),
    write(
        "POST",
        "/v1/conversations/{conversation}/macros/{name}",
        "Run a macro; the first step that is refused stops it, and what is done stays done",
        Access::Staff,
        (of::<http::RunMacro>, 200, of::<http::MacroRun>),
    ),
];
