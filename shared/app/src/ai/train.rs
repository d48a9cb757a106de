//! `Train`: a new version of the model that understands. It is measured on a part that was held out, beside the version
//! that serves, before it serves itself; any version that was good can serve again.

use std::{collections::BTreeMap, time::Instant};

use deskwire_ai::{Example, Model, Options, Report, Study, Suspect, evaluate, study};
use deskwire_domain::{AccountId, Code, Refusal};
use deskwire_protocol::http::{ModelReport, ModelStatus, ModelVersion, Page, SuspectExample};
use deskwire_queue::{Job, Order};
use deskwire_store::{Document, Versioned};
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// Of so many examples one is held out, by the hash of its text: the same ones for each version, so that two versions
/// are measured on what neither has learned from.
const HELD_OUT: u64 = 10;
/// Examples of an intent below which none of it is held out: it needs them all.
const FEWEST: usize = 8;
/// By how much a version may do worse on what was held out and serve all the same: what one example in a hundred more or
/// less makes is chance.
const WORSE: f64 = 0.01;
/// Versions that are kept, to roll back to.
const VERSIONS: usize = 10;
/// Versions that are listed: those that are kept, and one that serves though it is old.
const LISTED: usize = VERSIONS + 10;
/// Suspects that are shown: what somebody looks through at once.
const SUSPECTS: usize = 200;
/// Characters that are shown of each: with its neighbours all of them stay within an item of the table.
const SHOWN_CHARS: usize = 100;
/// Threads: as many as the machine of the function has.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Where a version's model lies.
pub(super) fn blob_of(version: &str) -> String {
    format!("model.{version}")
}

/// Where the model lies that a version is measured by: learned without what was held out.
fn measured_blob_of(version: &str) -> String {
    format!("measured.{version}")
}

/// What came of training.
struct Trained {
    model: Vec<u8>,
    measured: Vec<u8>,
    report: ModelReport,
    suspects: Vec<SuspectExample>,
}

impl App {
    /// Asks for a new version.
    ///
    /// # Errors
    /// [`Code::ModelUnavailable`] where there is nothing to learn from, or a failure.
    pub async fn ask_for_training(&self, caller: &Caller) -> Result<ModelVersion, AppError> {
        let account = caller.account();
        let examples = self.examples(account).await?;
        let intents: std::collections::BTreeSet<_> =
            examples.iter().filter_map(|example| example.intent.as_deref()).collect();
        if intents.len() < 2 {
            return Err(Code::ModelUnavailable.into());
        }
        let version = format!("mdl_{}", ulid::Ulid::generate());
        let asked = ModelVersion {
            version: version.clone(),
            status: ModelStatus::Training,
            serving: false,
            created: self.now(),
            reason: None,
            report: None,
            suspects: vec![],
        };
        self.put_document(account, Document::ModelVersion, (&version, asked.clone())).await?;
        let job = Job::Train { v: 1, account: account.clone(), version: version.clone() };
        self.queues.send(&[Order { job, cause: version }]).await?;
        Ok(asked)
    }

    /// Trains a version that was asked for.
    ///
    /// # Errors
    /// A failure: the job comes again.
    pub async fn train(&self, account: &AccountId, version: &str) -> Result<(), AppError> {
        let Some(mut record) = self.version(account, version).await? else { return Ok(()) };
        if record.value.status != ModelStatus::Training {
            return Ok(());
        }
        let examples = self.examples(account).await?;
        let serving = self.serving(account).await?.value.model;
        let before = match &serving {
            Some(serving) => self.store.blob(account, &measured_blob_of(serving)).await?,
            None => None,
        };
        let trained = tokio::task::spawn_blocking(move || learned(&examples, before.as_deref())).await;
        match trained.map_err(|error| AppError::Failed(error.to_string()))? {
            Ok(trained) => {
                self.store.write_blob(account, &blob_of(version), &trained.model, None).await?;
                self.store.write_blob(account, &measured_blob_of(version), &trained.measured, None).await?;
                let report = &trained.report;
                let good = match (report.accuracy, report.accuracy_before) {
                    (Some(now), Some(before)) => now >= before - WORSE,
                    _ => true,
                };
                record.value.status = if good { ModelStatus::Ready } else { ModelStatus::HeldBack };
                record.value.report = Some(trained.report);
                record.value.suspects = trained.suspects;
                self.store.write_document(account, Document::ModelVersion, version, &record).await?;
                if good {
                    self.change_serving(account, |serving| serving.model = Some(version.to_owned())).await?;
                }
            }
            Err(reason) => {
                record.value.status = ModelStatus::Failed;
                record.value.reason = Some(reason);
                self.store.write_document(account, Document::ModelVersion, version, &record).await?;
            }
        }
        self.forget_old(account).await
    }

    async fn version(&self, account: &AccountId, version: &str) -> Result<Option<Versioned<ModelVersion>>, AppError> {
        Ok(self.store.document(account, Document::ModelVersion, version).await?)
    }

    /// Of all versions but the newest only those stay that serve.
    async fn forget_old(&self, account: &AccountId) -> Result<(), AppError> {
        let all: Vec<ModelVersion> = self.store.newest_documents(account, Document::ModelVersion, LISTED).await?;
        let serving = self.serving(account).await?.value.model;
        for version in all.iter().skip(VERSIONS).filter(|version| Some(&version.version) != serving.as_ref()) {
            self.store.delete_blob(account, &blob_of(&version.version)).await?;
            self.store.delete_blob(account, &measured_blob_of(&version.version)).await?;
            self.store.delete_document(account, Document::ModelVersion, &version.version).await?;
        }
        Ok(())
    }

    /// Trained versions, the newest first.
    ///
    /// # Errors
    /// A failure.
    pub async fn list_models(&self, caller: &Caller) -> Result<Page<ModelVersion>, AppError> {
        let account = caller.account();
        let mut data: Vec<ModelVersion> = self.store.newest_documents(account, Document::ModelVersion, LISTED).await?;
        let serving = self.serving(account).await?.value.model;
        for version in &mut data {
            version.serving = serving.as_ref() == Some(&version.version);
            // One by one they have them; a list of all would be long.
            version.suspects.clear();
        }
        Ok(Page { data, next_cursor: None })
    }

    /// A trained version.
    ///
    /// # Errors
    /// [`Code::NotFound`].
    pub async fn read_model(&self, caller: &Caller, version: &str) -> Result<ModelVersion, AppError> {
        let mut found = self.version(caller.account(), version).await?.ok_or(Code::NotFound)?.value;
        found.serving = self.serving(caller.account()).await?.value.model.as_deref() == Some(version);
        Ok(found)
    }

    /// Lets a version serve.
    ///
    /// # Errors
    /// [`Code::NotFound`], or [`Code::Conflict`] where it was never trained.
    pub async fn serve_model(&self, caller: &Caller, version: &str) -> Result<ModelVersion, AppError> {
        let account = caller.account();
        let found = self.version(account, version).await?.ok_or(Code::NotFound)?.value;
        if !matches!(found.status, ModelStatus::Ready | ModelStatus::HeldBack) {
            return Err(Refusal::with(Code::Conflict, "it is not trained").into());
        }
        self.change_serving(account, |serving| serving.model = Some(version.to_owned())).await?;
        self.read_model(caller, version).await
    }
}

/// Trains, measures, and looks for doubtful examples.
fn learned(examples: &[Example], before: Option<&[u8]>) -> Result<Trained, String> {
    let begun = Instant::now();
    let flags = held_out(examples);
    let Study { model, measured, suspects } =
        study(examples, &flags, Options { threads: threads() }).map_err(|error| error.to_string())?;
    let held_out: Vec<Example> =
        examples.iter().zip(&flags).filter(|(_, held_out)| **held_out).map(|(example, _)| example.clone()).collect();
    let of = |model: &Model| evaluate(model, &held_out, 0.0);
    // A form that this version does not read any more cannot be compared.
    let accuracy_before = before
        .and_then(|bytes| Model::from_bytes(bytes).ok())
        .filter(|_| !held_out.is_empty())
        .map(|model| of(&model).accuracy);
    let bytes = model.to_bytes();
    let counts = (examples.len(), held_out.len(), model.intents().len());
    let took = (begun.elapsed().as_secs_f64(), bytes.len());
    Ok(Trained {
        report: reported(&of(&measured), counts, accuracy_before, took),
        measured: measured.to_bytes(),
        model: bytes,
        suspects: suspects.iter().take(SUSPECTS).map(|suspect| shown(suspect, examples)).collect(),
    })
}

/// Which examples are held out: of intents with few of them none.
fn held_out(examples: &[Example]) -> Vec<bool> {
    let mut counts = BTreeMap::<Option<&str>, usize>::new();
    for example in examples {
        *counts.entry(example.intent.as_deref()).or_default() += 1;
    }
    let is_held_out = |example: &Example| {
        let hash = Sha256::digest(example.text.trim().to_lowercase());
        let number = hash.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte));
        let enough = counts.get(&example.intent.as_deref()).is_some_and(|count| *count >= FEWEST);
        number.is_multiple_of(HELD_OUT) && enough
    };
    examples.iter().map(is_held_out).collect()
}

fn reported(
    report: &Report,
    (examples, held_out, intents): (usize, usize, usize),
    accuracy_before: Option<f64>,
    (seconds, bytes): (f64, usize),
) -> ModelReport {
    ModelReport {
        examples,
        intents,
        held_out,
        accuracy: (held_out > 0).then_some(report.accuracy),
        macro_f1: (held_out > 0).then_some(report.macro_f1),
        slot_f1: report.slot_f1,
        accuracy_before,
        seconds,
        bytes,
    }
}

fn shown(suspect: &Suspect, examples: &[Example]) -> SuspectExample {
    let text = |index: usize| {
        examples.get(index).map(|example| example.text.chars().take(SHOWN_CHARS).collect()).unwrap_or_default()
    };
    SuspectExample {
        text: text(suspect.index),
        intent: suspect.intent.clone(),
        looks_like: suspect.looks_like.clone(),
        margin: f64::from(suspect.margin),
        neighbours: suspect.neighbours.iter().map(|neighbour| text(neighbour.index)).collect(),
    }
}
