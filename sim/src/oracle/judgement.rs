//! How a read model stands to the truth, cell by cell.

use crate::shop::ids::{CustomerId, OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::status::Status;
use crate::system::event_store::EventStore;
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::sales_dashboard::Sales;

use super::truth::{OrderTruth, SalesTruth};

/// How a value stands to the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Freshness {
    /// It is true now.
    #[default]
    Fresh,
    /// It was true at the position that the row has reached.
    Stale,
    /// It was not true at the position that the row has reached, nor is it now.
    Wrong,
}

impl Freshness {
    /// How `shown` stands, given what is true `now` and what was true where the row stands.
    pub fn of<T: PartialEq>(shown: &T, now: &T, there: &T) -> Self {
        if shown == now {
            Self::Fresh
        } else if shown == there {
            Self::Stale
        } else {
            Self::Wrong
        }
    }
}

/// The fields of the order view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderField {
    /// Who ordered.
    Customer,
    /// How many units in all.
    Quantity,
    /// What they cost in all.
    Total,
    /// Where the order stands.
    Status,
}

impl OrderField {
    /// Every field.
    pub const ALL: [Self; 4] = [Self::Customer, Self::Quantity, Self::Total, Self::Status];
}

/// The figures of the sales dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SalesField {
    /// Orders placed and not cancelled.
    Orders,
    /// Units in them.
    Units,
    /// What they cost in all.
    Revenue,
    /// Orders delivered.
    Delivered,
}

impl SalesField {
    /// Every figure.
    pub const ALL: [Self; 4] = [Self::Orders, Self::Units, Self::Revenue, Self::Delivered];
}

/// The freshness of four cells that belong together: an order's fields or the dashboard's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Judged(pub [Freshness; 4]);

impl Judged {
    /// The worst of the four.
    pub fn worst(self) -> Freshness {
        self.0.into_iter().max().unwrap_or_default()
    }

    /// The judgement of one field of an order.
    pub const fn order_field(self, field: OrderField) -> Freshness {
        self.0[field as usize]
    }

    /// The judgement of one figure.
    pub const fn sales_field(self, field: SalesField) -> Freshness {
        self.0[field as usize]
    }
}

/// What a reader sees of an order: nothing at all, or its four fields.
pub type OrderCells = Option<Fields>;

/// Customer, quantity, total and status.
pub type Fields = (Option<CustomerId>, i64, Cents, Status);

/// What a row shows.
pub fn shown_of(row: Option<&OrderRow>) -> OrderCells {
    row.map(|row| (row.customer, row.quantity, row.total, row.status))
}

/// What a row that tells the truth would show.
pub fn true_of(truth: &OrderTruth) -> OrderCells {
    truth.exists.then_some((truth.customer, truth.quantity, truth.total, truth.status))
}

/// What was true of an order at one of its versions.
pub fn order_at(store: &EventStore, order: OrderId, version: Version) -> OrderTruth {
    let stream = store.stream(order);
    OrderTruth::after(stream.iter().map(|(_, committed)| &committed.recorded.event).take(version as usize))
}

/// Judges an order's row that has reached `version`.
pub fn judge_order(
    row: Option<&OrderRow>,
    truth: &OrderTruth,
    version: Version,
    order: OrderId,
    store: &EventStore,
) -> Judged {
    let (shown, now) = (shown_of(row), true_of(truth));
    if shown == now {
        return Judged::default();
    }
    let there = true_of(&order_at(store, order, version));
    // A cell of a row that is not there is a cell of its own kind: `None`, unlike any value.
    let cell = |field: fn(&Fields) -> FieldValue| {
        Freshness::of(&shown.as_ref().map(field), &now.as_ref().map(field), &there.as_ref().map(field))
    };
    Judged([
        cell(|cells| FieldValue::Customer(cells.0)),
        cell(|cells| FieldValue::Number(cells.1)),
        cell(|cells| FieldValue::Number(cells.2.0)),
        cell(|cells| FieldValue::Status(cells.3)),
    ])
}

#[derive(PartialEq)]
enum FieldValue {
    Customer(Option<CustomerId>),
    Number(i64),
    Status(Status),
}

/// Judges the dashboard, given what is true now and what was true of every order where the dashboard stands with it.
pub fn judge_sales(shown: &Sales, now: &SalesTruth, there: &SalesTruth) -> Judged {
    Judged([
        Freshness::of(&shown.orders, &now.orders, &there.orders),
        Freshness::of(&shown.units, &now.units, &there.units),
        Freshness::of(&shown.revenue, &now.revenue, &there.revenue),
        Freshness::of(&shown.delivered, &now.delivered, &there.delivered),
    ])
}
