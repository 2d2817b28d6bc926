//! Hands: whatever is on the stage can be taken hold of, and something can be done to it.
//!
//! A part or a link that was pressed has an [`opener`] on its card, a message in the list calls [`take_beside`], and [`HandPanel`] shows what
//! the machine offers for the thing in hand. What can be done is the machine's to say; the page only asks for it.

pub mod ask;
mod draft;
mod panel;
mod question;
pub mod send;
pub mod waiting;

use leptos::ev;
use leptos::prelude::*;
use sim::view::grasp::Thing;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::desk::Desk;
use crate::intent::Intent;

/// What a person holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hold {
    /// The thing.
    pub thing: Thing,
    /// Where in the window it was touched.
    pub at: (f64, f64),
    /// When: the same touch must not let go of it again.
    born: f64,
    /// Did virtual time run? A message would arrive while one reads what can be done to it, so time rests meanwhile.
    resumes: bool,
}

/// The button by which a thing that was pressed is taken hold of.
pub fn opener(desk: Desk, thing: Thing) -> AnyView {
    let press = move |event: ev::MouseEvent| take_beside(desk, thing, &event);
    view! { <button type="button" class="button" aria-haspopup="dialog" on:click=press>"What can be done…"</button> }
        .into_any()
}

/// Takes hold of a thing beside an element: a key says nothing of a place. The card of a part stays in sight.
pub fn take_beside(desk: Desk, thing: Thing, event: &ev::Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let at = target.map_or((24.0, 24.0), |element| match element.closest(".part-card").ok().flatten() {
        Some(card) => {
            let area = card.get_bounding_client_rect();
            let window = document().document_element().map_or(0.0, |root| f64::from(root.client_width()));
            (beside(area.left(), area.right(), window), area.top() + DOWN_PX)
        }
        None => {
            let area = element.get_bounding_client_rect();
            (area.left() + area.width() / 2.0, area.top() + area.height() / 2.0)
        }
    });
    hold(desk, thing, at, event.time_stamp());
}

/// How wide the panel is, how far right of the place that was touched it begins, and how far above: as the style sheet has it.
const WIDTH_PX: f64 = 300.0;
const RIGHT_PX: f64 = 18.0;
const DOWN_PX: f64 = 20.0;
/// Between the panel and a card.
const GAP_PX: f64 = 12.0;

/// The place to be touched for a panel that covers nothing of a card: right of it, or left where there is no room.
fn beside(left: f64, right: f64, window: f64) -> f64 {
    let is_room = right + GAP_PX + WIDTH_PX + GAP_PX <= window;
    let panel = if is_room { right + GAP_PX } else { left - GAP_PX - WIDTH_PX };
    panel - RIGHT_PX
}

/// Takes hold of a thing where it was touched.
pub fn take_at(desk: Desk, thing: Thing, at: (f64, f64), event: &ev::Event) {
    hold(desk, thing, at, event.time_stamp());
}

fn hold(desk: Desk, thing: Thing, at: (f64, f64), born: f64) {
    let held_time = desk.hold.get_untracked().is_some_and(|hold| hold.resumes);
    let resumes = held_time || desk.playing.get_untracked();
    if desk.hold.get_untracked().is_none() {
        desk.held_from.set_value(document().active_element());
    }
    desk.send(Intent::Pause);
    desk.hold.set(Some(Hold { thing, at, born, resumes }));
    desk.look_again();
}

/// Lets go; time runs on if it ran before.
fn let_go(desk: Desk) {
    let Some(hold) = desk.hold.get_untracked() else { return };
    desk.hold.set(None);
    if hold.resumes && !desk.playing.get_untracked() {
        desk.send(Intent::TogglePlay);
    }
    desk.look_again();
    // The focus goes back to where it came from, if that is still there.
    if let Some(from) = desk.held_from.get_value().filter(|from| from.is_connected()) {
        focus(&from);
    }
}

/// The panel for the thing in hand, and a line that says what was done last.
#[component]
pub fn HandPanel() -> impl IntoView {
    let desk = Desk::here();
    let did = RwSignal::new(None::<String>);
    // A touch anywhere else lets go, and so does Escape, wherever the focus is.
    let _ = window_event_listener(ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| element.closest(".hand").ok().flatten().is_some());
        let same_touch =
            desk.hold.get_untracked().is_some_and(|hold| hold.born.to_bits() == event.time_stamp().to_bits());
        if !inside && !same_touch {
            let_go(desk);
        }
    });
    let _ = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            let_go(desk);
        }
    });
    let thing = Memo::new(move |_| desk.hold.get());
    view! {
        {move || thing.get().map(|hold| panel::view(desk, hold, did))}
        {panel::told(desk, did)}
    }
}

/// Gives the focus to an element; a shape of the picture can have it, too.
fn focus(element: &Element) {
    // Every element that can be focused has the same method; a refusal leaves the focus where it is.
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

#[cfg(test)]
mod tests {
    use super::{GAP_PX, RIGHT_PX, WIDTH_PX, beside};

    #[test]
    fn the_panel_covers_nothing_of_the_card_that_opened_it() {
        for (left, right) in [(340.0, 560.0), (900.0, 1_400.0), (500.0, 1_130.0)] {
            let panel = beside(left, right, 1_440.0) + RIGHT_PX;
            assert!(panel >= right + GAP_PX || panel + WIDTH_PX <= left - GAP_PX, "{left} to {right}: {panel}");
            assert!(panel > 0.0 && panel + WIDTH_PX < 1_440.0, "{left} to {right}: {panel}");
        }
    }
}
