//! HTTP to an emulator of AWS on this machine: no TLS, and a bound on what it answers.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

/// A client with a pool. Cheap to clone.
#[derive(Clone)]
pub(crate) struct PlainHttp(Client<HttpConnector, Full<Bytes>>);

impl PlainHttp {
    pub(crate) fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    /// The whole answer; one whose body has more than `most` bytes is an error, as is none.
    pub(crate) async fn call(&self, request: Request<Full<Bytes>>, most: usize) -> anyhow::Result<Response<Bytes>> {
        let (head, body) = self.0.request(request).await?.into_parts();
        let body = Limited::new(body, most).collect().await.map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}
