//! A query that a person is about to ask: which kind, in whose session, and with which filters.

use sim::kernel::time::Micros;
use sim::shop::fulfilment::{TEAMS, TENANTS};
use sim::shop::ids::{CustomerId, OrderId};
use sim::shop::order::status::Status;
use sim::system::options::{PAGE_SIZE, ScriptedQuery};
use sim::system::place::Model;
use sim::system::queries::question::{OrderSort, ProductSort, Query};
use sim::view::sending::Domain;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One order.
    Order,
    /// One order's page.
    Page,
    /// Orders.
    Orders,
    /// A customer's orders.
    History,
    /// Products for sale.
    Products,
    /// Orders that wait to be shipped.
    Work,
    /// All of these.
    Export,
}

/// A part of a query that a person chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Which order.
    Order,
    /// Whose orders, if not everybody's.
    Customer,
    /// Those that stand here, if not all.
    Status,
    /// Words.
    Text,
    /// Only what is in stock.
    InStock,
    /// Which team's, if not every team's.
    Team,
    /// Which tenant's, if not every tenant's.
    Tenant,
    /// In which order.
    OrderSort,
    /// In which order products are given.
    ProductSort,
}

/// Where an order can stand.
pub const STATUSES: [Status; 6] =
    [Status::Pending, Status::Confirmed, Status::Rejected, Status::Cancelled, Status::Shipped, Status::Delivered];
/// The orders in which orders can be given, with their names.
pub const ORDER_SORTS: [(OrderSort, &str); 3] =
    [(OrderSort::Number, "by number"), (OrderSort::Total, "the dearest first"), (OrderSort::Status, "by status")];
/// The orders in which products can be given, with their names.
pub const PRODUCT_SORTS: [(ProductSort, &str); 3] =
    [(ProductSort::Number, "by number"), (ProductSort::Price, "the cheapest first"), (ProductSort::Name, "by name")];

impl Kind {
    /// Everything that can be asked of the read models that there are.
    pub fn of(domain: &Domain) -> Vec<Self> {
        let all = [Self::Order, Self::Page, Self::Orders, Self::History, Self::Products, Self::Work, Self::Export];
        all.into_iter().filter(|kind| domain.models.contains(&kind.model())).collect()
    }

    const fn model(self) -> Model {
        match self {
            Self::Order | Self::Page | Self::Orders => Model::OrderView,
            Self::History => Model::CustomerOrderHistory,
            Self::Products => Model::ProductSearch,
            Self::Work | Self::Export => Model::OrderWorkQueue,
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "One order",
            Self::Page => "The page of an order",
            Self::Orders => "A list of orders",
            Self::History => "A customer's history",
            Self::Products => "Products for sale",
            Self::Work => "Orders to be shipped",
            Self::Export => "All orders to be shipped",
        }
    }

    /// What is to be chosen for it.
    pub const fn choices(self) -> &'static [Choice] {
        match self {
            Self::Order | Self::Page => &[Choice::Order],
            Self::Orders => &[Choice::Status, Choice::Customer, Choice::OrderSort],
            // Whose history is whose session.
            Self::History => &[],
            Self::Products => &[Choice::Text, Choice::InStock, Choice::ProductSort],
            Self::Work => &[Choice::Team, Choice::Tenant],
            Self::Export => &[Choice::Tenant],
        }
    }
}

/// A query with its values, as they are in the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Which kind.
    pub kind: Kind,
    /// In whose session.
    pub by: CustomerId,
    /// The order.
    pub order: OrderId,
    /// The customer whose orders are wanted, if not everybody's.
    pub customer: Option<CustomerId>,
    /// Where they stand, if that matters.
    pub status: Option<Status>,
    /// The words.
    pub text: String,
    /// Only what is in stock?
    pub in_stock: bool,
    /// The team, if that matters.
    pub team: Option<u32>,
    /// The tenant, if that matters.
    pub tenant: Option<u32>,
    /// In which order orders are given.
    pub order_sort: OrderSort,
    /// In which order products are given.
    pub product_sort: ProductSort,
}

impl Question {
    /// The first question of a kind; about the newest order, or the first where there is none yet.
    pub fn new(kind: Kind, domain: &Domain) -> Self {
        Self {
            kind,
            by: domain.customers.first().map(|one| one.0).unwrap_or_default(),
            order: domain.orders.first().copied().unwrap_or(domain.next_order),
            customer: None,
            status: None,
            text: String::new(),
            in_stock: false,
            team: None,
            tenant: None,
            order_sort: OrderSort::Number,
            product_sort: ProductSort::Number,
        }
    }

    /// The query itself, as one that is asked at this moment.
    pub fn line(&self, at: Micros) -> ScriptedQuery {
        let Self { order, customer, status, team, tenant, .. } = *self;
        let ask = match self.kind {
            Kind::Order => Query::Order { order },
            Kind::Page => Query::Page { order },
            Kind::Orders => Query::Orders { status, customer, sort: self.order_sort },
            Kind::History => Query::History { customer: self.by },
            Kind::Products => Query::Products {
                text: self.text.clone(),
                category: None,
                price_min_cents: None,
                price_max_cents: None,
                in_stock: self.in_stock,
                sort: self.product_sort,
            },
            Kind::Work => Query::Work { team, tenant, sensitive: None },
            Kind::Export => Query::Export { tenant },
        };
        ScriptedQuery { at, by: self.by, ask, size: PAGE_SIZE }
    }
}

/// What a list of numbers from 1 offers: every one, and before them all together.
pub fn numbers(choice: Choice) -> (&'static str, &'static str, u32) {
    match choice {
        Choice::Team => ("Team", "every team", TEAMS),
        _ => ("Tenant", "every tenant", TENANTS),
    }
}

#[cfg(test)]
mod tests {
    use super::{Domain, Kind, Micros, Model, OrderId, Query, Question};

    #[test]
    fn only_models_that_are_there_can_be_asked() {
        let domain = Domain { models: vec![Model::OrderView], ..Domain::default() };
        assert_eq!(Kind::of(&domain), [Kind::Order, Kind::Page, Kind::Orders]);
    }

    #[test]
    fn the_newest_order_is_asked_for_first() {
        let domain = Domain { orders: vec![OrderId(7), OrderId(3)], ..Domain::default() };
        let line = Question::new(Kind::Order, &domain).line(Micros(5));
        assert_eq!((line.at, line.ask), (Micros(5), Query::Order { order: OrderId(7) }));
    }

    #[test]
    fn a_history_is_that_of_the_session() {
        let mut question = Question::new(Kind::History, &Domain::default());
        question.by = sim::shop::ids::CustomerId(9);
        assert_eq!(question.line(Micros(0)).ask, Query::History { customer: sim::shop::ids::CustomerId(9) });
    }
}
