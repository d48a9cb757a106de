//! The queues as clients see them: aws-sdk-sqs over a real loopback socket, a clock that is turned by hand.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod bench;
mod dead_letters;
mod durability;
mod faults;
mod fifo;
mod messages;
mod order;
mod queues;
