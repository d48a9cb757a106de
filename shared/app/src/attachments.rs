//! Attachments: announced, uploaded to a pre-signed address, and read from another. They lie in a bucket, or on disk
//! behind addresses of our own that work in the same way.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use deskwire_domain::{
    AccountId, AttachmentId, Code, Content, Refusal, Time,
    content::{Known, check_length},
    limits,
};
use deskwire_protocol::http::{Attachment, NewAttachment};
use deskwire_store::Document;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::{App, AppError, Caller, bucket::Bucket};

/// How long an address for an upload or a download lives: long enough for a large file on a slow line to begin.
const ADDRESS_TIME: Duration = Duration::from_secs(900);

/// Media types that a browser shows; everything else it saves. What a stranger uploaded must never run as a page.
const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// Where files lie.
pub(crate) enum Files {
    Folder(PathBuf),
    Bucket(Bucket),
}

impl Files {
    /// What the setting names, if it is usable.
    pub(crate) fn of(setting: &str, sdk: &aws_types::SdkConfig) -> Option<Self> {
        match setting.split_once("://")? {
            ("file", folder) => Some(Self::Folder(folder.into())),
            ("s3", bucket) => Bucket::new(bucket.trim_end_matches('/'), sdk).map(Self::Bucket),
            _ => None,
        }
    }
}

/// What is stored of an attachment.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    name: String,
    media_type: String,
    size: u64,
    /// `con_…` or `agt_…`.
    by: String,
    created: Time,
}

/// A request to a pre-signed address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The account.
    pub account: String,
    /// The attachment.
    pub id: String,
    /// Until when, seconds since 1970.
    pub expires: i64,
    /// The signature, hex.
    pub signature: String,
}

impl App {
    /// Announces an upload, and says where to put it.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn announce_attachment(&self, caller: &Caller, new: NewAttachment) -> Result<Attachment, AppError> {
        check_length("name", &new.name, limits::NAME_CHARS)?;
        let typed = new.media_type.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        if !typed || new.media_type.len() > limits::NAME_CHARS || !new.media_type.is_ascii() {
            return Err(Refusal::with(Code::InvalidField, "media_type").into());
        }
        if !(1..=limits::ATTACHMENT_BYTES).contains(&new.size) {
            return Err(Refusal::with(Code::TooLarge, format!("size: 1 to {} bytes", limits::ATTACHMENT_BYTES)).into());
        }
        let id = AttachmentId::new(ulid::Ulid::generate());
        let record =
            Record { name: new.name, media_type: new.media_type, size: new.size, by: caller.id(), created: self.now() };
        self.put_document(caller.account(), Document::Attachment, (id.as_str(), record.clone())).await?;
        let upload_url = Some(match self.files.as_ref() {
            Files::Folder(_) => self.address(caller, &id, "PUT")?,
            Files::Bucket(bucket) => {
                bucket.upload(&key(caller.account(), &id), (&record.media_type, record.size), ADDRESS_TIME).await?
            }
        });
        Ok(Attachment {
            id,
            name: record.name,
            media_type: record.media_type,
            size: record.size,
            upload_url,
            download_url: None,
        })
    }

    /// A short-lived address of a file. Ids are unguessable, and whoever has one got it in a conversation of theirs.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_attachment(&self, caller: &Caller, id: &AttachmentId) -> Result<Attachment, AppError> {
        let record: Record = self.read_document(caller, Document::Attachment, id.as_str()).await?;
        let download_url = Some(match self.files.as_ref() {
            Files::Folder(_) => self.address(caller, id, "GET")?,
            Files::Bucket(bucket) => {
                let disposition = disposition(&record.media_type, &record.name);
                bucket.download(&key(caller.account(), id), &disposition, ADDRESS_TIME).await?
            }
        });
        Ok(Attachment {
            id: id.clone(),
            name: record.name,
            media_type: record.media_type,
            size: record.size,
            upload_url: None,
            download_url,
        })
    }

    /// Whether a message's file, where it has one, was announced in this account, as what the message says it is.
    pub(crate) async fn check_file(&self, account: &AccountId, content: &Content) -> Result<(), AppError> {
        let Some(Known::Image(file) | Known::File(file)) = content.known()? else { return Ok(()) };
        let unknown = || Refusal::with(Code::NotFound, "content.attachment: announce it at POST /v1/attachments");
        let id = file.attachment.as_str();
        let announced = self.store.document::<Record>(account, Document::Attachment, id).await?.ok_or_else(unknown)?;
        let Record { media_type, size, .. } = announced.value;
        if (media_type.as_str(), size) != (file.media_type.as_str(), file.size) {
            return Err(Refusal::with(Code::AttachmentMismatch, format!("{media_type}, {size} bytes")).into());
        }
        Ok(())
    }

    fn address(&self, caller: &Caller, id: &AttachmentId, method: &str) -> Result<String, AppError> {
        let (account, expires) =
            (caller.account().as_str(), self.now().as_second() + ADDRESS_TIME.as_secs().cast_signed());
        let signature = self.attachment_signature(method, account, id.as_str(), expires)?;
        Ok(format!(
            "{}/v1/files/{account}/{id}?expires={expires}&signature={signature}",
            self.config.public_url.trim_end_matches('/')
        ))
    }

    fn attachment_signature(&self, method: &str, account: &str, id: &str, expires: i64) -> Result<String, AppError> {
        Ok(hex::encode(self.attachment_mac(method, account, id, expires)?.finalize().into_bytes()))
    }

    fn attachment_mac(&self, method: &str, account: &str, id: &str, expires: i64) -> Result<Hmac<Sha256>, AppError> {
        let failed = || AppError::Failed("an address cannot be signed without keys".into());
        let keys = self.config.signing_keys.as_deref().ok_or_else(failed)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(keys.as_bytes()).map_err(|_| failed())?;
        mac.update(format!("attachment\n{method}\n{account}\n{id}\n{expires}").as_bytes());
        Ok(mac)
    }

    async fn signed_record(&self, method: &str, signed: &Signed) -> Result<(Record, PathBuf), AppError> {
        let mac = self.attachment_mac(method, &signed.account, &signed.id, signed.expires)?;
        let given = hex::decode(&signed.signature).map_err(|_| Code::Forbidden)?;
        mac.verify_slice(&given).map_err(|_| Code::Forbidden)?;
        if signed.expires <= self.now().as_second() {
            return Err(Refusal::with(Code::Forbidden, "the address has run out").into());
        }
        let account = signed.account.parse().map_err(|_| Code::NotFound)?;
        let id: AttachmentId = signed.id.parse().map_err(|_| Code::NotFound)?;
        let found = self.store.document::<Record>(&account, Document::Attachment, id.as_str()).await?;
        let Files::Folder(folder) = self.files.as_ref() else { return Err(Code::NotFound.into()) };
        // Ids hold no slash and no dot, so they cannot lead out of the folder.
        Ok((found.ok_or(Code::NotFound)?.value, folder.join(account.as_str()).join(id.as_str())))
    }

    /// Takes an upload at its pre-signed address; all of it or nothing, and durable before it is answered.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn upload(&self, signed: &Signed, media_type: &str, bytes: &[u8]) -> Result<(), AppError> {
        let (record, path) = self.signed_record("PUT", signed).await?;
        if bytes.len() as u64 != record.size || media_type != record.media_type {
            return Err(Code::AttachmentMismatch.into());
        }
        let (bytes, failed) = (bytes.to_vec(), |error: std::io::Error| AppError::Failed(format!("an upload: {error}")));
        let write = tokio::task::spawn_blocking(move || durable(&path, &bytes));
        write.await.map_err(|error| AppError::Failed(error.to_string()))?.map_err(failed)
    }

    /// A file at its pre-signed address: its media type, its `Content-Disposition` and bytes.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn download(&self, signed: &Signed) -> Result<(String, String, Vec<u8>), AppError> {
        let (record, path) = self.signed_record("GET", signed).await?;
        let bytes = tokio::fs::read(path).await.map_err(|_| Refusal::with(Code::NotFound, "it was not uploaded"))?;
        let disposition = disposition(&record.media_type, &record.name);
        Ok((record.media_type, disposition, bytes))
    }
}

/// A file's key in the bucket. Ids hold no slash, so accounts stay apart.
fn key(account: &AccountId, id: &AttachmentId) -> String {
    format!("{account}/{id}")
}

/// How a browser is to treat a file (RFC 6266).
fn disposition(media_type: &str, name: &str) -> String {
    let how = if SHOWN.contains(&media_type) { "inline" } else { "attachment" };
    format!("{how}; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

/// Writes a file so that it is whole or not there, also after a crash.
fn durable(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::create_dir_all(folder)?;
    let draft = path.with_extension("part");
    let mut file = std::fs::File::create(&draft)?;
    std::io::Write::write_all(&mut file, bytes)?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    std::fs::File::open(folder)?.sync_all()
}
