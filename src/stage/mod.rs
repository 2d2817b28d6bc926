//! The stage: the system as a picture, with every message on its way.

pub mod camera;
mod card;
pub mod crowd;
mod cuts;
mod differs;
mod flags;
mod flows;
mod geometry;
mod gestures;
mod lane;
mod layout;
mod links;
mod marks;
mod messages;
pub mod movers;
mod nodes;
mod partitions;
pub mod pick;
mod slots;
mod sparks;
mod swarm;
mod tie;

use leptos::html::Div;
use leptos::prelude::*;
use sim::system::place::Place;

use self::camera::Camera;
use self::crowd::Crowd;
use self::geometry::Rect;
use self::gestures::Gestures;
use self::layout::{Form, Layout, Shape};
use self::movers::Movers;
use crate::desk::Desk;
use crate::kit::size::follow_size;
use crate::session::twin::Side;

/// The picture. Its structure changes with the snapshot; what moves in it changes with `desk.moving`, and is moved by the clock.
#[component]
pub fn StageRoom() -> impl IntoView {
    let desk = Desk::here();
    let shape = Memo::new(move |_| desk.stage.with(|stage| Shape::of(stage)));
    let layout = Memo::new(move |_| {
        // Half of a desk is about as wide as a phone.
        let form = if desk.narrow.get() || desk.twin.on.get() { Form::Tall } else { Form::Wide };
        shape.with(|shape| Layout::new(form, shape))
    });
    let view = Memo::new(move |_| layout.with(|layout| layout.view));
    let built = differs::built_otherwise(desk, layout);
    Effect::new(move |_| {
        let (first, view) = (Camera::first(&view.get()), view.get());
        desk.camera.set(built.get().map_or(first, |rect| first.facing(&rect, &view)));
    });
    let window = Memo::new(move |_| layout.with(|layout| desk.camera.get().window(&layout.view)));
    let view_box = move || window.with(|one| format!("{:.2} {:.2} {:.2} {:.2}", one.x, one.y, one.w, one.h));
    let movers = Movers::new(desk);
    let flows = Memo::new(move |_| {
        desk.flights.with(|flights| {
            let flood = Crowd::of(flights.len()) == Crowd::Flood;
            if flood { flows::counts(flights) } else { Vec::new() }
        })
    });
    let room: NodeRef<Div> = NodeRef::new();
    let size = RwSignal::new((0.0, 0.0));
    follow_size(room, size);
    let gestures = Gestures::new(desk, room, layout);
    let class = move || if desk.camera.with(|camera| camera.zoom() > 1.0) { "picture near" } else { "picture" };
    let name = match desk.side {
        Side::A => "Stage",
        Side::B => "Stage of the twin",
    };
    view! {
        <section class="stage" aria-label=name>
            <h2 class="heard">{name}</h2>
            <div
                class=class
                node_ref=room
                on:wheel=move |event| gestures.wheel(&event)
                on:pointerdown=move |event| gestures.down(&event)
                on:pointermove=move |event| gestures.moved(&event)
                on:pointerup=move |event| gestures.up(&event)
                on:pointercancel=move |event| gestures.cancelled(&event)
            >
            <svg viewBox=view_box role="group" aria-label="The system. The log tells the same in words.">
                <defs>
                    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path d="M0 0V6" class="hatch-line"></path>
                    </pattern>
                </defs>
                {move || layout.with(backdrop)}
                {tie::view(desk, layout)}
                {partitions::view(desk, layout)}
                {nodes::view(desk, layout)}
                {links::view(desk, layout)}
                {cuts::view(desk, layout)}
                {differs::view(desk, layout)}
            </svg>
            // A picture of its own: what stands need not be painted anew because something moves over it.
            <div class="moving">
                <svg viewBox=view_box role="group" aria-label="What moves in it">
                    {flows::view(movers, layout, flows)}
                    {messages::view(movers, layout)}
                    {sparks::view(movers, layout)}
                </svg>
            </div>
            {swarm::view(desk, messages::trips_of(desk, layout, Crowd::Many), window, size)}
            </div>
            {gestures::buttons(desk)}
            {card::view(desk, layout, window, size)}
            <p class="legend">
                <span class="key command">"command"</span>
                <span class="key event">"event"</span>
                <span class="key read">"read model"</span>
                {move || layout.with(|layout| layout.rect(Place::Saga)).map(|_| view! { <span class="key policy">"saga"</span> })}
                {move || layout.with(|layout| layout.rect(Place::QueryApi)).map(|_| view! { <span class="key query">"query"</span> })}
                <span class="key stale">"was true earlier"</span>
                <span class="key wrong">"was never true"</span>
            </p>
        </section>
    }
}

/// Frames, lines and titles: what never moves. A line that passes a title goes under it.
fn backdrop(layout: &Layout) -> AnyView {
    let frames = layout.frames.iter().map(|(_, rect)| frame(rect)).collect_view();
    let titles = layout.frames.iter().map(|(title, rect)| frame_title(title, rect)).collect_view();
    let lines = layout
        .lines()
        .iter()
        .filter_map(|(from, to)| layout.curve(*from, *to))
        .map(|curve| view! { <path class="line" d=curve.path()></path> })
        .collect_view();
    view! {
        <g>{frames}</g>
        <g>{lines}</g>
        <g>{titles}</g>
    }
    .into_any()
}

fn frame(rect: &Rect) -> AnyView {
    view! { <rect class="frame" x=rect.x y=rect.y width=rect.w height=rect.h rx="12"></rect> }.into_any()
}

fn frame_title(title: &'static str, rect: &Rect) -> AnyView {
    view! { <text class="frame-title" x=rect.x + 12.0 y=rect.y + 19.0>{title}</text> }.into_any()
}
