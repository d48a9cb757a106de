//! DynamoDB's operations by name, and what the embedded engine has for each.

use dynoxide::{Database, DynoxideError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;

/// What an operation gave: an HTTP status and DynamoDB's JSON.
pub(crate) type Done = (u16, String);

macro_rules! operations {
    ($($name:literal => $method:ident,)*) => {
        /// The operations that are offered.
        const NAMES: &[&str] = &[$($name),*];

        /// Does an operation.
        pub(crate) fn run(database: &Database, operation: &str, body: &[u8]) -> Done {
            match operation {
                $($name => one(body, |request| database.$method(request)),)*
                _ => unknown(),
            }
        }
    };
}

operations! {
    "BatchExecuteStatement" => batch_execute_statement,
    "BatchGetItem" => batch_get_item,
    "BatchWriteItem" => batch_write_item,
    "CreateTable" => create_table,
    "DeleteItem" => delete_item,
    "DeleteTable" => delete_table,
    "DescribeStream" => describe_stream,
    "DescribeTable" => describe_table,
    "DescribeTimeToLive" => describe_time_to_live,
    "ExecuteStatement" => execute_statement,
    "ExecuteTransaction" => execute_transaction,
    "GetItem" => get_item,
    "GetRecords" => get_records,
    "GetShardIterator" => get_shard_iterator,
    "ListStreams" => list_streams,
    "ListTables" => list_tables,
    "ListTagsOfResource" => list_tags_of_resource,
    "PutItem" => put_item,
    "Query" => query,
    "Scan" => scan,
    "TagResource" => tag_resource,
    "TransactGetItems" => transact_get_items,
    "TransactWriteItems" => transact_write_items,
    "UntagResource" => untag_resource,
    "UpdateItem" => update_item,
    "UpdateTable" => update_table,
    "UpdateTimeToLive" => update_time_to_live,
}

/// The operations that may put records into a stream.
const WRITES: &[&str] = &[
    "BatchExecuteStatement",
    "BatchWriteItem",
    "DeleteItem",
    "ExecuteStatement",
    "ExecuteTransaction",
    "PutItem",
    "TransactWriteItems",
    "UpdateItem",
];

/// The name of an operation that is offered.
pub(crate) fn known(operation: &str) -> Option<&'static str> {
    NAMES.binary_search(&operation).ok().map(|index| NAMES[index])
}

/// Whether an operation writes items.
pub(crate) fn writes(operation: &str) -> bool {
    WRITES.contains(&operation)
}

fn one<Q: DeserializeOwned, A: Serialize>(body: &[u8], operation: impl FnOnce(Q) -> dynoxide::Result<A>) -> Done {
    let unreadable = |error: serde_json::Error| DynoxideError::SerializationException(error.to_string());
    let answer = serde_json::from_slice(body).map_err(unreadable).and_then(operation);
    let text = answer.and_then(|answer| {
        serde_json::to_string(&answer).map_err(|error| DynoxideError::InternalServerError(error.to_string()))
    });
    match text {
        Ok(text) => (200, text),
        Err(error) => (error.status_code(), error.to_json()),
    }
}

fn unknown() -> Done {
    (400, json!({"__type": "com.amazon.coral.service#UnknownOperationException"}).to_string())
}

/// The answer where the engine itself failed.
pub(crate) fn broken(message: &str) -> Done {
    (500, json!({"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError", "message": message}).to_string())
}

/// The units that an answer reports: `"CapacityUnits":1.0` of each table, where the request asked for it.
pub(crate) fn consumed(body: &str) -> f64 {
    let Some((_, capacity)) = body.split_once("\"ConsumedCapacity\":") else { return 0.0 };
    let number = |text: &str| text.split(|c: char| c != '.' && !c.is_ascii_digit()).next()?.parse::<f64>().ok();
    capacity.split("\"CapacityUnits\":").skip(1).filter_map(number).sum()
}

/// The checksum in `x-amz-crc32`, which some SDKs check.
pub(crate) fn crc32(body: &[u8]) -> u32 {
    crc32fast::hash(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_from_the_answer() {
        assert_eq!(consumed(r#"{"ConsumedCapacity":{"CapacityUnits":1.5,"TableName":"t"}}"#), 1.5);
        assert_eq!(consumed(r#"{"ConsumedCapacity":[{"TableName":"t","CapacityUnits":4.0}]}"#), 4.0);
        assert_eq!(consumed(r#"{"Item":{"a":{"S":"\"CapacityUnits\":9"}}}"#), 0.0);
    }

    #[test]
    fn the_operations_are_sorted_or_a_search_would_miss_them() {
        assert!(NAMES.is_sorted());
        assert!(WRITES.iter().all(|name| known(name).is_some()));
    }
}
