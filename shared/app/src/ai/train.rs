//! `Train`: a new version of the model that understands. It is measured on a part that was held out, beside the version
//! that serves, before it serves itself; any version that was good can serve again.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Instant,
};

use deskwire_ai::{Compared, Example, Model, Options, Report, Study, Suspect, Verdict, evaluate, study};
use deskwire_domain::{AccountId, Code, Refusal};
use deskwire_protocol::http::{
    Comparison, ComparisonVerdict, ModelReport, ModelStatus, ModelVersion, Page, SuspectExample,
};
use deskwire_queue::{Job, Order};
use deskwire_store::{Document, Versioned};
use sha2::{Digest, Sha256};

use crate::{App, AppError, Caller};

/// Of so many examples one is held out, by the hash of its text: mostly the same ones for each version, so that there is
/// much to compare two versions by.
const HELD_OUT: u64 = 10;
/// Examples of an intent below which none of it is held out: it needs them all.
const FEWEST: usize = 8;
/// Versions that are kept, to roll back to.
const VERSIONS: usize = 10;
/// Versions that are listed: those that are kept, and one that serves though it is old.
const LISTED: usize = VERSIONS + 10;
/// Suspects that are shown: what somebody looks through at once.
const SUSPECTS: usize = 200;
/// Characters that are shown of each: with its neighbours all of them stay within an item of the table.
const SHOWN_CHARS: usize = 100;
/// Examples that are learned from: 9,960 take 14 s on two cores (README, *Figures*), and the function has 120 on one.
const EXAMPLES: usize = 30_000;
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

/// Where the texts' hashes lie that the measured model has learned.
fn learned_blob_of(version: &str) -> String {
    format!("learned.{version}")
}

/// What a version is compared with: the measured model of the one before, and what that has learned.
struct Before {
    measured: Vec<u8>,
    learned: Vec<u8>,
}

/// What came of training.
struct Trained {
    model: Vec<u8>,
    measured: Vec<u8>,
    learned: Vec<u8>,
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
        let intents: BTreeSet<_> = examples.iter().filter_map(|example| example.intent.as_deref()).collect();
        if intents.len() < 2 {
            return Err(Code::ModelUnavailable.into());
        }
        if examples.len() > EXAMPLES {
            let found = examples.len();
            return Err(Refusal::with(Code::TooLarge, format!("{found} examples: at most {EXAMPLES}")).into());
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

    /// Notes that a version cannot be trained: whatever tried to died of it.
    ///
    /// # Errors
    /// A failure: the job comes again.
    pub async fn give_training_up(&self, account: &AccountId, version: &str) -> Result<(), AppError> {
        let Some(mut record) = self.version(account, version).await? else { return Ok(()) };
        if record.value.status == ModelStatus::Training {
            record.value.status = ModelStatus::Failed;
            record.value.reason = Some("training did not end; there may be too many examples, or too long ones".into());
            self.store.write_document(account, Document::ModelVersion, version, &record).await?;
        }
        Ok(())
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
        let serving = self.serving(account).await?.value.model;
        if serving.as_deref() == Some(version) {
            // The job died when all but the last word was said.
            record.value.status = ModelStatus::Ready;
            self.store.write_document(account, Document::ModelVersion, version, &record).await?;
            return self.forget_old(account).await;
        }
        let before = match &serving {
            Some(serving) => self.before(account, serving).await?,
            None => None,
        };
        let examples = self.examples(account).await?;
        let trained = tokio::task::spawn_blocking(move || learned(&examples, before.as_ref())).await;
        match trained.map_err(|error| AppError::Failed(error.to_string()))? {
            Ok(trained) => {
                self.store.write_blob(account, &blob_of(version), &trained.model, None).await?;
                self.store.write_blob(account, &measured_blob_of(version), &trained.measured, None).await?;
                self.store.write_blob(account, &learned_blob_of(version), &trained.learned, None).await?;
                let compared = trained.report.comparison.as_ref();
                let good = compared.is_none_or(|compared| compared.verdict != ComparisonVerdict::Worse);
                record.value.report = Some(trained.report);
                record.value.suspects = trained.suspects;
                if good {
                    // It serves before it is said to be ready, and with its report beside it: a job that dies in between
                    // comes again, and has one word to say.
                    self.store.write_document(account, Document::ModelVersion, version, &record).await?;
                    self.change_serving(account, |serving| serving.model = Some(version.to_owned())).await?;
                }
                record.value.status = if good { ModelStatus::Ready } else { ModelStatus::HeldBack };
                self.store.write_document(account, Document::ModelVersion, version, &record).await?;
            }
            Err(reason) => {
                record.value.status = ModelStatus::Failed;
                record.value.reason = Some(reason);
                self.store.write_document(account, Document::ModelVersion, version, &record).await?;
            }
        }
        self.forget_old(account).await
    }

    /// What there is of the version that serves; without what it has learned it cannot be compared fairly.
    async fn before(&self, account: &AccountId, version: &str) -> Result<Option<Before>, AppError> {
        let measured = self.store.blob(account, &measured_blob_of(version)).await?;
        let learned = self.store.blob(account, &learned_blob_of(version)).await?;
        Ok(measured.zip(learned).map(|(measured, learned)| Before { measured, learned }))
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
            self.store.delete_blob(account, &learned_blob_of(&version.version)).await?;
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
fn learned(examples: &[Example], before: Option<&Before>) -> Result<Trained, String> {
    let begun = Instant::now();
    let flags = held_out(examples);
    let Study { model, measured, suspects } =
        study(examples, &flags, Options { threads: threads() }).map_err(|error| error.to_string())?;
    let held_out: Vec<Example> =
        examples.iter().zip(&flags).filter(|(_, held_out)| **held_out).map(|(example, _)| example.clone()).collect();
    let compared = before.and_then(|before| compared(before, &measured, &held_out));
    let taught = examples.iter().zip(&flags).filter(|(_, held_out)| !**held_out);
    let bytes = model.to_bytes();
    let counts = (examples.len(), held_out.len(), model.intents().len());
    let took = (begun.elapsed().as_secs_f64(), bytes.len());
    Ok(Trained {
        report: reported(&evaluate(&measured, &held_out, 0.0), counts, compared, took),
        measured: measured.to_bytes(),
        learned: taught.flat_map(|(example, _)| hash_of(&example.text).to_le_bytes()).collect(),
        model: bytes,
        suspects: suspects.iter().take(SUSPECTS).map(|suspect| shown(suspect, examples)).collect(),
    })
}

/// Both versions on those of the held-out examples that the one before has not learned either; `None` where its form is
/// one that is not read any more.
fn compared(before: &Before, measured: &Model, held_out: &[Example]) -> Option<Compared> {
    let model = Model::from_bytes(&before.measured).ok()?;
    let known: BTreeSet<&[u8]> = before.learned.chunks_exact(size_of::<u64>()).collect();
    let is_new = |example: &&Example| !known.contains(hash_of(&example.text).to_le_bytes().as_slice());
    let rows: Vec<Example> = held_out.iter().filter(is_new).cloned().collect();
    Some(Compared::of(&model, measured, &rows))
}

/// A text's hash: the same for what differs in case and surrounding space alone.
fn hash_of(text: &str) -> u64 {
    let hash = Sha256::digest(text.trim().to_lowercase());
    hash.iter().take(8).fold(0u64, |number, byte| (number << 8) | u64::from(*byte))
}

/// Which examples are held out: of intents with few of them none.
fn held_out(examples: &[Example]) -> Vec<bool> {
    let mut counts = BTreeMap::<Option<&str>, usize>::new();
    for example in examples {
        *counts.entry(example.intent.as_deref()).or_default() += 1;
    }
    let is_held_out = |example: &Example| {
        let enough = counts.get(&example.intent.as_deref()).is_some_and(|count| *count >= FEWEST);
        hash_of(&example.text).is_multiple_of(HELD_OUT) && enough
    };
    examples.iter().map(is_held_out).collect()
}

fn reported(
    report: &Report,
    (examples, held_out, intents): (usize, usize, usize),
    compared: Option<Compared>,
    (seconds, bytes): (f64, usize),
) -> ModelReport {
    ModelReport {
        examples,
        intents,
        held_out,
        accuracy: (held_out > 0).then_some(report.accuracy),
        macro_f1: (held_out > 0).then_some(report.macro_f1),
        slot_f1: report.slot_f1,
        accuracy_before: compared.filter(|one| one.rows > 0).map(|one| one.before as f64 / one.rows as f64),
        comparison: compared.map(comparison),
        seconds,
        bytes,
    }
}

fn comparison(compared: Compared) -> Comparison {
    let Compared { rows, gained, lost, .. } = compared;
    let verdict = match compared.verdict() {
        Verdict::TooFew => ComparisonVerdict::TooFew,
        Verdict::NoWorse => ComparisonVerdict::NoWorse,
        Verdict::Worse => ComparisonVerdict::Worse,
    };
    Comparison { rows, gained, lost, verdict }
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
