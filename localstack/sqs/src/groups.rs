//! When each message group of a FIFO queue may be served.
//!
//! A group with a message in flight gives out nothing at all: neither the later ones, which would overtake it, nor
//! earlier ones that came back, which would be handled beside it. A group's time is therefore when its last message in
//! flight comes back, else when its first message becomes visible.

use rusqlite::OptionalExtension;

use crate::{fault::Fault, writer::Context};

/// Sets a group's time anew, after any of its messages came, went or changed.
pub(crate) fn settle(cx: &Context<'_>, queue: &str, group: &str) -> Result<(), Fault> {
    let mut statement = cx.db.prepare_cached(
        "SELECT MAX(visible) FROM messages WHERE queue = ?1 AND grp = ?2 AND receipt IS NOT NULL AND visible > ?3",
    )?;
    let in_flight: Option<i64> = statement.query_row((queue, group, cx.now), |row| row.get(0))?;
    let ready = match in_flight {
        Some(until) => Some(until),
        None => {
            let mut statement = cx
                .db
                .prepare_cached("SELECT visible FROM messages WHERE queue = ?1 AND grp = ?2 ORDER BY seq LIMIT 1")?;
            statement.query_row((queue, group), |row| row.get(0)).optional()?
        }
    };
    match ready {
        Some(ready) => cx
            .db
            .prepare_cached("INSERT OR REPLACE INTO temp.groups (queue, grp, ready) VALUES (?1, ?2, ?3)")?
            .execute((queue, group, ready))?,
        None => {
            cx.db.prepare_cached("DELETE FROM temp.groups WHERE queue = ?1 AND grp = ?2")?.execute((queue, group))?
        }
    };
    Ok(())
}

/// Sets the times of many groups anew.
pub(crate) fn settle_all(cx: &Context<'_>, queue: &str, groups: Vec<Option<String>>) -> Result<(), Fault> {
    let mut groups: Vec<String> = groups.into_iter().flatten().collect();
    groups.sort_unstable();
    groups.dedup();
    groups.iter().try_for_each(|group| settle(cx, queue, group))
}

/// A queue's messages are all gone, and with them its groups.
pub(crate) fn clear(cx: &Context<'_>, queue: &str) -> Result<(), Fault> {
    cx.db.prepare_cached("DELETE FROM temp.groups WHERE queue = ?1")?.execute([queue])?;
    Ok(())
}

/// The groups that may be served now, the longest ready first.
pub(crate) fn ready(cx: &Context<'_>, queue: &str, most: i64) -> Result<Vec<String>, Fault> {
    let mut statement = cx
        .db
        .prepare_cached("SELECT grp FROM temp.groups WHERE queue = ?1 AND ready <= ?2 ORDER BY ready, grp LIMIT ?3")?;
    let rows = statement.query_map((queue, cx.now, most), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// When the next group that is not ready yet will be.
pub(crate) fn next(cx: &Context<'_>, queue: &str) -> Result<Option<i64>, Fault> {
    let mut statement = cx.db.prepare_cached("SELECT MIN(ready) FROM temp.groups WHERE queue = ?1 AND ready > ?2")?;
    Ok(statement.query_row((queue, cx.now), |row| row.get(0))?)
}
