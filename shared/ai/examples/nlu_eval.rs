//! The yardstick without the gateway: trains on one file, measures on another, prints JSON.
//! `nlu_eval <train.jsonl> <test.jsonl> [reject]`

#![allow(clippy::print_stdout, reason = "it prints")]

use std::{error::Error, fs, time::Instant};

use deskwire_ai::{Model, Options, evaluate, read_examples, train};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut file = || -> Result<String, Box<dyn Error>> {
        Ok(fs::read_to_string(arguments.next().ok_or("nlu_eval <train.jsonl> <test.jsonl> [reject]")?)?)
    };
    let (training, test) = (read_examples(&file()?)?, read_examples(&file()?)?);
    let reject = arguments.next().map_or(Ok(0.05), |reject| reject.parse())?;
    let begun = Instant::now();
    let model = train(&training, Options { threads: 2 })?;
    let train_seconds = begun.elapsed().as_secs_f64();
    let bytes = model.to_bytes();
    let begun = Instant::now();
    let model = Model::from_bytes(&bytes)?;
    let load_ms = begun.elapsed().as_secs_f64() * 1e3;
    let mut all = serde_json::to_value(evaluate(&model, &test, reject))?;
    all["model_bytes"] = bytes.len().into();
    all["load_ms"] = load_ms.into();
    all["train_seconds"] = train_seconds.into();
    println!("{all}");
    Ok(())
}
