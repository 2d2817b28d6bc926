//! Objectives and alerts in words.

use crate::kernel::probability::Probability;
use crate::kernel::sorting::sort_by_key;
use crate::kernel::time::Micros;
use crate::oracle::alert::{Alert, AlertRule, Condition};
use crate::oracle::metrics::Metrics;
use crate::oracle::objective::{Attainment, Measure, Objective};
use crate::shop::money::grouped;

use crate::view::words::clock;

/// One line about an objective: `99.51 % of 1,203 events were visible in the order view within 3 s: met (99 % wanted)`.
pub fn objective_line(objective: &Objective, attained: Attainment) -> String {
    let what = match objective.measures {
        Measure::Visibility => format!("events were visible in the {}", objective.reader),
        Measure::CommandLatency => "commands were answered".to_owned(),
    };
    let (total, within, target) = (grouped(attained.total), objective.within, share(objective.target));
    let verdict = if attained.met { "met" } else { "missed" };
    format!("{} of {total} {what} within {within}: {verdict} ({target} wanted)", percent(attained))
}

/// A target; never is a share too.
fn share(target: Probability) -> String {
    if target == Probability::NEVER { "0 %".to_owned() } else { target.to_string() }
}

/// The share of the good ones, rounded down to hundredths of a per cent, so that 100 % means all of them.
fn percent(attained: Attainment) -> String {
    let hundredths = (u128::from(attained.good) * 10_000).checked_div(u128::from(attained.total)).unwrap_or(10_000);
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// When an alert fired and when it was cleared, in words, in the order of time.
pub fn alert_lines(rules: &[AlertRule], alerts: &[Alert], metrics: &Metrics) -> Vec<(Micros, String)> {
    let mut lines = Vec::new();
    for alert in alerts {
        let Some(rule) = rules.get(alert.rule) else { continue };
        let severity = rule.severity.name();
        lines.push((alert.fired, format!("{severity} \"{}\" fires: {}", rule.name, reason(rule, alert, metrics))));
        if let Some(cleared) = alert.cleared {
            let lasted = cleared.since(alert.fired);
            lines.push((cleared, format!("{severity} \"{}\" is cleared after {lasted}", rule.name)));
        }
    }
    sort_by_key(&mut lines, |(at, _)| *at);
    lines
}

/// What the rule saw when it fired.
fn reason(rule: &AlertRule, alert: &Alert, metrics: &Metrics) -> String {
    let Some(sample) = metrics.samples.iter().find(|sample| sample.at == alert.fired) else { return String::new() };
    let of_reader = alert.reader.map(|reader| sample.readers[reader.index()]).unwrap_or_default();
    let who = alert.reader.map(|reader| reader.to_string()).unwrap_or_default();
    let what = match rule.when {
        Condition::LagAbove(bound) => format!("{who} is {} behind, more than {bound}", clock(of_reader.lag)),
        Condition::LagEventsAbove(bound) => {
            let (behind, bound) = (grouped(u64::from(of_reader.lag_events)), grouped(u64::from(bound)));
            format!("{who} is {behind} events behind, more than {bound}")
        }
        Condition::ThroughputBelowPublishRate => {
            let (processed, published) = (of_reader.processed, of_reader.published);
            format!("{who} processed {processed} of {published} events published in {}", metrics.every)
        }
        Condition::CommandLatencyP99Above(bound) => {
            format!("one command in a hundred took {}, more than {bound}", sample.command_latency_p99)
        }
        Condition::QueryLatencyP99Above(bound) => {
            format!("one query in a hundred took {}, more than {bound}", sample.queries.latency_p99)
        }
        Condition::StaleResultsAbove(bound) => {
            let (stale, results) = (sample.queries.stale, sample.queries.results);
            format!("{stale} of {results} results were stale in {}, more than {}", metrics.every, share(bound))
        }
        Condition::DriftDetected => {
            let detectors: Vec<String> = of_reader.alarms.raised().map(|one| one.name().replace('_', " ")).collect();
            format!("{who} has drifted, says the detector by {}", detectors.join(" and by "))
        }
    };
    if rule.lasting == Micros::ZERO { what } else { format!("{what}, for {}", rule.lasting) }
}
