//! The AWS-compatible endpoints: DynamoDB, SQS, and API Gateway's management API of connections.

use bytes::Bytes;
use deskwire_sqs::QueueService;
use percent_encoding::percent_decode_str;
use serde_json::json;

use crate::{
    crash_points, engine::Engine, limits::MESSAGE_PAYLOAD_BYTES, operations::crc32, sigv4::Refusal, sockets::Sockets,
};

/// An answer over HTTP.
#[derive(Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Bytes,
}

/// What answers AWS's protocols here.
pub(crate) struct Planes {
    pub engine: Engine,
    pub queues: QueueService,
    pub sockets: Sockets,
}

/// The content type of AWS JSON 1.0.
const AWS_JSON: &str = "application/x-amz-json-1.0";
/// What stands before a connection's id in a path, behind the stage if there is one.
const CONNECTIONS: &str = "/@connections/";

impl Reply {
    fn aws(status: u16, body: impl Into<Bytes>) -> Self {
        Self { status, headers: vec![("content-type", AWS_JSON.into())], body: body.into() }
    }

    fn rest(status: u16, body: String) -> Self {
        Self { status, headers: vec![("content-type", "application/json".into())], body: body.into() }
    }

    /// An error of the management API: the name is in a header.
    fn rest_error(status: u16, name: &str, message: &str) -> Self {
        let mut reply = Self::rest(status, json!({"message": message}).to_string());
        reply.headers.push(("x-amzn-errortype", name.to_owned()));
        reply
    }

    /// An answer to a request that is not signed as it must be, in the shape of the service that it is for.
    pub(crate) fn refused(target: Option<&str>, refusal: Refusal) -> Option<Self> {
        let (name, message) = refusal.says();
        let Some(target) = target else { return Some(Self::rest_error(403, name, message)) };
        // DynamoDB refuses with 400, SQS with 403.
        let status = if target.starts_with("DynamoDB") { 400 } else { 403 };
        let body = json!({"__type": format!("com.amazon.coral.service#{name}"), "message": message});
        Some(Self::aws(status, body.to_string()))
    }

    pub(crate) fn unknown_operation() -> Self {
        Self::aws(400, r#"{"__type":"com.amazon.coral.service#UnknownOperationException"}"#)
    }
}

impl Planes {
    /// Whether a path is the management API's.
    pub(crate) fn is_connection(path: &str) -> bool {
        path.starts_with('/') && (path.contains(CONNECTIONS) || path.contains("/%40connections/"))
    }

    /// Answers a request by its target or path; `None` where it is none of ours.
    pub(crate) async fn call(&self, method: &str, path: &str, target: Option<&str>, body: Bytes) -> Option<Reply> {
        match target.and_then(|target| target.split_once('.')) {
            Some(("DynamoDB_20120810" | "DynamoDBStreams_20120810", operation)) => {
                Some(self.dynamodb(operation, body).await)
            }
            Some(("AmazonSQS", action)) => Some(self.sqs(action, &body).await),
            _ => {
                let decoded = percent_decode_str(path.split('?').next()?).decode_utf8().ok()?;
                let connection = decoded.split_once(CONNECTIONS)?.1;
                Some(self.connection(method, connection, body))
            }
        }
    }

    async fn dynamodb(&self, operation: &str, body: Bytes) -> Reply {
        let answer = self.engine.call(operation, body).await;
        let mut reply = Reply::aws(answer.status, answer.body);
        reply.headers.push(("x-amz-crc32", crc32(&reply.body).to_string()));
        reply.headers.push(("x-amzn-requestid", ulid::Ulid::generate().to_string()));
        reply
    }

    async fn sqs(&self, action: &str, body: &Bytes) -> Reply {
        let answer = self.queues.call(action, body).await;
        if action.starts_with("SendMessage") {
            crash_points::pass("after-sqs-send");
        }
        let mut reply = Reply::aws(answer.status, answer.body);
        reply.headers.extend(answer.query_error.map(|error| ("x-amzn-query-error", error)));
        reply
    }

    fn connection(&self, method: &str, id: &str, body: Bytes) -> Reply {
        let gone = || Reply::rest_error(410, "GoneException", "The connection is gone.");
        match method {
            "POST" if body.len() > MESSAGE_PAYLOAD_BYTES => {
                Reply::rest_error(413, "PayloadTooLargeException", "The data has exceeded the maximum size allowed.")
            }
            "POST" if self.sockets.post(id, body) => Reply::rest(200, String::new()),
            "GET" => self.sockets.describe(id).map_or_else(gone, |said| Reply::rest(200, said.to_string())),
            "DELETE" if self.sockets.close(id) => Reply::rest(204, String::new()),
            "POST" | "DELETE" => gone(),
            _ => Reply::rest_error(403, "ForbiddenException", "Forbidden"),
        }
    }
}
