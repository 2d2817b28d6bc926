//! The drawer under the stage: the run in words, the messages over time, how far copies are behind, and metrics.

pub mod shown;
pub mod whose;

use leptos::prelude::*;

use crate::desk::{Desk, Drawer};
use crate::kit::tabs::Tabs;
use crate::staleness::Looking;
use crate::{exports, log, metrics, spacetime, staleness};

/// The names of the rooms, in the order of [`Drawer::ALL`].
const LABELS: &[&str] = &["Log", "Space-time", "Staleness", "Metrics"];

/// The drawer.
#[component]
pub fn DrawerRoom() -> impl IntoView {
    let desk = Desk::here();
    let filter = RwSignal::new(log::Filter::default());
    // What one looks at in a room outlives a look at another.
    let looking = Looking::new(desk);
    let chosen = Signal::derive(move || Drawer::ALL.iter().position(|one| *one == desk.drawer.get()).unwrap_or(0));
    let tabs = Tabs { name: "Drawer", panel: "drawer-panel", labels: LABELS, chosen };
    let open = move |number: usize| Drawer::ALL.get(number).into_iter().for_each(|one| desk.open_drawer(*one));
    let controls = move || match desk.drawer.get() {
        Drawer::Log => log::controls(desk, filter),
        Drawer::Spacetime => ().into_any(),
        Drawer::Staleness => staleness::controls(looking),
        Drawer::Metrics => metrics::controls(desk),
    };
    let room = move || match desk.drawer.get() {
        // It is there all the time: see below.
        Drawer::Log => ().into_any(),
        Drawer::Spacetime => spacetime::view(desk),
        Drawer::Staleness => staleness::view(looking),
        Drawer::Metrics => metrics::view(desk),
    };
    view! {
        <div class="drawer-head">
            {tabs.view(open)}
            {move || desk.twin.on.get().then(|| view! { <span class="quiet drawer-of">"of A"</span> })}
            <span class="spring"></span>
            <div class="drawer-controls">{controls}</div>
            {exports::menu_of(desk)}
        </div>
        <div id="drawer-panel" class="drawer-body" role="tabpanel" aria-label=move || LABELS[chosen.get()]>
            // The log keeps its place and its announcements while something else is looked at.
            {log::view(desk, filter)}
            {room}
        </div>
    }
}
