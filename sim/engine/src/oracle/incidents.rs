//! The incidents of a run, read off its trace: from the first alarm about a read model until no detector finds anything any more
//! [seed 004: record incident evidence].

use serde::Serialize;

use crate::system::detection::{Detection, Detector};
use crate::system::place::Model;
use crate::system::trace::{Trace, What};
use crate::system::versions::{Stage, Turn};

/// An incident. Moments are in milliseconds; what did not happen has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Incident {
    /// The read model.
    pub model: &'static str,
    /// The detector that raised the first alarm.
    pub detector: &'static str,
    /// When it did.
    pub alarm_ms: u64,
    /// When the model stopped serving.
    pub paused_ms: Option<u64>,
    /// When a rebuild began.
    pub rebuild_ms: Option<u64>,
    /// In how many rows the rebuilt version differed from the one that served.
    pub differing: Option<u32>,
    /// When another version began to serve.
    pub switched_ms: Option<u64>,
    /// When the model served again.
    pub resumed_ms: Option<u64>,
    /// When the last alarm was over.
    pub cleared_ms: Option<u64>,
    #[serde(skip)]
    open: Vec<Detector>,
}

/// Every incident of a run, in the order in which they began.
pub fn incidents(trace: Trace<'_>) -> Vec<Incident> {
    let mut found: Vec<(Model, Incident)> = Vec::new();
    for entry in trace {
        let at = entry.at.as_millis();
        match entry.what {
            What::Detection(detection) => detected(&mut found, detection, at),
            What::Version(turn) => turned(&mut found, turn, at),
            _ => {}
        }
    }
    found.into_iter().map(|(_, incident)| incident).collect()
}

/// The incident about this model that is not over.
fn open(found: &mut [(Model, Incident)], model: Model) -> Option<&mut Incident> {
    let mut latest = found.iter_mut().rev().filter(|(about, _)| *about == model).map(|(_, incident)| incident);
    latest.next().filter(|incident| incident.cleared_ms.is_none())
}

fn detected(found: &mut Vec<(Model, Incident)>, detection: Detection, at: u64) {
    match detection {
        Detection::Alarm { reader, detector } => {
            let Some(model) = reader.keeps() else { return };
            match open(found, model) {
                Some(incident) => incident.open.push(detector),
                None => found.push((model, begun(model, detector, at))),
            }
        }
        Detection::Cleared { reader, detector } => {
            if let Some(incident) = reader.keeps().and_then(|model| open(found, model)) {
                incident.open.retain(|one| *one != detector);
                if incident.open.is_empty() {
                    incident.cleared_ms = Some(at);
                }
            }
        }
        Detection::Paused { model } => {
            if let Some(incident) = open(found, model) {
                incident.paused_ms.get_or_insert(at);
            }
        }
        Detection::Resumed { model } => {
            if let Some(incident) = open(found, model) {
                incident.resumed_ms = Some(at);
            }
        }
        Detection::Looked { .. } | Detection::Found { .. } => {}
    }
}

fn turned(found: &mut [(Model, Incident)], turn: Turn, at: u64) {
    let of = match turn {
        Turn::Stage { reader, .. } | Turn::Compared { reader, .. } => reader.keeps(),
        _ => None,
    };
    let Some(incident) = of.and_then(|model| open(found, model)) else { return };
    match turn {
        Turn::Stage { to: Stage::Building | Stage::Rebuilding, .. } => {
            incident.rebuild_ms.get_or_insert(at);
        }
        Turn::Stage { to: Stage::Serving, .. } => incident.switched_ms = Some(at),
        Turn::Compared { differing, .. } => incident.differing = Some(differing),
        _ => {}
    }
}

fn begun(model: Model, detector: Detector, at: u64) -> Incident {
    Incident {
        model: model.name(),
        detector: detector.name(),
        alarm_ms: at,
        paused_ms: None,
        rebuild_ms: None,
        differing: None,
        switched_ms: None,
        resumed_ms: None,
        cleared_ms: None,
        open: vec![detector],
    }
}
