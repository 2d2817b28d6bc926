//! Pages: a list is answered a part at a time, from a place that the client names [seed 004].
//!
//! A page token names the last row seen, so that rows which come, go or move elsewhere shift nothing. An offset counts rows,
//! so that a row which comes or goes before it makes the next page repeat one or leave one out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::question::Query;
use super::row::{Key, Row};

/// How a client goes from page to page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Paging {
    /// By a token that names the last row of the page before.
    #[default]
    Keyset,
    /// By the number of rows before the page.
    Offset,
}

/// Where a page begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Start {
    /// At the top.
    Top,
    /// After this place: what a page token says.
    After(Key),
    /// After this many rows.
    Skip(u32),
}

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Part {
    /// Where it begins.
    pub start: Start,
    /// The most rows.
    pub size: u16,
    /// What the next part is to be named by.
    pub paging: Paging,
}

/// A part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// Where the next page begins, if there is one.
    pub next: Option<Start>,
}

impl Part {
    /// The first part of a list.
    pub const fn first(size: u16, paging: Paging) -> Self {
        Self { start: Start::Top, size, paging }
    }
}

/// What belongs into the answer, in the order asked for.
pub fn select(query: &Query, mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| query.selects(row));
    rows.sort_by_cached_key(|row| row.key(query));
    rows
}

/// Cuts a page out of what was selected.
pub fn cut(query: &Query, part: &Part, mut rows: Vec<Row>) -> Page {
    let from = match &part.start {
        Start::Top => 0,
        Start::After(key) => rows.partition_point(|row| row.key(query) <= *key),
        Start::Skip(skipped) => (*skipped as usize).min(rows.len()),
    };
    let size = if query.exports() { rows.len() } else { part.size.into() };
    let to = (from + size).min(rows.len());
    let more = to < rows.len();
    rows.truncate(to);
    rows.drain(..from);
    let next = rows.last().filter(|_| more).map(|last| match part.paging {
        Paging::Keyset => Start::After(last.key(query)),
        Paging::Offset => Start::Skip(u32::try_from(to).unwrap_or(u32::MAX)),
    });
    Page { rows, next }
}

#[cfg(test)]
mod tests {
    use super::{Page, Paging, Part, Query, Row, Start, cut, select};
    use crate::shop::ids::OrderId;
    use crate::shop::money::Cents;
    use crate::shop::order::status::Status;
    use crate::system::queries::question::OrderSort;
    use crate::system::queries::row::Fields;

    fn order(number: u32, cents: i64) -> Row {
        let fields = Fields::Order { customer: None, status: Status::Pending, quantity: 1, total: Cents(cents) };
        Row { of: OrderId(number).into(), version: 1, fields }
    }

    fn numbers(page: &Page) -> Vec<u32> {
        page.rows.iter().map(|row| row.of.number()).collect()
    }

    fn dearest() -> Query {
        Query::Orders { status: None, customer: None, sort: OrderSort::Total }
    }

    fn page(start: Start, paging: Paging, rows: &[Row]) -> Page {
        let query = dearest();
        cut(&query, &Part { start, size: 2, paging }, select(&query, rows.to_vec()))
    }

    #[test]
    fn equals_are_given_by_number() {
        let rows = [order(4, 100), order(2, 300), order(3, 100), order(1, 100)];
        assert_eq!(numbers(&page(Start::Top, Paging::Keyset, &rows)), [2, 1]);
        assert_eq!(numbers(&page(Start::Skip(2), Paging::Offset, &rows)), [3, 4]);
    }

    #[test]
    fn a_row_that_comes_first_shifts_an_offset_and_no_token() {
        let before = [order(1, 300), order(2, 200), order(3, 100)];
        let mut after = before.to_vec();
        after.push(order(4, 400));
        let next = |paging| page(Start::Top, paging, &before).next.expect("there is more");
        assert_eq!(numbers(&page(next(Paging::Keyset), Paging::Keyset, &after)), [3]);
        assert_eq!(numbers(&page(next(Paging::Offset), Paging::Offset, &after)), [2, 3], "order 2 is repeated");
        assert_eq!(numbers(&page(next(Paging::Offset), Paging::Offset, &before[1..])), [0; 0], "order 3 is left out");
    }

    #[test]
    fn the_last_page_has_no_next() {
        let rows = [order(1, 300), order(2, 200)];
        assert_eq!(page(Start::Top, Paging::Keyset, &rows).next, None);
        assert_eq!(page(Start::Skip(9), Paging::Offset, &rows), Page::default());
    }
}
