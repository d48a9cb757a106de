//! `POST /v1/token`: a company's own token, or none, becomes a Deskwire token (in the shape of RFC 8693).

use deskwire_domain::{AccountId, AgentId, Code, ContactId, Principal, Refusal, Role, Time, Who};
use deskwire_identity::{
    Claims, ExternalIdentity, IssuerConfig, Keys, Kind, SubjectKind, TokenError, TokenType, sign_on::verify_identifier,
    tokens::VISITOR_SECONDS,
};
use deskwire_protocol::{
    client::PresenceStatus,
    http::{Agent, Contact, ContactChange, TokenRequest, TokenResponse},
};
use deskwire_store::{AgentRecord, Reference, StoreError};

use crate::{App, AppError, Caller, accounts::AccountRecord, claims};

/// The grant type of RFC 8693 §2.1.
pub const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// A visitor of whom nothing is known.
pub const ANONYMOUS: &str = "urn:deskwire:grant-type:anonymous";
/// A visitor who comes back, or an agent whose access is to go on.
pub const REFRESH: &str = "refresh_token";
/// A JWT (RFC 8693 §3).
pub const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";
/// One of Deskwire's own refresh tokens (RFC 8693 §3): the same as the grant `refresh_token`.
pub const REFRESH_TYPE: &str = "urn:ietf:params:oauth:token-type:refresh_token";
/// The hex HMAC-SHA256 of an identifier, as older sites sign it.
pub const HMAC: &str = "urn:deskwire:token-type:hmac";

impl App {
    /// Gives a token.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn token(&self, request: &TokenRequest) -> Result<TokenResponse, AppError> {
        let account: AccountId = request.account.parse().map_err(|_| Refusal::with(Code::NotFound, "account"))?;
        self.rates.take_account(&account)?;
        let record = self.account(&account).await?;
        match request.grant_type.as_str() {
            ANONYMOUS if record.account.require_sign_on => {
                Err(Refusal::with(Code::SignOnRefused, "visitors of this account sign in with the company").into())
            }
            ANONYMOUS => self.visitor_token(&account, &ContactId::new(ulid::Ulid::generate()), None),
            REFRESH => {
                let token = request.refresh_token.as_deref();
                let token = token.ok_or_else(|| Refusal::with(Code::InvalidField, "refresh_token"))?;
                self.refreshed(&account, &record, token).await
            }
            EXCHANGE => Box::pin(self.exchanged(&account, &record, request)).await,
            _ => Err(Code::UnsupportedGrant.into()),
        }
    }

    async fn refreshed(
        &self,
        account: &AccountId,
        record: &AccountRecord,
        token: &str,
    ) -> Result<TokenResponse, AppError> {
        let kind = match self.signing_keys()?.verify(TokenType::Agent, token, self.now().as_second()) {
            Err(TokenError::Invalid) => TokenType::Visitor,
            _ => TokenType::Agent,
        };
        let claims = self.verify(kind, token).await?;
        if claims.aud != account.as_str() {
            return Err(Code::Unauthenticated.into());
        }
        if claims.kind == Kind::Agent {
            return self.refreshed_agent(account, &claims, token).await;
        }
        let contact: ContactId = claims.sub.parse().map_err(|_| Code::Unauthenticated)?;
        let known = self.store.contact(account, &contact).await?;
        if record.account.require_sign_on && !known.as_ref().is_some_and(|contact| contact.verified) {
            return Err(Refusal::with(Code::SignOnRefused, "visitors of this account sign in with the company").into());
        }
        let name = known.as_ref().and_then(|known| known.name.clone());
        let survivor = self.survivor(account, contact.clone()).await?;
        // That somebody merged them says who they are, not that they have signed in: they stay who they were.
        let signed_in = known.as_ref().is_some_and(|contact| contact.verified);
        let vouched_for = self.store.contact(account, &survivor).await?.is_some_and(|contact| contact.verified);
        let contact = if vouched_for && !signed_in { contact } else { survivor };
        self.visitor_token(account, &contact, name)
    }

    /// An agent's access for another hour, with what they may do now. The same token renews it until its own end: from
    /// time to time the company's sign-on has to say again who they are.
    async fn refreshed_agent(
        &self,
        account: &AccountId,
        claims: &Claims,
        token: &str,
    ) -> Result<TokenResponse, AppError> {
        let agent: AgentId = claims.sub.parse().map_err(|_| Code::Unauthenticated)?;
        let record = self.store.agent(account, &agent).await?.ok_or(Code::Unauthenticated)?;
        if record.agent.disabled {
            return Err(Refusal::with(Code::SignOnRefused, "this agent is switched off").into());
        }
        let access = self.response(&agent_claims(account, &record.agent))?;
        Ok(TokenResponse { refresh_token: Some(token.to_owned()), ..access })
    }

    async fn exchanged(
        &self,
        account: &AccountId,
        record: &AccountRecord,
        request: &TokenRequest,
    ) -> Result<TokenResponse, AppError> {
        let token =
            request.subject_token.as_deref().ok_or_else(|| Refusal::with(Code::InvalidField, "subject_token"))?;
        let kind = request.subject_token_type.as_deref().unwrap_or(JWT);
        if kind == REFRESH_TYPE {
            return self.refreshed(account, record, token).await;
        }
        let issuers = record.issuers()?;
        let (identity, subject) = match kind {
            JWT | "urn:ietf:params:oauth:token-type:id_token" | "urn:ietf:params:oauth:token-type:access_token" => {
                let (identity, issuer) = self.external_identity(token, &issuers).await?;
                (identity, issuer.subject)
            }
            HMAC => (by_identifier(token, request, &issuers)?, SubjectKind::Visitor),
            _ => return Err(Refusal::with(Code::UnsupportedGrant, "subject_token_type").into()),
        };
        let asked = request.scope.as_deref();
        if asked.is_some_and(|scope| (scope == "agent") != (subject == SubjectKind::Agent)) {
            return Err(Refusal::with(Code::SignOnRefused, "this sign-on is not for that scope").into());
        }
        match subject {
            SubjectKind::Visitor => {
                let contact = self.known_contact(account, identity).await?;
                self.visitor_token(account, &contact.id, contact.name)
            }
            SubjectKind::Agent => {
                let agent = self.known_agent(account, identity).await?;
                self.agent_token(account, &agent)
            }
        }
    }

    /// The contact that a company's person is; what the company says of them now is taken over.
    async fn known_contact(&self, account: &AccountId, identity: ExternalIdentity) -> Result<Contact, AppError> {
        let fresh = ContactId::new(ulid::Ulid::generate());
        let id = match self.store.who_is(account, Reference::Contact, &identity.id).await? {
            Some(id) => id,
            None => self.store.claim(account, Reference::Contact, &identity.id, fresh.as_str()).await?,
        };
        let id: ContactId = id.parse().map_err(|_| AppError::Failed("a contact's id".into()))?;
        let id = self.survivor(account, id).await?;
        let ExternalIdentity { id: external, name, email, phone, avatar, attributes, .. } = identity;
        let said = ContactChange { name, email, phone, avatar, attributes, ..ContactChange::default() };
        // Two tabs may sign in at once: who comes second finds what the first wrote.
        for _ in 0..3 {
            let before = self.store.contact(account, &id).await?;
            let mut contact = before.clone().unwrap_or_else(|| crate::contacts::blank(id.clone(), self.now()));
            contact.external_id.get_or_insert_with(|| external.clone());
            contact.verified = true;
            crate::contacts::take_over(&mut contact, &said);
            claims::confirm(&mut contact, &said);
            if before.as_ref() == Some(&contact) {
                return Ok(contact);
            }
            match self.store.write_contact(account, &contact, None).await {
                Ok(()) => return Ok(contact),
                Err(StoreError::Condition) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Code::Busy.into())
    }

    /// The agent that a company's person is. Whom the company gives a role, and nobody knows yet, is made an agent.
    async fn known_agent(&self, account: &AccountId, identity: ExternalIdentity) -> Result<Agent, AppError> {
        let known = self.store.who_is(account, Reference::Agent, &identity.id).await?;
        let role = highest(&identity.roles);
        let record = match &known {
            Some(id) => {
                let id: AgentId = id.parse().map_err(|_| AppError::Failed("an agent's id".into()))?;
                self.store.agent(account, &id).await?
            }
            None => None,
        };
        if let Some(record) = record {
            if record.agent.disabled {
                return Err(Refusal::with(Code::SignOnRefused, "this agent is switched off").into());
            }
            return self.renewed(account, record, identity, role).await;
        }
        let Some(role) = role else {
            return Err(Refusal::with(Code::SignOnRefused, "the company gives this person no role here").into());
        };
        let id = AgentId::new(ulid::Ulid::generate());
        let claimed = self.store.claim(account, Reference::Agent, &identity.id, id.as_str()).await?;
        let id: AgentId = claimed.parse().map_err(|_| AppError::Failed("an agent's id".into()))?;
        let agent = Agent {
            id,
            name: identity.name.unwrap_or_else(|| identity.id.clone()),
            external_id: Some(identity.id),
            email: identity.email,
            avatar: identity.avatar,
            role,
            teams: identity.teams.iter().filter_map(|team| team.parse().ok()).collect(),
            skills: vec![],
            capacity: crate::agents::DEFAULT_CAPACITY,
            status: PresenceStatus::Offline,
            load: 0,
            disabled: false,
        };
        self.put_agent(account, &agent).await?;
        Ok(agent)
    }

    /// Takes over what the company says of an agent now.
    async fn renewed(
        &self,
        account: &AccountId,
        record: AgentRecord,
        identity: ExternalIdentity,
        role: Option<Role>,
    ) -> Result<Agent, AppError> {
        let mut agent = record.agent.clone();
        agent.name = identity.name.unwrap_or(agent.name);
        agent.email = identity.email.or(agent.email);
        agent.avatar = identity.avatar.or(agent.avatar);
        agent.role = role.unwrap_or(agent.role);
        let teams: Vec<_> = identity.teams.iter().filter_map(|team| team.parse().ok()).collect();
        if !teams.is_empty() {
            agent.teams = teams;
        }
        if agent != record.agent {
            self.rewrite_agent(account, &record, &agent).await?;
        }
        if agent.role < record.agent.role {
            // An old token says the old role. The one that is given now is of the next second.
            let before = self.now() - jiff::SignedDuration::from_secs(1);
            self.revoke_until(account, &Who::Agent(agent.id.clone(), agent.role), before).await?;
        }
        Ok(agent)
    }

    fn visitor_token(
        &self,
        account: &AccountId,
        contact: &ContactId,
        name: Option<String>,
    ) -> Result<TokenResponse, AppError> {
        let claims = Claims { name, ..Claims::about(account.as_str(), Kind::Visitor, contact.as_str()) };
        let refresh_token = Some(self.mint(TokenType::Visitor, &claims)?);
        Ok(TokenResponse { refresh_token, ..self.response(&claims)? })
    }

    /// A token for an agent whose identity has been proved.
    pub(crate) fn agent_token(&self, account: &AccountId, agent: &Agent) -> Result<TokenResponse, AppError> {
        let claims = agent_claims(account, agent);
        let refresh_token = Some(self.mint(TokenType::Agent, &claims)?);
        Ok(TokenResponse { refresh_token, ..self.response(&claims)? })
    }

    fn response(&self, claims: &Claims) -> Result<TokenResponse, AppError> {
        Ok(TokenResponse {
            access_token: self.mint(TokenType::Access, claims)?,
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token".into(),
            token_type: "Bearer".into(),
            expires_in: TokenType::Access.seconds(),
            refresh_token: None,
            subject: claims.sub.clone(),
        })
    }

    pub(crate) fn mint(&self, token: TokenType, claims: &Claims) -> Result<String, AppError> {
        let jti = ulid::Ulid::generate().to_string();
        let minted = self.signing_keys()?.mint(token, claims, self.now().as_second(), jti);
        minted.map_err(|error| AppError::Failed(error.to_string()))
    }

    /// What a token says, if it is good and not revoked.
    pub(crate) async fn verify(&self, token: TokenType, text: &str) -> Result<Claims, AppError> {
        let claims = self.signing_keys()?.verify(token, text, self.now().as_second()).map_err(|error| match error {
            TokenError::Expired => AppError::from(Code::TokenExpired),
            TokenError::Invalid => AppError::from(Code::Unauthenticated),
        })?;
        let account: AccountId = claims.aud.parse().map_err(|_| Code::Unauthenticated)?;
        if self.store.revoked(&account, &claims.sub).await?.is_some_and(|at| claims.iat <= at) {
            return Err(Refusal::with(Code::Unauthenticated, "the token was revoked").into());
        }
        Ok(claims)
    }

    /// The caller whom an `Authorization: Bearer` header names.
    ///
    /// # Errors
    /// [`Code::Unauthenticated`], [`Code::TokenExpired`].
    pub async fn authenticate(&self, header: Option<&str>, trace: Option<String>) -> Result<Caller, AppError> {
        let token = header.and_then(|header| header.strip_prefix("Bearer ")).ok_or(Code::Unauthenticated)?;
        let claims = self.verify(TokenType::Access, token.trim()).await?;
        let caller = Caller { trace, ..caller_of(&claims)? };
        self.rates.take_account(caller.account())?;
        Ok(caller)
    }

    /// Makes all of somebody's tokens void, and closes their sockets.
    ///
    /// # Errors
    /// The table fails.
    pub async fn revoke(&self, account: &AccountId, who: &Who) -> Result<(), AppError> {
        self.revoke_until(account, who, self.now()).await
    }

    /// The same, for tokens that were made until then.
    async fn revoke_until(&self, account: &AccountId, who: &Who, now: Time) -> Result<(), AppError> {
        let principal = Principal { account: account.clone(), who: who.clone() };
        let until = now + jiff::SignedDuration::from_secs(VISITOR_SECONDS);
        self.store.revoke(account, &principal.author().id.unwrap_or_default(), now, until).await?;
        let connections = match who {
            Who::Visitor(contact) => self.store.contact_connections(account, contact).await?,
            Who::Agent(agent, _) => self.store.desk(account, agent).await?.leases.into_keys().collect(),
            Who::Bot | Who::System => vec![],
        };
        for connection in connections {
            self.push.close(&connection).await;
        }
        Ok(())
    }
}

fn agent_claims(account: &AccountId, agent: &Agent) -> Claims {
    Claims {
        name: Some(agent.name.clone()),
        role: Some(role_word(agent.role).to_owned()),
        ..Claims::about(account.as_str(), Kind::Agent, agent.id.as_str())
    }
}

/// The caller that claims tell of.
pub(crate) fn caller_of(claims: &Claims) -> Result<Caller, AppError> {
    let bad = |_| AppError::from(Code::Unauthenticated);
    let who = match claims.kind {
        Kind::Visitor => Who::Visitor(claims.sub.parse().map_err(bad)?),
        Kind::Agent => Who::Agent(claims.sub.parse().map_err(bad)?, role_of(claims.role.as_deref())),
    };
    Ok(Caller {
        principal: Principal { account: claims.aud.parse().map_err(bad)?, who },
        name: claims.name.clone(),
        connection: None,
        expires: Time::from_second(claims.session_exp.unwrap_or(claims.exp)).map_err(|_| Code::Unauthenticated)?,
        trace: None,
        origin: None,
    })
}

fn by_identifier(token: &str, request: &TokenRequest, issuers: &[IssuerConfig]) -> Result<ExternalIdentity, AppError> {
    let identifier = request.identifier.as_deref().ok_or_else(|| Refusal::with(Code::InvalidField, "identifier"))?;
    let fits =
        issuers.iter().filter(|issuer| issuer.subject == SubjectKind::Visitor).any(|issuer| match &issuer.keys {
            Keys::Hs256 { secret } => verify_identifier(secret, identifier, token),
            Keys::Jwks { .. } => false,
        });
    if !fits {
        return Err(Refusal::with(Code::SignOnRefused, "token_signature_invalid").into());
    }
    Ok(ExternalIdentity { id: identifier.to_owned(), ..ExternalIdentity::default() })
}

fn highest(roles: &[String]) -> Option<Role> {
    roles.iter().filter_map(|role| parse_role(role)).max()
}

fn parse_role(word: &str) -> Option<Role> {
    match word {
        "agent" => Some(Role::Agent),
        "supervisor" => Some(Role::Supervisor),
        "admin" => Some(Role::Admin),
        _ => None,
    }
}

/// The role that a claim or an authorizer's context names; the least where it names none.
pub fn role_of(word: Option<&str>) -> Role {
    word.and_then(parse_role).unwrap_or(Role::Agent)
}

/// The word for a role.
pub fn role_word(role: Role) -> &'static str {
    match role {
        Role::Agent => "agent",
        Role::Supervisor => "supervisor",
        Role::Admin => "admin",
    }
}
