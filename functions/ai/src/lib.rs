//! `ai`: the AI agent's turns, summaries and lessons, a FIFO group for each conversation; and what it studies in
//! between, indexes and models, a FIFO group for each account.

mod bedrock;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use deskwire_app::{App, AppError};
use deskwire_queue::{Job, each_record};
use lambda_runtime::Error;

pub use bedrock::Bedrock;

/// Does a batch of jobs, each on its own.
///
/// # Errors
/// None: what fails is named in the answer.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(each_record(event, |job| async move {
        match job {
            Job::Turn { account, conversation, .. } => Box::pin(app.take_turn(&account, &conversation)).await,
            Job::Summarise { account, conversation, seq, .. } => {
                Box::pin(app.summarise(&account, &conversation, seq)).await
            }
            Job::Learn { account, conversation, seq, .. } => Box::pin(app.learn(&account, &conversation, seq)).await,
            Job::Index { account, .. } => Box::pin(app.make_index(&account)).await,
            Job::Train { account, version, .. } => Box::pin(app.train(&account, &version)).await,
            _ => Err(AppError::Failed("a job of another queue".to_owned())),
        }
    })
    .await)
}
