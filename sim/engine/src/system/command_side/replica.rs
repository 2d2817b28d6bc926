//! The Order Service's command-side replicas [seed 000]: local, read-only copies of the few fields that it needs to decide
//! commands, fed by the owners' events alone. They serve no query.

use std::sync::Arc;

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::customer::membership::Membership;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{CustomerId, EventId, ProductId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::Line;
use crate::shop::product::event::ProductEvent;
use crate::system::consumer::target::{Applying, Target};
use crate::system::place::Replica;

use super::place_order::{CustomerFacts, Facts, ProductFacts};

/// A row of the product replica: six of the product's fields cross over, the rest stays with the owner.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ProductRow {
    /// Its name.
    pub name: Arc<str>,
    /// The price of one.
    pub price: Cents,
    /// How many there are.
    pub stock: u32,
    /// Is it for sale?
    pub available: bool,
    /// The book-keeping of the row.
    pub source: Source,
}

/// A row of the customer replica.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CustomerRow {
    /// May the customer order?
    pub active: bool,
    /// On what terms.
    pub membership: Membership,
    /// How much a credit customer may owe.
    pub credit_limit: Cents,
    /// The book-keeping of the row.
    pub source: Source,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// Is there a row at all?
    pub exists: bool,
    /// The owner's version up to which events were applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
    /// When the row was last written.
    pub last_updated_at: Micros,
}

impl Source {
    fn note(&mut self, applying: Applying<'_>) {
        self.exists = true;
        self.version = self.version.max(applying.recorded.version);
        self.last_event = Some(applying.event);
        self.last_updated_at = applying.now;
    }
}

/// A replica.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ReplicaTable {
    /// Of the products.
    Products(Pages<ProductRow>),
    /// Of the customers.
    Customers(Pages<CustomerRow>),
}

impl ReplicaTable {
    /// An empty replica.
    pub fn new(replica: Replica) -> Self {
        match replica {
            Replica::Products => Self::Products(Pages::default()),
            Replica::Customers => Self::Customers(Pages::default()),
        }
    }

    /// A product's row, if there is one.
    pub fn product(&self, product: ProductId) -> Option<&ProductRow> {
        match self {
            Self::Products(rows) => rows.get(product.index()).filter(|row| row.source.exists),
            Self::Customers(_) => None,
        }
    }

    /// A customer's row, if there is one.
    pub fn customer(&self, customer: CustomerId) -> Option<&CustomerRow> {
        match self {
            Self::Customers(rows) => rows.get(customer.index()).filter(|row| row.source.exists),
            Self::Products(_) => None,
        }
    }

    fn source(&self, of: Aggregate) -> Option<Source> {
        match of {
            Aggregate::Product(product) => self.product(product).map(|row| row.source),
            Aggregate::Customer(customer) => self.customer(customer).map(|row| row.source),
            Aggregate::Order(_) => None,
        }
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        match self {
            Self::Products(rows) => rows.iter().filter(|row| row.source.exists).count(),
            Self::Customers(rows) => rows.iter().filter(|row| row.source.exists).count(),
        }
    }
}

impl Target for ReplicaTable {
    fn row_version(&self, of: Aggregate) -> Version {
        self.source(of).map_or(0, |source| source.version)
    }

    fn last_event(&self, of: Aggregate) -> Option<EventId> {
        self.source(of).and_then(|source| source.last_event)
    }

    fn apply(&mut self, applying: Applying<'_>) -> bool {
        match (self, applying.recorded.of, &applying.recorded.event) {
            (Self::Products(rows), Aggregate::Product(product), Event::Product(event)) => {
                let row = rows.entry(product.index());
                let before = (row.source.exists, row.price, row.stock, row.available);
                row.put(event);
                row.source.note(applying);
                before != (true, row.price, row.stock, row.available)
            }
            (Self::Customers(rows), Aggregate::Customer(customer), Event::Customer(event)) => {
                let row = rows.entry(customer.index());
                let before = (row.source.exists, row.active, row.membership, row.credit_limit);
                row.put(event);
                row.source.note(applying);
                before != (true, row.active, row.membership, row.credit_limit)
            }
            _ => false,
        }
    }

    fn refold(&mut self, applying: Applying<'_>, history: &[(EventId, &Recorded)]) -> bool {
        match (&mut *self, applying.recorded.of) {
            (Self::Products(rows), Aggregate::Product(product)) => *rows.entry(product.index()) = ProductRow::default(),
            (Self::Customers(rows), Aggregate::Customer(customer)) => {
                *rows.entry(customer.index()) = CustomerRow::default();
            }
            _ => {}
        }
        let mut changed = false;
        for (event, recorded) in history {
            changed |= self.apply(Applying { event: *event, recorded, ..applying });
        }
        changed
    }
}

impl ProductRow {
    /// Every event says what is so afterwards, so to put it twice does no harm.
    fn put(&mut self, event: &ProductEvent) {
        match event {
            ProductEvent::ProductCreated { name, price, stock, .. } => {
                self.name = Arc::clone(name);
                self.price = *price;
                self.stock = *stock;
                self.available = true;
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

impl CustomerRow {
    fn put(&mut self, event: &CustomerEvent) {
        match event {
            CustomerEvent::CustomerRegistered { membership, credit_limit, .. } => {
                self.active = true;
                self.membership = *membership;
                self.credit_limit = *credit_limit;
            }
            CustomerEvent::CustomerSuspended => self.active = false,
            CustomerEvent::CustomerReactivated => self.active = true,
            CustomerEvent::MembershipChanged { membership } => self.membership = *membership,
            CustomerEvent::CreditLimitChanged { credit_limit } => self.credit_limit = *credit_limit,
            // Names and rights are not among the fields that cross over.
            CustomerEvent::CustomerRenamed { .. }
            | CustomerEvent::RightsGranted { .. }
            | CustomerEvent::RightsRevoked => {}
        }
    }
}

/// Both replicas, as the command handler reads them.
#[derive(Clone, Copy, Debug)]
pub struct Replicas<'a> {
    /// The product replica.
    pub products: &'a ReplicaTable,
    /// The customer replica.
    pub customers: &'a ReplicaTable,
}

impl Replicas<'_> {
    /// The first of these lines' products whose row is older than `bound`.
    pub fn older_than(&self, bound: Micros, lines: &[Line], now: Micros) -> Option<ProductId> {
        lines.iter().map(|line| line.product).find(|product| {
            self.products.product(*product).is_some_and(|row| now.since(row.source.last_updated_at) > bound)
        })
    }
}

impl Facts for Replicas<'_> {
    fn customer(&self, customer: CustomerId) -> Option<CustomerFacts> {
        self.customers.customer(customer).map(|row| CustomerFacts {
            active: row.active,
            membership: row.membership,
            credit_limit: row.credit_limit,
        })
    }

    fn product(&self, product: ProductId) -> Option<ProductFacts> {
        self.products.product(product).map(|row| ProductFacts {
            price: row.price,
            stock: row.stock,
            available: row.available,
        })
    }
}
