//! The heads of the ledger's columns: each sorts, first one way, then the other, then not at all.

use leptos::prelude::*;
use sim::system::place::{Model, Reader};
use sim::view::ledger::{LedgerQuery, Sort};

use crate::desk::Desk;
use crate::kit::icon::Icon;

/// The columns behind the truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Columns {
    /// One for each of the two models that every run has.
    Models,
    /// The name of the copy and what it shows: where there are many, a column for each would be a thicket.
    Copy,
}

impl Columns {
    /// The heads of all columns: what is written there, how it sorts, and whether it is a column of values.
    pub fn heads(self) -> Vec<(&'static str, Sort, bool)> {
        let shown = |model| Sort::Shown(Some(Reader::Projection(model)));
        let mut heads = vec![("cell", Sort::Name, false), ("truth", Sort::Truth, true)];
        heads.extend(match self {
            Self::Models => {
                [("order view", shown(Model::OrderView), true), ("dashboard", shown(Model::SalesDashboard), true)]
            }
            Self::Copy => [("copy", Sort::Copy, false), ("shows", Sort::Shown(None), true)],
        });
        heads
    }
}

/// What pressing a head does to the question.
pub fn press(query: &mut LedgerQuery, sort: Sort) {
    match (query.sort == sort, query.descending) {
        (false, _) => (query.sort, query.descending) = (sort, false),
        (true, false) => query.descending = true,
        (true, true) => (query.sort, query.descending) = (Sort::Worst, false),
    }
    query.from = 0;
}

/// The row of heads.
pub fn view(desk: Desk, columns: Columns, reset: impl Fn() + Copy + Send + 'static) -> AnyView {
    let head = |(name, sort, number): (&'static str, Sort, bool)| {
        let sorted = move || desk.query.with(|query| (query.sort == sort).then_some(query.descending));
        let way = move || match sorted() {
            None => "none",
            Some(false) => "ascending",
            Some(true) => "descending",
        };
        let mark = move || sorted().map(|descending| if descending { Icon::Down.view() } else { Icon::Up.view() });
        let press = move |_| {
            desk.query(|query| press(query, sort));
            reset();
        };
        view! {
            <th scope="col" class=if number { "number" } else { "" } aria-sort=way>
                <button type="button" class="sorter" title=format!("Sort by {name}") on:click=press>{name}{mark}</button>
            </th>
        }
    };
    view! { <tr>{columns.heads().into_iter().map(head).collect_view()}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::{LedgerQuery, Sort, press};

    #[test]
    fn a_head_sorts_one_way_then_the_other_then_not_at_all() {
        let mut query = LedgerQuery { from: 40, ..LedgerQuery::default() };
        let mut pressed = || {
            press(&mut query, Sort::Truth);
            (query.sort, query.descending, query.from)
        };
        assert_eq!(pressed(), (Sort::Truth, false, 0));
        assert_eq!(pressed(), (Sort::Truth, true, 0));
        assert_eq!(pressed(), (Sort::Worst, false, 0));
    }
}
