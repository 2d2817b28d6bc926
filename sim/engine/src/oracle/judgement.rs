//! How a copy stands to the truth, cell by cell. A copy is a row of a read model or of a replica.

use core::fmt;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::membership::Membership;
use crate::shop::ids::{CustomerId, Version};
use crate::shop::money::{Cents, grouped};
use crate::shop::order::status::Status;
use crate::system::command_side::replica::{CustomerRow, ProductRow};
use crate::system::event_store::EventStore;
use crate::system::query_side::order_view::OrderRow;
use crate::system::query_side::sales_dashboard::Sales;

use super::truth::{SalesTruth, Truth};

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

/// The fields of the product replica that change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProductField {
    /// The price of one.
    Price,
    /// How many there are.
    Stock,
    /// Is it for sale?
    Availability,
}

impl ProductField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::Price, Self::Stock, Self::Availability];
}

/// The fields of the customer replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerField {
    /// May the customer order?
    Status,
    /// On what terms.
    Membership,
    /// How much a credit customer may owe.
    CreditLimit,
}

impl CustomerField {
    /// Every field.
    pub const ALL: [Self; 3] = [Self::Status, Self::Membership, Self::CreditLimit];
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

/// One value of a cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A customer, if it is known which.
    Customer(Option<CustomerId>),
    /// A number of things.
    Count(i64),
    /// An amount.
    Money(Cents),
    /// The state of an order.
    Status(Status),
    /// The terms of a customer.
    Membership(Membership),
    /// Is it so? With the words for yes and no.
    Flag(bool, &'static str, &'static str),
    /// A name; empty while it is not known.
    Text(Arc<str>),
    /// A moment, if it is known which.
    Moment(Option<Micros>),
    /// One of several, such as `team 3`.
    Numbered(&'static str, u32),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Customer(Some(customer)) => customer.fmt(f),
            Self::Customer(None) => f.write_str("unknown"),
            Self::Count(count) => {
                let sign = if *count < 0 { "-" } else { "" };
                write!(f, "{sign}{}", grouped(count.unsigned_abs()))
            }
            Self::Money(amount) => amount.fmt(f),
            Self::Status(status) => status.fmt(f),
            Self::Membership(membership) => membership.fmt(f),
            Self::Flag(true, yes, _) => f.write_str(yes),
            Self::Flag(false, _, no) => f.write_str(no),
            Self::Text(text) if text.is_empty() => f.write_str("unknown"),
            Self::Text(text) => f.write_str(text),
            Self::Moment(Some(at)) => at.fmt(f),
            Self::Moment(None) => f.write_str("unknown"),
            Self::Numbered(noun, n) => write!(f, "{noun} {n}"),
        }
    }
}

/// The most cells that a row has. Rows with fewer fill up with spare ones, which are always the same.
pub const CELLS: usize = 6;

/// What a reader sees of a row: nothing at all, or its cells.
pub type Cells = Option<[Value; CELLS]>;

const SPARE: Value = Value::Count(0);

/// The freshness of cells that belong together: a row's, or the dashboard's figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Judged(pub [Freshness; CELLS]);

impl Judged {
    /// The worst of them.
    pub fn worst(self) -> Freshness {
        self.0.into_iter().max().unwrap_or_default()
    }
}

/// What a row of the order view shows.
pub fn order_cells(row: Option<&OrderRow>) -> Cells {
    row.map(|row| {
        let (quantity, total) = (Value::Count(row.quantity), Value::Money(row.total));
        [Value::Customer(row.customer), quantity, total, Value::Status(row.status), SPARE, SPARE]
    })
}

/// What a row of the product replica shows. The name never changes, so three cells are compared and one is spare.
pub fn product_cells(row: Option<&ProductRow>) -> Cells {
    row.map(|row| product(row.price, row.stock, row.available))
}

/// What a row of the customer replica shows.
pub fn customer_cells(row: Option<&CustomerRow>) -> Cells {
    row.map(|row| customer(row.active, row.membership, row.credit_limit))
}

fn product(price: Cents, stock: u32, available: bool) -> [Value; CELLS] {
    let available = Value::Flag(available, "for sale", "discontinued");
    [Value::Money(price), Value::Count(i64::from(stock)), available, SPARE, SPARE, SPARE]
}

fn customer(active: bool, membership: Membership, credit_limit: Cents) -> [Value; CELLS] {
    let active = Value::Flag(active, "active", "suspended");
    [active, Value::Membership(membership), Value::Money(credit_limit), SPARE, SPARE, SPARE]
}

/// What a row that tells the truth would show.
pub fn true_cells(truth: &Truth) -> Cells {
    match truth {
        Truth::Order(order) => order.exists.then_some([
            Value::Customer(order.customer),
            Value::Count(order.quantity),
            Value::Money(order.total),
            Value::Status(order.status),
            SPARE,
            SPARE,
        ]),
        Truth::Product(truth) => truth.exists.then(|| product(truth.price, truth.stock, truth.available)),
        Truth::Customer(truth) => truth.exists.then(|| customer(truth.active, truth.membership, truth.credit_limit)),
    }
}

/// What was true of an aggregate at one of its versions.
pub fn truth_at(store: &EventStore, of: Aggregate, version: Version) -> Truth {
    let stream = store.stream(of);
    Truth::after(stream.iter().map(|(_, committed)| &committed.recorded.event).take(version as usize))
}

/// Judges a row, given what it would show if it told the truth of now, and that of where it stands.
pub fn judge_cells(shown: &Cells, now: &Cells, there: impl FnOnce() -> Cells) -> Judged {
    if shown == now {
        return Judged::default();
    }
    let there = there();
    // A cell of a row that is not there is a value of its own kind: `None`, unlike any other.
    Judged(core::array::from_fn(|at| {
        let shown = shown.as_ref().map(|cells| &cells[at]);
        let now = now.as_ref().map(|cells| &cells[at]);
        Freshness::of(&shown, &now, &there.as_ref().map(|cells| &cells[at]))
    }))
}

/// Judges the dashboard, given what is true now and what was true of every order where the dashboard stands with it.
pub fn judge_sales(shown: &Sales, now: &SalesTruth, there: &SalesTruth) -> Judged {
    Judged([
        Freshness::of(&shown.orders, &now.orders, &there.orders),
        Freshness::of(&shown.units, &now.units, &there.units),
        Freshness::of(&shown.revenue, &now.revenue, &there.revenue),
        Freshness::of(&shown.delivered, &now.delivered, &there.delivered),
        Freshness::Fresh,
        Freshness::Fresh,
    ])
}
