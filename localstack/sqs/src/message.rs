//! A message as it is stored, and the ids that it has.

use rusqlite::{Connection, OptionalExtension, Row};

use crate::fault::{Code, Fault};

/// A message.
pub(crate) struct Stored {
    pub seq: i64,
    pub id: String,
    pub body: String,
    /// JSON of [`crate::contents::MessageAttributes`].
    pub attributes: String,
    /// JSON of the system attributes that were settled when it was sent.
    pub system: String,
    pub group: Option<String>,
    pub sent: i64,
    pub visible: i64,
    pub received: i64,
    pub first: Option<i64>,
}

/// The columns of a [`Stored`].
pub(crate) const COLUMNS: &str = "seq, id, body, attributes, system, grp, sent, visible, received, first";

pub(crate) fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        seq: row.get(0)?,
        id: row.get(1)?,
        body: row.get(2)?,
        attributes: row.get(3)?,
        system: row.get(4)?,
        group: row.get(5)?,
        sent: row.get(6)?,
        visible: row.get(7)?,
        received: row.get(8)?,
        first: row.get(9)?,
    })
}

/// Twenty digits, as SQS has them, which sort as they were sent.
pub(crate) fn sequence_number(seq: i64) -> String {
    format!("{:020}", 10_000_000_000_000_000_i64 + seq)
}

/// A UUID of version 7: a ULID has the same time and chance bits at the same places.
pub(crate) fn new_id() -> String {
    let mut bytes = ulid::Ulid::generate().to_bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x70;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let hex = hex::encode(bytes);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The handle that one receive of one message gives out: the message, when, and a random part that nobody guesses. It is
/// compared with the stored one as a whole, so a made-up handle names nothing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt<'a> {
    pub text: &'a str,
    pub seq: i64,
    /// When the message was received.
    pub at: i64,
}

impl<'a> Receipt<'a> {
    pub(crate) fn new_text(seq: i64, now: i64) -> String {
        format!("{seq}.{now}.{}", new_id())
    }

    pub(crate) fn parse(text: Option<&'a str>) -> Result<Self, Fault> {
        let text = text.filter(|text| !text.is_empty()).ok_or_else(|| Fault::missing("ReceiptHandle"))?;
        let mut parts = text.split('.');
        let (seq, at) = (parts.next().and_then(|seq| seq.parse().ok()), parts.next().and_then(|at| at.parse().ok()));
        match (seq, at, parts.next(), parts.next()) {
            (Some(seq), Some(at), Some(_), None) => Ok(Self { text, seq, at }),
            _ => Err(Fault::new(Code::ReceiptHandleIsInvalid, "The input receipt handle is invalid.")),
        }
    }
}

/// A message that a receipt names.
pub(crate) struct Received {
    pub group: Option<String>,
    pub visible: i64,
    /// Whether the receipt is of the latest receive.
    pub is_latest: bool,
}

/// The message that a receipt names, if it is still in this queue.
pub(crate) fn find_received(db: &Connection, queue: &str, receipt: Receipt<'_>) -> Result<Option<Received>, Fault> {
    let mut statement =
        db.prepare_cached("SELECT grp, visible, receipt = ?3 FROM messages WHERE seq = ?1 AND queue = ?2")?;
    let found = statement.query_row((receipt.seq, queue, receipt.text), |row| {
        let is_latest: Option<bool> = row.get(2)?;
        Ok(Received { group: row.get(0)?, visible: row.get(1)?, is_latest: is_latest.unwrap_or(false) })
    });
    Ok(found.optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_what_a_receive_gave_out_and_nothing_else() {
        let text = Receipt::new_text(7, 1_000);
        let receipt = Receipt::parse(Some(&text)).unwrap();
        assert_eq!((receipt.seq, receipt.at), (7, 1_000));
        for bad in ["x", "7", "7.x.y", "7.1", "7.1.x.y"] {
            assert_eq!(Receipt::parse(Some(bad)).unwrap_err().code, Code::ReceiptHandleIsInvalid, "{bad}");
        }
        assert_eq!(Receipt::parse(None).unwrap_err().code, Code::MissingParameter);
    }

    #[test]
    fn ids_are_uuids_and_numbers_have_twenty_digits() {
        let id = new_id();
        assert_eq!((id.len(), &id[14..15]), (36, "7"));
        assert_eq!(sequence_number(3), "00010000000000000003");
    }
}
