//! `assign`: gives waiting conversations to agents. Its queue is FIFO with a group a team, so decisions are serial.

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
            Job::Assign { account, team, .. } => Box::pin(app.route(&account, &team)).await,
            _ => Err(AppError::Failed("a job of another queue".to_owned())),
        }
    })
    .await)
}
