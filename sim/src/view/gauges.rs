//! The metrics of a run as a screen shows them: each under its name, with its unit, over time; and with them objectives,
//! alerts and rebuilds, each with its moments.

use crate::kernel::sorting::sort_by_key;
use crate::kernel::time::Micros;
use crate::oracle::alert::{AlertRule, Episode, Severity, episodes};
use crate::oracle::lab::Lab;
use crate::oracle::metrics::{Meter, Metrics, Sample, Sampling};
use crate::oracle::objective::Objective;
use crate::shop::money::grouped;
use crate::system::place::Reader;
use crate::system::trace::{Trace, What};
use crate::system::versions::{Stage, Turn};

use super::log_versions;
use super::monitoring::objective_line;

const EVENTS: (&str, &str) = ("event", "events");
const DELIVERIES: (&str, &str) = ("delivery", "deliveries");
const CRASHES: (&str, &str) = ("crash", "crashes");
const COMMANDS: (&str, &str) = ("command", "commands");
const ANSWERS: (&str, &str) = ("answer", "answers");

/// Points of a line at most: of a longer run each point is the highest of several samples.
const POINTS_MAX: usize = 1_000;

/// Reads a run's metrics while it grows.
#[derive(Clone, Debug)]
pub struct Gauges {
    meter: Meter,
    /// What happened to versions of read models, in order.
    turns: Vec<(Micros, Turn)>,
}

/// What a screen shows of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Whose metrics can be looked at.
    pub readers: Vec<Reader>,
    /// Whose are.
    pub reader: Option<Reader>,
    /// The virtual time between two samples.
    pub every: Micros,
    /// When the points of the lines were taken.
    pub moments: Vec<Micros>,
    /// The lines.
    pub series: Vec<Series>,
    /// The objectives, as far as the run is known.
    pub objectives: Vec<Attained>,
    /// Every time that a rule had something to look at, in the order of time.
    pub alerts: Vec<AlertSpan>,
    /// How rebuilds went on.
    pub rebuilds: Vec<RebuildStep>,
    /// Is there more of the trace to be read?
    pub more: bool,
}

/// One metric over time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its name, as the seeds have it.
    pub name: &'static str,
    /// What its numbers are.
    pub unit: Unit,
    /// A number for each moment; a span is in microseconds.
    pub values: Vec<u64>,
}

/// What numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Microseconds.
    Span,
    /// So many of these by now: the word for one, and for several.
    Count((&'static str, &'static str)),
    /// So many of these since the sample before.
    Rate((&'static str, &'static str)),
    /// The number of an event.
    Position,
}

impl Unit {
    /// A number with its unit.
    pub fn told(self, value: u64, every: Micros) -> String {
        let counted = |(one, many): (&str, &str)| format!("{} {}", grouped(value), if value == 1 { one } else { many });
        match self {
            Self::Span => Micros(value).to_string(),
            Self::Count(noun) => counted(noun),
            Self::Rate(noun) => format!("{} in {every}", counted(noun)),
            Self::Position if value == 0 => "no event".to_owned(),
            Self::Position => format!("up to e{value}"),
        }
    }
}

/// How an objective is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attained {
    /// Its name.
    pub name: String,
    /// Is it met?
    pub met: bool,
    /// How, in words.
    pub text: String,
}

/// A stretch of time in which a rule had something to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSpan {
    /// The rule's name.
    pub name: String,
    /// How urgent it is.
    pub severity: Severity,
    /// About whom, unless it is about commands or queries.
    pub reader: Option<Reader>,
    /// From when.
    pub since: Micros,
    /// When it fired, if it lasted.
    pub fired: Option<Micros>,
    /// When it was over.
    pub cleared: Option<Micros>,
}

/// How an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlertState {
    /// What it looks for is so, and has to last.
    Pending,
    /// Somebody is told.
    Firing,
    /// It has fired, and is over.
    Resolved,
}

impl AlertSpan {
    /// How it stands at a moment, if there is anything to tell.
    pub fn at(&self, moment: Micros) -> Option<AlertState> {
        let over = self.cleared.is_some_and(|cleared| cleared <= moment);
        let has_fired = self.fired.is_some_and(|fired| fired <= moment);
        match (has_fired, over) {
            (true, true) => Some(AlertState::Resolved),
            (true, false) => Some(AlertState::Firing),
            (false, false) if self.since <= moment => Some(AlertState::Pending),
            _ => None,
        }
    }
}

/// How far a rebuild has come at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuildStep {
    /// When.
    pub at: Micros,
    /// Which version is being built.
    pub reader: Reader,
    /// How many events it has handled, of how many, while that is told.
    pub handled: Option<(u32, u32)>,
    /// The same in words.
    pub text: String,
}

impl Gauges {
    /// Nothing of the run is read yet, which led to this lab.
    pub fn new(lab: &Lab, sampling: Sampling) -> Self {
        Self { meter: Meter::new(lab, sampling), turns: Vec::new() }
    }

    /// Can it go on to this lab?
    pub fn fits(&self, lab: &Lab, sampling: Sampling) -> bool {
        self.meter.fits(lab, sampling)
    }

    /// Reads on, at most so many entries. True when there was something to read.
    pub fn read_on(&mut self, lab: &Lab, trace: Trace<'_>, most: usize) -> bool {
        let from = self.meter.read();
        let new = self.meter.read_on(lab, trace, most);
        let read = trace.part(from..self.meter.read()).iter();
        self.turns.extend(read.filter_map(|entry| match entry.what {
            What::Version(turn) => Some((entry.at, turn)),
            _ => None,
        }));
        new
    }

    /// How many entries of the trace were read.
    pub const fn read(&self) -> usize {
        self.meter.read()
    }

    /// What is to be shown of what was read: the first reader's metrics where the wanted one has none.
    pub fn readings(
        &self,
        lab: &Lab,
        wanted: Option<Reader>,
        objectives: &[Objective],
        rules: &[AlertRule],
    ) -> Readings {
        let (metrics, now) = (self.meter.so_far(lab), lab.world().now());
        let readers = metrics.readers.clone();
        let reader = wanted.filter(|wanted| readers.contains(wanted)).or_else(|| readers.first().copied());
        let stride = metrics.samples.len().div_ceil(POINTS_MAX).max(1);
        let moments = metrics.samples.chunks(stride).filter_map(|part| part.last());
        let attained = objectives.iter().map(|one| {
            let attained = one.judge(&metrics);
            Attained { name: one.name.clone(), met: attained.met, text: objective_line(one, attained) }
        });
        Readings {
            every: metrics.every,
            // The last sample is due after the end, and tells how it was there: nobody can look at a later moment.
            moments: moments.map(|last| last.at.min(now)).collect(),
            series: series(&metrics, reader, stride, lab.world().options().queries.are_asked()),
            objectives: attained.collect(),
            alerts: alerts(rules, &metrics, now),
            rebuilds: self.turns.iter().filter_map(|(at, turn)| rebuild_step(*at, *turn)).collect(),
            more: false,
            readers,
            reader,
        }
    }
}

impl Readings {
    /// The number of the point at a moment: the last one that was taken by then, or nothing before the first.
    pub fn point(&self, moment: Micros) -> Option<usize> {
        self.moments.partition_point(|at| *at <= moment).checked_sub(1)
    }

    /// How the rebuild that began last stands at a moment, if one has begun.
    pub fn rebuild(&self, moment: Micros) -> Option<&RebuildStep> {
        self.rebuilds.iter().rev().find(|step| step.at <= moment)
    }
}

/// The lines of a reader, and those of commands and queries.
fn series(metrics: &Metrics, reader: Option<Reader>, stride: usize, are_asked: bool) -> Vec<Series> {
    let line = |name, unit, of: &dyn Fn(&Sample) -> u64| {
        let highest = |part: &[Sample]| part.iter().map(of).max().unwrap_or(0);
        Series { name, unit, values: metrics.samples.chunks(stride).map(highest).collect() }
    };
    let mut all = Vec::new();
    if let Some(reader) = reader {
        let at = reader.index();
        all.extend([
            line("projection_lag_seconds", Unit::Span, &|one| one.readers[at].lag.0),
            line("projection_lag_events", Unit::Count(EVENTS), &|one| u64::from(one.readers[at].lag_events)),
            line("projection_last_processed_position", Unit::Position, &|one| u64::from(one.readers[at].position.0)),
            line("projection_throughput", Unit::Rate(DELIVERIES), &|one| u64::from(one.readers[at].processed)),
            line("event_publish_rate", Unit::Rate(EVENTS), &|one| u64::from(one.readers[at].published)),
            line("projection_error_total", Unit::Count(CRASHES), &|one| u64::from(one.readers[at].errors_total)),
        ]);
    }
    all.push(line("write_command_latency_p99", Unit::Span, &|one| one.command_latency_p99.0));
    all.push(line("commands_answered", Unit::Rate(COMMANDS), &|one| u64::from(one.commands_answered)));
    if are_asked {
        all.extend([
            line("read_query_latency_p99", Unit::Span, &|one| one.queries.latency_p99.0),
            line("query_results", Unit::Rate(ANSWERS), &|one| u64::from(one.queries.results)),
            line("query_result_stale_total", Unit::Count(ANSWERS), &|one| u64::from(one.queries.stale_total)),
        ]);
    }
    all
}

fn alerts(rules: &[AlertRule], metrics: &Metrics, now: Micros) -> Vec<AlertSpan> {
    let span = |one: Episode| {
        let rule = rules.get(one.rule)?;
        let (name, severity) = (rule.name.clone(), rule.severity);
        let (since, fired, cleared) =
            (one.since.min(now), one.fired.map(|at| at.min(now)), one.cleared.map(|at| at.min(now)));
        Some(AlertSpan { name, severity, reader: one.reader, since, fired, cleared })
    };
    let mut alerts: Vec<AlertSpan> = episodes(rules, metrics).into_iter().filter_map(span).collect();
    sort_by_key(&mut alerts, |one| one.since);
    alerts
}

fn rebuild_step(at: Micros, turn: Turn) -> Option<RebuildStep> {
    let (reader, handled) = match turn {
        Turn::Progress { reader, handled, of, .. } => (reader, Some((handled, of))),
        Turn::CaughtUp { reader, events, .. } => (reader, Some((events, events))),
        Turn::Stage { reader, to: Stage::Building | Stage::Rebuilding | Stage::Serving | Stage::Retired, .. }
        | Turn::HistoryGone { reader, .. }
        | Turn::Compared { reader, .. } => (reader, None),
        _ => return None,
    };
    Some(RebuildStep { at, reader, handled, text: log_versions::told(turn) })
}

#[cfg(test)]
mod tests {
    use super::{AlertSpan, AlertState, EVENTS, Micros, Severity, Unit};

    #[test]
    fn an_alert_is_pending_then_firing_then_resolved() {
        let seconds = Micros::from_secs;
        let span = AlertSpan {
            name: "Lag".to_owned(),
            severity: Severity::Page,
            reader: None,
            since: seconds(10),
            fired: Some(seconds(20)),
            cleared: Some(seconds(30)),
        };
        let at = |second| span.at(seconds(second));
        assert_eq!([at(9), at(10), at(19)], [None, Some(AlertState::Pending), Some(AlertState::Pending)]);
        assert_eq!([at(20), at(30)], [Some(AlertState::Firing), Some(AlertState::Resolved)]);
        let short = AlertSpan { fired: None, ..span };
        assert_eq!([short.at(seconds(15)), short.at(seconds(30))], [Some(AlertState::Pending), None]);
    }

    #[test]
    fn every_number_has_a_unit() {
        let told = |unit: Unit, value| unit.told(value, Micros::from_secs(1));
        assert_eq!(told(Unit::Span, 1_250_000), "1.25 s");
        assert_eq!([told(Unit::Count(EVENTS), 1), told(Unit::Rate(EVENTS), 1_200)], ["1 event", "1,200 events in 1 s"]);
        assert_eq!([told(Unit::Position, 0), told(Unit::Position, 12)], ["no event", "up to e12"]);
    }
}
