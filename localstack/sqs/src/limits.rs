//! SQS's limits, by the names of its documentation ("Amazon SQS message quotas", "Amazon SQS API reference"). A client
//! that runs into one here would run into it there.

use std::ops::RangeInclusive;

/// Bytes of a message, and of all messages of a batch together: body, and each attribute's name, type and value
/// (1 MiB since August 2025, 256 KiB before).
pub(crate) const MAXIMUM_MESSAGE_SIZE: usize = 1_048_576;

/// Bytes to which a queue's `MaximumMessageSize` can be set.
pub(crate) const MAXIMUM_MESSAGE_SIZES: RangeInclusive<i64> = 1_024..=1_048_576;

/// Entries of one batch.
pub(crate) const BATCH_ENTRIES: usize = 10;

/// Characters of a batch entry's id.
pub(crate) const BATCH_ENTRY_ID_CHARS: usize = 80;

/// Messages that one receive gives out (`MaxNumberOfMessages`).
pub(crate) const MAX_NUMBER_OF_MESSAGES: RangeInclusive<i64> = 1..=10;

/// Seconds that a receive waits at most, so that it ends before common HTTP timeouts.
pub(crate) const WAIT_TIME_SECONDS: RangeInclusive<i64> = 0..=20;

/// Seconds that a message may stay invisible, also in sum over all extensions of one receive: 12 hours.
pub(crate) const VISIBILITY_TIMEOUT: RangeInclusive<i64> = 0..=43_200;

/// Seconds by which a message can be delayed: 15 minutes.
pub(crate) const DELAY_SECONDS: RangeInclusive<i64> = 0..=900;

/// Seconds that a message may lie: 1 minute to 14 days.
pub(crate) const MESSAGE_RETENTION_PERIOD: RangeInclusive<i64> = 60..=1_209_600;

/// Receives after which a message can be sent to the dead-letter queue (`maxReceiveCount`).
pub(crate) const MAX_RECEIVE_COUNT: RangeInclusive<i64> = 1..=1_000;

/// Source queues that a `RedriveAllowPolicy` names one by one.
pub(crate) const REDRIVE_SOURCES: RangeInclusive<usize> = 1..=10;

/// Messages of one queue in flight, standard and FIFO. A receive past it fails on a standard queue that does not wait
/// (`OverLimit`), and is empty otherwise.
pub(crate) const IN_FLIGHT_MESSAGES: i64 = 120_000;

/// Milliseconds in which a FIFO queue knows a deduplication id again: 5 minutes.
pub(crate) const DEDUPLICATION_INTERVAL_MILLIS: i64 = 300_000;

/// Milliseconds between two purges of one queue.
pub(crate) const PURGE_INTERVAL_MILLIS: i64 = 60_000;

/// Characters of a queue's name, `.fifo` included.
pub(crate) const QUEUE_NAME_CHARS: usize = 80;

/// Characters of a message group id and of a deduplication id.
pub(crate) const FIFO_ID_CHARS: usize = 128;

/// Attributes of one message.
pub(crate) const MESSAGE_ATTRIBUTES: usize = 10;

/// Characters of a message attribute's name, and of its type.
pub(crate) const MESSAGE_ATTRIBUTE_NAME_CHARS: usize = 256;

/// Tags of one queue.
pub(crate) const TAGS: usize = 50;

/// Queues on one page of a list.
pub(crate) const LIST_RESULTS: RangeInclusive<i64> = 1..=1_000;

/// Message move tasks that a list shows.
pub(crate) const MOVE_TASK_RESULTS: RangeInclusive<i64> = 1..=10;
