//! Projections: rows and places in lists, made from entries and versioned by seq. They can be made anew from the log.

use deskwire_domain::{AccountId, Event, TeamId};
use deskwire_protocol::{Entry, ServerFrame, server::ListRow};
use deskwire_store::{Direction, RowKeys, Topic};

use crate::{App, AppError, conversations::cursor_text};

/// Characters of a message that a list shows.
const PREVIEW_CHARS: usize = 120;

impl App {
    /// Brings a conversation's row to its newest of these entries, which are of one conversation and in order, and
    /// tells whoever watches its team's list.
    ///
    /// # Errors
    /// The table fails; doing it again is harmless.
    pub async fn project(&self, account: &AccountId, entries: &[Entry]) -> Result<(), AppError> {
        let Some(last) = entries.last() else { return Ok(()) };
        let before = self.store.row(account, &last.conversation).await?;
        if before.as_ref().is_some_and(|before| before.row.head >= last.seq) {
            return Ok(());
        }
        let row = self.row(account, before.as_ref(), entries, last).await?;
        if self.store.project(account, before.as_ref(), &row).await? {
            self.tell_lists(account, before.as_ref(), &row).await?;
        }
        Ok(())
    }

    async fn row(
        &self,
        account: &AccountId,
        before: Option<&RowKeys>,
        entries: &[Entry],
        last: &Entry,
    ) -> Result<ListRow, AppError> {
        let contact = &last.state.contact;
        let known = before.and_then(|before| before.row.contact_name.clone());
        let contact_name = match known {
            Some(name) => Some(name),
            None => self.store.contact(account, contact).await?.and_then(|contact| contact.name),
        };
        let created = match (before, entries.first()) {
            (Some(before), _) => before.row.created,
            (None, Some(first)) if first.seq == 1 => first.at,
            // The row was lost: its beginning is in the log.
            _ => {
                let first = self.store.page(account, &last.conversation, Direction::After(0), 1).await?;
                first.entries.first().map_or(last.at, |first| first.at)
            }
        };
        let preview = entries.iter().rev().find_map(preview).or_else(|| before.and_then(|b| b.row.preview.clone()));
        Ok(ListRow {
            conversation: last.conversation.clone(),
            head: last.seq,
            state: last.state.clone(),
            contact: contact.clone(),
            contact_name,
            preview,
            updated: last.at,
            created,
        })
    }

    async fn tell_lists(&self, account: &AccountId, before: Option<&RowKeys>, row: &ListRow) -> Result<(), AppError> {
        let mut teams: Vec<TeamId> = row.state.waits_in().into_iter().chain([&row.state.team]).cloned().collect();
        teams.extend(before.map(|before| before.row.state.team.clone()));
        teams.sort();
        teams.dedup();
        for team in teams {
            let topic = Topic::Team(&team);
            let watchers = self.store.watchers(account, &topic).await?;
            let frame = ServerFrame::Inbox {
                team: team.clone(),
                cursor: cursor_text(row.state.since, &row.conversation),
                row: Box::new(row.clone()),
            };
            self.push.tell(account, &topic, &watchers, |_| Some(frame.clone())).await;
        }
        Ok(())
    }
}

fn preview(entry: &Entry) -> Option<String> {
    let Event::Message { content, .. } = &entry.event else { return None };
    let words = content.words().or_else(|| content.kind())?;
    Some(words.chars().take(PREVIEW_CHARS).collect())
}
