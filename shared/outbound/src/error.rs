//! Why there is no answer, in words that stay.

use std::{error::Error, io};

/// Why there is no answer. Says nothing of the address, the headers or the body: it may be logged and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.code())]
#[non_exhaustive]
pub enum OutboundError {
    /// Not an http or https address, too long, with a user in it, or http where only https will do.
    InvalidUrl,
    /// A header that only this client may set, or too many of them.
    InvalidRequest,
    /// It leads inside.
    AddressNotAllowed,
    /// The name has no address, or nobody answers for it.
    DnsFailed,
    /// No connection, or it broke off.
    ConnectFailed,
    /// A connection, and no trust: a certificate that is unknown, has run out, or is another's.
    TlsFailed,
    /// It took too long.
    TimedOut,
    /// The answer, or its headers, are larger than wanted.
    TooLarge,
    /// What answers does not speak HTTP.
    InvalidResponse,
}

impl OutboundError {
    /// The stable code: what delivery logs and problems show, and what programs may compare.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidUrl => "invalid_url",
            Self::InvalidRequest => "invalid_request",
            Self::AddressNotAllowed => "address_not_allowed",
            Self::DnsFailed => "dns_failed",
            Self::ConnectFailed => "connect_failed",
            Self::TlsFailed => "tls_failed",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "response_too_large",
            Self::InvalidResponse => "invalid_response",
        }
    }

    /// What a failure of the HTTP library comes from: the first cause whose type says it.
    pub(crate) fn of(error: &reqwest::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(now) = cause {
            if let Some(found) = of_cause(now) {
                return found;
            }
            cause = now.source();
        }
        match error {
            _ if error.is_timeout() => Self::TimedOut,
            _ if error.is_dns() => Self::DnsFailed,
            _ => Self::ConnectFailed,
        }
    }
}

fn of_cause(cause: &(dyn Error + 'static)) -> Option<OutboundError> {
    if let Some(own) = cause.downcast_ref::<OutboundError>() {
        return Some(*own);
    }
    if cause.is::<rustls::Error>() {
        return Some(OutboundError::TlsFailed);
    }
    match cause.downcast_ref::<hyper::Error>() {
        Some(error) if error.is_parse_too_large() => return Some(OutboundError::TooLarge),
        Some(error) if error.is_parse() => return Some(OutboundError::InvalidResponse),
        _ => {}
    }
    // An io::Error leaves what it wraps out of `source`.
    cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref).and_then(|inner| of_cause(inner))
}
