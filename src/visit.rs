//! What is kept of a session from one visit to the next, and for a restart after a failure.

use sim::kernel::time::Micros;
use sim::scenario::recording::Recording;

use crate::session::Session;
use crate::session::branches::Branches;
use crate::session::twin::Twin;
use crate::store;

/// Keeps a session; what has not changed since is not written again.
#[derive(Debug, Default)]
pub struct Visit {
    /// The branches as they were kept last: they are long, and change seldom.
    branches: Option<Branches>,
}

impl Visit {
    /// Keeps everything.
    pub fn keep(&mut self, session: &Session) {
        store::write(store::RECORDING, &session.run().recording().to_json());
        store::write(store::GIVEN, &Recording::of(session.given().clone()).to_json());
        Self::keep_moment(session);
        let plan = session.twin().map(Twin::plan);
        // Plain data always has a form as JSON.
        store::write(store::TWIN, &serde_json::to_string(&plan).unwrap_or_default());
        if self.branches.as_ref() != Some(session.branches()) {
            store::write(store::BRANCHES, &session.branches().to_json());
            self.branches = Some(session.branches().clone());
        }
    }

    /// Keeps the moment that is looked at.
    pub fn keep_moment(session: &Session) {
        store::write(store::MOMENT, &session.clock().0.to_string());
    }
}

/// The run of the last visit, where it was left, with its branches and its twin.
pub fn last() -> Option<Session> {
    let recording = Recording::from_json(&store::read(store::RECORDING)?).ok()?;
    let given = store::read(store::GIVEN).and_then(|text| Recording::from_json(&text).ok()).map(|given| given.scenario);
    let given = given.unwrap_or_else(|| recording.scenario.clone());
    let at = store::read(store::MOMENT).and_then(|text| text.parse().ok()).unwrap_or_default();
    // A twin or branches of an earlier format are left out: the run itself is what must not be lost.
    let twin = store::read(store::TWIN).and_then(|text| serde_json::from_str(&text).ok()).flatten();
    let branches = store::read(store::BRANCHES).unwrap_or_default();
    Some(Session::resumed(given, recording, Micros(at)).with_branches(&branches).with_twin(twin))
}
