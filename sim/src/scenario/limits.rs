//! What a scenario may ask for: ranges that keep a run finite, and rules that a type can not state.

use core::fmt::Display;
use core::ops::RangeInclusive;

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::shop::money::grouped;
use crate::system::options::{Act, Broker, Item, Link, Options, Projection, Workload};

use super::error::ScenarioError;

/// The longest text that is read, in bytes.
pub const TEXT_MAX: usize = 4 * 1024 * 1024;
/// The highest number of an order.
const ORDER_MAX: u32 = 1_000_000;
/// How far the orders of a script may lie apart: tables have a row for every number in between.
const ORDER_SPREAD_MAX: u32 = 10_000;
/// The most lines of a script.
const SCRIPT_MAX: usize = 10_000;
/// The most lines of one scripted order.
const ITEMS_MAX: usize = 16;
/// The longest span of time that an option may name.
const SPAN_MAX: Micros = Micros::from_secs(3_600);

type Checked = Result<(), ScenarioError>;

fn refuse(field: &str, expected: impl Display, found: impl Display) -> Checked {
    Err(ScenarioError::Value { field: field.to_owned(), expected: expected.to_string(), found: found.to_string() })
}

fn number(field: &str, value: u32, range: RangeInclusive<u32>) -> Checked {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = (grouped(u64::from(*range.start())), grouped(u64::from(*range.end())));
    refuse(field, format!("a whole number from {least} to {most}"), value)
}

fn span(field: &str, value: Micros) -> Checked {
    if value <= SPAN_MAX { Ok(()) } else { refuse(field, "at most 1 hour", value) }
}

fn distribution(field: &str, value: &Distribution) -> Checked {
    if let Some((part, expected)) = value.fault() {
        let found = serde_json::to_string(value).unwrap_or_default();
        return refuse(&format!("{field}.{part}"), expected, found);
    }
    match *value {
        Distribution::Constant { value } => span(&format!("{field}.value"), value),
        Distribution::Uniform { max, .. } => span(&format!("{field}.max"), max),
        Distribution::Exponential { mean } => span(&format!("{field}.mean"), mean),
        Distribution::Lognormal { p95, .. } => span(&format!("{field}.p95"), p95),
    }
}

/// Checks all options.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub fn check(options: &Options) -> Checked {
    workload(&options.workload)?;
    let service = &options.order_service;
    distribution("options.order_service.client_delay", &service.client_delay)?;
    distribution("options.order_service.service", &service.service)?;
    distribution("options.order_service.relay_delay", &service.relay_delay)?;
    broker(&options.broker)?;
    projection("options.projections.order_view", &options.projections.order_view)?;
    projection("options.projections.sales_dashboard", &options.projections.sales_dashboard)
}

fn workload(workload: &Workload) -> Checked {
    let at = |field: &str| format!("options.workload.{field}");
    number(&at("orders"), workload.orders, 0..=ORDER_MAX)?;
    number(&at("first_order"), workload.first_order, 1..=ORDER_MAX)?;
    number(&at("lines_max"), u32::from(workload.lines_max), 1..=4)?;
    distribution(&at("gap"), &workload.gap)?;
    distribution(&at("think"), &workload.think)?;
    span(&at("heal_after"), workload.heal_after)?;
    if workload.script.len() > SCRIPT_MAX {
        return refuse(&at("script"), format!("at most {SCRIPT_MAX} commands"), workload.script.len());
    }
    for (line, scripted) in workload.script.iter().enumerate() {
        let at = |field: &str| format!("options.workload.script[{line}].{field}");
        span(&at("at"), scripted.at)?;
        number(&at("order"), scripted.order.0, 1..=ORDER_MAX)?;
        if scripted.order.0.abs_diff(workload.first_order) > ORDER_SPREAD_MAX {
            let expected = format!("within {} of first_order", grouped(u64::from(ORDER_SPREAD_MAX)));
            return refuse(&at("order"), expected, scripted.order);
        }
        act(&at("do"), &scripted.act)?;
    }
    Ok(())
}

fn act(field: &str, act: &Act) -> Checked {
    match act {
        Act::CreateOrder { items, .. } if items.len() > ITEMS_MAX => {
            refuse(&format!("{field}.create_order.items"), format!("at most {ITEMS_MAX} items"), items.len())
        }
        Act::CreateOrder { items, .. } => {
            items.iter().enumerate().try_for_each(|(n, one)| item(&format!("{field}.create_order.items[{n}]"), one))
        }
        Act::AddItem { item: one } => item(&format!("{field}.add_item.item"), one),
        _ => Ok(()),
    }
}

fn item(field: &str, item: &Item) -> Checked {
    const CENTS_MAX: i64 = 100_000_000;
    number(&format!("{field}.quantity"), item.quantity, 0..=1_000_000)?;
    if (0..=CENTS_MAX).contains(&item.price_cents.0) {
        return Ok(());
    }
    refuse(&format!("{field}.price_cents"), "whole cents from 0 to 100,000,000", item.price_cents.0)
}

fn broker(broker: &Broker) -> Checked {
    number("options.broker.partitions", u32::from(broker.partitions), 1..=16)?;
    pause("options.broker.resend_after", broker.resend_after)?;
    link("options.broker.publish", &broker.publish)
}

/// A pause before a new try must pass some time, or a run could try for ever within one moment.
fn pause(field: &str, value: Micros) -> Checked {
    if value < Micros::from_millis(1) {
        return refuse(field, "at least 1 ms", value);
    }
    span(field, value)
}

fn link(field: &str, link: &Link) -> Checked {
    distribution(&format!("{field}.delay"), &link.delay)?;
    span(&format!("{field}.overtake_hold"), link.overtake_hold)
}

fn projection(field: &str, projection: &Projection) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    number(&at("instances"), u32::from(projection.instances), 1..=8)?;
    number(&at("prefetch"), projection.prefetch, 1..=10_000)?;
    link(&at("delivery"), &projection.delivery)?;
    pause(&at("refetch_after"), projection.refetch_after)?;
    distribution(&at("service"), &projection.service)?;
    distribution(&at("commit"), &projection.commit)?;
    distribution(&at("crash.restart_after"), &projection.crash.restart_after)?;
    let shortest = match projection.crash.restart_after {
        Distribution::Constant { value } => value,
        Distribution::Uniform { min, .. } => min,
        // These can be arbitrarily short, but not time after time.
        Distribution::Exponential { mean } => mean,
        Distribution::Lognormal { median, .. } => median,
    };
    pause(&at("crash.restart_after"), shortest)?;
    span(&at("rebalance_after"), projection.rebalance_after)
}
