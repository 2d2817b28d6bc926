//! The run that is measured: a busy shop in which everything that can go wrong does, and every protection is on.

use sim::kernel::distribution::Distribution;
use sim::kernel::probability::Probability;
use sim::kernel::time::Micros;
use sim::scenario::recording::{Scenario, VERSION};
use sim::system::options::{
    Broker, Checkpoint, Crash, Idempotency, Link, Options, OrderService, Projection, Projections, Sequencing, Workload,
};

/// More orders than the longest measure needs; one takes about forty steps.
const ORDERS: u32 = 100_000;

/// The scenario.
pub fn busy_and_faulty() -> Scenario {
    Scenario {
        version: VERSION,
        name: "Busy and faulty".to_owned(),
        about: String::new(),
        seed: 2,
        options: Options {
            workload: Workload {
                orders: ORDERS,
                gap: Distribution::Exponential { mean: Micros::from_millis(2) },
                ..Workload::default()
            },
            order_service: OrderService {
                client_delay: travel(),
                service: brief(),
                relay_delay: Distribution::constant_millis(2),
            },
            broker: Broker {
                partitions: 4,
                resend_after: Micros::from_millis(200),
                publish: faulty_link(),
                ..Broker::default()
            },
            projections: Projections { order_view: protected(), sales_dashboard: protected() },
        },
        overrides: Vec::new(),
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
    }
}

fn protected() -> Projection {
    Projection {
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
        ..Projection::default()
    }
}

#[cfg(test)]
mod tests {
    use sim::kernel::history::History;
    use sim::oracle::lab::Lab;
    use sim::scenario::report::report;

    use super::busy_and_faulty;

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
