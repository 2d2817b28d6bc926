//! The stage: the system as a picture, with every message on its way.

mod flows;
mod geometry;
mod layout;
mod messages;
pub mod movers;
mod nodes;
mod partitions;
mod sparks;
mod swarm;

use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::grasp::{Thing, is_link};
use sim::view::stage::Stage;

use self::geometry::Rect;
use self::layout::{Form, Layout, Shape};
use self::messages::Crowd;
use self::movers::Movers;
use crate::desk::Desk;
use crate::hands::grips::{self, Grip};

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
    let grips = Memo::new(move |_| layout.with(|layout| desk.stage.with(|stage| grips_of(stage, layout))));
    view! {
        <section class="stage" aria-label="Stage">
            <h2 class="heard">"Stage"</h2>
            <div class="picture">
            <svg viewBox=view_box role="group" aria-label="The system. What is on it can be pressed; the log tells the same in words.">
                <defs>
                    <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <path d="M0 0V6" class="hatch-line"></path>
                    </pattern>
                </defs>
                <g aria-hidden="true">
                {move || layout.with(backdrop)}
                {move || layout.with(|layout| desk.stage.with(|stage| partitions::view(desk, stage, layout)))}
                {move || layout.with(|layout| desk.stage.with(|stage| nodes::view(stage, layout)))}
                </g>
                {grips::view(desk, grips)}
                <g aria-hidden="true">
                {flows::view(desk, layout, flows)}
                {messages::view(movers, layout)}
                {sparks::view(movers, layout)}
                </g>
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

/// What can be taken hold of: the links first, so that the parts lie over their ends.
fn grips_of(stage: &Stage, layout: &Layout) -> Vec<Grip> {
    let title = |place: Place| match stage.nodes.iter().find(|node| node.place == place) {
        Some(node) => format!("{}{}", node.title, of_model(place)),
        None => "Broker".to_owned(),
    };
    let links = layout.lines().into_iter().filter(|(from, to)| is_link(*from, *to)).filter_map(|(from, to)| {
        let shape = grips::Shape::Line(layout.curve(from, to)?.path());
        let name = match from {
            Place::Partition(id) => format!("Link from {id} to {}", title(to)),
            _ => format!("Link from {} to {}", title(from), title(to)),
        };
        Some(Grip { thing: Thing::Link(from, to), name, shape })
    });
    let places = stage.nodes.iter().map(|node| node.place).chain([Place::Broker]);
    let parts = places.filter_map(|place| {
        let Rect { x, y, w, h } = layout.rect(place)?;
        Some(Grip { thing: Thing::Place(place), name: title(place), shape: grips::Shape::Box([x, y, w, h]) })
    });
    links.chain(parts).collect()
}

/// Which model's, where several parts have one title.
fn of_model(place: Place) -> String {
    match place {
        Place::Projector(model, _) => format!(" of the {model}"),
        _ => String::new(),
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
