//! The search for the one fault without which a cell would be right, a little in each frame.

use sim::scenario::counterfactual::{Counterfactual, Proof};
use sim::view::holders::Spot;

use super::play::Motion;
use super::run::{Run, Take};
use super::{FRAME_STEPS, Session};

impl Session {
    /// Begins to search about a cell as it is at the moment, or gives up.
    pub fn prove(&mut self, spot: Option<Spot>) {
        let run = &self.run;
        self.proving = spot.and_then(|spot| Counterfactual::new(run.history(), run.recording(), spot, run.clock()));
    }

    /// How far the search has come.
    pub fn proof(&self) -> Option<Proof> {
        self.proving.as_ref().map(Counterfactual::proof)
    }

    pub(super) fn prove_on(&mut self) {
        if let Some(proving) = &mut self.proving {
            proving.advance(FRAME_STEPS);
        }
    }

    /// The run without the fault that was found, at the same moment, on a branch of its own.
    pub(super) fn show_without_fault(&mut self) -> bool {
        let branch = self.proving.as_ref().and_then(Counterfactual::branch);
        let Some((recording, at, name)) = branch else { return false };
        self.remember();
        self.branches.named(self.run.take(), name);
        *self.run = Run::of(Take { recording, at });
        self.derive_twin();
        self.motion = Motion::Rest;
        true
    }
}
