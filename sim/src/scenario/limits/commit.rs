//! Limits of how the Order Service commits.

use crate::kernel::time::Micros;
use crate::system::options::OrderService;

use super::checks::{Checked, distribution, number, pause, refuse, shortest};

/// The longest that reading one event may take.
const LOAD_MAX: Micros = Micros::from_secs(1);

/// Checks what the Order Service does between deciding a command and publishing its event.
pub(super) fn check(field: &str, service: &OrderService) -> Checked {
    let load = service.event_sourcing.load_per_event;
    if load > LOAD_MAX {
        return refuse(&format!("{field}.event_sourcing.load_per_event"), "at most 1 s", load);
    }
    if let Some(every) = service.event_sourcing.snapshot_every {
        number(&format!("{field}.event_sourcing.snapshot_every"), every, 1..=1_000)?;
    }
    let down = &service.crash.restart_after;
    distribution(&format!("{field}.crash.restart_after"), down)?;
    pause(&format!("{field}.crash.restart_after"), shortest(down))
}
