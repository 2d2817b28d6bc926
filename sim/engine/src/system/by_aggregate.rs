//! A table with one row for each aggregate.

use crate::kernel::pages::Pages;
use crate::shop::aggregate::Aggregate;

use super::by_order::ByOrder;

/// Rows keyed by aggregate. Products and customers are numbered from 0; scenarios keep their numbers small.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByAggregate<T> {
    orders: ByOrder<T>,
    products: Pages<T>,
    customers: Pages<T>,
}

impl<T: Clone + Default> ByAggregate<T> {
    /// An empty table for orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { orders: ByOrder::from_order(first), products: Pages::default(), customers: Pages::default() }
    }

    /// The aggregate's row, if it was ever written or one with a higher number was.
    pub fn get(&self, of: Aggregate) -> Option<&T> {
        match of {
            Aggregate::Order(order) => self.orders.get(order),
            Aggregate::Product(product) => self.products.get(product.index()),
            Aggregate::Customer(customer) => self.customers.get(customer.index()),
        }
    }

    /// The aggregate's row, to be changed.
    pub fn entry(&mut self, of: Aggregate) -> &mut T {
        match of {
            Aggregate::Order(order) => self.orders.entry(order),
            Aggregate::Product(product) => self.products.entry(product.index()),
            Aggregate::Customer(customer) => self.customers.entry(customer.index()),
        }
    }
}
