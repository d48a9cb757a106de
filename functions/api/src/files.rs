//! Attachments: announced and read by token, their bytes by pre-signed address.

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    response::Response,
};
use deskwire_app::{App, attachments::Signed};
use deskwire_domain::{AttachmentId, Code};
use deskwire_protocol::http::{Attachment, NewAttachment};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use crate::{
    answer::{Answer, Created, Refused, created, done, ok},
    gate::{Anyone, Asked, Read, id},
};

pub(crate) async fn announce(
    State(app): State<App>,
    Anyone(caller): Anyone,
    Read(new): Read<NewAttachment>,
) -> Created<Attachment> {
    created(app.announce_attachment(&caller, new).await)
}

pub(crate) async fn read(
    State(app): State<App>,
    Path(attachment): Path<String>,
    Anyone(caller): Anyone,
) -> Answer<Attachment> {
    let attachment: AttachmentId = id(&attachment)?;
    ok(app.read_attachment(&caller, &attachment).await)
}

#[derive(Deserialize)]
pub(crate) struct Signature {
    expires: i64,
    signature: String,
}

type Place = Path<(String, String)>;

fn signed(Path((account, id)): Place, Asked(Signature { expires, signature }): Asked<Signature>) -> Signed {
    Signed { account, id, expires, signature }
}

pub(crate) async fn upload(
    State(app): State<App>,
    place: Place,
    asked: Asked<Signature>,
    headers: HeaderMap,
    bytes: Bytes,
) -> Result<StatusCode, Refused> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    done(app.upload(&signed(place, asked), kind, &bytes).await)
}

pub(crate) async fn download(
    State(app): State<App>,
    place: Place,
    asked: Asked<Signature>,
) -> Result<Response, Refused> {
    let (kind, disposition, bytes) = app.download(&signed(place, asked)).await?;
    let response = Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_DISPOSITION, disposition)
        .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
        .header(header::CACHE_CONTROL, "private, max-age=600")
        .body(Body::from(bytes));
    response.map_err(|_| Code::Internal.into())
}
