//! The truth beside both models, cell by cell.

use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::system::place::Model;
use sim::view::ledger::{Cell, Freshness, LedgerRow, Shown};

use crate::desk::Desk;
use crate::snapshot::Selection;

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let rows = move || desk.ledger.with(|ledger| ledger.rows.iter().map(|row| row_view(desk, row)).collect_view());
    let limit = move || {
        desk.ledger.with(|ledger| {
            let (shown, matching) = (ledger.rows.len(), ledger.matching);
            (shown < matching).then(|| format!("showing {} of {}", grouped(shown as u64), grouped(matching as u64)))
        })
    };
    let search = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        desk.query(|query| event.target().value().trim().clone_into(&mut query.search));
    };
    view! {
        <section class="ledger" aria-label="Ledger">
            <div class="overline">
                <h2>"Ledger"</h2>
                <label class="switch">
                    <span>"differences only"</span>
                    <input
                        type="checkbox"
                        prop:checked=move || desk.query.with(|query| query.differences_only)
                        on:change=move |_| desk.query(|query| query.differences_only = !query.differences_only)
                    />
                </label>
            </div>
            <input class="text" type="search" placeholder="Find an order, such as O-3" aria-label="Find an order" on:input:target=search />
            <div class="ledger-scroll" tabindex="0" role="region" aria-label="The truth beside the read models">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"cell"</th>
                            <th scope="col" class="number">"truth"</th>
                            <th scope="col" class="number">"order view"</th>
                            <th scope="col" class="number">"dashboard"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <p class="limit">{limit}</p>
            </div>
        </section>
    }
    .into_any()
}

fn row_view(desk: Desk, row: &LedgerRow) -> AnyView {
    let order = match row.cell {
        Cell::Order(order, _) => Some(order),
        Cell::Sales(_) => None,
    };
    let class = move || if order.is_some() && desk.is_selected(order, None) { "selected" } else { "" };
    let name = match order {
        Some(order) => {
            let label = row.label.clone();
            view! { <button type="button" class="cell-name" on:click=move |_| desk.select(Selection::Order(order))>{label}</button> }
                .into_any()
        }
        None => view! { <span>{row.label.clone()}</span> }.into_any(),
    };
    let copies = row
        .copies
        .iter()
        .map(|(model, shown)| copy_view(desk, row.cell, &row.label, *model, shown.as_ref()))
        .collect_view();
    view! {
        <tr class=class>
            <th scope="row">{name}</th>
            <td class="number">{row.truth.clone()}</td>
            {copies}
        </tr>
    }
    .into_any()
}

/// The class and the words of a freshness.
const fn look(freshness: Freshness) -> (&'static str, &'static str) {
    match freshness {
        Freshness::Fresh => ("number fresh", ""),
        Freshness::Stale => ("number stale", ", stale"),
        Freshness::Wrong => ("number wrong", ", wrong"),
    }
}

fn copy_view(desk: Desk, cell: Cell, label: &str, model: Model, shown: Option<&Shown>) -> AnyView {
    let Some(shown) = shown else {
        return view! { <td class="number none"><span aria-hidden="true">"–"</span><span class="heard">"not kept here"</span></td> }.into_any();
    };
    let (class, told) = look(shown.freshness);
    let name = format!("{label} in the {model}: {}{told}. Why?", shown.text);
    let asked = move || desk.asked.get() == Some(cell);
    view! {
        <td class=class>
            <button type="button" class="cell" aria-label=name aria-pressed=move || asked().to_string() on:click=move |_| desk.ask(cell)>
                {shown.text.clone()}
            </button>
        </td>
    }
    .into_any()
}
