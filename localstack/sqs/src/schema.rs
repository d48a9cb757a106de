//! The tables, and how an older file becomes today's.

use std::time::Duration;

use rusqlite::Connection;

/// The version of the tables, in the file's `user_version`.
const VERSION: i64 = 1;

/// How long to wait for a file that another service has open: one that is just being closed is free within this time.
const HANDOVER: Duration = Duration::from_secs(2);

/// Opens the tables: made where there are none, brought up to date where they are older.
pub(crate) fn open(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(HANDOVER)?;
    // One process owns the file: a second one that gave out the same messages would break every promise of a queue.
    db.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    // FULL: a commit that was answered survives power loss, not only the process's death.
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.execute_batch("BEGIN IMMEDIATE")?;
    db.execute_batch(TABLES)?;
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version < VERSION {
        db.execute_batch(FROM_VERSION_0)?;
        db.pragma_update(None, "user_version", VERSION)?;
    }
    // Whoever had received messages died with the process: they are given out again at once.
    db.execute("UPDATE messages SET visible = 0 WHERE receipt IS NOT NULL AND visible > 0", [])?;
    db.execute_batch("COMMIT")?;
    db.execute_batch(GROUPS)
}

/// `visible` is the millisecond from which a message may be given out. `receipt` is the handle of its last receive, so a
/// message with a receipt and a `visible` in the future is in flight, and one without a receipt is delayed.
/// `grp` is set in FIFO queues only. `seq` is never used twice (AUTOINCREMENT): it orders groups and makes sequence
/// numbers.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS queues (
    name TEXT PRIMARY KEY, attributes TEXT NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
    attributes TEXT NOT NULL, system TEXT NOT NULL, grp TEXT, sent INTEGER NOT NULL, visible INTEGER NOT NULL,
    received INTEGER NOT NULL DEFAULT 0, first INTEGER, receipt TEXT);
CREATE TABLE IF NOT EXISTS sent_ids (
    queue TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, message TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (queue, id));
";

/// What files of the first version lack; a new file takes the same way.
const FROM_VERSION_0: &str = "
ALTER TABLE queues ADD COLUMN modified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queues ADD COLUMN purged INTEGER;
UPDATE queues SET modified = created;
DROP INDEX IF EXISTS by_receipt;
CREATE INDEX IF NOT EXISTS by_queue ON messages (queue, seq);
CREATE INDEX IF NOT EXISTS by_group ON messages (queue, grp, seq) WHERE grp IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_time ON messages (queue, visible, seq);
CREATE INDEX IF NOT EXISTS in_flight ON messages (queue, grp, visible) WHERE receipt IS NOT NULL;
CREATE INDEX IF NOT EXISTS sent_at ON sent_ids (at);
CREATE TABLE IF NOT EXISTS move_tasks (
    id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, destination TEXT, moved INTEGER NOT NULL,
    started INTEGER NOT NULL);
";

/// The message groups that hold messages, and from when each may be served. It follows from `messages` and is made anew
/// at each start, so it is in memory; as a table it takes part in transactions and is rolled back with them.
const GROUPS: &str = "
CREATE TEMP TABLE groups (
    queue TEXT NOT NULL, grp TEXT NOT NULL, ready INTEGER NOT NULL, PRIMARY KEY (queue, grp)) WITHOUT ROWID;
CREATE INDEX temp.groups_by_time ON groups (queue, ready);
INSERT INTO temp.groups (queue, grp, ready)
    SELECT queue, grp, visible FROM (
        SELECT queue, grp, MIN(seq), visible FROM messages WHERE grp IS NOT NULL GROUP BY queue, grp);
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_first_version_keeps_its_messages() {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(TABLES).unwrap();
        db.execute_batch(
            "CREATE INDEX by_receipt ON messages (receipt) WHERE receipt IS NOT NULL;
             INSERT INTO queues VALUES ('q.fifo', '{}', '{}', 7);
             INSERT INTO messages (queue, id, body, attributes, system, grp, sent, visible, receipt)
                 VALUES ('q.fifo', 'i', 'b', '{}', '{}', 'g', 1, 99, '1.x');",
        )
        .unwrap();
        open(&db).unwrap();
        let row: (i64, i64, i64) = db
            .query_row("SELECT visible, ready, modified FROM messages, groups, queues", [], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .unwrap();
        assert_eq!(row, (0, 0, 7), "in flight no more, its group ready, the queue's columns filled");
    }
}
