//! The branches of a session: what was tried is kept, named, and one click away.

use sim::kernel::time::Micros;

use super::run::Take;
use sim::view::words::clock;

/// More than this many are not kept: the oldest one that is not shown goes first.
pub(super) const KEPT_MAX: usize = 8;
/// Letters of a name at most, so that it fits beside the moment.
const NAME_MAX: usize = 40;

/// A kept run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Branch {
    pub(super) id: u32,
    pub(super) name: String,
    /// Where one left it; for the branch that is shown, where one came to it.
    pub(super) take: Take,
}

/// The kept runs, and which of them is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branches {
    all: Vec<Branch>,
    current: u32,
    next: u32,
}

impl Branches {
    /// One branch, called main.
    pub fn new(take: Take) -> Self {
        Self { all: vec![Branch { id: 0, name: "main".to_owned(), take }], current: 0, next: 1 }
    }

    /// The branches with their names and what they hold, oldest first; the one at `current` is shown.
    pub(super) fn of(kept: Vec<(String, Take)>, current: usize) -> Self {
        let all: Vec<_> = (0..).zip(kept).map(|(id, (name, take))| Branch { id, name, take }).collect();
        let next = all.last().map_or(0, |last| last.id + 1);
        let current = all.get(current).map_or(0, |branch| branch.id);
        Self { all, current, next }
    }

    /// All of them, oldest first.
    pub(super) fn all(&self) -> &[Branch] {
        &self.all
    }

    /// The number of the branch that is shown.
    pub const fn current(&self) -> u32 {
        self.current
    }

    /// The names, oldest first, and which one is shown.
    pub fn names(&self) -> Vec<(String, bool)> {
        self.all.iter().map(|branch| (branch.name.clone(), branch.id == self.current)).collect()
    }

    /// Keeps where one leaves the branch that is shown.
    pub fn leave(&mut self, take: Take) {
        if let Some(branch) = self.all.iter_mut().find(|branch| branch.id == self.current) {
            branch.take = take;
        }
    }

    /// A new branch that leaves the one shown at a moment. `left` is where the latter stays.
    pub fn fork(&mut self, left: Take, at: Micros) {
        self.add(left, format!("from {}", clock(at)));
    }

    /// A new branch that starts over.
    pub fn replay(&mut self, left: Take) {
        let replays = self.all.iter().filter(|branch| branch.name.starts_with("replay")).count();
        let name = if replays == 0 { "replay".to_owned() } else { format!("replay {}", replays + 1) };
        self.add(left, name);
    }

    /// A new branch with a name of its own.
    pub fn named(&mut self, left: Take, name: String) {
        self.add(left, name);
    }

    fn add(&mut self, left: Take, name: String) {
        self.leave(left.clone());
        self.current = self.next;
        self.next += 1;
        self.all.push(Branch { id: self.current, name, take: left });
        if self.all.len() > KEPT_MAX {
            self.all.remove(0);
        }
    }

    /// Calls the branch at a place in the list something else. A name without a letter is none.
    pub fn name(&mut self, place: usize, name: &str) -> bool {
        let name: String = name.trim().chars().take(NAME_MAX).collect();
        let Some(branch) = self.all.get_mut(place).filter(|branch| !name.is_empty() && branch.name != name) else {
            return false;
        };
        branch.name = name;
        true
    }

    /// Goes to the branch at a place in the list; gives what it holds.
    pub fn switch(&mut self, left: Take, place: usize) -> Option<Take> {
        let (id, take) = self.all.get(place).map(|branch| (branch.id, branch.take.clone()))?;
        self.leave(left);
        self.current = id;
        Some(take)
    }

    /// Goes back to a branch by its number, if it is still kept.
    pub fn return_to(&mut self, left: Take, id: u32) {
        self.leave(left);
        if self.all.iter().any(|branch| branch.id == id) {
            self.current = id;
        }
    }
}

#[cfg(test)]
mod tests {
    use sim::scenario::presets::PRESETS;
    use sim::scenario::recording::Recording;

    use super::{Branches, KEPT_MAX, Micros, Take};

    fn take(at: u64) -> Take {
        let recording = Recording::from_json(PRESETS[0].json).expect("presets can be read");
        Take { recording, at: Micros(at) }
    }

    #[test]
    fn a_fork_keeps_what_it_left() {
        let mut branches = Branches::new(take(0));
        branches.fork(take(9), Micros::from_millis(12_410));
        assert_eq!(branches.names(), [("main".to_owned(), false), ("from 12.41 s".to_owned(), true)]);
        assert_eq!(branches.switch(take(11), 0), Some(take(9)));
        assert_eq!(branches.switch(take(9), 1), Some(take(11)));
        assert_eq!(branches.switch(take(9), 7), None);
    }

    #[test]
    fn a_branch_is_called_what_a_person_calls_it() {
        let mut branches = Branches::new(take(0));
        branches.replay(take(1));
        assert!(branches.name(0, "  before the crash "));
        assert!(!branches.name(1, "   "), "a branch without a name could not be chosen");
        assert!(!branches.name(9, "nowhere"));
        assert_eq!(branches.names()[0].0, "before the crash");
        assert_eq!(branches.names()[1].0, "replay");
    }

    #[test]
    fn only_so_many_are_kept() {
        let mut branches = Branches::new(take(0));
        for _ in 0..20 {
            branches.replay(take(1));
        }
        assert_eq!(branches.names().len(), KEPT_MAX);
        assert!(branches.names()[KEPT_MAX - 1].1);
    }
}
