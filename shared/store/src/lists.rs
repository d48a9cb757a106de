//! Lists of conversations: projections that `relay` writes from the log, a row a conversation and a place in each list
//! that it belongs to.
//!
//! A list belongs to a team, an agent, a contact or a label, and to a status: so no key is hot for a whole account.
//! Places may be left behind by a crash between two writes; a reader holds each against the row, which says where the
//! conversation really is, and passes over what is stale. All can be made anew from the log.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use deskwire_domain::{AccountId, AgentId, ContactId, ConversationId, State, Status, TeamId, Time, report::Tally};
use deskwire_protocol::server::ListRow;

use crate::{
    CAPACITY, Store, StoreError,
    item::{Item, doc, keyed, n, s, text, with_doc},
    keys::Key,
};

/// What a list is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facet {
    /// A team's conversations; a transfer to a team is in its list too.
    Team(TeamId),
    /// An agent's.
    Assignee(AgentId),
    /// A contact's.
    Contact(ContactId),
    /// Those with a label.
    Label(String),
}

impl Facet {
    fn list(&self, status: Status) -> String {
        let status = status.as_str();
        match self {
            Self::Team(team) => format!("t#{team}#{status}"),
            Self::Assignee(agent) => format!("a#{agent}#{status}"),
            Self::Contact(contact) => format!("c#{contact}#{status}"),
            Self::Label(label) => format!("l#{}#{status}", label.replace('%', "%25").replace('#', "%23")),
        }
    }
}

/// Where a page of a list begins: behind this moment and conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListCursor {
    /// Since when the last row of the page before has its status.
    pub since: Time,
    /// Which one it was.
    pub conversation: ConversationId,
}

impl ListCursor {
    fn at(&self) -> String {
        place(self.since, &self.conversation)
    }
}

fn place(since: Time, conversation: &ConversationId) -> String {
    format!("{:013}#{conversation}", since.as_millisecond().max(0))
}

/// The attribute of a row that is for no reader: what must be known to count what comes.
const TALLY: &str = "tally";

/// A row and the places that were made for it.
#[derive(Debug, Clone, PartialEq)]
pub struct RowKeys {
    /// The row.
    pub row: ListRow,
    /// What must be known of the log up to the row's head to count what comes; `None` in rows of before there was one.
    pub tally: Option<Tally>,
    places: BTreeSet<(String, String)>,
}

fn places(conversation: &ConversationId, state: &State) -> BTreeSet<(String, String)> {
    let mut facets = vec![Facet::Team(state.team.clone()), Facet::Contact(state.contact.clone())];
    facets.extend(state.current_assignee().cloned().map(Facet::Assignee));
    facets.extend(state.labels.iter().cloned().map(Facet::Label));
    if let Some(deskwire_domain::Transfer { to, .. }) = &state.transfer {
        facets.push(match to {
            deskwire_domain::TransferTo::Team(team) => Facet::Team(team.clone()),
            deskwire_domain::TransferTo::Agent(agent) => Facet::Assignee(agent.clone()),
        });
    }
    let at = place(state.since, conversation);
    facets.iter().map(|facet| (facet.list(state.status), at.clone())).collect()
}

fn row_item(account: &AccountId, row: &ListRow, tally: Option<&Tally>) -> Result<Item, StoreError> {
    let mut item = with_doc(&Key::Row { account, conversation: &row.conversation }, row)?;
    item.insert("head".to_owned(), n(row.head));
    if let Some(tally) = tally {
        item.insert(TALLY.to_owned(), s(serde_json::to_string(tally)?));
    }
    Ok(item)
}

impl Store {
    /// A conversation's row, if it has been projected.
    ///
    /// # Errors
    /// The table fails.
    pub async fn row(&self, account: &AccountId, conversation: &ConversationId) -> Result<Option<RowKeys>, StoreError> {
        let Some(item) = self.get(&Key::Row { account, conversation }, true).await? else { return Ok(None) };
        let row: ListRow = doc(&item)?;
        let places = places(conversation, &row.state);
        let tally = text(&item, TALLY).ok().and_then(|json| serde_json::from_str(json).ok());
        Ok(Some(RowKeys { row, tally, places }))
    }

    /// Brings row and places to `row`, unless they are further already. `before` is what was read: places that no
    /// longer hold are taken away. New places come first and old ones go last, so that no reader misses it.
    ///
    /// # Errors
    /// The table fails.
    pub async fn project(
        &self,
        account: &AccountId,
        before: Option<&RowKeys>,
        (row, tally): (&ListRow, &Tally),
    ) -> Result<bool, StoreError> {
        let after = places(&row.conversation, &row.state);
        let none = BTreeSet::new();
        let before = before.map_or(&none, |row| &row.places);
        let key = |(list, at): &(String, String)| keyed(&Key::Place { account, list, at });
        let new: Vec<Item> = after.difference(before).map(key).collect();
        self.write_many(new, vec![]).await?;
        let item = row_item(account, row, Some(tally))?;
        let condition = "attribute_not_exists(PK) OR head < :head";
        match self.put_if(item, Some(condition), [(":head", n(row.head))]).await {
            Ok(()) => {}
            Err(StoreError::Condition) => return Ok(false),
            Err(error) => return Err(error),
        }
        self.write_many(vec![], before.difference(&after).map(key).collect()).await?;
        Ok(true)
    }

    /// Changes what a row says of its contact, unless the row has moved on; its places stay.
    ///
    /// # Errors
    /// The table fails.
    pub async fn rewrite_row(
        &self,
        account: &AccountId,
        (row, tally): (&ListRow, Option<&Tally>),
    ) -> Result<bool, StoreError> {
        let item = row_item(account, row, tally)?;
        match self.put_if(item, Some("head = :head"), [(":head", n(row.head))]).await {
            Ok(()) => Ok(true),
            Err(StoreError::Condition) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A page of a list, over several statuses, the newest change first (or the oldest, for a queue): rows behind
    /// `cursor`, and where to go on.
    ///
    /// # Errors
    /// The table fails.
    pub async fn list(
        &self,
        account: &AccountId,
        facet: &Facet,
        statuses: &[Status],
        (cursor, oldest_first, limit): (Option<&ListCursor>, bool, usize),
    ) -> Result<(Vec<ListRow>, Option<ListCursor>), StoreError> {
        let reads =
            statuses.iter().map(|status| self.list_places(account, facet.list(*status), (cursor, oldest_first, limit)));
        let mut found: Vec<(String, ConversationId)> =
            futures::future::try_join_all(reads).await?.into_iter().flatten().collect();
        found.sort();
        if !oldest_first {
            found.reverse();
        }
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).and_then(|(at, conversation)| {
            let since = at.split_once('#')?.0.parse().ok()?;
            Some(ListCursor { since: Time::from_millisecond(since).ok()?, conversation: conversation.clone() })
        });
        Ok((self.rows_at(account, facet, &found).await?, next))
    }

    async fn list_places(
        &self,
        account: &AccountId,
        list: String,
        (cursor, oldest_first, limit): (Option<&ListCursor>, bool, usize),
    ) -> Result<Vec<(String, ConversationId)>, StoreError> {
        let bound = match (cursor, oldest_first) {
            (Some(cursor), _) => cursor.at(),
            (None, true) => "0".to_owned(),
            (None, false) => "~".to_owned(),
        };
        let condition = if oldest_first { "PK = :pk AND SK > :bound" } else { "PK = :pk AND SK < :bound" };
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression(condition)
            .expression_attribute_values(":pk", s(Key::Place { account, list: &list, at: "" }.pk()))
            .expression_attribute_values(":bound", AttributeValue::S(bound))
            .scan_index_forward(oldest_first)
            // Routing looks milliseconds after the place was written, and nothing would make it look again.
            .consistent_read(true)
            // One more than wanted tells whether there are more.
            .limit(i32::try_from(limit + 1).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let place = |item: &Item| {
            let at = text(item, "SK").ok()?;
            Some((at.to_owned(), at.split_once('#')?.1.parse().ok()?))
        };
        Ok(output.items.unwrap_or_default().iter().filter_map(place).collect())
    }

    /// The rows at these places, in their order, without those that are elsewhere by now.
    async fn rows_at(
        &self,
        account: &AccountId,
        facet: &Facet,
        found: &[(String, ConversationId)],
    ) -> Result<Vec<ListRow>, StoreError> {
        let ids: BTreeSet<_> = found.iter().map(|(_, conversation)| conversation).collect();
        let keys: Vec<_> = ids.into_iter().map(|conversation| Key::Row { account, conversation }).collect();
        let rows: Vec<ListRow> = self.get_many(&keys).await?.iter().map(doc).collect::<Result<_, _>>()?;
        let row_at = |(at, conversation): &(String, ConversationId)| {
            let row = rows.iter().find(|row| row.conversation == *conversation)?;
            let here = (facet.list(row.state.status), at.clone());
            places(conversation, &row.state).contains(&here).then(|| row.clone())
        };
        Ok(found.iter().filter_map(row_at).collect())
    }
}
