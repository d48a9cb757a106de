//! The account: what it has configured. Secrets in it go in, and never come out again.

use deskwire_domain::{AccountId, Code, Refusal, content::check_length, limits, priority::MAX_PRIORITY};
use deskwire_identity::IssuerConfig;
use deskwire_protocol::http::{Account, AccountChange, CannedResponse, Inbox, InboxChange, LabelDefinition, Page};
use deskwire_store::{Document, Versioned};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{App, AppError, Caller, conversations::page_limit, send::ACCOUNT};

/// Issuers that one account may have.
const ISSUERS: usize = 10;
/// Priority rules that one account may have: each is looked at when a conversation begins.
const PRIORITY_RULES: usize = 100;

/// An account as it is stored.
pub struct AccountRecord {
    /// The account, secrets included.
    pub account: Account,
    version: u64,
}

impl AccountRecord {
    /// The issuers of tokens that it accepts.
    ///
    /// # Errors
    /// What is stored cannot be read.
    pub fn issuers(&self) -> Result<Vec<IssuerConfig>, AppError> {
        let read = |value: &Value| serde_json::from_value(value.clone()).map_err(|e| AppError::Failed(e.to_string()));
        self.account.sign_on.iter().map(read).collect()
    }

    /// The account as its administrators may see it.
    fn shown(&self) -> Account {
        let mut account = self.account.clone();
        for issuer in &mut account.sign_on {
            if let Some(keys) = issuer.get_mut("keys").and_then(Value::as_object_mut) {
                keys.remove("secret");
            }
        }
        account
    }
}

impl App {
    /// An account.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn account(&self, account: &AccountId) -> Result<AccountRecord, AppError> {
        let found = self.store.document::<Account>(account, Document::Account, ACCOUNT).await?;
        let found = found.ok_or_else(|| Refusal::with(Code::NotFound, "account"))?;
        Ok(AccountRecord { account: found.value, version: found.version })
    }

    /// The account as its administrators may see it.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_account(&self, caller: &Caller) -> Result<Account, AppError> {
        Ok(self.account(caller.account()).await?.shown())
    }

    /// How long an agent may be away before their conversations go back to the queue.
    pub(crate) async fn grace(&self, account: &AccountId) -> Result<jiff::SignedDuration, AppError> {
        Ok(jiff::SignedDuration::from_secs(self.account(account).await?.account.grace_seconds))
    }

    /// Changes the account's configuration; all of it is checked before any of it is written.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn change_account(&self, caller: &Caller, change: AccountChange) -> Result<Account, AppError> {
        let mut record = self.account(caller.account()).await?;
        if let Some(issuers) = change.sign_on {
            record.account.sign_on = checked_issuers(issuers)?;
        }
        if let Some(rules) = change.priority_rules {
            if rules.len() > PRIORITY_RULES || rules.iter().any(|rule| rule.priority > MAX_PRIORITY) {
                return Err(Refusal::with(
                    Code::InvalidField,
                    format!("priority_rules: at most {PRIORITY_RULES}, priority 0 to {MAX_PRIORITY}"),
                )
                .into());
            }
            record.account.priority_rules = rules;
        }
        if let Some(inbox) = change.default_inbox {
            let found = self.store.document::<Inbox>(caller.account(), Document::Inbox, inbox.as_str()).await?;
            found.ok_or_else(|| Refusal::with(Code::NotFound, "default_inbox"))?;
            record.account.default_inbox = Some(inbox);
        }
        if let Some(name) = change.name {
            check_length("name", &name, limits::NAME_CHARS)?;
            record.account.name = name;
        }
        if let Some(seconds) = change.grace_seconds {
            let (least, most) = (limits::GRACE_SECONDS_MIN, limits::GRACE_SECONDS_MAX);
            if !(least..=most).contains(&seconds) {
                return Err(Refusal::with(Code::InvalidField, format!("grace_seconds: {least} to {most}")).into());
            }
            record.account.grace_seconds = seconds;
        }
        record.account.require_sign_on = change.require_sign_on.unwrap_or(record.account.require_sign_on);
        let document = Versioned { value: record.account.clone(), version: record.version };
        self.store.write_document(caller.account(), Document::Account, ACCOUNT, &document).await?;
        Ok(record.shown())
    }

    /// A page of documents of a kind.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_documents<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        kind: Document,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<T>, AppError> {
        let (data, next_cursor) = self.store.documents(caller.account(), kind, cursor, page_limit(limit)?).await?;
        Ok(Page { data, next_cursor })
    }

    /// A document of a kind.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_document<T: DeserializeOwned>(
        &self,
        caller: &Caller,
        kind: Document,
        name: &str,
    ) -> Result<T, AppError> {
        let found = self.store.document(caller.account(), kind, name).await?;
        Ok(found.ok_or(Code::NotFound)?.value)
    }

    /// Makes a document, or writes it anew.
    pub(crate) async fn put_document<T: Serialize + DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
        (name, value): (&str, T),
    ) -> Result<(), AppError> {
        let version = self.store.document::<T>(account, kind, name).await?.map_or(0, |found| found.version);
        Ok(self.store.write_document(account, kind, name, &Versioned { value, version }).await?)
    }

    /// Deletes a document.
    ///
    /// # Errors
    /// A failure.
    pub async fn delete_document(&self, caller: &Caller, kind: Document, name: &str) -> Result<(), AppError> {
        Ok(self.store.delete_document(caller.account(), kind, name).await?)
    }

    /// Makes or changes a canned response.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_canned(
        &self,
        caller: &Caller,
        short: &str,
        response: CannedResponse,
    ) -> Result<CannedResponse, AppError> {
        check_length("short", &response.short, limits::LABEL_CHARS)?;
        deskwire_domain::content::check_text(&response.text)?;
        same_name(short, &response.short)?;
        self.put_document(caller.account(), Document::CannedResponse, (short, response.clone())).await?;
        Ok(response)
    }

    /// Makes or changes a label.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_label(
        &self,
        caller: &Caller,
        name: &str,
        label: LabelDefinition,
    ) -> Result<LabelDefinition, AppError> {
        check_length("name", &label.name, limits::LABEL_CHARS)?;
        same_name(name, &label.name)?;
        self.put_document(caller.account(), Document::Label, (name, label.clone())).await?;
        Ok(label)
    }

    /// Makes an inbox, or changes one.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_inbox(
        &self,
        caller: &Caller,
        id: Option<deskwire_domain::InboxId>,
        change: InboxChange,
    ) -> Result<Inbox, AppError> {
        let account = caller.account();
        let before = match &id {
            Some(id) => self
                .store
                .document::<Inbox>(account, Document::Inbox, id.as_str())
                .await?
                .map(Some)
                .ok_or(Code::NotFound)?,
            None => None,
        };
        let team = change.team.or_else(|| before.as_ref().map(|before| before.value.team.clone()));
        let team = team.ok_or_else(|| Refusal::with(Code::InvalidField, "team"))?;
        self.store
            .document::<Value>(account, Document::Team, team.as_str())
            .await?
            .ok_or_else(|| Refusal::with(Code::NotFound, "team"))?;
        let value = before.as_ref().map(|before| before.value.clone());
        let inbox = Inbox {
            id: id.unwrap_or_else(|| deskwire_domain::InboxId::new(ulid::Ulid::generate())),
            name: change.name.or_else(|| value.as_ref().map(|v| v.name.clone())).unwrap_or_default(),
            channel: change
                .channel
                .or_else(|| value.as_ref().map(|v| v.channel.clone()))
                .unwrap_or_else(|| "web_widget".into()),
            team,
            reopen_seconds: change
                .reopen_seconds
                .or(value.as_ref().map(|v| v.reopen_seconds))
                .unwrap_or(limits::REOPEN_SECONDS),
            bot: change.bot.or(value.as_ref().map(|v| v.bot)).unwrap_or(false),
            hours: change.hours.unwrap_or_else(|| value.as_ref().and_then(|v| v.hours.clone())),
            widget: change.widget.or_else(|| value.as_ref().map(|v| v.widget.clone())).unwrap_or_default(),
        };
        inbox.hours.as_ref().map_or(Ok(()), deskwire_domain::BusinessHours::check)?;
        crate::widget::check_settings(&inbox.widget)?;
        check_length("name", &inbox.name, limits::NAME_CHARS)?;
        let document = Versioned { value: inbox.clone(), version: before.map_or(0, |before| before.version) };
        self.store.write_document(account, Document::Inbox, inbox.id.as_str(), &document).await?;
        Ok(inbox)
    }
}

fn same_name(address: &str, body: &str) -> Result<(), Refusal> {
    if address == body {
        Ok(())
    } else {
        Err(Refusal::with(Code::InvalidField, "the address and the body name different things"))
    }
}

fn checked_issuers(issuers: Vec<Value>) -> Result<Vec<Value>, Refusal> {
    if issuers.len() > ISSUERS {
        return Err(Refusal::with(Code::InvalidField, format!("sign_on: at most {ISSUERS}")));
    }
    for (index, value) in issuers.iter().enumerate() {
        let bad = |why: String| Refusal::with(Code::InvalidField, format!("sign_on/{index}{why}"));
        let issuer: IssuerConfig = serde_json::from_value(value.clone()).map_err(|error| bad(format!(": {error}")))?;
        issuer.validate().map_err(|error| bad(error.to_string()))?;
    }
    Ok(issuers)
}
