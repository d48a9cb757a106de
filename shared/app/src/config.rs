//! What differs between the three ways to run: addresses and secrets, read from the environment once.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Configuration of all functions.
#[derive(Clone, Serialize, Deserialize)]
pub struct Config {
    /// The table's name.
    pub table: String,
    /// What queue URLs begin with.
    pub queue_prefix: String,
    /// The WebSocket API's management address.
    pub sockets: String,
    /// The address at which clients open sockets, `wss://…`.
    pub socket_url: String,
    /// Where clients find the HTTP API, for addresses in answers.
    pub public_url: String,
    /// Keys that sign Deskwire's own tokens, as JSON; see `identity::SigningKeys`.
    pub signing_keys: String,
    /// Where attachments lie: `file:///…`, or `s3://bucket`.
    pub attachments: String,
    /// Address ranges inside which the company's own systems may be called, with commas: `10.0.0.0/8,…`.
    pub allow_inside: String,
}

/// A setting that is not there.
#[derive(Debug, thiserror::Error)]
#[error("the environment has no {0}; see README, \"Settings\"")]
pub struct MissingSetting(pub(crate) &'static str);

const TABLE: &str = "DESKWIRE_TABLE";
const QUEUE_PREFIX: &str = "DESKWIRE_QUEUE_PREFIX";
const SOCKETS: &str = "DESKWIRE_SOCKETS";
const SOCKET_URL: &str = "DESKWIRE_SOCKET_URL";
const PUBLIC_URL: &str = "DESKWIRE_PUBLIC_URL";
const SIGNING_KEYS: &str = "DESKWIRE_SIGNING_KEYS";
const ATTACHMENTS: &str = "DESKWIRE_ATTACHMENTS";
const ALLOW_INSIDE: &str = "DESKWIRE_ALLOW_INSIDE";

impl Config {
    /// The configuration that the environment states.
    ///
    /// # Errors
    /// The first setting that is missing.
    pub fn from_env() -> Result<Self, MissingSetting> {
        Self::from_map(&std::env::vars().collect())
    }

    fn from_map(env: &HashMap<String, String>) -> Result<Self, MissingSetting> {
        let get = |name: &'static str| env.get(name).filter(|v| !v.is_empty()).cloned().ok_or(MissingSetting(name));
        Ok(Self {
            table: get(TABLE)?,
            queue_prefix: get(QUEUE_PREFIX)?,
            sockets: get(SOCKETS)?,
            socket_url: get(SOCKET_URL)?,
            public_url: get(PUBLIC_URL)?,
            signing_keys: get(SIGNING_KEYS)?,
            attachments: get(ATTACHMENTS)?,
            allow_inside: env.get(ALLOW_INSIDE).cloned().unwrap_or_default(),
        })
    }

    /// The environment that states this configuration, for functions that run as processes of their own.
    pub fn to_env(&self) -> Vec<(&'static str, String)> {
        vec![
            (TABLE, self.table.clone()),
            (QUEUE_PREFIX, self.queue_prefix.clone()),
            (SOCKETS, self.sockets.clone()),
            (SOCKET_URL, self.socket_url.clone()),
            (PUBLIC_URL, self.public_url.clone()),
            (SIGNING_KEYS, self.signing_keys.clone()),
            (ATTACHMENTS, self.attachments.clone()),
            (ALLOW_INSIDE, self.allow_inside.clone()),
        ]
    }
}

impl std::fmt::Debug for Config {
    /// Everything but the keys.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config").field("table", &self.table).field("sockets", &self.sockets).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_survives_the_environment_and_names_what_is_missing() {
        let word = |name: &str| name.to_owned();
        let config = Config {
            table: word("t"),
            queue_prefix: word("q"),
            sockets: word("s"),
            socket_url: word("u"),
            public_url: word("p"),
            signing_keys: word("k"),
            attachments: word("a"),
            allow_inside: String::new(),
        };
        let mut env: HashMap<_, _> = config.to_env().into_iter().map(|(name, v)| (name.to_owned(), v)).collect();
        assert_eq!(Config::from_map(&env).unwrap().to_env(), config.to_env());
        env.remove(SOCKETS);
        assert!(Config::from_map(&env).unwrap_err().to_string().contains(SOCKETS));
        assert!(!format!("{config:?}").contains("\"k\""));
    }
}
