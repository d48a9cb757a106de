//! A socket opens and closes. What is stored are leases with a TTL; nothing is posted from inside `$connect`.

use deskwire_domain::{AccountId, Principal, Time, Who};
use deskwire_store::{Due, DueKind};

use crate::{App, AppError, Caller};

impl App {
    /// A socket opens, for a principal whose token lives until `caller.expires`.
    ///
    /// # Errors
    /// The table fails; the socket is then refused.
    pub async fn connected(&self, caller: &Caller) -> Result<(), AppError> {
        let (account, now) = (caller.account(), self.now());
        let Some(connection) = &caller.connection else { return Ok(()) };
        self.store.arrange(&token_end(&caller.principal, connection, caller.expires)).await?;
        match &caller.principal.who {
            Who::Visitor(contact) => self.store.connect_contact(account, contact, connection, now).await?,
            Who::Agent(agent, _) => {
                self.back_at_desk(account, agent, connection, now).await?;
            }
            Who::Bot | Who::System => {}
        }
        Ok(())
    }

    /// A socket has closed, as far as anybody noticed.
    ///
    /// # Errors
    /// The table fails; the leases then end by themselves.
    pub async fn disconnected(&self, caller: &Caller) -> Result<(), AppError> {
        let (account, now) = (caller.account(), self.now());
        let Some(connection) = &caller.connection else { return Ok(()) };
        match &caller.principal.who {
            Who::Visitor(contact) => self.store.disconnect_contact(account, contact, connection).await?,
            Who::Agent(agent, _) => {
                // It ends now, and stays on the desk: when the agent was there last is what the grace is counted from.
                let desk = self.store.lease(account, agent, connection, now).await?;
                if desk.live(now).next().is_none() {
                    self.expect_lease_end(account, agent, now).await?;
                    if let Some(record) = self.store.agent(account, agent).await? {
                        self.tell_teams(account, &record.agent.teams, &record.presence(&desk, now)).await?;
                    }
                }
            }
            Who::Bot | Who::System => {}
        }
        self.store.done(&token_end(&caller.principal, connection, caller.expires)).await?;
        Ok(())
    }

    /// Has `sweep` look, a grace time after `until`, whether the agent is still there.
    pub(crate) async fn expect_lease_end(
        &self,
        account: &AccountId,
        agent: &deskwire_domain::AgentId,
        until: Time,
    ) -> Result<(), AppError> {
        let at = until + self.grace(account).await?;
        let due = Due { at, account: account.clone(), kind: DueKind::LeaseOver { agent: agent.clone() } };
        Ok(self.store.arrange(&due).await?)
    }
}

fn token_end(principal: &Principal, connection: &str, expires: Time) -> Due {
    let kind = DueKind::TokenExpired {
        connection: connection.to_owned(),
        contact: principal.contact().cloned(),
        agent: principal.agent().cloned(),
    };
    Due { at: expires, account: principal.account.clone(), kind }
}
