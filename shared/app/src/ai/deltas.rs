//! Words while they are written: pieces for whoever watches, a few a second. A hint: the entry counts.

use std::time::Duration;

use deskwire_domain::{AccountId, ConversationId};
use deskwire_filter::{Filter, Side};
use deskwire_protocol::ServerFrame;
use deskwire_store::{Topic, Watcher};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    time::{MissedTickBehavior, interval},
};

use crate::App;

/// The shortest time between two pieces: faster than people read, and seven posts a second at most (DESIGN §7: no
/// stream of tokens may dominate the bill).
pub(super) const FLUSH: Duration = Duration::from_millis(150);

/// One answer's stream.
pub(super) struct Stream<'a> {
    pub account: &'a AccountId,
    pub conversation: &'a ConversationId,
    /// The `client_id` that the entry will have.
    pub turn: &'a str,
    /// What the company does not say.
    pub filter: &'a Filter,
}

impl App {
    /// Tells the watchers what comes, until the sender is gone; answers how many characters they were told.
    pub(super) async fn stream(&self, stream: &Stream<'_>, mut words: UnboundedReceiver<String>) -> usize {
        let mut ticks = interval(FLUSH);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (mut said, mut piece, mut watchers) = (String::new(), String::new(), None::<Vec<Watcher>>);
        loop {
            let Some(first) = words.recv().await else { break };
            piece.push_str(&first);
            ticks.tick().await;
            while let Ok(more) = words.try_recv() {
                piece.push_str(&more);
            }
            if watchers.is_none() {
                let topic = Topic::Conversation(stream.conversation);
                watchers = Some(self.store.watchers(stream.account, &topic).await.unwrap_or_default());
            }
            let (at, text) = (said.chars().count(), std::mem::take(&mut piece));
            said.push_str(&text);
            // What the lists find is shown by no piece: the entry says what becomes of it.
            if stream.filter.check(&said, Side::Company).action.is_some() {
                self.take_back((stream.account, stream.conversation), stream.turn).await;
                words.close();
                break;
            }
            self.post_delta(
                (stream.account, stream.conversation, stream.turn),
                watchers.as_deref().unwrap_or_default(),
                (at, text, false),
            )
            .await;
        }
        said.chars().count()
    }

    /// Takes back what watchers were shown.
    pub(super) async fn take_back(&self, (account, conversation): (&AccountId, &ConversationId), turn: &str) {
        let topic = Topic::Conversation(conversation);
        let watchers = self.store.watchers(account, &topic).await.unwrap_or_default();
        self.post_delta((account, conversation, turn), &watchers, (0, String::new(), true)).await;
    }

    async fn post_delta(
        &self,
        (account, conversation, turn): (&AccountId, &ConversationId, &str),
        watchers: &[Watcher],
        (at, text, dropped): (usize, String, bool),
    ) {
        let frame = ServerFrame::Delta { conversation: conversation.clone(), turn: turn.to_owned(), at, text, dropped };
        let topic = Topic::Conversation(conversation);
        self.push.tell(account, &topic, watchers, |_| Some(frame.clone())).await;
    }
}
