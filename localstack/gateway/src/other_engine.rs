//! A DynamoDB engine that others run, at an address: so that a test shows that Deskwire leans on no accident of the
//! embedded one. Such engines check no signature, so the one here only names the service, by which some of them route.

use bytes::Bytes;
use http::{Method, Request, Uri, header};
use http_body_util::Full;

use crate::{
    operations::{Done, broken},
    plain_http::PlainHttp,
};

/// Bytes of an answer: DynamoDB's own are 1 MB of items at most, or 16 MB of a batch.
const ANSWER_BYTES: usize = 32 * 1024 * 1024;

/// Whose request it is, as far as an engine that believes everybody looks at it.
const AUTHORIZATION: &str = "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, \
                             SignedHeaders=host, Signature=0";

/// An engine at an address.
pub(crate) struct OtherEngine {
    client: PlainHttp,
    url: Uri,
}

impl OtherEngine {
    pub(crate) fn at(url: Uri) -> Self {
        Self { client: PlainHttp::new(), url }
    }

    pub(crate) async fn call(&self, operation: &str, body: Bytes) -> Done {
        let stream = matches!(operation, "DescribeStream" | "GetRecords" | "GetShardIterator" | "ListStreams");
        let service = if stream { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.url.clone())
            .header("x-amz-target", format!("{service}.{operation}"))
            .header(header::CONTENT_TYPE, "application/x-amz-json-1.0")
            .header(header::AUTHORIZATION, AUTHORIZATION)
            .body(Full::from(body));
        let answer = async {
            let (head, body) = self.client.call(request?, ANSWER_BYTES).await?.into_parts();
            anyhow::Ok((head.status.as_u16(), String::from_utf8(body.into())?))
        };
        answer.await.unwrap_or_else(|error| broken(&format!("{} cannot be reached: {error}", self.url)))
    }
}
