//! The log: reading it, and the one conditional write that serialises every decision (DESIGN §2).

use aws_sdk_dynamodb::{
    error::ProvideErrorMetadata,
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, CancellationReason, Put, TransactWriteItem, Update},
};
use deskwire_domain::{AccountId, AgentId, ContactId, ConversationId, InboxId, State, limits};
use deskwire_protocol::Entry;

use crate::{
    CAPACITY, Store, StoreError,
    item::{DOC, Item, doc, keyed, s, text, with_doc},
    keys::{ENTRY, Key, seq_of},
};

/// What a `send` needs to know of a log: what lies after the sender's cursor.
#[derive(Debug)]
pub struct Tail {
    /// The entry at the cursor itself, if there is one; it tells that the cursor is real.
    pub at: Option<Entry>,
    /// The entries after it, in order.
    pub after: Vec<Entry>,
    /// There are more than these.
    pub more: bool,
}

impl Tail {
    /// The last entry that was read: the state is its state, unless there is [`more`](Self::more).
    pub fn last(&self) -> Option<&Entry> {
        self.after.last().or(self.at.as_ref())
    }
}

/// Which way a page goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Entries with a greater seq.
    After(u64),
    /// Entries with a smaller seq.
    Before(u64),
    /// The newest.
    Newest,
}

/// A page of a log, in seq order.
#[derive(Debug)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Entry>,
    /// There are more in that direction.
    pub more: bool,
}

/// How a commit changes which agent's capacity the conversation uses.
#[derive(Debug, Default, Clone)]
pub struct Occupancy {
    /// The agent who no longer has it.
    pub release: Option<AgentId>,
    /// The agent who has it now, and whether there must be room.
    pub occupy: Option<(AgentId, bool)>,
}

/// That a commit begins a conversation: it becomes the contact's current one, if the current one is still this.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Whose.
    pub contact: ContactId,
    /// Through which inbox.
    pub inbox: InboxId,
    /// The current one before, if there was one.
    pub before: Option<ConversationId>,
}

/// A change of one conversation, all or nothing.
#[derive(Debug)]
pub struct Commit<'a> {
    /// The tenant.
    pub account: &'a AccountId,
    /// The new entries, in seq order, directly after the log's tail.
    pub entries: &'a [Entry],
    /// Whose capacity changes.
    pub occupancy: Occupancy,
    /// Whether this begins the conversation.
    pub opening: Option<Opening>,
}

/// A commit that did not take place.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Somebody else wrote first: read again, decide again.
    #[error("somebody else wrote first")]
    Raced,
    /// The agent has no room.
    #[error("the agent has no room")]
    AtCapacity,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Attributes of an agent's item; see `agents.rs`.
pub(crate) const SLOTS: &str = "slots";
pub(crate) const CAPACITY_OF: &str = "capacity";

impl Store {
    /// What a sender at cursor `after` must know: one consistent query. Never returns more than
    /// [`limits::SEND_BEHIND_ENTRIES`].
    ///
    /// # Errors
    /// The table fails.
    pub async fn tail(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        after: u64,
    ) -> Result<Tail, StoreError> {
        let limit = limits::SEND_BEHIND_ENTRIES + 1;
        let range = (after, u64::MAX);
        let (mut entries, more) = self.range(account, conversation, range, (limit, true)).await?;
        let at = if entries.first().is_some_and(|entry| entry.seq == after) { Some(entries.remove(0)) } else { None };
        Ok(Tail { at, after: entries, more })
    }

    /// The last entry: the conversation's state, and its head.
    ///
    /// # Errors
    /// The table fails.
    pub async fn head(&self, account: &AccountId, conversation: &ConversationId) -> Result<Option<Entry>, StoreError> {
        let (entries, _) = self.range(account, conversation, (0, u64::MAX), (1, false)).await?;
        Ok(entries.into_iter().next())
    }

    /// A page of the log, at most `limit` entries and [`limits::PAGE_BYTES`].
    ///
    /// # Errors
    /// The table fails.
    pub async fn page(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        direction: Direction,
        limit: usize,
    ) -> Result<Page, StoreError> {
        let (range, forward) = match direction {
            Direction::After(seq) => ((seq.saturating_add(1), u64::MAX), true),
            Direction::Before(seq) => ((0, seq.saturating_sub(1)), false),
            Direction::Newest => ((0, u64::MAX), false),
        };
        let (mut entries, mut more) = self.range(account, conversation, range, (limit, forward)).await?;
        more |= fit(&mut entries);
        if !forward {
            entries.reverse();
        }
        Ok(Page { entries, more })
    }

    /// Entries with a seq in `range`, both ends included, and whether there are more.
    async fn range(
        &self,
        account: &AccountId,
        conversation: &ConversationId,
        range: (u64, u64),
        (limit, forward): (usize, bool),
    ) -> Result<(Vec<Entry>, bool), StoreError> {
        let key = |seq| Key::Entry { account, conversation, seq };
        let last = if range.1 == u64::MAX { format!("{ENTRY}~") } else { key(range.1).sk() };
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(key(0).pk()))
            .expression_attribute_values(":first", s(key(range.0).sk()))
            .expression_attribute_values(":last", s(last))
            .consistent_read(true)
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let more = output.last_evaluated_key.is_some();
        let entries = output.items.unwrap_or_default().iter().map(entry).collect::<Result<_, _>>()?;
        Ok((entries, more))
    }

    /// Writes the entries: one conditional put where it is one entry and nothing else, else a transaction.
    ///
    /// # Errors
    /// [`CommitError`]; where it is not [`CommitError::Store`], nothing was written.
    pub async fn commit(&self, commit: &Commit<'_>) -> Result<(), CommitError> {
        let alone = commit.occupancy.release.is_none() && commit.occupancy.occupy.is_none() && commit.opening.is_none();
        match commit.entries {
            [entry] if alone => {
                let item = entry_item(commit.account, entry)?;
                match self.put_if(item, Some(ABSENT), []).await {
                    Err(StoreError::Condition | StoreError::Contended) => Err(CommitError::Raced),
                    result => Ok(result?),
                }
            }
            _ => self.transact(commit).await,
        }
    }

    async fn transact(&self, commit: &Commit<'_>) -> Result<(), CommitError> {
        let mut writes = Vec::with_capacity(commit.entries.len() + 3);
        for entry in commit.entries {
            let item = entry_item(commit.account, entry)?;
            writes.push(TransactWriteItem::builder().put(self.put_absent(item)?).build());
        }
        let Some(conversation) = commit.entries.first().map(|entry| &entry.conversation) else { return Ok(()) };
        if let Some(opening) = &commit.opening {
            writes.push(TransactWriteItem::builder().put(self.become_current(commit, opening, conversation)?).build());
        }
        // The agent's item comes last, so that its place among the cancellation reasons is known.
        if let Some(agent) = &commit.occupancy.release {
            writes.push(TransactWriteItem::builder().update(self.slot(commit, agent, conversation, None)?).build());
        }
        let occupies = commit.occupancy.occupy.is_some();
        if let Some((agent, needs_room)) = &commit.occupancy.occupy {
            let update = self.slot(commit, agent, conversation, Some(*needs_room))?;
            writes.push(TransactWriteItem::builder().update(update).build());
        }
        let call = self.client.transact_write_items().set_transact_items(Some(writes));
        match call.return_consumed_capacity(CAPACITY).send().await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                    Err(cancelled(canceled.cancellation_reasons(), occupies))
                }
                Some(other) if other.code() == Some("TransactionInProgressException") => Err(CommitError::Raced),
                _ => Err(StoreError::from(error).into()),
            },
        }
    }

    fn put_absent(&self, item: Item) -> Result<Put, StoreError> {
        let put = Put::builder().table_name(&self.table).set_item(Some(item)).condition_expression(ABSENT);
        Ok(put.build()?)
    }

    fn become_current(
        &self,
        commit: &Commit<'_>,
        opening: &Opening,
        conversation: &ConversationId,
    ) -> Result<Put, StoreError> {
        let key = Key::Current { account: commit.account, contact: &opening.contact, inbox: &opening.inbox };
        let mut item = keyed(&key);
        item.insert(CONVERSATION.to_owned(), s(conversation.as_str()));
        let put = Put::builder().table_name(&self.table).set_item(Some(item));
        let put = match &opening.before {
            None => put.condition_expression(ABSENT),
            Some(before) => put
                .condition_expression("#c = :before")
                .expression_attribute_names("#c", CONVERSATION)
                .expression_attribute_values(":before", s(before.as_str())),
        };
        Ok(put.build()?)
    }

    /// Takes the conversation out of an agent's slots, or puts it in.
    fn slot(
        &self,
        commit: &Commit<'_>,
        agent: &AgentId,
        conversation: &ConversationId,
        needs_room: Option<bool>,
    ) -> Result<Update, StoreError> {
        let key = Key::Agent { account: commit.account, agent };
        let update = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keyed(&key)))
            .expression_attribute_names("#slots", SLOTS)
            .expression_attribute_values(":one", AttributeValue::Ss(vec![conversation.to_string()]));
        let update = match needs_room {
            None => update.update_expression("DELETE #slots :one"),
            Some(room) => {
                let now = commit.entries.last().map_or(0, |entry| entry.at.as_millisecond());
                let update = update
                    .update_expression("ADD #slots :one SET last_assigned = :now")
                    .expression_attribute_values(":now", crate::item::n(now));
                if room {
                    update
                        .condition_expression("attribute_exists(PK) AND (attribute_not_exists(#slots) AND #cap > :zero OR size(#slots) < #cap)")
                        .expression_attribute_names("#cap", CAPACITY_OF)
                        .expression_attribute_values(":zero", crate::item::n(0))
                } else {
                    update.condition_expression("attribute_exists(PK)")
                }
            }
        };
        Ok(update.build()?)
    }

    /// The conversation that a contact's next message in an inbox continues.
    ///
    /// # Errors
    /// The table fails.
    pub async fn current(
        &self,
        account: &AccountId,
        contact: &ContactId,
        inbox: &InboxId,
    ) -> Result<Option<ConversationId>, StoreError> {
        let Some(item) = self.get(&Key::Current { account, contact, inbox }, true).await? else { return Ok(None) };
        let id = text(&item, CONVERSATION)?.parse();
        id.map(Some).map_err(|_| StoreError::Malformed("current conversation".to_owned()))
    }

    /// The current conversations of a contact, over all inboxes.
    ///
    /// # Errors
    /// The table fails.
    pub async fn currents(&self, account: &AccountId, contact: &ContactId) -> Result<Vec<ConversationId>, StoreError> {
        let items = self.all(&Key::Contact { account, contact }.pk(), "O#", true).await?;
        let id = |item: &Item| text(item, CONVERSATION).ok().and_then(|id| id.parse().ok());
        Ok(items.iter().filter_map(id).collect())
    }
}

const ABSENT: &str = "attribute_not_exists(PK)";
const CONVERSATION: &str = "conversation";

/// What a cancelled transaction tells: the agent's condition is the last, all others are races.
fn cancelled(reasons: &[CancellationReason], occupies: bool) -> CommitError {
    let failed = |reason: &CancellationReason| reason.code().is_some_and(|code| code != "None");
    let others = if occupies { &reasons[..reasons.len().saturating_sub(1)] } else { reasons };
    if others.iter().any(failed) {
        return CommitError::Raced;
    }
    match reasons.last().and_then(CancellationReason::code) {
        Some("ConditionalCheckFailed") if occupies => CommitError::AtCapacity,
        _ => CommitError::Raced,
    }
}

/// Cuts a page to [`limits::PAGE_BYTES`]; says whether it did. Never cuts the first entry.
fn fit(entries: &mut Vec<Entry>) -> bool {
    let mut bytes = 0;
    let size = |entry: &Entry| serde_json::to_vec(entry).map_or(0, |json| json.len());
    let keep = entries.iter().take_while(|entry| {
        bytes += size(entry);
        bytes <= limits::PAGE_BYTES
    });
    let keep = keep.count().max(1);
    let cut = keep < entries.len();
    entries.truncate(keep);
    cut
}

pub(crate) fn entry_item(account: &AccountId, entry: &Entry) -> Result<Item, StoreError> {
    with_doc(&Key::Entry { account, conversation: &entry.conversation, seq: entry.seq }, entry)
}

pub(crate) fn entry(item: &Item) -> Result<Entry, StoreError> {
    let entry: Entry = doc(item)?;
    if seq_of(text(item, "SK")?) != Some(entry.seq) {
        return Err(StoreError::Malformed(format!("{DOC}.seq")));
    }
    Ok(entry)
}

impl Occupancy {
    /// The change between two states of a conversation.
    pub fn between(before: Option<&State>, after: &State, needs_room: bool) -> Self {
        let (had, has) = (before.and_then(State::occupies), after.occupies());
        if had == has {
            return Self::default();
        }
        Self { release: had.cloned(), occupy: has.map(|agent| (agent.clone(), needs_room)) }
    }
}
