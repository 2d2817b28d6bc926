//! What a run's metrics, objectives and alerts came to: what `lab run --json` adds to the report.

use serde::Serialize;

use crate::kernel::percentile::percentile;
use crate::kernel::time::Micros;
use crate::oracle::alert::{Alert, AlertRule, fired};
use crate::oracle::lab::Lab;
use crate::oracle::metrics::{Metrics, ReaderSample};
use crate::oracle::objective::Objective;
use crate::oracle::query_metrics::{Bucket, histogram};
use crate::system::place::Reader;
use crate::system::trace::Trace;
use crate::view::monitoring::{alert_lines, objective_line};

use super::recording::Scenario;

/// Metrics, objectives and alerts of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitoring {
    /// The metrics.
    pub metrics: Metrics,
    /// The alerts that fired, oldest first.
    pub alerts: Vec<Alert>,
    objectives: Vec<Objective>,
    rules: Vec<AlertRule>,
    readers: Vec<Reader>,
    are_asked: bool,
}

/// The same as `lab run --json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MonitoringReport {
    /// The metrics, as they were at the end of the run and at their worst.
    pub metrics: MetricsReport,
    /// How each objective was met.
    pub slos: Vec<ObjectiveReport>,
    /// Which alerts fired, oldest first.
    pub alerts: Vec<AlertReport>,
}

/// The metrics of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MetricsReport {
    /// The virtual time between two samples, in milliseconds.
    pub every_ms: u64,
    /// How many commands were answered.
    pub commands_answered: u64,
    /// The median latency of a command, in milliseconds.
    pub write_command_latency_p50_ms: u64,
    /// The latency that one command in a hundred exceeds, in milliseconds.
    pub write_command_latency_p99_ms: u64,
    /// For each reader that had something to read.
    pub readers: Vec<ReaderReport>,
    /// What was asked and answered; absent where nobody may ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queries: Option<QueryMetricsReport>,
}

/// The metrics of queries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QueryMetricsReport {
    /// How many queries were answered.
    pub queries_answered: u64,
    /// The median latency of a query, in milliseconds.
    pub read_query_latency_p50_ms: u64,
    /// The latency that one query in a hundred exceeds, in milliseconds.
    pub read_query_latency_p99_ms: u64,
    /// Latencies by buckets.
    pub query_latency: Vec<Bucket>,
    /// How many answers left the API.
    pub query_results_total: u64,
    /// How many of them were stale or wrong, and did not say so.
    pub query_result_stale_total: u64,
}

/// The metrics of one reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReaderReport {
    /// Its name.
    pub name: &'static str,
    /// `projection_lag_seconds` at the end, in whole seconds.
    pub projection_lag_seconds: u64,
    /// The longest lag in any sample, in milliseconds.
    pub projection_lag_max_ms: u64,
    /// `projection_lag_events` at the end.
    pub projection_lag_events: u64,
    /// The most events that it was behind in any sample.
    pub projection_lag_events_max: u64,
    /// Every event up to this one was handled.
    pub projection_last_processed_position: u64,
    /// Crashes while an event was handled.
    pub projection_error_total: u64,
    /// Deliveries applied or left out.
    pub projection_events_processed_total: u64,
    /// The most deliveries processed in one interval.
    pub projection_throughput_max: u64,
    /// The most events published in one interval.
    pub event_publish_rate_max: u64,
}

/// How an objective was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectiveReport {
    /// Its name.
    pub name: String,
    /// Was it met?
    pub met: bool,
    /// How many were quick enough.
    pub good: u64,
    /// How many were judged.
    pub total: u64,
    /// Which share was wanted, in parts per million.
    pub target_ppm: u32,
    /// What was quick enough, in milliseconds.
    pub within_ms: u64,
    /// The same in words.
    pub text: String,
}

/// An alert that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AlertReport {
    /// The rule's name.
    pub name: String,
    /// `alert`, `ticket` or `page`.
    pub severity: &'static str,
    /// The reader that it is about, if it is about one.
    pub reader: Option<&'static str>,
    /// When it fired, in milliseconds.
    pub fired_ms: u64,
    /// When it was over, in milliseconds, if it was before the run ended.
    pub cleared_ms: Option<u64>,
}

impl Monitoring {
    /// The metrics, objectives and alerts of a run of this scenario that led to this lab by way of this trace.
    pub fn of(scenario: &Scenario, lab: &Lab, trace: Trace<'_>) -> Self {
        let metrics = Metrics::of(lab, trace, scenario.metrics);
        let in_use = |reader: &&Reader| reader.model().is_some() || lab.world().has_owners();
        Self {
            alerts: fired(&scenario.alerts, &metrics),
            readers: metrics.readers.iter().filter(in_use).copied().collect(),
            metrics,
            objectives: scenario.slo.clone(),
            rules: scenario.alerts.clone(),
            are_asked: lab.world().options().queries.are_asked(),
        }
    }

    /// As `lab run --json` prints it.
    pub fn report(&self) -> MonitoringReport {
        let latencies = &self.metrics.command_latencies;
        MonitoringReport {
            metrics: MetricsReport {
                every_ms: self.metrics.every.as_millis(),
                commands_answered: latencies.len() as u64,
                write_command_latency_p50_ms: percentile(latencies, 50).as_millis(),
                write_command_latency_p99_ms: percentile(latencies, 99).as_millis(),
                readers: self.readers.iter().map(|reader| self.reader(*reader)).collect(),
                queries: self.are_asked.then(|| self.queries()),
            },
            slos: self.objectives.iter().map(|objective| self.objective(objective)).collect(),
            alerts: self.alerts.iter().filter_map(|alert| self.alert(alert)).collect(),
        }
    }

    /// Objectives in words.
    pub fn objective_lines(&self) -> Vec<String> {
        self.objectives.iter().map(|objective| objective_line(objective, objective.judge(&self.metrics))).collect()
    }

    /// Alerts in words, each with its moment.
    pub fn alert_lines(&self) -> Vec<(Micros, String)> {
        alert_lines(&self.rules, &self.alerts, &self.metrics)
    }

    fn queries(&self) -> QueryMetricsReport {
        let latencies = &self.metrics.query_latencies;
        let results: u64 = self.metrics.samples.iter().map(|sample| u64::from(sample.queries.results)).sum();
        let stale_total = self.metrics.samples.last().map_or(0, |sample| sample.queries.stale_total);
        QueryMetricsReport {
            queries_answered: latencies.len() as u64,
            read_query_latency_p50_ms: percentile(latencies, 50).as_millis(),
            read_query_latency_p99_ms: percentile(latencies, 99).as_millis(),
            query_latency: histogram(latencies),
            query_results_total: results,
            query_result_stale_total: u64::from(stale_total),
        }
    }

    fn reader(&self, reader: Reader) -> ReaderReport {
        let samples = || self.metrics.samples.iter().map(|sample| sample.readers[reader.index()]);
        let last = samples().next_back().unwrap_or_default();
        let most = |of: fn(&ReaderSample) -> u64| samples().map(|one| of(&one)).max().unwrap_or(0);
        ReaderReport {
            name: reader.name(),
            projection_lag_seconds: last.lag.0 / 1_000_000,
            projection_lag_max_ms: most(|one| one.lag.as_millis()),
            projection_lag_events: u64::from(last.lag_events),
            projection_lag_events_max: most(|one| u64::from(one.lag_events)),
            projection_last_processed_position: u64::from(last.position.0),
            projection_error_total: u64::from(last.errors_total),
            projection_events_processed_total: u64::from(last.processed_total),
            projection_throughput_max: most(|one| u64::from(one.processed)),
            event_publish_rate_max: most(|one| u64::from(one.published)),
        }
    }

    fn objective(&self, objective: &Objective) -> ObjectiveReport {
        let attained = objective.judge(&self.metrics);
        ObjectiveReport {
            name: objective.name.clone(),
            met: attained.met,
            good: attained.good,
            total: attained.total,
            target_ppm: objective.target.ppm(),
            within_ms: objective.within.as_millis(),
            text: objective_line(objective, attained),
        }
    }

    fn alert(&self, alert: &Alert) -> Option<AlertReport> {
        let rule = self.rules.get(alert.rule)?;
        Some(AlertReport {
            name: rule.name.clone(),
            severity: rule.severity.name(),
            reader: alert.reader.map(Reader::name),
            fired_ms: alert.fired.as_millis(),
            cleared_ms: alert.cleared.map(Micros::as_millis),
        })
    }
}
