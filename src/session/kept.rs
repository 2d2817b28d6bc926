//! The branches of a session as text, from one visit to the next.

use serde::{Deserialize, Serialize};
use sim::kernel::time::Micros;
use sim::scenario::recording::Recording;

use super::branches::{Branch, Branches, KEPT_MAX};
use super::run::Take;

/// The list of branches.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The place in the list of the branch that is shown.
    shown: usize,
    branches: Vec<KeptBranch>,
}

/// One of them.
#[derive(Serialize, Deserialize)]
struct KeptBranch {
    name: String,
    at: Micros,
    /// As a file holds it, so that it is read with every check of a file. `None` for the branch that is shown: its recording
    /// changes more often than the list and is kept by itself.
    recording: Option<String>,
}

impl Branches {
    /// All of them as JSON; of the branch that is shown only the name.
    pub fn to_json(&self) -> String {
        let shown = self.all().iter().position(|branch| branch.id == self.current()).unwrap_or_default();
        let kept = |branch: &Branch| KeptBranch {
            name: branch.name.clone(),
            at: branch.take.at,
            recording: (branch.id != self.current()).then(|| branch.take.recording.to_json()),
        };
        let branches = self.all().iter().map(kept).collect();
        // Plain data always has a form as JSON.
        serde_json::to_string(&Kept { shown, branches }).unwrap_or_default()
    }

    /// Reads the list again. `shown` is what the branch that is shown holds. A branch that can not be read, as one of an
    /// earlier format, is left out; `None` without the one that is shown.
    pub fn from_json(text: &str, shown: &Take) -> Option<Self> {
        let kept: Kept = serde_json::from_str(text).ok()?;
        let mut current = None;
        let mut read = Vec::new();
        for (n, one) in kept.branches.into_iter().take(KEPT_MAX).enumerate() {
            let take = match one.recording {
                _ if n == kept.shown => shown.clone(),
                Some(recording) => match Recording::from_json(&recording) {
                    Ok(recording) => Take { recording, at: one.at },
                    Err(_) => continue,
                },
                None => continue,
            };
            if n == kept.shown {
                current = Some(read.len());
            }
            read.push((one.name, take));
        }
        Some(Self::of(read, current?))
    }
}

#[cfg(test)]
mod tests {
    use sim::scenario::presets::PRESETS;

    use super::{Branches, Micros, Recording, Take};

    fn take(preset: usize, at: u64) -> Take {
        let recording = Recording::from_json(PRESETS[preset].json).expect("presets can be read");
        Take { recording, at: Micros(at) }
    }

    fn three() -> Branches {
        let mut branches = Branches::new(take(0, 5));
        branches.replay(take(0, 7));
        branches.named(take(1, 9), "without the crash".to_owned());
        branches
    }

    #[test]
    fn the_branches_of_the_last_visit_are_there_again() {
        let mut branches = three();
        branches.switch(take(2, 11), 1).expect("there is a second branch");
        let mut again = Branches::from_json(&branches.to_json(), &take(1, 12)).expect("reads back");
        assert_eq!(again.names(), branches.names());
        assert_eq!(again.switch(take(1, 12), 0), Some(take(0, 7)));
        assert_eq!(again.switch(take(0, 7), 2), Some(take(2, 11)));
        assert_eq!(again.switch(take(2, 11), 1), Some(take(1, 12)), "the one shown is what was kept by itself");
        again.replay(take(1, 12));
        assert_eq!(again.names().iter().filter(|(_, shown)| *shown).count(), 1, "numbers go on, none is used twice");
    }

    #[test]
    fn a_branch_that_can_not_be_read_is_left_out() {
        let mut branches = three();
        branches.leave(take(2, 11));
        let text = branches.to_json().replacen("\\\"version\\\": 1", "\\\"version\\\": 99", 1);
        assert_ne!(text, branches.to_json());
        let again = Branches::from_json(&text, &take(2, 11)).expect("reads back");
        assert_eq!(again.names(), [("replay".to_owned(), false), ("without the crash".to_owned(), true)]);
    }

    #[test]
    fn what_is_not_a_list_of_branches_is_none() {
        for text in ["", "null", "[]", "{\"shown\":0,\"branches\":[]}", "{\"shown\":7,\"branches\":[]}"] {
            assert_eq!(Branches::from_json(text, &take(0, 0)), None, "{text}");
        }
    }
}
