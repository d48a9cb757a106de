//! `POST /v1/tickets`, and what `$connect`'s authorizer makes of one: no token travels in an address.

use deskwire_domain::Who;
use deskwire_domain::{Code, Time};
use deskwire_identity::{Claims, Kind, TokenType, tokens::TICKET_SECONDS};
use deskwire_protocol::http::Ticket;

use crate::{
    App, AppError, Caller,
    tokens::{caller_of, role_word},
};

impl App {
    /// A ticket for a caller: opens one socket, within a minute.
    ///
    /// # Errors
    /// A failure.
    pub fn ticket(&self, caller: &Caller) -> Result<Ticket, AppError> {
        let (kind, role) = match &caller.principal.who {
            Who::Visitor(_) => (Kind::Visitor, None),
            Who::Agent(_, role) => (Kind::Agent, Some(role_word(*role).to_owned())),
            Who::Bot | Who::System => return Err(Code::Forbidden.into()),
        };
        let claims = Claims {
            name: caller.name.clone(),
            role,
            session_exp: Some(caller.expires.as_second()),
            ..Claims::about(caller.account().as_str(), kind, &caller.id())
        };
        let ticket = self.mint(TokenType::Ticket, &claims)?;
        let url = format!("{}?ticket={ticket}", self.config.socket_url);
        Ok(Ticket { ticket, url, expires_in: TICKET_SECONDS })
    }

    /// The caller whom a ticket lets in; each ticket once.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], [`Code::TokenExpired`].
    pub async fn redeem(&self, ticket: &str) -> Result<Caller, AppError> {
        let claims = self.verify(TokenType::Ticket, ticket).await?;
        let caller = caller_of(&claims)?;
        let expires = Time::from_second(claims.exp + TICKET_SECONDS).map_err(|_| Code::Unauthenticated)?;
        if !self.store.use_once(caller.account(), "ticket", &claims.jti, expires).await? {
            return Err(Code::Unauthenticated.into());
        }
        Ok(caller)
    }
}
