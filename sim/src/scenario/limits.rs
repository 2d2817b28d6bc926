//! What a scenario may ask for: ranges that keep a run finite, and rules that a type can not state.

use core::fmt::Display;
use core::ops::RangeInclusive;

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::oracle::alert::Condition;
use crate::shop::actor::Actor;
use crate::shop::aggregate::Aggregate;
use crate::shop::money::grouped;
use crate::system::broker::group::reader_options;
use crate::system::hands::{Hand, LinkAct, MessageAct, NodeAct};
use crate::system::node::Node;
use crate::system::options::{
    Act, Api, Broker, CircuitBreaker, CommandApi, Consumer, Item, Link, Options, OwnerService, Saga, Scripted, Workload,
};
use crate::system::place::{Model, Reader, Replica};

mod detectors;
pub(super) mod edges;
mod network;
mod rebuild;

use super::error::ScenarioError;
use super::query_limits;
use super::recording::Scenario;

mod commit;

/// The longest text that is read, in bytes.
pub const TEXT_MAX: usize = 4 * 1024 * 1024;
/// The highest number of an order.
pub(super) const ORDER_MAX: u32 = 1_000_000;
/// How far the orders of a script may lie apart: tables have a row for every number in between.
const ORDER_SPREAD_MAX: u32 = 10_000;
/// The highest number of a product or a customer.
pub(super) const OWNED_MAX: u32 = 10_000;
/// The longest name in a catalogue, in bytes.
pub(super) const NAME_MAX: usize = 200;
/// The most lines of a script.
pub(super) const SCRIPT_MAX: usize = 10_000;
/// The most lines of one scripted order.
const ITEMS_MAX: usize = 16;
/// The longest span of time that an option may name.
const SPAN_MAX: Micros = Micros::from_secs(3_600);

/// The highest amount, in cents.
const CENTS_MAX: i64 = 100_000_000;

pub(super) type Checked = Result<(), ScenarioError>;

pub(super) fn refuse(field: &str, expected: impl Display, found: impl Display) -> Checked {
    Err(ScenarioError::Value { field: field.to_owned(), expected: expected.to_string(), found: found.to_string() })
}

pub(super) fn number(field: &str, value: u32, range: RangeInclusive<u32>) -> Checked {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = (grouped(u64::from(*range.start())), grouped(u64::from(*range.end())));
    refuse(field, format!("a whole number from {least} to {most}"), value)
}

pub(super) fn span(field: &str, value: Micros) -> Checked {
    if value <= SPAN_MAX { Ok(()) } else { refuse(field, "at most 1 hour", value) }
}

pub(super) fn distribution(field: &str, value: &Distribution) -> Checked {
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
    distribution("options.order_service.shared_read", &service.shared_read)?;
    if let Some(bound) = service.staleness_bound {
        span("options.order_service.staleness_bound", bound)?;
    }
    commit::check("options.order_service", service)?;
    owner("options.product_service", &options.product_service)?;
    owner("options.customer_service", &options.customer_service)?;
    broker(&options.broker)?;
    consumer("options.projections.order_view", &options.projections.order_view)?;
    consumer("options.projections.sales_dashboard", &options.projections.sales_dashboard)?;
    consumer("options.replicas.products", &options.replicas.products)?;
    consumer("options.replicas.customers", &options.replicas.customers)?;
    api("options.order_service.api", &service.api)?;
    commands("options.order_service.commands", &service.commands)?;
    number("options.order_service.writers", u32::from(service.writers), 1..=16)?;
    number("options.order_service.conflict_retries", u32::from(service.conflict_retries), 0..=10)?;
    saga("options.saga", &options.saga)?;
    let further = [Model::CustomerOrderHistory, Model::ProductSearch, Model::ProductStats, Model::OrderWorkQueue];
    for model in further {
        let reader = Reader::Projection(model);
        consumer(&format!("options.projections.{}", model.name()), reader_options(options, reader))?;
    }
    network::check(&options.network)?;
    rebuild::schema_changes(&options.schema_changes)?;
    query_limits::check(options)?;
    Reader::ALL.into_iter().try_for_each(|reader| only_where_it_suits(reader, reader_options(options, reader)))
}

/// Refuses options that mean nothing to this reader.
fn only_where_it_suits(reader: Reader, settings: &Consumer) -> Checked {
    let (path, is_replica) = match reader {
        Reader::Projection(model) => (format!("options.projections.{}", model.name()), false),
        Reader::Replica(Replica::Products) => ("options.replicas.products".to_owned(), true),
        Reader::Replica(Replica::Customers) => ("options.replicas.customers".to_owned(), true),
        Reader::Saga => ("options.saga.consumer".to_owned(), true),
        // It runs by the options of the first version, which are checked there.
        Reader::Second(_) => return Ok(()),
    };
    rebuild::rebuild(&path, reader, settings)?;
    detectors::detectors(&path, reader, settings)?;
    let at = |field: &str| format!("{path}.{field}");
    if is_replica && !settings.enabled {
        return refuse(&at("enabled"), "true, because the command side depends on it", false);
    }
    if is_replica && settings.synchronous {
        return refuse(&at("synchronous"), "false, because it is no read model", true);
    }
    if settings.names && reader != Reader::Projection(Model::OrderView) {
        return refuse(&at("names"), "false, except for the order view", true);
    }
    match settings.ttl {
        Some(ttl) if reader == Reader::Projection(Model::SalesDashboard) => pause(&at("ttl"), ttl),
        Some(ttl) => refuse(&at("ttl"), "nothing, except for the sales dashboard", ttl),
        None => Ok(()),
    }
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
    for (n, line) in workload.script.iter().enumerate() {
        check_line(&format!("options.workload.script[{n}]"), line, workload.first_order)?;
    }
    catalogue(workload)
}

/// Checks a command that is sent by a script or by hand, where orders are numbered from `first_order`.
pub fn check_line(field: &str, scripted: &Scripted, first_order: u32) -> Checked {
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
        Act::GrantRights { rights } => query_limits::rights(&format!("{field}.grant_rights.rights"), rights),
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

/// How short a span can be, time after time.
const fn shortest(value: &Distribution) -> Micros {
    match *value {
        Distribution::Constant { value } => value,
        Distribution::Uniform { min, .. } => min,
        // These can be arbitrarily short, but not time after time.
        Distribution::Exponential { mean } => mean,
        Distribution::Lognormal { median, .. } => median,
    }
}

fn owner(field: &str, owner: &OwnerService) -> Checked {
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

fn saga(field: &str, saga: &Saga) -> Checked {
    consumer(&format!("{field}.consumer"), &saga.consumer)?;
    link(&format!("{field}.link"), &saga.link)?;
    pause(&format!("{field}.retry_after"), saga.retry_after)?;
    span(&format!("{field}.timeout"), saga.timeout)?;
    saga.tries_max.map_or(Ok(()), |most| number(&format!("{field}.tries_max"), u32::from(most), 1..=1_000))
}

fn broker(broker: &Broker) -> Checked {
    number("options.broker.partitions", u32::from(broker.partitions), 1..=16)?;
    pause("options.broker.resend_after", broker.resend_after)?;
    link("options.broker.publish", &broker.publish)?;
    let topics = &broker.topics;
    let single = [
        ("order_events", &topics.order_events),
        ("product_events", &topics.product_events),
        ("customer_events", &topics.customer_events),
    ];
    for (name, own) in single {
        own.as_ref().map_or(Ok(()), |own| link(&format!("options.broker.topics.{name}"), own))?;
    }
    pause("options.broker.queue.visibility", broker.queue.visibility)?;
    number("options.broker.queue.in_flight_max", broker.queue.in_flight_max, 1..=1_000)?;
    number("options.broker.queue.receive_max", u32::from(broker.queue.receive_max), 1..=1_000)?;
    broker.retention.map_or(Ok(()), |kept| number("options.broker.retention", kept, 1..=1_000_000))
}

/// Checks what a hand does.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub fn check_hand(hand: &Hand) -> Checked {
    match hand {
        Hand::Message { act: MessageAct::LetOthersPass { by }, .. } => span("hand.message.act.let_others_pass.by", *by),
        Hand::Message { .. } | Hand::Model { .. } | Hand::Row { .. } => Ok(()),
        Hand::Node { which: which @ (Node::Origin | Node::Gateway), .. } => {
            refuse("hand.node.which", "a node that can be stopped", *which)
        }
        Hand::Node { act: NodeAct::Crash { lasts }, .. } => pause("hand.node.act.crash.for", *lasts),
        Hand::Node { act: NodeAct::Pause { lasts }, .. } => pause("hand.node.act.pause.for", *lasts),
        Hand::Node { act: NodeAct::Restart, .. } => Ok(()),
        Hand::Link { from, to, act } => {
            network::link_between("hand.link.to", *from, *to)?;
            if let LinkAct::Cut { lasts } = act { pause("hand.link.act.cut.for", *lasts) } else { Ok(()) }
        }
    }
}

/// Checks a circuit breaker.
pub(super) fn breaker(field: &str, breaker: CircuitBreaker) -> Checked {
    number(&format!("{field}.failures"), breaker.failures, 1..=1_000)?;
    span(&format!("{field}.open_for"), breaker.open_for)
}

/// A pause before a new try must pass some time, or a run could try for ever within one moment.
pub(super) fn pause(field: &str, value: Micros) -> Checked {
    if value < Micros::from_millis(1) {
        return refuse(field, "at least 1 ms", value);
    }
    span(field, value)
}

fn link(field: &str, link: &Link) -> Checked {
    distribution(&format!("{field}.delay"), &link.delay)?;
    span(&format!("{field}.overtake_hold"), link.overtake_hold)?;
    if let Some(every) = link.pause_every {
        pause(&format!("{field}.pause_every"), every)?;
    }
    distribution(&format!("{field}.pause_for"), &link.pause_for)
}

fn consumer(field: &str, projection: &Consumer) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    number(&at("instances"), u32::from(projection.instances), 1..=8)?;
    number(&at("prefetch"), projection.prefetch, 1..=10_000)?;
    link(&at("delivery"), &projection.delivery)?;
    pause(&at("refetch_after"), projection.refetch_after)?;
    distribution(&at("service"), &projection.service)?;
    number(&at("batch"), projection.batch, 1..=1_000)?;
    distribution(&at("enrichment.lookup"), &projection.enrichment.lookup)?;
    distribution(&at("enrichment.lookup_many"), &projection.enrichment.lookup_many)?;
    distribution(&at("commit"), &projection.commit)?;
    distribution(&at("crash.restart_after"), &projection.crash.restart_after)?;
    pause(&at("crash.restart_after"), shortest(&projection.crash.restart_after))?;
    span(&at("rebalance_after"), projection.rebalance_after)?;
    let letters = &projection.dead_letters;
    number(&at("dead_letters.retries"), u32::from(letters.retries), 0..=20)?;
    number(&at("dead_letters.backoff_factor"), u32::from(letters.backoff_factor), 1..=10)?;
    distribution(&at("dead_letters.backoff"), &letters.backoff)
}

/// The most objectives and the most alert rules.
const RULES_MAX: usize = 100;

/// Checks what is measured and watched.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub fn monitoring(scenario: &Scenario) -> Checked {
    pause("metrics.every", scenario.metrics.every)?;
    if scenario.slo.len() > RULES_MAX {
        return refuse("slo", format!("at most {RULES_MAX} objectives"), scenario.slo.len());
    }
    if scenario.alerts.len() > RULES_MAX {
        return refuse("alerts", format!("at most {RULES_MAX} rules"), scenario.alerts.len());
    }
    for (n, objective) in scenario.slo.iter().enumerate() {
        span(&format!("slo[{n}].within"), objective.within)?;
    }
    for (n, rule) in scenario.alerts.iter().enumerate() {
        span(&format!("alerts[{n}].for"), rule.lasting)?;
        match rule.when {
            Condition::LagAbove(bound) => span(&format!("alerts[{n}].when.lag_above"), bound)?,
            Condition::CommandLatencyP99Above(bound) => {
                span(&format!("alerts[{n}].when.command_latency_p99_above"), bound)?;
            }
            Condition::QueryLatencyP99Above(bound) => {
                span(&format!("alerts[{n}].when.query_latency_p99_above"), bound)?;
            }
            Condition::LagEventsAbove(_)
            | Condition::ThroughputBelowPublishRate
            | Condition::StaleResultsAbove(_)
            | Condition::DriftDetected => {}
        }
    }
    Ok(())
}
