//! Links for those who press keys: every link that a hand can cut has the focus once, and opens what can be done to it.
//! Fingers and pointers touch its lines instead.

use leptos::ev;
use leptos::prelude::*;
use sim::system::place::Place;
use sim::view::grasp::{Thing, link};

use super::layout::Layout;
use crate::desk::Desk;
use crate::hands;

/// A link: its name, and the line that stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Link {
    name: String,
    from: Place,
    to: Place,
}

/// The links of a layout. Of several lines between the same two nodes the first stands for all.
fn links(layout: &Layout) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for (from, to) in layout.lines() {
        if let Some(name) = link(*from, *to)
            && links.iter().all(|other| other.name != name)
        {
            links.push(Link { name, from: *from, to: *to });
        }
    }
    links
}

/// The layer of links.
pub fn view(desk: Desk, layout: Memo<Layout>) -> AnyView {
    let all = Memo::new(move |_| layout.with(links));
    let cuts = Memo::new(move |_| desk.stage.with(|stage| stage.cuts.clone()));
    view! {
        <g class="links">
            <For each=move || all.get() key=Link::clone children=move |one| view_of(desk, layout, cuts, &one) />
        </g>
    }
    .into_any()
}

fn view_of(desk: Desk, layout: Memo<Layout>, cuts: Memo<Vec<(Place, Place)>>, link: &Link) -> AnyView {
    let (from, to) = (link.from, link.to);
    let name = link.name.clone();
    let label = move || {
        let cut = cuts.with(|cuts| cuts.contains(&(from, to)) || cuts.contains(&(to, from)));
        if cut { format!("{name}: cut") } else { name.clone() }
    };
    let path = move || layout.with(|layout| layout.curve(from, to)).map(|curve| curve.path());
    let press = move |event: ev::KeyboardEvent| {
        if matches!(event.key().as_str(), "Enter" | " ") {
            event.prevent_default();
            event.stop_propagation();
            hands::take_itself(desk, Thing::Link(from, to), &event);
        }
    };
    view! {
        <path
            class="link-press"
            tabindex="0"
            role="button"
            aria-haspopup="dialog"
            aria-label=label
            d=path
            on:keydown=press
        ></path>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use sim::oracle::lab::Lab;
    use sim::scenario::presets::PRESETS;
    use sim::scenario::recording::Recording;
    use sim::view::grasp::is_link;
    use sim::view::stage::stage;

    use super::super::layout::{Form, Layout, Shape};
    use super::links;

    #[test]
    fn every_line_that_can_be_cut_has_its_link_and_no_two_links_one_name() {
        for preset in PRESETS {
            let recording = Recording::from_json(preset.json).expect("it comes with the page");
            let lab = Lab::new(recording.scenario.options.clone(), recording.scenario.seed, &[]);
            let layout = Layout::new(Form::Wide, &Shape::of(&stage(&lab)));
            let names: Vec<String> = links(&layout).into_iter().map(|link| link.name).collect();
            let cuttable = layout.lines().iter().filter(|(from, to)| is_link(*from, *to));
            assert!(cuttable.clone().count() >= names.len() && !names.is_empty(), "{}", preset.slug);
            let all = cuttable.filter_map(|(from, to)| super::link(*from, *to));
            assert!(all.into_iter().all(|name| names.contains(&name)), "{}", preset.slug);
        }
    }
}
