//! What readers who go from page to page get to see: rows that stood where they stood on every page should be shown exactly once.
//! A row that comes, goes or moves meanwhile may be seen, or not; nobody can promise that.

use std::collections::BTreeMap;

use crate::shop::aggregate::Aggregate;
use crate::system::queries::message::Reply;
use crate::system::queries::question::Query;
use crate::system::queries::row::{Key, Row};

/// The oracle's notes on every walk.
#[derive(Clone, Debug, Default)]
pub struct Walks {
    walks: BTreeMap<u32, Walk>,
}

#[derive(Clone, Debug)]
struct Walk {
    /// The rows that have stood at the same place whenever a page was read.
    unmoved: BTreeMap<Aggregate, Key>,
    /// How often each row was shown.
    shown: BTreeMap<Aggregate, u16>,
}

/// What a walk has come to: unmoved rows that were shown more than once, and that were not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WalkEnd {
    /// Shown more than once.
    pub repeated: u16,
    /// Not shown.
    pub skipped: u16,
}

impl Walks {
    /// A page was read out of this list. A walk with a page of which that is not known is not judged.
    pub fn page_read(&mut self, walk: u32, query: &Query, list: Option<&[Row]>) {
        let list = list.unwrap_or_default();
        let places: BTreeMap<Aggregate, Key> = list.iter().map(|row| (row.of, row.key(query))).collect();
        match self.walks.get_mut(&walk) {
            Some(walk) => walk.unmoved.retain(|of, key| places.get(of) == Some(&*key)),
            None => drop(self.walks.insert(walk, Walk { unmoved: places, shown: BTreeMap::new() })),
        }
    }

    /// A page has come; what the walk has come to if it was the last.
    pub fn page_shown(&mut self, walk: u32, reply: &Reply) -> Option<WalkEnd> {
        let notes = self.walks.get_mut(&walk)?;
        for row in &reply.page.rows {
            *notes.shown.entry(row.of).or_default() += 1;
        }
        if reply.page.next.is_some() {
            return None;
        }
        let notes = self.walks.remove(&walk)?;
        let times = |of: &Aggregate| notes.shown.get(of).copied().unwrap_or(0);
        let count = |wanted: fn(u16) -> bool| {
            u16::try_from(notes.unmoved.keys().filter(|of| wanted(times(of))).count()).unwrap_or(u16::MAX)
        };
        Some(WalkEnd { repeated: count(|times| times > 1), skipped: count(|times| times == 0) })
    }
}
