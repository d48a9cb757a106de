//! Frames to sockets.
//!
//! A push is a hint (DESIGN §2): it may be lost, and nothing waits for it that must not be. What a push finds gone is
//! pruned, because `$disconnect` is best effort.
//!
//! Architecture invariant: alone in using `aws-sdk-apigatewaymanagement`; decides nothing.

use aws_sdk_apigatewaymanagement::{Client, error::DisplayErrorContext, primitives::Blob};
use deskwire_domain::AccountId;
use deskwire_protocol::{Entry, EntryView, ServerFrame, entry::Audience};
use deskwire_store::{Store, Topic, Watcher};
use deskwire_telemetry::{Count, count};
use futures::{StreamExt, stream};

/// Posts under way at once for one event: enough for a conversation's few readers and a team's screens, and few enough
/// not to open a socket each.
const CONCURRENT_POSTS: usize = 16;

/// What became of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// API Gateway took it.
    Taken,
    /// The connection is gone.
    Gone,
    /// It failed; the connection may live.
    Failed,
}

/// The door to the sockets. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Push {
    client: Client,
    store: Store,
}

impl Push {
    /// A door to the sockets of one WebSocket API: `endpoint` is its management address, `https://{api}/{stage}`.
    pub fn new(config: &aws_types::SdkConfig, endpoint: &str, store: Store) -> Self {
        let config = aws_sdk_apigatewaymanagement::config::Builder::from(config).endpoint_url(endpoint).build();
        Self { client: Client::from_conf(config), store }
    }

    /// Makes the connection while nobody waits: Lambda calls it during INIT, so that the first push does not pay for the
    /// TLS handshake. There is no such socket, and any answer will do.
    pub async fn warm(&self) {
        // The answer, 410, is the point: whoever gave it is connected.
        let _ = self.client.get_connection().connection_id("warm=").send().await;
    }

    /// Posts a frame to one connection.
    pub async fn post(&self, connection: &str, frame: &ServerFrame) -> Sent {
        match serde_json::to_vec(frame) {
            Ok(data) => self.post_data(connection, data).await,
            Err(_) => Sent::Failed,
        }
    }

    async fn post_data(&self, connection: &str, data: Vec<u8>) -> Sent {
        let sent = self.client.post_to_connection().connection_id(connection).data(Blob::new(data)).send().await;
        match sent {
            Ok(_) => {
                count(Count::Pushes, 1);
                Sent::Taken
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_gone_exception()) => {
                count(Count::Gone, 1);
                Sent::Gone
            }
            Err(error) => {
                tracing::warn!(connection, error = %DisplayErrorContext(&error), "a push failed");
                Sent::Failed
            }
        }
    }

    /// Closes a connection.
    pub async fn close(&self, connection: &str) {
        let closed = self.client.delete_connection().connection_id(connection).send().await;
        if let Err(error) = closed
            && !error.as_service_error().is_some_and(|error| error.is_gone_exception())
        {
            tracing::warn!(connection, error = %DisplayErrorContext(&error), "a connection could not be closed");
        }
    }

    /// Tells everybody who watches `topic`, but for one connection, what `frame` makes for them; prunes who is gone.
    /// Answers who was reached.
    pub async fn tell(
        &self,
        account: &AccountId,
        topic: &Topic<'_>,
        watchers: &[Watcher],
        frame: impl Fn(&Watcher) -> Option<ServerFrame>,
    ) -> Reached {
        let post = |watcher: &Watcher| {
            let (connection, data) = (watcher.connection.clone(), serde_json::to_vec(&frame(watcher)?).ok()?);
            let audience = watcher.audience;
            Some(async move {
                let sent = self.post_data(&connection, data).await;
                if sent == Sent::Gone
                    && let Err(error) = self.store.unwatch(account, topic, &connection).await
                {
                    tracing::warn!(%error, "a gone watcher could not be pruned");
                }
                (sent == Sent::Taken).then_some(audience)
            })
        };
        let posts: Vec<_> = watchers.iter().filter_map(post).collect();
        stream::iter(posts)
            .buffer_unordered(CONCURRENT_POSTS)
            .fold(Reached::default(), |all, one| async move { all.and(one) })
            .await
    }
}

/// Whose sockets took a frame.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reached {
    /// A visitor's.
    pub visitor: bool,
    /// An agent's.
    pub staff: bool,
}

impl Reached {
    fn and(self, one: Option<Audience>) -> Self {
        Self {
            visitor: self.visitor || one == Some(Audience::Visitor),
            staff: self.staff || one == Some(Audience::Staff),
        }
    }

    /// Whether the other side of `audience` has it.
    pub fn other_side(self, audience: Audience) -> bool {
        match audience {
            Audience::Visitor => self.staff,
            Audience::Staff => self.visitor,
        }
    }
}

/// An entry as a frame for a watcher, who sees what its audience may see.
pub fn entry_frame(entry: &Entry, audience: Audience) -> ServerFrame {
    ServerFrame::Entry { entry: EntryView::of(entry, audience) }
}
