//! What the page shows of one moment, shared by every view. What moves in it is another value than what is read: that is made
//! with every frame in which something happened, this no more often than somebody can read it.

use std::sync::Arc;

use sim::kernel::time::Micros;
use sim::shop::aggregate::Aggregate;
use sim::shop::ids::EventId;
use sim::system::hands::Message;
use sim::view::grasp::Grasp;
use sim::view::ledger::Ledger;
use sim::view::log::LogLine;
use sim::view::sending::{Answer, Sent};
use sim::view::stage::{Flight, Spark, Stage};
use sim::view::timeline::Timeline;
use sim::view::twin::{PartDifference, TwinLedger, TwinVerdict};
use sim::view::verdict::Verdict;
use sim::view::why::Why;

use crate::spacetime::arrows::Spacetime;

/// What is read of one moment of the run. Each part is behind its own `Arc`, so that a part that did not change costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// What stands in the picture.
    pub stage: Arc<Stage>,
    /// One for each invariant.
    pub verdicts: Arc<Vec<Verdict>>,
    /// The truth beside the models.
    pub ledger: Arc<Ledger>,
    /// The story of the cell that was asked about.
    pub why: Option<Arc<Why>>,
    /// The run in words, around the moment.
    pub log: Arc<LogWindow>,
    /// The thing in hand, while it is there.
    pub grasp: Option<Arc<Grasp>>,
    /// The messages that are held, each with its name.
    pub held: Arc<Vec<(Message, String)>>,
    /// What was sent by hand last, and its answer.
    pub answer: Option<(Sent, Answer)>,
    /// The messages over time, while somebody looks at them.
    pub spacetime: Option<Arc<Spacetime>>,
    /// The twin, and how the two runs differ.
    pub twin: Option<Arc<Twinned>>,
}

/// What moves in the picture of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moving {
    /// The messages on their way, soonest arrival first.
    pub flights: Arc<Vec<Flight>>,
    /// What has just happened, to be shown for a moment.
    pub sparks: Arc<Vec<Spark>>,
    /// How many entries of the trace that was read from.
    pub read: usize,
}

/// What is shown of the twin at the moment. Each part is behind its own `Arc`, as in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Twinned {
    /// What stands in its picture.
    pub stage: Arc<Stage>,
    /// The invariants of both runs.
    pub verdicts: Arc<Vec<TwinVerdict>>,
    /// The ledgers of both runs.
    pub ledger: Arc<TwinLedger>,
    /// The parts that differ.
    pub parts: Arc<Vec<PartDifference>>,
}

/// A stretch of the log that ends at the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogWindow {
    /// The lines, oldest first.
    pub lines: Vec<LogLine>,
    /// How many earlier lines there are that are not shown.
    pub earlier: usize,
}

/// What the transport shows of the whole run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFacts {
    /// Up to when the run is known.
    pub known: Micros,
    /// How many steps are known.
    pub steps_known: u64,
    /// Is it known to its end?
    pub complete: bool,
    /// The ticks.
    pub timeline: Arc<Timeline>,
}

/// The one thing that is selected, and so lit everywhere: an order, or one of its events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The order, product or customer.
    pub of: Aggregate,
    /// The event, if it is only that.
    pub event: Option<EventId>,
}

impl Selection {
    /// Is a message or a line that is about this aggregate and this event selected?
    pub fn covers(self, of: Option<Aggregate>, event: Option<EventId>) -> bool {
        match self.event {
            Some(id) => event == Some(id),
            None => of == Some(self.of),
        }
    }

    /// Its name, such as `e7` or `O-3`.
    pub fn name(self) -> String {
        self.event.map_or_else(|| self.of.to_string(), |event| event.to_string())
    }
}

#[cfg(test)]
mod tests {
    use sim::shop::ids::OrderId;

    use super::{EventId, Selection};

    #[test]
    fn a_selected_order_covers_its_messages_and_an_event_only_its_own() {
        let order = Selection { of: OrderId(3).into(), event: None };
        assert!(order.covers(Some(OrderId(3).into()), Some(EventId(7))));
        assert!(!order.covers(Some(OrderId(4).into()), Some(EventId(7))));
        assert!(!order.covers(None, None));
        let event = Selection { event: Some(EventId(7)), ..order };
        assert!(event.covers(Some(OrderId(3).into()), Some(EventId(7))));
        assert!(!event.covers(Some(OrderId(3).into()), Some(EventId(8))));
    }
}
