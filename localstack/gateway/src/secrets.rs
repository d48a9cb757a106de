//! The installation's own secrets: made at random on the first start, kept where only the owner can read.

use std::{io::Write, path::Path};

use deskwire_app::bootstrap::{Beginning, FirstAgent};
use serde::{Deserialize, Serialize};

use crate::sigv4::AwsKeys;

/// Secrets of one installation.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Sign Deskwire's tokens.
    pub signing_keys: String,
    /// The demo company's own secret, with which it signs its visitors' and agents' tokens.
    pub demo_sign_on: String,
    /// For the AWS-compatible endpoints.
    pub aws_access_key_id: String,
    /// For the AWS-compatible endpoints.
    pub aws_secret_access_key: String,
}

impl Secrets {
    /// New ones.
    pub fn generate() -> Self {
        let random = || hex::encode(rand::random::<[u8; 32]>());
        Self {
            signing_keys: deskwire_app::bootstrap::signing_keys(rand::random()),
            demo_sign_on: random(),
            aws_access_key_id: format!("DESKWIRE{}", hex::encode(rand::random::<[u8; 8]>()).to_uppercase()),
            aws_secret_access_key: random(),
        }
    }

    /// Those of a data folder, made there on the first start.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn load(folder: &Path) -> anyhow::Result<Self> {
        let path = folder.join("secrets.json");
        match std::fs::read(&path) {
            Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let secrets = Self::generate();
                let mut options = std::fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let draft = path.with_extension("part");
                let _ = std::fs::remove_file(&draft);
                let mut file = options.open(&draft)?;
                file.write_all(serde_json::to_string_pretty(&secrets)?.as_bytes())?;
                file.sync_all()?;
                std::fs::rename(draft, path)?;
                Ok(secrets)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The keys of the AWS-compatible endpoints.
    pub fn aws(&self) -> AwsKeys {
        AwsKeys { id: self.aws_access_key_id.clone(), secret: self.aws_secret_access_key.clone() }
    }

    /// The demo account.
    pub fn demo(&self) -> Beginning {
        Beginning {
            name: "demo".into(),
            admin: FirstAgent::named("Anna"),
            agents: vec![FirstAgent::named("Ben")],
            sign_on_secret: Some(self.demo_sign_on.clone()),
        }
    }
}
