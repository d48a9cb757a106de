//! The MD5s that SQS answers and the SDKs check.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use serde_json::Value;

use crate::Object;

/// Of a body.
pub(crate) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// Of message attributes, by the algorithm of the SQS developer guide: by name, each part with its length, and the
/// value's transport type as one byte.
pub(crate) fn of_attributes(attributes: &Object) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut names: Vec<_> = attributes.keys().collect();
    names.sort();
    let mut hash = Md5::new();
    let lengthy = |hash: &mut Md5, bytes: &[u8]| {
        hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(bytes);
    };
    for name in names {
        let attribute = &attributes[name];
        let (kind, value) = match &attribute["BinaryValue"] {
            Value::String(binary) => (2u8, STANDARD.decode(binary).unwrap_or_default()),
            _ => (1u8, attribute["StringValue"].as_str().unwrap_or_default().as_bytes().to_vec()),
        };
        lengthy(&mut hash, name.as_bytes());
        lengthy(&mut hash, attribute["DataType"].as_str().unwrap_or_default().as_bytes());
        hash.update([kind]);
        lengthy(&mut hash, &value);
    }
    Some(hex::encode(hash.finalize()))
}
