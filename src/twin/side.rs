//! The run whose options the bench shows and changes.

use leptos::prelude::*;

use crate::desk::Desk;
use crate::intent::Intent;
use crate::kit::segments::Segments;
use crate::session::twin::{Side, TwinAct};

/// The choice at the top of the bench; nothing while the run is alone.
pub fn view(desk: Desk) -> AnyView {
    let edited = Memo::new(move |_| desk.twin.facts.with(|facts| facts.as_ref().map(|facts| facts.edited)));
    let chosen = move || edited.get().map(|side| usize::from(side == Side::B));
    let hint = move || match edited.get() {
        Some(Side::B) => "A change acts on B from its beginning. Traffic is the same in both.",
        _ => "A change acts on A from this moment on, and on B where B is not otherwise.",
    };
    (move || {
        desk.twin.on.get().then(|| {
            let labels = vec!["A, the run", "B, the twin"];
            let control = Segments { name: "The bench shows", labels, chosen: Signal::derive(chosen) };
            let choose = move |at| {
                let side = if at == 0 { Side::A } else { Side::B };
                desk.send(Intent::Twin(TwinAct::Edit(side)));
            };
            view! {
                <div class="twin-side">
                    {control.view(choose)}
                    <p class="quiet">{hint}</p>
                </div>
            }
        })
    })
    .into_any()
}
