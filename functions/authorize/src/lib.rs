//! The authorizer of `$connect`: a ticket becomes a principal, which is handed on as context, so that later frames
//! cost no read.

use deskwire_app::{
    App,
    event::{SocketEvent, context_of},
};
use lambda_runtime::Error;
use serde_json::{Value, json};

/// Lets a socket in, by its ticket; each ticket once.
///
/// # Errors
/// The table fails; API Gateway then answers 500. A bad ticket is no error: it is denied.
pub async fn handle(app: &App, event: SocketEvent) -> Result<Value, Error> {
    let ticket = event.query_string_parameters.as_ref().and_then(|query| query.get("ticket")).and_then(Value::as_str);
    let resource = event.method_arn.as_deref().unwrap_or("*");
    let Some(ticket) = ticket else { return Ok(policy("nobody", "Deny", resource, &json!({}))) };
    match app.redeem(ticket).await {
        Ok(caller) => Ok(policy(&caller.id(), "Allow", resource, &context_of(&caller))),
        Err(deskwire_app::AppError::Refused(refusal)) => {
            tracing::info!(code = refusal.code.as_str(), "a socket is refused");
            Ok(policy("nobody", "Deny", resource, &json!({})))
        }
        Err(error) => Err(error.into()),
    }
}

fn policy(principal: &str, effect: &str, resource: &str, context: &Value) -> Value {
    json!({
        "principalId": principal,
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}],
        },
        "context": context,
    })
}
