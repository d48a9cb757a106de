//! A first account: what a new installation, a demo or a test begins with. All of it can be done again.

pub use deskwire_domain::Role;
use deskwire_domain::{
    AccountId, AgentId, Code, InboxId, Refusal, TeamId, content::check_length, limits, routing::DEFAULT_RULES,
};
pub use deskwire_identity::SubjectKind;
use deskwire_identity::{ClaimMapping, IssuerConfig, Keys, SigningKeys};
use deskwire_protocol::{
    client::PresenceStatus,
    http::{Account, Agent, Inbox, Team, TokenResponse, WidgetSettings},
};
use deskwire_store::Document;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, agents::DEFAULT_CAPACITY, send::ACCOUNT};

/// An account to begin with: one team, one inbox, an administrator.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beginning {
    /// Its id, without `acc_`.
    pub name: String,
    /// Who sets up everything else.
    pub admin: FirstAgent,
    /// Who else is there at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<FirstAgent>,
    /// The secret with which the demo's company signs its visitors' and agents' tokens (HS256). Without it, nobody but
    /// the administrator can sign in until a sign-on is set up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_on_secret: Option<String>,
}

impl std::fmt::Debug for Beginning {
    /// Everything but the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Beginning").field("name", &self.name).field("admin", &self.admin).finish_non_exhaustive()
    }
}

/// One of its agents: their id is `agt_` and the name in lower case; what an id may not have is spelled out in hex.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstAgent {
    /// As visitors see it.
    pub name: String,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl FirstAgent {
    /// One with a name.
    pub fn named(name: &str) -> Self {
        Self { name: name.to_owned(), email: None }
    }

    fn external(&self) -> String {
        let spelled = |c: char| match c {
            c if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
            c if c.is_ascii() => "-".to_owned(),
            c => format!("{:x}", u32::from(c)),
        };
        self.name.trim().chars().map(spelled).collect()
    }
}

/// What was begun.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Begun {
    /// The account's id.
    pub account: AccountId,
    /// The administrator's id.
    pub agent: AgentId,
    /// Their way in, as `POST /v1/token` gives it: good at once, and for a first look at the console.
    #[serde(flatten)]
    pub token: TokenResponse,
}

/// The `iss` of the demo company's tokens about visitors, and about agents.
pub const DEMO_ISSUERS: [(&str, SubjectKind); 2] =
    [("https://shop.example", SubjectKind::Visitor), ("https://staff.example", SubjectKind::Agent)];

impl App {
    /// Makes the account, unless it is there, and lets its administrator in. Whoever may ask for it is let in: it is
    /// reached by who may invoke the function `account`, and by no address.
    ///
    /// # Errors
    /// [`Code::InvalidField`]; [`Code::NotFound`] where the account is there and that administrator is not; a failure.
    pub async fn begin_account(&self, beginning: &Beginning) -> Result<Begun, AppError> {
        let wrong = |_| Refusal::with(Code::InvalidField, "name: letters, digits, hyphens and underscores");
        let account: AccountId = format!("acc_{}", beginning.name).parse().map_err(wrong)?;
        for agent in std::iter::once(&beginning.admin).chain(&beginning.agents) {
            check_length("admin.name", agent.name.trim(), limits::NAME_CHARS)?;
        }
        if self.store.document::<Account>(&account, Document::Account, ACCOUNT).await?.is_none() {
            self.make_account(&account, beginning).await?;
        }
        let agent = AgentId::new(beginning.admin.external());
        let record = self.store.agent(&account, &agent).await?;
        let admin = record.map(|record| record.agent).filter(|agent| agent.role == Role::Admin && !agent.disabled);
        let admin = admin.ok_or_else(|| {
            Refusal::with(Code::NotFound, "the account is there, but not with an administrator of this name")
        })?;
        let token = self.agent_token(&account, &admin)?;
        Ok(Begun { account, agent, token })
    }

    async fn make_account(&self, account: &AccountId, beginning: &Beginning) -> Result<(), AppError> {
        let (team, inbox) = (TeamId::new("support"), InboxId::new("web"));
        let support = Team {
            id: team.clone(),
            name: "Support".into(),
            routing: DEFAULT_RULES.to_vec(),
            auto_assign: true,
            agents: vec![],
        };
        self.put_document(account, Document::Team, (team.as_str(), support)).await?;
        let web = Inbox {
            id: inbox.clone(),
            name: "Website".into(),
            channel: "web_widget".into(),
            team: team.clone(),
            reopen_seconds: limits::REOPEN_SECONDS,
            bot: false,
            hours: None,
            widget: WidgetSettings::default(),
        };
        self.put_document(account, Document::Inbox, (inbox.as_str(), web)).await?;
        self.begin_agent(account, &beginning.admin, Role::Admin, &team).await?;
        for agent in &beginning.agents {
            self.begin_agent(account, agent, Role::Agent, &team).await?;
        }
        // The account comes last: while it is not there, all of this is done again.
        let record = Account {
            id: account.clone(),
            name: beginning.name.clone(),
            default_inbox: Some(inbox),
            require_sign_on: false,
            priority_rules: vec![],
            grace_seconds: limits::GRACE_SECONDS,
            sign_on: beginning.sign_on_secret.as_deref().map(issuers).transpose()?.unwrap_or_default(),
        };
        self.put_document(account, Document::Account, (ACCOUNT, record)).await?;
        Ok(())
    }

    async fn begin_agent(
        &self,
        account: &AccountId,
        first: &FirstAgent,
        role: Role,
        team: &TeamId,
    ) -> Result<(), AppError> {
        let external = first.external();
        let agent = Agent {
            id: AgentId::new(&external),
            external_id: Some(external.clone()),
            name: first.name.trim().to_owned(),
            email: first.email.clone(),
            avatar: None,
            role,
            teams: vec![team.clone()],
            skills: vec![],
            capacity: DEFAULT_CAPACITY,
            status: PresenceStatus::Offline,
            load: 0,
            disabled: false,
        };
        self.store.claim(account, deskwire_store::Reference::Agent, &external, agent.id.as_str()).await?;
        self.put_agent(account, &agent).await
    }
}

/// New signing keys, from random bytes.
pub fn signing_keys(random: [u8; 32]) -> String {
    SigningKeys::generate("k1", random)
}

/// A token as the demo company's sign-on gives it, good for five minutes: of an agent by its name, with a role; or of
/// a visitor.
///
/// # Errors
/// It cannot be signed.
pub fn company_token(secret: &str, subject: SubjectKind, claims: &serde_json::Value) -> Result<String, AppError> {
    let issuer = DEMO_ISSUERS.iter().find(|(_, kind)| *kind == subject).map_or("", |(issuer, _)| *issuer);
    let mut all = claims.clone();
    let now = jiff::Timestamp::now().as_second();
    for (name, value) in
        [("iss", issuer.into()), ("aud", "deskwire".into()), ("iat", now.into()), ("exp", (now + 300).into())]
    {
        all[name] = value;
    }
    deskwire_identity::sign_on::sign(secret, &all).map_err(|error| AppError::Failed(error.to_string()))
}

fn issuers(secret: &str) -> Result<Vec<serde_json::Value>, AppError> {
    let issuer = |(issuer, subject): &(&str, SubjectKind)| IssuerConfig {
        issuer: (*issuer).to_owned(),
        audiences: vec!["deskwire".into()],
        subject: *subject,
        keys: Keys::Hs256 { secret: secret.to_owned() },
        typ: None,
        login: None,
        claims: ClaimMapping {
            attributes: [("level", "level"), ("orders", "orders")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
            ..ClaimMapping::default()
        },
    };
    let json = |config| serde_json::to_value(config).map_err(|error| AppError::Failed(error.to_string()));
    DEMO_ISSUERS.iter().map(|one| json(issuer(one))).collect()
}
