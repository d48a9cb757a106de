//! What a widget must know before anybody has said who they are; and what its visitors may say of themselves.
//!
//! It is asked for on every page of a company's site, by anybody: so an environment remembers what it answered for a
//! few seconds, and a page costs no read.

use std::{
    collections::BTreeSet,
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use deskwire_domain::{AccountId, AgentId, BusinessHours, Code, ContactId, InboxId, Refusal, Who, limits};
use deskwire_protocol::http::{
    AgentProfile, Contact, ContactChange, FieldKind, FormField, Inbox, Login, SignOnOptions, Team, Texts, WidgetConfig,
    WidgetInbox, WidgetSettings,
};
use deskwire_store::Document;
use lru::LruCache;

use crate::{App, AppError, Caller, accounts::AccountRecord};

/// How far behind an answer may be: whether somebody is there is no promise by the second.
const BEHIND: Duration = Duration::from_secs(5);
/// Inboxes whose answers are remembered: with their texts a few megabytes.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(500).expect("not zero");
/// Agents of a team that are looked at until one is found to be there: one batch of the table.
const LOOKED_AT: usize = 100;
/// Fields of one form: whoever is asked for more leaves.
const FIELDS: usize = 10;
/// Choices of one field.
const CHOICES: usize = 50;
/// Languages of one text.
const LANGUAGES: usize = 20;
/// What a visitor may always say of themselves.
const OWN: [&str; 3] = ["name", "email", "phone"];

type Asked = (AccountId, Option<InboxId>);

/// What was answered a moment ago.
pub(crate) struct Widgets(Mutex<LruCache<Asked, (Instant, WidgetConfig)>>);

impl Default for Widgets {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Widgets {
    fn recent(&self, asked: &Asked) -> Option<WidgetConfig> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(asked).filter(|(at, _)| at.elapsed() < BEHIND).map(|(_, config)| config.clone())
    }

    fn keep(&self, asked: Asked, config: WidgetConfig) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(asked, (Instant::now(), config));
    }
}

impl App {
    /// What the widget of an inbox, or of the account's first, needs to know.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::RateLimited`], or a failure.
    pub async fn widget(&self, account: &AccountId, inbox: Option<&InboxId>) -> Result<WidgetConfig, AppError> {
        self.rates.take_account(account)?;
        let asked = (account.clone(), inbox.cloned());
        if let Some(config) = self.widgets.recent(&asked) {
            return Ok(config);
        }
        let config = self.make_widget(account, inbox).await?;
        self.widgets.keep(asked, config.clone());
        Ok(config)
    }

    async fn make_widget(&self, account: &AccountId, inbox: Option<&InboxId>) -> Result<WidgetConfig, AppError> {
        let AccountRecord { account: settings, .. } = self.account(account).await?;
        let id = inbox.or(settings.default_inbox.as_ref());
        let id = id.ok_or_else(|| Refusal::with(Code::InvalidField, "the account has no default inbox: name one"))?;
        let found = self.store.document::<Inbox>(account, Document::Inbox, id.as_str()).await?;
        let inbox = found.ok_or_else(|| Refusal::with(Code::NotFound, "inbox"))?.value;
        let hours = match &inbox.hours {
            Some(hours) => Some(hours.clone()),
            None => self.ai_settings(account).await?.hours,
        };
        let open = hours.as_ref().is_none_or(|hours| hours.is_open(self.now()));
        let next = |hours: &BusinessHours| hours.next_opening(self.now());
        Ok(WidgetConfig {
            account: account.clone(),
            company: settings.name,
            open,
            opens_at: if open { None } else { hours.as_ref().and_then(next) },
            online: self.somebody_is_there(account, &inbox.team).await?,
            bot: inbox.bot,
            require_sign_on: settings.require_sign_on,
            inbox: WidgetInbox { id: inbox.id, name: inbox.name },
            settings: inbox.widget,
        })
    }

    async fn somebody_is_there(&self, account: &AccountId, team: &deskwire_domain::TeamId) -> Result<bool, AppError> {
        let team = self.store.document::<Team>(account, Document::Team, team.as_str()).await?;
        let mut agents = team.map(|team| team.value.agents).unwrap_or_default();
        agents.truncate(LOOKED_AT);
        let found = self.store.agents(account, &agents).await?;
        Ok(found.iter().any(|(record, desk)| record.is_available(desk, self.now())))
    }

    /// How agents of an account sign in.
    ///
    /// # Errors
    /// [`Code::NotFound`], [`Code::RateLimited`], or a failure.
    pub async fn sign_on_options(&self, account: &AccountId) -> Result<SignOnOptions, AppError> {
        self.rates.take_account(account)?;
        let record = self.account(account).await?;
        let login = |issuer: deskwire_identity::IssuerConfig| {
            let login = issuer.login?;
            Some(Login {
                label: login.label,
                issuer: issuer.issuer,
                authorization_endpoint: login.authorization_endpoint,
                token_endpoint: login.token_endpoint,
                client_id: login.client_id,
                scope: login.scope,
            })
        };
        Ok(SignOnOptions {
            account: account.clone(),
            logins: record.issuers()?.into_iter().filter_map(login).collect(),
            name: record.account.name,
            require_sign_on: record.account.require_sign_on,
        })
    }

    /// An agent, as far as visitors may know them.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn agent_profile(&self, caller: &Caller, agent: &AgentId) -> Result<AgentProfile, AppError> {
        let record = self.store.agent(caller.account(), agent).await?.ok_or(Code::NotFound)?;
        Ok(AgentProfile { id: record.agent.id, name: record.agent.name, avatar: record.agent.avatar })
    }

    /// What a visitor says of themselves: what the forms of the account's inboxes ask for, and of whom the company
    /// vouches for only what it does not say itself.
    ///
    /// # Errors
    /// [`Code::Forbidden`] with what may not be said, [`Code::NotFound`] where it is somebody else.
    pub(crate) async fn change_oneself(
        &self,
        caller: &Caller,
        me: &ContactId,
        change: ContactChange,
    ) -> Result<Contact, AppError> {
        if !matches!(&caller.principal.who, Who::Visitor(visitor) if visitor == me) {
            return Err(Code::NotFound.into());
        }
        let account = caller.account();
        let before = self.store.contact(account, me).await?;
        let before = before.unwrap_or_else(|| crate::contacts::blank(me.clone(), self.now()));
        check_own(&before, &change)?;
        if !change.attributes.is_empty() {
            let asked = self.asked_for(account).await?;
            if let Some(key) = change.attributes.keys().find(|key| !asked.contains(*key)) {
                return Err(Refusal::with(Code::Forbidden, format!("attributes.{key} is in no form")).into());
            }
        }
        self.write_changed_contact(caller, before, change).await
    }

    /// The keys that the forms of an account's inboxes ask for.
    async fn asked_for(&self, account: &AccountId) -> Result<BTreeSet<String>, AppError> {
        let inboxes = self.store.all_documents::<Inbox>(account, Document::Inbox).await?;
        let forms = inboxes.into_iter().flat_map(|inbox| [inbox.widget.pre_chat, inbox.widget.offline_form]);
        Ok(forms.flatten().map(|field| field.key).collect())
    }
}

/// Whether a visitor may say this of themselves.
fn check_own(before: &Contact, change: &ContactChange) -> Result<(), Refusal> {
    let forbidden = |what: &str| Err(Refusal::with(Code::Forbidden, format!("{what} is the company's to say")));
    if change.external_id.is_some() || change.avatar.is_some() || change.version.is_some() {
        return forbidden("external_id, avatar or version");
    }
    if change.tags.is_some() || !change.add_tags.is_empty() || !change.remove_tags.is_empty() {
        return forbidden("tags");
    }
    let verified = before.verified;
    let said = [("name", &before.name, &change.name), ("email", &before.email, &change.email)];
    for (what, before, now) in said.into_iter().chain([("phone", &before.phone, &change.phone)]) {
        if verified && now.is_some() && before.is_some() && before != now {
            return forbidden(what);
        }
    }
    let known = |key: &String| before.attributes.contains_key(key);
    match change.attributes.keys().find(|key| verified && known(key)) {
        Some(key) => forbidden(&format!("attributes.{key}")),
        None => Ok(()),
    }
}

/// Whether an inbox's widget can be used.
///
/// # Errors
/// [`Code::InvalidField`] that names what is wrong.
pub(crate) fn check_settings(settings: &WidgetSettings) -> Result<(), Refusal> {
    for (name, texts) in
        [("title", &settings.title), ("greeting", &settings.greeting), ("offline_message", &settings.offline_message)]
    {
        check_texts(&format!("widget.{name}"), texts)?;
    }
    let colour = |colour: &String| {
        colour.len() == 7 && colour.starts_with('#') && colour.bytes().skip(1).all(|byte| byte.is_ascii_hexdigit())
    };
    if !settings.colour.iter().all(colour) {
        return Err(invalid("widget.colour", "is not a colour such as #1a73e8"));
    }
    for (name, form) in [("pre_chat", &settings.pre_chat), ("offline_form", &settings.offline_form)] {
        if form.len() > FIELDS {
            return Err(invalid(&format!("widget.{name}"), &format!("has more than {FIELDS} fields")));
        }
        let mut keys = BTreeSet::new();
        for (place, field) in form.iter().enumerate() {
            let at = format!("widget.{name}[{place}]");
            check_field(&at, field)?;
            if !keys.insert(&field.key) {
                return Err(invalid(&format!("{at}.key"), "is there twice"));
            }
        }
    }
    Ok(())
}

fn check_field(at: &str, field: &FormField) -> Result<(), Refusal> {
    deskwire_domain::content::check_length(&format!("{at}.key"), &field.key, limits::LABEL_CHARS)?;
    check_texts(&format!("{at}.label"), &field.label)?;
    if field.label.is_empty() {
        return Err(invalid(&format!("{at}.label"), "is empty"));
    }
    let choices = field.choices.len();
    if (field.kind == FieldKind::Choice) != (1..=CHOICES).contains(&choices) {
        return Err(invalid(&format!("{at}.choices"), &format!("needs 1 to {CHOICES} where `kind` is choice")));
    }
    let length = |choice| deskwire_domain::content::check_length("choices", choice, limits::NAME_CHARS);
    field.choices.iter().try_for_each(|choice| length(choice))?;
    if OWN.contains(&field.key.as_str()) && field.kind == FieldKind::Choice {
        return Err(invalid(&format!("{at}.kind"), "cannot be a choice for a name, e-mail address or phone number"));
    }
    Ok(())
}

fn check_texts(at: &str, texts: &Texts) -> Result<(), Refusal> {
    if texts.len() > LANGUAGES {
        return Err(invalid(at, &format!("has more than {LANGUAGES} languages")));
    }
    for (language, text) in texts {
        let tag = (2..=8).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
        if !tag {
            return Err(invalid(at, "is by language, such as en or zh"));
        }
        deskwire_domain::content::check_length(at, text, limits::REASON_CHARS)?;
    }
    Ok(())
}

fn invalid(field: &str, why: &str) -> Refusal {
    Refusal::with(Code::InvalidField, format!("`{field}` {why}"))
}
