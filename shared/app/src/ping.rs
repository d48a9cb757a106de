//! `ping`: a sign of life; an agent's lease goes on.

use deskwire_domain::{Time, limits};
use deskwire_protocol::Ack;

use crate::{App, AppError, Caller};

impl App {
    pub(crate) async fn ping(&self, caller: &Caller) -> Result<Ack, AppError> {
        if let (Some(agent), Some(connection)) = (caller.principal.agent(), &caller.connection) {
            let now = self.now();
            let desk = self.store.lease(caller.account(), agent, connection, self.lease_end(now)).await?;
            // Leases that ran out are swept in passing: they are connections that nobody closed.
            let over: Vec<_> =
                desk.leases.iter().filter(|(_, until)| **until <= now).map(|(id, _)| id.clone()).collect();
            if !over.is_empty() {
                self.store.end_leases(caller.account(), agent, &over).await?;
            }
        }
        Ok(Ack::default())
    }

    /// When a lease that begins now ends.
    pub(crate) fn lease_end(&self, now: Time) -> Time {
        now + jiff::SignedDuration::from_secs(limits::LEASE_SECONDS)
    }
}
