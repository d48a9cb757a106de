//! Projections: rows and places in lists, made from entries and versioned by seq. They can be made anew from the log.

use std::{collections::HashMap, sync::Arc};

use deskwire_domain::{AccountId, ContactId, ConversationId, Event, TeamId};
use deskwire_protocol::{Entry, ServerFrame, entry::Audience, server::ListRow};
use deskwire_store::{Direction, RowKeys, Topic, Watcher};

use crate::{App, AppError, conversations::cursor_text};

/// Characters of a message that a list shows.
const PREVIEW_CHARS: usize = 120;

/// Rounds in which a contact's new name may lose against new entries of its conversation.
const CONTACT_ROUNDS: u32 = 8;

impl App {
    /// Brings a conversation's row to its newest of these entries, which are of one conversation and in order, and
    /// tells whoever watches its team's list.
    ///
    /// # Errors
    /// The table fails; doing it again is harmless.
    pub(crate) async fn project(
        &self,
        account: &AccountId,
        entries: &[Entry],
        lists: &ListWatchers,
    ) -> Result<(), AppError> {
        let Some(last) = entries.last() else { return Ok(()) };
        let before = self.store.row(account, &last.conversation).await?;
        if before.as_ref().is_some_and(|before| before.row.head >= last.seq) {
            return Ok(());
        }
        // Counted before the row moves on: a replay after a crash between the two counts the same again.
        let tally = self.count_entries(account, before.as_ref(), entries).await?;
        let row = self.row(account, before.as_ref(), entries, last).await?;
        if self.store.project(account, before.as_ref(), (&row, &tally)).await? {
            self.tell_lists(account, before.as_ref(), &row, lists).await?;
        }
        Ok(())
    }

    /// Brings what the rows of a contact's current conversations say of the contact in step with it.
    ///
    /// # Errors
    /// The table fails; doing it again is harmless.
    pub(crate) async fn project_contact(
        &self,
        account: &AccountId,
        contact: &ContactId,
        lists: &ListWatchers,
    ) -> Result<(), AppError> {
        let Some(known) = self.store.contact(account, contact).await? else { return Ok(()) };
        for conversation in self.store.currents(account, contact).await? {
            self.tell_staff(account, &conversation, || ServerFrame::Contact {
                conversation: conversation.clone(),
                contact: Box::new(known.clone()),
            })
            .await?;
            // Who loses against a new entry reads its row and tries again; that entry's own row kept the old name.
            for _ in 0..CONTACT_ROUNDS {
                let Some(before) = self.store.row(account, &conversation).await? else { break };
                if before.row.contact_name == known.name {
                    break;
                }
                let row = ListRow { contact_name: known.name.clone(), ..before.row.clone() };
                if self.store.rewrite_row(account, (&row, before.tally.as_ref())).await? {
                    self.tell_lists(account, Some(&before), &row, lists).await?;
                    break;
                }
            }
        }
        Ok(())
    }

    /// Tells the agents who watch a conversation.
    pub(crate) async fn tell_staff(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        frame: impl Fn() -> ServerFrame,
    ) -> Result<(), AppError> {
        let topic = Topic::Conversation(conversation);
        let watchers = self.store.watchers(account, &topic).await?;
        let staff = |watcher: &Watcher| (watcher.audience == Audience::Staff).then(&frame);
        self.push.tell(account, &topic, &watchers, staff).await;
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
        // Read once, when the row is made: a read for every message would cost as much as the message.
        let contact_name = match before {
            Some(before) => before.row.contact_name.clone(),
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

    async fn tell_lists(
        &self,
        account: &AccountId,
        before: Option<&RowKeys>,
        row: &ListRow,
        lists: &ListWatchers,
    ) -> Result<(), AppError> {
        let mut teams: Vec<TeamId> = row.state.waits_in().into_iter().chain([&row.state.team]).cloned().collect();
        teams.extend(before.map(|before| before.row.state.team.clone()));
        teams.extend(before.and_then(|before| before.row.state.waits_in()).cloned());
        teams.sort();
        teams.dedup();
        for team in teams {
            let topic = Topic::Team(&team);
            let watchers = lists.of(self, account, &team).await?;
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

/// Who watches the teams' lists, looked up once for a whole batch: a read for every row would cost as much as the row.
#[derive(Default)]
pub(crate) struct ListWatchers(tokio::sync::Mutex<Known>);

type Known = HashMap<(AccountId, TeamId), Arc<[Watcher]>>;

impl ListWatchers {
    async fn of(&self, app: &App, account: &AccountId, team: &TeamId) -> Result<Arc<[Watcher]>, AppError> {
        let mut known = self.0.lock().await;
        let key = (account.clone(), team.clone());
        if let Some(watchers) = known.get(&key) {
            return Ok(Arc::clone(watchers));
        }
        let watchers: Arc<[Watcher]> = app.store.watchers(account, &Topic::Team(team)).await?.into();
        known.insert(key, Arc::clone(&watchers));
        Ok(watchers)
    }
}

fn preview(entry: &Entry) -> Option<String> {
    let Event::Message { content, .. } = &entry.event else { return None };
    let words = content.words().or_else(|| content.kind())?;
    Some(words.chars().take(PREVIEW_CHARS).collect())
}
