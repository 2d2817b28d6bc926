//! How verdicts stand, and the moments at which one changed without a promise being broken in the trace: a read model holds
//! wrong cells, or none any more; a reader has stopped at an event, or goes on.
//!
//! The lab takes note of each change as it happens. To look for them afterwards would mean to play the run once more.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::system::place::{Model, Reader, Replica};
use crate::system::queries::reading::Reading;
use crate::system::queries::sight::Sight;
use crate::system::trace::{Entry, Promise, What};

use super::lab::Lab;
use super::stuck::Stuck;

/// How an invariant stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Kept so far.
    #[default]
    Holds,
    /// An `eventually` promise that would be broken if the run ended now.
    AtRisk,
    /// Broken.
    Broken,
}

/// What a verdict is about whose standing can change although the trace tells of no broken promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matter {
    /// Does the copy equal the truth? Whichever version of a read model serves answers for it.
    Copy(Reader),
    /// Is nothing stuck?
    Stuck,
    /// Was nobody shown what he may not see?
    Rights,
    /// A promise that is judged at the end: whoever lets a run go on after it takes the judgement back.
    Ending(Promise),
}

impl Matter {
    /// Every matter.
    pub const ALL: [Self; 13] = [
        Self::Copy(Reader::Projection(Model::OrderView)),
        Self::Copy(Reader::Projection(Model::SalesDashboard)),
        Self::Copy(Reader::Projection(Model::CustomerOrderHistory)),
        Self::Copy(Reader::Projection(Model::ProductSearch)),
        Self::Copy(Reader::Projection(Model::ProductStats)),
        Self::Copy(Reader::Projection(Model::OrderWorkQueue)),
        Self::Copy(Reader::Replica(Replica::Products)),
        Self::Copy(Reader::Replica(Replica::Customers)),
        Self::Stuck,
        Self::Rights,
        Self::Ending(Promise::MoneyConserved),
        Self::Ending(Promise::SagasEnd),
        Self::Ending(Promise::NoEventLost),
    ];

    /// How it stands in this lab.
    pub fn standing(self, lab: &Lab) -> Standing {
        let broken_if = |broken| if broken { Standing::Broken } else { Standing::Holds };
        match self {
            Self::Copy(reader) => of_copy(lab, lab.world().in_service(reader)),
            Self::Stuck => of_stuck(Stuck::anywhere(lab.world()), lab.is_quiet()),
            Self::Rights => broken_if(lab.shown().count > 0),
            Self::Ending(promise) => {
                broken_if(Reader::ALL.into_iter().any(|reader| lab.breaches(promise, reader).count > 0))
            }
        }
    }

    /// Does the trace tell of it in its own words when this becomes broken?
    pub const fn is_told_when_broken(self) -> bool {
        matches!(self, Self::Copy(_) | Self::Ending(_))
    }
}

/// Does this copy equal the truth, or will it? A stale row is on its way; a wrong one does not mend by itself.
pub fn of_copy(lab: &Lab, reader: Reader) -> Standing {
    match (lab.is_quiet(), lab.breaches(Promise::EqualsTruth, reader).count, lab.watch(reader).counts.wrong) {
        (true, 0, _) | (false, _, 0) => Standing::Holds,
        (true, ..) => Standing::Broken,
        (false, ..) => Standing::AtRisk,
    }
}

/// Is anything stuck? A gap closes by itself while the missing event may be on its way.
pub const fn of_stuck(stuck: Stuck, quiet: bool) -> Standing {
    match (stuck.count(), quiet) {
        (0, _) => Standing::Holds,
        (_, true) => Standing::Broken,
        (_, false) if stuck.halted + stuck.parked == 0 => Standing::Holds,
        (_, false) => Standing::AtRisk,
    }
}

/// A verdict changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingChange {
    /// When.
    pub at: Micros,
    /// The number of steps up to and with it.
    pub step: u32,
    /// What the verdict is about.
    pub matter: Matter,
    /// How it stands from then on.
    pub to: Standing,
}

/// How each matter stands, and each change so far, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    now: [Standing; Matter::ALL.len()],
    changes: Pages<StandingChange>,
}

impl Standings {
    /// Looks at each matter again that can have changed by what has happened in a step. What is judged at the end only the end
    /// can change, or a person who takes the run on: for both there is [`look_again`](Self::look_again).
    pub fn note(&mut self, lab: &Lab, happened: &[Entry]) {
        let any = |of: fn(&What) -> bool| happened.iter().any(|entry| of(&entry.what));
        let (judged, shown) = (any(judges), any(shows));
        let stuck = any(stops) || (self.now[STUCK] != Standing::Holds && any(frees));
        if judged || shown || stuck {
            self.look(lab, |matter| match matter {
                Matter::Copy(_) => judged,
                Matter::Rights => shown,
                Matter::Stuck => stuck,
                Matter::Ending(_) => false,
            });
        }
    }

    /// Looks at every matter again: the run has ended, or a person has changed it.
    pub fn look_again(&mut self, lab: &Lab) {
        self.look(lab, |_| true);
    }

    fn look(&mut self, lab: &Lab, wanted: impl Fn(Matter) -> bool) {
        for (stood, matter) in self.now.iter_mut().zip(Matter::ALL).filter(|(_, matter)| wanted(*matter)) {
            let to = matter.standing(lab);
            if core::mem::replace(stood, to) != to {
                let (at, step) = (lab.world().now(), lab.world().steps());
                self.changes.push(StandingChange { at, step, matter, to });
            }
        }
    }

    /// Every change so far, oldest first.
    pub fn changes(&self) -> impl Iterator<Item = &StandingChange> {
        self.changes.iter()
    }

    /// The first change for which `is_before` no longer holds, where it holds for all before it; or the last for which it does.
    pub fn beside(&self, forward: bool, is_before: impl Fn(&StandingChange) -> bool) -> Option<StandingChange> {
        let (mut from, mut to) = (0, self.changes.len());
        while from < to {
            let middle = from.midpoint(to);
            if self.changes.get(middle).is_some_and(&is_before) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        self.changes.get(if forward { from } else { from.checked_sub(1)? }).copied()
    }
}

/// The place of the one matter that is costly to look at.
const STUCK: usize = 8;
const _: () = assert!(matches!(Matter::ALL[STUCK], Matter::Stuck));

/// Can rows be judged otherwise after this?
const fn judges(what: &What) -> bool {
    matches!(
        what,
        What::Committed { .. }
            | What::Applied { .. }
            | What::Skipped { .. }
            | What::Refreshed { .. }
            | What::Version(_)
    )
}

/// Was somebody shown what he may not see?
const fn shows(what: &What) -> bool {
    matches!(what, What::Reading(Reading::Sight(Sight::FoundShown { .. })))
}

/// Can something be stuck after this that was not?
const fn stops(what: &What) -> bool {
    matches!(what, What::Halted { .. } | What::Parked { .. } | What::Version(_))
}

/// Can what was stuck be so no more after this? What a person frees is looked at with every other change of his.
const fn frees(what: &What) -> bool {
    matches!(what, What::Applied { .. } | What::Skipped { .. } | What::Resumed { .. } | What::Restarted { .. })
}
