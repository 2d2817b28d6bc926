//! A small shop with two products and two customers, whose orders need other services' data.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::Scenario;
use sim::shop::customer::membership::Membership;
use sim::shop::ids::{CustomerId, ProductId};
use sim::shop::money::Cents;
use sim::system::options::{CatalogueCustomer, CatalogueProduct, DataAccess, Idempotency, Options};

/// Some busy orders for two products, of which there are `stock` each.
pub fn shop(seed: u64, stock: u32, access: DataAccess) -> Scenario {
    let mut options = Options::default();
    let workload = &mut options.workload;
    workload.orders = 40;
    workload.gap = Distribution::Exponential { mean: Micros::from_millis(250) };
    workload.think = Distribution::Lognormal { median: Micros::from_millis(2_000), p95: Micros::from_millis(4_000) };
    workload.products = vec![product(1, 4_999, stock), product(2, 1_999, stock)];
    workload.customers = vec![customer(100), customer(101)];
    options.order_service.data_access = access;
    options.replicas.products.idempotency = Idempotency::ProcessedEvents;
    options.replicas.customers.idempotency = Idempotency::ProcessedEvents;
    Scenario { name: "shop".to_owned(), seed, options, ..Scenario::default() }
}

/// The same shop with a saga whose links duplicate, lose and delay.
pub fn faulty_saga(seed: u64, stock: u32) -> Scenario {
    let mut scenario = shop(seed, stock, DataAccess::Replica);
    let saga = &mut scenario.options.saga;
    saga.enabled = true;
    saga.link.loss = Probability::from_percent(10);
    saga.link.duplicate = Probability::from_percent(10);
    saga.link.delay = Distribution::Exponential { mean: Micros::from_millis(300) };
    saga.retry_after = Micros::from_millis(700);
    saga.consumer.delivery.duplicate = Probability::from_percent(10);
    saga.consumer.delivery.loss = Probability::from_percent(5);
    saga.consumer.crash.between = Probability::from_percent(5);
    saga.consumer.service = Distribution::constant_millis(5);
    scenario
}

fn product(number: u32, cents: i64, stock: u32) -> CatalogueProduct {
    let name = format!("Product {number}");
    CatalogueProduct { product: ProductId(number), name, category: String::new(), price_cents: Cents(cents), stock }
}

fn customer(number: u32) -> CatalogueCustomer {
    let name = format!("Customer {number}");
    let membership = Membership::Standard;
    CatalogueCustomer { customer: CustomerId(number), name, membership, credit_limit_cents: Cents(0) }
}
