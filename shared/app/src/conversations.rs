//! Conversations over HTTP: lists, state, entries, and actions.

use deskwire_domain::{Code, ContactId, ConversationId, Refusal, Status, Time, Who, limits};
use deskwire_protocol::{
    Ack, Action, EntryView,
    client::Send,
    entry::StateView,
    http::{Conversation, EntriesPage, NewConversation, Page},
    server::ListRow,
};
use deskwire_store::{Direction, Facet, ListCursor};

use crate::{App, AppError, Caller};

/// Rows of a page unless the caller says otherwise.
pub const DEFAULT_ROWS: usize = 50;

/// What a list is asked for.
#[derive(Debug, Default, Clone)]
pub struct ListQuery {
    /// Statuses; all open ones where there are none.
    pub status: Vec<Status>,
    /// Of this team.
    pub team: Option<String>,
    /// Of this agent; `me` for oneself.
    pub assignee: Option<String>,
    /// Of this contact.
    pub contact: Option<String>,
    /// With this label.
    pub label: Option<String>,
    /// In which, or in whose contact, these words occur.
    pub q: Option<String>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// Rows.
    pub limit: Option<usize>,
}

impl ListQuery {
    /// The statuses that are asked for.
    pub(crate) fn statuses(&self) -> Vec<Status> {
        if self.status.is_empty() {
            return Status::ALL.into_iter().filter(|status| *status != Status::Closed).collect();
        }
        self.status.clone()
    }
}

impl App {
    /// A page of conversations, the newest change first. Several conditions hold together.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_conversations(&self, caller: &Caller, query: &ListQuery) -> Result<Page<ListRow>, AppError> {
        let visitor = matches!(caller.principal.who, Who::Visitor(_));
        let staffs = [&query.label, &query.team, &query.assignee, &query.q];
        if visitor && staffs.iter().any(|condition| condition.is_some()) {
            return Err(Refusal::with(Code::Forbidden, "visitors list their own by status only").into());
        }
        match &query.q {
            Some(typed) => Box::pin(self.search_conversations(caller, query, typed)).await,
            None => self.list_plainly(caller, query).await,
        }
    }

    /// A page without a search.
    pub(crate) async fn list_plainly(&self, caller: &Caller, query: &ListQuery) -> Result<Page<ListRow>, AppError> {
        let visitor = matches!(caller.principal.who, Who::Visitor(_));
        let limit = page_limit(query.limit)?;
        let cursor = query.cursor.as_deref().map(parse_cursor).transpose()?.map(|cursor| cursor.at);
        let (sources, conditions) = self.sources(caller, query).await?;
        let page = self.list_merged(caller, sources, &query.statuses(), (cursor.as_ref(), limit)).await?;
        let holds = |row: &ListRow| conditions.iter().all(|condition| holds(condition, row));
        let shown = |row: ListRow| if visitor { for_visitor(row) } else { row };
        Ok(Page { data: page.data.into_iter().filter(holds).map(shown).collect(), next_cursor: page.next_cursor })
    }

    /// The lists to read, likely the shortest that there are, and the conditions that are left; the account's lists are
    /// those of all its teams, because a list of everything would be a hot key.
    pub(crate) async fn sources(
        &self,
        caller: &Caller,
        query: &ListQuery,
    ) -> Result<(Vec<Facet>, Vec<Facet>), AppError> {
        let (mut facets, contacts) = self.conditions(caller, query).await?;
        if !contacts.is_empty() {
            return Ok((contacts.into_iter().map(Facet::Contact).collect(), facets));
        }
        if facets.is_empty() {
            let teams = self.all_teams(caller.account()).await?;
            return Ok((teams.into_iter().map(|team| Facet::Team(team.id)).collect(), vec![]));
        }
        Ok((vec![facets.remove(0)], facets))
    }

    /// What must hold of a row; and the contacts of whom it may be, where one is asked for: also whoever was merged into
    /// it.
    pub(crate) async fn conditions(
        &self,
        caller: &Caller,
        query: &ListQuery,
    ) -> Result<(Vec<Facet>, Vec<ContactId>), AppError> {
        let bad = |name: &str| AppError::from(Refusal::with(Code::InvalidField, name));
        let contact = match (&caller.principal.who, &query.contact) {
            (Who::Visitor(me), _) => Some(me.clone()),
            (_, Some(contact)) => Some(contact.parse().map_err(|_| bad("contact"))?),
            _ => None,
        };
        let mut facets = vec![];
        facets.extend(query.label.clone().map(Facet::Label));
        match (query.assignee.as_deref(), caller.principal.agent()) {
            (Some("me"), Some(me)) => facets.push(Facet::Assignee(me.clone())),
            (Some(agent), _) => facets.push(Facet::Assignee(agent.parse().map_err(|_| bad("assignee"))?)),
            (None, _) => {}
        }
        if let Some(team) = &query.team {
            facets.push(Facet::Team(team.parse().map_err(|_| bad("team"))?));
        }
        let Some(contact) = contact else { return Ok((facets, vec![])) };
        let known = self.store.contact(caller.account(), &contact).await?;
        let merged = known.map(|known| known.merged_from).unwrap_or_default();
        Ok((facets, std::iter::once(contact).chain(merged).collect()))
    }

    /// A page over several lists, merged: the newest change first.
    pub(crate) async fn list_merged(
        &self,
        caller: &Caller,
        lists: Vec<Facet>,
        statuses: &[Status],
        (cursor, limit): (Option<&ListCursor>, usize),
    ) -> Result<Page<ListRow>, AppError> {
        let account = caller.account();
        let reads = lists
            .into_iter()
            .map(|list| async move { self.store.list(account, &list, statuses, (cursor, false, limit)).await });
        let pages = futures::future::try_join_all(reads).await?;
        // Rows behind the end of a page that is cut off must wait for it; so everything is cut at the first such end.
        let end = pages
            .iter()
            .filter_map(|(_, next)| next.as_ref())
            .map(|next| (next.since, next.conversation.clone()))
            .max();
        let mut rows: Vec<ListRow> = pages.into_iter().flat_map(|(rows, _)| rows).collect();
        rows.sort_by(|a, b| (b.state.since, &b.conversation).cmp(&(a.state.since, &a.conversation)));
        rows.dedup_by(|a, b| a.conversation == b.conversation);
        if let Some(end) = &end {
            rows.retain(|row| (row.state.since, row.conversation.clone()) >= *end);
        }
        let cut = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| cut).map(|row| (row.state.since, row.conversation.clone()));
        let next = last.or(end).map(|(since, conversation)| page_cursor(&ListCursor { since, conversation }));
        Ok(Page { data: rows, next_cursor: next })
    }

    /// A conversation's state.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn read_conversation(&self, caller: &Caller, id: &ConversationId) -> Result<Conversation, AppError> {
        let account = caller.account();
        let head = self.store.head(account, id).await?.ok_or(Code::NotFound)?;
        self.as_owner(caller, &head.state).await?;
        let row =
            if caller.principal.is_staff() { self.store.row(account, id).await?.map(|row| row.row) } else { None };
        Ok(Conversation {
            id: id.clone(),
            head: head.seq,
            state: StateView::of(&head.state, caller.audience()),
            row,
            read: self.store.read_marks(account, id).await?,
        })
    }

    /// A page of a log.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn read_entries(
        &self,
        caller: &Caller,
        id: &ConversationId,
        (after, before): (Option<u64>, Option<u64>),
        limit: Option<usize>,
    ) -> Result<EntriesPage, AppError> {
        let direction = match (after, before) {
            (Some(_), Some(_)) => return Err(Refusal::with(Code::InvalidField, "either after or before").into()),
            (Some(after), None) => Direction::After(after),
            (None, Some(before)) => Direction::Before(before),
            (None, None) => Direction::Newest,
        };
        let read = self.read_log(caller, id, direction, page_limit(limit)?).await?;
        let audience = caller.audience();
        let data = read.entries.iter().map(|entry| EntryView::of(entry, audience)).collect();
        Ok(EntriesPage { data, head: read.head.seq, more: read.more })
    }

    /// Begins a conversation with a contact, or continues their current one.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn begin_conversation(&self, caller: &Caller, new: NewConversation) -> Result<Ack, AppError> {
        new.content.check()?;
        deskwire_protocol::json::check_client_id(&new.client_id)?;
        if matches!(caller.principal.who, Who::Visitor(_)) {
            self.rates.take(caller.account(), &caller.id())?;
        }
        let send =
            Send { conversation: None, inbox: new.inbox, after: 0, client_id: new.client_id, content: new.content };
        let contact: ContactId = match (&caller.principal.who, new.contact) {
            (Who::Visitor(me), None) => me.clone(),
            (Who::Visitor(me), Some(contact)) if *me == contact => contact,
            (Who::Visitor(_), Some(_)) => return Err(Code::NotFound.into()),
            (_, Some(contact)) => self.store.contact(caller.account(), &contact).await?.ok_or(Code::NotFound)?.id,
            (_, None) => return Err(Refusal::with(Code::InvalidField, "contact").into()),
        };
        Box::pin(self.begin(caller, &contact, send)).await
    }

    /// Does in a conversation what a frame does.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn act_over_http(&self, caller: &Caller, action: Action) -> Result<Ack, AppError> {
        self.rates.take(caller.account(), &caller.id())?;
        match action {
            Action::Hello(_) | Action::Watch(_) | Action::Unwatch(_) => {
                Err(Refusal::with(Code::UnknownAction, "hello, watch and unwatch are for sockets").into())
            }
            action => Box::pin(self.perform(caller, action)).await,
        }
    }
}

/// A row without what is the company's own business: labels, skills, priority, transfers, snoozes.
fn for_visitor(mut row: ListRow) -> ListRow {
    let state = &mut row.state;
    if matches!(state.status, Status::Transferring | Status::Snoozed) {
        state.status = Status::Active;
    }
    (state.priority, state.transfer, state.snoozed_until) = (0, None, None);
    state.labels.clear();
    state.skills.clear();
    row
}

pub(crate) fn holds(condition: &Facet, row: &ListRow) -> bool {
    match condition {
        Facet::Team(team) => row.state.team == *team,
        Facet::Assignee(agent) => row.state.current_assignee() == Some(agent),
        Facet::Contact(contact) => row.contact == *contact,
        Facet::Label(label) => row.state.labels.contains(label),
    }
}

/// A page's size within its limits.
///
/// # Errors
/// [`Code::InvalidField`].
pub fn page_limit(asked: Option<usize>) -> Result<usize, Refusal> {
    match asked {
        None => Ok(DEFAULT_ROWS),
        Some(limit) if (1..=limits::PAGE_ROWS).contains(&limit) => Ok(limit),
        Some(_) => Err(Refusal::with(Code::InvalidField, format!("limit: 1 to {}", limits::PAGE_ROWS))),
    }
}

/// A cursor that was given out: the end of a page, or the newest change that was seen.
pub(crate) struct Cursor {
    /// Where.
    pub at: ListCursor,
    /// Whether it is the end of a page, behind which the next begins exactly.
    pub page: bool,
}

/// The cursor of a page that ends there.
pub(crate) fn page_cursor(at: &ListCursor) -> String {
    format!("p{}.{}", at.since.as_millisecond(), at.conversation)
}

/// The cursor of the newest change that was seen.
pub(crate) fn cursor_text(since: Time, conversation: &ConversationId) -> String {
    format!("s{}.{conversation}", since.as_millisecond())
}

/// Reads a cursor.
pub(crate) fn parse_cursor(text: &str) -> Result<Cursor, Refusal> {
    let parse = || {
        let (page, rest) = match text.split_at_checked(1)? {
            ("p", rest) => (true, rest),
            ("s", rest) => (false, rest),
            _ => return None,
        };
        let (millis, conversation) = rest.split_once('.')?;
        let since = Time::from_millisecond(millis.parse().ok()?).ok()?;
        Some(Cursor { at: ListCursor { since, conversation: conversation.parse().ok()? }, page })
    };
    parse().ok_or_else(|| Code::InvalidCursor.into())
}
