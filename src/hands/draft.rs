//! A command that a person is about to send: what it asks for, of whom, and with which values.

use sim::kernel::time::Micros;
use sim::shop::aggregate::Aggregate;
use sim::shop::customer::membership::Membership;
use sim::shop::ids::{CustomerId, ProductId};
use sim::shop::money::Cents;
use sim::system::options::{Act, Item, Scripted};
use sim::view::sending::Domain;

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Place a new order.
    CreateOrder,
    /// Add a line to an order.
    AddItem,
    /// Take a line out.
    RemoveItem,
    /// Cancel an order.
    CancelOrder,
    /// Ship an order.
    ShipOrder,
    /// Deliver an order.
    DeliverOrder,
    /// Change the price of a product.
    ChangePrice,
    /// Add to a product's stock.
    AdjustInventory,
    /// Take a product off the market.
    DiscontinueProduct,
    /// Give a product another name.
    RenameProduct,
    /// Let a customer order no more.
    SuspendCustomer,
    /// Let a customer order again.
    ReactivateCustomer,
    /// Give a customer another membership.
    ChangeMembership,
    /// Let a customer owe more or less.
    ChangeCreditLimit,
    /// Give a customer another name.
    RenameCustomer,
}

/// To which part of the shop a command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A new order.
    NewOrder,
    /// An order that exists.
    Order,
    /// A product.
    Product,
    /// A customer.
    Customer,
}

/// A value that a command carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Who orders.
    Customer,
    /// Which product.
    Product,
    /// A whole number between two others: name, unit, least, most.
    Number(&'static str, &'static str, i64, i64),
    /// The membership.
    Membership,
    /// A name.
    Name,
}

const QUANTITY: Field = Field::Number("Quantity", "pieces", 0, 1_000_000);
const PRICE: Field = Field::Number("Price of one", "cents", 0, 100_000_000);
const LINE: Field = Field::Number("Line", "counted from 1", 1, 16);
const PIECES: Field = Field::Number("Add to the stock", "pieces; negative takes away", -1_000_000, 1_000_000);
const LIMIT: Field = Field::Number("Credit limit", "cents", 0, 100_000_000);

impl Kind {
    /// Everything that can be asked for.
    pub const ALL: [Self; 15] = [
        Self::CreateOrder,
        Self::AddItem,
        Self::RemoveItem,
        Self::CancelOrder,
        Self::ShipOrder,
        Self::DeliverOrder,
        Self::ChangePrice,
        Self::AdjustInventory,
        Self::DiscontinueProduct,
        Self::RenameProduct,
        Self::SuspendCustomer,
        Self::ReactivateCustomer,
        Self::ChangeMembership,
        Self::ChangeCreditLimit,
        Self::RenameCustomer,
    ];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::CreateOrder => "Create order",
            Self::AddItem => "Add item",
            Self::RemoveItem => "Remove item",
            Self::CancelOrder => "Cancel order",
            Self::ShipOrder => "Ship order",
            Self::DeliverOrder => "Deliver order",
            Self::ChangePrice => "Change price",
            Self::AdjustInventory => "Adjust inventory",
            Self::DiscontinueProduct => "Discontinue product",
            Self::RenameProduct => "Rename product",
            Self::SuspendCustomer => "Suspend customer",
            Self::ReactivateCustomer => "Reactivate customer",
            Self::ChangeMembership => "Change membership",
            Self::ChangeCreditLimit => "Change credit limit",
            Self::RenameCustomer => "Rename customer",
        }
    }

    /// To whom it goes.
    pub const fn target(self) -> Target {
        match self {
            Self::CreateOrder => Target::NewOrder,
            Self::AddItem | Self::RemoveItem | Self::CancelOrder | Self::ShipOrder | Self::DeliverOrder => {
                Target::Order
            }
            Self::ChangePrice | Self::AdjustInventory | Self::DiscontinueProduct | Self::RenameProduct => {
                Target::Product
            }
            _ => Target::Customer,
        }
    }

    /// What it carries.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::CreateOrder => &[Field::Customer, Field::Product, QUANTITY, PRICE],
            Self::AddItem => &[Field::Product, QUANTITY, PRICE],
            Self::RemoveItem => &[LINE],
            Self::ChangePrice => &[PRICE],
            Self::AdjustInventory => &[PIECES],
            Self::ChangeMembership => &[Field::Membership],
            Self::ChangeCreditLimit => &[LIMIT],
            Self::RenameProduct | Self::RenameCustomer => &[Field::Name],
            _ => &[],
        }
    }
}

/// The command as it stands in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it asks for.
    pub kind: Kind,
    /// Its aggregate.
    pub to: Aggregate,
    /// Who orders.
    pub customer: CustomerId,
    /// Which product.
    pub product: ProductId,
    /// The number of each field that takes one, by the field's name.
    pub numbers: Vec<(&'static str, i64)>,
    /// The membership.
    pub membership: Membership,
    /// The name.
    pub name: String,
}

impl Draft {
    /// A command with the first of everything. `None` when there is nothing that it could go to.
    pub fn new(kind: Kind, domain: &Domain) -> Option<Self> {
        let product = domain.products.first()?;
        let customer = domain.customers.first()?.0;
        let to = *targets(kind, domain).first()?;
        let price = product.2.0;
        let numbers = vec![
            (name_of(QUANTITY), 1),
            (name_of(PRICE), price),
            (name_of(LINE), 1),
            (name_of(PIECES), 10),
            (name_of(LIMIT), 50_000),
        ];
        let name = "a new name".to_owned();
        Some(Self { kind, to, customer, product: product.0, numbers, membership: Membership::default(), name })
    }

    /// What stands in a field.
    pub fn number(&self, name: &str) -> i64 {
        self.numbers.iter().find(|(other, _)| *other == name).map_or(0, |(_, value)| *value)
    }

    /// Chooses a product; its price comes with it.
    pub fn product_is(&mut self, product: ProductId, price: Cents) {
        self.product = product;
        self.set_number(PRICE, price.0);
    }

    /// Puts a number into a field, no further than its range reaches.
    pub fn set_number(&mut self, field: Field, value: i64) {
        let Field::Number(name, _, least, most) = field else { return };
        if let Some(entry) = self.numbers.iter_mut().find(|(other, _)| *other == name) {
            entry.1 = value.clamp(least, most);
        }
    }

    /// The command. It is sent at `at`.
    pub fn command(&self, at: Micros) -> Scripted {
        Scripted::plain(at, self.to, self.act())
    }

    fn act(&self) -> Act {
        let whole = |field: Field| u32::try_from(self.number(name_of(field))).unwrap_or_default();
        let price = Cents(self.number(name_of(PRICE)));
        let item = Item { product: self.product, quantity: whole(QUANTITY), price_cents: price };
        match self.kind {
            Kind::CreateOrder => Act::CreateOrder { customer: self.customer, items: vec![item] },
            Kind::AddItem => Act::AddItem { item },
            Kind::RemoveItem => Act::RemoveItem { line: u8::try_from(whole(LINE)).unwrap_or(u8::MAX) },
            Kind::CancelOrder => Act::CancelOrder,
            Kind::ShipOrder => Act::ShipOrder,
            Kind::DeliverOrder => Act::DeliverOrder,
            Kind::ChangePrice => Act::ChangePrice { price_cents: price },
            Kind::AdjustInventory => Act::AdjustInventory { by: self.number(name_of(PIECES)) },
            Kind::DiscontinueProduct => Act::DiscontinueProduct,
            Kind::RenameProduct => Act::RenameProduct { name: self.name.clone() },
            Kind::SuspendCustomer => Act::SuspendCustomer,
            Kind::ReactivateCustomer => Act::ReactivateCustomer,
            Kind::ChangeMembership => Act::ChangeMembership { membership: self.membership },
            Kind::ChangeCreditLimit => {
                Act::ChangeCreditLimit { credit_limit_cents: Cents(self.number(name_of(LIMIT))) }
            }
            Kind::RenameCustomer => Act::RenameCustomer { name: self.name.clone() },
        }
    }
}

const fn name_of(field: Field) -> &'static str {
    match field {
        Field::Number(name, ..) => name,
        Field::Customer | Field::Product | Field::Membership | Field::Name => "",
    }
}

/// Whom a command can go to, the likeliest first.
pub fn targets(kind: Kind, domain: &Domain) -> Vec<Aggregate> {
    match kind.target() {
        Target::NewOrder => vec![Aggregate::Order(domain.next_order)],
        Target::Order => domain.orders.iter().copied().map(Aggregate::Order).collect(),
        Target::Product => domain.products.iter().map(|(product, ..)| Aggregate::Product(*product)).collect(),
        Target::Customer => domain.customers.iter().map(|(customer, _)| Aggregate::Customer(*customer)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use sim::shop::ids::OrderId;

    use super::{Aggregate, Cents, CustomerId, Domain, Draft, Kind, Micros, PRICE, ProductId, QUANTITY, targets};

    fn domain() -> Domain {
        Domain {
            orders: vec![OrderId(4), OrderId(3)],
            next_order: OrderId(61),
            products: vec![(ProductId(7), "Mug".to_owned(), Cents(1_250))],
            customers: vec![(CustomerId(1), "Ada".to_owned())],
            categories: Vec::new(),
            models: Vec::new(),
        }
    }

    #[test]
    fn every_command_suits_whom_it_goes_to() {
        for kind in Kind::ALL {
            let draft = Draft::new(kind, &domain()).expect("there is somebody");
            let command = draft.command(Micros::ZERO);
            assert!(command.act.suits(command.to), "{kind:?}");
            assert_eq!(command.act.name(), kind.name().to_lowercase().replace(' ', "_"));
        }
    }

    #[test]
    fn a_number_stays_in_its_range() {
        let mut draft = Draft::new(Kind::CreateOrder, &domain()).expect("there is somebody");
        assert_eq!((draft.to, draft.number("Price of one")), (Aggregate::Order(OrderId(61)), 1_250));
        draft.set_number(QUANTITY, -4);
        draft.set_number(PRICE, i64::MAX);
        assert_eq!((draft.number("Quantity"), draft.number("Price of one")), (0, 100_000_000));
    }

    #[test]
    fn without_orders_none_can_be_shipped() {
        let empty = Domain { orders: Vec::new(), ..domain() };
        assert_eq!(Draft::new(Kind::ShipOrder, &empty), None);
        assert_eq!(targets(Kind::AddItem, &domain()).len(), 2);
    }
}
