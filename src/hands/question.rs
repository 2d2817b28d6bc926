//! A query that a person is about to ask: which kind, in whose session, and with which filters.

use sim::kernel::time::Micros;
use sim::shop::fulfilment::{TEAMS, TENANTS};
use sim::shop::ids::{CustomerId, OrderId};
use sim::shop::money::Cents;
use sim::shop::order::status::Status;
use sim::system::options::{Contract, PAGE_SIZE, ScriptedQuery, TooOld};
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
    /// Only one category, if not every category.
    Category,
    /// Only what costs this much at least, and at most.
    Prices,
    /// Only what needs care, or only what does not.
    Sensitive,
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

/// What may be promised of an answer, with names. The bound is a beginning: it can be chosen.
pub const CONTRACTS: [(Contract, &str); 8] = [
    (Contract::Eventual, "whatever is there, at once"),
    (Contract::ReadAfterWrite, "own writes: it waits for them"),
    (Contract::Pending, "own writes, or it says that they are pending"),
    (Contract::CatchUpToken { wait: Micros::ZERO }, "own writes, or told to ask again"),
    (Contract::BoundedStaleness { bound: BOUND, otherwise: TooOld::Refuse }, "not too old, or refused"),
    (Contract::BoundedStaleness { bound: BOUND, otherwise: TooOld::Wait }, "not too old: it waits"),
    (Contract::BoundedStaleness { bound: BOUND, otherwise: TooOld::Redirect }, "not too old, or from the write side"),
    (Contract::CommandSideRead, "from the write side, for one order"),
];
const BOUND: Micros = Micros::from_millis(500);
/// The highest price that can be asked for, in cents.
pub const PRICE_MAX: u64 = 100_000_000;
/// The longest bound, in milliseconds.
pub const BOUND_MAX: u64 = 3_600_000;

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
            Self::Products => &[Choice::Text, Choice::Category, Choice::Prices, Choice::InStock, Choice::ProductSort],
            Self::Work => &[Choice::Team, Choice::Tenant, Choice::Sensitive],
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
    /// The category, if that matters.
    pub category: Option<String>,
    /// The lowest and the highest price, in cents, as far as they matter.
    pub prices: [Option<u64>; 2],
    /// Only what needs care, or only what does not, if that matters.
    pub sensitive: Option<bool>,
    /// The team, if that matters.
    pub team: Option<u32>,
    /// The tenant, if that matters.
    pub tenant: Option<u32>,
    /// In which order orders are given.
    pub order_sort: OrderSort,
    /// In which order products are given.
    pub product_sort: ProductSort,
    /// What is to be promised of the answer, if not what everybody is promised.
    pub contract: Option<Contract>,
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
            category: None,
            prices: [None; 2],
            sensitive: None,
            team: None,
            tenant: None,
            order_sort: OrderSort::Number,
            product_sort: ProductSort::Number,
            contract: None,
        }
    }

    /// How old the answer may be, in milliseconds, where that is what is promised.
    pub fn bound_ms(&self) -> Option<u64> {
        match self.contract {
            Some(Contract::BoundedStaleness { bound, .. }) => Some(bound.as_millis()),
            _ => None,
        }
    }

    /// Chooses how old the answer may be, where that is what is promised.
    pub fn bound_is(&mut self, millis: u64) {
        if let Some(Contract::BoundedStaleness { bound, .. }) = &mut self.contract {
            *bound = Micros::from_millis(millis.min(BOUND_MAX));
        }
    }

    /// The query itself, as one that is asked at this moment.
    pub fn line(&self, at: Micros) -> ScriptedQuery {
        let Self { order, customer, status, team, tenant, sensitive, contract, .. } = *self;
        let [least, most] = self.prices.map(|cents| cents.and_then(|cents| i64::try_from(cents).ok()).map(Cents));
        let ask = match self.kind {
            Kind::Order => Query::Order { order },
            Kind::Page => Query::Page { order },
            Kind::Orders => Query::Orders { status, customer, sort: self.order_sort },
            Kind::History => Query::History { customer: self.by },
            Kind::Products => Query::Products {
                text: self.text.clone(),
                category: self.category.clone(),
                price_min_cents: least,
                price_max_cents: most,
                in_stock: self.in_stock,
                sort: self.product_sort,
            },
            Kind::Work => Query::Work { team, tenant, sensitive },
            Kind::Export => Query::Export { tenant },
        };
        ScriptedQuery { at, by: self.by, ask, size: PAGE_SIZE, contract }
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
    use super::{CONTRACTS, Cents, Contract, Domain, Kind, Micros, Model, OrderId, Query, Question, TooOld};

    #[test]
    fn only_models_that_are_there_can_be_asked() {
        let domain = Domain { models: vec![Model::OrderView], ..Domain::default() };
        assert_eq!(Kind::of(&domain), [Kind::Order, Kind::Page, Kind::Orders]);
    }

    #[test]
    fn filters_and_what_is_promised_are_part_of_the_question() {
        let mut question = Question::new(Kind::Products, &Domain::default());
        question.category = Some("Garden".to_owned());
        question.prices = [Some(100), Some(2_500)];
        let line = question.line(Micros::ZERO);
        assert_eq!(line.contract, None, "as the shop promises everybody");
        let Query::Products { category, price_min_cents, price_max_cents, .. } = line.ask else { panic!("products") };
        assert_eq!(
            (category.as_deref(), price_min_cents, price_max_cents),
            (Some("Garden"), Some(Cents(100)), Some(Cents(2_500)))
        );
        question.bound_is(70);
        assert_eq!(question.bound_ms(), None, "nothing is bounded");
        question.contract = Some(CONTRACTS[4].0);
        question.bound_is(70);
        let bound = Micros::from_millis(70);
        let contract = Contract::BoundedStaleness { bound, otherwise: TooOld::Refuse };
        assert_eq!(question.line(Micros::ZERO).contract, Some(contract));
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
