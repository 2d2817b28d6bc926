//! The column of the clients, in the picture that runs from left to right: those around the command side, each beside the
//! part that it deals with most, and the edge servers between them.

use std::collections::BTreeMap;

use sim::system::place::{Place, Service};

use super::Shape;
use crate::stage::geometry::Rect;

/// The width of a box.
pub const WIDTH: f64 = 86.0;

/// Who stands in the column, from top to bottom.
pub struct Clients {
    places: Vec<Place>,
    /// The height of a box, and of the first one: the shoppers' has more room where few others need it.
    heights: (f64, f64),
    gap: f64,
}

impl Clients {
    /// The clients of a shape.
    pub fn of(shape: &Shape) -> Self {
        /// Of more than so many the boxes are lower, and closer together.
        const ROOMY: usize = 5;
        let others = [Place::Gateway, Place::Payments, Place::BackOffice].into_iter();
        let all = [Place::Shopper].into_iter().chain(shape.edges()).chain(others);
        let places: Vec<Place> = all.filter(|place| shape.has(*place)).collect();
        let (height, gap) = if places.len() > ROOMY { (52.0, 12.0) } else { (58.0, 18.0) };
        let first = if shape.is_rich() { height } else { height + 14.0 };
        Self { places, heights: (height, first), gap }
    }

    /// The height of the column.
    pub fn height(&self) -> f64 {
        let gaps = self.places.len().saturating_sub(1) as f64;
        self.heights.1 + gaps * (self.heights.0 + self.gap)
    }

    /// Puts them into the picture, which has room for them down to `bottom`.
    pub fn put(&self, x: f64, bottom: f64, rects: &mut BTreeMap<Place, Rect>) {
        let middle = |place| rects.get(&place).map(|rect: &Rect| rect.centre().y);
        let handler = middle(Place::Handler).unwrap_or(0.0);
        let mut free_from = 0.0;
        let mut boxes: Vec<Rect> = Vec::new();
        for (n, place) in self.places.iter().enumerate() {
            let height = if n == 0 { self.heights.1 } else { self.heights.0 };
            let wanted = match place {
                Place::Gateway => handler + 112.0,
                Place::Payments => middle(Place::Saga).unwrap_or(handler),
                Place::BackOffice => middle(Place::Owner(Service::Products)).unwrap_or(handler),
                _ => handler,
            };
            let y = (wanted - height / 2.0).max(free_from);
            boxes.push(Rect::new(x, y, WIDTH, height));
            free_from = y + height + self.gap;
        }
        // Whoever would stand below the picture moves up, and with them those above.
        let mut free_to = bottom;
        for rect in boxes.iter_mut().rev() {
            rect.y = rect.y.min(free_to - rect.h);
            free_to = rect.y - self.gap;
        }
        rects.extend(self.places.iter().copied().zip(boxes));
    }
}
