//! Metrics: what a team would watch, under the names that it would know, with objectives and alerts.

pub mod follow;
mod line;
mod table;
mod watch;

use leptos::prelude::*;
use sim::oracle::lags::Whose;

use crate::desk::Desk;
use crate::drawer::whose::whose;

/// What stands beside the tabs: whose metrics.
pub fn controls(desk: Desk) -> AnyView {
    let readers = Memo::new(move |_| {
        desk.readings.with(|readings| {
            (readings.readers.iter().copied().map(Whose::Reader).collect(), readings.reader.map(Whose::Reader))
        })
    });
    whose(desk, "Whose metrics", readers)
}

/// The room.
pub fn view(desk: Desk) -> AnyView {
    view! {
        <div class="metrics">
            {table::table(desk)}
            {watch::watch(desk)}
        </div>
    }
    .into_any()
}
