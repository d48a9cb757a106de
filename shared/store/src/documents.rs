//! Documents: what an account configures (teams, inboxes, labels, …). Small JSON documents with a version, listed by
//! kind.

use deskwire_domain::{AccountId, Time};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    CAPACITY, Store, StoreError,
    item::{TTL, VERSION, doc, n, number, s, text, with_doc},
    keys::Key,
};

/// The kinds of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Document {
    /// The account itself; its only name is `account`.
    Account,
    /// A team.
    Team,
    /// An inbox.
    Inbox,
    /// A label.
    Label,
    /// A canned response.
    CannedResponse,
    /// A macro.
    Macro,
    /// That an agent exists: the agent itself is an item of its own.
    Agent,
    /// An attachment.
    Attachment,
    /// A webhook endpoint.
    Endpoint,
    /// A system that sends events.
    EventSource,
    /// Which rules file is in force; its only name is `rules`.
    Rules,
    /// A rules file, by the hash of its text: it never changes.
    RulesFile,
    /// A secret that rules name.
    Secret,
    /// How the AI agent is set up; its only name is `settings`.
    Ai,
    /// An intent with its examples.
    Intent,
    /// An article.
    Article,
    /// A trained version of the model that understands.
    ModelVersion,
    /// Which version of a thing that is made from others serves, by the thing's name: `model`, `knowledge`, `past`.
    Serving,
    /// A question that had no good answer.
    Unanswered,
    /// What an agent answered to a question.
    PastAnswer,
    /// A message that waits for a review.
    Held,
    /// A word list of the content filter.
    WordList,
    /// Which word lists are in force; its only name is `filter`.
    Filter,
}

impl Document {
    fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Team => "team",
            Self::Inbox => "inbox",
            Self::Label => "label",
            Self::CannedResponse => "canned",
            Self::Macro => "macro",
            Self::Agent => "agent",
            Self::Attachment => "attachment",
            Self::Endpoint => "endpoint",
            Self::EventSource => "event_source",
            Self::Rules => "rules",
            Self::RulesFile => "rules_file",
            Self::Secret => "secret",
            Self::Ai => "ai",
            Self::Intent => "intent",
            Self::Article => "article",
            Self::ModelVersion => "model",
            Self::Serving => "serving",
            Self::Unanswered => "unanswered",
            Self::PastAnswer => "past",
            Self::Held => "held",
            Self::WordList => "words",
            Self::Filter => "filter",
        }
    }
}

/// Documents of one query where all are read: DynamoDB gives at most 1 MB anyway.
const PAGE: usize = 1_000;

/// A document and its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T> {
    /// The document.
    pub value: T,
    /// Goes up with every write; 0 before the first.
    pub version: u64,
}

impl Store {
    /// A document, if there is one of this kind and name.
    ///
    /// # Errors
    /// The table fails, or the document is malformed.
    pub async fn document<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
        name: &str,
    ) -> Result<Option<Versioned<T>>, StoreError> {
        let key = Key::Document { account, kind: kind.word(), name };
        let Some(item) = self.get(&key, true).await? else { return Ok(None) };
        Ok(Some(Versioned { value: doc(&item)?, version: number(&item, VERSION).unwrap_or(0) }))
    }

    /// Writes a document, if its version is still the one that was read (0 where there was none).
    ///
    /// # Errors
    /// [`StoreError::Condition`] where it has changed meanwhile.
    pub async fn write_document<T: Serialize>(
        &self,
        account: &AccountId,
        kind: Document,
        name: &str,
        document: &Versioned<T>,
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Document { account, kind: kind.word(), name }, &document.value)?;
        item.insert(VERSION.to_owned(), n(document.version + 1));
        let condition = if document.version == 0 { "attribute_not_exists(PK) OR version = :v" } else { "version = :v" };
        self.put_if(item, Some(condition), [(":v", n(document.version))]).await
    }

    /// Writes a document that goes by itself, whatever was there: what is made from the log may be made again.
    ///
    /// # Errors
    /// The table fails.
    pub async fn keep_document<T: Serialize>(
        &self,
        account: &AccountId,
        kind: Document,
        name: &str,
        (value, until): (&T, Time),
    ) -> Result<(), StoreError> {
        let mut item = with_doc(&Key::Document { account, kind: kind.word(), name }, value)?;
        item.insert(VERSION.to_owned(), n(1));
        item.insert(TTL.to_owned(), n(until.as_second()));
        self.put(item).await
    }

    /// Deletes a document; it is no fault if there is none.
    ///
    /// # Errors
    /// The table fails.
    pub async fn delete_document(&self, account: &AccountId, kind: Document, name: &str) -> Result<(), StoreError> {
        self.delete(&Key::Document { account, kind: kind.word(), name }).await
    }

    /// A page of the documents of a kind, by name: those after `after`, and the name to go on after.
    ///
    /// # Errors
    /// The table fails, or a document is malformed.
    pub async fn documents<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Vec<T>, Option<String>), StoreError> {
        self.documents_in(account, kind, (after, limit, true)).await
    }

    /// All documents of a kind, by name: for kinds that have a limit.
    ///
    /// # Errors
    /// The table fails, or a document is malformed.
    pub async fn all_documents<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
    ) -> Result<Vec<T>, StoreError> {
        let (mut all, mut after) = (vec![], None::<String>);
        loop {
            let (page, next) = self.documents(account, kind, after.as_deref(), PAGE).await?;
            all.extend(page);
            match next {
                Some(next) => after = Some(next),
                None => return Ok(all),
            }
        }
    }

    /// The documents of a kind whose names sort last, the last one first; for names that sort by time.
    ///
    /// # Errors
    /// The table fails, or a document is malformed.
    pub async fn newest_documents<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
        limit: usize,
    ) -> Result<Vec<T>, StoreError> {
        Ok(self.documents_in(account, kind, (None, limit, false)).await?.0)
    }

    async fn documents_in<T: DeserializeOwned>(
        &self,
        account: &AccountId,
        kind: Document,
        (after, limit, forward): (Option<&str>, usize, bool),
    ) -> Result<(Vec<T>, Option<String>), StoreError> {
        let prefix = format!("{}#", kind.word());
        // '~' sorts behind everything that a name may begin with in ASCII; '\u{10FFFF}' behind all else.
        let output = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("PK = :pk AND SK BETWEEN :first AND :last")
            .expression_attribute_values(":pk", s(Key::Document { account, kind: "", name: "" }.pk()))
            .expression_attribute_values(
                ":first",
                s(after.map_or(prefix.clone(), |name| format!("{prefix}{name}\u{0}"))),
            )
            .expression_attribute_values(":last", s(format!("{prefix}\u{10FFFF}")))
            .consistent_read(true)
            .scan_index_forward(forward)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .return_consumed_capacity(CAPACITY)
            .send()
            .await?;
        let items = output.items.unwrap_or_default();
        let last = items.last().filter(|_| output.last_evaluated_key.is_some());
        let next = match last {
            Some(item) => text(item, "SK")?.strip_prefix(&prefix).map(str::to_owned),
            None => None,
        };
        Ok((items.iter().map(doc).collect::<Result<_, _>>()?, next))
    }
}
