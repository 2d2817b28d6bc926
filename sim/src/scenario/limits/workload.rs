//! What clients may send, and what there is to be sold.

use crate::shop::actor::Actor;
use crate::shop::aggregate::Aggregate;
use crate::shop::money::grouped;
use crate::system::options::{Act, Item, Scripted, Workload};

use super::checks::{Checked, NAME_MAX, ORDER_MAX, OWNED_MAX, SCRIPT_MAX, distribution, number, pause, refuse, span};
use super::queries;

/// How far the orders of a script may lie apart: tables have a row for every number in between.
const ORDER_SPREAD_MAX: u32 = 10_000;
/// The most lines of one scripted order.
const ITEMS_MAX: usize = 16;
/// The highest amount, in cents.
const CENTS_MAX: i64 = 100_000_000;

/// Checks the workload.
pub(super) fn check(workload: &Workload) -> Checked {
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
    for (n, line) in workload.script.iter().enumerate() {
        check_line(&format!("options.workload.script[{n}]"), line, workload.first_order)?;
    }
    catalogue(workload)
}

/// Checks a command that is sent by hand into a run with this workload, whose tables begin at its lowest order.
pub(in crate::scenario) fn check_sent(field: &str, scripted: &Scripted, workload: &Workload) -> Checked {
    let least = workload.least_order();
    match scripted.to.order() {
        Some(order) if order.0 < least => refuse(&format!("{field}.to"), format!("an order from O-{least} on"), order),
        _ => check_line(field, scripted, workload.first_order),
    }
}

/// Checks a command that is sent by a script or by hand, where orders are numbered from `first_order`.
fn check_line(field: &str, scripted: &Scripted, first_order: u32) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    span(&at("at"), scripted.at)?;
    match scripted.to {
        Aggregate::Order(order) => {
            number(&at("to"), order.0, 1..=ORDER_MAX)?;
            if order.0.abs_diff(first_order) > ORDER_SPREAD_MAX {
                let expected = format!("within {} of first_order", grouped(u64::from(ORDER_SPREAD_MAX)));
                return refuse(&at("to"), expected, order);
            }
        }
        other => number(&at("to"), other.number(), 0..=OWNED_MAX)?,
    }
    if let Some(key) = scripted.idempotency_key {
        number(&at("idempotency_key"), key.0, 0..=OWNED_MAX)?;
    }
    if let Some(Actor::Customer(customer)) = scripted.actor {
        number(&at("actor"), customer.0, 0..=OWNED_MAX)?;
    }
    if !scripted.act.suits(scripted.to) {
        return refuse(&at("do"), format!("something that can be asked of {}", scripted.to), scripted.act.name());
    }
    act(&at("do"), &scripted.act)
}

fn catalogue(workload: &Workload) -> Checked {
    let named = |field: String, name: &str| {
        if name.len() <= NAME_MAX { Ok(()) } else { refuse(&field, "a name of at most 200 bytes", name.len()) }
    };
    for (n, item) in workload.products.iter().enumerate() {
        let at = |field: &str| format!("options.workload.products[{n}].{field}");
        number(&at("product"), item.product.0, 0..=OWNED_MAX)?;
        named(at("name"), &item.name)?;
        named(at("category"), &item.category)?;
        number(&at("stock"), item.stock, 0..=1_000_000)?;
        if !(1..=CENTS_MAX).contains(&item.price_cents.0) {
            return refuse(&at("price_cents"), "whole cents from 1 to 100,000,000", item.price_cents.0);
        }
        if workload.products[..n].iter().any(|other| other.product == item.product) {
            return refuse(&at("product"), "a product that is not in the list yet", item.product);
        }
    }
    for (n, somebody) in workload.customers.iter().enumerate() {
        let at = |field: &str| format!("options.workload.customers[{n}].{field}");
        number(&at("customer"), somebody.customer.0, 0..=OWNED_MAX)?;
        named(at("name"), &somebody.name)?;
        if !(0..=CENTS_MAX).contains(&somebody.credit_limit_cents.0) {
            let found = somebody.credit_limit_cents.0;
            return refuse(&at("credit_limit_cents"), "whole cents from 0 to 100,000,000", found);
        }
        if workload.customers[..n].iter().any(|other| other.customer == somebody.customer) {
            return refuse(&at("customer"), "a customer who is not in the list yet", somebody.customer);
        }
    }
    for (field, gap) in
        [("price_gap", &workload.back_office.price_gap), ("restock_gap", &workload.back_office.restock_gap)]
    {
        if let Some(gap) = gap {
            distribution(&format!("options.workload.back_office.{field}"), gap)?;
            pause(&format!("options.workload.back_office.{field}"), gap.typical())?;
        }
    }
    span("options.workload.back_office.until", workload.back_office.until)
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
        Act::GrantRights { rights } => queries::rights(&format!("{field}.grant_rights.rights"), rights),
        Act::RenameProduct { name } | Act::RenameCustomer { name } if name.len() > NAME_MAX => {
            refuse(&format!("{field}.{}.name", act.name()), format!("at most {NAME_MAX} bytes"), name.len())
        }
        _ => Ok(()),
    }
}

fn item(field: &str, item: &Item) -> Checked {
    number(&format!("{field}.quantity"), item.quantity, 0..=1_000_000)?;
    if (0..=CENTS_MAX).contains(&item.price_cents.0) {
        return Ok(());
    }
    refuse(&format!("{field}.price_cents"), "whole cents from 0 to 100,000,000", item.price_cents.0)
}
