//! The copies of read models at read replicas and at edges, beside the truth: judged row by row when somebody looks, as answers
//! from there are.

use crate::shop::aggregate::Aggregate;
use crate::system::consumer::target::Target as _;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;

use super::judgement::{Cells, Freshness, Judged, judge_cells};
use super::lab::Lab;
use super::rows::{self, Position, copies_of};

/// The cells of the order view that show names, which have other sources than the order.
const NAMES: core::ops::Range<usize> = 4..6;

/// What a keeper has of a row of a read model, and how that stands; none where it has no copy of the model.
pub fn row_at(lab: &Lab, keeper: Keeper, model: Model, of: Aggregate) -> Option<(Cells, Judged)> {
    let (world, reader) = (lab.world(), Reader::Projection(model));
    let copy = world.reads().api.rows_of_copy(model, keeper)?;
    let shown = rows::kept(copy, of);
    let there = || {
        // A row that is not there was true before there was anything.
        let version = copy.row_version(of).min(lab.model(model).reached(of));
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

/// The worst freshness of any row that a keeper has about an aggregate.
pub fn worst_at(lab: &Lab, keeper: Keeper, of: Aggregate) -> Freshness {
    let models = copies_of(of).iter().filter_map(|reader| reader.model());
    let taking_part = models.filter(|model| lab.world().takes_part(Reader::Projection(*model)));
    let rows = taking_part.filter_map(|model| row_at(lab, keeper, model, of));
    rows.map(|(_, judged)| judged.worst()).max().unwrap_or_default()
}
