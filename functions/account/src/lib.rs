//! `account`: makes a first account and lets its administrator in. It has no trigger and no address: who may invoke it
//! (IAM) may begin accounts.

use deskwire_app::{
    App,
    bootstrap::{Beginning, Begun},
};
use lambda_runtime::Error;

/// Makes an account, unless it is there; answers a token of its administrator.
///
/// # Errors
/// What is wrong with the request, or a failure of the table; the same again does what is left.
pub async fn handle(app: &App, beginning: Beginning) -> Result<Begun, Error> {
    Ok(Box::pin(app.begin_account(&beginning)).await?)
}
