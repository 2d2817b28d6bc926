//! The stage: the system as a picture, with every message on its way.

mod flows;
mod geometry;
mod layout;
mod messages;
mod movers;
mod nodes;
mod partitions;
mod sparks;
mod swarm;

use leptos::prelude::*;

use self::geometry::Rect;
use self::layout::{Form, Layout, Shape};
use self::messages::Crowd;
use self::movers::Movers;
use crate::desk::Desk;

/// The picture. Its structure changes with the snapshot; only the messages read the clock.
#[component]
pub fn StageRoom() -> impl IntoView {
    let desk = Desk::here();
    let layout = Memo::new(move |_| {
        let form = if desk.narrow.get() { Form::Tall } else { Form::Wide };
        Layout::new(form, desk.stage.with(|stage| Shape::of(stage)))
    });
    let view = Memo::new(move |_| layout.with(|layout| layout.view));
    let view_box = move || view.with(|view| format!("{} {} {} {}", view.x, view.y, view.w, view.h));
    let movers = Movers::new(desk);
    let flows = Memo::new(move |_| {
        desk.stage.with(|stage| {
            let flood = Crowd::of(stage.flights.len()) == Crowd::Flood;
            if flood { flows::counts(&stage.flights) } else { Vec::new() }
        })
    });
    view! {
        <section class="stage" aria-label="Stage">
            <h2 class="heard">"Stage"</h2>
            <div class="picture">
            <svg viewBox=view_box role="img" aria-label="The system: shopper, order service, broker, projectors and read models. The log tells the same in words.">
                <defs>
                    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path d="M0 0V6" class="hatch-line"></path>
                    </pattern>
                </defs>
                {move || layout.with(backdrop)}
                {move || layout.with(|layout| desk.stage.with(|stage| partitions::view(desk, stage, layout)))}
                {move || layout.with(|layout| desk.stage.with(|stage| nodes::view(stage, layout)))}
                {flows::view(desk, layout, flows)}
                {messages::view(movers, layout)}
                {sparks::view(movers, layout)}
            </svg>
            {swarm::view(desk, messages::trips_of(desk, layout, Crowd::Many), view)}
            </div>
            <p class="legend">
                <span class="key command">"command"</span>
                <span class="key event">"event"</span>
                <span class="key read">"read model"</span>
                <span class="key stale">"was true earlier"</span>
                <span class="key wrong">"was never true"</span>
            </p>
        </section>
    }
}

/// Frames and lines: what never moves.
fn backdrop(layout: &Layout) -> AnyView {
    let frames = layout.frames.iter().map(|(title, rect)| frame(title, rect)).collect_view();
    let lines = layout
        .lines()
        .into_iter()
        .filter_map(|(from, to)| layout.curve(from, to))
        .map(|curve| view! { <path class="line" d=curve.path()></path> })
        .collect_view();
    view! {
        <g>{frames}</g>
        <g>{lines}</g>
    }
    .into_any()
}

fn frame(title: &'static str, rect: &Rect) -> AnyView {
    view! {
        <rect class="frame" x=rect.x y=rect.y width=rect.w height=rect.h rx="12"></rect>
        <text class="frame-title" x=rect.x + 12.0 y=rect.y + 19.0>{title}</text>
    }
    .into_any()
}
