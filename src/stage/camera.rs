//! What part of the picture is looked at: zoom and pan, as plain arithmetic.

use super::geometry::{Point, Rect};

/// How much the picture is enlarged, and what stands in the middle. As it begins, everything is in sight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    zoom: f64,
    /// The middle, as shares of the picture's width and height, so that it stays when the picture changes its size.
    middle: (f64, f64),
}

/// The largest zoom.
const ZOOM_MAX: f64 = 6.0;
/// One press of a key or a button.
pub const STEP: f64 = 1.3;

impl Camera {
    /// Everything in sight.
    pub const ALL: Self = Self { zoom: 1.0, middle: (0.5, 0.5) };

    /// What is looked at first: everything, unless that would be too small to be read. Then the top of a tall picture.
    pub fn first(view: &Rect) -> Self {
        /// How much of a tall picture's height a phone shows at a size that can be read.
        const READABLE: f64 = 440.0;
        let is_too_tall = view.h > view.w && view.h > 1.25 * READABLE;
        if is_too_tall { Self { zoom: view.h / READABLE, middle: (0.5, 0.0) }.within() } else { Self::ALL }
    }

    /// The same, moved until a box is in sight, or its middle where it is larger than what is in sight.
    pub fn facing(self, rect: &Rect, view: &Rect) -> Self {
        let window = self.window(view);
        if window.y <= rect.y && rect.bottom() <= window.bottom() {
            return self;
        }
        let share = (rect.centre().y - view.y) / view.h;
        Self { middle: (self.middle.0, share), ..self }.within()
    }

    /// By how much the picture is enlarged: 1 shows all of it.
    pub const fn zoom(self) -> f64 {
        self.zoom
    }

    /// The part of the picture that is looked at.
    pub fn window(self, view: &Rect) -> Rect {
        let (w, h) = (view.w / self.zoom, view.h / self.zoom);
        Rect::new(view.x + self.middle.0 * view.w - w / 2.0, view.y + self.middle.1 * view.h - h / 2.0, w, h)
    }

    /// Enlarged by `factor`, with what is at `around` staying where it is.
    pub fn zoomed(self, factor: f64, around: Point, view: &Rect) -> Self {
        let zoom = (self.zoom * factor).clamp(1.0, ZOOM_MAX);
        let kept = self.zoom / zoom;
        let (x, y) = ((around.x - view.x) / view.w, (around.y - view.y) / view.h);
        let middle = (x + (self.middle.0 - x) * kept, y + (self.middle.1 - y) * kept);
        Self { zoom, middle }.within()
    }

    /// Enlarged by `factor` around the middle.
    pub fn stepped(self, factor: f64) -> Self {
        Self { zoom: (self.zoom * factor).clamp(1.0, ZOOM_MAX), ..self }.within()
    }

    /// Moved by so much of the picture's own units.
    pub fn moved(self, dx: f64, dy: f64, view: &Rect) -> Self {
        Self { middle: (self.middle.0 + dx / view.w, self.middle.1 + dy / view.h), ..self }.within()
    }

    /// The same, but never beyond the edges of the picture.
    fn within(self) -> Self {
        let half = 0.5 / self.zoom;
        let clamp = |share: f64| share.clamp(half, 1.0 - half);
        Self { middle: (clamp(self.middle.0), clamp(self.middle.1)), ..self }
    }
}

/// How a window is fitted into a room of so many pixels: as large as goes, in the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitting {
    /// Pixels for each unit of the picture.
    pub scale: f64,
    /// Where the picture's origin lies, in pixels.
    pub origin: Point,
}

impl Fitting {
    /// The fitting of a window into a room.
    pub fn of(window: &Rect, wide: f64, high: f64) -> Self {
        let scale = (wide / window.w).min(high / window.h).max(1e-6);
        let origin = Point {
            x: (wide - window.w * scale) / 2.0 - window.x * scale,
            y: (high - window.h * scale) / 2.0 - window.y * scale,
        };
        Self { scale, origin }
    }

    /// The point of the picture at a pixel of the room.
    pub fn point(&self, x: f64, y: f64) -> Point {
        Point { x: (x - self.origin.x) / self.scale, y: (y - self.origin.y) / self.scale }
    }
}

#[cfg(test)]
mod tests {
    use super::{Camera, Fitting, Point, Rect, ZOOM_MAX};

    const VIEW: Rect = Rect::new(0.0, -20.0, 800.0, 400.0);

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let at = Point { x: 500.0, y: 100.0 };
        let share = |camera: Camera| {
            let window = camera.window(&VIEW);
            ((at.x - window.x) / window.w, (at.y - window.y) / window.h)
        };
        let (before, after) = (share(Camera::ALL), share(Camera::ALL.zoomed(2.0, at, &VIEW)));
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
    }

    #[test]
    fn the_window_never_leaves_the_picture() {
        let far = Camera::ALL.zoomed(3.0, Point { x: 0.0, y: 0.0 }, &VIEW).moved(-9_999.0, 9_999.0, &VIEW);
        let window = far.window(&VIEW);
        assert!((window.x - VIEW.x).abs() < 1e-9 && (window.bottom() - VIEW.bottom()).abs() < 1e-9);
        assert_eq!(far.stepped(0.01), Camera::ALL);
        assert!(Camera::ALL.stepped(99.0).zoom() <= ZOOM_MAX);
    }

    #[test]
    fn a_tall_picture_begins_at_its_top() {
        assert_eq!(Camera::first(&VIEW), Camera::ALL);
        let tall = Rect::new(0.0, 0.0, 390.0, 880.0);
        let window = Camera::first(&tall).window(&tall);
        assert!(window.y.abs() < 1e-9 && window.h < 450.0);
    }

    #[test]
    fn what_is_to_be_seen_comes_in_sight() {
        let tall = Rect::new(0.0, 0.0, 390.0, 880.0);
        let first = Camera::first(&tall);
        assert_eq!(first.facing(&Rect::new(10.0, 20.0, 80.0, 60.0), &tall), first);
        let low = Rect::new(10.0, 780.0, 300.0, 90.0);
        let window = first.facing(&low, &tall).window(&tall);
        assert!(window.y <= low.y && low.bottom() <= window.bottom() + 1e-9 && window.bottom() <= 880.0 + 1e-9);
    }

    #[test]
    fn pixels_and_units_agree() {
        let fitting = Fitting::of(&VIEW, 1_600.0, 900.0);
        assert_eq!(fitting.scale, 2.0);
        assert_eq!(fitting.point(0.0, 50.0), Point { x: 0.0, y: -20.0 });
    }
}
