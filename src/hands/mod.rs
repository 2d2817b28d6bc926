//! Hands: whatever is on the stage can be taken hold of, and something can be done to it.
//!
//! A part or a link that was pressed has an [`opener`] on its card, a message in the list calls [`take_from_list`], and [`HandPanel`] shows
//! what the machine offers for the thing in hand. What can be done is the machine's to say; the page only asks for it.

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
    /// Where in the window it is seen.
    pub at: (f64, f64),
    /// When: the same touch must not let go of it again.
    born: f64,
    /// Did virtual time run? A message would arrive while one reads what can be done to it, so time rests meanwhile.
    resumes: bool,
}

impl Hold {
    /// Is it nearer to the left end of the window? The panel stands on that side of the stage, and covers nothing of it.
    pub fn is_on_left(&self) -> bool {
        self.at.0 < window_part(|window| window.inner_width().ok()?.as_f64()) / 2.0
    }

    /// Is it nearer to the foot of the window? Where all stands in one column, the panel leaves that end of it free.
    pub fn is_low(&self) -> bool {
        self.at.1 > window_part(|window| window.inner_height().ok()?.as_f64()) / 2.0
    }
}

/// A measure of the window, in pixels.
fn window_part(part: fn(&web_sys::Window) -> Option<f64>) -> f64 {
    part(&window()).unwrap_or_default()
}

/// The button by which a thing that was pressed is taken hold of. `at` is where that thing is seen, in pixels of its stage.
pub fn opener(desk: Desk, thing: Thing, at: Memo<(f64, f64)>) -> AnyView {
    let press = move |event: ev::MouseEvent| {
        let stage = element_of(&event).and_then(|button| button.closest(".stage").ok().flatten());
        let corner = stage.map_or((0.0, 0.0), |stage| {
            let area = stage.get_bounding_client_rect();
            (area.left(), area.top())
        });
        let (x, y) = at.get_untracked();
        hold(desk, thing, (corner.0 + x, corner.1 + y), event.time_stamp());
    };
    view! { <button type="button" class="button" aria-haspopup="dialog" on:click=press>"What can be done…"</button> }
        .into_any()
}

fn element_of(event: &ev::Event) -> Option<Element> {
    event.target().and_then(|target| target.dyn_into::<Element>().ok())
}

/// Takes hold of a thing that is an element itself: a key says nothing of a place.
pub fn take_itself(desk: Desk, thing: Thing, event: &ev::Event) {
    let at = element_of(event).map_or((0.0, 0.0), |element| {
        let area = element.get_bounding_client_rect();
        (area.left() + area.width() / 2.0, area.top() + area.height() / 2.0)
    });
    hold(desk, thing, at, event.time_stamp());
}

/// Takes hold of a thing from the list of messages: the panel stands on the other side of the stage, so that the list and
/// the ledger stay in sight as well.
pub fn take_from_list(desk: Desk, thing: Thing, event: &ev::Event) {
    hold(desk, thing, (0.0, 0.0), event.time_stamp());
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

/// Lets go, and gives the focus back to where it came from, if that is still there. A card is in sight again only with the
/// next frame.
fn let_go(desk: Desk) {
    if desk.hold.get_untracked().is_none() {
        return;
    }
    put_down(desk);
    request_animation_frame(move || {
        if let Some(from) = desk.held_from.get_value().filter(|from| from.is_connected()) {
            focus(&from);
        }
    });
}

/// Lets go; time runs on if it ran before.
fn put_down(desk: Desk) {
    let Some(hold) = desk.hold.get_untracked() else { return };
    desk.hold.set(None);
    if hold.resumes && !desk.playing.get_untracked() {
        desk.send(Intent::TogglePlay);
    }
    desk.look_again();
}

/// The panel for the thing in hand, and a line that says what was done last.
#[component]
pub fn HandPanel() -> impl IntoView {
    let desk = Desk::here();
    let did = RwSignal::new(None::<String>);
    // A touch anywhere else lets go, and what was touched has the focus then; Escape lets go wherever the focus is.
    let _ = window_event_listener(ev::pointerdown, move |event| {
        let inside = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| element.closest(".hand").ok().flatten().is_some());
        let same_touch =
            desk.hold.get_untracked().is_some_and(|hold| hold.born.to_bits() == event.time_stamp().to_bits());
        if !inside && !same_touch {
            put_down(desk);
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
