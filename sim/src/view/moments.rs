//! When something happened to an order, a product or a customer, or to one event.

use crate::kernel::history::History;
use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::trace::What;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The order, product or customer.
    pub of: Aggregate,
    /// The event, if only it is wanted.
    pub event: Option<EventId>,
}

/// The moments of one thing in a run that is still becoming known: what was read of its trace is not read again.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    wanted: Option<Wanted>,
    /// How often the run had been changed when it was read.
    forks: u64,
    /// How many entries of its trace were read.
    read: usize,
    found: Vec<Micros>,
}

impl Moments {
    /// Reads on to what is known of a run now, and gives back every moment of what is wanted. For something else, and for a run
    /// that was changed, it is read anew.
    pub fn read_on(&mut self, history: &History<Lab>, wanted: Wanted) -> &[Micros] {
        if self.wanted != Some(wanted) || self.forks != history.forks() {
            *self = Self { wanted: Some(wanted), forks: history.forks(), ..Self::default() };
        }
        let (lab, trace) = (history.frontier(), history.trace());
        let new = trace.part(self.read..).iter();
        self.found.extend(new.filter(|entry| wanted.concerns(lab, &entry.what)).map(|entry| entry.at));
        self.read = trace.len();
        &self.found
    }
}

impl Wanted {
    fn concerns(self, lab: &Lab, what: &What) -> bool {
        let is =
            |of: Aggregate, event: Option<EventId>| of == self.of && self.event.is_none_or(|one| event == Some(one));
        match (what, what.event().filter(|event| event.0 > 0)) {
            (What::CommandSent { of, .. } | What::CommandRefused { of, .. }, _) => is(*of, None),
            (_, Some(event)) => is(lab.world().store().event(event).recorded.of, Some(event)),
            _ => false,
        }
    }
}
