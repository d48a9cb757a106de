//! Where `cargo lambda build` puts the functions.

use std::path::{Path, PathBuf};

/// The `bootstrap` file of a function in a folder that `cargo lambda build` made.
///
/// # Errors
/// It is not there, with the command that makes it.
pub fn find(folder: &Path, function: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(function).join("bootstrap");
    anyhow::ensure!(path.is_file(), "{} is not there: run `cargo lambda build` first", path.display());
    Ok(path)
}
