//! `deskwire nlu`: the local engine on the command line, the honest yardstick.

use std::{
    io::{BufRead, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context;
use clap::Subcommand;
use deskwire_ai::{Example, Model, Options, Report, Understood, evaluate, read_examples, train};
use serde::Serialize;

use crate::say;

/// What some editors put before a text in UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Trains a model.
    Train {
        /// Examples, a JSON object a line: {"text", "intent", "slots": [{"name", "start", "end", "value"}]}.
        #[arg(long)]
        examples: PathBuf,
        /// Where the model is written.
        #[arg(long)]
        model: PathBuf,
    },
    /// Reads texts, {"text"} a line, and says what each means, a line each: the likeliest intent always, and whether the
    /// agent would rather say nothing.
    Predict {
        /// The model.
        #[arg(long)]
        model: PathBuf,
        /// The part of the company's own business for which saying nothing is acceptable: by it `rejected` is chosen.
        #[arg(long, default_value_t = 0.05, value_parser = part)]
        reject: f32,
    },
    /// Trains on some examples and measures on others.
    Eval {
        /// Examples to learn from.
        #[arg(long)]
        train: PathBuf,
        /// Examples to measure on; those whose intent is null are out of scope.
        #[arg(long)]
        test: PathBuf,
        /// The part of the company's own business for which saying nothing is acceptable.
        #[arg(long, default_value_t = 0.05, value_parser = part)]
        reject: f32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

/// A part of 1.
fn part(text: &str) -> Result<f32, String> {
    let part = text.parse().ok().filter(|part| (0.0..=1.0).contains(part));
    part.ok_or_else(|| "a part: 0 to 1".to_owned())
}

pub(crate) fn run(command: &Command) -> anyhow::Result<()> {
    match command {
        Command::Train { examples, model } => {
            let (trained, seconds) = trained(&examples_in(examples)?)?;
            let bytes = trained.to_bytes();
            std::fs::write(model, &bytes).with_context(|| model.display().to_string())?;
            say(&format!(
                "{}: {} intents, {} bytes, in {seconds:.1} s",
                model.display(),
                trained.intents().len(),
                bytes.len()
            ));
            Ok(())
        }
        Command::Predict { model, reject } => predict(model, *reject),
        Command::Eval { train, test, reject, json } => eval((train, test), *reject, *json),
    }
}

fn examples_in(file: &Path) -> anyhow::Result<Vec<Example>> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    read_examples(&text).with_context(|| file.display().to_string())
}

fn trained(examples: &[Example]) -> anyhow::Result<(Model, f64)> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let begun = Instant::now();
    let model = train(examples, Options { threads })?;
    Ok((model, begun.elapsed().as_secs_f64()))
}

/// What `predict` prints of a text.
#[derive(Debug, Serialize)]
struct Predicted {
    /// Its intent is the likeliest, whether it is rejected or not: accuracy is measured by it, as `eval` does.
    #[serde(flatten)]
    understood: Understood,
    /// Whether the agent would rather say nothing.
    rejected: bool,
}

fn predicted(model: &Model, text: &str, reject: f32) -> Predicted {
    let understood = model.understand(text, reject);
    let rejected = understood.intent.is_none();
    let intent = understood.guesses.first().map(|guess| guess.intent.clone());
    Predicted { understood: Understood { intent, ..understood }, rejected }
}

fn predict(model: &Path, reject: f32) -> anyhow::Result<()> {
    #[derive(serde::Deserialize)]
    struct Asked {
        text: String,
    }
    let bytes = std::fs::read(model).with_context(|| model.display().to_string())?;
    let model = Model::from_bytes(&bytes)?;
    let (mut out, mut wrong) = (std::io::stdout().lock(), 0usize);
    for (number, line) in std::io::stdin().lock().split(b'\n').enumerate() {
        let line = line?;
        let line = if number == 0 { line.strip_prefix(BOM).unwrap_or(&line) } else { &line };
        if line.trim_ascii().is_empty() {
            continue;
        }
        // A line for each line: what comes behind a bad one still finds its answer.
        match serde_json::from_slice::<Asked>(line) {
            Ok(asked) => serde_json::to_writer(&mut out, &predicted(&model, &asked.text, reject))?,
            Err(error) => {
                wrong += 1;
                let said = serde_json::json!({"line": number + 1, "error": error.to_string()});
                serde_json::to_writer(&mut out, &said)?;
            }
        }
        out.write_all(b"\n")?;
    }
    anyhow::ensure!(wrong == 0, "{wrong} lines are no {{\"text\": …}}: see \"error\" in the output");
    Ok(())
}

/// What `eval` prints.
#[derive(Serialize)]
struct Printed {
    #[serde(flatten)]
    report: Report,
    reject: f32,
    model_bytes: usize,
    load_ms: f64,
    train_seconds: f64,
}

fn eval((train, test): (&Path, &Path), reject: f32, json: bool) -> anyhow::Result<()> {
    let (test, (model, train_seconds)) = (examples_in(test)?, trained(&examples_in(train)?)?);
    // As it will be used: written and read back.
    let bytes = model.to_bytes();
    let begun = Instant::now();
    let model = Model::from_bytes(&bytes)?;
    let load_ms = begun.elapsed().as_secs_f64() * 1e3;
    let report = evaluate(&model, &test, reject);
    let printed = Printed { report, reject, model_bytes: bytes.len(), load_ms, train_seconds };
    let all = serde_json::to_value(&printed)?;
    if json {
        say(&all.to_string());
        return Ok(());
    }
    for (name, value) in all.as_object().into_iter().flatten() {
        let shown =
            value.as_f64().filter(|_| value.is_f64()).map_or_else(|| value.to_string(), |value| format!("{value:.4}"));
        say(&format!("{name:32} {shown}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_intent_is_told_also_where_it_is_rejected() {
        let example =
            |text: &str, intent: &str| Example { text: text.into(), intent: Some(intent.into()), slots: vec![] };
        let examples: Vec<_> = (0..10)
            .flat_map(|n| {
                [example(&format!("refund number {n}"), "refund"), example(&format!("hello there {n}"), "hello")]
            })
            .collect();
        let (model, _) = trained(&examples).unwrap();
        for (text, rejected) in [("refund number 3", false), ("zxcv vbnm", true)] {
            let said = serde_json::to_value(predicted(&model, text, 0.2)).unwrap();
            assert_eq!(said["rejected"], rejected, "{said}");
            assert_eq!(said["intent"], said["guesses"][0]["intent"], "{said}");
            assert!(said["intent"].is_string() && said["slots"].is_array() && said["scope"].is_number(), "{said}");
        }
    }
}
