//! In which order the page opens: what moves is there first, and one room after the other comes around it.
//!
//! Making every room before the first frame would show nothing at all for several times as long as the picture takes.

use leptos::prelude::*;

use crate::desk::Desk;

/// The frames in which the picture has the page to itself: in the third of them it has visibly moved.
const ALONE: u32 = 3;
/// How many rooms come after it, one with each frame.
const ROOMS: u32 = 3;

/// How far the page has opened, in frames.
#[derive(Clone, Copy)]
pub struct Opening(RwSignal<u32>);

impl Opening {
    /// The picture is there; the rest comes with the next frames.
    pub fn new(desk: Desk) -> Self {
        let frames = RwSignal::new(0);
        next(desk, frames);
        Self(frames)
    }

    /// A room that comes after `others` others.
    pub fn room(self, others: u32, make: impl Fn() -> AnyView + Send + 'static) -> AnyView {
        debug_assert!(others < ROOMS, "nothing waits for a frame that is not counted");
        let is_due = Memo::new(move |_| self.0.get() > ALONE + others);
        (move || is_due.get().then(&make)).into_any()
    }
}

fn next(desk: Desk, frames: RwSignal<u32>) {
    request_animation_frame(move || {
        if frames.get_untracked() == ALONE {
            // There is somebody to read it now.
            desk.look_again();
        }
        frames.update(|frames| *frames += 1);
        if frames.get_untracked() <= ALONE + ROOMS {
            next(desk, frames);
        }
    });
}
