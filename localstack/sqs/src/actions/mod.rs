//! One struct per action: parsed and checked without the database, then applied in the writer's thread.

pub(crate) mod batch;
pub(crate) mod dead_letters;
pub(crate) mod delete;
pub(crate) mod move_tasks;
pub(crate) mod queue_attributes;
pub(crate) mod queues;
pub(crate) mod receive;
pub(crate) mod send;
mod serve;
pub(crate) mod tags;
pub(crate) mod visibility;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    fault::{Code, Fault},
    limits::LIST_RESULTS,
    writer::Context,
};

/// A request.
pub(crate) trait Action: DeserializeOwned + Send + 'static {
    /// What can be found wrong without the database; and what can be computed without it.
    ///
    /// # Errors
    /// The caller's fault.
    fn check(&mut self) -> Result<(), Fault> {
        Ok(())
    }

    /// Does it.
    ///
    /// # Errors
    /// What the caller is answered; nothing is changed then.
    fn apply(self, cx: &Context<'_>) -> Result<Value, Fault>;
}

/// A request from its body. An empty body is an empty object, as some clients send it.
pub(crate) fn parse<A: DeserializeOwned>(body: &[u8]) -> Result<A, Fault> {
    let body = if body.is_empty() { b"{}" } else { body };
    // The parser's message may quote the body, so it is not handed on.
    serde_json::from_slice(body)
        .map_err(|_| Fault::new(Code::MalformedInput, "The request is not JSON of this action's shape."))
}

/// One page of a sorted list of names.
pub(crate) struct Page {
    pub names: Vec<String>,
    pub next_token: Option<String>,
}

/// Cuts a page out of sorted names. The token is the last name of the page before.
pub(crate) fn page(names: Vec<String>, token: Option<&str>, most: Option<i64>) -> Result<Page, Fault> {
    let invalid = || Fault::new(Code::InvalidParameterValue, "Invalid NextToken value.");
    let after = match token {
        Some(token) => {
            Some(URL_SAFE_NO_PAD.decode(token).ok().and_then(|b| String::from_utf8(b).ok()).ok_or_else(invalid)?)
        }
        None => None,
    };
    let most = most.unwrap_or(*LIST_RESULTS.end());
    if !LIST_RESULTS.contains(&most) {
        return Err(Fault::parameter("MaxResults", "Must be between 1 and 1000, if provided."));
    }
    let most = usize::try_from(most).unwrap_or(1);
    let mut names: Vec<_> =
        names.into_iter().filter(|name| after.as_ref().is_none_or(|after| name > after)).take(most + 1).collect();
    let is_cut = names.len() > most;
    names.truncate(most);
    let next_token = names.last().filter(|_| is_cut).map(|last| URL_SAFE_NO_PAD.encode(last));
    Ok(Page { names, next_token })
}
