//! How long the server's training job takes: `nlu_study EXAMPLES`, a tenth of them held out.
#![expect(clippy::print_stdout, reason = "this is the program's answer to whoever started it")]

use std::time::Instant;

use deskwire_ai::{Options, read_examples, study};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: nlu_study EXAMPLES")?;
    let examples = read_examples(&std::fs::read_to_string(file)?)?;
    let held_out: Vec<bool> = (0..examples.len()).map(|place| place % 10 == 0).collect();
    let begun = Instant::now();
    let studied = study(&examples, &held_out, Options { threads: 2 })?;
    println!(
        "{} examples, {} suspects, {:.1} s",
        examples.len(),
        studied.suspects.len(),
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}
