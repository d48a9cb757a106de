use aws_sdk_apigatewaymanagement::error::ProvideErrorMetadata;
use aws_sdk_apigatewaymanagement::{
    Client,
    config::{BehaviorVersion, Credentials, Region},
    primitives::Blob,
};
use serde_json::json;

use crate::stage::Stage;

/// API Gateway's management API, over HTTP and signed.
fn management(stage: &Stage, secret: Option<&str>) -> Client {
    let secrets = &stage.gateway.secrets;
    let secret = secret.unwrap_or(&secrets.aws_secret_access_key);
    let config = aws_sdk_apigatewaymanagement::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("us-east-1"))
        .endpoint_url(stage.url(""))
        .credentials_provider(Credentials::new(&secrets.aws_access_key_id, secret, None, None, "test"))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    Client::from_conf(config)
}

async fn connection(stage: &Stage) -> String {
    stage.event("connect").await["requestContext"]["connectionId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn connections_are_posted_to_described_and_closed() {
    let stage = Stage::new(vec![]).await;
    let mut socket = stage.socket().await;
    let id = connection(&stage).await;
    let client = management(&stage, None);
    let post = async |id: &str, data: Vec<u8>| {
        let sent = client.post_to_connection().connection_id(id).data(Blob::new(data)).send().await;
        sent.err().map(|error| error.into_service_error().code().unwrap_or_default().to_owned())
    };
    assert_eq!(post(&id, b"{\"a\":1}".to_vec()).await, None);
    assert_eq!(socket.text().await, "{\"a\":1}");
    let largest = vec![b'x'; 128 * 1024];
    assert_eq!(post(&id, largest.clone()).await, None);
    assert_eq!(socket.text().await.len(), largest.len());
    assert_eq!(post(&id, vec![b'x'; 128 * 1024 + 1]).await.as_deref(), Some("PayloadTooLargeException"));
    assert_eq!(post("bm9ib2R5", b"x".to_vec()).await.as_deref(), Some("GoneException"));

    let about = client.get_connection().connection_id(&id).send().await.unwrap();
    assert_eq!(about.identity().unwrap().source_ip(), Some("127.0.0.1"));
    client.delete_connection().connection_id(&id).send().await.unwrap();
    assert_eq!(socket.closed().await, 1000);
    assert_eq!(post(&id, b"x".to_vec()).await.as_deref(), Some("GoneException"));
    stage.gateway.stop().await;
}

#[tokio::test]
async fn nobody_without_the_keys_reaches_table_queues_or_sockets() {
    let stage = Stage::new(vec![]).await;
    let _socket = stage.socket().await;
    let id = connection(&stage).await;
    let refused = management(&stage, Some("another secret")).get_connection().connection_id(&id).send().await;
    assert_eq!(refused.unwrap_err().into_service_error().code(), Some("InvalidSignatureException"));
    for (path, target) in [
        ("/".to_owned(), Some("DynamoDB_20120810.Scan")),
        ("/".to_owned(), Some("AmazonSQS.ListQueues")),
        ("/".to_owned(), Some("DynamoDBStreams_20120810.ListStreams")),
        (format!("/@connections/{id}"), None),
        (format!("/local/@connections/{id}"), None),
        (format!("/%40connections/{id}"), None),
    ] {
        let mut request = stage.http.post(stage.url(&path)).json(&json!({"TableName": "deskwire"}));
        if let Some(target) = target {
            request = request.header("x-amz-target", target);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let headers = format!("{:?}", response.headers());
        let body = headers + &response.text().await.unwrap();
        assert!(matches!(status, 400 | 403) && body.contains("MissingAuthenticationToken"), "{path}: {status} {body}");
    }
    stage.gateway.stop().await;
}
