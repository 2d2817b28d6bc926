//! Two ledgers, cell by cell.

use crate::kernel::sorting::sort_by_key;
use crate::oracle::followers::row_at;
use crate::oracle::judgement::{Freshness, SalesField};
use crate::oracle::lab::Lab;
use crate::oracle::rows::copies_of;
use crate::shop::aggregate::Aggregate;
use crate::system::place::{Model, Reader};
use crate::view::holders::{Holder, Spot, holders, others};
use crate::view::ledger::{Cell, LedgerQuery, Shown, cells_of, judged};

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

/// One cell in both runs, as one of its holders has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TwinRow {
    /// Which cell, and who has it.
    pub spot: Spot,
    /// Its name, such as `O-3 quantity at edge 2`.
    pub label: String,
    /// Both values.
    pub values: TwinValues,
    /// Do the two runs differ in it?
    pub differs: bool,
}

/// What both runs have in a cell; `None` where a run has no such cell, or not there.
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
    fn of(lab: &Lab, spot: Spot) -> Option<Self> {
        let shown = match spot.holder {
            Holder::Serving => spot.shown(lab),
            _ => others(lab, spot.cell, &[spot.holder]).pop().map(|(_, shown)| shown),
        };
        Some(Self { truth: spot.cell.truth(lab), shown: shown? })
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

/// A cell in these runs compared, of which at least one has it.
fn twin_row(spot: Spot, a: Option<&Lab>, b: Option<&Lab>) -> TwinRow {
    let side = |lab: Option<&Lab>| lab.and_then(|lab| TwinSide::of(lab, spot));
    let values = TwinValues { a: side(a), b: side(b) };
    let differs = values.a != values.b;
    TwinRow { spot, label: spot.label(), values, differs }
}

/// The rows of both ledgers that answer the question, where `differences_only` asks for the cells in which the runs differ.
/// The dashboard's figures come first, then orders, the newest first, then products and customers.
pub fn twin_ledger(a: &Lab, b: &Lab, query: &LedgerQuery) -> TwinLedger {
    let search = query.search.trim().to_lowercase();
    let mut elsewhere: Vec<Holder> = holders(a).into_iter().chain(holders(b)).collect();
    sort_by_key(&mut elsewhere, |holder| *holder);
    elsewhere.dedup();
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
        let row = twin_row(cell.into(), Some(a), Some(b));
        take(row.differs, &|| row.clone());
        take_elsewhere(&elsewhere, cell, (Some(a), Some(b)), &mut take);
    }
    for of in both(a, b) {
        let alike = are_alike(a, b, of) && are_copied_alike(a, b, of, &elsewhere);
        if query.differences_only && alike {
            continue;
        }
        let (in_a, in_b) = (cells_of(a, of), cells_of(b, of));
        let only_b = in_b.iter().filter(|cell| !in_a.contains(cell));
        for cell in in_a.iter().chain(only_b) {
            let has = (in_a.contains(cell), in_b.contains(cell));
            let runs = (has.0.then_some(a), has.1.then_some(b));
            let row = || twin_row((*cell).into(), runs.0, runs.1);
            take(!alike && (has.0 != has.1 || differs(a, b, *cell)), &row);
            take_elsewhere(&elsewhere, *cell, runs, &mut take);
        }
    }
    ledger.before = ledger.before.min(ledger.total);
    ledger
}

/// Takes the rows of a cell for all others who have it in one run or the other.
fn take_elsewhere(
    elsewhere: &[Holder],
    cell: Cell,
    (a, b): (Option<&Lab>, Option<&Lab>),
    take: &mut impl FnMut(bool, &dyn Fn() -> TwinRow),
) {
    for holder in elsewhere {
        let row = twin_row(Spot { cell, holder: *holder }, a, b);
        if row.values.a.is_some() || row.values.b.is_some() {
            take(row.differs, &|| row.clone());
        }
    }
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
    let mut all: Vec<Aggregate> = known(a).into_iter().chain(known(b)).collect();
    sort_by_key(&mut all, |of| (of.order().is_none(), of.order().map(|order| u32::MAX - order.0), *of));
    all.dedup();
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

/// Have those who copy read models the same of an aggregate in both runs? What is true of it is the same.
fn are_copied_alike(a: &Lab, b: &Lab, of: Aggregate, elsewhere: &[Holder]) -> bool {
    let models = || copies_of(of).iter().filter_map(|reader| reader.model());
    let mut keepers = elsewhere.iter().filter_map(|holder| holder.keeper());
    keepers.all(|keeper| models().all(|model| row_at(a, keeper, model, of) == row_at(b, keeper, model, of)))
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
