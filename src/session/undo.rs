//! Taking changes back, and making them again.

use sim::scenario::recording::Scenario;

use super::Session;
use super::branches::Branches;
use super::run::{Run, Take};
use super::twin::{Plan, Twin};

/// A person who takes back more than this starts over instead.
const UNDO_MAX: usize = 100;

/// Where a person was, to come back to.
#[derive(Clone, Debug)]
struct Place {
    given: Scenario,
    slug: Option<&'static str>,
    take: Take,
    branch: u32,
    twin: Option<Plan>,
    /// The branches, where those of another scenario took their place.
    branches: Option<Branches>,
}

/// The places before each change, and those after each change that was taken back.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    back: Vec<Place>,
    forth: Vec<Place>,
}

impl Taken {
    /// Is there a change to take back, and one to make again?
    pub const fn can_undo_redo(&self) -> (bool, bool) {
        (!self.back.is_empty(), !self.forth.is_empty())
    }
}

impl Session {
    /// Remembers this place before a change.
    pub(super) fn remember(&mut self) {
        let here = self.here(None);
        self.remember_as(here);
    }

    /// Remembers this place and all branches, before those of another scenario take their place.
    pub(super) fn remember_with_branches(&mut self) {
        let branches = self.all_branches();
        let here = self.here(Some(branches));
        self.remember_as(here);
    }

    fn remember_as(&mut self, here: Place) {
        let Taken { back, forth } = &mut self.taken;
        back.push(here);
        forth.clear();
        if back.len() > UNDO_MAX {
            back.remove(0);
        }
    }

    /// Takes the last change back.
    pub(super) fn go_back(&mut self) -> bool {
        let Some(before) = self.taken.back.pop() else { return false };
        let here = self.exchanged_for(before);
        self.taken.forth.push(here);
        true
    }

    /// Makes the change again that was taken back last.
    pub(super) fn go_forth(&mut self) -> bool {
        let Some(after) = self.taken.forth.pop() else { return false };
        let here = self.exchanged_for(after);
        self.taken.back.push(here);
        true
    }

    fn here(&self, branches: Option<Branches>) -> Place {
        Place {
            given: self.given.clone(),
            slug: self.slug,
            take: self.run.take(),
            branch: self.branches.current(),
            twin: self.twin().map(|twin| twin.plan().clone()),
            branches,
        }
    }

    /// All branches, the one that is shown as it is left now.
    fn all_branches(&mut self) -> Branches {
        self.branches.leave(self.run.take());
        self.branches.clone()
    }

    /// Goes to a place, and tells how to come back.
    fn exchanged_for(&mut self, to: Place) -> Place {
        let branches = to.branches.is_some().then(|| self.all_branches());
        let here = self.here(branches);
        match to.branches {
            Some(branches) => self.branches = branches,
            None => self.branches.return_to(self.run.take(), to.branch),
        }
        self.sent = None;
        self.given = to.given;
        self.slug = to.slug;
        *self.run = Run::of(to.take);
        self.twin = to.twin.and_then(|plan| Twin::of(&self.run, plan)).map(Box::new);
        here
    }
}
