//! `ping`: a sign of life; an agent's lease goes on.

use deskwire_domain::{AccountId, AgentId, Time, limits};
use deskwire_protocol::Ack;
use deskwire_store::{AgentChange, Desk};

use crate::{App, AppError, Caller};

/// Seconds that a lease which has ended stays on the desk: as long as its socket may live (API Gateway: 2 hours), so
/// that a revocation finds it, and a little more.
const ENDED_SECONDS: i64 = 2 * 3_600 + 600;

impl App {
    pub(crate) async fn ping(&self, caller: &Caller) -> Result<Ack, AppError> {
        if let (Some(agent), Some(connection)) = (caller.principal.agent(), &caller.connection) {
            let (account, now) = (caller.account(), self.now());
            match self.store.renew_lease(account, agent, connection, (now, self.lease_end(now))).await? {
                Some(desk) => self.prune(account, agent, &desk, now).await?,
                // It had ended: a laptop that slept. It is as if it connected.
                None => self.back_at_desk(account, agent, connection, now).await?,
            }
        }
        Ok(Ack::default())
    }

    /// Begins a lease: the agent is there, and whoever waits or watches learns it.
    pub(crate) async fn back_at_desk(
        &self,
        account: &AccountId,
        agent: &AgentId,
        connection: &str,
        now: Time,
    ) -> Result<(), AppError> {
        let until = self.lease_end(now);
        let desk = self.store.lease(account, agent, connection, until).await?;
        self.expect_lease_end(account, agent, until).await?;
        // Being seen is what wakes routing: somebody may wait for this agent.
        let record = self.store.change_agent(account, agent, &AgentChange::default(), now).await?;
        self.tell_teams(account, &record.agent.teams, &record.presence(&desk, now)).await
    }

    /// Takes leases off the desk whose sockets cannot live any more.
    async fn prune(&self, account: &AccountId, agent: &AgentId, desk: &Desk, now: Time) -> Result<(), AppError> {
        let ended = jiff::SignedDuration::from_secs(ENDED_SECONDS);
        let over: Vec<_> =
            desk.leases.iter().filter(|(_, until)| **until + ended <= now).map(|(id, _)| id.clone()).collect();
        if !over.is_empty() {
            self.store.end_leases(account, agent, &over).await?;
        }
        Ok(())
    }

    /// When a lease that begins now ends.
    pub(crate) fn lease_end(&self, now: Time) -> Time {
        now + jiff::SignedDuration::from_secs(limits::LEASE_SECONDS)
    }
}
