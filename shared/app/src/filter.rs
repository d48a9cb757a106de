//! The content filter: an account's word lists, and what becomes of what they find. It stands in the way of every
//! message, so it costs no read while nothing changes: an environment looks for changes every few seconds.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use deskwire_domain::{AccountId, Code, Content, Refusal};
use deskwire_filter::{Action, Filter, LISTS, Side, WordList};
use deskwire_protocol::http::Page;
use deskwire_store::Document;
use lru::LruCache;
use serde::{Deserialize, Serialize};

use crate::{App, AppError, Caller};

/// The name of the one document of kind `Filter`.
const FILTER: &str = "filter";
/// For so long a filter may be behind its lists: a read for every message would cost as much as the message.
const BEHIND: Duration = Duration::from_secs(10);
/// Accounts whose filters an environment keeps; one with 20,000 words takes a few megabytes.
const KEPT: NonZeroUsize = NonZeroUsize::new(64).expect("not zero");

/// Which lists are in force: its version goes up with each change of any.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct InForce {
    /// How many there are.
    lists: usize,
}

/// A filter, and what it was made of.
struct Made {
    looked: Instant,
    version: u64,
    filter: Arc<Filter>,
}

/// The filters of one environment.
pub(crate) struct Filters(Mutex<LruCache<AccountId, Made>>);

impl Default for Filters {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

/// What becomes of a content.
pub(crate) enum Screened {
    /// It is said, perhaps with words masked.
    Passes(Content),
    /// It waits for a review: words of this category are in it.
    Held(Content, String),
}

impl App {
    /// What the word lists make of a content.
    ///
    /// # Errors
    /// [`Code::ContentRefused`], or a failure.
    pub(crate) async fn screen(&self, caller: &Caller, content: Content) -> Result<Screened, AppError> {
        let filter = self.filter(caller.account()).await?;
        let side = if caller.principal.is_staff() { Side::Company } else { Side::Visitor };
        Ok(screen(&filter, side, content)?)
    }

    /// The account's filter, as of a few seconds ago.
    pub(crate) async fn filter(&self, account: &AccountId) -> Result<Arc<Filter>, AppError> {
        let kept = {
            let mut filters = self.filters.0.lock().unwrap_or_else(PoisonError::into_inner);
            filters.get(account).map(|made| (made.looked, made.version, Arc::clone(&made.filter)))
        };
        if let Some((looked, _, filter)) = &kept
            && looked.elapsed() < BEHIND
        {
            return Ok(Arc::clone(filter));
        }
        let found = self.store.document::<InForce>(account, Document::Filter, FILTER).await?;
        let version = found.as_ref().map_or(0, |found| found.version);
        let filter = match kept {
            Some((_, before, filter)) if before == version => filter,
            _ if version == 0 => Arc::new(Filter::new(&[]).map_err(|fault| AppError::Failed(fault.to_string()))?),
            _ => {
                let lists = self.all_lists(account).await?;
                let made = tokio::task::spawn_blocking(move || Filter::new(&lists)).await;
                let made = made.map_err(|error| AppError::Failed(error.to_string()))?;
                Arc::new(made.map_err(|fault| AppError::Failed(fault.to_string()))?)
            }
        };
        let made = Made { looked: Instant::now(), version, filter: Arc::clone(&filter) };
        self.filters.0.lock().unwrap_or_else(PoisonError::into_inner).put(account.clone(), made);
        Ok(filter)
    }

    /// All lists: a page of the table has 1 MB, which five full ones have.
    async fn all_lists(&self, account: &AccountId) -> Result<Vec<WordList>, AppError> {
        let (mut all, mut after) = (vec![], None::<String>);
        loop {
            let page = self.store.documents(account, Document::WordList, after.as_deref(), LISTS).await?;
            all.extend(page.0);
            match page.1 {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// Word lists.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn list_word_lists(
        &self,
        caller: &Caller,
        page: (Option<&str>, Option<usize>),
    ) -> Result<Page<WordList>, AppError> {
        self.list_documents(caller, Document::WordList, page).await
    }

    /// Makes or changes a word list. Within seconds it holds everywhere.
    ///
    /// # Errors
    /// The refusal, or a failure.
    pub async fn put_word_list(&self, caller: &Caller, name: &str, list: WordList) -> Result<WordList, AppError> {
        if name != list.name {
            return Err(Refusal::with(Code::InvalidField, "the address and the body name different things").into());
        }
        let bad = |fault: deskwire_filter::Fault| Refusal::with(Code::InvalidField, fault.to_string());
        list.check().map_err(bad)?;
        let account = caller.account();
        let mut lists = self.all_lists(account).await?;
        lists.retain(|other| other.name != name);
        lists.push(list.clone());
        // All together must fit, before any of it is written.
        let count = lists.len();
        let made = tokio::task::spawn_blocking(move || Filter::new(&lists).map(drop)).await;
        made.map_err(|error| AppError::Failed(error.to_string()))?.map_err(bad)?;
        self.put_document(account, Document::WordList, (name, list.clone())).await?;
        self.lists_changed(account, count).await?;
        Ok(list)
    }

    /// Deletes a word list.
    ///
    /// # Errors
    /// A failure.
    pub async fn delete_word_list(&self, caller: &Caller, name: &str) -> Result<(), AppError> {
        self.delete_document(caller, Document::WordList, name).await?;
        self.lists_changed(caller.account(), 0).await
    }

    async fn lists_changed(&self, account: &AccountId, lists: usize) -> Result<(), AppError> {
        self.put_document(account, Document::Filter, (FILTER, InForce { lists })).await?;
        self.filters.0.lock().unwrap_or_else(PoisonError::into_inner).pop(account);
        Ok(())
    }
}

/// What a filter makes of a content: the strictest action over all its words.
pub(crate) fn screen(filter: &Filter, side: Side, mut content: Content) -> Result<Screened, Refusal> {
    let mut worst: Option<(Action, String)> = None;
    content.each_text(|text| {
        let verdict = filter.check(text, side);
        for found in &verdict.matches {
            if worst.as_ref().is_none_or(|(action, _)| found.action > *action) {
                worst = Some((found.action, found.category.to_string()));
            }
        }
        if let Some(masked) = verdict.masked {
            *text = masked;
        }
    });
    match worst {
        Some((Action::Refuse, category)) => Err(Refusal::with(Code::ContentRefused, category)),
        Some((Action::Hold, category)) => Ok(Screened::Held(content, category)),
        _ => Ok(Screened::Passes(content)),
    }
}
