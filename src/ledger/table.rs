//! The truth beside every copy, cell by cell. Only the rows in sight are in the document.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use sim::shop::aggregate::Aggregate;
use sim::system::place::{Model, Reader};
use sim::view::holders::{Holder, Spot};
use sim::view::ledger::{Cell, Ledger, LedgerRow};
use sim::view::words::plural;

use super::cells::{Room, copy_view, figure, short_name};
use super::heads::{self, Columns, Serving};
use crate::desk::Desk;
use crate::exports::names;
use crate::files::save_text;
use crate::kit::icon::Icon;
use crate::kit::size::follow_size;
use crate::snapshot::Selection;

/// The heights of a row, as the style sheet has them: on a desk, and where it is pressed by a finger.
const ROW_PX: (usize, usize) = (28, 40);
/// Rows that are kept above those in sight, and how many are scrolled past before others are made.
const SPARE: usize = 6;

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let scroller: NodeRef<Div> = NodeRef::new();
    let to_top = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    let size = RwSignal::new((0.0, 0.0));
    follow_size(scroller, size);
    Effect::new(move |_| {
        let needed = rows_in(size.get().1);
        // What has more than it needs is as good.
        if desk.query.with_untracked(|query| query.limit < needed) {
            desk.query(|query| query.limit = needed);
        }
    });
    let columns = Memo::new(move |_| desk.ledger.with(|ledger| columns_of(ledger)));
    let rows = move || desk.ledger.with(|ledger| ledger.rows.iter().map(|row| row.cell).collect::<Vec<_>>());
    let search = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        let wanted = event.target().value().trim().to_owned();
        desk.query(|query| (query.search, query.from) = (wanted, 0));
        to_top();
    };
    let differences = move |_| {
        desk.query(|query| (query.differences_only, query.from) = (!query.differences_only, 0));
        to_top();
    };
    // A scroll within the spare rows needs no others.
    let scroll = move |_| {
        let from = first_row(desk, scroller);
        if desk.query.with_untracked(|query| query.from != from) {
            desk.query(|query| query.from = from);
        }
    };
    let above = move || desk.ledger.with(|ledger| ledger.before);
    let below = move || desk.ledger.with(|ledger| ledger.total.saturating_sub(ledger.before + ledger.rows.len()));
    view! {
        <section class="ledger" aria-label="Ledger">
            <div class="overline">
                <h2>"Ledger"</h2>
                <label class="switch">
                    <span>"differences only"</span>
                    <input type="checkbox" prop:checked=move || desk.query.with(|query| query.differences_only) on:change=differences />
                </label>
            </div>
            <div class="ledger-tools">
                <input class="text" type="search" placeholder="Find: O-3, status, paid" aria-label="Find in the ledger" on:input:target=search />
                <button type="button" class="button plain" aria-label="Save the ledger as CSV" title="Save as CSV" on:click=move |_| save_text(&names::of_moment(desk, "ledger", "csv"), &desk.ledger_csv())>
                    {Icon::Save.view()}
                </button>
            </div>
            <div class="ledger-scroll" tabindex="0" role="region" aria-label="The truth beside every copy" node_ref=scroller on:scroll=scroll>
                <table class=move || columns.with(class_of) style=move || columns.with(|columns| format!("--holders:{}", columns.holders.len())) aria-rowcount=move || (desk.ledger.with(|ledger| ledger.total) + 1).to_string()>
                    <thead>{move || columns.with(|columns| heads::view(desk, columns, to_top))}</thead>
                    <tbody>
                        {move || body(desk, columns.get(), rows, above, below)}
                    </tbody>
                </table>
            </div>
            <p class="limit">{move || desk.ledger.with(|ledger| summary(ledger))}</p>
        </section>
    }
    .into_any()
}

/// The rows under these columns. One that stays is not drawn anew when what it says changes, so that it keeps the focus.
fn body(
    desk: Desk,
    columns: Columns,
    rows: impl Fn() -> Vec<Cell> + Send + Sync + 'static,
    above: impl Fn() -> usize + Copy + Send + 'static,
    below: impl Fn() -> usize + Copy + Send + 'static,
) -> AnyView {
    let cells = columns.heads().len();
    let columns = Arc::new(columns);
    view! {
        {spacer(desk, cells, above)}
        <For each=rows key=|cell| *cell children=move |cell| row_view(desk, &columns, cell) />
        {spacer(desk, cells, below)}
    }
    .into_any()
}

/// The height of a row in pixels.
fn row_px(narrow: bool) -> usize {
    if narrow { ROW_PX.1 } else { ROW_PX.0 }
}

/// How many rows a table of this height in pixels needs, wherever it is scrolled to.
fn rows_in(height: f64) -> usize {
    // No screen has so many pixels that their number would not fit.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let in_sight = (height / ROW_PX.0 as f64).ceil() as usize;
    in_sight + 3 * SPARE
}

/// The first row to be made, wherever the table is scrolled to.
pub fn first_row(desk: Desk, scroller: NodeRef<Div>) -> usize {
    let top = scroller.get_untracked().map_or(0, |scroller| scroller.scroll_top());
    let first = usize::try_from(top).unwrap_or(0) / row_px(desk.narrow.get_untracked()) / SPARE * SPARE;
    first.saturating_sub(SPARE)
}

/// Room for rows of so many cells that are not in the document.
pub fn spacer(desk: Desk, cells: usize, rows: impl Fn() -> usize + Copy + Send + 'static) -> AnyView {
    let height = move || format!("{}px", rows() * row_px(desk.narrow.get()));
    view! {
        <tr class="spacer" aria-hidden="true" hidden=move || rows() == 0>
            <td colspan=cells.to_string() style:height=height></td>
        </tr>
    }
    .into_any()
}

/// How much there is, in words.
fn summary(ledger: &Ledger) -> String {
    let count = |count: usize, noun: &str| (count > 0).then(|| plural(count, noun));
    let matching = &ledger.matching;
    let counts = [
        count(ledger.total, "cell"),
        count(matching.orders, "order"),
        count(matching.products, "product"),
        count(matching.customers, "customer"),
    ];
    match ledger.total {
        0 => "Nothing in the ledger is like that.".to_owned(),
        _ => counts.into_iter().flatten().collect::<Vec<_>>().join(", "),
    }
}

fn columns_of(ledger: &Ledger) -> Columns {
    let all = ledger.rows.iter().all(|row| is_always_there(row.cell.reader()));
    let serving = match (all, ledger.holders.is_empty()) {
        (false, _) => Serving::Named,
        (true, true) => Serving::Models,
        (true, false) => Serving::Either,
    };
    Columns { serving, holders: ledger.holders.as_slice().into() }
}

/// The classes of a table with these columns.
fn class_of(columns: &Columns) -> String {
    let kinds = [
        ("by-copy", columns.serving == Serving::Named),
        ("held", !columns.holders.is_empty()),
        ("signs", columns.room() == Room::Sign),
    ];
    kinds.into_iter().filter(|(_, is)| *is).map(|(class, _)| class).collect::<Vec<_>>().join(" ")
}

fn is_always_there(reader: Reader) -> bool {
    reader.model().is_some_and(|model| Model::ALWAYS.contains(&model))
}

fn row_view(desk: Desk, columns: &Columns, cell: Cell) -> AnyView {
    // Which row it is, and what it says.
    let found = move |ledger: &Ledger| {
        let at = ledger.rows.iter().position(|row| row.cell == cell)?;
        Some((ledger.before + at, ledger.rows[at].clone()))
    };
    let found = Memo::new(move |_| desk.ledger.with(|ledger| found(ledger)));
    let of: Option<Aggregate> = cell.row().map(|(of, _)| of);
    let label = cell.label();
    // The copy has a column of its own, so the name need not say it.
    let name = match of {
        Some(of) => view! {
            <button type="button" class="cell-name" title=label on:click=move |_| desk.select(Selection { of, event: None })>
                {format!("{of} {}", cell.field())}
            </button>
        }
        .into_any(),
        None => view! { <span>{label}</span> }.into_any(),
    };
    let keeper = cell.reader();
    let serving = match columns.serving {
        Serving::Models => Model::ALWAYS.map(Reader::Projection).to_vec(),
        Serving::Either | Serving::Named => vec![keeper],
    };
    let copies = serving
        .into_iter()
        .map(|reader| {
            let shown = move |row: &LedgerRow| row.copies.iter().find(|(who, _)| *who == reader)?.1.clone();
            copy_view(
                desk,
                found,
                (Spot { cell, holder: Holder::Serving }, Room::Value),
                format!(" in the {reader}"),
                shown,
            )
        })
        .collect_view();
    let room = columns.room();
    let others = columns
        .holders
        .iter()
        .map(|holder| {
            let holder = *holder;
            let shown = move |row: &LedgerRow| {
                row.others.iter().find(|(who, _)| *who == holder).map(|(_, shown)| shown.clone())
            };
            copy_view(desk, found, (Spot { cell, holder }, room), holder.whereabouts(), shown)
        })
        .collect_view();
    let copy = (columns.serving == Serving::Named)
        .then(|| view! { <td class="copy" title=keeper.to_string()>{short_name(keeper)}</td> });
    let selected = move || desk.selection.get().is_some_and(|one| Some(one.of) == of);
    let number = move || found.with(|found| found.as_ref().map(|(place, _)| (place + 2).to_string()));
    let truth =
        Memo::new(move |_| found.with(|found| found.as_ref().map(|(_, row)| row.truth.clone()).unwrap_or_default()));
    let truth_view =
        |truth: &String| view! { <td class=figure("number", truth) title=truth.clone()>{truth.clone()}</td> };
    view! {
        <tr class:selected=selected aria-rowindex=number>
            <th scope="row">{name}</th>
            {move || truth.with(truth_view)}
            {copy}
            {copies}
            {others}
        </tr>
    }
    .into_any()
}
