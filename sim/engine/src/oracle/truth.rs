//! The truth: committed events folded in commit order, by code that no projection and no replica shares.

use std::sync::Arc;

use crate::shop::customer::event::CustomerEvent;
use crate::shop::customer::membership::Membership;
use crate::shop::customer::rights::Rights;
use crate::shop::event::Event;
use crate::shop::ids::CustomerId;
use crate::shop::money::Cents;
use crate::shop::order::event::{Line, OrderEvent};
use crate::shop::order::status::Status;
use crate::shop::product::event::ProductEvent;

/// What is true of one order, as far as a read model could show it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct OrderTruth {
    /// Has it been placed?
    pub exists: bool,
    /// Who ordered.
    pub customer: Option<CustomerId>,
    /// How many units it holds.
    pub quantity: i64,
    /// What it costs.
    pub total: Cents,
    /// Where it stands.
    pub status: Status,
}

impl OrderTruth {
    /// Records one more event.
    pub fn record(&mut self, event: &OrderEvent) {
        let line_change = |line: &Line, sign: i64| (i64::from(line.quantity) * sign, line.total() * sign);
        match event {
            OrderEvent::OrderCreated { customer, lines, total } => {
                let quantity = lines.iter().map(|line| i64::from(line.quantity)).sum();
                *self =
                    Self { exists: true, customer: Some(*customer), quantity, total: *total, status: Status::Pending };
            }
            OrderEvent::ItemAdded { line } => self.change(line_change(line, 1)),
            OrderEvent::ItemRemoved { line } => self.change(line_change(line, -1)),
            OrderEvent::OrderCancelled { .. } => self.status = Status::Cancelled,
            OrderEvent::OrderConfirmed => self.status = Status::Confirmed,
            OrderEvent::OrderRejected { .. } => self.status = Status::Rejected,
            OrderEvent::OrderShipped => self.status = Status::Shipped,
            OrderEvent::OrderDelivered => self.status = Status::Delivered,
        }
    }

    fn change(&mut self, (units, amount): (i64, Cents)) {
        self.quantity += units;
        self.total += amount;
    }

    /// Does the order count in the shop's figures?
    pub const fn counts(&self) -> bool {
        self.exists && !matches!(self.status, Status::Cancelled | Status::Rejected)
    }
}

/// What is true of one product, as far as a copy could know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductTruth {
    /// Was it ever for sale?
    pub exists: bool,
    /// The price of one.
    pub price: Cents,
    /// How many there are.
    pub stock: u32,
    /// Is it for sale?
    pub available: bool,
    /// Its name.
    pub name: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
}

impl ProductTruth {
    fn record(&mut self, event: &ProductEvent) {
        match event {
            ProductEvent::ProductCreated { name, category, price, stock } => {
                let (name, category) = (Arc::clone(name), Arc::clone(category));
                *self = Self { exists: true, price: *price, stock: *stock, available: true, name, category };
            }
            ProductEvent::ProductPriceChanged { price } => self.price = *price,
            ProductEvent::InventoryUpdated { stock }
            | ProductEvent::StockReserved { stock, .. }
            | ProductEvent::StockReleased { stock, .. } => self.stock = *stock,
            ProductEvent::ProductDiscontinued => self.available = false,
            ProductEvent::StockReservationFailed { .. } => {}
            ProductEvent::ProductRenamed { name } => self.name = Arc::clone(name),
        }
    }
}

/// What is true of one customer, as far as a copy could know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CustomerTruth {
    /// Did somebody register?
    pub exists: bool,
    /// May the customer order?
    pub active: bool,
    /// On what terms.
    pub membership: Membership,
    /// How much a credit customer may owe.
    pub credit_limit: Cents,
    /// The name.
    pub name: Arc<str>,
    /// What the account may see of the order work queue, if anything.
    pub rights: Option<Rights>,
}

impl CustomerTruth {
    fn record(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::CustomerRegistered { name, membership, credit_limit } => {
                let (name, membership, credit_limit) = (Arc::clone(name), *membership, *credit_limit);
                *self = Self { exists: true, active: true, membership, credit_limit, name, rights: None };
            }
            CustomerEvent::CustomerSuspended => self.active = false,
            CustomerEvent::CustomerReactivated => self.active = true,
            CustomerEvent::MembershipChanged { membership } => self.membership = *membership,
            CustomerEvent::CreditLimitChanged { credit_limit } => self.credit_limit = *credit_limit,
            CustomerEvent::CustomerRenamed { name } => self.name = Arc::clone(name),
            CustomerEvent::RightsGranted { rights } => self.rights = Some(*rights),
            CustomerEvent::RightsRevoked => self.rights = None,
        }
    }
}

/// What is true of one aggregate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Of an order.
    Order(OrderTruth),
    /// Of a product.
    Product(ProductTruth),
    /// Of a customer.
    Customer(CustomerTruth),
}

/// Of an order that was not placed: what every table holds before anything is written.
impl Default for Truth {
    fn default() -> Self {
        Self::Order(OrderTruth::default())
    }
}

impl Truth {
    /// What is true after these events, oldest first.
    pub fn after<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut truth = Self::default();
        for event in events {
            truth.record(event);
        }
        truth
    }

    /// Records one more event.
    pub fn record(&mut self, event: &Event) {
        match (&mut *self, event) {
            (Self::Order(truth), Event::Order(event)) => truth.record(event),
            (Self::Product(truth), Event::Product(event)) => truth.record(event),
            (Self::Customer(truth), Event::Customer(event)) => truth.record(event),
            // The first event says what kind of aggregate it is.
            (_, Event::Order(event)) => *self = Self::Order(with(event, OrderTruth::record)),
            (_, Event::Product(event)) => *self = Self::Product(with(event, ProductTruth::record)),
            (_, Event::Customer(event)) => *self = Self::Customer(with(event, CustomerTruth::record)),
        }
    }

    /// What is true of an order; that it was not placed, if this is about something else.
    pub fn order(&self) -> OrderTruth {
        if let Self::Order(truth) = self { *truth } else { OrderTruth::default() }
    }
}

fn with<T: Default, E>(event: &E, record: impl Fn(&mut T, &E)) -> T {
    let mut truth = T::default();
    record(&mut truth, event);
    truth
}

/// What is true of the shop's figures: the sum over all orders of what each contributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SalesTruth {
    /// Orders placed and neither cancelled nor rejected.
    pub orders: i64,
    /// Units in them.
    pub units: i64,
    /// What they cost.
    pub revenue: Cents,
    /// Orders delivered.
    pub delivered: i64,
}

impl SalesTruth {
    /// What one order contributes.
    pub fn of(order: &OrderTruth) -> Self {
        if !order.counts() {
            return Self::default();
        }
        Self {
            orders: 1,
            units: order.quantity,
            revenue: order.total,
            delivered: i64::from(order.status == Status::Delivered),
        }
    }

    /// One order's contribution becomes another.
    pub fn replace(&mut self, old: &OrderTruth, new: &OrderTruth) {
        self.add_change(old, new, 1);
    }

    /// One order's contribution becomes another, so many times over.
    pub fn add_change(&mut self, old: &OrderTruth, new: &OrderTruth, times: i64) {
        let (old, new) = (Self::of(old), Self::of(new));
        self.orders += (new.orders - old.orders) * times;
        self.units += (new.units - old.units) * times;
        self.revenue += (new.revenue - old.revenue) * times;
        self.delivered += (new.delivered - old.delivered) * times;
    }
}
