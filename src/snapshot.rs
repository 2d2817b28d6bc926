//! What the page shows of one moment. It is made anew when a step was processed, and shared by every view.

use std::sync::Arc;

use sim::kernel::time::Micros;
use sim::shop::ids::{EventId, OrderId};
use sim::view::ledger::Ledger;
use sim::view::log::LogLine;
use sim::view::stage::{Spark, Stage};
use sim::view::timeline::Timeline;
use sim::view::verdicts::Verdict;
use sim::view::why::Why;

/// One moment of the run. Each part is behind its own `Arc`, so that a part that did not change costs nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// How many steps lie before the moment.
    pub step: u64,
    /// The picture.
    pub stage: Arc<Stage>,
    /// What has just happened, to be shown for a moment.
    pub sparks: Arc<Vec<Spark>>,
    /// One for each invariant.
    pub verdicts: Arc<Vec<Verdict>>,
    /// The truth beside the models.
    pub ledger: Arc<Ledger>,
    /// The story of the cell that was asked about.
    pub why: Option<Arc<Why>>,
    /// The run in words, around the moment.
    pub log: Arc<LogWindow>,
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

/// The one thing that is selected, and so lit everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    /// An event, with every message that carries it.
    Event(EventId),
    /// An order, with everything that is about it.
    Order(OrderId),
}

impl Selection {
    /// Is a thing that is about this order and this event selected?
    pub fn covers(self, order: Option<OrderId>, event: Option<EventId>) -> bool {
        match self {
            Self::Event(id) => event == Some(id),
            Self::Order(id) => order == Some(id),
        }
    }

    /// Its name, such as `e7` or `O-3`.
    pub fn name(self) -> String {
        match self {
            Self::Event(id) => id.to_string(),
            Self::Order(id) => id.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{EventId, OrderId, Selection};

    #[test]
    fn a_selected_order_covers_its_messages_and_no_others() {
        let selection = Selection::Order(OrderId(3));
        assert!(selection.covers(Some(OrderId(3)), Some(EventId(7))));
        assert!(!selection.covers(Some(OrderId(4)), Some(EventId(7))));
        assert!(!selection.covers(None, None));
    }
}
