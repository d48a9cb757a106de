//! What is asked, and what is answered.

use std::{net::SocketAddr, time::Duration};

use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, HeaderName, Method, header};

use crate::OutboundError;

/// Bytes of names and values of a request's own headers: what common servers take (Apache, nginx: 8 KB).
pub const REQUEST_HEADER_BYTES: usize = 8 * 1024;
/// Bytes of names and values of an answer's headers: twice what common servers send.
pub const RESPONSE_HEADER_BYTES: usize = 16 * 1024;

/// Headers that speak of the connection, which is this client's: with them an answer could be smuggled in, the name
/// that was checked could be replaced by another, or the end of the body be moved.
static OURS: [HeaderName; 11] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
];

/// Caps of one request.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From resolving the name to the last byte.
    pub time: Duration,
    /// Bytes of the answer's body.
    pub bytes: usize,
}

/// What happens to an answer whose body is larger than wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Overflow {
    /// It is refused: half of a document is of no use.
    #[default]
    Refuse,
    /// Its head is kept: enough for a delivery log.
    Cut,
}

/// What is asked.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The address, as the customer typed it.
    pub url: String,
    /// Headers; not those of the connection (`Host`, `Content-Length`, …), which are set here.
    pub headers: HeaderMap,
    /// The body, or none.
    pub body: Bytes,
    /// What happens to an answer that is too large.
    pub overflow: Overflow,
}

impl Request {
    /// Gets an address.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            url: url.into(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            overflow: Overflow::Refuse,
        }
    }

    /// Posts a body to an address.
    pub fn post(url: impl Into<String>, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self { method: Method::POST, headers, body: body.into(), ..Self::get(url) }
    }

    pub(crate) fn check_headers(&self) -> Result<(), OutboundError> {
        let fits = header_bytes(&self.headers) <= REQUEST_HEADER_BYTES;
        let foreign = self.headers.keys().all(|name| !OURS.contains(name));
        if fits && foreign { Ok(()) } else { Err(OutboundError::InvalidRequest) }
    }
}

impl std::fmt::Debug for Request {
    /// Neither the address, which may hold a token, nor headers nor body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut request = f.debug_struct("Request");
        request.field("method", &self.method).field("body_bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Clone)]
pub struct Response {
    /// The status; a redirect is an answer like any other.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// Seconds of `Cache-Control: max-age` (RFC 9111 §5.2.2.1), if it says so.
    pub max_age: Option<i64>,
    /// The body, or its head.
    pub body: Bytes,
    /// Whether the body went on.
    pub cut: bool,
    /// Who answered.
    pub remote: Option<SocketAddr>,
}

impl std::fmt::Debug for Response {
    /// Neither headers nor body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut response = f.debug_struct("Response");
        response.field("status", &self.status).field("body_bytes", &self.body.len());
        response.field("cut", &self.cut).field("remote", &self.remote).finish_non_exhaustive()
    }
}

/// Whether an answer's headers are as large as wanted.
pub(crate) fn check_headers(headers: &HeaderMap) -> Result<(), OutboundError> {
    if header_bytes(headers) > RESPONSE_HEADER_BYTES { Err(OutboundError::TooLarge) } else { Ok(()) }
}

/// Reads an answer, and no more of it than wanted.
pub(crate) async fn read(
    answer: reqwest::Response,
    bytes: usize,
    overflow: Overflow,
) -> Result<Response, OutboundError> {
    let (status, remote, headers) = (answer.status().as_u16(), answer.remote_addr(), answer.headers().clone());
    check_headers(&headers)?;
    let announced = answer.content_length().and_then(|length| usize::try_from(length).ok());
    if overflow == Overflow::Refuse && announced.is_some_and(|length| length > bytes) {
        return Err(OutboundError::TooLarge);
    }
    let (body, cut) = read_body(answer, bytes).await?;
    if cut && overflow == Overflow::Refuse {
        return Err(OutboundError::TooLarge);
    }
    let max_age = headers.get(header::CACHE_CONTROL).and_then(|value| max_age(value.to_str().ok()?));
    Ok(Response { status, headers, max_age, body, cut, remote })
}

async fn read_body(answer: reqwest::Response, bytes: usize) -> Result<(Bytes, bool), OutboundError> {
    let mut body = Vec::new();
    let mut chunks = answer.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| OutboundError::of(&error))?;
        let room = bytes - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() > room {
            return Ok((body.into(), true));
        }
    }
    Ok((body.into(), false))
}

fn header_bytes(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum()
}

fn max_age(header: &str) -> Option<i64> {
    let parts = header.split(',').map(|part| part.trim().to_ascii_lowercase());
    parts.filter_map(|part| part.strip_prefix("max-age=")?.trim_matches('"').parse().ok()).find(|age| *age >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_is_read_as_servers_write_it() {
        for (header, seconds) in [
            ("max-age=60", Some(60)),
            ("public, Max-Age=\"600\", must-revalidate", Some(600)),
            ("s-maxage=60", None),
            ("max-age=-1", None),
            ("max-age=soon, no-store", None),
        ] {
            assert_eq!(max_age(header), seconds, "{header}");
        }
    }

    #[test]
    fn nothing_secret_is_shown() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer sesame".parse().unwrap());
        let request = Request::post("https://x.example/?token=sesame", headers, "sesame");
        assert!(!format!("{request:?}").contains("sesame"));
    }
}
