//! The validation cache [seed 001]: the same traffic with and without it. Fewer look-ups, staler decisions.

use crate::common::{outcome, played, preset, shop, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::oracle::commands::Commands;
use sim::scenario::recording::Scenario;
use sim::system::exchange::Exchange;
use sim::system::options::DataAccess;
use sim::system::trace::What;

/// Eighty orders that ask the owners, whose prices change twice a second.
fn asking(ttl: Option<Micros>) -> Scenario {
    let mut scenario = shop::shop(7, 100_000, DataAccess::SynchronousApi);
    scenario.options.workload.orders = 80;
    scenario.options.workload.back_office.price_gap =
        Some(Distribution::Exponential { mean: Micros::from_millis(500) });
    scenario.options.order_service.api.cache_ttl = ttl;
    scenario
}

fn fared(ttl: Option<Micros>) -> Commands {
    outcome(&asking(ttl)).commands
}

#[test]
fn a_longer_time_means_fewer_questions_and_staler_decisions() {
    let ttls = [None, Some(2), Some(10), Some(300)].map(|seconds| fared(seconds.map(Micros::from_secs)));
    assert_eq!(ttls[0].messages.questions_and_replies, 4 * 80, "each order asks two owners, and both reply");
    for two in ttls.windows(2) {
        assert!(two[1].messages.questions_and_replies < two[0].messages.questions_and_replies, "{two:?}");
        assert!(two[1].stale_decisions > two[0].stale_decisions, "{two:?}");
        assert!(two[1].order_latency.p50_us <= two[0].order_latency.p50_us, "{two:?}");
    }
    // Each of the two customers and the two products is asked about only until it is known.
    assert!(ttls[3].messages.questions_and_replies <= 2 * 6, "{:?}", ttls[3]);
    assert!(ttls[3].wrong_decisions > 60, "{:?}", ttls[3]);
}

#[test]
fn a_fresh_answer_needs_no_owner_that_is_up() {
    let failed = |ttl| {
        let mut scenario = asking(ttl);
        scenario.options.product_service.down_from = Micros::from_secs(8);
        scenario.options.product_service.down_for = Micros::from_secs(8);
        scenario.options.workload.back_office.price_gap = None;
        outcome(&scenario).commands.failed
    };
    assert!(failed(None) > 5);
    assert_eq!(failed(Some(Micros::from_secs(300))), 0);
}

#[test]
fn an_answer_of_this_very_moment_changes_no_decision() {
    // Nothing is as old as it takes the next command to come, so every order asks as without a cache.
    let mut with = asking(Some(Micros::ZERO));
    with.options.workload.orders = 20;
    let mut without = with.clone();
    without.options.order_service.api.cache_ttl = None;
    assert_eq!(outcome(&with), outcome(&without));
}

#[test]
fn composition_at_the_gateway_has_the_cache_too() {
    let mut scenario = asking(Some(Micros::from_secs(60)));
    scenario.options.order_service.data_access = DataAccess::Composition;
    let history = played(&scenario);
    let spared =
        |entry: &sim::system::trace::Entry| matches!(entry.what, What::Between(Exchange::TakenFromCache { .. }));
    assert!(history.trace().iter().filter(spared).count() > 100);
}

#[test]
fn the_preset_charges_an_old_price_and_without_the_cache_does_not() {
    let mut cached = preset("validation-cache");
    let with = outcome(&cached);
    assert_eq!(status(&with, "price_in_force"), "broken");
    cached.options.order_service.api.cache_ttl = None;
    let without = outcome(&cached);
    assert_eq!(status(&without, "price_in_force"), "holds");
    let asked = |report: &sim::scenario::report::Report| report.commands.messages.questions_and_replies;
    assert!(5 * asked(&with) < asked(&without), "a fifth of the questions: {} and {}", asked(&with), asked(&without));
}
