//! Makes Rust of the proto file, without `protoc`.

#[allow(clippy::print_stdout, reason = "it is how a build script speaks")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    let files = protox::compile(["proto/ai_customer_service.proto"], ["proto"])?;
    tonic_prost_build::configure().build_transport(false).btree_map(".").compile_fds(files)?;
    Ok(())
}
