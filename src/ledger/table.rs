//! The truth beside every copy, cell by cell. Only the rows in sight are in the document.

use leptos::html::Div;
use leptos::prelude::*;
use sim::shop::aggregate::Aggregate;
use sim::shop::money::grouped;
use sim::system::place::{Model, Reader, Replica};
use sim::view::holders::{Holder, Spot};
use sim::view::ledger::{Freshness, Ledger, LedgerRow, Shown};

use super::heads::{self, Columns, Serving};
use crate::desk::Desk;
use crate::exports::names;
use crate::files::save_text;
use crate::kit::icon::Icon;
use crate::snapshot::Selection;

/// The height of a row, as the style sheet has it.
const ROW_PX: usize = 28;
/// Rows that are kept above those in sight, and how many are scrolled past before others are made.
const SPARE: usize = 12;

/// A row as it is drawn. What does not change in it is not drawn anew, so that it keeps the focus.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn {
    place: usize,
    columns: Columns,
    selected: bool,
    /// Who is asked about this cell.
    asked: Option<Holder>,
    row: LedgerRow,
}

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let scroller: NodeRef<Div> = NodeRef::new();
    let to_top = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    let columns = Memo::new(move |_| desk.ledger.with(|ledger| columns_of(ledger)));
    let rows = move || {
        let (selection, asked, columns) = (desk.selection.get(), desk.asked.get(), columns.get());
        let drawn = |(place, row): (usize, &LedgerRow)| {
            let of = row.cell.row().map(|(of, _)| of);
            let selected = selection.is_some_and(|one| Some(one.of) == of);
            let asked = asked.filter(|spot| spot.cell == row.cell).map(|spot| spot.holder);
            Drawn { place, columns: columns.clone(), selected, asked, row: row.clone() }
        };
        desk.ledger.with(|ledger| (ledger.before..).zip(&ledger.rows).map(drawn).collect::<Vec<_>>())
    };
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
        let from = first_row(scroller);
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
                        {move || spacer(columns.with(|columns| columns.heads().len()), above)}
                        <For each=rows key=Drawn::clone children=move |drawn| row_view(desk, &drawn) />
                        {move || spacer(columns.with(|columns| columns.heads().len()), below)}
                    </tbody>
                </table>
            </div>
            <p class="limit">{move || desk.ledger.with(|ledger| summary(ledger))}</p>
        </section>
    }
    .into_any()
}

/// The first row to be made, wherever the table is scrolled to.
pub fn first_row(scroller: NodeRef<Div>) -> usize {
    let top = scroller.get_untracked().map_or(0, |scroller| scroller.scroll_top());
    let first = usize::try_from(top).unwrap_or(0) / ROW_PX / SPARE * SPARE;
    first.saturating_sub(SPARE)
}

/// Room for rows of so many cells that are not in the document.
pub fn spacer(cells: usize, rows: impl Fn() -> usize + Copy + Send + 'static) -> AnyView {
    let height = move || format!("{}px", rows() * ROW_PX);
    view! {
        <tr class="spacer" aria-hidden="true" hidden=move || rows() == 0>
            <td colspan=cells.to_string() style:height=height></td>
        </tr>
    }
    .into_any()
}

/// How much there is, in words.
fn summary(ledger: &Ledger) -> String {
    let count = |count: usize| grouped(count as u64);
    match ledger.total {
        0 => "Nothing in the ledger is like that.".to_owned(),
        1 => "1 cell".to_owned(),
        total if ledger.matching == 1 => format!("{} cells, 1 order, product or customer", count(total)),
        total => format!("{} cells, {} orders, products and customers", count(total), count(ledger.matching)),
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
fn class_of(columns: &Columns) -> &'static str {
    match (columns.serving, columns.holders.is_empty()) {
        (Serving::Named, true) => "by-copy",
        (Serving::Named, false) => "by-copy held",
        (_, true) => "",
        (_, false) => "held",
    }
}

fn is_always_there(reader: Reader) -> bool {
    reader.model().is_some_and(|model| Model::ALWAYS.contains(&model))
}

fn row_view(desk: Desk, drawn: &Drawn) -> AnyView {
    let Drawn { place, columns, selected, asked, row } = drawn;
    let of: Option<Aggregate> = row.cell.row().map(|(of, _)| of);
    // The copy has a column of its own, so the name need not say it.
    let name = match of {
        Some(of) => format!("{of} {}", row.cell.field()),
        None => row.label.clone(),
    };
    let title = row.label.clone();
    let name = match of {
        Some(of) => view! {
            <button type="button" class="cell-name" title=title on:click=move |_| desk.select(Selection { of, event: None })>{name}</button>
        }
        .into_any(),
        None => view! { <span>{name}</span> }.into_any(),
    };
    let keeper = row.cell.reader();
    let copies = row
        .copies
        .iter()
        .filter(|(reader, _)| match columns.serving {
            Serving::Models => is_always_there(*reader),
            Serving::Either | Serving::Named => *reader == keeper,
        })
        .map(|(reader, shown)| {
            copy_view(desk, row, &format!(" in the {reader}"), Holder::Serving, shown.as_ref(), *asked)
        })
        .collect_view();
    let others = columns
        .holders
        .iter()
        .map(|holder| {
            let shown = row.others.iter().find(|(who, _)| who == holder).map(|(_, shown)| shown);
            copy_view(desk, row, &holder.whereabouts(), *holder, shown, *asked)
        })
        .collect_view();
    let copy = (columns.serving == Serving::Named)
        .then(|| view! { <td class="copy" title=keeper.to_string()>{short_name(keeper)}</td> });
    view! {
        <tr class=if *selected { "selected" } else { "" } aria-rowindex=(place + 2).to_string()>
            <th scope="row">{name}</th>
            <td class="number" title=row.truth.clone()>{row.truth.clone()}</td>
            {copy}
            {copies}
            {others}
        </tr>
    }
    .into_any()
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

fn copy_view(
    desk: Desk,
    row: &LedgerRow,
    place: &str,
    holder: Holder,
    shown: Option<&Shown>,
    asked: Option<Holder>,
) -> AnyView {
    let Some(shown) = shown else {
        return view! { <td class="number none"><span aria-hidden="true">"–"</span><span class="heard">"not kept here"</span></td> }.into_any();
    };
    let (class, told) = look(shown.freshness);
    let spot = Spot { cell: row.cell, holder };
    let name = format!("{}{place}: {}{told}. Why?", row.label, shown.text);
    let pressed = (asked == Some(holder)).to_string();
    view! {
        <td class=class>
            <button type="button" class="cell" title=shown.text.clone() aria-label=name aria-pressed=pressed on:click=move |_| desk.ask(spot)>
                {shown.text.clone()}
            </button>
        </td>
    }
    .into_any()
}
