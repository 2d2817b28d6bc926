//! What a scenario may ask for: ranges that keep a run finite, and rules that a type can not state.

use crate::system::options::Options;

use self::checks::Checked;

mod broker;
mod checks;
mod commit;
mod detectors;
mod edges;
pub(super) mod hands;
pub(super) mod monitoring;
mod network;
pub(super) mod queries;
mod readers;
mod rebuild;
mod services;
pub(super) mod workload;

/// The longest text that is read, in bytes.
pub const TEXT_MAX: usize = 4 * 1024 * 1024;

/// Checks all options.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub fn check(options: &Options) -> Checked {
    workload::check(&options.workload)?;
    services::order("options.order_service", &options.order_service)?;
    services::owner("options.product_service", &options.product_service)?;
    services::owner("options.customer_service", &options.customer_service)?;
    services::saga("options.saga", &options.saga)?;
    broker::check(&options.broker)?;
    network::check(&options.network)?;
    rebuild::schema_changes(&options.schema_changes)?;
    queries::check(options)?;
    readers::check(options)
}
