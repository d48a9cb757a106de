//! Business queries: asked by agents, rules and the AI agent. The answer comes from this environment's memory, from
//! the table, or from the company's system, which is asked by one at a time; an old answer is better than none.

use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use deskwire_domain::{AccountId, Code, ContactId, Content, Refusal, Time};
use deskwire_outbound::{Limits, Request};
use deskwire_protocol::http::{CacheLevel, Contact, Page, QueryAnswer, QueryArg, QueryCounts, QueryInfo, QueryRequest};
use deskwire_rules::{CallParts, Fault, Query};
use futures::{FutureExt, future::BoxFuture};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::{
    App, AppError, Caller,
    answers::{Answer, Answered},
    rules::Known,
};

/// Bytes of a system's answer: a list of a hundred orders.
const ANSWER_BYTES: usize = 256 * 1024;
/// Bytes of what is read out of it that are kept; more is asked for each time.
const KEPT_BYTES: usize = 16 * 1024;
/// Seconds beyond a query's own time-out after which another environment may ask: whoever asked is dead.
const GIVEN_UP_SECONDS: i64 = 2;
/// What is left for the system's answer at least, where another environment was waited for.
const LEAST: Duration = Duration::from_secs(1);
/// The first pause of those who wait for another environment's answer, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(200));

/// One asking of one query.
#[derive(Debug, Clone)]
struct Asking {
    account: AccountId,
    known: Arc<Known>,
    name: String,
    args: BTreeMap<String, String>,
    key: String,
}

impl Asking {
    fn query(&self) -> Result<&Query, Refusal> {
        self.known.book.queries.get(&self.name).ok_or_else(|| Refusal::with(Code::NotFound, "query"))
    }
}

impl App {
    /// Asks a query for an agent.
    ///
    /// # Errors
    /// [`Code::NotFound`] where there is no such query, or the system knows nothing; [`Code::InvalidField`] for an
    /// argument; [`Code::QueryFailed`].
    pub async fn ask(&self, caller: &Caller, name: &str, request: QueryRequest) -> Result<QueryAnswer, AppError> {
        let contact = match (request.contact, request.conversation) {
            (Some(contact), None) => Some(contact),
            (None, Some(conversation)) => {
                let head = self.store.head(caller.account(), &conversation).await?;
                Some(head.ok_or_else(|| Refusal::with(Code::NotFound, "conversation"))?.state.contact)
            }
            (None, None) => None,
            (Some(_), Some(_)) => {
                return Err(Refusal::with(Code::InvalidField, "either contact or conversation").into());
            }
        };
        let known = self.recent_book(caller.account()).await?;
        let query = known.book.queries.get(name).ok_or_else(|| Refusal::with(Code::NotFound, "query"))?;
        let contact = match contact.filter(|_| query.args.values().any(|arg| arg.from.is_some())) {
            Some(contact) => Some(self.contact_of(caller.account(), contact).await?),
            None => None,
        };
        self.ask_as(caller.account(), &known, (name, &request.args), contact.as_ref()).await
    }

    async fn contact_of(&self, account: &AccountId, contact: ContactId) -> Result<Contact, AppError> {
        let contact = self.survivor(account, contact).await?;
        let found = self.store.contact(account, &contact).await?;
        Ok(found.ok_or_else(|| Refusal::with(Code::NotFound, "contact"))?)
    }

    /// Asks a query on behalf of a contact: arguments that say *whose* data it is come from there.
    pub(crate) async fn ask_as(
        &self,
        account: &AccountId,
        known: &Arc<Known>,
        (name, given): (&str, &Map<String, Value>),
        contact: Option<&Contact>,
    ) -> Result<QueryAnswer, AppError> {
        let query = known.book.queries.get(name).ok_or_else(|| Refusal::with(Code::NotFound, "query"))?;
        let contact =
            contact.map(serde_json::to_value).transpose().map_err(|error| AppError::Failed(error.to_string()))?;
        let bad = |fault: Fault| Refusal::with(Code::InvalidField, format!("args.{fault}"));
        let args = query.arguments(given, contact.as_ref()).map_err(bad)?;
        let key = key(account, known, name, &args);
        let asking = Asking { account: account.clone(), known: Arc::clone(known), name: name.to_owned(), args, key };
        let answered = self.answer(asking).await;
        self.count(account, name, &answered).await;
        let Answered { answer, level, stale } = answered?;
        Ok(QueryAnswer {
            query: name.to_owned(),
            slots: answer.slots.clone(),
            card: answer.card.clone(),
            cache: level,
            age_seconds: (self.now().as_second() - answer.at.as_second()).max(0),
            stale,
        })
    }

    /// The answer: from memory, or by the one flight that all who ask for the same in this environment share.
    async fn answer(&self, asking: Asking) -> Result<Answered, Refusal> {
        let query = asking.query()?;
        if query.cache_seconds == 0 {
            let answer = Arc::new(self.origin(&asking, Duration::from_secs(query.timeout_seconds)).await?);
            return Ok(Answered { answer, level: CacheLevel::Origin, stale: false });
        }
        if let Some(answered) = self.answers.fresh(&asking.key, self.now(), query.cache_seconds) {
            return Ok(answered);
        }
        let app = self.clone();
        let key = asking.key.clone();
        let (flight, first) = self.answers.flight(&key, || -> BoxFuture<'static, Result<Answered, Refusal>> {
            async move { app.fly(asking).await }.boxed()
        });
        let answered = flight.await;
        self.answers.landed(&key);
        // Whoever came along got it from memory: the system was asked once.
        let shared = |answered: Answered| match answered.stale || first {
            true => answered,
            false => Answered { level: CacheLevel::Memory, ..answered },
        };
        answered.map(shared)
    }

    /// From the table, or from the system; then it is kept in both.
    async fn fly(&self, asking: Asking) -> Result<Answered, Refusal> {
        let (account, key) = (&asking.account, &asking.key);
        let query = asking.query()?;
        let table = |answer: Answer| Answered { answer: Arc::new(answer), level: CacheLevel::Table, stale: false };
        let deadline = Instant::now() + Duration::from_secs(query.timeout_seconds);
        let mut pause = PAUSES.0;
        loop {
            let kept = refused(self.store.answer::<Answer>(account, key).await)?;
            if let Some(fresh) = kept.clone().filter(|answer| answer.is_good(self.now(), query.cache_seconds)) {
                self.answers.keep(key, &Arc::new(fresh.clone()));
                return Ok(table(fresh));
            }
            let old = kept.filter(|answer| answer.is_good(self.now(), query.stale_seconds));
            if old.is_some() && self.answers.is_failing(key) {
                return old.map(Answered::stale).ok_or_else(|| Code::QueryFailed.into());
            }
            let until = self.now() + jiff::SignedDuration::from_secs(patience(query));
            if refused(self.store.begin_asking(account, key, (self.now(), until)).await)? {
                return self.ask_alone(&asking, (old, until), deadline).await;
            }
            if Instant::now() >= deadline {
                let late = || Refusal::with(Code::QueryFailed, "another request waits for it too");
                return old.map(Answered::stale).ok_or_else(late);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    /// Asks the system while no other environment does.
    async fn ask_alone(
        &self,
        asking: &Asking,
        (old, until): (Option<Answer>, Time),
        deadline: Instant,
    ) -> Result<Answered, Refusal> {
        let (account, key) = (&asking.account, &asking.key);
        let query = asking.query()?;
        let left = deadline.saturating_duration_since(Instant::now()).max(LEAST);
        let asked = self.origin(asking, left).await;
        let result = match asked {
            Ok(answer) => {
                let small = serde_json::to_vec(&answer).is_ok_and(|json| json.len() <= KEPT_BYTES);
                let answer = Arc::new(answer);
                if small {
                    self.answers.keep(key, &answer);
                    let kept = jiff::SignedDuration::from_secs(query.cache_seconds.max(query.stale_seconds));
                    // What cannot be kept is asked for again, no more.
                    let written = self.store.keep_answer(account, key, answer.as_ref(), self.now() + kept).await;
                    if let Err(error) = written {
                        tracing::warn!(%error, query = asking.name, "an answer could not be kept");
                    }
                }
                Ok(Answered { answer, level: CacheLevel::Origin, stale: false })
            }
            // It says that there is nothing, which is an answer.
            Err(refusal) if refusal.code == Code::NotFound => Err(refusal),
            Err(refusal) => {
                self.answers.has_failed(key);
                old.map(Answered::stale).ok_or(refusal)
            }
        };
        // It ends by itself, and the answer is good.
        if let Err(error) = self.store.end_asking(account, key, until).await {
            tracing::warn!(%error, query = asking.name, "others wait a little longer for an answer");
        }
        result
    }

    /// Asks the company's system, and reads its answer.
    async fn origin(&self, asking: &Asking, time: Duration) -> Result<Answer, Refusal> {
        let (book, query) = (&asking.known.book, asking.query()?);
        let failed = |why: String| Refusal::with(Code::QueryFailed, format!("{}: {why}", asking.name));
        let secrets = self.secrets(&asking.account, query.secrets.iter()).await.map_err(AppError::into_refusal)?;
        if let Some(missing) = query.secrets.iter().find(|name| !secrets.contains_key(*name)) {
            return Err(failed(format!("the secret {missing} is not set: PUT /v1/secrets/{missing}")));
        }
        let parts = book.request(query, &asking.args, &secrets).map_err(|fault| failed(fault.to_string()))?;
        let request = request(parts).map_err(failed)?;
        let limits = Limits { time, bytes: ANSWER_BYTES };
        let answer = self.outbound.send(request, limits).await.map_err(|error| failed(error.code().to_owned()))?;
        match answer.status {
            200..=299 => {}
            404 => {
                return Err(Refusal::with(Code::NotFound, format!("{}: the system knows nothing of it", asking.name)));
            }
            status => return Err(failed(format!("it answered {status}"))),
        }
        let value: Value =
            serde_json::from_slice(&answer.body).map_err(|_| failed("it answered no JSON".to_owned()))?;
        let found = book.found(query, &asking.args, &value).map_err(|fault| failed(fault.to_string()))?;
        // What the system answered goes into it: it must be one that could be sent.
        let checked = found.card.clone().map_or(Ok(()), |card| Content::card(card).check());
        checked.map_err(|refusal| failed(format!("its card: {}", refusal.message())))?;
        Ok(Answer { slots: found.slots, card: found.card, at: self.now() })
    }

    async fn count(&self, account: &AccountId, name: &str, answered: &Result<Answered, Refusal>) {
        let due = self.answers.count(account, name, answered);
        for (account, name, counts) in due {
            if let Err(error) = self.store.count_answers(&account, &name, &counts).await {
                tracing::warn!(%error, name, "counts could not be kept");
            }
        }
    }

    /// The queries of an account, with where their answers came from.
    ///
    /// # Errors
    /// A failure.
    pub async fn list_queries(&self, caller: &Caller) -> Result<Page<QueryInfo>, AppError> {
        let known = self.book(caller.account()).await?;
        let mut data = Vec::with_capacity(known.book.queries.len());
        for (name, query) in &known.book.queries {
            let kept = self.store.answer_counts(caller.account(), name).await?;
            let here = self.answers.not_yet_kept(caller.account(), name);
            data.push(shown(name, query, crate::answers::sum(kept, here)));
        }
        Ok(Page { data, next_cursor: None })
    }
}

fn patience(query: &Query) -> i64 {
    i64::try_from(query.timeout_seconds).unwrap_or(i64::MAX).saturating_add(GIVEN_UP_SECONDS)
}

/// What the table fails at is a refusal here, because all who share a flight get it.
fn refused<T>(result: Result<T, deskwire_store::StoreError>) -> Result<T, Refusal> {
    result.map_err(|error| AppError::from(error).into_refusal())
}

/// What tells an answer from others: whose it is, the file, the query, its arguments. Two accounts may have the same
/// file, and other secrets.
fn key(account: &AccountId, known: &Known, name: &str, args: &BTreeMap<String, String>) -> String {
    let mut hash = Sha256::new();
    let parts = args.iter().flat_map(|(name, value)| [name, value]);
    for part in [account.as_str(), known.hash.as_str(), name].into_iter().chain(parts.map(String::as_str)) {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

fn request(parts: CallParts) -> Result<Request, String> {
    let mut headers = HeaderMap::new();
    headers.insert(http::header::ACCEPT, HeaderValue::from_static("application/json"));
    if parts.post {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in parts.headers {
        let bad = || format!("header {name} cannot be sent");
        let key: HeaderName = name.parse().map_err(|_| bad())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| bad())?;
        value.set_sensitive(true);
        headers.insert(key, value);
    }
    let get = Request { headers: headers.clone(), ..Request::get(&parts.url) };
    Ok(if parts.post { Request::post(parts.url, headers, Bytes::from(parts.body)) } else { get })
}

fn shown(name: &str, query: &Query, counts: QueryCounts) -> QueryInfo {
    let arg = |(name, arg): (&String, &deskwire_rules::Arg)| QueryArg {
        name: name.clone(),
        description: arg.description.clone(),
        pattern: arg.pattern().map(str::to_owned),
        from: arg.from.clone(),
        optional: arg.optional,
    };
    QueryInfo {
        name: name.to_owned(),
        description: query.description.clone(),
        command: query.command.clone(),
        args: query.args.iter().map(arg).collect(),
        cache_seconds: query.cache_seconds,
        counts,
    }
}
