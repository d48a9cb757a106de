//! The AWS-compatible endpoints: DynamoDB, SQS, and API Gateway's management API of connections.

use bytes::Bytes;
use deskwire_sqs::QueueService;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::{
    crash_points,
    engine::Engine,
    limits::MESSAGE_PAYLOAD_BYTES,
    sockets::{Post, Sockets},
};

/// An answer over HTTP.
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

/// What answers AWS's protocols here.
pub(crate) struct Planes {
    pub engine: Engine,
    pub queues: QueueService,
    pub sockets: Sockets,
}

const JSON: &str = "application/x-amz-json-1.0";

impl Planes {
    /// Answers a request by its target or path; `None` where it is none of ours.
    pub(crate) async fn call(&self, method: &str, path: &str, target: Option<&str>, body: Bytes) -> Option<Reply> {
        match target.and_then(|target| target.split_once('.')) {
            Some(("DynamoDB_20120810" | "DynamoDBStreams_20120810", operation)) => {
                let answer = self.engine.call(operation, body.into()).await;
                Some(Reply { status: answer.status, headers: vec![("content-type", JSON.into())], body: answer.body })
            }
            Some(("AmazonSQS", action)) => {
                let answer = self.queues.call(action, &body).await;
                if action.starts_with("SendMessage") {
                    crash_points::pass("after-sqs-send");
                }
                let mut headers = vec![("content-type", JSON.to_owned())];
                headers.extend(answer.query_error.map(|error| ("x-amzn-query-error", error)));
                Some(Reply { status: answer.status, headers, body: String::from_utf8(answer.body).ok()? })
            }
            _ => {
                let decoded = percent_decode_str(path).decode_utf8().ok()?;
                let connection = decoded.split_once("/@connections/")?.1.split('?').next()?.to_owned();
                Some(self.connection(method, &connection, body))
            }
        }
    }

    fn connection(&self, method: &str, id: &str, body: Bytes) -> Reply {
        let error = |status, name: &str| Reply {
            status,
            headers: vec![("x-amzn-errortype", name.into()), ("content-type", "application/json".into())],
            body: json!({"message": name}).to_string(),
        };
        let ok = |status, body| Reply { status, headers: vec![("content-type", "application/json".into())], body };
        match method {
            "POST" if body.len() > MESSAGE_PAYLOAD_BYTES => error(413, "PayloadTooLargeException"),
            "POST" => match self.sockets.post(id, body) {
                Post::Taken => ok(200, String::new()),
                Post::Gone => error(410, "GoneException"),
            },
            "GET" => match self.sockets.describe(id) {
                Some(description) => ok(200, description.to_string()),
                None => error(410, "GoneException"),
            },
            "DELETE" if self.sockets.close(id) => ok(204, String::new()),
            "DELETE" => error(410, "GoneException"),
            _ => error(403, "ForbiddenException"),
        }
    }
}
