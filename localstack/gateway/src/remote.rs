//! Functions that Lambda runs, or what plays it: called by `Invoke`, as API Gateway calls them. For emulators whose own
//! API Gateway has no WebSockets; they check no signature, so none is made.

use std::{fmt::Write, sync::Arc};

use anyhow::{Context, ensure};
use bytes::Bytes;
use futures::future::BoxFuture;
use http::{Method, Request, Uri};
use http_body_util::Full;

use crate::{
    functions::{Function, FunctionError, Functions, InvocationContext},
    limits::INVOCATION_PAYLOAD_BYTES,
    plain_http::PlainHttp,
};

/// The functions that a front calls; all others have triggers of their own.
pub const FRONT: [&str; 5] = ["authorize", "connect", "disconnect", "message", "api"];
/// What stands for a function's name in the pattern of theirs.
const NAME: &str = "{name}";

/// Where functions are.
#[derive(Debug, Clone)]
pub struct Remote {
    /// Lambda's address: `http://127.0.0.1:4566`.
    pub endpoint: String,
    /// What they are called there: `deskwire-{name}:live`, or one name each as `api=some-arn`.
    pub names: Vec<String>,
}

impl Remote {
    /// The functions that a front calls.
    ///
    /// # Errors
    /// An address that is none, or a function without a name.
    pub(crate) fn functions(&self) -> anyhow::Result<Functions> {
        let client = PlainHttp::new();
        FRONT
            .iter()
            .map(|function| {
                let url = format!(
                    "{}/2015-03-31/functions/{}/invocations",
                    self.endpoint.trim_end_matches('/'),
                    self.name(function)?
                );
                let url: Uri = url.parse().with_context(|| format!("{} is no address", self.endpoint))?;
                ensure!(url.scheme_str() == Some("http"), "{} is no http:// address", self.endpoint);
                let invoked = Invoked { client: client.clone(), url };
                Ok(((*function).to_owned(), Arc::new(invoked) as Arc<dyn Function>))
            })
            .collect()
    }

    fn name(&self, function: &str) -> anyhow::Result<String> {
        let own = self.names.iter().find_map(|name| name.strip_prefix(function)?.strip_prefix('='));
        let pattern = || self.names.iter().find(|name| name.contains(NAME));
        let name = own.map(str::to_owned).or_else(|| Some(pattern()?.replace(NAME, function)));
        let name = name.with_context(|| {
            format!("--function names no {function}: give a pattern with {NAME}, or {function}=ARN")
        })?;
        Ok(name.bytes().fold(String::new(), |mut path, byte| {
            if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
                path.push(byte.into());
            } else {
                // Writing to a text does not fail.
                let _ = write!(path, "%{byte:02X}");
            }
            path
        }))
    }
}

struct Invoked {
    client: PlainHttp,
    url: Uri,
}

impl Function for Invoked {
    fn invoke(&self, event: Bytes, context: InvocationContext) -> BoxFuture<'static, Result<Bytes, FunctionError>> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.url.clone())
            .header("content-type", "application/json")
            .header("x-amzn-trace-id", context.trace_id)
            .body(Full::from(event));
        let client = self.client.clone();
        Box::pin(async move {
            let answer = async { client.call(request?, INVOCATION_PAYLOAD_BYTES).await };
            let answer = answer.await.map_err(|error| FunctionError(format!("Lambda cannot be reached: {error}")))?;
            let (head, body) = answer.into_parts();
            if head.status.is_success() && !head.headers.contains_key("x-amz-function-error") {
                return Ok(body);
            }
            Err(FunctionError(format!("{}: {}", head.status, String::from_utf8_lossy(&body))))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_a_pattern_or_one_each() {
        let remote = |names: &[&str]| Remote {
            endpoint: "http://h".into(),
            names: names.iter().map(|name| (*name).into()).collect(),
        };
        assert_eq!(remote(&["deskwire-{name}:live"]).name("api").unwrap(), "deskwire-api%3Alive");
        assert_eq!(remote(&["d-{name}", "api=x"]).name("api").unwrap(), "x");
        assert!(remote(&["api=x"]).functions().unwrap_err().to_string().contains("authorize"));
        assert!(Remote { endpoint: "ftp://h".into(), names: vec!["{name}".into()] }.functions().is_err());
    }
}
