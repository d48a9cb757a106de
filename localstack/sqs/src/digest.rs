//! The MD5s that SQS answers and the SDKs check.

use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};

use crate::contents::MessageAttributes;

/// Of a body.
pub(crate) fn of_body(body: &str) -> String {
    hex::encode(Md5::digest(body.as_bytes()))
}

/// Of message attributes, by the algorithm of the SQS developer guide ("Calculating the MD5 message digest for message
/// attributes"): by name, each part with its length in 4 bytes, the value's transport type as one byte. `None` for none.
pub(crate) fn of_attributes(attributes: &MessageAttributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut hash = Md5::new();
    // The map is sorted by name, as the algorithm asks.
    for (name, attribute) in attributes {
        part(&mut hash, name.as_bytes());
        part(&mut hash, attribute.data_type.as_bytes());
        match &attribute.binary_value {
            Some(binary) => {
                hash.update([2u8]);
                part(&mut hash, &STANDARD.decode(binary).unwrap_or_default());
            }
            None => {
                hash.update([1u8]);
                part(&mut hash, attribute.string_value.as_deref().unwrap_or_default().as_bytes());
            }
        }
    }
    Some(hex::encode(hash.finalize()))
}

fn part(hash: &mut Md5, bytes: &[u8]) {
    // No part is longer than a message, which is far below 4 GiB.
    hash.update(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    hash.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::MessageAttribute;

    fn attribute(data_type: &str, string: Option<&str>, binary: Option<&[u8]>) -> MessageAttribute {
        MessageAttribute {
            data_type: data_type.into(),
            string_value: string.map(Into::into),
            binary_value: binary.map(|bytes| STANDARD.encode(bytes)),
            ..MessageAttribute::default()
        }
    }

    #[test]
    fn a_body_is_digested_as_rfc_1321_says() {
        assert_eq!(of_body("message digest"), "f96b697d7cb7938d525a2f31aaf161d0");
    }

    /// The values that moto's suite holds SQS to.
    #[test]
    fn a_timestamp_attribute_has_the_md5_that_sqs_answers() {
        for (value, md5) in [
            ("1493147359900", "235c5c510d26fb653d073faed50ae77c"),
            ("1493147359901", "994258b45346a2cc3f9cbb611aa7af30"),
        ] {
            let attributes = [("timestamp".to_owned(), attribute("Number", Some(value), None))].into();
            assert_eq!(of_attributes(&attributes).as_deref(), Some(md5));
        }
    }

    #[test]
    fn the_order_of_sending_does_not_count_but_the_transport_type_does() {
        let text: MessageAttributes = [
            ("b".to_owned(), attribute("String", Some("x"), None)),
            ("a".to_owned(), attribute("Binary", None, Some(b"x"))),
        ]
        .into();
        let other: MessageAttributes = [
            ("a".to_owned(), attribute("Binary", Some("x"), None)),
            ("b".to_owned(), attribute("String", Some("x"), None)),
        ]
        .into();
        assert_ne!(of_attributes(&text), of_attributes(&other));
        assert_eq!(of_attributes(&MessageAttributes::new()), None);
    }
}
