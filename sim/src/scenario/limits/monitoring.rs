//! What may be measured and watched.

use crate::oracle::alert::Condition;
use crate::scenario::recording::Scenario;

use super::checks::{Checked, pause, refuse, span};

/// The most objectives and the most alert rules.
const RULES_MAX: usize = 100;

/// Checks what is measured and watched.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub(in crate::scenario) fn check(scenario: &Scenario) -> Checked {
    pause("metrics.every", scenario.metrics.every)?;
    if scenario.slo.len() > RULES_MAX {
        return refuse("slo", format!("at most {RULES_MAX} objectives"), scenario.slo.len());
    }
    if scenario.alerts.len() > RULES_MAX {
        return refuse("alerts", format!("at most {RULES_MAX} rules"), scenario.alerts.len());
    }
    for (n, objective) in scenario.slo.iter().enumerate() {
        span(&format!("slo[{n}].within"), objective.within)?;
    }
    for (n, rule) in scenario.alerts.iter().enumerate() {
        span(&format!("alerts[{n}].for"), rule.lasting)?;
        match rule.when {
            Condition::LagAbove(bound) => span(&format!("alerts[{n}].when.lag_above"), bound)?,
            Condition::CommandLatencyP99Above(bound) => {
                span(&format!("alerts[{n}].when.command_latency_p99_above"), bound)?;
            }
            Condition::QueryLatencyP99Above(bound) => {
                span(&format!("alerts[{n}].when.query_latency_p99_above"), bound)?;
            }
            Condition::LagEventsAbove(_)
            | Condition::ThroughputBelowPublishRate
            | Condition::StaleResultsAbove(_)
            | Condition::DriftDetected => {}
        }
    }
    Ok(())
}
