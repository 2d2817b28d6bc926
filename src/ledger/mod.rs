//! The ledger: the truth beside both read models, the story of a cell, and what is on its way.

pub mod cells;
mod flights;
mod heads;
mod proof;
pub mod table;
mod why;

use leptos::prelude::*;

use crate::desk::Desk;
use crate::twin;

/// The right column.
#[component]
pub fn LedgerRoom() -> impl IntoView {
    let desk = Desk::here();
    view! {
        {move || if desk.twin.on.get() { twin::ledger::view(desk) } else { table::view(desk) }}
        {why::view(desk)}
        {flights::view(desk)}
    }
}
