//! Grips: what makes the parts and links of the picture something to press, by pointer and by key.
//!
//! The picture is drawn anew with every moment, and the focus must outlive that; so grips are a layer of their own, which
//! changes only when parts come, go or move.

use leptos::ev;
use leptos::prelude::*;
use sim::view::grasp::Thing;

use super::{take, take_beside};
use crate::desk::Desk;

/// The shape of a grip, in the units of the picture.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A box: left, top, width, height.
    Box([f64; 4]),
    /// The path of a line.
    Line(String),
}

/// Something to press.
#[derive(Clone, Debug, PartialEq)]
pub struct Grip {
    /// What one then holds.
    pub thing: Thing,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub shape: Shape,
}

/// The layer.
pub fn view(desk: Desk, grips: Memo<Vec<Grip>>) -> AnyView {
    let all = move || grips.with(|grips| grips.iter().map(|one| grip(desk, one)).collect_view());
    view! { <g class="grips">{all}</g> }.into_any()
}

fn grip(desk: Desk, grip: &Grip) -> AnyView {
    let thing = grip.thing;
    let press = move |event: ev::MouseEvent| {
        // A key that presses says nothing of a place.
        if event.detail() == 0 { take_beside(desk, thing, &event) } else { take(desk, thing, &event) }
    };
    let key = move |event: ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            take_beside(desk, thing, &event);
        }
    };
    let shape = match &grip.shape {
        Shape::Box([x, y, w, h]) => view! { <rect x=*x y=*y width=*w height=*h rx="8"></rect> }.into_any(),
        Shape::Line(path) => view! {
            <path class="grip-reach" d=path.clone()></path>
            <path class="grip-line" d=path.clone()></path>
        }
        .into_any(),
    };
    view! {
        <g class="grip" role="button" tabindex="0" aria-haspopup="dialog" aria-label=grip.name.clone() on:click=press on:keydown=key>
            <title>{grip.name.clone()}</title>
            {shape}
        </g>
    }
    .into_any()
}
