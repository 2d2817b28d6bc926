//! Points, boxes and curves: the little geometry that the picture needs. Units are those of the picture's view box.

use super::lane::Lane;

/// A point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Rightwards.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A box with its sides along the axes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// The left side.
    pub x: f64,
    /// The top side.
    pub y: f64,
    /// The width.
    pub w: f64,
    /// The height.
    pub h: f64,
}

impl Rect {
    /// A box from its corner and size.
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }

    /// The middle.
    pub fn centre(&self) -> Point {
        Point { x: self.x + self.w / 2.0, y: self.y + self.h / 2.0 }
    }

    /// The right side.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }

    /// The bottom side.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// The box around both.
    pub fn around(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self { x, y, w: self.right().max(other.right()) - x, h: self.bottom().max(other.bottom()) - y }
    }

    /// Is this point within?
    pub fn contains(&self, point: Point) -> bool {
        self.x <= point.x && point.x <= self.right() && self.y <= point.y && point.y <= self.bottom()
    }

    /// Do the two boxes share some area?
    #[cfg(test)]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.right() && other.x < self.right() && self.y < other.bottom() && other.y < self.bottom()
    }

    /// Where a line towards `other` leaves this box, and in which direction: at the middle of the facing side. Boxes that
    /// are apart along `main` face each other along it.
    fn port(&self, other: &Self, main: Axis) -> (Point, Point) {
        let (from, to) = (self.centre(), other.centre());
        let apart_x = (other.x - self.right()).max(self.x - other.right()) > 0.0;
        let apart_y = (other.y - self.bottom()).max(self.y - other.bottom()) > 0.0;
        let sideways = match main {
            Axis::X => apart_x,
            Axis::Y => !apart_y,
        };
        if sideways {
            let way = if to.x >= from.x { 1.0 } else { -1.0 };
            (Point { x: from.x + way * self.w / 2.0, y: from.y }, Point { x: way, y: 0.0 })
        } else {
            let way = if to.y >= from.y { 1.0 } else { -1.0 };
            // Boxes that stand partly over each other are joined straight, where they do.
            let (left, right) = (self.x.max(other.x), self.right().min(other.right()));
            let x = if left < right { (left + right) / 2.0 } else { from.x };
            (Point { x, y: from.y + way * self.h / 2.0 }, Point { x: 0.0, y: way })
        }
    }
}

/// The direction in which a picture mainly runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// From left to right.
    X,
    /// From top to bottom.
    Y,
}

/// The side by which a curve passes what stands between its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Side {
    /// To the left of both.
    Left,
    /// To the right of both.
    Right,
    /// Below everything, down to this height.
    Below(f64),
}

/// The line of a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// A cubic Bézier curve, with its ends and its two inner points.
    Bent([Point; 4]),
    /// Straight pieces.
    Straight(Lane),
}

impl Curve {
    /// The curve that leaves one box towards the other and enters it head-on.
    pub fn between(from: &Rect, to: &Rect, main: Axis) -> Self {
        let (start, out) = from.port(to, main);
        let (end, back) = to.port(from, main);
        let reach = 0.45 * (end.x - start.x).hypot(end.y - start.y).max(16.0);
        let bend = |at: Point, way: Point| Point { x: at.x + way.x * reach, y: at.y + way.y * reach };
        Self::Bent([start, bend(start, out), bend(end, back), end])
    }

    /// The curve that leaves one box and enters the other on the same side of both, and bends out in between.
    pub fn around(from: &Rect, to: &Rect, side: Side) -> Self {
        /// How far it bends out beside the boxes.
        const OUT: f64 = 42.0;
        let (a, b) = (from.centre(), to.centre());
        let at = |x: f64, y: f64| Point { x, y };
        let ends = match side {
            Side::Left => {
                let bend = from.x.min(to.x) - OUT;
                [at(from.x, a.y), at(bend, a.y), at(bend, b.y), at(to.x, b.y)]
            }
            Side::Right => {
                let bend = from.right().max(to.right()) + OUT;
                [at(from.right(), a.y), at(bend, a.y), at(bend, b.y), at(to.right(), b.y)]
            }
            Side::Below(bottom) => {
                // A curve comes three quarters of the way to its inner points: these lie deeper, so that it reaches the bottom.
                let (start, end) = (from.bottom(), to.bottom());
                let deep = (bottom - 0.125 * (start + end)) / 0.75;
                [at(a.x, start), at(a.x, deep), at(b.x, deep), at(b.x, end)]
            }
        };
        Self::Bent(ends)
    }

    /// The point at `share` of the way, 0 to 1.
    pub fn at(&self, share: f64) -> Point {
        let ends = match self {
            Self::Bent(ends) => ends,
            Self::Straight(lane) => return lane.at(share),
        };
        let rest = 1.0 - share;
        let weights =
            [rest * rest * rest, 3.0 * rest * rest * share, 3.0 * rest * share * share, share * share * share];
        let sum = |axis: fn(&Point) -> f64| ends.iter().zip(weights).map(|(end, weight)| axis(end) * weight).sum();
        Point { x: sum(|end| end.x), y: sum(|end| end.y) }
    }

    /// The point at `share` of the way, moved `aside` to the right of the direction of travel.
    pub fn beside(&self, share: f64, aside: f64) -> Point {
        let at = self.at(share);
        if aside == 0.0 {
            return at;
        }
        let (before, after) = (self.at((share - 0.05).max(0.0)), self.at((share + 0.05).min(1.0)));
        let (dx, dy) = (after.x - before.x, after.y - before.y);
        let length = dx.hypot(dy).max(1e-6);
        Point { x: at.x - dy / length * aside, y: at.y + dx / length * aside }
    }

    /// The curve as the `d` of an SVG path.
    pub fn path(&self) -> String {
        let [a, b, c, d] = match self {
            Self::Bent(ends) => ends,
            Self::Straight(lane) => return lane.path(),
        };
        format!("M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}", a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y)
    }
}

#[cfg(test)]
mod tests {
    use super::{Axis, Curve, Point, Rect};

    #[test]
    fn a_curve_runs_from_facing_side_to_facing_side() {
        let (left, right) = (Rect::new(0.0, 0.0, 10.0, 10.0), Rect::new(50.0, 20.0, 10.0, 10.0));
        let curve = Curve::between(&left, &right, Axis::X);
        assert_eq!(curve.at(0.0), Point { x: 10.0, y: 5.0 });
        assert_eq!(curve.at(1.0), Point { x: 50.0, y: 25.0 });
        assert_eq!(Curve::between(&right, &left, Axis::X).at(0.0), Point { x: 50.0, y: 25.0 });
    }

    #[test]
    fn two_lanes_of_one_curve_stay_apart() {
        let curve = Curve::between(&Rect::new(0.0, 0.0, 10.0, 10.0), &Rect::new(50.0, 20.0, 10.0, 10.0), Axis::X);
        let (a, b) = (curve.beside(0.5, -8.0), curve.beside(0.5, 8.0));
        assert!(((a.x - b.x).hypot(a.y - b.y) - 16.0).abs() < 1e-9);
    }
}
