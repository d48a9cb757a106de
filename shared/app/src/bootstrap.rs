//! A first account: what a new installation, a demo or a test begins with. All of it can be done again.

pub use deskwire_domain::Role;
use deskwire_domain::{AccountId, AgentId, InboxId, TeamId, limits, routing::DEFAULT_RULES};
pub use deskwire_identity::SubjectKind;
use deskwire_identity::{ClaimMapping, IssuerConfig, Keys, SigningKeys};
use deskwire_protocol::{
    client::PresenceStatus,
    http::{Account, Agent, Inbox, Team, WidgetSettings},
};
use deskwire_store::Document;

use crate::{App, AppError, agents::DEFAULT_CAPACITY, send::ACCOUNT};

/// An account to begin with: one team, one inbox, some agents.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// Its id, without `acc_`.
    pub name: String,
    /// The secret with which the company signs its visitors' and agents' tokens (HS256).
    pub sign_on_secret: String,
    /// The agents' names and roles; their ids are `agt_` and the name in lower case.
    pub agents: Vec<(String, Role)>,
}

/// The `iss` of the demo company's tokens about visitors, and about agents.
pub const DEMO_ISSUERS: [(&str, SubjectKind); 2] =
    [("https://shop.example", SubjectKind::Visitor), ("https://staff.example", SubjectKind::Agent)];

impl App {
    /// Makes the account, unless it is there; answers its id.
    ///
    /// # Errors
    /// A failure.
    pub async fn begin_account(&self, beginning: &Beginning) -> Result<AccountId, AppError> {
        let account = AccountId::new(&beginning.name);
        let (team, inbox) = (TeamId::new("support"), InboxId::new("web"));
        if self.store.document::<Account>(&account, Document::Account, ACCOUNT).await?.is_some() {
            return Ok(account);
        }
        let support = Team {
            id: team.clone(),
            name: "Support".into(),
            routing: DEFAULT_RULES.to_vec(),
            auto_assign: true,
            agents: vec![],
        };
        self.put_document(&account, Document::Team, (team.as_str(), support)).await?;
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
        self.put_document(&account, Document::Inbox, (inbox.as_str(), web)).await?;
        for (name, role) in &beginning.agents {
            self.begin_agent(&account, name, *role, &team).await?;
        }
        // The account comes last: while it is not there, all of this is done again.
        let record = Account {
            id: account.clone(),
            name: beginning.name.clone(),
            default_inbox: Some(inbox),
            require_sign_on: false,
            priority_rules: vec![],
            grace_seconds: limits::GRACE_SECONDS,
            sign_on: issuers(beginning)?,
        };
        self.put_document(&account, Document::Account, (ACCOUNT, record)).await?;
        Ok(account)
    }

    async fn begin_agent(&self, account: &AccountId, name: &str, role: Role, team: &TeamId) -> Result<(), AppError> {
        let external = name.to_lowercase();
        let agent = Agent {
            id: AgentId::new(&external),
            external_id: Some(external.clone()),
            name: name.to_owned(),
            email: None,
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

fn issuers(beginning: &Beginning) -> Result<Vec<serde_json::Value>, AppError> {
    let issuer = |(issuer, subject): &(&str, SubjectKind)| IssuerConfig {
        issuer: (*issuer).to_owned(),
        audiences: vec!["deskwire".into()],
        subject: *subject,
        keys: Keys::Hs256 { secret: beginning.sign_on_secret.clone() },
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
