//! The table's definition, as `CreateTable` takes it; `infra/` states the same, and a test holds the two together.

use serde_json::{Value, json};

use crate::item::TTL;

/// The table as `CreateTable` takes it, and its TTL attribute.
pub fn definition(table: &str) -> (Value, &'static str) {
    let definition = json!({
        "TableName": table,
        "AttributeDefinitions": [
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
        "KeySchema": [
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"},
    });
    (definition, TTL)
}
