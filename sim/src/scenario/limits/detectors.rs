//! What a detector of drift may ask for, and which readers can have one.

use crate::system::detection::Detector;
use crate::system::options::Consumer;
use crate::system::place::{Model, Reader};

use super::checks::{Checked, pause, refuse, span};

/// Checks the detectors of a reader.
pub(super) fn detectors(field: &str, reader: Reader, settings: &Consumer) -> Checked {
    if let Some(with) = settings.rebuild.as_ref().and_then(|rebuild| rebuild.with.as_ref())
        && with.detectors.is_some()
    {
        return refuse(&format!("{field}.rebuild.with.detectors"), "nothing: the model's own look on", "detectors");
    }
    let Some(detectors) = &settings.detectors else { return Ok(()) };
    let at = |part: &str| format!("{field}.detectors.{part}");
    let Some(model) = reader.model() else {
        return refuse(&format!("{field}.detectors"), "nothing, because it is no read model", "detectors");
    };
    for detector in Detector::ALL {
        if let Some(every) = detector.every(detectors) {
            pause(&at(&format!("{}.every", detector.name())), every)?;
            span(&at(&format!("{}.bound", detector.name())), detector.patience(detectors))?;
        }
    }
    if detectors.stale_row.is_some() && matches!(model, Model::SalesDashboard | Model::ProductStats) {
        return refuse(&at("stale_row"), "nothing, because rows that are sums have no version of their own", "one");
    }
    if detectors.on_alarm.rebuild && settings.synchronous {
        return refuse(&at("on_alarm.rebuild"), "false, because it is synchronous", true);
    }
    span(&at("settle"), detectors.settle)?;
    span(&at("row_cost"), detectors.row_cost)
}
