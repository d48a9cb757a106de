//! How big things may be. Each number has its reason; clients read them from the AsyncAPI document.

/// Characters in one text. Twice the longest message that people wrote in public chat corpora; at four bytes a
/// character it still fits a 32 KB WebSocket frame.
pub const TEXT_CHARS: usize = 8_000;

/// Bytes of one message's content as JSON: with the state and the keys beside it an entry stays far below DynamoDB's
/// 400 KB item, and a page of entries below API Gateway's 128 KB message.
pub const CONTENT_BYTES: usize = 30 * 1024;

/// Bytes of one frame: API Gateway WebSocket's frame quota.
pub const FRAME_BYTES: usize = 32 * 1024;

/// Bytes of one HTTP body. Ours, well under API Gateway's 10 MB: attachments travel by pre-signed upload.
pub const HTTP_BODY_BYTES: usize = 256 * 1024;

/// Depth of nested JSON. A rich card needs 4; recursion is an attack.
pub const JSON_DEPTH: usize = 16;

/// Bytes of a `client_id`: a UUID is 36, a ULID 26.
pub const CLIENT_ID_BYTES: usize = 64;

/// Bytes of a frame's `ref`.
pub const REF_BYTES: usize = 64;

/// Entries that one read of the log may return; with [`PAGE_BYTES`] the bound of a read's cost.
pub const PAGE_ENTRIES: usize = 100;

/// Bytes of entries in one frame: API Gateway's 128 KB message less room for the envelope.
pub const PAGE_BYTES: usize = 96 * 1024;

/// Entries that a `send` may lie behind before it must `sync` first: bounds the read of a `send` to what its two
/// read units buy (8 KB at about 80 bytes and up), see DESIGN §2.
pub const SEND_BEHIND_ENTRIES: usize = 50;

/// Rows in one list page.
pub const PAGE_ROWS: usize = 100;

/// Conversations that one `hello` may resume.
pub const HELLO_CONVERSATIONS: usize = 50;

/// Labels of one conversation: they ride in the state of every entry.
pub const LABELS: usize = 20;

/// Characters of a label or a skill.
pub const LABEL_CHARS: usize = 40;

/// Characters of a name or a title.
pub const NAME_CHARS: usize = 200;

/// Characters of a reason for closing or transferring.
pub const REASON_CHARS: usize = 500;

/// The best score that a visitor may give; 1 is the worst. Five steps are what CSAT is counted in.
pub const BEST_SCORE: u8 = 5;

/// Tags of one contact: CRMs carry a few dozen.
pub const TAGS: usize = 50;

/// Attributes of one contact.
pub const ATTRIBUTES: usize = 64;

/// Bytes of a contact's attributes as JSON.
pub const ATTRIBUTES_BYTES: usize = 16 * 1024;

/// Bytes of one attachment: S3's single-part upload allows 5 GB; a chat needs a photo or a PDF.
pub const ATTACHMENT_BYTES: u64 = 20 * 1024 * 1024;

/// Buttons and fields of one card.
pub const CARD_PARTS: usize = 20;

/// Parts of one answer of the AI agent: words and two cards. With labels, note and hand-over they stay within one
/// transaction of 10 items (DESIGN §7).
pub const ANSWER_PARTS: usize = 3;

/// Conversations that one agent may be set to serve at once: they are one item in the table.
pub const MAX_CAPACITY: u32 = 200;

/// Seconds a transfer waits for its accept unless the sender says otherwise.
pub const TRANSFER_SECONDS: i64 = 60;

/// Longest that a sender may let a transfer wait.
pub const TRANSFER_SECONDS_MAX: i64 = 3_600;

/// Longest snooze: 90 days, as long as any inbox keeps a reopen window.
pub const SNOOZE_SECONDS_MAX: i64 = 90 * 86_400;

/// Seconds after closing in which the visitor's next message reopens the conversation, unless the inbox says otherwise.
pub const REOPEN_SECONDS: i64 = 3 * 86_400;

/// Seconds that an agent's connection counts as alive after its last `ping`. Clients ping every third of it.
pub const LEASE_SECONDS: i64 = 90;

/// Seconds after an agent's last lease ran out until its conversations go back to the queue, unless the account says
/// otherwise: a page that is loaded anew or a train's tunnel must not cost an agent their conversations.
pub const GRACE_SECONDS: i64 = 60;

/// Shortest grace that an account may set: a page takes this long to come back.
pub const GRACE_SECONDS_MIN: i64 = 3;

/// Longest grace that an account may set: visitors wait for somebody who is not there.
pub const GRACE_SECONDS_MAX: i64 = 3_600;

/// Frames per second that one connection may send, sustained. A fast typist sends 1 a second with typing and receipts.
pub const CONNECTION_FRAMES_PER_SECOND: f64 = 20.0;

/// Frames that one connection may send at once: a resume of [`HELLO_CONVERSATIONS`] syncs.
pub const CONNECTION_FRAMES_BURST: f64 = 100.0;

/// Frames per second of one account in one function environment. DynamoDB's partition takes 1,000 writes a second.
pub const ACCOUNT_FRAMES_PER_SECOND: f64 = 5_000.0;

/// Burst of [`ACCOUNT_FRAMES_PER_SECOND`].
pub const ACCOUNT_FRAMES_BURST: f64 = 10_000.0;
