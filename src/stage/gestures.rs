//! Fingers, pointers and the wheel on the picture: they zoom it, move it, and touch what is on it.

use leptos::ev;
use leptos::html::Div;
use leptos::prelude::*;
use sim::view::grasp::Thing;

use super::camera::{Camera, Fitting};
use super::geometry::{Point, Rect};
use super::layout::Layout;
use super::pick::{Picked, Touch, pick};
use crate::desk::Desk;
use crate::hands;

/// How far a pointer may stray, in pixels, before a touch becomes a drag.
const STRAY: f64 = 6.0;
/// How far beside a thing, in pixels, still touches it: half of 24.
const REACH: f64 = 12.0;

/// The pointers that are down, where each was last, and whether they have moved the picture.
#[derive(Clone, Debug, Default)]
struct Hold {
    pointers: Vec<(i32, Point)>,
    start: Option<Point>,
    moved: bool,
}

/// The picture's room and what is needed to act on it.
#[derive(Clone, Copy)]
pub struct Gestures {
    desk: Desk,
    room: NodeRef<Div>,
    layout: Memo<Layout>,
    hold: StoredValue<Hold, LocalStorage>,
}

impl Gestures {
    /// For the picture in `room`.
    pub fn new(desk: Desk, room: NodeRef<Div>, layout: Memo<Layout>) -> Self {
        Self { desk, room, layout, hold: StoredValue::new_local(Hold::default()) }
    }

    /// The picture's whole extent, and how what is looked at is fitted into the room.
    fn fitting(self) -> Option<(Rect, Fitting, Point)> {
        let room = self.room.get_untracked()?.get_bounding_client_rect();
        let view = self.layout.with_untracked(|layout| layout.view);
        let window = self.desk.camera.get_untracked().window(&view);
        let corner = Point { x: room.left(), y: room.top() };
        Some((view, Fitting::of(&window, room.width(), room.height()), corner))
    }

    fn zoom(self, factor: f64, at: Point) {
        let Some((view, fitting, corner)) = self.fitting() else { return };
        let around = fitting.point(at.x - corner.x, at.y - corner.y);
        self.desk.camera.update(|camera| *camera = camera.zoomed(factor, around, &view));
    }

    fn shift(self, by: Point) {
        let Some((view, fitting, _)) = self.fitting() else { return };
        self.desk.camera.update(|camera| *camera = camera.moved(-by.x / fitting.scale, -by.y / fitting.scale, &view));
    }

    /// The wheel zooms; pinching on a touchpad is told as a wheel, too.
    pub fn wheel(self, event: &ev::WheelEvent) {
        event.prevent_default();
        // Lines and pages, where a browser counts in these, come to about as much as pixels elsewhere.
        let pixels = event.delta_y() * if event.delta_mode() == 0 { 1.0 } else { 30.0 };
        self.zoom((-pixels * 0.002).clamp(-0.5, 0.5).exp(), at_event(event));
    }

    /// A pointer is down.
    pub fn down(self, event: &ev::PointerEvent) {
        let at = at_event(event);
        self.hold.update_value(|hold| {
            if hold.pointers.is_empty() {
                *hold = Hold { start: Some(at), ..Hold::default() };
            }
            hold.pointers.retain(|(id, _)| *id != event.pointer_id());
            hold.pointers.push((event.pointer_id(), at));
        });
    }

    /// A pointer has moved: one that is down moves the picture, two that are pinch it.
    pub fn moved(self, event: &ev::PointerEvent) {
        let at = at_event(event);
        let Some(mut hold) = self.hold.try_get_value().filter(|hold| !hold.pointers.is_empty()) else { return };
        let Some(mine) = hold.pointers.iter().position(|(id, _)| *id == event.pointer_id()) else { return };
        let before = hold.pointers[mine].1;
        if !hold.moved && hold.start.is_some_and(|start| apart(start, at) < STRAY) {
            return;
        }
        if !hold.moved {
            hold.moved = true;
            // From now on the picture hears of this pointer wherever it goes. One that is gone already needs no capture.
            let _ = self.room.get_untracked().map(|room| room.set_pointer_capture(event.pointer_id()));
        }
        hold.pointers[mine].1 = at;
        let other = hold.pointers.iter().find(|(id, _)| *id != event.pointer_id()).map(|(_, other)| *other);
        self.hold.set_value(hold);
        match other {
            Some(other) => {
                let middle = Point { x: (at.x + other.x) / 2.0, y: (at.y + other.y) / 2.0 };
                self.shift(Point { x: (at.x - before.x) / 2.0, y: (at.y - before.y) / 2.0 });
                self.zoom(apart(at, other) / apart(before, other).max(1.0), middle);
            }
            None => self.shift(Point { x: at.x - before.x, y: at.y - before.y }),
        }
    }

    /// A pointer is up: one that has not moved has touched what is there.
    pub fn up(self, event: &ev::PointerEvent) {
        let touched = self.hold.try_update_value(|hold| {
            let is_touch = hold.pointers.len() == 1 && !hold.moved;
            hold.pointers.retain(|(id, _)| *id != event.pointer_id());
            is_touch
        });
        if touched == Some(true) {
            self.touch(at_event(event), event);
        }
    }

    /// A pointer is gone without having touched anything.
    pub fn cancelled(self, event: &ev::PointerEvent) {
        self.hold.update_value(|hold| hold.pointers.retain(|(id, _)| *id != event.pointer_id()));
    }

    fn touch(self, at: Point, event: &ev::PointerEvent) {
        let Some((_, fitting, corner)) = self.fitting() else { return };
        let touch = Touch {
            at: fitting.point(at.x - corner.x, at.y - corner.y),
            reach: REACH / fitting.scale,
            clock: self.desk.clock.get_untracked(),
            still: self.desk.still.get_untracked(),
        };
        let (stage, flights) = (self.desk.stage.get_untracked(), self.desk.flights.get_untracked());
        let picked = self.layout.with_untracked(|layout| pick(layout, &stage, &flights, touch));
        act(self.desk, picked);
        // A message is gone before one has found a second button: what can be done to it is offered at once.
        if let Some(Picked::Message(id, _)) = picked {
            hands::take_at(self.desk, Thing::Flight(id), (at.x, at.y), event);
        }
    }
}

/// What touching a thing does: messages and events are selected, of everything else it is told how it is.
pub fn act(desk: Desk, picked: Option<Picked>) {
    match picked {
        Some(Picked::Message(_, selection)) => desk.select(selection),
        Some(Picked::Slot(event)) => desk.select_event(event),
        Some(Picked::Part(_) | Picked::Way(..)) | None => {}
    }
    desk.picked.set(picked);
}

fn at_event(event: &ev::MouseEvent) -> Point {
    Point { x: f64::from(event.client_x()), y: f64::from(event.client_y()) }
}

fn apart(a: Point, b: Point) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// The buttons that zoom, for those who have no wheel.
pub fn buttons(desk: Desk) -> AnyView {
    let button = |name: &'static str, sign: &'static str, change: fn(Camera) -> Camera| {
        let press = move |_| desk.camera.update(|camera| *camera = change(*camera));
        view! { <button type="button" class="zoom" aria-label=name title=name on:click=press>{sign}</button> }
    };
    let whole = move || desk.camera.with(|camera| *camera == Camera::ALL);
    view! {
        <div class="zooms" role="group" aria-label="Zoom">
            {button("Zoom in", "+", |camera| camera.stepped(super::camera::STEP))}
            {button("Zoom out", "−", |camera| camera.stepped(1.0 / super::camera::STEP))}
            <button
                type="button"
                class="zoom fit"
                hidden=whole
                on:click=move |_| desk.camera.set(Camera::ALL)
            >
                "Fit"
            </button>
        </div>
    }
    .into_any()
}
