//! Answers: JSON, or a problem.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use deskwire_app::AppError;
use deskwire_domain::{Code, Refusal};
use deskwire_protocol::{Problem, problem::MEDIA_TYPE};
use deskwire_telemetry::{Count, Trace, count};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// What a handler answers when it does not answer what was asked for.
pub(crate) struct Refused(Refusal);

impl From<AppError> for Refused {
    fn from(error: AppError) -> Self {
        Self(error.into_refusal())
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(refusal)
    }
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        count(Count::of_refusal(self.0.code == Code::Internal), 1);
        let problem = Problem::of(&self.0, Trace::current_id().as_deref());
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What a handler answers.
pub(crate) type Answer<T> = Result<Json<T>, Refused>;

/// What a handler that makes something answers.
pub(crate) type Created<T> = Result<(StatusCode, Json<T>), Refused>;

/// Answers what was found.
pub(crate) fn ok<T: Serialize>(result: Result<T, AppError>) -> Answer<T> {
    Ok(Json(result?))
}

/// Answers what was made.
pub(crate) fn created<T: Serialize>(result: Result<T, AppError>) -> Created<T> {
    Ok((StatusCode::CREATED, Json(result?)))
}

/// Answers what was begun.
pub(crate) fn accepted<T: Serialize>(result: Result<T, AppError>) -> Created<T> {
    Ok((StatusCode::ACCEPTED, Json(result?)))
}

/// Answers that it is done.
pub(crate) fn done(result: Result<(), AppError>) -> Result<StatusCode, Refused> {
    result?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn not_found() -> Refused {
    Refusal::with(Code::NotFound, "no such address; see /openapi.json").into()
}

pub(crate) async fn method_not_allowed() -> Refused {
    Code::MethodNotAllowed.into()
}
