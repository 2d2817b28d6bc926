//! The truth beside both models, cell by cell.

use leptos::prelude::*;
use sim::shop::ids::OrderId;
use sim::shop::money::grouped;
use sim::system::place::Model;
use sim::view::ledger::{Cell, Freshness, LedgerRow, Shown};

use crate::desk::Desk;
use crate::snapshot::Selection;
use crate::words::plural;

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let rows = move || {
        let (selection, asked) = (desk.selection.get(), desk.asked.get());
        desk.ledger.with(|ledger| ledger.rows.iter().map(|row| row_view(desk, selection, asked, row)).collect_view())
    };
    let limit = move || {
        desk.ledger.with(|ledger| {
            // The rows of one order stand together.
            let mut orders: Vec<_> = ledger.rows.iter().filter_map(|row| order_of(row.cell)).collect();
            orders.dedup();
            let (shown, matching) = (orders.len() as u64, ledger.matching as u64);
            (shown < matching).then(|| format!("showing {} of {}", grouped(shown), plural(matching, "order")))
        })
    };
    let search = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        desk.query(|query| query.search = event.target().value().trim().to_uppercase());
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

/// The order that a cell is about, if it is about one.
const fn order_of(cell: Cell) -> Option<OrderId> {
    match cell {
        Cell::Order(order, _) => Some(order),
        Cell::Sales(_) => None,
    }
}

fn row_view(desk: Desk, selection: Option<Selection>, asked: Option<Cell>, row: &LedgerRow) -> AnyView {
    let order = order_of(row.cell);
    let class = if selection.is_some_and(|one| Some(one.order) == order) { "selected" } else { "" };
    let name = match order {
        Some(order) => {
            let label = row.label.clone();
            view! { <button type="button" class="cell-name" on:click=move |_| desk.select(Selection { order, event: None })>{label}</button> }
                .into_any()
        }
        None => view! { <span>{row.label.clone()}</span> }.into_any(),
    };
    let copies = row
        .copies
        .iter()
        .map(|(model, shown)| copy_view(desk, row, *model, shown.as_ref(), asked == Some(row.cell)))
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

fn copy_view(desk: Desk, row: &LedgerRow, model: Model, shown: Option<&Shown>, asked: bool) -> AnyView {
    let Some(shown) = shown else {
        return view! { <td class="number none"><span aria-hidden="true">"–"</span><span class="heard">"not kept here"</span></td> }.into_any();
    };
    let (class, told) = look(shown.freshness);
    let (cell, label) = (row.cell, &row.label);
    let name = format!("{label} in the {model}: {}{told}. Why?", shown.text);
    view! {
        <td class=class>
            <button type="button" class="cell" aria-label=name aria-pressed=asked.to_string() on:click=move |_| desk.ask(cell)>
                {shown.text.clone()}
            </button>
        </td>
    }
    .into_any()
}
