//! `ai`: the AI agent's turns, summaries and lessons, a FIFO group for each conversation; and what it studies in
//! between, indexes and models, a FIFO group for each account.

mod bedrock;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use deskwire_app::{App, AppError};
use deskwire_domain::{AccountId, ConversationId};
use deskwire_queue::{Job, each_record};
use lambda_runtime::Error;

pub use bedrock::Bedrock;

/// How often a job is tried whose process may die of it; then it is given up.
const TRIES: u32 = 2;

/// How often a job was given out, this time included.
fn receives(record: &SqsMessage) -> u32 {
    let count = record.attributes.get("ApproximateReceiveCount");
    count.and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// Does a batch of jobs, each on its own.
///
/// # Errors
/// None: what fails is named in the answer.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    // A batch of these queues has one job.
    let receives = event.records.first().map_or(1, receives);
    Ok(each_record(event, |job| async move {
        match job {
            Job::Turn { account, conversation, .. } if receives > TRIES => {
                Box::pin(app.give_turn_up(&account, &conversation)).await
            }
            Job::Turn { account, conversation, .. } => turn(app, &account, &conversation).await,
            Job::Summarise { account, conversation, seq, .. } => {
                Box::pin(app.summarise(&account, &conversation, seq)).await
            }
            Job::Learn { account, conversation, seq, .. } => Box::pin(app.learn(&account, &conversation, seq)).await,
            Job::Index { account, .. } => Box::pin(app.make_index(&account)).await,
            Job::Train { account, version, .. } if receives > TRIES => app.give_training_up(&account, &version).await,
            Job::Train { account, version, .. } => Box::pin(app.train(&account, &version)).await,
            _ => Err(AppError::Failed("a job of another queue".to_owned())),
        }
    })
    .await)
}

/// A turn. One that fails is tried once more at once, and fails that too, people go on: a visitor does not wait for the
/// queue to give it out again, which takes minutes.
async fn turn(app: &App, account: &AccountId, conversation: &ConversationId) -> Result<(), AppError> {
    let Err(error) = Box::pin(app.take_turn(account, conversation)).await else { return Ok(()) };
    tracing::warn!(%error, %conversation, "a turn failed, and is tried once more");
    let Err(error) = Box::pin(app.take_turn(account, conversation)).await else { return Ok(()) };
    tracing::error!(%error, %conversation, "a turn failed twice: people go on");
    Box::pin(app.give_turn_up(account, conversation)).await
}
