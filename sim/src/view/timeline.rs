//! The ticks of the transport.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::system::trace::{Trace, What};

use super::log;

/// Marks along the whole known run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When commands were sent; at most one for each of the `bins` asked for.
    pub commands: Vec<Micros>,
    /// Faults; at most one for each bin.
    pub faults: Vec<Mark>,
    /// Broken promises; at most one for each bin.
    pub broken: Vec<Mark>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it.
    pub step: u64,
    /// What, in a few words.
    pub text: String,
}

/// The marks of a trace, at most `bins` of each kind. `lab` is the lab at the end of the trace.
pub fn timeline(lab: &Lab, trace: Trace<'_>, bins: u64) -> Timeline {
    let width = trace.last().map_or(1, |last| last.at.0 / bins.max(1) + 1);
    let mut timeline = Timeline::default();
    let fresh = |last: Option<Micros>, at: Micros| last.is_none_or(|last| last.0 / width != at.0 / width);
    for (index, entry) in trace.iter().enumerate() {
        let mark = || Mark {
            at: entry.at,
            step: u64::from(entry.step),
            text: log::line(lab, &entry, trace.part(..index)).text,
        };
        match entry.what {
            What::CommandSent { .. } if fresh(timeline.commands.last().copied(), entry.at) => {
                timeline.commands.push(entry.at);
            }
            What::Broken { .. } if fresh(timeline.broken.last().map(|mark| mark.at), entry.at) => {
                timeline.broken.push(mark());
            }
            what if what.is_fault() && fresh(timeline.faults.last().map(|mark| mark.at), entry.at) => {
                timeline.faults.push(mark());
            }
            _ => {}
        }
    }
    timeline
}
