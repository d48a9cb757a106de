//! What a turn finds: the conversation's end as the log has it, what is to be answered, and for whom.

use std::{collections::BTreeSet, time::Duration};

use deskwire_ai::agent::Said;
use deskwire_domain::{AccountId, AuthorKind, ConversationId, Event, State, Status, turn::Turn};
use deskwire_protocol::{Entry, http::Contact};
use deskwire_store::Direction;
use tokio::time::Instant;

use crate::{App, AppError};

/// Entries at the end of the log that a turn looks at.
const LOOKED_AT: usize = 60;
/// What was said before that a mind is told, at most.
const HISTORY: usize = 20;
/// Characters of what is answered at once. Of a burst of long messages the newest are heard: who pastes a log and then
/// writes `human please` means the latter.
const TEXT_CHARS: usize = 4_000;
/// Waits for more words at most: who never stops writing is answered all the same.
const LONGEST_GATHER: Duration = Duration::from_secs(6);

/// What a turn finds.
#[derive(Debug)]
pub(super) struct Scene {
    /// The log's last seq: nothing behind it was seen.
    pub head: u64,
    /// The state there.
    pub state: State,
    /// Who wrote what is to be answered: `con_…`.
    pub authors: BTreeSet<String>,
    /// The seq of the last thing from the visitor.
    pub answers: u64,
    /// All that is to be answered.
    pub text: String,
    /// What was said before it.
    pub history: Vec<Said>,
    /// What the last turn left.
    pub memory: Option<Turn>,
    /// The trace of what is answered.
    pub trace: Option<String>,
}

impl App {
    /// What there is to be answered once the visitor has paused; `None` where there is nothing, or people have it.
    pub(super) async fn scene(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        gather: Duration,
    ) -> Result<Option<Scene>, AppError> {
        let deadline = Instant::now() + LONGEST_GATHER;
        loop {
            let page = self.store.page(account, conversation, Direction::Newest, LOOKED_AT).await?;
            let Some((scene, said_at)) = read(&page.entries) else { return Ok(None) };
            let quiet = self.now().as_millisecond().saturating_sub(said_at.as_millisecond());
            let left = gather.saturating_sub(Duration::from_millis(u64::try_from(quiet).unwrap_or(0)));
            if left.is_zero() || Instant::now() >= deadline {
                return Ok(Some(scene));
            }
            tokio::time::sleep(left).await;
        }
    }

    /// The contact of a conversation, as of all merges. It is vouched for only where whoever writes is: that somebody
    /// merged them says who they are, not that they have signed in.
    pub(super) async fn contact_in(&self, account: &AccountId, scene: &Scene) -> Result<Option<Contact>, AppError> {
        let id = self.survivor(account, scene.state.contact.clone()).await?;
        let Some(mut contact) = self.store.contact(account, &id).await? else { return Ok(None) };
        for author in scene.authors.iter().filter(|author| **author != id.as_str()) {
            let author = match author.parse() {
                Ok(author) => self.store.contact(account, &author).await?,
                Err(_) => None,
            };
            contact.verified &= author.is_some_and(|author| author.verified);
        }
        Ok(Some(contact))
    }
}

/// What the end of a log says, and when the visitor last wrote.
fn read(entries: &[Entry]) -> Option<(Scene, deskwire_domain::Time)> {
    let last = entries.last().filter(|last| last.state.status == Status::Bot)?;
    let memory = entries.iter().rev().find_map(thought);
    let answered = memory.map_or(0, |turn| turn.answers);
    // What people answered is answered, though the AI agent has the conversation again.
    let served = entries.iter().rev().find(|entry| entry.event.serves(&entry.by)).map_or(0, |entry| entry.seq);
    let open: Vec<&Entry> = entries
        .iter()
        .filter(|entry| entry.seq > answered.max(served) && entry.event.spoken(&entry.by).is_some())
        .collect();
    let newest = open.last()?;
    let begun = open.first().map_or(newest.seq, |first| first.seq);
    let text = open.iter().filter_map(|entry| words(entry)).collect::<Vec<_>>().join("\n");
    let mut history: Vec<Said> = entries.iter().filter(|entry| entry.seq < begun).filter_map(said).collect();
    history.drain(..history.len().saturating_sub(HISTORY));
    let mut memory = memory.cloned();
    if let Some(memory) = memory.as_mut().filter(|memory| memory.answers < served) {
        // People have served the visitor since: what was asked for then is over.
        memory.asked = None;
        memory.misses = 0;
    }
    let scene = Scene {
        head: last.seq,
        state: last.state.clone(),
        authors: open.iter().filter_map(|entry| author(entry)).collect(),
        answers: newest.seq,
        text: newest_part(&text),
        history,
        memory,
        trace: newest.trace.clone(),
    };
    Some((scene, newest.at))
}

fn newest_part(text: &str) -> String {
    text.chars().skip(text.chars().count().saturating_sub(TEXT_CHARS)).collect()
}

/// Who wrote an entry: of what was held, whoever wrote it then.
fn author(entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Reviewed { author, .. } => author.id.clone(),
        _ => entry.by.id.clone(),
    }
}

fn thought(entry: &Entry) -> Option<&Turn> {
    match &entry.event {
        Event::Message { turn: Some(turn), .. } => Some(turn),
        _ => None,
    }
}

/// What the visitor says with an entry: of a button also what it stands for.
pub(super) fn words(entry: &Entry) -> Option<String> {
    match &entry.event {
        Event::Postback { label, value, .. } if entry.event.spoken(&entry.by).is_some() => {
            Some(format!("{label} {value}"))
        }
        event => event.spoken(&entry.by),
    }
}

/// What was said with an entry, by whom.
pub(super) fn said(entry: &Entry) -> Option<Said> {
    if let Some(text) = words(entry) {
        return Some(Said { by: AuthorKind::Visitor, text });
    }
    match &entry.event {
        Event::Message { content, .. } => {
            Some(Said { by: entry.by.kind, text: content.words().or_else(|| content.kind())?.to_owned() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_long_burst_the_newest_is_heard() {
        let pasted = format!("{}\nhuman please", "日志 log ".repeat(2_000));
        let heard = newest_part(&pasted);
        assert!(heard.ends_with("\nhuman please") && heard.chars().count() == TEXT_CHARS);
        assert!(deskwire_ai::mood::wants_human(&heard));
        assert_eq!(newest_part("你好"), "你好");
    }
}
