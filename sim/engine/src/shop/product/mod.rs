//! The Product aggregate [seed 000]: the source of truth for price, stock and availability.

use std::sync::Arc;

use crate::kernel::few::Few;
use crate::shop::ids::{OrderId, Version};
use crate::shop::money::Cents;
use crate::shop::refusal::Refusal;

use self::command::ProductCommand;
use self::event::ProductEvent;

pub mod command;
pub mod event;

/// A product as the Product Service knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Product {
    /// How many events it has had; 0 means that it does not exist yet.
    pub version: Version,
    /// Its name.
    pub name: Arc<str>,
    /// Its category.
    pub category: Arc<str>,
    /// The price of one.
    pub price: Cents,
    /// How many are free.
    pub stock: u32,
    /// Is it off the market?
    pub discontinued: bool,
    /// What is set aside, by order.
    pub reserved: Few<OrderId, u32>,
}

impl Product {
    /// What happens if this command is carried out, or the rule that forbids it. `None`: it was carried out before, and
    /// doing it again changes nothing.
    ///
    /// # Errors
    /// The first rule that the command would break.
    pub fn decide(&self, command: &ProductCommand) -> Result<Option<ProductEvent>, Refusal> {
        if let ProductCommand::CreateProduct { name, category, price, stock } = command {
            return self.create(name, category, *price, *stock).map(Some);
        }
        if self.version == 0 {
            return Err(Refusal::NothingToChange);
        }
        match command {
            ProductCommand::ChangePrice { price } if price.0 <= 0 => Err(Refusal::NoPrice),
            ProductCommand::ChangePrice { price } => Ok(Some(ProductEvent::ProductPriceChanged { price: *price })),
            ProductCommand::AdjustInventory { by } => {
                let stock =
                    u32::try_from(i64::from(self.stock).saturating_add(*by)).map_err(|_| Refusal::NegativeStock)?;
                Ok(Some(ProductEvent::InventoryUpdated { stock }))
            }
            ProductCommand::DiscontinueProduct if self.discontinued => Err(Refusal::NothingToChange),
            ProductCommand::DiscontinueProduct => Ok(Some(ProductEvent::ProductDiscontinued)),
            ProductCommand::ReserveStock { order, quantity } => Ok(self.reserve(*order, *quantity)),
            ProductCommand::ReleaseStock { order } => Ok(self.release(*order)),
            ProductCommand::CreateProduct { .. } => Err(Refusal::ProductAlreadyExists),
            ProductCommand::RenameProduct { name } if *name == self.name => Err(Refusal::NothingToChange),
            ProductCommand::RenameProduct { name } => Ok(Some(ProductEvent::ProductRenamed { name: Arc::clone(name) })),
        }
    }

    fn create(&self, name: &Arc<str>, category: &Arc<str>, price: Cents, stock: u32) -> Result<ProductEvent, Refusal> {
        if self.version > 0 {
            return Err(Refusal::ProductAlreadyExists);
        }
        if price.0 <= 0 {
            return Err(Refusal::NoPrice);
        }
        let (name, category) = (Arc::clone(name), Arc::clone(category));
        Ok(ProductEvent::ProductCreated { name, category, price, stock })
    }

    /// The authoritative check: a replica may have been wrong. Asking again for the same order changes nothing.
    fn reserve(&self, order: OrderId, quantity: u32) -> Option<ProductEvent> {
        if self.reserved.get(&order).is_some() {
            return None;
        }
        let left = self.stock.checked_sub(quantity).filter(|_| !self.discontinued);
        Some(match left {
            Some(stock) => ProductEvent::StockReserved { order, quantity, stock },
            None => ProductEvent::StockReservationFailed { order, quantity, stock: self.stock },
        })
    }

    fn release(&self, order: OrderId) -> Option<ProductEvent> {
        let quantity = *self.reserved.get(&order)?;
        Some(ProductEvent::StockReleased { order, quantity, stock: self.stock.saturating_add(quantity) })
    }

    /// Records an event.
    pub fn apply(&mut self, event: &ProductEvent) {
        self.version += 1;
        match event {
            ProductEvent::ProductCreated { name, category, price, stock } => {
                self.name = Arc::clone(name);
                self.category = Arc::clone(category);
                self.price = *price;
                self.stock = *stock;
            }
            ProductEvent::ProductPriceChanged { price } => self.price = *price,
            ProductEvent::InventoryUpdated { stock } => self.stock = *stock,
            ProductEvent::ProductDiscontinued => self.discontinued = true,
            ProductEvent::StockReserved { order, quantity, stock } => {
                self.stock = *stock;
                *self.reserved.entry(*order) = *quantity;
            }
            ProductEvent::StockReservationFailed { .. } => {}
            ProductEvent::StockReleased { order, stock, .. } => {
                self.stock = *stock;
                self.reserved.remove(order);
            }
            ProductEvent::ProductRenamed { name } => self.name = Arc::clone(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cents, OrderId, Product, ProductCommand, ProductEvent, Refusal};

    fn created(stock: u32) -> ProductEvent {
        ProductEvent::ProductCreated { name: "Widget".into(), category: "Tools".into(), price: Cents(4_999), stock }
    }

    /// Given these events, when this command comes, then this is decided.
    #[track_caller]
    fn check(given: &[ProductEvent], when: &ProductCommand, then: Result<Option<ProductEvent>, Refusal>) {
        let mut product = Product::default();
        for event in given {
            product.apply(event);
        }
        assert_eq!(product.decide(when), then);
    }

    const ORDER: OrderId = OrderId(1);

    fn reserve(quantity: u32) -> ProductCommand {
        ProductCommand::ReserveStock { order: ORDER, quantity }
    }

    #[test]
    fn a_product_is_created_once_and_with_a_price() {
        let create = |price| ProductCommand::CreateProduct {
            name: "Widget".into(),
            category: "Tools".into(),
            price: Cents(price),
            stock: 5,
        };
        check(&[], &create(4_999), Ok(Some(created(5))));
        check(&[], &create(0), Err(Refusal::NoPrice));
        check(&[created(5)], &create(4_999), Err(Refusal::ProductAlreadyExists));
    }

    #[test]
    fn there_is_never_less_than_nothing() {
        let adjust = |by| ProductCommand::AdjustInventory { by };
        check(&[created(5)], &adjust(-5), Ok(Some(ProductEvent::InventoryUpdated { stock: 0 })));
        check(&[created(5)], &adjust(-6), Err(Refusal::NegativeStock));
    }

    #[test]
    fn stock_is_reserved_once_for_an_order() {
        let reserved = ProductEvent::StockReserved { order: ORDER, quantity: 2, stock: 3 };
        check(&[created(5)], &reserve(2), Ok(Some(reserved.clone())));
        check(&[created(5), reserved], &reserve(2), Ok(None));
    }

    #[test]
    fn what_is_not_there_can_not_be_reserved() {
        let failed = |stock| Ok(Some(ProductEvent::StockReservationFailed { order: ORDER, quantity: 2, stock }));
        check(&[created(1)], &reserve(2), failed(1));
        check(&[created(5), ProductEvent::ProductDiscontinued], &reserve(2), failed(5));
    }

    #[test]
    fn what_was_reserved_is_given_back_once() {
        let reserved = ProductEvent::StockReserved { order: ORDER, quantity: 2, stock: 3 };
        let released = ProductEvent::StockReleased { order: ORDER, quantity: 2, stock: 5 };
        let release = ProductCommand::ReleaseStock { order: ORDER };
        check(&[created(5), reserved.clone()], &release, Ok(Some(released.clone())));
        check(&[created(5), reserved, released], &release, Ok(None));
    }

    #[test]
    fn only_what_is_for_sale_can_change() {
        check(&[], &ProductCommand::ChangePrice { price: Cents(1) }, Err(Refusal::NothingToChange));
        check(&[created(1)], &ProductCommand::ChangePrice { price: Cents(0) }, Err(Refusal::NoPrice));
        let gone = [created(1), ProductEvent::ProductDiscontinued];
        check(&gone, &ProductCommand::DiscontinueProduct, Err(Refusal::NothingToChange));
    }

    #[test]
    fn a_product_gets_another_name_but_not_its_own() {
        let rename = |name: &str| ProductCommand::RenameProduct { name: name.into() };
        check(&[created(1)], &rename("Gadget"), Ok(Some(ProductEvent::ProductRenamed { name: "Gadget".into() })));
        check(&[created(1)], &rename("Widget"), Err(Refusal::NothingToChange));
        check(&[], &rename("Gadget"), Err(Refusal::NothingToChange));
    }
}
