//! Keeps up with what is known of a run while somebody looks at its staleness: a stretch of the trace in each frame.

use sim::oracle::lags::Lags;
use sim::system::place::Reader;
use sim::view::staleness::{Staleness, limits};

use crate::session::Session;

/// Entries of the trace that are read in one frame at most: about a millisecond.
const ENTRIES_PER_FRAME: usize = 12_000;

/// What was read so far.
#[derive(Debug, Default)]
pub struct Follow {
    lags: Option<Lags>,
    /// How much had been read when the picture was made last, and of whom it was.
    shown: Option<(usize, Option<Reader>)>,
}

impl Follow {
    /// The run is another one.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Reads on, and makes the picture anew where it is due and shows something new.
    pub fn read_on(&mut self, session: &Session, wanted: Option<Reader>, due: bool) -> Option<Staleness> {
        let history = session.run().history();
        let lab = history.frontier();
        if self.lags.as_ref().is_some_and(|lags| !lags.fits(lab)) {
            self.forget();
        }
        let lags = self.lags.get_or_insert_with(|| Lags::new(lab));
        lags.read_on(lab, history.trace(), ENTRIES_PER_FRAME);
        let more = lags.read() < history.trace().len();
        let was = self.shown;
        let now = Some((lags.read(), wanted));
        // Another model is shown at once, and so is the beginning; what only grows can wait for its turn.
        let at_once = was.is_none_or(|(_, reader)| reader != wanted);
        if was == now || !(due || at_once) {
            return None;
        }
        self.shown = now;
        let scenario = &session.run().recording().scenario;
        let of = |reader| limits(&scenario.slo, &scenario.alerts, lab.world().options(), reader);
        Some(Staleness { more, ..Staleness::of(lags, wanted, of) })
    }
}
