//! The outcome of a run as one value: what `lab run --json` prints, and what browser and host compare.

use core::hash::{Hash as _, Hasher as _};

use serde::Serialize;

use crate::kernel::digest::Digest;
use crate::oracle::commands::{Commands, commands};
use crate::oracle::compositions::{Compositions, compositions};
use crate::oracle::detections::{DetectorReport, detections};
use crate::oracle::incidents::{Incident, incidents};
use crate::oracle::lab::Lab;
use crate::oracle::queries::{Queries, queries};
use crate::oracle::rebuilds::{RebuildReport, rebuilds};
use crate::oracle::sight::{Sights, sights};
use crate::system::place::Model;
use crate::system::trace::Trace;
use crate::view::verdict::{Verdict, VerdictStatus};
use crate::view::verdicts::verdicts;

/// The outcome of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The digest of the whole trace, as 16 hexadecimal digits.
    pub trace_hash: String,
    /// How many steps the run took.
    pub events_processed: u64,
    /// When the run was quiet, in milliseconds.
    pub end_ms: u64,
    /// Did it come to rest, or was it stopped?
    pub quiet: bool,
    /// How each promise stands.
    pub invariants: Vec<InvariantReport>,
    /// How each read model stands.
    pub models: Vec<ModelReport>,
    /// How the shoppers' commands fared.
    pub commands: Commands,
    /// The rebuilds of read models, if there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rebuilds: Vec<RebuildReport>,
    /// What detectors of drift came to, if there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub detectors: Vec<DetectorReport>,
    /// The incidents that they raised an alarm about, if there were any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<Incident>,
    /// How the queries fared; absent where nobody may ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queries: Option<Queries>,
    /// How answers stood to the rights of those who asked; absent where everybody may see everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sights: Option<Sights>,
    /// What composing answers came to; absent where none is composed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compositions: Option<Compositions>,
}

/// How a promise stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InvariantReport {
    /// Its name.
    pub name: &'static str,
    /// `always` or `eventually`.
    pub kind: &'static str,
    /// `holds`, `at_risk` or `broken`.
    pub status: &'static str,
    /// How often it was broken, or how many rows put it at risk.
    pub count: u64,
    /// When it was first broken, in milliseconds.
    pub first_ms: Option<u64>,
}

/// How a read model stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ModelReport {
    /// Its name.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// How many of the rows that should be there are stale, the missing ones included.
    pub stale: u64,
    /// How many are wrong.
    pub wrong: u64,
    /// How many events it has still to handle.
    pub lag_events: u64,
    /// For how long the oldest of them has waited, in milliseconds.
    pub lag_ms: u64,
}

/// The digest of a trace.
pub fn trace_hash(trace: Trace<'_>) -> u64 {
    let mut digest = Digest::default();
    for entry in trace {
        entry.hash(&mut digest);
    }
    digest.finish()
}

/// The outcome of a run that led to this lab by way of this trace.
pub fn report(lab: &Lab, trace: Trace<'_>) -> Report {
    Report {
        trace_hash: format!("{:016x}", trace_hash(trace)),
        events_processed: u64::from(lab.world().steps()),
        end_ms: lab.world().now().as_millis(),
        quiet: lab.is_quiet(),
        invariants: verdicts(lab).iter().map(invariant).collect(),
        models: lab.world().models().map(|model| model_report(lab, model)).collect(),
        commands: commands(trace),
        rebuilds: rebuilds(trace),
        detectors: detections(trace),
        incidents: incidents(trace),
        queries: lab.world().options().queries.are_asked().then(|| queries(trace)),
        sights: lab.world().options().queries.access.is_some().then(|| sights(trace)),
        compositions: lab.world().options().queries.composition.is_some().then(|| compositions(trace)),
    }
}

fn invariant(verdict: &Verdict) -> InvariantReport {
    InvariantReport {
        name: verdict.name,
        kind: verdict.kind,
        status: match verdict.status {
            VerdictStatus::Holds => "holds",
            VerdictStatus::AtRisk => "at_risk",
            VerdictStatus::Broken => "broken",
        },
        count: verdict.count,
        first_ms: verdict.first.map(|(_, at)| at.as_millis()),
    }
}

fn model_report(lab: &Lab, model: Model) -> ModelReport {
    let watch = lab.model(model);
    let (lag_events, lag) = watch.lag(lab.world().store(), lab.world().now());
    ModelReport {
        name: model.name(),
        rows: lab.rows(model),
        stale: u64::from(watch.counts.stale),
        wrong: u64::from(watch.counts.wrong),
        lag_events: lag_events as u64,
        lag_ms: lag.as_millis(),
    }
}
