//! The truth beside every copy of it, cell by cell: read models and replicas.

pub use crate::oracle::judgement::{CustomerField, Freshness, OrderField, ProductField, SalesField};
use crate::oracle::judgement::{Judged, Value};
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CustomerId, OrderId, ProductId};
use crate::shop::money::Cents;
use crate::system::options::CatalogueProduct;
use crate::system::place::{Model, Reader, Replica};

use super::further_cells::{fields, further_cells};
use super::holders::{Holder, others};
pub use super::ledger_query::{LedgerQuery, Sort, ledger};

/// A window on the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The rows shown.
    pub rows: Vec<LedgerRow>,
    /// Everybody who holds cells of read models besides the versions that serve, whichever rows are shown.
    pub holders: Vec<Holder>,
    /// How many rows come before them.
    pub before: usize,
    /// How many rows the question has for an answer in all.
    pub total: usize,
    /// How many orders, products and customers they are about.
    pub shown: usize,
    /// What the question matches in all.
    pub matching: Matching,
}

/// How many things a question to the ledger matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// Orders.
    pub orders: usize,
    /// Products.
    pub products: usize,
    /// Customers.
    pub customers: usize,
}

impl Matching {
    /// Counts one more.
    pub const fn count(&mut self, of: Aggregate) {
        let counted = match of {
            Aggregate::Order(_) => &mut self.orders,
            Aggregate::Product(_) => &mut self.products,
            Aggregate::Customer(_) => &mut self.customers,
        };
        *counted += 1;
    }
}

/// One cell and its copies.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct LedgerRow {
    /// Which cell.
    pub cell: Cell,
    /// Its name, such as `O-3 quantity`.
    pub label: String,
    /// What is true.
    pub truth: String,
    /// What each copy shows; `None` where one does not hold this cell.
    pub copies: Vec<(Reader, Option<Shown>)>,
    /// What everybody else shows who holds it: another version of its read model, read replicas, and edges.
    pub others: Vec<(Holder, Shown)>,
}

/// What a copy shows in a cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shown {
    /// The value as text; `absent` when there is no row yet.
    pub text: String,
    /// How it stands to the truth.
    pub freshness: Freshness,
}

/// The name of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// A figure of the sales dashboard.
    Sales(SalesField),
    /// A field of one order in the order view.
    Order(OrderId, OrderField),
    /// A field of one product in the product replica.
    Product(ProductId, ProductField),
    /// A field of one customer in the customer replica.
    Customer(CustomerId, CustomerField),
    /// A field of a row in a read model, by its number among [the model's fields](fields).
    Of {
        /// The read model.
        model: Model,
        /// What the row is about.
        of: Aggregate,
        /// Which field, from 0.
        field: usize,
    },
}

impl Cell {
    /// Its name, such as `O-3 quantity`.
    pub fn label(self) -> String {
        match self {
            Self::Sales(field) => sales_name(field).to_owned(),
            Self::Order(order, field) => format!("{order} {}", order_name(field)),
            Self::Product(product, field) => format!("{product} {}", product_name(field)),
            Self::Customer(customer, field) => format!("{customer} {}", customer_name(field)),
            Self::Of { model: model @ Model::OrderView, of, field } => format!("{of} {}", field_name(model, field)),
            Self::Of { model, of, field } => format!("{of} {} in the {model}", field_name(model, field)),
        }
    }

    /// The copy that holds it.
    pub const fn reader(self) -> Reader {
        match self {
            Self::Sales(_) => Reader::Projection(Model::SalesDashboard),
            Self::Order(..) => Reader::Projection(Model::OrderView),
            Self::Product(..) => Reader::Replica(Replica::Products),
            Self::Customer(..) => Reader::Replica(Replica::Customers),
            Self::Of { model, .. } => Reader::Projection(model),
        }
    }

    /// The aggregate that its row is about and the place of the cell in the row; `None` for the dashboard's figures.
    pub const fn row(self) -> Option<(Aggregate, usize)> {
        match self {
            Self::Sales(_) => None,
            Self::Order(order, field) => Some((Aggregate::Order(order), field as usize)),
            Self::Product(product, field) => Some((Aggregate::Product(product), field as usize)),
            Self::Customer(customer, field) => Some((Aggregate::Customer(customer), field as usize)),
            Self::Of { of, field, .. } => Some((of, field)),
        }
    }

    /// The cells of the row about an aggregate.
    pub fn of(aggregate: Aggregate) -> Vec<Self> {
        match aggregate {
            Aggregate::Order(order) => OrderField::ALL.map(|field| Self::Order(order, field)).into(),
            Aggregate::Product(product) => ProductField::ALL.map(|field| Self::Product(product, field)).into(),
            Aggregate::Customer(customer) => CustomerField::ALL.map(|field| Self::Customer(customer, field)).into(),
        }
    }

    /// What is true.
    pub fn truth(self, lab: &Lab) -> String {
        let text = |value: Option<Value>| value.map_or("absent".to_owned(), |value| value.to_string());
        match (self, self.row()) {
            (Self::Sales(field), _) => {
                let truth = lab.sales();
                sales_text(field, truth.orders, truth.units, truth.revenue, truth.delivered)
            }
            (_, Some((of, at))) => text(lab.true_cells(self.reader(), of).map(|cells| cells[at].clone())),
            (_, None) => String::new(),
        }
    }

    /// What its copy shows.
    pub fn shown(self, lab: &Lab) -> Shown {
        self.in_version(lab, lab.world().in_service(self.reader()))
    }

    /// What the copy of this reader shows.
    pub(super) fn in_version(self, lab: &Lab, reader: Reader) -> Shown {
        match (self, self.row()) {
            (Self::Sales(field), _) => {
                let sales = lab.figures(reader);
                let text = sales_text(field, sales.orders, sales.units, sales.revenue, sales.delivered);
                Shown { text, freshness: lab.watch(reader).sales.0[field as usize] }
            }
            (_, Some((of, at))) => {
                let value = lab.row_cells(reader, of).map(|cells| cells[at].clone());
                let text = value.map_or("absent".to_owned(), |value| value.to_string());
                Shown { text, freshness: judged(lab, reader, of).0[at] }
            }
            (_, None) => Shown { text: String::new(), freshness: Freshness::Fresh },
        }
    }

    /// How it stands to the truth.
    pub fn freshness(self, lab: &Lab) -> Freshness {
        match (self, self.row()) {
            (Self::Sales(field), _) => lab.model(Model::SalesDashboard).sales.0[field as usize],
            (_, Some((of, at))) => judged(lab, lab.world().in_service(self.reader()), of).0[at],
            (_, None) => Freshness::Fresh,
        }
    }

    /// The name of its field, such as `quantity`.
    pub fn field(self) -> &'static str {
        match self {
            Self::Sales(field) => sales_name(field),
            Self::Order(_, field) => order_name(field),
            Self::Product(_, field) => product_name(field),
            Self::Customer(_, field) => customer_name(field),
            Self::Of { model, field, .. } => field_name(model, field),
        }
    }

    pub(super) fn in_ledger(self, lab: &Lab, holders: &[Holder]) -> LedgerRow {
        // The saga keeps no copy of anything.
        let keepers = Reader::ALL.into_iter().filter(|reader| !matches!(reader, Reader::Saga | Reader::Second(_)));
        let copies = keepers.map(|reader| (reader, (reader == self.reader()).then(|| self.shown(lab)))).collect();
        let others = others(lab, self, holders);
        LedgerRow { cell: self, label: self.label(), truth: self.truth(lab), copies, others }
    }
}

fn field_name(model: Model, field: usize) -> &'static str {
    fields(model).get(field).copied().unwrap_or_default()
}

/// How the row of a copy stands.
pub(super) fn judged(lab: &Lab, reader: Reader, of: Aggregate) -> Judged {
    match (reader.keeps(), of) {
        (Some(Model::ProductStats), Aggregate::Product(product)) => lab.watch(reader).stats(product),
        _ => lab.watch(reader).judged(of),
    }
}

/// Every cell about an aggregate. What is not in the catalogue has no row in the replicas.
pub(super) fn cells_of(lab: &Lab, of: Aggregate) -> Vec<Cell> {
    let catalogue = &lab.world().options().workload.products;
    let is_known = of.order().is_some() || lab.world().has_owners() && !is_unknown(catalogue, of);
    let first = if is_known { Cell::of(of) } else { Vec::new() };
    first.into_iter().chain(further_cells(lab, of)).collect()
}

pub(super) fn is_unknown(catalogue: &[CatalogueProduct], of: Aggregate) -> bool {
    matches!(of, Aggregate::Product(product) if catalogue.iter().all(|item| item.product != product))
}

const fn sales_name(field: SalesField) -> &'static str {
    match field {
        SalesField::Orders => "orders",
        SalesField::Units => "units",
        SalesField::Revenue => "revenue",
        SalesField::Delivered => "delivered",
    }
}

const fn order_name(field: OrderField) -> &'static str {
    match field {
        OrderField::Customer => "customer",
        OrderField::Quantity => "quantity",
        OrderField::Total => "total",
        OrderField::Status => "status",
    }
}

const fn product_name(field: ProductField) -> &'static str {
    match field {
        ProductField::Price => "price",
        ProductField::Stock => "stock",
        ProductField::Availability => "availability",
    }
}

const fn customer_name(field: CustomerField) -> &'static str {
    match field {
        CustomerField::Status => "status",
        CustomerField::Membership => "membership",
        CustomerField::CreditLimit => "credit limit",
    }
}

fn sales_text(field: SalesField, orders: i64, units: i64, revenue: Cents, delivered: i64) -> String {
    match field {
        SalesField::Orders => Value::Count(orders),
        SalesField::Units => Value::Count(units),
        SalesField::Revenue => Value::Money(revenue),
        SalesField::Delivered => Value::Count(delivered),
    }
    .to_string()
}
