//! After a commit: whoever watches is told. Watchers are looked up after the write, and whoever begins to watch reads
//! after it did so; so nobody misses an entry (DESIGN §2).

use deskwire_domain::{AccountId, AgentId, Event, Status, TransferTo, limits};
use deskwire_protocol::{Entry, entry::Audience};
use deskwire_push::{Reached, entry_frame};
use deskwire_store::{Direction, Topic, Watcher};

use crate::{App, AppError, Caller, conversation::Outcome};

impl App {
    /// Tells the watchers of a conversation what is new; answers who has it. A failure here is logged and costs nobody
    /// anything but time: the entries are in the log.
    pub(crate) async fn publish(&self, caller: &Caller, outcome: &Outcome) -> Reached {
        if outcome.new.is_empty() {
            return Reached::default();
        }
        let account = caller.account();
        let (before, after) = (&outcome.before, &outcome.last.state);
        let gained = after
            .assignee
            .as_ref()
            .filter(|agent| before.occupies() != Some(*agent) && after.occupies() == Some(*agent));
        let offered = match (&before.transfer, &after.transfer) {
            (None, Some(transfer)) => match &transfer.to {
                TransferTo::Agent(agent) => Some(agent),
                TransferTo::Team(_) => None,
            },
            _ => None,
        };
        let newcomers: Vec<_> = gained.into_iter().chain(offered).collect();
        for agent in &newcomers {
            self.let_watch(account, agent, &outcome.last).await;
        }
        let reached = self.tell(account, caller.connection.as_deref(), &outcome.new).await;
        if !newcomers.is_empty() {
            self.tell_what_came_between(account, &outcome.last).await;
        }
        let lost = before.occupies().filter(|agent| {
            after.occupies() != Some(*agent) && after.status != Status::Closed && after.status != Status::Snoozed
        });
        let not_taken = before.transfer.as_ref().and_then(|transfer| match &transfer.to {
            TransferTo::Agent(agent) => Some(agent).filter(|agent| after.occupies() != Some(*agent)),
            TransferTo::Team(_) => None,
        });
        for agent in lost.into_iter().chain(not_taken.filter(|_| after.transfer.is_none())) {
            self.stop_watching(account, agent, &outcome.last).await;
        }
        reached
    }

    /// The agent who got a conversation, or is offered one, is told once more, from the stream: whoever committed it may
    /// have died before it told anybody, and that agent, who watches nothing yet, would see no gap.
    pub(crate) async fn tell_newcomer(&self, account: &AccountId, entries: &[Entry]) -> Result<(), AppError> {
        let newcomer = |entry: &&Entry| match &entry.event {
            Event::Assigned { agent, .. } => Some(agent.clone()),
            Event::TransferRequested { to: TransferTo::Agent(agent), .. } => Some(agent.clone()),
            _ => None,
        };
        let Some((entry, agent)) = entries.iter().rev().find_map(|entry| Some((entry, newcomer(&entry)?))) else {
            return Ok(());
        };
        let head = self.store.head(account, &entry.conversation).await?;
        let still = head.is_some_and(|head| {
            let offered =
                head.state.transfer.as_ref().is_some_and(|transfer| transfer.to == TransferTo::Agent(agent.clone()));
            head.state.occupies() == Some(&agent) || offered
        });
        if !still {
            return Ok(());
        }
        self.let_watch(account, &agent, entry).await;
        let watcher = |connection: &String| Watcher {
            connection: connection.clone(),
            audience: Audience::Staff,
            who: agent.to_string(),
        };
        let watchers: Vec<_> = self.store.desk(account, &agent).await?.live(self.now()).map(watcher).collect();
        let topic = Topic::Conversation(&entry.conversation);
        let page = self.store.page(account, &entry.conversation, Direction::After(entry.seq - 1), limits::PAGE_ENTRIES);
        for entry in page.await?.entries {
            self.push.tell(account, &topic, &watchers, |watcher| Some(entry_frame(&entry, watcher.audience))).await;
        }
        Ok(())
    }

    /// What was written after a commit and before its newcomers watched was told without them: it is told again.
    async fn tell_what_came_between(&self, account: &AccountId, last: &Entry) {
        let after = Direction::After(last.seq);
        match self.store.page(account, &last.conversation, after, limits::PAGE_ENTRIES).await {
            Ok(page) => drop(self.tell(account, None, &page.entries).await),
            Err(error) => tracing::warn!(%error, "a newcomer may see a gap, and will sync"),
        }
    }

    /// Pushes entries of one conversation to all who watch it, but for the connection that knows them already.
    /// Answers who has the last of them.
    pub(crate) async fn tell(&self, account: &AccountId, but: Option<&str>, entries: &[Entry]) -> Reached {
        let mut reached = Reached::default();
        let Some(first) = entries.first() else { return reached };
        let topic = Topic::Conversation(&first.conversation);
        let watchers = match self.store.watchers(account, &topic).await {
            Ok(watchers) => watchers,
            Err(error) => {
                tracing::warn!(%error, conversation = %first.conversation, "watchers are unknown; readers will sync");
                return reached;
            }
        };
        let watchers: Vec<Watcher> = watchers.into_iter().filter(|w| Some(w.connection.as_str()) != but).collect();
        for entry in entries {
            reached =
                self.push.tell(account, &topic, &watchers, |watcher| Some(entry_frame(entry, watcher.audience))).await;
        }
        reached
    }

    /// Makes all connections of an agent watch a conversation that is theirs now.
    async fn let_watch(&self, account: &AccountId, agent: &AgentId, entry: &Entry) {
        let watched = async {
            let desk = self.store.desk(account, agent).await?;
            let watcher = |connection: &String| Watcher {
                connection: connection.clone(),
                audience: Audience::Staff,
                who: agent.to_string(),
            };
            let watchers: Vec<_> = desk.live(self.now()).map(watcher).collect();
            self.store.watch_all(account, &Topic::Conversation(&entry.conversation), &watchers, self.now()).await
        };
        if let Err(error) = watched.await {
            tracing::warn!(%error, %agent, "an agent's connections do not watch yet; `hello` mends it");
        }
    }

    async fn stop_watching(&self, account: &AccountId, agent: &AgentId, entry: &Entry) {
        let stopped = async {
            let desk = self.store.desk(account, agent).await?;
            let connections: Vec<_> = desk.leases.keys().cloned().collect();
            self.store.unwatch_all(account, &Topic::Conversation(&entry.conversation), &connections).await
        };
        if let Err(error) = stopped.await {
            tracing::warn!(%error, %agent, "an agent's connections still watch");
        }
    }
}
