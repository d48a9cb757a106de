//! The browser parts as built files: console, widget, API page. What a bucket with a CDN does in the cloud.
//!
//! Names under `assets/` carry a hash of what they hold and never change; everything else is asked for anew. The build
//! leaves a `.br` and a `.gz` beside each file, so nothing is compressed here.

use std::path::Path;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, Uri, header, request::Parts};
use http_body_util::{BodyExt, Collected, Full};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::http_api::Answer;

/// The first part of a path that is looked for among the files; all else is the API's.
const PLACES: [&str; 4] = ["console", "widget", "docs", "widget.js"];
/// Where the console is.
const CONSOLE: &str = "/console/";
/// What the path of a file with a hash in its name contains.
const HASHED: &str = "/assets/";
/// One hashed name, one content, for ever.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What stands on other sites' pages: a new version is there within minutes, and a page costs no request meanwhile.
const MINUTES: &str = "public, max-age=300";
/// It may be kept, but is asked for each time.
const ASK: &str = "no-cache";
/// Scripts are our own files only. Styles may be inline: the console's components set them. Pictures and connections go
/// where a company has its files, its sign-on and its Deskwire.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                      img-src 'self' data: blob: http: https:; font-src 'self' data:; media-src 'self' blob:; \
                      connect-src 'self' http: https: ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'";
/// Nobody lays the console under a page of their own and has an agent click there.
const UNFRAMED: &str = "; frame-ancestors 'none'";

/// The files.
#[derive(Clone)]
pub(crate) struct Web(ServeDir);

impl Web {
    /// Those of a folder.
    pub(crate) fn new(folder: &Path) -> Self {
        Self(ServeDir::new(folder).precompressed_br().precompressed_gzip())
    }

    /// Whether a request is for a file and not for the API.
    pub(crate) fn is_for(parts: &Parts) -> bool {
        let first = parts.uri.path().trim_start_matches('/').split('/').next().unwrap_or_default();
        (parts.method == Method::GET || parts.method == Method::HEAD) && PLACES.contains(&first)
    }

    /// The file that a request asks for.
    pub(crate) async fn answer(&self, parts: &Parts) -> Answer {
        let path = parts.uri.path();
        let mut answer = self.get(parts, parts.uri.clone()).await;
        // The console's own addresses lead to its one page; a file that is not there is not there.
        if answer.status() == StatusCode::NOT_FOUND && path.starts_with(CONSOLE) && !path.contains(HASHED) {
            answer = self.get(parts, Uri::from_static(CONSOLE)).await;
        }
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            keep(path, &mut answer);
        }
        answer
    }

    async fn get(&self, parts: &Parts, uri: Uri) -> Answer {
        let mut request = Request::from_parts(parts.clone(), Full::<Bytes>::default());
        *request.uri_mut() = uri;
        let Ok(response) = self.0.clone().oneshot(request).await;
        let (mut head, body) = response.into_parts();
        let bytes = body.collect().await.map(Collected::to_bytes).unwrap_or_else(|error| {
            tracing::error!(%error, "a file could not be read");
            head.status = StatusCode::INTERNAL_SERVER_ERROR;
            Bytes::new()
        });
        Answer::from_parts(head, Full::from(bytes))
    }
}

/// Says how long an answer may be kept, and what its page may do.
fn keep(path: &str, answer: &mut Answer) {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let cache = match path {
        _ if path.contains(HASHED) => FOR_EVER,
        "/widget.js" => MINUTES,
        _ => ASK,
    };
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            answer.headers_mut().insert(name, value);
        }
    };
    set(header::CACHE_CONTROL, cache);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // A widget's parts are loaded by pages of other origins.
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    if page {
        let framed = path.starts_with("/widget");
        set(header::CONTENT_SECURITY_POLICY, &format!("{POLICY}{}", if framed { "" } else { UNFRAMED }));
        set(header::REFERRER_POLICY, "no-referrer");
    }
}
