//! Alert rules, evaluated in virtual time over the samples: when each fired, and when it was cleared [seeds 001, 004].

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kernel::probability::Probability;
use crate::kernel::time::Micros;
use crate::system::place::Reader;

use super::metrics::{Metrics, Sample};
use super::reader_name;

/// When somebody is to be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRule {
    /// A short title.
    pub name: String,
    /// How urgent it is. Default an alert.
    #[serde(default)]
    pub severity: Severity,
    /// What has to be so.
    pub when: Condition,
    /// For how long without a break before it fires, up to 1 hour. Default at once.
    #[serde(default, rename = "for")]
    pub lasting: Micros,
    /// Which reader is watched. Default every read model, each by itself.
    #[serde(default, with = "reader_name::optional")]
    #[schemars(with = "Option<reader_name::ReaderName>")]
    pub reader: Option<Reader>,
}

/// How urgent an alert is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It is shown to whoever looks.
    #[default]
    Alert,
    /// Somebody looks at it when there is time.
    Ticket,
    /// Somebody is woken up.
    Page,
}

impl Severity {
    /// Its machine name, which is also the word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Ticket => "ticket",
            Self::Page => "page",
        }
    }
}

/// What a rule looks for in a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// `projection_lag_seconds` is above this span.
    LagAbove(Micros),
    /// `projection_lag_events` is above this count.
    LagEventsAbove(u32),
    /// `projection_throughput` is below `event_publish_rate` in the interval of the sample.
    ThroughputBelowPublishRate,
    /// `write_command_latency_p99` of the interval is above this span.
    CommandLatencyP99Above(Micros),
    /// `read_query_latency_p99` of the interval is above this span.
    QueryLatencyP99Above(Micros),
    /// The share of stale results in the interval is above this.
    StaleResultsAbove(Probability),
    /// Some detector of drift has raised its alarm about the read model, and found something in its last look.
    DriftDetected,
}

impl Condition {
    /// Does it look at a reader, rather than at commands or queries?
    pub const fn is_about_readers(self) -> bool {
        !matches!(self, Self::CommandLatencyP99Above(_) | Self::QueryLatencyP99Above(_) | Self::StaleResultsAbove(_))
    }

    fn holds(self, sample: &Sample, reader: Option<Reader>) -> bool {
        let of_reader = reader.map(|reader| sample.readers[reader.index()]).unwrap_or_default();
        // What nobody is served from alarms nobody, however far it is behind.
        if reader.is_some() && !of_reader.serves {
            return false;
        }
        match self {
            Self::LagAbove(bound) => of_reader.lag > bound,
            Self::LagEventsAbove(bound) => of_reader.lag_events > bound,
            Self::ThroughputBelowPublishRate => of_reader.processed < of_reader.published,
            Self::CommandLatencyP99Above(bound) => sample.command_latency_p99 > bound,
            Self::QueryLatencyP99Above(bound) => sample.queries.latency_p99 > bound,
            Self::StaleResultsAbove(bound) => sample.queries.stale_ppm() > bound.ppm(),
            Self::DriftDetected => !of_reader.alarms.is_empty(),
        }
    }
}

/// An alert that fired.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Alert {
    /// Which rule, by its place in the list.
    pub rule: usize,
    /// About which reader, unless it is about commands.
    pub reader: Option<Reader>,
    /// When.
    pub fired: Micros,
    /// When it was over, if it was before the run ended.
    pub cleared: Option<Micros>,
}

/// The seeds' rules. Seed 001 names no duration for the one about throughput; a single slow second proves nothing, so it has
/// to last for 30 s here.
pub fn usual() -> Vec<AlertRule> {
    let rule = |name: &str, severity, when, lasting| AlertRule {
        name: name.to_owned(),
        severity,
        when,
        lasting,
        reader: None,
    };
    let lag = |seconds| Condition::LagAbove(Micros::from_secs(seconds));
    vec![
        rule("Lag", Severity::Alert, lag(60), Micros::ZERO),
        rule("Falling behind", Severity::Alert, Condition::ThroughputBelowPublishRate, Micros::from_secs(30)),
        rule("Lag for long", Severity::Page, lag(60), Micros::from_secs(600)),
        rule("Some lag for very long", Severity::Ticket, lag(10), Micros::from_secs(1_800)),
    ]
}

/// What a rule looks for was so, for a while. It fires only if it lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Episode {
    /// Which rule, by its place in the list.
    pub rule: usize,
    /// About which reader, unless it is about commands.
    pub reader: Option<Reader>,
    /// From when.
    pub since: Micros,
    /// When the rule fired, if it did.
    pub fired: Option<Micros>,
    /// When it was over, if it was before the run ended.
    pub cleared: Option<Micros>,
}

/// Every alert of a run, in the order in which they fired.
pub fn fired(rules: &[AlertRule], metrics: &Metrics) -> Vec<Alert> {
    let fired = |one: Episode| {
        let Episode { rule, reader, cleared, .. } = one;
        one.fired.map(|fired| Alert { rule, reader, fired, cleared })
    };
    let mut alerts: Vec<Alert> = episodes(rules, metrics).into_iter().filter_map(fired).collect();
    alerts.sort_by_key(|alert| (alert.fired, alert.rule));
    alerts
}

/// Every time that a rule had something to look at, rule by rule and reader by reader.
pub fn episodes(rules: &[AlertRule], metrics: &Metrics) -> Vec<Episode> {
    let each = rules.iter().enumerate().flat_map(|(number, rule)| {
        let watched = watched(rule, metrics).into_iter();
        watched.flat_map(move |reader| episodes_about(number, rule, reader, metrics))
    });
    each.collect()
}

fn watched(rule: &AlertRule, metrics: &Metrics) -> Vec<Option<Reader>> {
    match rule.reader {
        _ if !rule.when.is_about_readers() => vec![None],
        Some(reader) => vec![Some(reader)],
        None => metrics.readers.iter().copied().filter(|reader| reader.keeps().is_some()).map(Some).collect(),
    }
}

fn episodes_about(number: usize, rule: &AlertRule, reader: Option<Reader>, metrics: &Metrics) -> Vec<Episode> {
    let mut episodes: Vec<Episode> = Vec::new();
    for sample in &metrics.samples {
        let holds = rule.when.holds(sample, reader);
        let at = sample.at;
        match episodes.last_mut().filter(|one| one.cleared.is_none()) {
            Some(one) if !holds => one.cleared = Some(at),
            Some(one) if one.fired.is_none() && at.since(one.since) >= rule.lasting => one.fired = Some(at),
            None if holds => {
                let fired = (rule.lasting == Micros::ZERO).then_some(at);
                episodes.push(Episode { rule: number, reader, since: at, fired, cleared: None });
            }
            _ => {}
        }
    }
    episodes
}
