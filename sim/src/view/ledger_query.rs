//! Which rows of the ledger are shown, and in which order. Of thousands of rows only those in sight are made.

use core::cmp::Reverse;

use crate::kernel::sorting::sort_by_key;
use crate::oracle::followers::worst_at;
use crate::oracle::judgement::Freshness;
use crate::oracle::judgement::SalesField;
use crate::oracle::lab::Lab;
use crate::oracle::rows::copies_of;
use crate::shop::aggregate::Aggregate;
use crate::system::options::CatalogueProduct;
use crate::system::place::{Model, Reader};

use super::holders::{Holder, Spot, holders, others};
use super::ledger::{Cell, Ledger, LedgerRow, Matching, cells_of, is_unknown, judged};

/// Which rows of the ledger to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerQuery {
    /// Only cells in which some copy differs from the truth. The dashboard's figures are always shown.
    pub differences_only: bool,
    /// Only orders, products and customers whose name contains this, and cells with it in their names or values.
    pub search: String,
    /// In which order.
    pub sort: Sort,
    /// The other way round.
    pub descending: bool,
    /// About how many rows to leave out at the beginning.
    pub from: usize,
    /// About how many rows to give at most; the rows of one order stay together.
    pub limit: usize,
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The dashboard's figures, then wrong before stale before fresh, and what has just moved first.
    #[default]
    Worst,
    /// By the names of orders, products and customers.
    Name,
    /// By field and, within one field, by what is true.
    Truth,
    /// By the names of the copies.
    Copy,
    /// By field and, within one field, by what this copy shows, or whichever it is.
    Shown(Option<Reader>),
    /// By field and, within one field, by what this one shows who holds it besides.
    Held(Holder),
}

impl Sort {
    /// Do the rows of one order stay together?
    const fn keeps_rows_together(self) -> bool {
        matches!(self, Self::Worst | Self::Name)
    }
}

/// The rows that answer the question.
pub fn ledger(lab: &Lab, query: &LedgerQuery) -> Ledger {
    let asking = Asking { lab, query, search: query.search.trim().to_lowercase(), holders: holders(lab) };
    let found = asking.found();
    let mut cells = SalesField::ALL.map(Cell::Sales).to_vec();
    cells.retain(|cell| asking.fits(*cell));
    if query.sort.keeps_rows_together() && (asking.search.is_empty() || is_name(&asking.search)) {
        return asking.window(cells, &found);
    }
    let (mut shown, mut matching) = (0, Matching::default());
    for of in found {
        let before = cells.len();
        let whole = of.to_string().to_lowercase().contains(&asking.search);
        cells.extend(asking.wanted(of).filter(|cell| whole || asking.fits(*cell)));
        if cells.len() > before {
            shown += 1;
            matching.count(of);
        }
    }
    sort(lab, query, &mut cells);
    let rows = cells.iter().skip(query.from).take(query.limit).map(|cell| asking.row(*cell)).collect();
    let (before, total) = (query.from.min(cells.len()), cells.len());
    Ledger { rows, before, total, shown, matching, holders: asking.holders }
}

/// Does the search ask for an order, a product or a customer? Then nobody has to look at every value.
fn is_name(search: &str) -> bool {
    ["o-", "p-", "c-"].iter().any(|kind| search.starts_with(kind))
}

/// A question, with what is needed for the answer.
struct Asking<'a> {
    lab: &'a Lab,
    query: &'a LedgerQuery,
    /// What is searched for, in small letters.
    search: String,
    holders: Vec<Holder>,
}

impl Asking<'_> {
    fn row(&self, cell: Cell) -> LedgerRow {
        cell.in_ledger(self.lab, &self.holders)
    }

    /// Is the searched text in the name or in a value of the cell?
    fn fits(&self, cell: Cell) -> bool {
        let has = |text: &str| text.to_lowercase().contains(&self.search);
        self.search.is_empty()
            || has(&cell.label())
            || has(&cell.truth(self.lab))
            || has(&cell.shown(self.lab).text)
            || others(self.lab, cell, &self.holders).iter().any(|(_, shown)| has(&shown.text))
    }

    /// The cells about an aggregate that are asked for.
    fn wanted(&self, of: Aggregate) -> impl Iterator<Item = Cell> {
        let is_wanted = |cell: &Cell| {
            !self.query.differences_only
                || cell.freshness(self.lab) != Freshness::Fresh
                || others(self.lab, *cell, &self.holders).iter().any(|(_, shown)| shown.freshness != Freshness::Fresh)
        };
        cells_of(self.lab, of).into_iter().filter(is_wanted)
    }

    /// What may have rows to show, in order.
    fn found(&self) -> Vec<Aggregate> {
        let (lab, query) = (self.lab, self.query);
        let catalogue = &lab.world().options().workload.products;
        let unknown = lab.bought_products().map(Aggregate::Product).filter(|of| is_unknown(catalogue, *of));
        let all = lab.all().into_iter().chain(unknown);
        let named = |of: &Aggregate| !is_name(&self.search) || of.to_string().to_lowercase().contains(&self.search);
        let rated = all.filter(named).map(|of| (self.worst(of), of));
        let mut found: Vec<_> =
            rated.filter(|(worst, _)| !query.differences_only || *worst != Freshness::Fresh).collect();
        if query.sort == Sort::Worst {
            // Orders come first, and of these the newest, since it is the one that has just moved.
            found.sort_unstable_by_key(|(worst, of)| {
                let newest_first = of.order().map_or(of.number(), |order| u32::MAX - order.0);
                (Reverse(*worst), of.order().is_none(), newest_first)
            });
        } else {
            found.sort_unstable_by_key(|(_, of)| *of);
        }
        if query.descending {
            found.reverse();
        }
        found.into_iter().map(|(_, of)| of).collect()
    }

    /// The worst freshness of any row about an aggregate, whoever has it.
    fn worst(&self, of: Aggregate) -> Freshness {
        let stats = [Reader::Projection(Model::ProductStats)];
        let kept = copies_of(of).iter().chain(&stats).filter(|reader| self.lab.watch(**reader).takes_part);
        let kept = kept.map(|reader| judged(self.lab, *reader, of).worst());
        let copied = self.holders.iter().filter_map(|holder| holder.keeper());
        kept.chain(copied.map(|keeper| worst_at(self.lab, keeper, of))).max().unwrap_or_default()
    }

    /// The rows in sight, those about one aggregate together.
    fn window(self, figures: Vec<Cell>, found: &[Aggregate]) -> Ledger {
        let (lab, query) = (self.lab, self.query);
        let mut ledger = Ledger { total: figures.len(), ..Ledger::default() };
        found.iter().for_each(|of| ledger.matching.count(*of));
        if query.from < figures.len() {
            ledger.rows.extend(figures.into_iter().map(|cell| self.row(cell)));
        } else {
            ledger.before = figures.len();
        }
        let mut counts = Counts::new(lab);
        for of in found {
            let here = if query.differences_only { self.wanted(*of).count() } else { counts.of(lab, *of) };
            if ledger.total + here <= query.from {
                ledger.before += here;
            } else if ledger.rows.len() < query.limit {
                ledger.shown += 1;
                ledger.rows.extend(self.wanted(*of).map(|cell| self.row(cell)));
            }
            ledger.total += here;
        }
        ledger.holders = self.holders;
        ledger
    }
}

/// How many cells the aggregates of a kind have: as many each, so one of each kind is counted.
struct Counts<'a> {
    catalogue: &'a [CatalogueProduct],
    known: [Option<usize>; 4],
}

impl<'a> Counts<'a> {
    fn new(lab: &'a Lab) -> Self {
        Self { catalogue: &lab.world().options().workload.products, known: [None; 4] }
    }

    fn of(&mut self, lab: &Lab, of: Aggregate) -> usize {
        let kind = match of {
            Aggregate::Order(_) => 0,
            Aggregate::Customer(_) => 1,
            Aggregate::Product(_) => 2 + usize::from(is_unknown(self.catalogue, of)),
        };
        *self.known[kind].get_or_insert_with(|| cells_of(lab, of).len())
    }
}

/// Sorts cells that do not stay with their rows.
fn sort(lab: &Lab, query: &LedgerQuery, cells: &mut [Cell]) {
    let value = |cell: Cell, text: String| (cell.reader().index(), cell.field(), natural(&text));
    match query.sort {
        Sort::Worst | Sort::Name => return,
        Sort::Truth => sort_by_key(cells, |cell| value(*cell, cell.truth(lab))),
        Sort::Copy => sort_by_key(cells, |cell| cell.reader().to_string()),
        Sort::Shown(reader) => sort_by_key(cells, |cell| {
            // The other copies' cells stay behind, whichever way the column is sorted.
            let elsewhere = reader.is_some_and(|reader| reader != cell.reader());
            (elsewhere != query.descending, value(*cell, cell.shown(lab).text))
        }),
        Sort::Held(holder) => sort_by_key(cells, |cell| {
            let shown = Spot { cell: *cell, holder }.shown(lab);
            // So do cells that this one does not hold.
            (shown.is_none() != query.descending, value(*cell, shown.map_or_else(String::new, |shown| shown.text)))
        }),
    }
    if query.descending {
        cells.reverse();
    }
}

/// A value as people sort it: by its words, then by its number, whatever its unit.
fn natural(text: &str) -> (String, u64, String) {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let (words, rest) = text.split_at(start);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(rest.len());
    let (number, unit) = rest.split_at(end);
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let micros = format!("{}{:0<6.6}", digits(whole), digits(part)).parse().unwrap_or(u64::MAX);
    let in_seconds = if unit.starts_with(" ms") { micros / 1_000 } else { micros };
    (words.to_owned(), in_seconds, unit.to_owned())
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn values_are_sorted_as_people_sort_them() {
        let mut values = ["$1,204.50", "$99.98", "C-10", "C-9", "12.4 s", "350 ms", "paid", "absent"];
        values.sort_by_key(|text| natural(text));
        assert_eq!(values, ["350 ms", "12.4 s", "$99.98", "$1,204.50", "C-9", "C-10", "absent", "paid"]);
    }
}
