//! The command line as a person calls it: `lab run --json`, exit codes, and errors that say where.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::common::{PRESET_HASHES, outcome, preset};
use serde_json::Value;
use sim::kernel::history::Timed;
use sim::kernel::time::Micros;
use sim::scenario::machine::Change;
use sim::scenario::recording::Recording;
use sim::system::options::Idempotency;

/// Runs `lab` with these words and this standard input: exit code, output and errors.
fn lab(words: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("lab starts");
    child.stdin.take().expect("it listens").write_all(input.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn file(slug: &str) -> String {
    format!("{}/../public/scenarios/{slug}.json", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_run_prints_one_object_with_hash_and_verdicts() {
    for (slug, hash) in PRESET_HASHES {
        let (code, printed, _) = lab(&["run", &file(slug), "--json"], "");
        let printed: Value = serde_json::from_str(&printed).expect("it is one object");
        assert_eq!(printed["trace_hash"], hash, "{slug}");
        let report = outcome(&preset(slug));
        assert_eq!(printed["events_processed"], report.events_processed);
        assert_eq!(printed["end_ms"], report.end_ms);
        for (told, known) in printed["invariants"].as_array().expect("a list").iter().zip(&report.invariants) {
            assert_eq!((&told["name"], &told["status"]), (&known.name.into(), &known.status.into()), "{slug}");
        }
        let kept = report.invariants.iter().all(|invariant| invariant.status == "holds");
        assert_eq!(code, Some(i32::from(!kept)), "{slug}");
    }
}

#[test]
fn standard_input_is_a_file_too_and_a_bad_one_is_told() {
    let (code, printed, _) = lab(&["check", "-"], r#"{ "version": 1, "name": "Mine" }"#);
    assert_eq!((code, printed.as_str()), (Some(0), "Mine: a sound scenario\n"));
    let (code, printed, errors) = lab(&["run", "-"], r#"{ "version": 1, "name": "Mine", "seed": -1 }"#);
    assert_eq!((code, printed.as_str()), (Some(2), ""));
    assert_eq!(errors, "lab: -: seed (line 1): expected a whole number, found -1\n");
    let (code, _, errors) = lab(&["run", "no-such-file.json"], "");
    assert_eq!(code, Some(2));
    assert!(errors.starts_with("lab: no-such-file.json: "), "{errors}");
}

#[test]
fn a_run_can_be_stopped_and_given_another_seed() {
    let run = |words: &[&str]| {
        let first_minute = file("first-minute");
        let words: Vec<&str> =
            ["run", first_minute.as_str(), "--json"].into_iter().chain(words.iter().copied()).collect();
        serde_json::from_str::<Value>(&lab(&words, "").1).expect("it is one object")
    };
    let stopped = run(&["--until", "10s"]);
    assert_eq!(stopped["quiet"], false);
    assert!(stopped["end_ms"].as_u64().is_some_and(|end| end <= 10_000), "{}", stopped["end_ms"]);
    assert_ne!(run(&["--seed", "12"])["trace_hash"], run(&[])["trace_hash"]);
}

#[test]
fn the_log_says_which_option_was_changed_from_what_to_what() {
    let scenario = preset("scenario-b");
    let mut options = scenario.options.clone();
    options.projections.order_view.idempotency = Idempotency::ProcessedEvents;
    let mut back = options.clone();
    back.projections.order_view.idempotency = Idempotency::None;
    back.broker.resend_after = Micros::from_millis(2_500);
    let changed =
        |after_step, options| Timed { after_step, at: Micros::ZERO, change: Change::Options(Box::new(options)) };
    let changes = vec![changed(5, options), changed(5, back)];
    let (_, printed, errors) = lab(&["run", "-", "--log"], &Recording { scenario, changes }.to_json());
    assert_eq!(errors, "");
    let named: Vec<&str> =
        printed.lines().filter_map(|line| line.split_once("  you changed ")).map(|(_, what)| what).collect();
    assert_eq!(named[0], "order view idempotency from none to processed events");
    assert!(named[1].contains("order view idempotency from processed events to none"), "{named:?}");
    assert!(named[1].contains("broker resend after from 5 s to 2 s 500 ms"), "{named:?}");
}
