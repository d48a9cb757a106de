//! The browser parts make their types from the API's own documents, which lie in `web/schema` so that Node builds them
//! without Rust. `DESKWIRE_WRITE_SCHEMA=1 cargo test -p deskwire-protocol --test schema` writes them anew.

use std::path::Path;

use deskwire_protocol::{asyncapi, openapi};
use serde_json::Value;

#[test]
fn the_browser_parts_have_the_documents_of_this_version() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/schema");
    for (name, document) in [("openapi.json", openapi::document()), ("asyncapi.json", asyncapi::document())] {
        let path = folder.join(name);
        if std::env::var_os("DESKWIRE_WRITE_SCHEMA").is_some() {
            std::fs::write(&path, format!("{document:#}\n")).unwrap();
        }
        let kept: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        assert!(kept == document, "web/schema/{name} is another version's: write it anew, see this test's file");
    }
}
