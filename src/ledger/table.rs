//! The truth beside both models, cell by cell.

use leptos::prelude::*;
use sim::shop::aggregate::Aggregate;
use sim::shop::money::grouped;
use sim::system::place::{Model, Reader};
use sim::view::ledger::{Cell, Freshness, Ledger, LedgerRow, Shown};

use crate::desk::Desk;
use crate::snapshot::Selection;

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let rows = move || {
        let (selection, asked) = (desk.selection.get(), desk.asked.get());
        desk.ledger.with(|ledger| {
            let columns = Columns::of(ledger);
            ledger.rows.iter().map(|row| row_view(desk, selection, asked, columns, row)).collect_view()
        })
    };
    let heads = move || match desk.ledger.with(|ledger| Columns::of(ledger)) {
        Columns::Models => ["order view", "dashboard"].as_slice(),
        Columns::Copy => &["copy"],
    };
    let heads = move || heads().iter().map(|head| view! { <th scope="col" class="number">{*head}</th> }).collect_view();
    let limit = move || {
        desk.ledger.with(|ledger| {
            let (shown, matching) = (ledger.shown as u64, ledger.matching as u64);
            (shown < matching).then(|| format!("showing {} of {}", grouped(shown), grouped(matching)))
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
                            {heads}
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

/// The columns behind the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Columns {
    /// One for each of the two models that every run has.
    Models,
    /// One for whichever copy holds the cell: where there are many, a column for each would be a thicket.
    Copy,
}

impl Columns {
    fn of(ledger: &Ledger) -> Self {
        let is_always_there = |reader: Reader| reader.model().is_some_and(|model| Model::ALWAYS.contains(&model));
        let all = ledger.rows.iter().all(|row| is_always_there(row.cell.reader()));
        if all { Self::Models } else { Self::Copy }
    }

    fn has(self, reader: Reader, row: &LedgerRow) -> bool {
        match self {
            Self::Models => reader.model().is_some_and(|model| Model::ALWAYS.contains(&model)),
            Self::Copy => reader == row.cell.reader(),
        }
    }
}

fn row_view(
    desk: Desk,
    selection: Option<Selection>,
    asked: Option<Cell>,
    columns: Columns,
    row: &LedgerRow,
) -> AnyView {
    let of: Option<Aggregate> = row.cell.row().map(|(of, _)| of);
    let class = if selection.is_some_and(|one| Some(one.of) == of) { "selected" } else { "" };
    let name = match of {
        Some(of) => {
            let label = row.label.clone();
            view! { <button type="button" class="cell-name" on:click=move |_| desk.select(Selection { of, event: None })>{label}</button> }
                .into_any()
        }
        None => view! { <span>{row.label.clone()}</span> }.into_any(),
    };
    let copies = row
        .copies
        .iter()
        .filter(|(reader, _)| columns.has(*reader, row))
        .map(|(reader, shown)| copy_view(desk, row, *reader, shown.as_ref(), asked == Some(row.cell)))
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

fn copy_view(desk: Desk, row: &LedgerRow, reader: Reader, shown: Option<&Shown>, asked: bool) -> AnyView {
    let Some(shown) = shown else {
        return view! { <td class="number none"><span aria-hidden="true">"–"</span><span class="heard">"not kept here"</span></td> }.into_any();
    };
    let (class, told) = look(shown.freshness);
    let (cell, label) = (row.cell, &row.label);
    let name = format!("{label} in the {reader}: {}{told}. Why?", shown.text);
    view! {
        <td class=class>
            <button type="button" class="cell" aria-label=name aria-pressed=asked.to_string() on:click=move |_| desk.ask(cell)>
                {shown.text.clone()}
            </button>
        </td>
    }
    .into_any()
}
