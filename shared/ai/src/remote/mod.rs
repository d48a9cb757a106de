//! A mind that a company runs elsewhere, over gRPC: `shared/ai/proto/ai_customer_service.proto` is the contract.
//!
//! A connection is made for each call, through the guarded client: its address is resolved and checked anew, and a
//! function that slept for an hour has no dead connection. TLS, except where who runs Deskwire opened the range.

mod convert;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use deskwire_outbound::{GuardedClient, OutboundError};
use http::Uri;
use hyper_util::rt::TokioIo;
use proto::{HandleQueryRequest, HandleQueryResponse, ai_customer_service_client::AiCustomerServiceClient};
use tonic::{
    Code, Request, Status,
    metadata::AsciiMetadataValue,
    transport::{Channel, Endpoint},
};

use crate::{
    agent::{Agent, AgentError, Conversation, Deltas, Feedback, Responded, Understanding},
    model::{Masker, Open, openai::of_outbound},
    secret::Secret,
};

/// The contract, as Rust: also for whoever writes the other side in it.
pub mod proto {
    #![allow(
        missing_docs,
        unused_qualifications,
        clippy::all,
        clippy::pedantic,
        reason = "made from the proto file, which explains it"
    )]
    tonic::include_proto!("deskwire.ai.v1");
}

/// Bytes of a response: the longest reply has 8 KB.
const RESPONSE_BYTES: usize = 256 * 1024;

/// Where the mind is.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Its address, with no path: `https://mind.example.com:8443`.
    pub url: String,
    /// What it knows Deskwire by, if anything.
    pub key: Option<Secret>,
    /// From resolving its name to its response.
    pub time: Duration,
}

/// The mind. Cheap to clone.
#[derive(Debug, Clone)]
pub struct RemoteAgent {
    outbound: GuardedClient,
    remote: Arc<Remote>,
    endpoint: Endpoint,
}

impl RemoteAgent {
    /// A mind at an address.
    ///
    /// # Errors
    /// [`AgentError::Failed`] for an address that may not be called, or has a path (`invalid_url`), and for a key that
    /// no header can hold (`invalid_key`).
    pub fn new(outbound: GuardedClient, remote: Remote) -> Result<Self, AgentError> {
        outbound.permits(&remote.url).map_err(of_outbound)?;
        let invalid = || of_outbound(OutboundError::InvalidUrl);
        let uri: Uri = remote.url.parse().map_err(|_| invalid())?;
        if !matches!(uri.path_and_query().map(|path| path.as_str()), None | Some("/")) {
            return Err(invalid());
        }
        if remote.key.as_ref().is_some_and(|key| key.bearer().is_none()) {
            return Err(AgentError::Failed("invalid_key".into()));
        }
        Ok(Self { outbound, remote: Arc::new(remote), endpoint: Endpoint::from(uri) })
    }

    /// Asks what to do about a conversation of which only `hidden` goes out, in which `masker` hid what is personal. What
    /// comes back is revealed, and judged by the conversation itself; what the mind wants to do is prepared in it.
    ///
    /// # Errors
    /// [`AgentError`].
    pub async fn ask(
        &self,
        conversation: &Conversation,
        hidden: &Conversation,
        masker: &dyn Masker,
    ) -> Result<Understanding, AgentError> {
        let response = self.handle(convert::query(&hidden.text, hidden)).await?;
        convert::understanding(response, conversation, masker)
    }

    async fn connect(&self) -> Result<AiCustomerServiceClient<Channel>, AgentError> {
        let connection = self.outbound.dial(&self.remote.url, b"h2", self.remote.time).await.map_err(of_outbound)?;
        let mut once = Some(TokioIo::new(connection));
        let connector = tower::service_fn(move |_: Uri| {
            let connection = once.take().ok_or(OutboundError::ConnectFailed);
            async move { connection }
        });
        let channel = self.endpoint.connect_with_connector(connector).await;
        let channel = channel.map_err(|_| of_outbound(OutboundError::ConnectFailed))?;
        Ok(AiCustomerServiceClient::new(channel).max_decoding_message_size(RESPONSE_BYTES))
    }

    /// A request with its deadline and key.
    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.remote.time);
        let bearer = self.remote.key.as_ref().and_then(Secret::bearer);
        if let Some(mut bearer) = bearer.and_then(|bearer| AsciiMetadataValue::try_from(bearer.as_bytes()).ok()) {
            bearer.set_sensitive(true);
            request.metadata_mut().insert("authorization", bearer);
        }
        request
    }

    async fn handle(&self, query: HandleQueryRequest) -> Result<HandleQueryResponse, AgentError> {
        let calling = async {
            let mut client = self.connect().await?;
            client.handle_query(self.request(query)).await.map_err(|status| of_status(&status))
        };
        let answer = tokio::time::timeout(self.remote.time, calling).await;
        Ok(answer.unwrap_or(Err(AgentError::TimedOut))?.into_inner())
    }
}

#[async_trait]
impl Agent for RemoteAgent {
    fn name(&self) -> &'static str {
        "remote"
    }

    /// Asks, and keeps what the mind wants to do for [`Agent::respond`].
    async fn understand(&self, text: &str, conversation: &Conversation) -> Result<Understanding, AgentError> {
        let response = self.handle(convert::query(text, conversation)).await?;
        convert::understanding(response, conversation, &Open)
    }

    /// Gives what was prepared; asks again where tools have answered since.
    async fn respond(
        &self,
        understood: &Understanding,
        conversation: &Conversation,
        _: &Deltas,
    ) -> Result<Responded, AgentError> {
        if let (Some(prepared), true) = (&understood.prepared, conversation.results.is_empty()) {
            return Ok(prepared.clone().into());
        }
        let prepared = self.ask(conversation, conversation, &Open).await?.prepared;
        prepared.map(Responded::from).ok_or(AgentError::Unusable("empty"))
    }

    async fn learn(&self, feedback: &Feedback) -> Result<(), AgentError> {
        let calling = async {
            let mut client = self.connect().await?;
            client.learn(self.request(convert::feedback(feedback))).await.map_err(|status| of_status(&status))
        };
        tokio::time::timeout(self.remote.time, calling).await.unwrap_or(Err(AgentError::TimedOut)).map(drop)
    }
}

/// What a status says. Its message is the other side's, and is not shown.
fn of_status(status: &Status) -> AgentError {
    let word = match status.code() {
        // The library's own deadline, which is the same, says Cancelled.
        Code::DeadlineExceeded | Code::Cancelled => return AgentError::TimedOut,
        Code::ResourceExhausted => return AgentError::TooMany,
        // The library's word for a message that is too large.
        Code::OutOfRange => return AgentError::Unusable("too_long"),
        Code::Unauthenticated | Code::PermissionDenied => "unauthorized",
        Code::Unimplemented => "unimplemented",
        Code::Unavailable => "unavailable",
        Code::InvalidArgument | Code::FailedPrecondition | Code::NotFound => "refused",
        _ => "server_error",
    };
    AgentError::Failed(word.into())
}
