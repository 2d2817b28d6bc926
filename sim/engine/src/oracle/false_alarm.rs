//! Invariant, *always*: what a detector finds is drift. A row that is right is none; nor is one that is only late, and comes right
//! by itself. A comparison that does not leave time enough for events under way breaks it.

use std::collections::BTreeSet;

use crate::shop::aggregate::Aggregate;
use crate::system::place::{Model, Reader};

use super::judgement::Freshness;
use super::lab::Lab;

/// Rows that a detector has found late rather than wrong, so that only their future can tell.
#[derive(Clone, Debug, Default)]
pub struct Doubtful(BTreeSet<(Reader, Option<Aggregate>)>);

impl Doubtful {
    /// A detector has found this row.
    pub fn note(&mut self, reader: Reader, of: Option<Aggregate>) {
        self.0.insert((reader, of));
    }

    /// What becomes of the reader's rows from now on does not happen by itself.
    pub fn mended(&mut self, reader: Reader) {
        self.0.retain(|(doubted, _)| *doubted != reader);
    }

    /// The rows that have come right by themselves.
    pub fn came_right(&self, lab: &Lab) -> Vec<(Reader, Option<Aggregate>)> {
        let rows = self.0.iter().copied();
        rows.filter(|(reader, of)| stands(lab, *reader, *of) == Freshness::Fresh).collect()
    }
}

/// How a row stands to the truth.
pub fn stands(lab: &Lab, reader: Reader, of: Option<Aggregate>) -> Freshness {
    let watch = lab.watch(reader);
    match (reader.keeps(), of) {
        (Some(Model::ProductStats), Some(Aggregate::Product(product))) => watch.stats(product).worst(),
        (_, Some(of)) => watch.judged(of).worst(),
        (_, None) => watch.sales.worst(),
    }
}
