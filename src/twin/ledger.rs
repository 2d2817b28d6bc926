//! The ledgers of both runs, cell by cell: what is true, what A shows and what B shows.

use leptos::html::Div;
use leptos::prelude::*;
use sim::shop::money::grouped;
use sim::view::holders::Spot;
use sim::view::twin::{TwinLedger, TwinRow, TwinSide};
use sim::view::words::plural;

use crate::desk::Desk;
use crate::ledger::cells::{figure, look, short_name};
use crate::ledger::table::{first_row, spacer};
use crate::session::twin::Side;
use crate::snapshot::Selection;

/// A row as it is drawn. What does not change in it is not drawn anew, so that it keeps the focus.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Drawn {
    selected: bool,
    asked: Option<Side>,
    row: TwinRow,
}

/// The table with its heading, search and switch.
pub fn view(desk: Desk) -> AnyView {
    let twin = desk.twin;
    let scroller: NodeRef<Div> = NodeRef::new();
    let to_top = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    let rows = move || {
        let (selection, asked, side) = (desk.selection.get(), desk.asked.get(), twin.asked.get());
        let drawn = |row: &TwinRow| {
            let of = row.spot.cell.row().map(|(of, _)| of);
            let selected = selection.is_some_and(|one| Some(one.of) == of);
            let asked = (asked == Some(row.spot)).then_some(side);
            Drawn { selected, asked, row: row.clone() }
        };
        twin.ledger.with(|ledger| ledger.rows.iter().map(drawn).collect::<Vec<_>>())
    };
    let search = move |event: leptos::ev::Targeted<leptos::ev::Event, web_sys::HtmlInputElement>| {
        let wanted = event.target().value().trim().to_owned();
        desk.compare(|query| (query.search, query.from) = (wanted, 0));
        to_top();
    };
    let differences = move |_| {
        desk.compare(|query| (query.differences_only, query.from) = (!query.differences_only, 0));
        to_top();
    };
    let scroll = move |_| {
        let from = first_row(desk, scroller);
        if twin.query.with_untracked(|query| query.from != from) {
            desk.compare(|query| query.from = from);
        }
    };
    let above = move || twin.ledger.with(|ledger| ledger.before);
    let below = move || twin.ledger.with(|ledger| ledger.total.saturating_sub(ledger.before + ledger.rows.len()));
    view! {
        <section class="ledger twin-ledger" aria-label="Ledger">
            <div class="overline">
                <h2>"Ledger, A beside B"</h2>
                <label class="switch">
                    <span>"only differences"</span>
                    <input type="checkbox" prop:checked=move || twin.query.with(|query| query.differences_only) on:change=differences />
                </label>
            </div>
            <div class="ledger-tools">
                <input class="text" type="search" placeholder="Find: O-3, status, paid" aria-label="Find in both ledgers" on:input:target=search />
            </div>
            <p class="limit" role="status">{move || twin.ledger.with(|ledger| summary(ledger, twin.query.with(|query| query.differences_only)))}</p>
            <div class="ledger-scroll" tabindex="0" role="region" aria-label="What A and B show" node_ref=scroller on:scroll=scroll>
                <table aria-rowcount=move || (twin.ledger.with(|ledger| ledger.total) + 1).to_string()>
                    <thead>
                        <tr>
                            <th scope="col">"cell"</th>
                            <th scope="col" class="number">"truth"</th>
                            <th scope="col" class="number">"A"</th>
                            <th scope="col" class="sign"><span class="heard">"differs?"</span></th>
                            <th scope="col" class="number">"B"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {spacer(desk, 5, above)}
                        <For each=rows key=Drawn::clone children=move |drawn| row_view(desk, &drawn) />
                        {spacer(desk, 5, below)}
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// How many cells differ, in words.
fn summary(ledger: &TwinLedger, only: bool) -> String {
    match (ledger.differing, only) {
        (0, true) => "No cell differs between A and B at this moment.".to_owned(),
        (1, true) => "1 cell differs between A and B".to_owned(),
        (differing, true) => format!("{} differ between A and B", plural(differing, "cell")),
        (differing, false) => format!("{} of {} differ", grouped(differing as u64), plural(ledger.total, "cell")),
    }
}

fn row_view(desk: Desk, drawn: &Drawn) -> AnyView {
    let Drawn { selected, asked, row } = drawn;
    let (cell, whose) = (row.spot.cell, row.spot.holder.whereabouts());
    let copy = short_name(cell.reader());
    let (name, title) = match cell.row() {
        Some((of, _)) => {
            let name = format!("{of} {}{whose}", cell.field());
            let press = move |_| desk.select(Selection { of, event: None });
            let title = format!("{} in the {}{whose}", cell.label(), cell.reader());
            let name =
                view! { <button type="button" class="cell-name" title=title.clone() on:click=press>{name}</button> };
            (name.into_any(), title)
        }
        None => (view! { <span>{row.label.clone()}</span> }.into_any(), format!("{} in the {copy}", row.label)),
    };
    let truth = match (row.common_truth(), &row.values.a, &row.values.b) {
        (Some(truth), ..) => truth.to_owned(),
        (None, Some(a), Some(b)) => format!("{} | {}", a.truth, b.truth),
        _ => String::new(),
    };
    // Rows come and go above it, and it is the same row all the same.
    let spot = row.spot;
    let number = move || {
        let place = |ledger: &TwinLedger| Some(ledger.before + ledger.rows.iter().position(|row| row.spot == spot)?);
        desk.twin.ledger.with(|ledger| place(ledger)).map(|place| (place + 2).to_string())
    };
    let (sign, told) = if row.differs { ("≠", "differs") } else { ("=", "the same") };
    view! {
        <tr class=if *selected { "selected" } else { "" } class:differs=row.differs aria-rowindex=number title=title>
            <th scope="row">{name}</th>
            <td class=figure("number", &truth) title=truth.clone()>{truth.clone()}</td>
            {value(desk, row.spot, &row.label, Side::A, row.values.a.as_ref(), *asked)}
            <td class="sign"><span aria-hidden="true">{sign}</span><span class="heard">{told}</span></td>
            {value(desk, row.spot, &row.label, Side::B, row.values.b.as_ref(), *asked)}
        </tr>
    }
    .into_any()
}

fn value(desk: Desk, spot: Spot, label: &str, side: Side, value: Option<&TwinSide>, asked: Option<Side>) -> AnyView {
    let Some(value) = value else {
        return view! { <td class="number none"><span aria-hidden="true">"–"</span><span class="heard">"not there"</span></td> }.into_any();
    };
    let (class, told) = look(value.shown.freshness);
    let name = format!("{label} in {}: {}{told}. Why?", side.letter(), value.shown.text);
    let pressed = (asked == Some(side)).to_string();
    view! {
        <td class=figure(class, &value.shown.text)>
            <button type="button" class="cell" title=value.shown.text.clone() aria-label=name aria-pressed=pressed on:click=move |_| desk.ask_in(side, spot)>
                {value.shown.text.clone()}
            </button>
        </td>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{TwinLedger, summary};

    #[test]
    fn it_is_said_how_much_differs() {
        let ledger = |differing, total| TwinLedger { differing, total, ..TwinLedger::default() };
        assert_eq!(summary(&ledger(0, 0), true), "No cell differs between A and B at this moment.");
        assert_eq!(summary(&ledger(1, 1), true), "1 cell differs between A and B");
        assert_eq!(summary(&ledger(3, 1_204), false), "3 of 1,204 cells differ");
    }
}
