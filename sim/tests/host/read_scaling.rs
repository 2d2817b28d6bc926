//! A cache before the read models and replicas beside them: what they gain, and what they cost in freshness.

use crate::common::queried::measured;
use crate::common::{outcome, played, preset, scenario, status};
use sim::kernel::distribution::Distribution;
use sim::kernel::time::Micros;
use sim::oracle::alert::{AlertRule, Condition, Severity};
use sim::oracle::queries::{Queries, queries};
use sim::scenario::monitoring::Monitoring;
use sim::scenario::recording::Scenario;
use sim::system::options::{Balancer, Contract, SessionLevel};
use sim::system::queries::reading::Reading;
use sim::system::trace::What;

fn roaming(balancer: Balancer, session: SessionLevel, seed: u64) -> Queries {
    let mut scenario = preset("read-replicas");
    scenario.seed = seed;
    scenario.options.queries.replicas.balancer = balancer;
    scenario.options.queries.consistency.session = session;
    measured(&scenario)
}

#[test]
fn a_session_that_roams_goes_back_and_a_sticky_one_does_not() {
    for seed in 1..6 {
        for balancer in [Balancer::RoundRobin, Balancer::Random] {
            let found = roaming(balancer, SessionLevel::Eventual, seed);
            assert!(found.reads_gone_back > 0 && found.from_replicas > 200, "{balancer:?}, seed {seed}: {found:?}");
            assert_eq!(found.wrong, 0, "what is old is stale, not wrong");
        }
        let sticky = roaming(Balancer::Sticky, SessionLevel::Eventual, seed);
        assert_eq!(sticky.reads_gone_back, 0, "seed {seed}");
        assert!(sticky.own_writes_missed > 0, "seed {seed}: it still does not find its own writes");
    }
    assert_eq!(status(&outcome(&preset("read-replicas")), "monotonic_reads"), "broken");
}

#[test]
fn a_token_mends_roaming() {
    for seed in 1..6 {
        for balancer in [Balancer::RoundRobin, Balancer::Random] {
            let found = roaming(balancer, SessionLevel::Session, seed);
            assert_eq!((found.reads_gone_back, found.own_writes_missed), (0, 0), "{balancer:?}, seed {seed}");
            assert!(found.waited > 50, "{found:?}");
        }
    }
}

#[test]
fn replicas_follow_each_with_its_own_delay_and_are_even_in_the_end() {
    let history = played(&preset("read-replicas"));
    let mut followed = [0_u32; 4];
    for entry in history.trace() {
        if let What::Reading(Reading::ReplicaFollowed { replica, .. }) = entry.what {
            followed[usize::from(replica)] += 1;
        }
    }
    assert!(followed[0] == 0 && followed[1..].iter().all(|times| *times > 10), "{followed:?}");
    assert!(followed[1] != followed[2] || followed[2] != followed[3], "{followed:?}");
    let mut late = preset("read-replicas");
    let text = r#"{ "at": "60s", "by": "C-100", "ask": { "orders": {} }, "size": 200 }"#;
    late.options.queries.script = vec![serde_json::from_str(text).expect("a scripted query"); 8];
    let history = played(&late);
    let is_late = |entry: &sim::system::trace::Entry| {
        entry.at > Micros::from_secs(60) && matches!(entry.what, What::Reading(Reading::FoundStale { .. }))
    };
    assert_eq!(history.trace().iter().filter(is_late).count(), 0);
}

/// As many queries as come in a burst: one node works on 100 a second, four nodes on 400 [seed 001].
#[test]
fn three_replicas_make_four_times_the_throughput() {
    let burst = |count| {
        let mut one = scenario(r#"{ "version": 1, "name": "burst", "options": { "workload": { "orders": 0 } } }"#);
        let api = &mut one.options.queries.api;
        api.workers = 1;
        api.service = Distribution::constant_millis(10);
        api.delay = Distribution::constant_millis(0);
        api.timeout = Micros::from_secs(3_600);
        one.options.queries.stream.count = 400;
        one.options.queries.stream.gap = Distribution::constant_millis(0);
        one.options.queries.replicas.count = count;
        let history = played(&one);
        let answered =
            |entry: &sim::system::trace::Entry| matches!(entry.what, What::Reading(Reading::Answered { .. }));
        history.trace().iter().rev().find(answered).map(|entry| entry.at.as_millis())
    };
    assert_eq!((burst(0), burst(3)), (Some(4_000), Some(1_000)));
}

#[test]
fn a_cache_is_quick_and_as_old_as_its_time_to_live() {
    let with = preset("read-cache");
    let mut without = with.clone();
    without.options.queries.cache = None;
    // Workers with more to do than time for it.
    let busy = |mut scenario: Scenario| {
        scenario.options.queries.api.workers = 1;
        scenario.options.queries.api.service = Distribution::constant_millis(30);
        measured(&scenario)
    };
    let (cached, plain) = (measured(&with), measured(&without));
    assert!(cached.from_cache > 100 && plain.from_cache == 0);
    assert!(cached.stale > plain.stale + 50, "{} and {}", cached.stale, plain.stale);
    assert_eq!(cached.wrong, 0);
    let (cached, plain) = (busy(with), busy(without));
    assert!(cached.latency.p50_us * 2 < plain.latency.p50_us, "{:?} and {:?}", cached.latency, plain.latency);
}

#[test]
fn a_cached_answer_is_used_until_its_time_is_over() {
    let mut scenario = preset("read-cache");
    scenario.options.queries.read_after_write.likely = sim::kernel::probability::Probability::NEVER;
    scenario.options.queries.stream.count = 0;
    scenario.options.queries.api.delay = Distribution::constant_millis(0);
    let line = |at: &str| {
        let text = format!(r#"{{ "at": "{at}", "by": "C-1", "ask": {{ "order": {{ "order": "O-1" }} }} }}"#);
        serde_json::from_str(&text).expect("a scripted query")
    };
    // Read after 5.002 s, so it is kept until 7.002 s.
    scenario.options.queries.script = vec![line("5s"), line("6s"), line("7s"), line("7002ms"), line("8s")];
    assert_eq!(measured(&scenario).from_cache, 3);
}

#[test]
fn a_cache_honours_tokens_and_bounds() {
    let mut token = preset("read-cache");
    token.options.queries.consistency.session = SessionLevel::Session;
    let found = measured(&token);
    assert!(found.from_cache > 20, "{found:?}");
    assert_eq!((found.own_writes_missed, found.reads_gone_back), (0, 0));
    let mut bounded = preset("read-cache");
    bounded.options.order_service.relay_delay = Distribution::constant_millis(0);
    bounded.options.broker.publish.delay = Distribution::constant_millis(0);
    let bound = Micros::from_millis(500);
    bounded.options.queries.consistency.contract = Contract::BoundedStaleness { bound, otherwise: Default::default() };
    assert_eq!(status(&outcome(&bounded), "staleness_within_bound"), "holds");
    assert!(measured(&bounded).from_cache > 20);
    bounded.options.queries.consistency.session = SessionLevel::Strong;
    assert_eq!(measured(&bounded).from_cache, 0, "nobody can have kept what was just committed");
}

#[test]
fn the_seeds_metrics_of_queries_and_alerts_on_them() {
    let mut watched = preset("eventual-reads");
    let rule = |name: &str, when| AlertRule {
        name: name.to_owned(),
        severity: Severity::Alert,
        when,
        lasting: Micros::ZERO,
        reader: None,
    };
    watched.alerts = vec![
        rule("Slow queries", Condition::QueryLatencyP99Above(Micros::from_millis(100))),
        rule("Stale results", Condition::StaleResultsAbove(sim::kernel::probability::Probability::from_percent(30))),
    ];
    let history = played(&watched);
    let found = queries(history.trace());
    let monitoring = Monitoring::of(&watched, history.frontier(), history.trace());
    let report = monitoring.report();
    let metrics = report.metrics.queries.expect("somebody asks");
    assert_eq!(metrics.queries_answered, found.answered);
    assert_eq!(metrics.query_result_stale_total, found.stale);
    assert_eq!(metrics.query_results_total, found.served);
    assert_eq!(metrics.read_query_latency_p99_ms, found.latency.p99_us / 1_000);
    let last = metrics.query_latency.last().expect("a last bucket");
    assert_eq!((last.le_ms, last.count), (None, found.answered));
    assert!(metrics.query_latency.windows(2).all(|pair| pair[0].count <= pair[1].count));
    let fired = |name: &str| report.alerts.iter().filter(|alert| alert.name == name).count();
    assert!(fired("Slow queries") > 0 && fired("Stale results") > 0, "{:?}", report.alerts);
    let lines: Vec<String> = monitoring.alert_lines().into_iter().map(|(_, text)| text).collect();
    assert!(lines.iter().any(|text| text.contains("results were stale in 1 s, more than 30 %")), "{lines:?}");
    // Waiting makes results new, and queries slow.
    watched.options.queries.consistency.session = SessionLevel::Strong;
    let history = played(&watched);
    let report = Monitoring::of(&watched, history.frontier(), history.trace()).report();
    let strong = report.metrics.queries.expect("somebody asks");
    assert!(strong.query_result_stale_total * 4 < metrics.query_result_stale_total, "{strong:?}");
    assert!(strong.read_query_latency_p50_ms > metrics.read_query_latency_p50_ms, "{strong:?}");
}
