//! Ways of straight pieces with rounded corners. They keep to the room beside and between the columns of the picture, so
//! that nothing which travels on them covers a name.

use core::fmt::Write as _;

use super::geometry::Point;

/// The most points of a way: its ends and four corners.
const POINTS: usize = 6;
/// How far from a corner its bend begins.
const BEND: f64 = 10.0;

/// A way of straight pieces. One with fewer corners than it has room for repeats its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    points: [Point; POINTS],
}

impl Lane {
    /// The way through these points: each has an x and a y. More than its two ends and four corners have no place in it.
    pub fn through(points: &[(f64, f64)]) -> Self {
        let point = |n: usize| points.get(n.min(points.len().saturating_sub(1))).copied().unwrap_or_default();
        Self { points: core::array::from_fn(point).map(|(x, y)| Point { x, y }) }
    }

    /// The same way, from its end to its start.
    #[must_use]
    pub fn back(mut self) -> Self {
        self.points.reverse();
        self
    }

    fn pieces(&self) -> impl Iterator<Item = (Point, Point, f64)> {
        self.points.windows(2).filter_map(|ends| match ends {
            [a, b] => Some((*a, *b, (b.x - a.x).hypot(b.y - a.y))),
            _ => None,
        })
    }

    /// The point at `share` of its length, 0 to 1. It keeps to the corners: what is beside their bends is narrower than a
    /// message.
    pub fn at(&self, share: f64) -> Point {
        let mut left = share.clamp(0.0, 1.0) * self.pieces().map(|(.., length)| length).sum::<f64>();
        for (a, b, length) in self.pieces() {
            if left <= length && length > 0.0 {
                let part = left / length;
                return Point { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
            }
            left -= length;
        }
        self.points[POINTS - 1]
    }

    /// The way as the `d` of an SVG path.
    pub fn path(&self) -> String {
        let pieces: Vec<(Point, Point, f64)> = self.pieces().filter(|(.., length)| *length > 0.0).collect();
        let Some((start, ..)) = pieces.first() else { return String::new() };
        let mut path = format!("M{:.1} {:.1}", start.x, start.y);
        for (n, (a, b, length)) in pieces.iter().enumerate() {
            let next = pieces.get(n + 1);
            let bend = next.map_or(0.0, |(.., other)| BEND.min(length / 2.0).min(other / 2.0));
            let towards = |from: &Point, to: &Point, by: f64, length: f64| {
                (from.x + (to.x - from.x) * by / length, from.y + (to.y - from.y) * by / length)
            };
            let (x, y) = towards(b, a, bend, *length);
            // Writing to a text does not fail.
            let _ = write!(path, "L{x:.1} {y:.1}");
            if let Some((_, c, other)) = next {
                let (x, y) = towards(b, c, bend, *other);
                let _ = write!(path, "Q{:.1} {:.1} {x:.1} {y:.1}", b.x, b.y);
            }
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use super::{Lane, Point};

    #[test]
    fn a_lane_is_walked_at_one_pace() {
        let lane = Lane::through(&[(0.0, 0.0), (30.0, 0.0), (30.0, 10.0)]);
        assert_eq!(
            [0.0, 0.5, 0.75, 1.0].map(|share| lane.at(share)),
            [(0.0, 0.0), (20.0, 0.0), (30.0, 0.0), (30.0, 10.0)].map(|(x, y)| Point { x, y })
        );
        assert_eq!(lane.back().at(0.25), Point { x: 30.0, y: 0.0 });
    }

    #[test]
    fn corners_are_round() {
        let lane = Lane::through(&[(0.0, 0.0), (100.0, 0.0), (100.0, 12.0)]);
        assert_eq!(lane.path(), "M0.0 0.0L94.0 0.0Q100.0 0.0 100.0 6.0L100.0 12.0");
    }
}
