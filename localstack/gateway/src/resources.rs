//! The table and the queues that Deskwire has: what the template in `infra/` says for the cloud.

use deskwire_queue::QueueName;
use deskwire_sqs::QueueService;
use deskwire_store::definition;
use serde_json::json;

use crate::engine::Engine;

/// The queue of records that `relay` could not do.
pub(crate) const PARKED: &str = "deskwire-relay-dead";

/// Makes table and queues where they are not there.
pub(crate) async fn prepare(engine: &Engine, table: &str, queues: &QueueService) -> anyhow::Result<()> {
    let (definition, ttl) = definition(table);
    let made = engine.call("CreateTable", definition.to_string().into_bytes()).await;
    anyhow::ensure!(made.status == 200 || made.body.contains("ResourceInUse"), "the table: {}", made.body);
    if made.status == 200 {
        let ttl = json!({"TableName": table, "TimeToLiveSpecification": {"Enabled": true, "AttributeName": ttl}});
        let set = engine.call("UpdateTimeToLive", ttl.to_string().into_bytes()).await;
        anyhow::ensure!(set.status == 200, "the table's TTL: {}", set.body);
    }
    let create = async |name: String, attributes: serde_json::Value| {
        let body = json!({"QueueName": name, "Attributes": attributes}).to_string();
        let reply = queues.call("CreateQueue", body.as_bytes()).await;
        anyhow::ensure!(reply.status == 200, "queue {name}: {}", String::from_utf8_lossy(&reply.body));
        Ok(())
    };
    create(PARKED.into(), json!({})).await?;
    for queue in QueueName::ALL {
        let dead = queue.dead();
        let mut attributes = if queue.fifo() { json!({"FifoQueue": "true"}) } else { json!({}) };
        create(dead.clone(), attributes.clone()).await?;
        let policy = json!({"deadLetterTargetArn": format!("arn:aws:sqs:us-east-1:000000000000:{dead}"), "maxReceiveCount": QueueName::MAX_RECEIVES});
        attributes["VisibilityTimeout"] = queue.visibility_seconds().to_string().into();
        attributes["RedrivePolicy"] = policy.to_string().into();
        create(queue.as_str().into(), attributes).await?;
    }
    Ok(())
}
