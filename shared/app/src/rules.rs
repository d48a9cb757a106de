//! An account's rules file: written, checked, kept by the hash of its text, and read once per environment.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use deskwire_domain::{AccountId, Code, Refusal, Time, limits};
use deskwire_protocol::http::{CheckedRules, Page, RuleBook, SecretName, SecretValue};
use deskwire_rules::Book;
use deskwire_store::{Document, Versioned};
use lru::LruCache;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// The name of the one document of kind `Rules`.
const RULES: &str = "rules";
/// Bytes of a secret: a private key in PEM is 3 KB.
const SECRET_BYTES: usize = 8 * 1024;
/// Files that an environment keeps in memory: of so many accounts.
const BOOKS: NonZeroUsize = NonZeroUsize::new(256).expect("not zero");
/// How long a query may take the file that was in force a moment ago: a read for each would cost more than a hit.
const MOMENT: Duration = Duration::from_secs(1);

/// Which file is in force.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct InForce {
    hash: String,
    updated: Time,
}

/// A secret as it is stored.
#[derive(Clone, Serialize, Deserialize)]
struct SecretRecord {
    name: String,
    value: String,
    updated: Time,
}

/// A file that was read, with the hash of its text.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub hash: String,
    pub book: Book,
}

/// Files that this environment has read: by their hash, and which an account had in force a moment ago.
#[derive(Debug)]
pub(crate) struct Books {
    by_hash: Mutex<LruCache<String, Arc<Known>>>,
    in_force: Mutex<LruCache<AccountId, (Instant, Arc<Known>)>>,
}

impl Default for Books {
    fn default() -> Self {
        Self { by_hash: Mutex::new(LruCache::new(BOOKS)), in_force: Mutex::new(LruCache::new(BOOKS)) }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl App {
    /// The rules and queries of an account that are in force; none where nobody wrote any.
    pub(crate) async fn book(&self, account: &AccountId) -> Result<Arc<Known>, AppError> {
        let found = self.store.document::<InForce>(account, Document::Rules, RULES).await?;
        let known = match found {
            Some(found) => self.book_of(account, &found.value.hash).await?,
            None => Arc::default(),
        };
        locked(&self.books.in_force).put(account.clone(), (Instant::now(), Arc::clone(&known)));
        Ok(known)
    }

    /// The same, as it was a moment ago at most.
    pub(crate) async fn recent_book(&self, account: &AccountId) -> Result<Arc<Known>, AppError> {
        let recent = locked(&self.books.in_force).get(account).cloned();
        match recent.filter(|(at, _)| at.elapsed() < MOMENT) {
            Some((_, known)) => Ok(known),
            None => self.book(account).await,
        }
    }

    /// A file by its hash: what was begun by one file is finished by it.
    pub(crate) async fn book_of(&self, account: &AccountId, hash: &str) -> Result<Arc<Known>, AppError> {
        if hash.is_empty() {
            return Ok(Arc::default());
        }
        if let Some(known) = locked(&self.books.by_hash).get(hash) {
            return Ok(Arc::clone(known));
        }
        let yaml = self.yaml(account, hash).await?;
        // It was checked when it was written; what a newer version wrote may be more than this one knows.
        let book = Book::read(&yaml).map_err(|mistakes| {
            let line = mistakes.first().map_or(0, |mistake| mistake.line);
            AppError::Failed(format!("the rules file of {account} cannot be read any more: line {line}"))
        })?;
        let known = Arc::new(Known { hash: hash.to_owned(), book });
        locked(&self.books.by_hash).put(hash.to_owned(), Arc::clone(&known));
        Ok(known)
    }

    async fn yaml(&self, account: &AccountId, hash: &str) -> Result<String, AppError> {
        let found = self.store.document::<String>(account, Document::RulesFile, hash).await?;
        Ok(found.ok_or_else(|| AppError::Failed("a rules file is missing".to_owned()))?.value)
    }

    /// The file that is in force.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is none.
    pub async fn read_rules(&self, caller: &Caller) -> Result<RuleBook, AppError> {
        let account = caller.account();
        let Some(found) = self.store.document::<InForce>(account, Document::Rules, RULES).await? else {
            return Err(Refusal::with(Code::NotFound, "there is no rules file yet: PUT one").into());
        };
        let (known, yaml) =
            (self.book_of(account, &found.value.hash).await?, self.yaml(account, &found.value.hash).await?);
        Ok(shown(&known.book, (found.version, found.value.updated), yaml))
    }

    /// Puts a file into force, if it has no mistakes; else the old one stays.
    ///
    /// # Errors
    /// [`Code::InvalidRules`] with every mistake.
    pub async fn put_rules(&self, caller: &Caller, yaml: String) -> Result<RuleBook, AppError> {
        let book = checked(&yaml)?;
        let account = caller.account();
        let hash = hex::encode(Sha256::digest(&yaml));
        let before = self.store.document::<InForce>(account, Document::Rules, RULES).await?;
        let version = before.as_ref().map_or(0, |before| before.version);
        if let Some(before) = before.filter(|before| before.value.hash == hash) {
            return Ok(shown(&book, (version, before.value.updated), yaml));
        }
        self.put_document(account, Document::RulesFile, (&hash, yaml.clone())).await?;
        let updated = self.now();
        let in_force = Versioned { value: InForce { hash: hash.clone(), updated }, version };
        self.store.write_document(account, Document::Rules, RULES, &in_force).await?;
        let shown = shown(&book, (version + 1, updated), yaml);
        let known = Arc::new(Known { hash: hash.clone(), book });
        locked(&self.books.by_hash).put(hash, Arc::clone(&known));
        locked(&self.books.in_force).put(account.clone(), (Instant::now(), known));
        Ok(shown)
    }

    /// Checks a file, and changes nothing.
    ///
    /// # Errors
    /// [`Code::InvalidRules`] with every mistake.
    pub async fn check_rules(&self, caller: &Caller, yaml: &str) -> Result<CheckedRules, AppError> {
        let book = checked(yaml)?;
        let mut missing: Vec<String> = book.queries.values().flat_map(|query| query.secrets.iter().cloned()).collect();
        missing.sort();
        missing.dedup();
        let there = self.secrets(caller.account(), missing.iter()).await?;
        missing.retain(|name| !there.contains_key(name));
        Ok(CheckedRules { rules: book.rules.len(), queries: book.queries.len(), missing_secrets: missing })
    }

    /// Secrets by name, those that there are.
    pub(crate) async fn secrets(
        &self,
        account: &AccountId,
        names: impl Iterator<Item = &String>,
    ) -> Result<Map<String, Value>, AppError> {
        let mut secrets = Map::new();
        for name in names {
            if let Some(found) = self.store.document::<SecretRecord>(account, Document::Secret, name).await? {
                secrets.insert(name.clone(), found.value.value.into());
            }
        }
        Ok(secrets)
    }

    /// Sets a secret.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_secret(&self, caller: &Caller, name: &str, secret: SecretValue) -> Result<(), AppError> {
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if name.is_empty() || name.len() > limits::LABEL_CHARS || !name.bytes().all(letters) {
            let detail = format!("name: 1 to {} small letters, digits and _", limits::LABEL_CHARS);
            return Err(Refusal::with(Code::InvalidField, detail).into());
        }
        if secret.value.is_empty() || secret.value.len() > SECRET_BYTES {
            return Err(Refusal::with(Code::InvalidField, format!("value: 1 to {SECRET_BYTES} bytes")).into());
        }
        let record = SecretRecord { name: name.to_owned(), value: secret.value, updated: self.now() };
        self.put_document(caller.account(), Document::Secret, (name, record)).await
    }

    /// The names of secrets.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_secrets(
        &self,
        caller: &Caller,
        (cursor, limit): (Option<&str>, Option<usize>),
    ) -> Result<Page<SecretName>, AppError> {
        let page = self.list_documents::<SecretRecord>(caller, Document::Secret, (cursor, limit)).await?;
        let name = |record: SecretRecord| SecretName { name: record.name, updated: record.updated };
        Ok(Page { data: page.data.into_iter().map(name).collect(), next_cursor: page.next_cursor })
    }
}

fn checked(yaml: &str) -> Result<Book, Refusal> {
    Book::read(yaml).map_err(|mistakes| {
        let first = mistakes.first().map(|mistake| format!("line {}: {}", mistake.line, mistake.message));
        Refusal { mistakes, detail: first, ..Code::InvalidRules.into() }
    })
}

fn shown(book: &Book, (version, updated): (u64, Time), yaml: String) -> RuleBook {
    RuleBook { version, rules: book.rules.len(), queries: book.queries.len(), yaml, updated }
}
