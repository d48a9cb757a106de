//! Counting for supervisors: what the entries of the stream end (`deskwire_domain::report`) is noted, each once, by the
//! team that had the conversation after it.
//!
//! It costs nothing for a steady message: what must be known of the past rides with the conversation's row, which is
//! read and written anyway, and a write of its own has only what begins, ends or is answered first.

use deskwire_domain::{
    AccountId, State, TeamId,
    ids::entry_id,
    limits,
    report::{Counted, Counts, Step, Tally},
};
use deskwire_protocol::Entry;
use deskwire_store::{Direction, Ledger, RowKeys};
use serde::{Deserialize, Serialize};

use crate::{App, AppError};

/// What is noted: what was counted, and for which team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Noted {
    /// The team that had the conversation after it.
    pub team: TeamId,
    /// What.
    pub counted: Counted,
}

impl App {
    /// Counts what is new in these entries, which are of one conversation and in order; answers what must be known to
    /// count what comes after them. `before` is the row that there was.
    ///
    /// # Errors
    /// The table fails; doing it again is harmless.
    pub(crate) async fn count_entries(
        &self,
        account: &AccountId,
        before: Option<&RowKeys>,
        entries: &[Entry],
    ) -> Result<Tally, AppError> {
        let head = before.map_or(0, |before| before.row.head);
        let new: Vec<&Entry> = entries.iter().filter(|entry| entry.seq > head).collect();
        let (mut tally, mut state) = match (before, new.first()) {
            (Some(RowKeys { row, tally: Some(tally), .. }), _) => (tally.clone(), Some(row.state.clone())),
            (_, Some(first)) => self.tally_before(account, first).await?,
            (_, None) => return Ok(Tally::default()),
        };
        for entry in new {
            let Counts { counted, instead_of } = follow(&mut tally, state.as_ref(), entry);
            if let Some(rated) = instead_of.filter(|rated| rated.seq != entry.seq) {
                let name = entry_id(&entry.conversation, rated.seq);
                self.uncount(account, (Ledger::Service, &name), rated.at).await?;
            }
            if let Some(counted) = counted {
                let noted = Noted { team: entry.state.team.clone(), counted };
                self.count_once(account, (Ledger::Service, &entry.id()), entry.at, &noted).await?;
            }
            state = Some(entry.state.clone());
        }
        Ok(tally)
    }

    /// The tally before an entry, from the log, where no row has it: of what lies a page back at most. What began
    /// further back is not counted.
    async fn tally_before(&self, account: &AccountId, first: &Entry) -> Result<(Tally, Option<State>), AppError> {
        let (mut tally, mut state) = (Tally::default(), None);
        if first.seq == 1 {
            return Ok((tally, state));
        }
        let direction = Direction::Before(first.seq);
        let page = self.store.page(account, &first.conversation, direction, limits::PAGE_ENTRIES).await?;
        for entry in page.entries {
            follow(&mut tally, state.as_ref(), &entry);
            state = Some(entry.state);
        }
        Ok((tally, state))
    }
}

fn follow(tally: &mut Tally, before: Option<&State>, entry: &Entry) -> Counts {
    tally.follow(before, Step { seq: entry.seq, at: entry.at, by: &entry.by, event: &entry.event })
}
