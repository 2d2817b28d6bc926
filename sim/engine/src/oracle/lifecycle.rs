//! Invariant, *always*: the status that the order view shows never goes back [seed 001, scenario C].

use crate::shop::ids::OrderId;
use crate::shop::order::status::Status;
use crate::system::by_order::ByOrder;

/// The status last shown for each order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Lifecycle {
    shown: ByOrder<Option<Status>>,
}

impl Lifecycle {
    /// For orders numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { shown: ByOrder::from_order(first) }
    }

    /// Notes the status that is shown now; true when it can not follow the one shown before.
    pub fn shows(&mut self, order: OrderId, status: Status) -> bool {
        let before = self.shown.entry(order).replace(status);
        before.is_some_and(|before| before != status && !before.leads_to(status))
    }
}

#[cfg(test)]
mod tests {
    use super::{Lifecycle, OrderId, Status};

    #[test]
    fn forward_is_fine_and_back_is_not() {
        let mut lifecycle = Lifecycle::from_order(1);
        let mut shows = |status| lifecycle.shows(OrderId(1), status);
        assert!(!shows(Status::Pending));
        assert!(!shows(Status::Delivered), "a status may be skipped");
        assert!(!shows(Status::Delivered), "or shown again");
        assert!(shows(Status::Shipped));
        assert!(shows(Status::Pending));
    }
}
