//! The cells of the ledger: what one copy shows, how fresh it is, and in how much room.

use leptos::prelude::*;
use sim::system::place::{Model, Reader, Replica};
use sim::view::holders::Spot;
use sim::view::ledger::{Freshness, LedgerRow, Shown};

use crate::desk::Desk;

/// How much room a cell has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Room {
    /// Enough for the value.
    Value,
    /// Enough for a sign that says how the value stands to the truth; the value itself is told when one asks.
    Sign,
}

impl Room {
    /// What is written in the cell.
    fn text(self, shown: &Shown) -> String {
        match (self, shown.freshness) {
            (Self::Value, _) => shown.text.clone(),
            (Self::Sign, Freshness::Fresh) => "=".to_owned(),
            (Self::Sign, Freshness::Stale) => "old".to_owned(),
            // The sign of what is wrong comes before every text.
            (Self::Sign, Freshness::Wrong) => String::new(),
        }
    }

    fn class(self, class: &str, text: &str) -> String {
        match self {
            Self::Value => figure(class, text),
            Self::Sign => format!("{class} sign"),
        }
    }
}

/// The class of a figure: a long sum is set smaller rather than cut, for half of a sum is another one.
pub fn figure(class: &str, text: &str) -> String {
    const FITS: usize = 9;
    let is_sum = text.starts_with(['$', '-']);
    if is_sum && text.len() > FITS { format!("{class} long") } else { class.to_owned() }
}

/// A copy in the few words that its column has room for.
pub fn short_name(reader: Reader) -> String {
    match reader {
        Reader::Projection(Model::SalesDashboard) => "dashboard".to_owned(),
        Reader::Projection(Model::CustomerOrderHistory) => "history".to_owned(),
        Reader::Projection(Model::ProductSearch) => "search".to_owned(),
        Reader::Projection(Model::ProductStats) => "statistics".to_owned(),
        Reader::Projection(Model::OrderWorkQueue) => "work queue".to_owned(),
        Reader::Replica(Replica::Products | Replica::Customers) => "replica".to_owned(),
        other => other.to_string(),
    }
}

/// The class and the words of a freshness.
pub const fn look(freshness: Freshness) -> (&'static str, &'static str) {
    match freshness {
        Freshness::Fresh => ("number fresh", ""),
        Freshness::Stale => ("number stale", ", stale"),
        Freshness::Wrong => ("number wrong", ", wrong"),
    }
}

/// What one copy shows of a cell, as `shown` finds it in the cell's row.
pub fn copy_view(
    desk: Desk,
    row: Memo<Option<(usize, LedgerRow)>>,
    (spot, room): (Spot, Room),
    place: String,
    shown: impl Fn(&LedgerRow) -> Option<Shown> + Send + Sync + 'static,
) -> AnyView {
    let seen = Memo::new(move |_| {
        let shown = row.with(|row| row.as_ref().and_then(|(_, row)| shown(row)));
        (shown, desk.asked.get() == Some(spot))
    });
    let label = format!("{}{place}", spot.cell.label());
    let content = move |(shown, pressed): &(Option<Shown>, bool)| {
        match shown {
            Some(shown) => shown_view(desk, (spot, room), &label, shown, *pressed),
            None => view! { <td class=room.class("number none", "")><span aria-hidden="true">"–"</span><span class="heard">"not kept here"</span></td> }.into_any(),
        }
    };
    (move || seen.with(&content)).into_any()
}

fn shown_view(desk: Desk, (spot, room): (Spot, Room), label: &str, shown: &Shown, pressed: bool) -> AnyView {
    let (class, told) = look(shown.freshness);
    let name = format!("{label}: {}{told}. Why?", shown.text);
    view! {
        <td class=room.class(class, &shown.text)>
            <button type="button" class="cell" title=format!("{}{told}", shown.text) aria-label=name aria-pressed=pressed.to_string() on:click=move |_| desk.ask(spot)>
                {room.text(shown)}
            </button>
        </td>
    }
    .into_any()
}
