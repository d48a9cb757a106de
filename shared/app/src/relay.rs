//! `relay`: the table's stream is the outbox. What was committed becomes projections, jobs and things due; a replay
//! has no second effect.

use std::collections::{BTreeMap, BTreeSet};

use deskwire_domain::{AccountId, ContactId, ConversationId, Event, Status, Time, event::AssignedBy, limits};
use deskwire_protocol::{Entry, webhook::WebhookEvent};
use deskwire_queue::{Job, Order};
use deskwire_store::{Arrived, Change, Due, DueKind};

use futures::{StreamExt, TryStreamExt, stream};

use crate::{App, AppError, announce::Endpoints, project::ListWatchers};

/// Conversations that are projected at the same time: enough to hide the table's latency.
const CONCURRENT_PROJECTIONS: usize = 16;

/// A change, and the id of the record that told of it.
#[derive(Debug)]
pub struct Record {
    /// The record's id: its sequence number.
    pub id: String,
    /// When it was written, to the second.
    pub at: Time,
    /// What it tells of.
    pub change: Change,
}

/// What a batch asks for, gathered before it is done.
#[derive(Default)]
struct Gathered {
    /// Entries of each conversation, in order.
    logs: BTreeMap<(AccountId, ConversationId), Vec<Entry>>,
    /// Contacts that changed.
    contacts: BTreeSet<(AccountId, ContactId)>,
    /// Events that came in, for their list.
    inbound: Vec<(AccountId, Box<Arrived>)>,
    /// Jobs.
    orders: Vec<Order>,
    /// The webhook endpoints of the accounts.
    endpoints: Endpoints,
}

impl App {
    /// Does what a batch of changes asks for; they are in the stream's order. Entries of one conversation become one
    /// projection.
    ///
    /// # Errors
    /// The id of the first record that could not be done, with the reason: the stream goes on from there.
    pub async fn relay(&self, records: Vec<Record>) -> Result<(), (String, AppError)> {
        // What fails names the first record: all of the batch is done again, which has no second effect, and nothing
        // that came before the failure is taken for done.
        let first = records.first().map(|record| record.id.clone()).unwrap_or_default();
        self.relay_all(records).await.map_err(|error| (first, error))
    }

    async fn relay_all(&self, records: Vec<Record>) -> Result<(), AppError> {
        let mut gathered = Gathered::default();
        for record in records {
            self.gather(record, &mut gathered).await?;
        }
        let Gathered { logs, orders, contacts, inbound, .. } = gathered;
        let listed: Vec<_> =
            inbound.iter().map(|(account, arrived)| self.store.index_inbound(account, arrived)).collect();
        stream::iter(listed).buffer_unordered(CONCURRENT_PROJECTIONS).try_collect::<Vec<()>>().await?;
        // Projections first: a job that is sent may rely on them.
        let lists = ListWatchers::default();
        let projections: Vec<_> =
            logs.iter().map(|((account, _), entries)| self.project(account, entries, &lists)).collect();
        stream::iter(projections).buffer_unordered(CONCURRENT_PROJECTIONS).try_collect::<Vec<()>>().await?;
        for ((account, _), entries) in &logs {
            self.tell_newcomer(account, entries).await?;
        }
        for (account, contact) in &contacts {
            self.project_contact(account, contact, &lists).await?;
        }
        Ok(self.queues.send(&orders).await?)
    }

    /// What one change asks for: written at once, or gathered for the batch.
    async fn gather(&self, Record { id, at, change }: Record, gathered: &mut Gathered) -> Result<(), AppError> {
        let Gathered { logs, orders, contacts, inbound, endpoints } = gathered;
        match change {
            Change::Entry { account, entry } => {
                let events = || WebhookEvent::of_entry(&account, &entry);
                orders.extend(self.announce(&account, events, endpoints).await?);
                self.arrange_for(&account, &entry).await?;
                orders.extend(order_for(&account, &entry));
                orders.extend(self.relay_to_ai(&account, &entry).await?);
                logs.entry((account, entry.conversation.clone())).or_default().push(*entry);
            }
            Change::Agent { account, now, .. } if now.room => {
                orders.extend(now.teams.into_iter().map(|team| assign(&account, team, id.clone())));
            }
            Change::Contact { account, contact, origin } => {
                let events = || vec![WebhookEvent::of_contact(&account, &contact, origin.as_deref(), at)];
                orders.extend(self.announce(&account, events, endpoints).await?);
                self.refer_to(&account, &contact).await?;
                contacts.insert((account, contact.id));
            }
            Change::Inbound { account, arrived } => {
                let (event, line) = (arrived.event.key(), arrived.event.line());
                let cause = event.clone();
                inbound.push((account.clone(), arrived));
                orders.push(Order { job: Job::Event { v: 1, account, event, line }, cause });
            }
            Change::Knowledge { account } => orders.push(Order { job: Job::Index { v: 1, account }, cause: id }),
            Change::Agent { .. } | Change::Other => {}
        }
        Ok(())
    }

    /// What an entry makes due later.
    async fn arrange_for(&self, account: &AccountId, entry: &Entry) -> Result<(), AppError> {
        let conversation = entry.conversation.clone();
        let (at, kind) = match &entry.event {
            Event::TransferRequested { until, .. } => (*until, DueKind::TransferTimeout { conversation }),
            Event::Snoozed { until } => (*until, DueKind::Wake { conversation }),
            // Whoever gave it may not know that the agent is not there: then nothing else would look.
            Event::Assigned { agent, .. } => {
                let lease = jiff::SignedDuration::from_secs(limits::LEASE_SECONDS);
                (entry.at + lease + self.grace(account).await?, DueKind::LeaseOver { agent: agent.clone() })
            }
            _ => return Ok(()),
        };
        Ok(self.store.arrange(&Due { at, account: account.clone(), kind }).await?)
    }
}

/// The job of an entry after which the conversation waits for an agent, or may have left the queue by another way than
/// routing: then those behind it stand elsewhere.
fn order_for(account: &AccountId, entry: &Entry) -> Option<Order> {
    let begins_to_wait =
        matches!(entry.event, Event::Opened { .. } | Event::Queued { .. } | Event::TransferRequested { .. });
    let leaves = match &entry.event {
        Event::Closed { .. } => entry.state.status == Status::Closed,
        Event::Assigned { reason, .. } => matches!(reason, AssignedBy::Accept | AssignedBy::Assign),
        _ => false,
    };
    let waits_in = entry.state.waits_in().filter(|_| begins_to_wait);
    let team = waits_in.or_else(|| leaves.then_some(&entry.state.team))?;
    Some(assign(account, team.clone(), entry.id()))
}

pub(crate) fn assign(account: &AccountId, team: deskwire_domain::TeamId, cause: String) -> Order {
    Order { job: Job::Assign { v: 1, account: account.clone(), team }, cause }
}
