//! `sweep`, each minute: what is due is done. Each thing may be done twice without a second effect; one that fails is
//! tried again the next time and harms no other.

use deskwire_domain::{AccountId, AgentId, Code, Principal, Role, Time, Who, machine::Command};
use deskwire_store::{Due, DueKind};

use crate::{App, AppError, Caller, conversation::Cursor};

/// Due things that one run reads of each shard at a time; it goes on until there are none, or its time is up.
const BATCH: usize = 100;

/// Rounds of one run at most: 8 shards × 100 × 20 = 16,000 things a minute.
const ROUNDS: usize = 20;

impl App {
    /// Does all that is due now; answers how much it was.
    ///
    /// # Errors
    /// The table fails.
    pub async fn sweep(&self) -> Result<usize, AppError> {
        let mut done = 0;
        for _ in 0..ROUNDS {
            let due = self.store.due(self.now(), BATCH).await?;
            let mut progressed = false;
            for due in due {
                match self.do_due(&due).await {
                    Ok(()) => {
                        self.store.done(&due).await?;
                        done += 1;
                        progressed = true;
                    }
                    Err(error) => tracing::error!(%error, kind = ?due.kind, "something due could not be done"),
                }
            }
            if !progressed {
                break;
            }
        }
        Ok(done)
    }

    async fn do_due(&self, due: &Due) -> Result<(), AppError> {
        match &due.kind {
            DueKind::TransferTimeout { conversation } => {
                self.time_is_up(&due.account, conversation, Command::TransferTimeout).await
            }
            DueKind::Wake { conversation } => self.time_is_up(&due.account, conversation, Command::Wake).await,
            DueKind::Redeliver { endpoint, delivery } => self.redeliver(&due.account, endpoint, delivery).await,
            DueKind::LeaseOver { agent } => self.lease_over(&due.account, agent).await,
            DueKind::TokenExpired { connection, contact, agent } => {
                self.push.close(connection).await;
                let who = match (contact, agent) {
                    (Some(contact), _) => Who::Visitor(contact.clone()),
                    (None, Some(agent)) => Who::Agent(agent.clone(), Role::Agent),
                    (None, None) => return Ok(()),
                };
                self.forget(&due.account, who, connection, due.at).await
            }
        }
    }

    async fn time_is_up(
        &self,
        account: &AccountId,
        conversation: &deskwire_domain::ConversationId,
        command: Command,
    ) -> Result<(), AppError> {
        match self.act(&Caller::system(account.clone()), conversation, Cursor::Head, command).await {
            // Gone: there is nothing to do any more.
            Ok(_) => Ok(()),
            Err(AppError::Refused(refusal)) if refusal.code != Code::Busy => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Ends what a closed connection left behind, as `$disconnect` would.
    pub(crate) async fn forget(
        &self,
        account: &AccountId,
        who: Who,
        connection: &str,
        expires: Time,
    ) -> Result<(), AppError> {
        let principal = Principal { account: account.clone(), who };
        let connection = Some(connection.to_owned());
        self.disconnected(&Caller { principal, name: None, connection, expires, trace: None, origin: None }).await
    }

    /// An agent whose last lease ended a grace time ago gives its conversations back; one who is there is looked at
    /// again later.
    async fn lease_over(&self, account: &AccountId, agent: &AgentId) -> Result<(), AppError> {
        let (desk, now) = (self.store.desk(account, agent).await?, self.now());
        let grace = self.grace(account).await?;
        match desk.until() {
            Some(until) if until + grace > now => self.expect_lease_end(account, agent, until).await,
            _ => {
                self.give_back(account, agent).await?;
                let record = self.store.agent(account, agent).await?;
                match record {
                    Some(record) => self.tell_teams(account, &record.agent.teams, &record.presence(&desk, now)).await,
                    None => Ok(()),
                }
            }
        }
    }
}
