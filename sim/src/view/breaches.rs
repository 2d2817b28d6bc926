//! The history of a promise: when it was broken, and by what.

use crate::oracle::lab::Lab;
use crate::system::place::{Model, Reader, Replica};
use crate::system::trace::{Promise, Trace, What};

use super::log;
use super::timeline::Mark;

/// The latest moments at which the promise with this name was broken, newest first, at most `most`. `trace` is everything
/// up to the moment.
pub fn breaches(lab: &Lab, trace: Trace<'_>, name: &str, most: usize) -> Vec<Mark> {
    let broken = trace.iter().enumerate().rev().filter(|(_, entry)| match entry.what {
        What::Broken { promise, reader, .. } => verdict_of(promise, reader) == name,
        _ => false,
    });
    let mark = |(index, entry)| {
        let line = log::line(lab, &entry, trace.part(..index));
        Mark { at: line.at, step: line.step, text: line.text }
    };
    broken.take(most).map(mark).collect()
}

/// The name of the verdict that a broken promise counts for.
pub(super) const fn verdict_of(promise: Promise, reader: Reader) -> &'static str {
    match promise {
        Promise::EqualsTruth => match reader {
            Reader::Projection(model) | Reader::Second(model) => match model {
                Model::OrderView => "order_view_equals_truth",
                Model::SalesDashboard => "sales_dashboard_equals_truth",
                Model::CustomerOrderHistory => "customer_order_history_equals_truth",
                Model::ProductSearch => "product_search_equals_truth",
                Model::ProductStats => "product_stats_equal_truth",
                Model::OrderWorkQueue => "order_work_queue_equals_truth",
            },
            Reader::Replica(Replica::Products) => "product_replica_equals_source",
            Reader::Replica(Replica::Customers) => "customer_replica_equals_source",
            Reader::Saga => "",
        },
        Promise::ExactlyOnceEffect => "exactly_once_effect",
        Promise::LifecycleForward => "order_lifecycle",
        Promise::NoOversell => "no_oversell",
        Promise::PriceInForce => "price_in_force",
        Promise::MoneyConserved => "money_conserved",
        Promise::SagasEnd => "sagas_end",
        Promise::NoEventLost => "no_event_lost",
        Promise::NothingInvented => "nothing_invented",
        Promise::CompleteWhenSwitched => "complete_when_switched",
        Promise::RebuiltEqualsFold => "rebuilt_equals_fold",
        Promise::HistoryKept => "rebuild_has_whole_history",
        Promise::CommandOnce => "command_once",
        Promise::NoLostUpdate => "no_lost_update",
        Promise::ReadYourWrites => "read_your_writes",
        Promise::MonotonicReads => "monotonic_reads",
        Promise::StalenessWithinBound => "staleness_within_bound",
        Promise::NoFalseAlarm => "no_false_alarm",
    }
}
