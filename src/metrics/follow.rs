//! Keeps up with what is known of a run while somebody looks at its metrics: a stretch of the trace in each frame.

use sim::oracle::lags::Whose;
use sim::view::gauges::{Gauges, Readings};

use crate::drawer::shown::Shown;
use crate::session::Session;

/// Entries of the trace that are read in one frame at most: about a millisecond.
const ENTRIES_PER_FRAME: usize = 12_000;

/// What was read so far.
#[derive(Debug, Default)]
pub struct Follow {
    gauges: Option<Gauges>,
    /// What the figures were made of last.
    shown: Option<Shown>,
}

impl Follow {
    /// The run is another one.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Reads on, and makes the figures anew where they are due and say something new.
    pub fn read_on(&mut self, session: &Session, wanted: Option<Whose>, due: bool) -> Option<Readings> {
        let history = session.run().history();
        let (lab, scenario) = (history.frontier(), &session.run().recording().scenario);
        if self.gauges.as_ref().is_some_and(|gauges| !gauges.fits(lab, scenario.metrics)) {
            self.forget();
        }
        let gauges = self.gauges.get_or_insert_with(|| Gauges::new(lab, scenario.metrics));
        gauges.read_on(lab, history.trace(), ENTRIES_PER_FRAME);
        // What is not simulated yet is not read either: until the end is there, the figures are not those of the run.
        let more = gauges.read() < history.trace().len() || !history.is_complete();
        let now = Shown { read: gauges.read(), more, whose: wanted };
        if !now.follows(self.shown, due) {
            return None;
        }
        self.shown = Some(now);
        Some(Readings { more, ..gauges.readings(lab, wanted.map(Whose::reader), &scenario.slo, &scenario.alerts) })
    }
}
