//! The trace is kept packed: every kind of entry comes out of it as it went in.

use std::collections::BTreeSet;

use sim::kernel::tape::Tape;
use sim::oracle::lab::Lab;
use sim::search::swarm;
use sim::system::trace::Entry;

const STEPS_MAX: u32 = 100_000;

fn entries(number: u64) -> Vec<Entry> {
    let scenario = swarm::scenario(number);
    let mut lab = Lab::new(scenario.options.clone(), scenario.seed, &scenario.overrides);
    let mut entries = Vec::new();
    for _ in 0..STEPS_MAX {
        if !lab.step(&mut entries) {
            break;
        }
    }
    entries
}

#[test]
fn whatever_happens_is_read_as_it_was_written() {
    let happened: Vec<Entry> = (0..200).flat_map(entries).collect();
    let kinds: BTreeSet<String> = happened.iter().map(|entry| kind(&format!("{:?}", entry.what))).collect();
    assert!(happened.len() > 100_000 && kinds.len() > 70, "{} of {} kinds", happened.len(), kinds.len());
    let tape: Tape<Entry> = happened.iter().copied().collect();
    assert!(tape.all().iter().eq(happened.iter().copied()));
}

/// The names of the variants, without what they carry: `Between(Asked`.
fn kind(told: &str) -> String {
    told.split([' ', '{']).next().unwrap_or_default().to_owned()
}
