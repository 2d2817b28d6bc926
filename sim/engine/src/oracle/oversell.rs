//! Invariant, *always*: no more of a product is sold than there was [seed 000, scenario 3].
//!
//! What there was is what came in less what was taken out, whatever is set aside of it. Under a saga an order has sold
//! something when it is confirmed; without one, when it was accepted. A cancelled or rejected order has sold nothing.

use crate::kernel::few::Few;
use crate::kernel::pages::Pages;
use crate::shop::ids::{OrderId, ProductId};
use crate::shop::order::event::OrderEvent;
use crate::shop::order::status::Status;
use crate::shop::product::event::ProductEvent;
use crate::system::by_order::ByOrder;

/// What there was of each product, and what was sold of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Oversell {
    products: Pages<Stock>,
    orders: ByOrder<Wanted>,
}

/// One product's figures, in units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Stock {
    /// Did the owner ever have it? Nothing is known of what only orders speak of.
    known: bool,
    /// What the last event said is free.
    free: i64,
    supply: i64,
    sold: i64,
}

/// What an order holds, and whether it counts as sold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Wanted {
    units: Few<ProductId, i64>,
    sold: bool,
}

impl Oversell {
    /// For orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { products: Pages::default(), orders: ByOrder::from_order(first) }
    }

    /// How many units there were of a product, and how many were sold.
    pub fn figures(&self, product: ProductId) -> (i64, i64) {
        self.products.get(product.index()).map_or((0, 0), |stock| (stock.supply, stock.sold))
    }

    /// An event of a product; true when by it more is sold than there was.
    pub fn product(&mut self, product: ProductId, event: &ProductEvent) -> bool {
        let stock = self.products.entry(product.index());
        let before = stock.missing();
        match event {
            ProductEvent::ProductCreated { stock: free, .. } => {
                stock.known = true;
                stock.supply += i64::from(*free);
                stock.free = i64::from(*free);
            }
            ProductEvent::InventoryUpdated { stock: free } => {
                stock.supply += i64::from(*free) - stock.free;
                stock.free = i64::from(*free);
            }
            ProductEvent::StockReserved { stock: free, .. } | ProductEvent::StockReleased { stock: free, .. } => {
                stock.free = i64::from(*free);
            }
            ProductEvent::ProductPriceChanged { .. }
            | ProductEvent::ProductDiscontinued
            | ProductEvent::ProductRenamed { .. }
            | ProductEvent::StockReservationFailed { .. } => {}
        }
        stock.missing() > before
    }

    /// An event of an order that stands at `status` with it; the products of which more is sold now than there was.
    pub fn order(&mut self, order: OrderId, event: &OrderEvent, status: Status, saga: bool) -> Vec<ProductId> {
        let mut wanted = self.orders.entry(order).clone();
        self.count(&wanted, -1);
        let add = |units: &mut Few<ProductId, i64>, product, by: i64| *units.entry(product) += by;
        match event {
            OrderEvent::OrderCreated { lines, .. } => {
                for line in lines.iter() {
                    add(&mut wanted.units, line.product, i64::from(line.quantity));
                }
            }
            OrderEvent::ItemAdded { line } => add(&mut wanted.units, line.product, i64::from(line.quantity)),
            OrderEvent::ItemRemoved { line } => add(&mut wanted.units, line.product, -i64::from(line.quantity)),
            _ => {}
        }
        wanted.sold = match status {
            Status::Cancelled | Status::Rejected => false,
            Status::Pending => !saga,
            Status::Confirmed | Status::Shipped | Status::Delivered => true,
        };
        let worse = self.count(&wanted, 1);
        *self.orders.entry(order) = wanted;
        worse
    }

    /// Adds an order to what is sold, or takes it out.
    fn count(&mut self, wanted: &Wanted, sign: i64) -> Vec<ProductId> {
        let mut worse = Vec::new();
        for (product, units) in wanted.units.iter().filter(|_| wanted.sold) {
            let stock = self.products.entry(product.index());
            stock.sold += sign * units;
            if sign > 0 && stock.known && stock.missing() > 0 {
                worse.push(*product);
            }
        }
        worse
    }
}

impl Stock {
    fn missing(&self) -> i64 {
        (self.sold - self.supply).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{OrderEvent, OrderId, Oversell, ProductEvent, ProductId, Status};
    use crate::shop::ids::CustomerId;
    use crate::shop::money::Cents;
    use crate::shop::order::event::Line;

    const PRODUCT: ProductId = ProductId(1);

    fn shop(stock: u32) -> Oversell {
        let mut oversell = Oversell::from_order(1);
        let (name, category): (std::sync::Arc<str>, _) = ("Widget".into(), "Tools".into());
        let created = ProductEvent::ProductCreated { name, category, price: Cents(1_000), stock };
        assert!(!oversell.product(PRODUCT, &created));
        oversell
    }

    fn placed(quantity: u32) -> OrderEvent {
        let line = Line { number: 1, product: PRODUCT, quantity, price: Cents(1_000) };
        OrderEvent::OrderCreated { customer: CustomerId(1), lines: [line].into(), total: line.total() }
    }

    #[test]
    fn without_a_saga_an_accepted_order_has_sold() {
        let mut shop = shop(3);
        assert_eq!(shop.order(OrderId(1), &placed(2), Status::Pending, false), []);
        assert_eq!(shop.order(OrderId(2), &placed(2), Status::Pending, false), [PRODUCT]);
        let cancelled = OrderEvent::OrderCancelled { units: 2, total: Cents(2_000) };
        assert_eq!(shop.order(OrderId(1), &cancelled, Status::Cancelled, false), []);
        assert_eq!(shop.figures(PRODUCT), (3, 2));
    }

    #[test]
    fn under_a_saga_a_confirmed_order_has_sold() {
        let mut shop = shop(3);
        for order in [1, 2] {
            assert_eq!(shop.order(OrderId(order), &placed(2), Status::Pending, true), []);
        }
        assert!(!shop.product(PRODUCT, &ProductEvent::StockReserved { order: OrderId(1), quantity: 2, stock: 1 }));
        assert_eq!(shop.order(OrderId(1), &OrderEvent::OrderConfirmed, Status::Confirmed, true), []);
        assert_eq!(shop.order(OrderId(1), &OrderEvent::OrderShipped, Status::Shipped, true), []);
        assert_eq!(shop.order(OrderId(2), &OrderEvent::OrderConfirmed, Status::Confirmed, true), [PRODUCT]);
    }

    #[test]
    fn goods_that_are_taken_out_can_be_missing() {
        let mut shop = shop(3);
        shop.order(OrderId(1), &placed(2), Status::Pending, false);
        assert!(shop.product(PRODUCT, &ProductEvent::InventoryUpdated { stock: 1 }));
    }
}
