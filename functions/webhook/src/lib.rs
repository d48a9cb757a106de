//! `webhook`: delivers events to endpoints. Its queue is FIFO with a few groups an endpoint, so a slow endpoint holds up
//! nobody but itself.

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
            Job::Deliver { account, endpoint, delivery, .. } => {
                Box::pin(app.deliver(&account, &endpoint, &delivery)).await
            }
            Job::Redeliver { account, endpoint, delivery, .. } => app.redeliver(&account, &endpoint, &delivery).await,
            _ => Err(AppError::Failed("a job of another queue".to_owned())),
        }
    })
    .await)
}
