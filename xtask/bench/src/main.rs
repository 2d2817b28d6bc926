//! Performs measures on this machine, as a worker of a browser does over there.
//!
//! It reads lines such as `seek 1 2 3` and answers each with one line of JSON: an array with `[milliseconds, number]` for
//! each number given. `bytes` asks for the memory in use, `preset NAME` for the place of a preset in the list of them,
//! `scenario 200` for a scenario with so many messages in flight, and `long` for one with a million steps.
//! What the words mean is told with `bench::bench::Measure`.

mod counting;

use std::io::{self, BufRead as _, Write as _};
use std::process::ExitCode;
use std::time::Instant;

use bench::bench::{Bench, Measure};
use bench::scenario::{in_flight, long_run};
use sim::scenario::presets::PRESETS;

use counting::{Counting, bytes_in_use};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() -> io::Result<ExitCode> {
    let mut bench = Bench::default();
    for line in io::stdin().lock().lines() {
        let Some(answer) = answer(&line?, &mut bench) else {
            eprintln!(
                "bench: expected reference, run, whole, verdict, seek, hash, clear, bytes, preset, scenario or long, then what it needs"
            );
            return Ok(ExitCode::from(2));
        };
        let mut output = io::stdout().lock();
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The answer to one line, or `None` when it is not understood.
fn answer(line: &str, bench: &mut Bench) -> Option<String> {
    let mut words = line.split_whitespace();
    let measure = match words.next()? {
        "reference" => Measure::Reference,
        "run" => Measure::Run,
        "whole" => Measure::Whole,
        "verdict" => Measure::Verdict,
        "seek" => Measure::Seek,
        "hash" => Measure::Hash,
        "clear" => Measure::Clear,
        "preset" => {
            let slug = words.next()?;
            let place = PRESETS.iter().position(|preset| preset.slug == slug)?;
            return Some(format!("[[0,{place}]]"));
        }
        "bytes" => return Some(format!("[[0,{}]]", bytes_in_use())),
        "long" => return serde_json::to_string(&long_run()).ok(),
        "scenario" => return serde_json::to_string(&in_flight(words.next()?.parse().ok()?)).ok(),
        _ => return None,
    };
    let mut measured = Vec::new();
    for word in words {
        let n = word.parse().ok()?;
        let started = Instant::now();
        let number = bench.perform(measure, n);
        let milliseconds = started.elapsed().as_secs_f64() * 1e3;
        measured.push(format!("[{milliseconds},{number}]"));
    }
    Some(format!("[{}]", measured.join(",")))
}
