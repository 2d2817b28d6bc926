//! The runs that are measured.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::Scenario;
use sim::shop::customer::membership::Membership;
use sim::shop::ids::{CustomerId, ProductId};
use sim::shop::money::Cents;
use sim::system::options::{
    BackOffice, Broker, CatalogueCustomer, CatalogueProduct, Checkpoint, Consumer, Crash, DataAccess, Idempotency,
    Link, Options, OrderService, Projections, Sequencing, Workload,
};

/// More orders than the longest measure needs; one takes about forty steps.
const ORDERS: u32 = 100_000;

/// For the engine: a busy shop in which everything that can go wrong does, and every protection is on.
pub fn busy_and_faulty() -> Scenario {
    Scenario {
        name: "Busy and faulty".to_owned(),
        seed: 2,
        options: Options {
            workload: Workload {
                orders: ORDERS,
                gap: Distribution::Exponential { mean: Micros::from_millis(2) },
                // Customers who think no longer than a trip takes keep the agenda about as short as the reference's.
                think: travel(),
                ..Workload::default()
            },
            order_service: OrderService {
                client_delay: travel(),
                service: brief(),
                relay_delay: Distribution::constant_millis(2),
                ..OrderService::default()
            },
            broker: Broker {
                partitions: 4,
                resend_after: Micros::from_millis(200),
                publish: faulty_link(),
                ..Broker::default()
            },
            projections: Projections {
                order_view: protected(),
                sales_dashboard: protected(),
                ..Projections::default()
            },
            ..Options::default()
        },
        ..Scenario::default()
    }
}

/// For the page: the same shop for a little more than a million steps.
pub fn long_run() -> Scenario {
    let mut scenario = busy_and_faulty();
    scenario.name = "A million steps".to_owned();
    scenario.options.workload.orders = 33_000;
    scenario
}

/// For the engine: the same shop with everything on. Orders are validated against replicas and go through the saga, the back
/// office changes prices and stock, and all six read models take part.
pub fn whole_shop() -> Scenario {
    let mut scenario = busy_and_faulty();
    scenario.name = "The whole shop".to_owned();
    let options = &mut scenario.options;
    options.workload.products = (1..=PRODUCTS).map(product).collect();
    options.workload.customers = (1..=CUSTOMERS).map(customer).collect();
    options.workload.back_office = BackOffice {
        price_gap: Some(Distribution::Exponential { mean: Micros::from_millis(50) }),
        restock_gap: Some(Distribution::Exponential { mean: Micros::from_millis(50) }),
        until: Micros::from_secs(600),
    };
    options.order_service.data_access = DataAccess::Replica;
    options.saga.enabled = true;
    options.saga.consumer = protected();
    options.saga.link = faulty_link();
    options.saga.retry_after = Micros::from_millis(200);
    options.replicas.products = protected();
    options.replicas.customers = protected();
    for owner in [&mut options.product_service, &mut options.customer_service] {
        owner.service = brief();
        owner.relay_delay = Distribution::constant_millis(2);
    }
    options.projections.all_mut().into_iter().for_each(|projection| *projection = protected());
    scenario
}

/// Products and customers of the whole shop. Each order row shows names, so a rename touches many rows.
const PRODUCTS: u32 = 200;
const CUSTOMERS: u32 = 1_000;

fn product(number: u32) -> CatalogueProduct {
    CatalogueProduct {
        product: ProductId(number),
        name: format!("Product {number}"),
        category: ["Furniture", "Lighting", "Tools"][number as usize % 3].to_owned(),
        price_cents: Cents(1_000 + i64::from(number) * 25),
        stock: 1_000_000,
    }
}

fn customer(number: u32) -> CatalogueCustomer {
    CatalogueCustomer {
        customer: CustomerId(number),
        name: format!("Customer {number}"),
        membership: Membership::default(),
        credit_limit_cents: Cents(0),
    }
}

/// For frames of the page: a calm shop with `messages` in flight from the tenth to the fortieth second. `messages` is even.
pub fn in_flight(messages: u32) -> Scenario {
    const TRIP_S: u32 = 10;
    const LAST_S: u32 = 40;
    // Each order is one event, and each event flies to two projections.
    let orders_a_trip = messages / 2;
    let gap = Micros(u64::from(TRIP_S) * 1_000_000 / u64::from(orders_a_trip.max(1)));
    let projection = Consumer {
        delivery: Link { delay: Distribution::Constant { value: Micros::from_secs(TRIP_S.into()) }, ..Link::default() },
        prefetch: 10_000,
        service: Distribution::constant_millis(1),
        ..Consumer::default()
    };
    let workload = Workload {
        orders: orders_a_trip * LAST_S / TRIP_S,
        gap: Distribution::Constant { value: gap },
        add_item: Probability::NEVER,
        cancel: Probability::NEVER,
        ship: Probability::NEVER,
        ..Workload::default()
    };
    let order_service = OrderService {
        client_delay: Distribution::constant_millis(20),
        service: Distribution::constant_millis(1),
        relay_delay: Distribution::constant_millis(2),
        ..OrderService::default()
    };
    let publish = Link { delay: Distribution::constant_millis(20), ..Link::default() };
    Scenario {
        name: format!("{messages} in flight"),
        seed: 1,
        options: Options {
            workload,
            order_service,
            broker: Broker { partitions: 4, publish, ..Broker::default() },
            projections: Projections {
                order_view: projection.clone(),
                sales_dashboard: projection,
                ..Projections::default()
            },
            ..Options::default()
        },
        ..Scenario::default()
    }
}

/// A trip over the network.
const fn travel() -> Distribution {
    Distribution::Lognormal { median: Micros::from_millis(20), p95: Micros::from_millis(50) }
}

/// Handling that keeps up with the traffic.
const fn brief() -> Distribution {
    Distribution::Constant { value: Micros(300) }
}

fn faulty_link() -> Link {
    Link {
        delay: travel(),
        duplicate: Probability::from_percent(2),
        loss: Probability::from_percent(1),
        overtake: Probability::from_percent(2),
        overtake_hold: Micros::from_millis(50),
        ..Link::default()
    }
}

fn protected() -> Consumer {
    Consumer {
        instances: 4,
        delivery: faulty_link(),
        refetch_after: Micros::from_millis(50),
        service: brief(),
        idempotency: Idempotency::ProcessedEvents,
        sequencing: Sequencing::GapBuffer,
        checkpoint: Checkpoint::WithEffect,
        crash: Crash {
            before_write: Probability::from_ppm(1_000),
            after_commit: Probability::from_ppm(1_000),
            restart_after: Distribution::constant_millis(50),
            ..Crash::default()
        },
        ..Consumer::default()
    }
}

#[cfg(test)]
mod tests {
    use sim::kernel::history::History;
    use sim::oracle::lab::Lab;
    use sim::scenario::report::report;

    use sim::kernel::time::Micros;
    use sim::view::stage::flights;

    use super::{busy_and_faulty, in_flight};

    #[test]
    fn as_many_messages_fly_as_asked_for() {
        for wanted in [200_u32, 2_000] {
            let scenario = in_flight(wanted);
            assert!(scenario.check().is_ok());
            let mut history = History::<Lab>::new(&scenario, Vec::new());
            assert!(history.run_to_end(1_000_000));
            for second in [12, 25, 39] {
                history.seek_time(Micros::from_secs(second));
                let flying = flights(history.machine()).len();
                assert!(
                    flying.abs_diff(wanted as usize) * 50 < wanted as usize,
                    "{flying} of {wanted} after {second} s"
                );
            }
        }
    }

    #[test]
    fn the_run_is_allowed_keeps_up_and_comes_right() {
        let mut scenario = busy_and_faulty();
        assert!(scenario.check().is_ok());
        scenario.options.workload.orders = 2_000;
        let mut history = History::<Lab>::new(&scenario, Vec::new());
        assert!(history.run_to_end(1_000_000));
        let report = report(history.frontier(), history.trace());
        assert!(report.invariants.iter().all(|invariant| invariant.status == "holds"), "{report:#?}");
        // Four seconds of orders, then the slowest customers' moves: a backlog would show as a much later end.
        assert!(report.end_ms < 60_000, "{report:#?}");
    }
}
