//! Which messages a receive gets: those whose time has come, in order; the ones that were received too often go to the
//! dead-letter queue, and the ones that lay too long are gone.

use std::collections::BTreeSet;

use rusqlite::OptionalExtension;

use crate::{
    attributes::Attributes,
    fault::Fault,
    groups,
    message::{COLUMNS, Receipt, Stored, stored},
    queue::Queue,
    writer::Context,
};

/// A message with the receipt of the receive that got it.
pub(crate) struct Given {
    pub message: Stored,
    pub receipt: String,
}

/// One receive at work.
pub(crate) struct Serving<'a> {
    cx: &'a Context<'a>,
    queue: &'a Queue,
    /// Messages asked for.
    most: usize,
    /// Milliseconds for which what is given stays invisible.
    timeout: i64,
    /// What was sent before is too old.
    oldest: i64,
    /// The dead-letter queue, where there is one, and how often a message is received before it goes there.
    dead: Option<(Queue, i64)>,
    given: Vec<Given>,
}

impl<'a> Serving<'a> {
    pub(crate) fn new(cx: &'a Context<'a>, queue: &'a Queue, most: usize, timeout_seconds: i64) -> Result<Self, Fault> {
        let dead = match queue.redrive_policy() {
            // A target that was deleted since takes nothing: the messages stay where they are.
            Some(policy) => Queue::find(cx, policy.target())?.map(|dead| (dead, policy.max_receive_count)),
            None => None,
        };
        let oldest = oldest(cx, queue);
        Ok(Self { cx, queue, most, timeout: timeout_seconds * 1000, oldest, dead, given: vec![] })
    }

    pub(crate) fn run(mut self) -> Result<Vec<Given>, Fault> {
        expire(self.cx, self.queue)?;
        if self.queue.is_fifo() {
            self.run_fifo()?;
        } else {
            self.run_standard()?;
        }
        Ok(self.given)
    }

    fn room(&self) -> usize {
        self.most.saturating_sub(self.given.len())
    }

    /// Of a standard queue, the longest visible first.
    fn run_standard(&mut self) -> Result<(), Fault> {
        let sql =
            format!("SELECT {COLUMNS} FROM messages WHERE queue = ?1 AND visible <= ?2 ORDER BY visible, seq LIMIT ?3");
        // A message given with no timeout is visible again at once: it must not be given twice in one answer.
        let mut seen = BTreeSet::new();
        loop {
            let mut statement = self.cx.db.prepare_cached(&sql)?;
            let rows = statement.query_map((&self.queue.name, self.cx.now, count(self.most + seen.len())), stored)?;
            let found: Vec<Stored> = rows.collect::<Result<_, _>>()?;
            let mut is_new = false;
            for message in found {
                if self.room() > 0 && seen.insert(message.seq) {
                    is_new = true;
                    self.take(message)?;
                }
            }
            // Another round where some were not given and so left room.
            if !is_new || self.room() == 0 {
                return Ok(());
            }
        }
    }

    /// Of a FIFO queue, group by group: as many of one as there are, then the next, as SQS does.
    fn run_fifo(&mut self) -> Result<(), Fault> {
        let mut served = BTreeSet::new();
        while self.room() > 0 {
            let ready = groups::ready(self.cx, &self.queue.name, count(self.room() + served.len()))?;
            let Some(group) = ready.into_iter().find(|group| !served.contains(group)) else { break };
            self.run_group(&group)?;
            groups::settle(self.cx, &self.queue.name, &group)?;
            served.insert(group);
        }
        Ok(())
    }

    fn run_group(&mut self, group: &str) -> Result<(), Fault> {
        let sql =
            format!("SELECT {COLUMNS} FROM messages WHERE queue = ?1 AND grp = ?2 AND seq > ?3 ORDER BY seq LIMIT ?4");
        let mut last = 0;
        while self.room() > 0 {
            let mut statement = self.cx.db.prepare_cached(&sql)?;
            let rows = statement.query_map((&self.queue.name, group, last, count(self.room())), stored)?;
            let found: Vec<Stored> = rows.collect::<Result<_, _>>()?;
            if found.is_empty() {
                return Ok(());
            }
            for message in found {
                // What is behind a delayed message waits with it.
                if message.visible > self.cx.now {
                    return Ok(());
                }
                last = message.seq;
                self.take(message)?;
            }
        }
        Ok(())
    }

    /// Gives a message, or does away with it where it has had its time or its tries.
    fn take(&mut self, message: Stored) -> Result<(), Fault> {
        if message.sent < self.oldest {
            self.cx.db.prepare_cached("DELETE FROM messages WHERE seq = ?1")?.execute([message.seq])?;
            return Ok(());
        }
        match &self.dead {
            Some((dead, most)) if message.received >= *most => bury(self.cx, self.queue, dead, &message),
            _ => self.give(message),
        }
    }

    fn give(&mut self, mut message: Stored) -> Result<(), Fault> {
        let receipt = Receipt::new_text(message.seq, self.cx.now);
        message.received += 1;
        message.first = message.first.or(Some(self.cx.now));
        self.cx
            .db
            .prepare_cached("UPDATE messages SET visible = ?2, received = ?3, first = ?4, receipt = ?5 WHERE seq = ?1")?
            .execute((message.seq, self.cx.now + self.timeout, message.received, message.first, &receipt))?;
        self.given.push(Given { message, receipt });
        Ok(())
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Moves a message that was received too often. It keeps its id, its body, and the count of its receives; in a FIFO queue
/// its retention begins again, in a standard queue it goes on (SQS: "Dead-letter queue message retention").
fn bury(cx: &Context<'_>, queue: &Queue, dead: &Queue, message: &Stored) -> Result<(), Fault> {
    let mut system: Attributes = serde_json::from_str(&message.system)?;
    system.insert("DeadLetterQueueSourceArn".into(), cx.config.arn(&queue.name));
    let sent = if dead.is_fifo() { cx.now } else { message.sent };
    cx.db
        .prepare_cached(
            "UPDATE messages SET queue = ?2, visible = ?3, sent = ?4, system = ?5, receipt = NULL WHERE seq = ?1",
        )?
        .execute((message.seq, &dead.name, cx.now, sent, serde_json::to_string(&system)?))?;
    if let Some(group) = &message.group {
        groups::settle(cx, &dead.name, group)?;
    }
    cx.touch(&dead.name);
    Ok(())
}

fn oldest(cx: &Context<'_>, queue: &Queue) -> i64 {
    cx.now - queue.number("MessageRetentionPeriod") * 1000
}

/// Deletes what lay too long, once the first message in line did.
pub(crate) fn expire(cx: &Context<'_>, queue: &Queue) -> Result<(), Fault> {
    let oldest = oldest(cx, queue);
    let mut statement = cx.db.prepare_cached("SELECT sent FROM messages WHERE queue = ?1 ORDER BY seq LIMIT 1")?;
    let first: Option<i64> = statement.query_row([&queue.name], |row| row.get(0)).optional()?;
    if first.is_none_or(|sent| sent >= oldest) {
        return Ok(());
    }
    let mut statement = cx.db.prepare_cached("DELETE FROM messages WHERE queue = ?1 AND sent < ?2 RETURNING grp")?;
    let gone = statement.query_map((&queue.name, oldest), |row| row.get(0))?.collect::<Result<_, _>>()?;
    groups::settle_all(cx, &queue.name, gone)
}
