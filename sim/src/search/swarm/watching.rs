//! A feature of the swarm about those who look for drift.

use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::options::{Bounded, Consumer, Detectors, Every, OnAlarm, Options, Sample};

use super::super::chance::Chance;

/// Detectors of every kind, of which some act by themselves.
pub fn detectors(options: &mut Options, chance: &mut Chance) {
    let models = &mut options.projections;
    for projection in [&mut models.sales_dashboard, &mut models.product_stats] {
        look(projection, true, chance);
    }
    let of_rows = [
        &mut models.order_view,
        &mut models.customer_order_history,
        &mut models.product_search,
        &mut models.order_work_queue,
    ];
    for projection in of_rows {
        look(projection, false, chance);
    }
}

fn look(projection: &mut Consumer, is_sum: bool, chance: &mut Chance) {
    if chance.once_in(2) {
        return;
    }
    let every = |chance: &mut Chance| Every { every: chance.millis(100, 2_000) };
    let bounded = |chance: &mut Chance| Bounded { every: chance.millis(100, 2_000), bound: chance.millis(0, 2_000) };
    projection.detectors = Some(Box::new(Detectors {
        count: chance.once_in(2).then(|| every(chance)),
        checksum: chance.once_in(2).then(|| every(chance)),
        sample: chance.once_in(2).then(|| Sample {
            every: chance.millis(100, 2_000),
            share: Probability::from_percent(chance.within(0, 100)),
        }),
        shadow: chance.once_in(2).then(|| every(chance)),
        // Rows that are sums have no version of their own.
        stale_row: (!is_sum && chance.once_in(2)).then(|| bounded(chance)),
        lag: chance.once_in(2).then(|| bounded(chance)),
        settle: chance.millis(0, 3_000),
        row_cost: Micros(u64::from(chance.within(0, 1_000))),
        on_alarm: OnAlarm { pause_serving: chance.once_in(2), rebuild: !projection.synchronous && chance.once_in(2) },
    }));
}

/// Lets detectors wait for longer than any delay of the swarm, so that they raise no alarm for what comes right by itself.
pub fn protect(consumer: &mut Consumer) {
    const LONG: Micros = Micros::from_secs(600);
    let Some(detectors) = &mut consumer.detectors else { return };
    detectors.settle = LONG;
    for bounded in [&mut detectors.stale_row, &mut detectors.lag].into_iter().flatten() {
        bounded.bound = LONG;
    }
}
