//! The present code's types, by the names that they have in the documents.

use deskwire_domain::AccountId;
use deskwire_filter::WordList;
use deskwire_protocol::{
    Ack, Entry, Problem, ServerFrame,
    http::*,
    inbound::{self, Brought},
    json,
    server::ListRow,
    webhook::WebhookEvent,
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What a body looks like for the server: by its own readers, which refuse what they do not know.
///
/// # Errors
/// Its refusal.
pub fn read(name: &str, message: &Value) -> Result<(), String> {
    let bytes = message.to_string().into_bytes();
    macro_rules! by_name {
        ($($body:ident)*) => {
            match name {
                "ClientFrame" => json::frame(&message.to_string()).map(drop).map_err(|refused| refused.refusal.to_string()),
                "InboundEvent" => event(&bytes),
                $(stringify!($body) => json::body::<$body>(&bytes).map(drop).map_err(|refusal| refusal.to_string()),)*
                _ => Err(format!("the body {name} is not known: add it to `read` in tests/releases/types.rs")),
            }
        };
    }
    by_name! {
        AccountChange AgentChange AiSettings ArticleChange ArticleFromAnswer CannedResponse ContactChange EndpointChange
        EventSourceChange ImportArticles InboxChange IntentChange LabelDefinition Macro Merge NewAttachment NewConversation
        QueryRequest Replay ResolveUnanswered RunMacro SecretValue TeamChange TestSentence TokenRequest WordList
    }
}

fn event(body: &[u8]) -> Result<(), String> {
    let brought = Brought { content_type: Some("application/cloudevents+json"), header: &|_| None, body };
    inbound::read(&brought).map(drop).map_err(|refusal| refusal.to_string())
}

/// An answer as the present types write it, having read it. `Page<Contact>` is a page of contacts.
///
/// # Errors
/// Why they cannot read it.
pub fn again(name: &str, message: &Value) -> Result<Value, String> {
    let row = name.strip_prefix("Page<").and_then(|rest| rest.strip_suffix('>'));
    macro_rules! by_name {
        ($($answer:ident)*) => {
            [$((stringify!($answer), once_more::<$answer> as Again, once_more::<Page<$answer>> as Again),)*]
        };
    }
    let known = by_name! {
        Accepted Account Ack Agent AgentProfile AiSettings Article Attachment CannedResponse CheckedRules Contact Conversation
        Delivery Endpoint EntriesPage EventReport EventSource HeldMessage Imported Inbox Intent LabelDefinition ListRow
        LiveReport DayReport Macro MacroRun ModelVersion NewEndpoint NewEventSource Problem QualityDay QueryAnswer QueryInfo
        Replayed Resolved RuleBook SecretName ServerFrame SignOnOptions Suggestion Team TestedSentence Ticket TokenResponse
        UnansweredGroup WebhookEvent WidgetConfig WordList
    };
    match known.iter().find(|(own, ..)| *own == row.unwrap_or(name)) {
        Some((_, _, page)) if row.is_some() => page(message),
        Some((_, alone, _)) => alone(message),
        None => Err(format!("the answer {name} is not known: add it to `again` in tests/releases/types.rs")),
    }
}

type Again = fn(&Value) -> Result<Value, String>;

fn once_more<T: Serialize + DeserializeOwned>(message: &Value) -> Result<Value, String> {
    let read: T = serde_json::from_value(message.clone()).map_err(|error| error.to_string())?;
    serde_json::to_value(read).map_err(|error| error.to_string())
}

/// A document of nothing but one type, its definitions where the others have them.
pub fn document<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator: SchemaGenerator = settings.into_generator();
    let payload = generator.subschema_for::<T>();
    serde_json::json!({"payload": payload, "components": {"schemas": generator.take_definitions(true)}})
}

/// The events that an entry is.
///
/// # Errors
/// Why the present types cannot read the entry.
pub fn events(entry: &Value) -> Result<Vec<WebhookEvent>, String> {
    let entry: Entry = serde_json::from_value(entry.clone()).map_err(|error| format!("{error}: {entry}"))?;
    Ok(WebhookEvent::of_entry(&AccountId::new("demo"), &entry))
}
