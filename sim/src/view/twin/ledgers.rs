//! Two ledgers, cell by cell.

use std::collections::BTreeSet;

use crate::oracle::judgement::{Freshness, SalesField};
use crate::oracle::lab::Lab;
use crate::oracle::rows::copies_of;
use crate::shop::aggregate::Aggregate;
use crate::system::place::{Model, Reader};
use crate::view::ledger::{Cell, LedgerQuery, LedgerRow, Shown, cells_of, judged};

/// A window on both ledgers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TwinLedger {
    /// The rows shown.
    pub rows: Vec<TwinRow>,
    /// How many rows come before them.
    pub before: usize,
    /// How many rows the question has for an answer in all.
    pub total: usize,
    /// How many cells of the answer differ.
    pub differing: usize,
}

/// One cell in both runs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TwinRow {
    /// Which cell.
    pub cell: Cell,
    /// Its name, such as `O-3 quantity`.
    pub label: String,
    /// Both values.
    pub values: TwinValues,
    /// Do the two runs differ in it?
    pub differs: bool,
}

/// What both runs have in a cell; `None` where a run has no such cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TwinValues {
    /// In A.
    pub a: Option<TwinSide>,
    /// In B.
    pub b: Option<TwinSide>,
}

/// A cell in one run.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TwinSide {
    /// What is true there.
    pub truth: String,
    /// What the copy shows there.
    pub shown: Shown,
}

impl TwinSide {
    fn of(row: &LedgerRow) -> Option<Self> {
        let shown = row.copies.iter().find_map(|(_, shown)| shown.clone())?;
        Some(Self { truth: row.truth.clone(), shown })
    }
}

impl TwinRow {
    /// What is true, if that is the same in both runs.
    pub fn common_truth(&self) -> Option<&str> {
        match (&self.values.a, &self.values.b) {
            (Some(a), Some(b)) => (a.truth == b.truth).then_some(&a.truth),
            (Some(one), None) | (None, Some(one)) => Some(&one.truth),
            (None, None) => None,
        }
    }
}

/// The rows of one cell compared; at least one run has it.
pub fn twin_row(cell: Cell, a: Option<&LedgerRow>, b: Option<&LedgerRow>) -> TwinRow {
    let values = TwinValues { a: a.and_then(TwinSide::of), b: b.and_then(TwinSide::of) };
    let differs = values.a != values.b;
    let label = a.or(b).map_or_else(|| cell.label(), |row| row.label.clone());
    TwinRow { cell, label, values, differs }
}

/// The rows of both ledgers that answer the question, where `differences_only` asks for the cells in which the runs differ.
/// The dashboard's figures come first, then orders, the newest first, then products and customers.
pub fn twin_ledger(a: &Lab, b: &Lab, query: &LedgerQuery) -> TwinLedger {
    let search = query.search.trim().to_lowercase();
    let mut ledger = TwinLedger { before: query.from, ..TwinLedger::default() };
    let mut take = |differs: bool, row: &dyn Fn() -> TwinRow| {
        if query.differences_only && !differs {
            return;
        }
        // Only what is in sight or searched through is put into words.
        let in_sight = (query.from..query.from.saturating_add(query.limit)).contains(&ledger.total);
        let made = (in_sight || !search.is_empty()).then(row);
        if made.as_ref().is_some_and(|row| !fits(row, &search)) {
            return;
        }
        ledger.total += 1;
        ledger.differing += usize::from(differs);
        ledger.rows.extend(made.filter(|_| in_sight));
    };
    for cell in SalesField::ALL.map(Cell::Sales) {
        let row = twin_row(cell, Some(&cell.in_ledger(a)), Some(&cell.in_ledger(b)));
        take(row.differs, &|| row.clone());
    }
    for of in both(a, b) {
        let alike = are_alike(a, b, of);
        if query.differences_only && alike {
            continue;
        }
        let (in_a, in_b) = (cells_of(a, of), cells_of(b, of));
        let only_b = in_b.iter().filter(|cell| !in_a.contains(cell));
        for cell in in_a.iter().chain(only_b) {
            let has = (in_a.contains(cell), in_b.contains(cell));
            let row = || {
                let row = |lab: &Lab, has: bool| has.then(|| cell.in_ledger(lab));
                twin_row(*cell, row(a, has.0).as_ref(), row(b, has.1).as_ref())
            };
            take(!alike && (has.0 != has.1 || differs(a, b, *cell)), &row);
        }
    }
    ledger.before = ledger.before.min(ledger.total);
    ledger
}

/// Is the searched text in the name or in a value of the row?
fn fits(row: &TwinRow, search: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(search);
    let sides = row.values.a.iter().chain(&row.values.b);
    search.is_empty() || has(&row.label) || sides.into_iter().any(|side| has(&side.truth) || has(&side.shown.text))
}

/// Everything that one run or the other knows of.
fn both(a: &Lab, b: &Lab) -> Vec<Aggregate> {
    let known =
        |lab: &Lab| lab.all().into_iter().chain(lab.bought_products().map(Aggregate::Product)).collect::<Vec<_>>();
    let all: BTreeSet<Aggregate> = known(a).into_iter().chain(known(b)).collect();
    let mut all: Vec<Aggregate> = all.into_iter().collect();
    all.sort_unstable_by_key(|of| (of.order().is_none(), of.order().map(|order| u32::MAX - order.0), *of));
    all
}

/// Are all rows about an aggregate the same in both runs, and do they stand to the truth in the same way?
fn are_alike(a: &Lab, b: &Lab, of: Aggregate) -> bool {
    let stats = [Reader::Projection(Model::ProductStats)];
    copies_of(of).iter().chain(&stats).all(|reader| {
        let taking_part = [a, b].map(|lab| lab.watch(*reader).takes_part);
        match taking_part {
            [false, false] => true,
            [true, true] => {
                let row = |lab: &Lab| {
                    let judged = judged(lab, *reader, of);
                    // What is fresh shows the truth, so that need not be looked up as well.
                    let is_true = judged.worst() == Freshness::Fresh;
                    (lab.row_cells(*reader, of), (!is_true).then(|| (lab.true_cells(*reader, of), judged)))
                };
                row(a) == row(b)
            }
            _ => false,
        }
    })
}

/// Do the two runs differ in a cell that both have?
fn differs(a: &Lab, b: &Lab, cell: Cell) -> bool {
    let Some((of, at)) = cell.row() else { return false };
    let value = |lab: &Lab| {
        let reader = lab.world().in_service(cell.reader());
        let shown = lab.row_cells(reader, of).map(|cells| cells[at].clone());
        let truth = lab.true_cells(cell.reader(), of).map(|cells| cells[at].clone());
        (shown, truth, cell.freshness(lab))
    };
    value(a) != value(b)
}
