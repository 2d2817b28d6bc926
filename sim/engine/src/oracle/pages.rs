//! How the page of an order stands to the truth. It has three sources, and no version is common to them: so each part is held
//! against what its own source said, and the page as a whole against every moment that there was.
//!
//! Answers of the model are judged where the model stands with each source. Of what was composed, cached or copied it is known
//! only that it has everything up to a position: each of its parts must have been true there, or later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::shop::aggregate::Aggregate;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{EventId, OrderId};
use crate::shop::order::event::{Line, OrderEvent};
use crate::shop::product::event::ProductEvent;
use crate::system::event_store::EventStore;
use crate::system::place::Model;
use crate::system::queries::composing::Composing;
use crate::system::queries::message::Reply;
use crate::system::queries::question::Query;
use crate::system::queries::row::Fields;

use super::finding::Finding;
use super::judgement::Freshness;
use super::lab::Lab;
use super::rows::{JOINED_BY, is_joined_of, names_something};
use super::truth::OrderTruth;

/// What was true of an order and of those that it names, after one more event.
#[derive(Clone, Debug, Default)]
struct Moment {
    event: EventId,
    order: OrderTruth,
    lines: Vec<Line>,
    names: BTreeMap<Aggregate, Arc<str>>,
}

/// Judges the page of an order at the moment at which it leaves.
pub(super) fn judge(lab: &Lab, reply: &Reply, order: OrderId) -> Finding {
    let store = lab.world().store();
    let (shown, of) = (reply.page.rows.first().map(|row| &row.fields), Some(order.into()));
    let now = moments(store, order, |_| true).pop().unwrap_or_default();
    if now.agrees(shown) {
        return Finding { freshness: Freshness::Fresh, of: None };
    }
    let was_true = match shown {
        Some(page) if reply.is_first_hand() => {
            let watch = lab.model(Model::OrderView);
            let reached = |recorded: &Recorded| recorded.version <= watch.reached(recorded.of);
            moments(store, order, reached).pop().is_some_and(|there| there.agrees(Some(page)))
        }
        Some(page) => parts_were_true(page, &since(moments(store, order, |_| true), reply.as_of.position)),
        // A row that the model has had, and has lost. A cache or a gateway may have looked before it came.
        None => !reply.is_first_hand() || lab.model(Model::OrderView).reached(order.into()) == 0,
    };
    Finding { freshness: if was_true { Freshness::Stale } else { Freshness::Wrong }, of }
}

/// Does a stale page mix moments: each part was true once, but never all of them together?
pub(super) fn torn(lab: &Lab, reply: &Reply, freshness: Freshness) -> Option<Composing> {
    let Query::Page { order } = reply.asked.query else { return None };
    let page = reply.page.rows.first().filter(|_| freshness == Freshness::Stale)?;
    let was_whole = moments(lab.world().store(), order, |_| true).iter().any(|there| there.agrees(Some(&page.fields)));
    (!was_whole).then_some(Composing::FoundTorn { query: reply.asked.id, of: page.of })
}

/// What was true from this position on.
fn since(mut moments: Vec<Moment>, position: EventId) -> Vec<Moment> {
    let later = moments.partition_point(|moment| moment.event <= position);
    moments.drain(..later.saturating_sub(1));
    moments
}

/// Was each part of a page true at one of these moments?
fn parts_were_true(page: &Fields, moments: &[Moment]) -> bool {
    let Fields::Page { customer_name, product_names, .. } = page else { return false };
    let named = |moment: &Moment, of: Aggregate| moment.names.get(&of).cloned().unwrap_or_default();
    moments.iter().filter(|moment| moment.order_agrees(page)).any(|there| {
        let owner = there.order.customer;
        let is_customer = |name: &Arc<str>| {
            owner.is_none_or(|owner| moments.iter().any(|moment| named(moment, owner.into()) == *name))
        };
        // What was looked up at several moments can have any name that each product has had.
        let had = |line: &Line| {
            let names: BTreeSet<Arc<str>> = moments.iter().map(|moment| named(moment, line.product.into())).collect();
            names.into_iter().collect()
        };
        let choices: Vec<_> = there.lines.iter().map(had).collect();
        customer_name.as_ref().is_none_or(is_customer)
            && product_names.as_ref().is_none_or(|joined| is_joined_of(joined, &choices))
    })
}

/// What was true after each event that a page could show, oldest first: of those events that count.
fn moments(store: &EventStore, order: OrderId, counts: impl Fn(&Recorded) -> bool) -> Vec<Moment> {
    let mut here = Moment::default();
    let told = told_by(store, order).into_iter().map(|event| (event, &store.event(event).recorded));
    told.filter(|(_, recorded)| counts(recorded))
        .map(|(event, recorded)| {
            here.record(event, recorded);
            here.clone()
        })
        .collect()
}

/// The events of an order, and those that name its customer or one of its products.
fn told_by(store: &EventStore, order: OrderId) -> BTreeSet<EventId> {
    let mut events = BTreeSet::new();
    let mut named: BTreeSet<Aggregate> = BTreeSet::new();
    for (event, committed) in store.stream_backwards(order.into()) {
        events.insert(event);
        match committed.recorded.event.order() {
            Some(OrderEvent::OrderCreated { customer, lines, .. }) => {
                named.insert((*customer).into());
                named.extend(lines.iter().map(|line| Aggregate::from(line.product)));
            }
            Some(OrderEvent::ItemAdded { line }) => drop(named.insert(line.product.into())),
            _ => {}
        }
    }
    for of in named {
        let namings = store.stream_backwards(of).filter(|(_, committed)| names_something(&committed.recorded.event));
        events.extend(namings.map(|(event, _)| event));
    }
    events
}

impl Moment {
    fn record(&mut self, event: EventId, recorded: &Recorded) {
        self.event = event;
        match &recorded.event {
            Event::Order(happened) => {
                self.order.record(happened);
                match happened {
                    OrderEvent::OrderCreated { lines, .. } => self.lines = lines.to_vec(),
                    OrderEvent::ItemAdded { line } => self.lines.push(*line),
                    OrderEvent::ItemRemoved { line } => self.lines.retain(|kept| kept.number != line.number),
                    _ => {}
                }
            }
            Event::Customer(
                CustomerEvent::CustomerRegistered { name, .. } | CustomerEvent::CustomerRenamed { name },
            )
            | Event::Product(ProductEvent::ProductCreated { name, .. } | ProductEvent::ProductRenamed { name }) => {
                self.names.insert(recorded.of, Arc::clone(name));
            }
            Event::Customer(_) | Event::Product(_) => {}
        }
    }

    fn name(&self, of: Aggregate) -> Arc<str> {
        self.names.get(&of).cloned().unwrap_or_default()
    }

    /// Does a page, or the absence of one, say what was true here? What it says is missing is not looked for.
    fn agrees(&self, shown: Option<&Fields>) -> bool {
        let Some(page) = shown else { return !self.order.exists };
        let Fields::Page { customer_name, product_names, .. } = page else { return false };
        let customer = || self.order.customer.map(|customer| self.name(customer.into())).unwrap_or_default();
        let products = || -> String {
            let names: Vec<Arc<str>> = self.lines.iter().map(|line| self.name(line.product.into())).collect();
            names.join(JOINED_BY)
        };
        self.order_agrees(page)
            && customer_name.as_ref().is_none_or(|name| *name == customer())
            && product_names.as_ref().is_none_or(|names| **names == *products())
    }

    /// Does a page say what was true of the order itself?
    fn order_agrees(&self, page: &Fields) -> bool {
        let Fields::Page { customer, status, quantity, total, .. } = page else { return false };
        let truth = &self.order;
        truth.exists
            && (truth.customer, truth.status, truth.quantity, truth.total) == (*customer, *status, *quantity, *total)
    }
}
