//! What the detectors of drift came to in a run, read off its trace.

use serde::Serialize;

use crate::system::detection::{Detection, Detector};
use crate::system::place::{Model, Reader};
use crate::system::trace::{Trace, What};

/// What one detector came to with one model. Moments are in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DetectorReport {
    /// The read model.
    pub model: &'static str,
    /// The detector.
    pub detector: &'static str,
    /// How often it has looked.
    pub looks: u32,
    /// When it looked last.
    pub last_look_ms: u64,
    /// How much it found in that look.
    pub found_last: u32,
    /// The most that it found in any look.
    pub found_max: u32,
    /// When it raised its first alarm, if it raised one.
    pub first_alarm_ms: Option<u64>,
    /// When its last alarm was over, if it is.
    pub cleared_ms: Option<u64>,
}

/// Which detectors have raised their alarm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alarms(u8);

impl Alarms {
    /// A detector raises its alarm, or finds nothing any more.
    pub const fn set(&mut self, detector: Detector, raised: bool) {
        let bit = 1 << detector.index();
        self.0 = if raised { self.0 | bit } else { self.0 & !bit };
    }

    /// Has none raised its alarm?
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those that have.
    pub fn raised(self) -> impl Iterator<Item = Detector> {
        Detector::ALL.into_iter().filter(move |detector| self.0 & 1 << detector.index() != 0)
    }
}

/// What every detector that has looked came to: by model, and then by detector.
pub fn detections(trace: Trace<'_>) -> Vec<DetectorReport> {
    let mut found: Vec<((Model, Detector), DetectorReport)> = Vec::new();
    for entry in trace {
        let What::Detection(detection) = entry.what else { continue };
        let at = entry.at.as_millis();
        match detection {
            Detection::Looked { reader, detector, found: count, .. } => {
                if let Some(one) = of(&mut found, reader, detector) {
                    one.looks += 1;
                    (one.last_look_ms, one.found_last) = (at, count);
                    one.found_max = one.found_max.max(count);
                }
            }
            Detection::Alarm { reader, detector } => {
                if let Some(one) = of(&mut found, reader, detector) {
                    one.first_alarm_ms.get_or_insert(at);
                    one.cleared_ms = None;
                }
            }
            Detection::Cleared { reader, detector } => {
                if let Some(one) = of(&mut found, reader, detector) {
                    one.cleared_ms = Some(at);
                }
            }
            Detection::Found { .. } | Detection::Paused { .. } | Detection::Resumed { .. } => {}
        }
    }
    found.sort_by_key(|(key, _)| *key);
    found.into_iter().map(|(_, report)| report).collect()
}

/// The report of a detector, begun if there is none.
fn of(
    found: &mut Vec<((Model, Detector), DetectorReport)>,
    reader: Reader,
    detector: Detector,
) -> Option<&mut DetectorReport> {
    let model = reader.keeps()?;
    let key = (model, detector);
    let at = found.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
        let (model, detector) = (model.name(), detector.name());
        let report = DetectorReport {
            model,
            detector,
            looks: 0,
            last_look_ms: 0,
            found_last: 0,
            found_max: 0,
            first_alarm_ms: None,
            cleared_ms: None,
        };
        found.push((key, report));
        found.len() - 1
    });
    found.get_mut(at).map(|(_, report)| report)
}
