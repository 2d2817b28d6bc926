//! What detectors of drift promise: only where there is one.

use crate::oracle::lab::Lab;
use crate::system::place::{Model, Reader};
use crate::system::trace::Promise;

use crate::view::verdict::{Verdict, always, merged};

/// The verdicts about detectors.
pub fn verdicts(lab: &Lab) -> Vec<Verdict> {
    let options = lab.world().options();
    let watched = |model| options.consumer(Reader::Projection(model)).detectors.is_some();
    if !Model::ALL.into_iter().any(watched) {
        return Vec::new();
    }
    vec![always(
        "no_false_alarm",
        "True alarms",
        "A row that a detector finds is not right, and does not come right by itself.",
        merged(Reader::ALL.map(|reader| lab.breaches(Promise::NoFalseAlarm, reader))),
    )]
}
