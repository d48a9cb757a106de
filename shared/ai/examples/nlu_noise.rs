//! How well noise is found: turns some labels of a file, looks for them, and measures with and without what was found.
//! `nlu_noise <train.jsonl> <test.jsonl> <percent>`

#![allow(clippy::print_stdout, reason = "it prints")]

use std::{collections::BTreeSet, error::Error, fs};

use deskwire_ai::{Example, Options, evaluate, read_examples, suspects, train};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [training, test, percent] = arguments.as_slice() else {
        return Err("nlu_noise <train.jsonl> <test.jsonl> <percent>".into());
    };
    let (clean, test) = (read_examples(&fs::read_to_string(training)?)?, read_examples(&fs::read_to_string(test)?)?);
    let (noisy, turned) = turn(&clean, percent.parse()?);
    let options = Options { threads: 2 };
    let found = suspects(&noisy, options)?;
    let hits = |count: usize| found.iter().take(count).filter(|one| turned.contains(&one.index)).count();
    let right = hits(found.len());
    println!(
        "turned {} found {} precision {:.3} recall {:.3} precision of the first {}: {:.3}",
        turned.len(),
        found.len(),
        right as f64 / found.len().max(1) as f64,
        right as f64 / turned.len().max(1) as f64,
        turned.len() / 2,
        hits(turned.len() / 2) as f64 / (turned.len() / 2).max(1) as f64,
    );
    let out: BTreeSet<usize> = found.iter().map(|one| one.index).collect();
    let kept: Vec<Example> =
        noisy.iter().enumerate().filter(|(at, _)| !out.contains(at)).map(|(_, one)| one.clone()).collect();
    for (name, examples) in [("with them", &noisy), ("without", &kept)] {
        let report = evaluate(&train(examples, options)?, &test, 0.05);
        println!("{name}: accuracy {:.4} calibration error {:.4}", report.accuracy, report.calibration_error);
    }
    Ok(())
}

/// Gives so many of a hundred examples the intent of another example, the same ones every time.
fn turn(clean: &[Example], percent: u64) -> (Vec<Example>, BTreeSet<usize>) {
    let (mut noisy, mut turned, mut seed) = (clean.to_vec(), BTreeSet::new(), 0x2545_f491_4f6c_dd1du64);
    let intents: Vec<&String> =
        clean.iter().filter_map(|one| one.intent.as_ref()).collect::<BTreeSet<_>>().into_iter().collect();
    let mut random = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed >> 16) % below
    };
    for (at, one) in noisy.iter_mut().enumerate() {
        let other = intents[random(intents.len() as u64) as usize];
        if random(100) < percent && one.intent.as_ref().is_some_and(|own| own != other) {
            one.intent = Some(other.clone());
            turned.insert(at);
        }
    }
    (noisy, turned)
}
