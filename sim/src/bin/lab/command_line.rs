//! What `lab` understands, and what it prints.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde::Serialize;
use sim::kernel::history::History;
use sim::kernel::time::{Micros, parse};
use sim::oracle::commands::Commands;
use sim::oracle::lab::Lab;
use sim::oracle::metrics::Metrics;
use sim::scenario::changes::name_changes;
use sim::scenario::export::{Format, export};
use sim::scenario::monitoring::{Monitoring, MonitoringReport};
use sim::scenario::recording::Recording;
use sim::scenario::report::{Report, report};
use sim::scenario::schema::scenario_schema;
use sim::system::trace::Trace;
use sim::view::log::{self, LogLine};
use sim::view::words::{clock, plural};

/// Runs scenarios and recordings without a page.
#[derive(Parser)]
#[command(name = "lab", version, about)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a scenario or a recording, and say how its promises stand.
    Run {
        /// The file; `-` reads standard input.
        file: String,
        /// Another seed than the file's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop after this much virtual time, such as 30s.
        #[arg(long, value_parser = duration)]
        until: Option<Micros>,
        /// Write everything that happens to this file, one JSON object a line.
        #[arg(long)]
        trace: Option<String>,
        /// Print one JSON object instead of words.
        #[arg(long)]
        json: bool,
        /// Tell the run in words, one line for each thing that happened.
        #[arg(long)]
        log: bool,
    },
    /// Say whether a file is a scenario or a recording that can be run.
    Check {
        /// The file; `-` reads standard input.
        file: String,
    },
    /// Write a run in the format of another tool.
    Export {
        /// The file; `-` reads standard input.
        file: String,
        /// The format.
        #[arg(long = "as", value_parser = format)]
        format: Format,
        /// Stop after this much virtual time, such as 30s.
        #[arg(long, value_parser = duration)]
        until: Option<Micros>,
    },
    /// Print the JSON Schema of scenario files.
    Schema,
}

fn format(name: &str) -> Result<Format, String> {
    let names = Format::ALL.map(Format::name);
    Format::ALL.into_iter().find(|one| one.name() == name).ok_or_else(|| format!("expected {}", names.join(", ")))
}

/// Steps at most: a scenario that does not come to rest is stopped here. Its trace takes about a gigabyte then.
const STEPS_MAX: u64 = 20_000_000;
/// Steps between two looks at the clock and the progress line.
const SLICE: u64 = 250_000;

fn duration(text: &str) -> Result<Micros, String> {
    parse(text).ok_or_else(|| "expected a time with its unit, such as 30s".to_owned())
}

/// What ends `lab` early.
enum Failure {
    Input(String),
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let outcome = match CommandLine::parse().command {
        Command::Run { file, seed, until, trace, json, log } => run(
            &file,
            seed,
            until,
            trace.as_deref(),
            if json {
                Print::Json
            } else if log {
                Print::Log
            } else {
                Print::Words
            },
        ),
        Command::Check { file } => load(&file).and_then(|recording| {
            writeln!(io::stdout(), "{}: a sound scenario", recording.scenario.name)?;
            Ok(true)
        }),
        Command::Export { file, format, until } => print_export(&file, format, until),
        Command::Schema => io::stdout().write_all(scenario_schema().as_bytes()).map(|()| true).map_err(Failure::Output),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(Failure::Input(problem)) => {
            eprintln!("lab: {problem}");
            ExitCode::from(2)
        }
        // Whoever reads the output has gone: nothing is left to say.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            eprintln!("lab: {error}");
            ExitCode::from(2)
        }
    }
}

enum Print {
    Json,
    Log,
    Words,
}

fn load(file: &str) -> Result<Recording, Failure> {
    let text = if file == "-" {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text.map_err(|error| Failure::Input(format!("{file}: {error}")))?;
    Recording::from_json(&text).map_err(|error| Failure::Input(format!("{file}: {error}")))
}

/// What `run --json` prints: one flat object.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    outcome: &'a Report,
    #[serde(flatten)]
    monitoring: MonitoringReport,
}

/// The run of a recording, seen at its end or at `until`.
fn play(recording: &Recording, until: Option<Micros>) -> History<Lab> {
    let mut history = History::new(&recording.scenario, recording.changes.clone());
    run_ahead(&mut history, until);
    match until {
        Some(until) => history.seek_time(until),
        None => history.seek_step(u64::MAX),
    }
    history
}

fn print_export(file: &str, format: Format, until: Option<Micros>) -> Result<bool, Failure> {
    let recording = load(file)?;
    let history = play(&recording, until);
    let (lab, seen) = (history.machine(), history.past());
    let metrics = Metrics::of(lab, seen, recording.scenario.metrics);
    io::stdout().write_all(export(format, lab, seen, &metrics).as_bytes())?;
    Ok(true)
}

/// Runs the file; true when every promise is kept.
fn run(
    file: &str,
    seed: Option<u64>,
    until: Option<Micros>,
    trace: Option<&str>,
    print: Print,
) -> Result<bool, Failure> {
    let mut recording = load(file)?;
    recording.scenario.seed = seed.unwrap_or(recording.scenario.seed);
    recording.scenario.check().map_err(|error| Failure::Input(format!("--seed: {error}")))?;
    let history = play(&recording, until);
    let seen = history.past();
    if let Some(file) = trace {
        write_trace(file, &told(&recording, &history, seen))?;
    }
    let outcome = report(history.machine(), seen);
    let monitoring = Monitoring::of(&recording.scenario, history.machine(), seen);
    let mut out = io::stdout().lock();
    match print {
        Print::Json => {
            let whole = Whole { outcome: &outcome, monitoring: monitoring.report() };
            let json = serde_json::to_string(&whole).map_err(io::Error::from)?;
            writeln!(out, "{json}")?;
        }
        Print::Log => {
            let happened = told(&recording, &history, seen).into_iter();
            let mut lines: Vec<(Micros, String)> = happened.map(|line| (line.at, line.text)).collect();
            lines.extend(monitoring.alert_lines());
            // Stable, so that within one moment an alert comes after what it is about.
            lines.sort_by_key(|(at, _)| *at);
            for (at, text) in lines {
                writeln!(out, "{:>10}  {text}", clock(at))?;
            }
        }
        Print::Words => {
            print_words(&mut out, &outcome)?;
            for line in monitoring.objective_lines() {
                writeln!(out, "  {line}")?;
            }
            for (at, text) in monitoring.alert_lines() {
                writeln!(out, "  {:>10}  {text}", clock(at))?;
            }
        }
    }
    Ok(outcome.invariants.iter().all(|invariant| invariant.status == "holds"))
}

fn run_ahead(history: &mut History<Lab>, until: Option<Micros>) {
    let progress = io::stderr().is_terminal();
    while !history.run_ahead(SLICE) && history.steps_known() < STEPS_MAX {
        if until.is_some_and(|until| history.time_known() > until) {
            break;
        }
        if progress {
            eprint!("\r{} events, {}   ", history.steps_known(), clock(history.time_known()));
        }
    }
    if progress && history.steps_known() > SLICE {
        eprintln!();
    }
}

/// What happened, line by line; where a person changed options, which and how.
fn told(recording: &Recording, history: &History<Lab>, seen: Trace<'_>) -> Vec<LogLine> {
    let mut lines = log::lines(history.machine(), seen, 0..seen.len());
    name_changes(recording, seen, 0, &mut lines);
    lines
}

fn write_trace(file: &str, lines: &[LogLine]) -> Result<(), Failure> {
    let refuse = |error: io::Error| Failure::Input(format!("{file}: {error}"));
    let mut out = io::BufWriter::new(fs::File::create(file).map_err(refuse)?);
    for line in lines {
        let object = serde_json::json!({
            "at_us": line.at.0,
            "step": line.step,
            "of": line.of.map(|of| of.to_string()),
            "event": line.event,
            "text": line.text,
        });
        writeln!(out, "{object}").map_err(refuse)?;
    }
    out.flush().map_err(refuse)
}

fn print_words(out: &mut impl Write, outcome: &Report) -> io::Result<()> {
    let state = if outcome.quiet { "quiet" } else { "stopped" };
    writeln!(
        out,
        "{} events, {state} at {} ms, trace {}",
        outcome.events_processed, outcome.end_ms, outcome.trace_hash
    )?;
    for invariant in &outcome.invariants {
        let first = invariant.first_ms.map(|ms| format!(", first at {ms} ms")).unwrap_or_default();
        let count = if invariant.count > 0 { format!(" ({}{first})", invariant.count) } else { String::new() };
        writeln!(out, "  {:<32} {:<10} {}{count}", invariant.name, invariant.kind, invariant.status)?;
    }
    for model in &outcome.models {
        writeln!(
            out,
            "  {:<32} {}, {} stale, {} wrong, {} and {} ms behind",
            model.name,
            plural(model.rows, "row"),
            model.stale,
            model.wrong,
            plural(model.lag_events, "event"),
            model.lag_ms
        )?;
    }
    print_commands(out, &outcome.commands)
}

fn print_commands(out: &mut impl Write, commands: &Commands) -> io::Result<()> {
    let Commands { sent, accepted, refused, failed, unanswered, .. } = commands;
    writeln!(
        out,
        "  {:<32} {sent} sent, {accepted} accepted, {refused} refused, {failed} failed, {unanswered} unanswered",
        "commands"
    )?;
    let millis = |micros: u64| format!("{}.{:03} ms", micros / 1_000, micros % 1_000);
    writeln!(
        out,
        "  {:<32} p50 {}, p99 {}, {} on old data, {} of these otherwise than the owner's data would have it",
        "new orders",
        millis(commands.order_latency.p50_us),
        millis(commands.order_latency.p99_us),
        commands.stale_decisions,
        commands.wrong_decisions
    )
}
