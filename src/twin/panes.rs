//! The two pictures side by side; on a phone one at a time.

use leptos::context::Provider;
use leptos::prelude::*;

use super::bar;
use crate::desk::Desk;
use crate::session::twin::Side;
use crate::stage::StageRoom;

/// Both pictures under what differs.
#[component]
pub fn TwinStages() -> impl IntoView {
    let desk = Desk::here();
    view! {
        <div class="twin">
            {bar::view(desk)}
            <div class="panes">
                {pane(desk, Side::A)}
                {pane(desk, Side::B)}
            </div>
        </div>
    }
}

/// One picture. Its stage finds a desk that knows of this run only.
fn pane(desk: Desk, side: Side) -> AnyView {
    let in_sight = Memo::new(move |_| !desk.narrow.get() || desk.twin.shown.get() == side);
    let title = match side {
        Side::A => "the run",
        Side::B => "the twin",
    };
    let edited = move || desk.twin.facts.with(|facts| facts.as_ref().is_some_and(|facts| facts.edited == side));
    (move || {
        in_sight.get().then(|| {
            view! {
                <div class="pane">
                    <p class="pane-title" hidden=move || desk.narrow.get()>
                        <b>{side.letter()}</b>
                        " "
                        {title}
                        {move || edited().then(|| view! { <span class="quiet">"on the bench"</span> })}
                    </p>
                    <Provider value=desk.of(side)>
                        <StageRoom />
                    </Provider>
                </div>
            }
        })
    })
    .into_any()
}
