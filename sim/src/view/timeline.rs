//! The ticks of the transport.

use crate::kernel::history::History;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::oracle::standing::StandingChange;
use crate::system::trace::{Trace, What};

use super::log;
use super::verdicts::{name_of, verdicts};
use crate::view::verdict::VerdictStatus;

/// Marks along the whole known run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// When commands were sent; at most one for each of the `bins` asked for.
    pub commands: Vec<Micros>,
    /// Faults; at most one for each bin.
    pub faults: Vec<Mark>,
    /// Broken promises; at most one for each bin.
    pub broken: Vec<Mark>,
    /// Verdicts that changed otherwise; at most one for each bin.
    pub turned: Vec<Turned>,
}

/// A verdict changed, and no promise was told as broken then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turned {
    /// When, and which verdict.
    pub mark: Mark,
    /// How it stands from then on.
    pub to: VerdictStatus,
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

/// The marks of a run that is still becoming known: what was read of its trace is not read again.
///
/// Bins become twice as wide when the run has outgrown them. Two of them then make one, of which the first mark is that of the
/// earlier one that has any, so what was read stays what a reader of the whole trace would find.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// How often the run had been changed when it was read.
    forks: u64,
    /// How many entries of its trace were read.
    read: usize,
    /// How wide a bin is, in microseconds.
    width: u64,
    found: Timeline,
}

/// The marks of a trace, at most `bins` of each kind. `lab` is the lab at the end of the trace.
pub fn timeline(lab: &Lab, trace: Trace<'_>, bins: u64) -> Timeline {
    let mut marks = Marks::default();
    marks.read(lab, trace, bins);
    marks.found
}

impl Marks {
    /// Reads on to what is known of a run now, and gives back its marks, at most `bins` of each kind. Who was changed is read anew.
    pub fn read_on(&mut self, history: &History<Lab>, bins: u64) -> &Timeline {
        if self.forks != history.forks() {
            *self = Self { forks: history.forks(), ..Self::default() };
        }
        self.read(history.frontier(), history.trace(), bins);
        &self.found
    }

    fn read(&mut self, lab: &Lab, trace: Trace<'_>, bins: u64) {
        let width = trace.last().map_or(1, |last| last.at.0 / bins.max(1) + 1).next_power_of_two();
        if width != self.width {
            self.width = width;
            thin(&mut self.found.commands, width, |at| *at);
            thin(&mut self.found.faults, width, |mark| mark.at);
            thin(&mut self.found.broken, width, |mark| mark.at);
        }
        let fresh = |last: Option<Micros>, at: Micros| last.is_none_or(|last| last.0 / width != at.0 / width);
        let found = &mut self.found;
        for (index, entry) in trace.part(self.read..).iter().enumerate() {
            let mark = || Mark {
                at: entry.at,
                step: u64::from(entry.step),
                text: log::line(lab, &entry, trace.part(..self.read + index)).text,
            };
            match entry.what {
                What::CommandSent { .. } if fresh(found.commands.last().copied(), entry.at) => {
                    found.commands.push(entry.at);
                }
                What::Broken { .. } if fresh(found.broken.last().map(|mark| mark.at), entry.at) => {
                    found.broken.push(mark());
                }
                what if what.is_fault() && fresh(found.faults.last().map(|mark| mark.at), entry.at) => {
                    found.faults.push(mark());
                }
                _ => {}
            }
        }
        self.read = trace.len();
        found.turned = turned(lab, fresh);
    }
}

/// Keeps the first of each bin.
fn thin<T>(marks: &mut Vec<T>, width: u64, at: impl Fn(&T) -> Micros) {
    let mut last = None;
    marks.retain(|mark| {
        let bin = Some(at(mark).0 / width);
        let is_first = bin != last;
        last = bin;
        is_first
    });
}

fn turned(lab: &Lab, fresh: impl Fn(Option<Micros>, Micros) -> bool) -> Vec<Turned> {
    let verdicts = verdicts(lab);
    let title = |change: &StandingChange| {
        let name = name_of(change.matter);
        verdicts.iter().find(|verdict| verdict.name == name).map(|verdict| verdict.title)
    };
    let mut turned: Vec<Turned> = Vec::new();
    for change in lab.standings().changes().filter(|change| !is_told(change)) {
        if let Some(title) = title(change).filter(|_| fresh(turned.last().map(|last| last.mark.at), change.at)) {
            let text = match change.to {
                VerdictStatus::Holds => format!("{title} holds again"),
                VerdictStatus::AtRisk => format!("{title} is at risk"),
                VerdictStatus::Broken => format!("{title} is broken"),
            };
            let mark = Mark { at: change.at, step: u64::from(change.step), text };
            turned.push(Turned { mark, to: change.to });
        }
    }
    turned
}

/// Does the trace itself tell of this change, as of a broken promise?
fn is_told(change: &StandingChange) -> bool {
    change.to == VerdictStatus::Broken && change.matter.is_told_when_broken()
}
