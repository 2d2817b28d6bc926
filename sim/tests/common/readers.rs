//! The projections that every run has, and whether their models are right in the end.

use sim::scenario::recording::Scenario;
use sim::system::options::{Consumer, Options};

use crate::common::outcome;

/// Changes both projections that every run has.
pub fn each(options: &mut Options, edit: impl Fn(&mut Consumer)) {
    edit(&mut options.projections.order_view);
    edit(&mut options.projections.sales_dashboard);
}

/// Does every read model equal the truth in the end?
pub fn is_right(scenario: &Scenario) -> bool {
    outcome(scenario).models.iter().all(|model| model.stale == 0 && model.wrong == 0)
}
