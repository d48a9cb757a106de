//! `sync`: what lies after a cursor.

use deskwire_domain::{Code, ConversationId, limits};
use deskwire_protocol::{Ack, Entry, EntryView, client::Sync, entry::StateView};
use deskwire_store::Direction;

use crate::{App, AppError, Caller};

impl App {
    pub(crate) async fn sync(&self, caller: &Caller, sync: Sync) -> Result<Ack, AppError> {
        let read =
            self.read_log(caller, &sync.conversation, Direction::After(sync.after), limits::PAGE_ENTRIES).await?;
        let audience = caller.audience();
        Ok(Ack {
            conversation: Some(sync.conversation),
            head: Some(read.head.seq),
            entries: read.entries.iter().map(|entry| EntryView::of(entry, audience)).collect(),
            more: read.more,
            state: Some(StateView::of(&read.head.state, audience)),
            ..Ack::default()
        })
    }

    /// A page of a log that the caller may read, and the log's last entry.
    pub(crate) async fn read_log(
        &self,
        caller: &Caller,
        conversation: &ConversationId,
        direction: Direction,
        limit: usize,
    ) -> Result<LogRead, AppError> {
        let account = caller.account();
        let page = self.store.page(account, conversation, direction, limit).await?;
        // A forward page that ends at the log's end holds the head already; one read is spared.
        let ends = matches!(direction, Direction::After(_)) && !page.more || direction == Direction::Newest;
        let head = match page.entries.last().filter(|_| ends) {
            Some(last) => last.clone(),
            None => self.store.head(account, conversation).await?.ok_or(Code::NotFound)?,
        };
        self.as_owner(caller, &head.state).await?;
        Ok(LogRead {
            more: page.more || (matches!(direction, Direction::After(_)) && behind(&page.entries, &head)),
            entries: page.entries,
            head,
        })
    }
}

/// Whether something was written between the page and the head.
fn behind(entries: &[Entry], head: &Entry) -> bool {
    entries.last().is_some_and(|last| last.seq < head.seq)
}

/// A page of a log.
pub(crate) struct LogRead {
    pub entries: Vec<Entry>,
    pub more: bool,
    pub head: Entry,
}
