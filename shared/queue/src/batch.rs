//! A batch from SQS: every record on its own, so that a bad one harms no other.

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};

use crate::Job;

/// Runs `work` for each record's job, in order, and answers those that failed, which SQS then gives out again. In a
/// FIFO queue what follows a failure in the same batch and group waits for it.
pub async fn each_record<E, F>(event: SqsEvent, mut work: impl FnMut(Job) -> F) -> SqsBatchResponse
where
    E: std::fmt::Display,
    F: Future<Output = Result<(), E>>,
{
    let mut response = SqsBatchResponse::default();
    let mut failed_groups: Vec<String> = vec![];
    for record in event.records {
        let id = record.message_id.clone().unwrap_or_default();
        let group = record.attributes.get("MessageGroupId").cloned().unwrap_or_default();
        let behind_a_failure = !group.is_empty() && failed_groups.contains(&group);
        let job = serde_json::from_str::<Job>(record.body.as_deref().unwrap_or_default());
        let failed = match job {
            _ if behind_a_failure => true,
            Ok(job) => work(job).await.inspect_err(|error| tracing::error!(%error, id, "a job failed")).is_err(),
            Err(_) => {
                tracing::error!(id, "a job cannot be read");
                true
            }
        };
        if failed {
            failed_groups.push(group);
            let mut failure = BatchItemFailure::default();
            failure.item_identifier = id;
            response.batch_item_failures.push(failure);
        }
    }
    response
}
