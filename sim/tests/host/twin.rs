//! Two runs of the same traffic compared cell by cell, against what each ledger says by itself.

use sim::kernel::history::History;
use sim::oracle::lab::Lab;
use sim::scenario::recording::{Recording, Scenario};
use sim::system::options::Idempotency;
use sim::view::ledger::{LedgerQuery, Sort, ledger};
use sim::view::twin::{TwinLedger, twin_ledger};

fn preset(slug: &str) -> Scenario {
    let preset = sim::scenario::presets::PRESETS.iter().find(|preset| preset.slug == slug).expect("it is known");
    Recording::from_json(preset.json).expect("it can be read").scenario
}

fn played(scenario: &Scenario) -> History<Lab> {
    let mut history = History::new(scenario, Vec::new());
    history.run_to_end(1_000_000);
    history
}

fn remembering(slug: &str) -> (History<Lab>, History<Lab>) {
    let plain = preset(slug);
    let mut protected = plain.clone();
    for projection in protected.options.projections.all_mut() {
        projection.idempotency = Idempotency::ProcessedEvents;
    }
    (played(&plain), played(&protected))
}

fn compared(a: &History<Lab>, b: &History<Lab>, query: &LedgerQuery) -> TwinLedger {
    twin_ledger(a.frontier(), b.frontier(), query)
}

const ALL: LedgerQuery = LedgerQuery {
    differences_only: false,
    search: String::new(),
    sort: Sort::Name,
    descending: false,
    from: 0,
    limit: usize::MAX,
};

fn only_differences() -> LedgerQuery {
    LedgerQuery { differences_only: true, ..ALL }
}

#[test]
fn a_run_does_not_differ_from_itself() {
    for slug in ["scenario-b", "read-models", "saga"] {
        let history = played(&preset(slug));
        let same = compared(&history, &history, &only_differences());
        assert_eq!((same.total, same.differing, same.rows.len()), (0, 0, 0), "{slug}");
        let whole = compared(&history, &history, &ALL);
        assert_eq!(whole.total, ledger(history.frontier(), &ALL).total, "{slug}: every cell is there");
        assert_eq!(whole.rows.len(), whole.total, "{slug}");
    }
}

#[test]
fn the_protected_run_differs_where_the_other_is_wrong() {
    let (a, b) = remembering("scenario-b");
    let found = compared(&a, &b, &only_differences());
    let told: Vec<(String, String, String)> = found
        .rows
        .iter()
        .map(|row| {
            let text = |side: &Option<sim::view::twin::TwinSide>| {
                side.as_ref().map(|side| side.shown.text.clone()).unwrap_or_default()
            };
            (row.label.clone(), text(&row.values.a), text(&row.values.b))
        })
        .collect();
    let expected = [("O-900 quantity", "4", "2"), ("O-900 total", "$199.96", "$99.98")];
    assert_eq!(told, expected.map(|(cell, a, b)| (cell.to_owned(), a.to_owned(), b.to_owned())));
    assert_eq!(found.differing, 2);
    assert_eq!(found.rows[0].common_truth(), Some("2"));
}

#[test]
fn differences_are_those_of_the_two_ledgers() {
    for slug in ["read-models", "saga", "scenario-c", "dead-letters", "edges"] {
        let (a, b) = remembering(slug);
        let (left, right) = (ledger(a.frontier(), &ALL), ledger(b.frontier(), &ALL));
        let mut expected: Vec<_> =
            left.rows.iter().filter(|row| !right.rows.contains(row)).map(|row| row.cell).collect();
        expected.extend(
            right.rows.iter().filter(|row| left.rows.iter().all(|other| other.cell != row.cell)).map(|row| row.cell),
        );
        expected.sort();
        let mut found: Vec<_> = compared(&a, &b, &only_differences()).rows.iter().map(|row| row.spot.cell).collect();
        found.sort();
        // A cell that several have, at edges too, has a row for each of them that differs.
        found.dedup();
        assert_eq!(found, expected, "{slug}");
    }
}

#[test]
fn a_window_is_a_part_of_the_whole_and_a_search_finds_names_and_values() {
    let (a, b) = remembering("read-models");
    let whole = compared(&a, &b, &ALL);
    let window = compared(&a, &b, &LedgerQuery { from: 50, limit: 20, ..ALL });
    assert_eq!((window.before, window.total), (50, whole.total));
    assert_eq!(window.rows, whole.rows[50..70]);
    let row = &whole.rows[40];
    let search = row.label.clone();
    let found = compared(&a, &b, &LedgerQuery { search: search.to_uppercase(), ..ALL });
    assert!(found.rows.contains(row) && found.total < whole.total, "{search}");
}
