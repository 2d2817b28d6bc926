//! What the services and the saga may be like, and how they talk.

use crate::system::options::{Api, CommandApi, OrderService, OwnerService, Saga};

use super::checks::{Checked, breaker, distribution, link, number, pause, span};
use super::{commit, readers};

/// Checks the Order Service.
pub(super) fn order(field: &str, service: &OrderService) -> Checked {
    distribution(&format!("{field}.client_delay"), &service.client_delay)?;
    distribution(&format!("{field}.service"), &service.service)?;
    distribution(&format!("{field}.relay_delay"), &service.relay_delay)?;
    distribution(&format!("{field}.shared_read"), &service.shared_read)?;
    if let Some(bound) = service.staleness_bound {
        span(&format!("{field}.staleness_bound"), bound)?;
    }
    commit::check(field, service)?;
    api(&format!("{field}.api"), &service.api)?;
    commands(&format!("{field}.commands"), &service.commands)?;
    number(&format!("{field}.writers"), u32::from(service.writers), 1..=16)?;
    number(&format!("{field}.conflict_retries"), u32::from(service.conflict_retries), 0..=10)
}

/// Checks a service that owns what orders are about.
pub(super) fn owner(field: &str, owner: &OwnerService) -> Checked {
    distribution(&format!("{field}.service"), &owner.service)?;
    distribution(&format!("{field}.relay_delay"), &owner.relay_delay)?;
    span(&format!("{field}.down_from"), owner.down_from)?;
    span(&format!("{field}.down_for"), owner.down_for)?;
    span(&format!("{field}.slow_from"), owner.slow_from)?;
    span(&format!("{field}.slow_for"), owner.slow_for)?;
    span(&format!("{field}.slow_by"), owner.slow_by)
}

fn api(field: &str, api: &Api) -> Checked {
    distribution(&format!("{field}.delay"), &api.delay)?;
    distribution(&format!("{field}.gateway_delay"), &api.gateway_delay)?;
    pause(&format!("{field}.timeout"), api.timeout)?;
    if let Some(settings) = api.breaker {
        breaker(&format!("{field}.breaker"), settings)?;
    }
    span(&format!("{field}.cache_ttl"), api.cache_ttl.unwrap_or_default())?;
    Ok(())
}

fn commands(field: &str, commands: &CommandApi) -> Checked {
    number(&format!("{field}.retries"), u32::from(commands.retries), 0..=20)?;
    pause(&format!("{field}.timeout"), commands.timeout)?;
    number(&format!("{field}.backoff_factor"), u32::from(commands.backoff_factor), 1..=10)?;
    pause(&format!("{field}.poll_every"), commands.poll_every)?;
    commands.keep_keys.map_or(Ok(()), |keep| span(&format!("{field}.keep_keys"), keep))
}

/// Checks the saga.
pub(super) fn saga(field: &str, saga: &Saga) -> Checked {
    readers::consumer(&format!("{field}.consumer"), &saga.consumer)?;
    link(&format!("{field}.link"), &saga.link)?;
    pause(&format!("{field}.retry_after"), saga.retry_after)?;
    span(&format!("{field}.timeout"), saga.timeout)?;
    saga.tries_max.map_or(Ok(()), |most| number(&format!("{field}.tries_max"), u32::from(most), 1..=1_000))
}
