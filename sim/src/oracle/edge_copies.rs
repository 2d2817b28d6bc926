//! The copies of read models at edges, beside the truth: judged row by row when somebody looks, as answers from there are.

use crate::shop::aggregate::Aggregate;
use crate::system::consumer::target::Target as _;
use crate::system::edges::edge_id::EdgeId;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;

use super::judgement::{Cells, Judged, judge_cells};
use super::lab::Lab;
use super::rows::{self, Position};

/// The cells of the order view that show names, which have other sources than the order.
const NAMES: core::ops::Range<usize> = 4..6;

/// What an edge has of a row of a read model, and how that stands; none where the edge has no copy of the model.
pub fn row_at(lab: &Lab, edge: EdgeId, model: Model, of: Aggregate) -> Option<(Cells, Judged)> {
    let (world, reader) = (lab.world(), Reader::Projection(model));
    let copy = world.reads().api.rows_of_copy(model, Keeper::Edge(edge))?;
    let shown = rows::kept(copy, of);
    // A row that is not there was true before there was anything.
    let version = copy.row_version(of).min(lab.model(model).reached(of));
    let there = || {
        let mut there = rows::truth(reader, of, Position::Version(version), world.store(), false);
        if let (Model::OrderView, Some(there), Some(shown)) = (model, &mut there, &shown) {
            // Which names were true then, the row does not say: one that is not true now counts as old.
            there[NAMES].clone_from_slice(&shown[NAMES]);
        }
        there
    };
    let judged = judge_cells(&shown, &lab.true_cells(reader, of), there);
    Some((shown, judged))
}
