//! Keeps up with what is known of a run while somebody looks at its staleness: a stretch of the trace in each frame.

use sim::oracle::lags::{Lags, Whose};
use sim::view::staleness::{Staleness, limits};

use crate::drawer::shown::Shown;
use crate::session::Session;

/// Entries of the trace that are read in one frame at most: about a millisecond.
const ENTRIES_PER_FRAME: usize = 12_000;

/// What was read so far.
#[derive(Debug, Default)]
pub struct Follow {
    lags: Option<Lags>,
    /// What the picture was made of last.
    shown: Option<Shown>,
}

impl Follow {
    /// The run is another one.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Reads on, and makes the picture anew where it is due and shows something new.
    pub fn read_on(&mut self, session: &Session, wanted: Option<Whose>, due: bool) -> Option<Staleness> {
        let history = session.run().history();
        let lab = history.frontier();
        if self.lags.as_ref().is_some_and(|lags| !lags.fits(lab)) {
            self.forget();
        }
        let lags = self.lags.get_or_insert_with(|| Lags::new(lab));
        lags.read_on(lab, history.trace(), ENTRIES_PER_FRAME);
        // What is not simulated yet is not read either: until the end is there, the figures are not those of the run.
        let more = lags.read() < history.trace().len() || !history.is_complete();
        let now = Shown { read: lags.read(), more, whose: wanted };
        if !now.follows(self.shown, due) {
            return None;
        }
        self.shown = Some(now);
        let scenario = &session.run().recording().scenario;
        let of = |reader| limits(&scenario.slo, &scenario.alerts, lab.world().options(), reader);
        Some(Staleness { more, ..Staleness::of(lags, wanted, of) })
    }
}
