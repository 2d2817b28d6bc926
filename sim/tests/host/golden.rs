//! Golden outcomes: the seeds' scenarios told in words, short enough to read, and the digest of a long run.

use crate::common::{LONG_FAULTY_HASH, LONG_FAULTY_RUN, outcome, played, scenario};
use sim::scenario::presets::PRESETS;
use sim::view::log;
use sim::view::words::clock;

/// The run of a preset in words must be the text in `golden/`. To take over a change that is meant, set `BLESS=1`.
#[track_caller]
fn check(slug: &str) {
    let preset = PRESETS.iter().find(|preset| preset.slug == slug).expect("the preset exists");
    let history = played(&scenario(preset.json));
    let lines = log::lines(history.frontier(), history.trace(), 0..history.trace().len());
    let told: String = lines.iter().map(|line| format!("{:>8}  {}\n", clock(line.at), line.text)).collect();
    let file = format!("{}/tests/golden/{slug}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &told).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(told == expected, "{slug} is now told like this; if that is meant, set BLESS=1:\n{told}");
}

#[test]
fn scenario_b_is_told_as_the_seed_tells_it() {
    check("scenario-b");
}

#[test]
fn scenario_c_is_told_as_the_seed_tells_it() {
    check("scenario-c");
}

#[test]
fn the_long_faulty_run_is_what_it_was() {
    let report = outcome(&scenario(LONG_FAULTY_RUN));
    assert!(report.events_processed > 100_000, "long: {} events", report.events_processed);
    assert_eq!(report.trace_hash, LONG_FAULTY_HASH);
}
