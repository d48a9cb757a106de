//! How far a stream is done with: one small file, which is whole or not there at all, also after a power loss.

use std::{
    fs::File,
    io::Write,
    path::{Path, PathBuf},
};

use crate::engine::stored_sequence;

/// Where a mapping goes on. In memory it is forgotten with the records.
#[derive(Clone)]
pub(crate) struct Checkpoint(pub Option<PathBuf>);

impl Checkpoint {
    /// The last record that is done with, by its sequence number. A file that makes no sense is as none: then all
    /// records that are left are done again, which has no second effect.
    pub(crate) fn read(&self) -> Option<String> {
        let path = self.0.as_ref()?;
        let text = std::fs::read_to_string(path).ok()?;
        let valid = stored_sequence(text.trim()).is_some();
        if !valid {
            tracing::error!(path = %path.display(), "the stream's checkpoint makes no sense; all that is left is done again");
        }
        valid.then(|| text.trim().to_owned())
    }

    /// Notes a position.
    ///
    /// # Errors
    /// It cannot be written; then what lies behind the last one that could is done again.
    pub(crate) async fn write(&self, position: &str) -> std::io::Result<()> {
        let Some(path) = self.0.clone() else { return Ok(()) };
        let position = position.to_owned();
        tokio::task::spawn_blocking(move || replace(&path, &position)).await?
    }
}

fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let draft = path.with_extension("part");
    let mut file = File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    // Before it takes the old one's place, or a power loss could leave an empty file there.
    file.sync_data()?;
    std::fs::rename(draft, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_written_is_read_and_nonsense_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c");
        let checkpoint = Checkpoint(Some(path.clone()));
        assert_eq!(checkpoint.read(), None);
        checkpoint.write("100000001234567890123").await.unwrap();
        assert_eq!(checkpoint.read().as_deref(), Some("100000001234567890123"));
        for nonsense in ["", "12", "not a number, 21 long"] {
            std::fs::write(&path, nonsense).unwrap();
            assert_eq!(checkpoint.read(), None, "{nonsense}");
        }
    }
}
