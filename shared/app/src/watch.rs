//! `watch` and `unwatch`: follow a team's list. Its changes come as `inbox` frames; a cursor brings what was missed.

use deskwire_domain::{Code, Status, Time};
use deskwire_protocol::{Ack, client::Watch, http::Team, server::ListChanges};
use deskwire_store::{Document, Facet, ListCursor, Topic, Watcher};

use crate::{
    App, AppError, Caller,
    conversations::{cursor_text, page_cursor, parse_cursor},
};

/// Rows of one answer: half a page, for an answer has at most 128 KB and a row with its labels up to two.
const WATCH_ROWS: usize = 50;

/// Milliseconds that a list's changes are read again from: two changes may be projected in another order than they
/// happened in, by at most the time that one batch of the stream takes.
const OVERLAP_MILLIS: i64 = 10_000;

impl App {
    pub(crate) async fn watch(&self, caller: &Caller, watch: Watch) -> Result<Ack, AppError> {
        if !caller.principal.is_staff() {
            return Err(Code::Forbidden.into());
        }
        let account = caller.account();
        self.store.document::<Team>(account, Document::Team, watch.team.as_str()).await?.ok_or(Code::NotFound)?;
        let since = watch.since.as_deref().map(parse_cursor).transpose()?;
        if let Some(connection) = &caller.connection {
            let watcher = Watcher { connection: connection.clone(), audience: caller.audience(), who: caller.id() };
            self.store.watch(account, &Topic::Team(&watch.team), &watcher, self.now()).await?;
        }
        let from = since.map(|cursor| if cursor.page { cursor.at } else { earlier(cursor.at) });
        // With a cursor, closed ones too: they may have left the list meanwhile.
        let statuses: Vec<_> = Status::ALL.into_iter().filter(|s| from.is_some() || *s != Status::Closed).collect();
        let page = (from.as_ref(), true, WATCH_ROWS);
        let (rows, next) = self.store.list(account, &Facet::Team(watch.team.clone()), &statuses, page).await?;
        let newest = rows.last().map(|row| cursor_text(row.state.since, &row.conversation));
        let cursor = next.as_ref().map(page_cursor).or(newest).or(watch.since);
        let cursor = cursor.unwrap_or_else(|| cursor_text(self.now(), &deskwire_domain::ConversationId::new("0")));
        Ok(Ack { list: Some(ListChanges { cursor, rows, more: next.is_some() }), ..Ack::default() })
    }

    pub(crate) async fn unwatch(&self, caller: &Caller, watch: Watch) -> Result<Ack, AppError> {
        if let Some(connection) = &caller.connection {
            self.store.unwatch(caller.account(), &Topic::Team(&watch.team), connection).await?;
        }
        Ok(Ack::default())
    }
}

/// A cursor a little before this one.
fn earlier(cursor: ListCursor) -> ListCursor {
    let millis = cursor.since.as_millisecond() - OVERLAP_MILLIS;
    ListCursor { since: Time::from_millisecond(millis).unwrap_or(cursor.since), ..cursor }
}
