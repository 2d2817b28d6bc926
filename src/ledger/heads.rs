//! The heads of the ledger's columns: each sorts, first one way, then the other, then not at all.

use std::sync::Arc;

use leptos::prelude::*;
use sim::system::place::{Model, Reader};
use sim::view::holders::Holder;
use sim::view::ledger::{LedgerQuery, Sort};

use super::cells::Room;
use crate::desk::Desk;
use crate::kit::icon::Icon;

/// The columns behind the truth.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Columns {
    /// What serves.
    pub serving: Serving,
    /// One for each who holds cells of read models besides.
    pub holders: Arc<[Holder]>,
}

/// The columns of what serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Serving {
    /// One for each of the two models that every run has.
    Models,
    /// One for both of them, since no cell is in both: others who hold cells need the room.
    Either,
    /// The name of the copy and what it shows: where there are many, a column for each would be a thicket.
    Named,
}

impl Columns {
    /// The heads of all columns: what is written there, how it sorts, and whether it is a column of values.
    pub fn heads(&self) -> Vec<(String, Sort, bool)> {
        let shown = |model| Sort::Shown(Some(Reader::Projection(model)));
        let serving: &[(&str, Sort, bool)] = match self.serving {
            Serving::Models => {
                &[("order view", shown(Model::OrderView), true), ("dashboard", shown(Model::SalesDashboard), true)]
            }
            Serving::Either => &[("model", Sort::Shown(None), true)],
            Serving::Named => &[("copy", Sort::Copy, false), ("shows", Sort::Shown(None), true)],
        };
        let mut heads = vec![("cell".to_owned(), Sort::Name, false), ("truth".to_owned(), Sort::Truth, true)];
        heads.extend(serving.iter().map(|(name, sort, number)| ((*name).to_owned(), *sort, *number)));
        heads.extend(self.holders.iter().map(|holder| (short(*holder), Sort::Held(*holder), true)));
        heads
    }

    /// How much room there is for what each holder shows: nothing may be wider than the column that the ledger is in.
    pub fn room(&self) -> Room {
        let fitting = if self.serving == Serving::Named { 1 } else { 3 };
        if self.holders.len() > fitting { Room::Sign } else { Room::Value }
    }

    /// The head of the same column where there is room for a sign only.
    fn initial(&self, sort: Sort) -> Option<String> {
        match sort {
            Sort::Held(holder) if self.room() == Room::Sign => Some(initial(holder)),
            _ => None,
        }
    }
}

/// Who holds a cell, in two letters.
fn initial(holder: Holder) -> String {
    match holder {
        Holder::Replica(number) => format!("R{number}"),
        Holder::Edge(edge) => format!("E{}", edge.0),
        Holder::Serving | Holder::Version(_) => short(holder),
    }
}

/// Who holds a cell, in the few letters that a head has room for.
pub fn short(holder: Holder) -> String {
    match holder {
        Holder::Version(number) => format!("v{number}"),
        Holder::Replica(number) => format!("replica {number}"),
        Holder::Serving | Holder::Edge(_) => holder.to_string(),
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
pub fn view(desk: Desk, columns: &Columns, reset: impl Fn() + Copy + Send + 'static) -> AnyView {
    let head = |(name, sort, number): (String, Sort, bool)| {
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
        let initial = columns.initial(sort);
        let spoken = initial.is_some().then(|| name.clone());
        let (title, written) = (format!("Sort by {name}"), initial.clone().unwrap_or(name));
        let class = match (number, initial.is_some()) {
            (_, true) => "number sign",
            (true, false) => "number",
            (false, false) => "",
        };
        view! {
            <th scope="col" class=class aria-sort=way>
                <button type="button" class="sorter" title=title aria-label=spoken on:click=press>
                    {written}{mark}
                </button>
            </th>
        }
    };
    view! { <tr>{columns.heads().into_iter().map(head).collect_view()}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use sim::system::edges::edge_id::EdgeId;

    use super::{Columns, Holder, LedgerQuery, Room, Serving, Sort, press};

    #[test]
    fn whoever_else_holds_cells_has_a_column_behind_what_serves() {
        let holders = [Holder::Version(2), Holder::Replica(1), Holder::Edge(EdgeId(3))];
        let names = |serving, holders: &[Holder]| {
            let columns = Columns { serving, holders: holders.into() };
            columns.heads().into_iter().map(|(name, ..)| name).collect::<Vec<String>>().join(", ")
        };
        assert_eq!(names(Serving::Models, &[]), "cell, truth, order view, dashboard");
        assert_eq!(names(Serving::Either, &holders), "cell, truth, model, v2, replica 1, edge 3");
        assert_eq!(names(Serving::Named, &holders[..1]), "cell, truth, copy, shows, v2");
    }

    #[test]
    fn many_holders_have_room_for_a_sign_each() {
        let columns =
            |serving, edges: u8| Columns { serving, holders: (1..=edges).map(|n| Holder::Edge(EdgeId(n))).collect() };
        assert_eq!(columns(Serving::Either, 3).room(), Room::Value);
        assert_eq!(columns(Serving::Either, 4).room(), Room::Sign);
        let many = columns(Serving::Named, 2);
        assert_eq!(many.initial(Sort::Held(Holder::Edge(EdgeId(2)))).as_deref(), Some("E2"));
        assert_eq!(many.initial(Sort::Truth), None);
    }

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
