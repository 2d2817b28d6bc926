//! Which line a way takes: most lead straight to what they reach, and some around what stands between their ends.

use sim::system::place::Place;

use super::{Layout, Shape};
use crate::stage::geometry::{Axis, Curve, Rect, Side};
use crate::stage::lane::Lane;

/// How far inside the edges of the picture its outer lanes lie.
const INSET: f64 = 11.0;
/// The lane on the right has room for half a copy that travels on it.
const RIGHT: f64 = 20.0;
/// The lane on the left has more room: answers travel beside the queries that they answer.
const LEFT: f64 = 19.0;
/// How far the lane of the edge servers is from them: in the middle of the room before the command side.
const BESIDE_EDGES: f64 = 18.0;
/// Ways that leave a box by one side keep so far from its middle, each on its own hand.
const APART: f64 = 9.0;

impl Layout {
    /// The line from one place to another around what stands between them; `None` where nothing does.
    pub(super) fn around(&self, from: Place, to: Place, (start, end): (&Rect, &Rect)) -> Option<Curve> {
        let lane = match self.axis {
            Axis::X if is_back(from, to) => self.lane_across(to, from, end, start).map(Lane::back),
            Axis::X => self.lane_across(from, to, start, end),
            Axis::Y => self.lane_down(from, to, start, end),
        };
        let side = || self.side(from, to).map(|side| Curve::around(start, end, side));
        lane.map(Curve::Straight).or_else(side)
    }

    /// The lanes of the picture that runs from left to right: under it, over it, and on either side of it.
    fn lane_across(&self, from: Place, to: Place, start: &Rect, end: &Rect) -> Option<Lane> {
        let view = self.view;
        let (top, bottom) = (view.y + INSET, view.bottom() - INSET);
        let (left, right) = (view.x + LEFT, view.right() - RIGHT);
        let (a, b) = (start.centre(), end.centre());
        // Where a lane reaches a box from above or below, it keeps clear of the title on the left.
        let into = end.x + 0.8 * end.w;
        Some(match (from, to) {
            (Place::ReadModel(_) | Place::Second(_), Place::Edge(_)) => {
                let (beside, y) = (end.right() + BESIDE_EDGES, b.y - APART);
                let (x, out) = (start.right(), a.y - APART);
                Lane::through(&[(x, out), (right, out), (right, top), (beside, top), (beside, y), (end.right(), y)])
            }
            (Place::Edge(_), Place::QueryApi | Place::Cache | Place::ReadReplica(_)) => {
                let (beside, y) = (start.right() + BESIDE_EDGES, a.y + APART);
                let (x, back) = (end.right(), b.y + APART);
                Lane::through(&[
                    (start.right(), y),
                    (beside, y),
                    (beside, bottom),
                    (right, bottom),
                    (right, back),
                    (x, back),
                ])
            }
            (Place::ReadModel(_) | Place::Second(_), Place::QueryApi | Place::ReadReplica(_)) => {
                let (out, back) = (a.y + APART, b.y - APART);
                Lane::through(&[(start.right(), out), (right, out), (right, back), (end.right(), back)])
            }
            (Place::QueryApi, Place::Handler) => {
                Lane::through(&[(start.right(), a.y), (right, a.y), (right, top), (into, top), (into, end.y)])
            }
            (Place::QueryApi, Place::Owner(_)) => Lane::through(&[
                (start.right(), a.y),
                (right, a.y),
                (right, bottom),
                (into, bottom),
                (into, end.bottom()),
            ]),
            (Place::Shopper | Place::Gateway, Place::Edge(_)) | (Place::Shopper, Place::Gateway) if self.has_edges => {
                Lane::through(&[(start.x, a.y), (left, a.y), (left, b.y), (end.x, b.y)])
            }
            _ => return None,
        })
    }

    /// The lane of the picture that runs from top to bottom: on its right, for what leads back up to the edges.
    fn lane_down(&self, from: Place, to: Place, start: &Rect, end: &Rect) -> Option<Lane> {
        let is_kept = |place| {
            matches!(
                place,
                Place::ReadModel(_) | Place::Second(_) | Place::QueryApi | Place::Cache | Place::ReadReplica(_)
            )
        };
        let is_edge = |place| matches!(place, Place::Edge(_));
        let goes_up = is_kept(from) && is_edge(to) || is_edge(from) && is_kept(to);
        let right = self.view.right() - INSET;
        let (a, b) = (start.centre().x, end.centre().x);
        let (below, under) = (start.bottom() + APART, end.bottom() + APART);
        let points = [(a, start.bottom()), (a, below), (right, below), (right, under), (b, under), (b, end.bottom())];
        goes_up.then(|| Lane::through(&points))
    }

    /// The side by which a curve passes what stands between its ends.
    fn side(&self, from: Place, to: Place) -> Option<Side> {
        match (from, to) {
            (Place::Orders, Place::ReadModel(_)) => Some(Side::Below(self.view.bottom() - 4.0)),
            _ if self.axis == Axis::Y => None,
            (Place::QueryApi, Place::ReadReplica(_)) | (Place::ReadReplica(_), Place::QueryApi) => Some(Side::Left),
            (Place::Handler, Place::Owner(_)) | (Place::Owner(_), Place::Handler) => Some(Side::Left),
            (Place::Handler, Place::Saga) | (Place::Saga, Place::Handler) => Some(Side::Right),
            _ => None,
        }
    }
}

/// Is this the way back on a lane?
const fn is_back(from: Place, to: Place) -> bool {
    matches!(
        (from, to),
        (Place::QueryApi | Place::Cache | Place::ReadReplica(_), Place::Edge(_))
            | (Place::Handler | Place::Owner(_), Place::QueryApi)
            | (Place::Edge(_), Place::Shopper | Place::Gateway)
            | (Place::Gateway, Place::Shopper)
    )
}

/// The lines of a shape: its ways, but where that would be a thicket one line from the broker to each instance.
pub fn lines(shape: &Shape) -> Vec<(Place, Place)> {
    /// More lines than this out of partitions are drawn as one for each instance.
    const LINES_MAX: usize = 12;
    let of_partition = |way: &&(Place, Place)| matches!(way.0, Place::Partition(_));
    let merged = shape.ways.iter().filter(of_partition).count() > LINES_MAX;
    let mut lines: Vec<(Place, Place)> = Vec::new();
    for (from, to) in &shape.ways {
        let from = if merged && matches!(from, Place::Partition(_)) { Place::Broker } else { *from };
        if !lines.contains(&(from, *to)) {
            lines.push((from, *to));
        }
    }
    lines
}
