//! The messages that are held by hand: they are on no way any more, and wait here to be released.

use leptos::prelude::*;
use sim::view::grasp::Thing;

use super::take_from_list;
use crate::desk::Desk;

/// The list; nothing while nothing is held.
pub fn view(desk: Desk) -> AnyView {
    let held = Memo::new(move |_| desk.snapshot.with(|snapshot| snapshot.held.to_vec()));
    let rows = move || {
        held.with(|held| {
            let row = |(which, name): &(_, String)| {
                let thing = Thing::Held(*which);
                view! {
                    <li>
                        <button type="button" class="cell-name" aria-haspopup="dialog" on:click=move |event| take_from_list(desk, thing, &event)>
                            {name.clone()}
                        </button>
                    </li>
                }
            };
            held.iter().map(row).collect_view()
        })
    };
    (move || {
        (!held.with(Vec::is_empty)).then(|| {
            view! {
                <h3 class="held-title">"Held by you"</h3>
                <ul class="held-list">{rows}</ul>
            }
        })
    })
    .into_any()
}
