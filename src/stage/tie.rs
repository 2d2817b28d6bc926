//! The tie between what was touched and what is told of it: a ring around the thing, and a line to the edge of the picture
//! beyond which its card or its panel stands. Boxes and words lie over the line.

use leptos::prelude::*;
use sim::view::grasp::Thing;

use super::geometry::Rect;
use super::layout::Layout;
use super::messages::trips;
use super::pick::Picked;
use crate::desk::Desk;

/// How far the ring is from the thing.
const APART: f64 = 4.0;
/// Further than any picture reaches: what shows the picture cuts the line at its edge.
const FAR: f64 = 4_000.0;

/// Where the line leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Towards {
    /// To the panel on the left of the stage.
    Left,
    /// To the panel on its right.
    Right,
    /// To the card below it.
    Below,
}

/// The ring and the line; nothing while nothing is told of anything.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let tie = Memo::new(move |_| {
        let (hold, picked) = (desk.hold.get(), desk.picked.get());
        layout.with(|layout| match hold {
            // Where the stage is a phone's, panels stand over and under it.
            Some(_) if desk.narrow.get() => None,
            Some(hold) => {
                let towards = if hold.is_on_left() { Towards::Left } else { Towards::Right };
                Some((held(desk, layout, hold.thing)?, towards))
            }
            None => Some((area(layout, picked?)?, Towards::Below)),
        })
    });
    let ring = move || {
        tie.get().map(|(area, towards)| {
            view! {
                <path class="tie" d=line(&area, towards)></path>
                <rect class="tie-ring" x=area.x - APART y=area.y - APART width=area.w + 2.0 * APART height=area.h + 2.0 * APART rx="11"></rect>
            }
        })
    };
    view! { <g class="ties" aria-hidden="true">{ring}</g> }.into_any()
}

/// The room that something takes which a card can be about: a way has its middle.
pub fn area(layout: &Layout, picked: Picked) -> Option<Rect> {
    match picked {
        Picked::Part(place) => layout.rect(place),
        Picked::Way(from, to) => {
            let middle = layout.curve(from, to)?.at(0.5);
            Some(Rect::new(middle.x, middle.y, 0.0, 0.0))
        }
        Picked::Message(..) | Picked::Slot(_) => None,
    }
}

/// The room that something in hand takes.
fn held(desk: Desk, layout: &Layout, thing: Thing) -> Option<Rect> {
    match thing {
        Thing::Place(place) => area(layout, Picked::Part(place)),
        Thing::Link(from, to) => area(layout, Picked::Way(from, to)),
        // What is held back is on no way: the list has it.
        Thing::Held(_) => None,
        Thing::Flight(id) => desk.listed.with(|flights| {
            let flight = flights.iter().find(|flight| flight.id == id)?;
            let trips = trips(core::slice::from_ref(flight), layout);
            let trip = trips.first()?;
            // Time rests while something is in hand.
            let at = trip.place(desk.clock.get_untracked(), desk.still.get_untracked());
            let width = trip.width();
            Some(Rect::new(at.x - width / 2.0, at.y - 9.5, width, 19.0))
        }),
    }
}

fn line(area: &Rect, towards: Towards) -> String {
    let middle = area.centre();
    match towards {
        Towards::Left => format!("M{:.1} {:.1}H{:.1}", area.x - APART, middle.y, -FAR),
        Towards::Right => format!("M{:.1} {:.1}H{FAR:.1}", area.right() + APART, middle.y),
        Towards::Below => format!("M{:.1} {:.1}V{FAR:.1}", middle.x, area.bottom() + APART),
    }
}

#[cfg(test)]
mod tests {
    use super::{Rect, Towards, line};

    #[test]
    fn the_line_begins_beside_its_ring_and_leaves_the_picture() {
        let area = Rect::new(100.0, 40.0, 60.0, 20.0);
        assert_eq!(line(&area, Towards::Left), "M96.0 50.0H-4000.0");
        assert_eq!(line(&area, Towards::Right), "M164.0 50.0H4000.0");
        assert_eq!(line(&area, Towards::Below), "M130.0 64.0V4000.0");
    }
}
