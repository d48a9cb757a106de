//! `event`: does what a company's rules say about the events that came in. Its queue is FIFO, a group for each source
//! and subject, so events about the same are done in order, and a slow one holds up nobody but them.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use deskwire_app::{App, AppError};
use deskwire_queue::{Job, each_record};
use lambda_runtime::Error;

/// Does a batch of jobs, each on its own.
///
/// # Errors
/// None: what fails is named in the answer.
pub async fn handle(app: &App, event: SqsEvent) -> Result<SqsBatchResponse, Error> {
    Ok(each_record(event, |job| async move {
        match job {
            Job::Event { account, event, .. } => Box::pin(app.follow(&account, &event)).await,
            _ => Err(AppError::Failed("a job of another queue".to_owned())),
        }
    })
    .await)
}
