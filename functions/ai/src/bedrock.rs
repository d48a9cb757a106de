//! Amazon Bedrock as a model's client: `ConverseStream`, with the function's own credentials. Alone in using
//! `aws-sdk-bedrockruntime`; no other function pays for it.

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_sdk_bedrockruntime::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{
        ContentBlock, ContentBlockDelta, ContentBlockStart, ConversationRole, ConverseStreamOutput,
        InferenceConfiguration, Message, StopReason, SystemContentBlock, Tool, ToolConfiguration, ToolInputSchema,
        ToolResultBlock, ToolResultContentBlock, ToolSpecification, ToolUseBlock,
    },
};
use aws_smithy_types::{Document, Number, error::operation::BuildError};
use deskwire_ai::{
    agent::{AgentError, Deltas, Parameter, ToolCall},
    model::{ChatAnswer, ChatMessage, ChatRequest, Finish, ModelClient, Role},
};
use deskwire_app::ai::ModelMaker;
use serde_json::{Map, Value, json};
use tokio::sync::OnceCell;

/// Characters of an answer: what a visitor reads at once, several times over. A stream that goes on is cut off.
const ANSWER_CHARS: usize = 16_000;
/// Tool calls of one answer that are read; more are no answer.
const CALLS: usize = 16;

/// Makes clients of models. The first one reads region and keys from the environment.
#[derive(Default)]
pub struct Bedrock {
    client: Arc<OnceCell<Client>>,
}

impl Bedrock {
    /// Models behind a client that is made already.
    pub fn with(client: Client) -> Self {
        Self { client: Arc::new(OnceCell::new_with(Some(client))) }
    }
}

impl ModelMaker for Bedrock {
    fn client(&self, model: &str, time: Duration) -> Arc<dyn ModelClient> {
        Arc::new(Converse { client: Arc::clone(&self.client), model: model.to_owned(), time })
    }
}

/// One model.
struct Converse {
    client: Arc<OnceCell<Client>>,
    model: String,
    time: Duration,
}

#[async_trait]
impl ModelClient for Converse {
    async fn chat(&self, request: &ChatRequest, deltas: Option<&Deltas>) -> Result<ChatAnswer, AgentError> {
        tokio::time::timeout(self.time, self.converse(request, deltas)).await.unwrap_or(Err(AgentError::TimedOut))
    }
}

impl Converse {
    async fn converse(&self, request: &ChatRequest, deltas: Option<&Deltas>) -> Result<ChatAnswer, AgentError> {
        let client = self.client.get_or_try_init(async || client()).await?;
        let (system, messages) = conversation(&request.messages).map_err(|_| AgentError::Failed("request".into()))?;
        let inference = InferenceConfiguration::builder()
            .max_tokens(i32::try_from(request.max_tokens).unwrap_or(i32::MAX))
            .temperature(request.temperature)
            .build();
        let mut call = client.converse_stream().model_id(&self.model).inference_config(inference);
        call = call.set_system(Some(system)).set_messages(Some(messages));
        if !request.tools.is_empty() {
            call = call.tool_config(tools(&request.tools).map_err(|_| AgentError::Failed("request".into()))?);
        }
        let mut stream = call.send().await.map_err(|error| failed(&error))?.stream;
        let mut reading = Reading::default();
        while let Some(event) = stream.recv().await.map_err(|error| failed(&error))? {
            reading.take(event, deltas)?;
        }
        let answer = reading.answer()?;
        if answer.input_tokens > 0 {
            return Ok(answer);
        }
        // The stream ended without its count, and what was read and written is paid for all the same.
        let (input_tokens, output_tokens) = request.tokens_with(&answer.text);
        Ok(ChatAnswer { input_tokens, output_tokens, ..answer })
    }
}

/// A client with the function's own region and keys.
fn client() -> Result<Client, AgentError> {
    deskwire_app::aws::from_env().map(|sdk| Client::new(&sdk)).map_err(|error| {
        tracing::warn!(%error, "Bedrock cannot be called");
        AgentError::Failed("no_credentials".to_owned())
    })
}

/// A stable word for what failed; nothing of what was said.
fn failed<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> AgentError {
    match error {
        SdkError::TimeoutError(_) => AgentError::TimedOut,
        SdkError::DispatchFailure(_) => AgentError::Failed("connect_failed".to_owned()),
        error => match error.code() {
            Some("ThrottlingException" | "ServiceQuotaExceededException") => AgentError::TooMany,
            Some("ModelTimeoutException") => AgentError::TimedOut,
            Some(code) => AgentError::Failed(code.to_owned()),
            None => AgentError::Unusable("broken_stream"),
        },
    }
}

/// What is said, as Bedrock has it: the system's words apart, and no two messages of one side in a row.
fn conversation(all: &[ChatMessage]) -> Result<(Vec<SystemContentBlock>, Vec<Message>), BuildError> {
    let (mut system, mut turns) = (vec![], Vec::<(ConversationRole, Vec<ContentBlock>)>::new());
    for message in all {
        let role = match message.role {
            Role::System => {
                system.push(SystemContentBlock::Text(message.text.clone()));
                continue;
            }
            Role::Assistant => ConversationRole::Assistant,
            Role::User | Role::Tool => ConversationRole::User,
        };
        let blocks = blocks(message)?;
        match turns.last_mut().filter(|(last, _)| *last == role) {
            Some((_, there)) => there.extend(blocks),
            None => turns.push((role, blocks)),
        }
    }
    let message =
        |(role, content): (ConversationRole, Vec<_>)| Message::builder().role(role).set_content(Some(content)).build();
    Ok((system, turns.into_iter().map(message).collect::<Result<_, _>>()?))
}

fn blocks(message: &ChatMessage) -> Result<Vec<ContentBlock>, BuildError> {
    if let Some(call) = &message.tool_call_id {
        let result = ToolResultBlock::builder()
            .tool_use_id(call)
            .content(ToolResultContentBlock::Text(message.text.clone()))
            .build()?;
        return Ok(vec![ContentBlock::ToolResult(result)]);
    }
    let text = (!message.text.is_empty()).then(|| ContentBlock::Text(message.text.clone()));
    let call = |call: &ToolCall| {
        let input = document(&Value::Object(call.args.clone()));
        ToolUseBlock::builder().tool_use_id(&call.id).name(&call.name).input(input).build().map(ContentBlock::ToolUse)
    };
    text.into_iter().map(Ok).chain(message.tool_calls.iter().map(call)).collect()
}

fn tools(tools: &[deskwire_ai::agent::Tool]) -> Result<ToolConfiguration, BuildError> {
    let mut configuration = ToolConfiguration::builder();
    for tool in tools {
        let specification = ToolSpecification::builder()
            .name(&tool.name)
            .description(&tool.description)
            .input_schema(ToolInputSchema::Json(document(&schema(&tool.parameters))))
            .build()?;
        configuration = configuration.tools(Tool::ToolSpec(specification));
    }
    configuration.build()
}

fn schema(parameters: &[Parameter]) -> Value {
    let property = |parameter: &Parameter| {
        let mut property = json!({"type": "string"});
        if let Some(description) = &parameter.description {
            property["description"] = description.as_str().into();
        }
        if let Some(pattern) = &parameter.pattern {
            property["pattern"] = format!("^(?:{pattern})$").into();
        }
        (parameter.name.clone(), property)
    };
    let properties: Map<String, Value> = parameters.iter().map(property).collect();
    let required: Vec<_> = parameters.iter().filter(|one| !one.optional).map(|one| one.name.as_str()).collect();
    json!({"type": "object", "properties": properties, "required": required})
}

fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(bool) => Document::Bool(*bool),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Number::PosInt(number),
            (None, Some(number)) => Number::NegInt(number),
            _ => Number::Float(number.as_f64().unwrap_or_default()),
        }),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(parts) => Document::Array(parts.iter().map(document).collect()),
        Value::Object(map) => {
            Document::Object(map.iter().map(|(name, value)| (name.clone(), document(value))).collect())
        }
    }
}

/// An answer as it comes.
#[derive(Default)]
struct Reading {
    text: String,
    chars: usize,
    /// Id, name and what there is of the arguments.
    calls: Vec<(String, String, String)>,
    tokens: (u32, u32),
    stopped: Option<StopReason>,
}

impl Reading {
    fn take(&mut self, event: ConverseStreamOutput, deltas: Option<&Deltas>) -> Result<(), AgentError> {
        match event {
            ConverseStreamOutput::ContentBlockStart(start) => {
                if let Some(ContentBlockStart::ToolUse(call)) = start.start {
                    if self.calls.len() == CALLS {
                        return Err(AgentError::Unusable("too_many_calls"));
                    }
                    self.calls.push((call.tool_use_id, call.name, String::new()));
                }
            }
            ConverseStreamOutput::ContentBlockDelta(delta) => match delta.delta {
                Some(ContentBlockDelta::Text(text)) => self.says(text, deltas)?,
                Some(ContentBlockDelta::ToolUse(piece)) => {
                    let (.., args) = self.calls.last_mut().ok_or(AgentError::Unusable("broken_stream"))?;
                    args.push_str(&piece.input);
                    if args.len() > ANSWER_CHARS {
                        return Err(AgentError::Unusable("too_long"));
                    }
                }
                _ => {}
            },
            ConverseStreamOutput::MessageStop(stop) => self.stopped = Some(stop.stop_reason),
            ConverseStreamOutput::Metadata(metadata) => {
                if let Some(usage) = metadata.usage {
                    let count = |tokens: i32| u32::try_from(tokens).unwrap_or(0);
                    self.tokens = (count(usage.input_tokens), count(usage.output_tokens));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn says(&mut self, text: String, deltas: Option<&Deltas>) -> Result<(), AgentError> {
        self.chars += text.chars().count();
        if self.chars > ANSWER_CHARS {
            return Err(AgentError::Unusable("too_long"));
        }
        self.text.push_str(&text);
        if let Some(deltas) = deltas {
            // Whoever watched may have gone; the answer counts.
            let _ = deltas.send(text);
        }
        Ok(())
    }

    fn answer(self) -> Result<ChatAnswer, AgentError> {
        let finish = match self.stopped {
            None => return Err(AgentError::Unusable("cut_off")),
            Some(StopReason::ToolUse) => Finish::ToolCalls,
            Some(StopReason::MaxTokens) => Finish::Length,
            Some(StopReason::EndTurn | StopReason::StopSequence) => Finish::Stop,
            Some(StopReason::ContentFiltered | StopReason::GuardrailIntervened) => Finish::Filtered,
            Some(_) => return Err(AgentError::Unusable("refused")),
        };
        let call = |(id, name, args): (String, String, String)| {
            let args = if args.trim().is_empty() { "{}" } else { &args };
            let args = serde_json::from_str(args).map_err(|_| AgentError::Unusable("broken_arguments"))?;
            Ok(ToolCall { id, name, args })
        };
        let tool_calls = self.calls.into_iter().map(call).collect::<Result<Vec<_>, AgentError>>()?;
        if self.text.trim().is_empty() && tool_calls.is_empty() {
            return Err(AgentError::Unusable("empty"));
        }
        let (input_tokens, output_tokens) = self.tokens;
        Ok(ChatAnswer { text: self.text, tool_calls, input_tokens, output_tokens, finish })
    }
}
