//! Who calls, from where, and until when they may.

use deskwire_domain::{AccountId, Author, Principal, Time, Who};
use deskwire_protocol::entry::Audience;

/// A caller: a frame's connection, or an HTTP request's token.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// Their name, as others see it.
    pub name: Option<String>,
    /// The socket, if it came by one.
    pub connection: Option<String>,
    /// When their token runs out.
    pub expires: Time,
    /// The W3C trace-id of the request.
    pub trace: Option<String>,
    /// The `source` of the inbound event on whose behalf it is.
    pub origin: Option<String>,
}

impl Caller {
    /// The tenant.
    pub fn account(&self) -> &AccountId {
        &self.principal.account
    }

    /// What they may see.
    pub fn audience(&self) -> Audience {
        if self.principal.is_staff() { Audience::Staff } else { Audience::Visitor }
    }

    /// The author of their entries.
    pub fn author(&self) -> Author {
        self.principal.author()
    }

    /// `con_…` or `agt_…`; empty for bot and system.
    pub fn id(&self) -> String {
        self.author().id.unwrap_or_default()
    }

    /// Deskwire itself.
    pub fn system(account: AccountId) -> Self {
        Self {
            principal: Principal::system(account),
            name: None,
            connection: None,
            expires: Time::MAX,
            trace: None,
            origin: None,
        }
    }

    /// The AI agent.
    pub fn bot(account: AccountId) -> Self {
        Self { principal: Principal { account: account.clone(), who: Who::Bot }, ..Self::system(account) }
    }

    /// Deskwire itself, because of an inbound event of this source.
    pub fn because_of(account: AccountId, origin: String) -> Self {
        Self { origin: Some(origin), ..Self::system(account) }
    }
}
