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
    /// Keys that sign Deskwire's own tokens, as JSON; see `identity::SigningKeys`. Only [`SIGNERS`] are told them.
    pub signing_keys: Option<String>,
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
/// The functions that sign tokens, tickets and addresses, or look at such. No other one could give the keys away.
pub const SIGNERS: [&str; 3] = ["account", "api", "authorize"];
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
            signing_keys: get(SIGNING_KEYS).ok(),
            attachments: get(ATTACHMENTS)?,
            allow_inside: env.get(ALLOW_INSIDE).cloned().unwrap_or_default(),
        })
    }

    /// The keys, for a function that cannot do without.
    pub(crate) fn need_signing_keys(&self) -> Result<(), MissingSetting> {
        self.signing_keys.is_some().then_some(()).ok_or(MissingSetting(SIGNING_KEYS))
    }

    /// The environment that states this configuration to a function that runs as a process of its own.
    pub fn to_env(&self, function: &str) -> Vec<(&'static str, String)> {
        let keys = self.signing_keys.clone().filter(|_| SIGNERS.contains(&function));
        let mut env = vec![
            (TABLE, self.table.clone()),
            (QUEUE_PREFIX, self.queue_prefix.clone()),
            (SOCKETS, self.sockets.clone()),
            (SOCKET_URL, self.socket_url.clone()),
            (PUBLIC_URL, self.public_url.clone()),
            (ATTACHMENTS, self.attachments.clone()),
            (ALLOW_INSIDE, self.allow_inside.clone()),
        ];
        env.extend(keys.map(|keys| (SIGNING_KEYS, keys)));
        env
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
            signing_keys: Some(word("k")),
            attachments: word("a"),
            allow_inside: String::new(),
        };
        let mut env: HashMap<_, _> = config.to_env("api").into_iter().map(|(name, v)| (name.to_owned(), v)).collect();
        assert_eq!(Config::from_map(&env).unwrap().to_env("api"), config.to_env("api"));
        env.remove(SOCKETS);
        assert!(Config::from_map(&env).unwrap_err().to_string().contains(SOCKETS));
        assert!(!format!("{config:?}").contains("\"k\""));
    }

    #[test]
    fn only_who_signs_is_told_the_keys() {
        let env = [TABLE, QUEUE_PREFIX, SOCKETS, SOCKET_URL, PUBLIC_URL, ATTACHMENTS, SIGNING_KEYS];
        let env: HashMap<_, _> = env.map(|name| (name.to_owned(), "x".to_owned())).into();
        let config = Config::from_map(&env).unwrap();
        let told = |function| config.to_env(function).iter().any(|(name, _)| *name == SIGNING_KEYS);
        assert!(told("api") && told("authorize") && !told("message") && !told("relay"));
        config.need_signing_keys().unwrap();
        let without = Config { signing_keys: None, ..config };
        assert!(without.need_signing_keys().unwrap_err().to_string().contains(SIGNING_KEYS));
    }
}
