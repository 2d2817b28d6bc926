//! Two versions of a read model compared before a switch: counts, checksums, and row by row [seeds 001, 004]. It compares what
//! readers see, not the book-keeping beside it.

use core::hash::Hash;
use std::collections::BTreeSet;

use crate::kernel::digest::Digest;
use crate::shop::aggregate::Aggregate;
use crate::system::versions::Difference;

use super::read_model::ReadModel;

/// The most cells that a row has.
const CELLS: usize = 6;

/// What the comparison of two versions has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// How many rows each has.
    pub rows: (u32, u32),
    /// Are the checksums of all rows the same?
    pub same_checksum: bool,
    /// Each differing row, by what it is about (none for a model that is one row), and the first place where it differs.
    pub differing: Vec<(Option<Aggregate>, Difference)>,
}

impl Comparison {
    /// Compares the version that serves with the one beside it.
    pub fn of(serving: &ReadModel, beside: &ReadModel) -> Self {
        Self::among(serving, beside, |_| true)
    }

    /// Compares those rows of the two that are wanted.
    pub fn among(serving: &ReadModel, beside: &ReadModel, wanted: impl Fn(Option<Aggregate>) -> bool) -> Self {
        let [ours, theirs] = [serving.keys(), beside.keys()].map(|mut keys| {
            keys.retain(|key| wanted(*key));
            keys
        });
        let every: BTreeSet<Option<Aggregate>> = ours.iter().chain(&theirs).copied().collect();
        let differing = every.into_iter().filter_map(|key| {
            let difference = match (serving.digests(key), beside.digests(key)) {
                (Some(_), None) => Difference::OnlyServing,
                (None, Some(_)) => Difference::OnlyBeside,
                (Some(one), Some(other)) => Difference::Cell(first_difference(&one, &other)?),
                (None, None) => return None,
            };
            Some((key, difference))
        });
        Self {
            rows: (count(&ours), count(&theirs)),
            same_checksum: checksum(serving, &ours) == checksum(beside, &theirs),
            differing: differing.collect(),
        }
    }

    /// Is there no difference?
    pub const fn is_equal(&self) -> bool {
        self.same_checksum && self.differing.is_empty()
    }
}

fn first_difference(one: &[u64; CELLS], other: &[u64; CELLS]) -> Option<u8> {
    (0_u8..).zip(one.iter().zip(other)).find(|(_, (one, other))| one != other).map(|(cell, _)| cell)
}

fn count(keys: &[Option<Aggregate>]) -> u32 {
    u32::try_from(keys.len()).unwrap_or(u32::MAX)
}

fn checksum(model: &ReadModel, keys: &[Option<Aggregate>]) -> u64 {
    let rows: Vec<_> = keys.iter().map(|key| (*key, model.digests(*key))).collect();
    Digest::of(&rows)
}

fn of(value: &impl Hash) -> u64 {
    Digest::of(value)
}

impl ReadModel {
    /// What its rows are about, in order; the dashboard is one row about nothing in particular.
    pub fn keys(&self) -> Vec<Option<Aggregate>> {
        let mut keys: Vec<Option<Aggregate>> = match self {
            Self::OrderView(view) => view.orders().map(|order| Some(order.into())).collect(),
            Self::SalesDashboard(_) => vec![None],
            Self::CustomerOrderHistory(history) => history.orders().map(|order| Some(order.into())).collect(),
            Self::ProductSearch(search) => search.products().map(|product| Some(product.into())).collect(),
            Self::ProductStats(stats) => {
                stats.best_sellers().iter().map(|(product, _)| Some((*product).into())).collect()
            }
            Self::OrderWorkQueue(queue) => queue.orders().map(|order| Some(order.into())).collect(),
        };
        keys.sort_unstable();
        keys
    }

    /// A digest of each cell of a row as a reader sees it; none if there is no such row.
    pub fn digests(&self, key: Option<Aggregate>) -> Option<[u64; CELLS]> {
        match (self, key) {
            (Self::OrderView(view), Some(Aggregate::Order(order))) => view.row(order).map(|row| {
                let names = [of(&&*row.customer_name), of(&&*row.product_names)];
                [of(&row.customer), of(&row.quantity), of(&row.total), of(&row.status), names[0], names[1]]
            }),
            (Self::SalesDashboard(dashboard), None) => {
                let sales = dashboard.sales();
                Some([of(&sales.orders), of(&sales.units), of(&sales.revenue), of(&sales.delivered), 0, 0])
            }
            (Self::CustomerOrderHistory(history), Some(Aggregate::Order(order))) => history
                .order(order)
                .map(|row| [of(&row.customer), of(&row.placed_at), of(&row.total), of(&row.status), 0, 0]),
            (Self::ProductSearch(search), Some(Aggregate::Product(product))) => search.product(product).map(|row| {
                let words = [of(&&*row.name), of(&&*row.category)];
                [words[0], words[1], of(&row.price), of(&row.stock), of(&row.available), 0]
            }),
            (Self::ProductStats(stats), Some(Aggregate::Product(product))) => {
                let stats = stats.product(product);
                Some([of(&stats.purchases), of(&stats.units), 0, 0, 0, 0])
            }
            (Self::OrderWorkQueue(queue), Some(Aggregate::Order(order))) => queue
                .work(order)
                .map(|work| [of(&work.team), of(&work.tenant), of(&work.sensitive), of(&work.due), 0, 0]),
            _ => None,
        }
    }
}
