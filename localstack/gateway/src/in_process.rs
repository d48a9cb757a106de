//! The AWS SDK's way to the engine, the queues and the sockets without a wire, for functions that are linked in. The
//! SDK's code path stays; only the loopback socket, and the signature that guards it, are spared.

use std::sync::Arc;

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
            SharedHttpConnector,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;

use crate::management::{Planes, Reply};

/// An HTTP client for the SDK that ends in this process.
#[derive(Clone)]
pub struct InProcessHttp(pub(crate) Arc<Planes>);

impl InProcessHttp {
    /// As the SDK's configurations take it.
    pub fn shared(&self) -> SharedHttpClient {
        SharedHttpClient::new(self.clone())
    }
}

impl std::fmt::Debug for InProcessHttp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InProcessHttp")
    }
}

impl HttpClient for InProcessHttp {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcessHttp {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let planes = Arc::clone(&self.0);
        HttpConnectorFuture::new(async move {
            let target = request.headers().get("x-amz-target").map(str::to_owned);
            let path = path(request.uri()).to_owned();
            let method = request.method().to_owned();
            let body = request.body().bytes().map(Bytes::copy_from_slice);
            let body = body.ok_or_else(|| ConnectorError::user("a streaming body is not expected".into()))?;
            let Some(reply) = planes.call(&method, &path, target.as_deref(), body).await else {
                return Err(ConnectorError::user(format!("nothing in this process answers {path}").into()));
            };
            response(reply)
        })
    }
}

/// The path of an absolute address.
fn path(uri: &str) -> &str {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn response(Reply { status, headers, body }: Reply) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    for (name, value) in headers {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
