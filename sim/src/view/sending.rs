//! Commands by hand: whom one can be sent to, and what was answered.

use crate::oracle::lab::Lab;
use crate::shop::ids::{CommandId, CustomerId, OrderId, ProductId};
use crate::shop::money::Cents;
use crate::shop::refusal::RefusalKind;
use crate::system::client::ASSORTMENT;
use crate::system::trace::{Entry, What};

use super::log;

/// How many orders are offered: the newest.
const ORDERS_MAX: usize = 100;
/// Customers that a shop without a catalogue has always had.
const NAMELESS: [u32; 5] = [100, 101, 102, 103, 104];

/// What there is to send commands to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domain {
    /// The orders, newest first.
    pub orders: Vec<OrderId>,
    /// The number that a new order gets.
    pub next_order: OrderId,
    /// The products, each with its name, if that is known, and its price.
    pub products: Vec<(ProductId, String, Cents)>,
    /// The customers, each with the name, if that is known.
    pub customers: Vec<(CustomerId, String)>,
}

/// What there is at the lab's moment.
pub fn domain(lab: &Lab) -> Domain {
    let workload = &lab.world().options().workload;
    let mut orders: Vec<OrderId> = lab.orders().collect();
    // The clients of the workload choose their numbers first, also those that they have not used yet.
    let planned = workload.first_order.saturating_add(workload.orders);
    let next = orders.iter().map(|order| order.0 + 1).max().unwrap_or(0).max(planned);
    orders.reverse();
    orders.truncate(ORDERS_MAX);
    let listed = workload.products.iter().map(|item| (item.product, item.name.clone(), item.price_cents));
    let products = match workload.products.is_empty() {
        true => ASSORTMENT.map(|(product, price)| (product, String::new(), price)).to_vec(),
        false => listed.collect(),
    };
    let customers = match workload.customers.is_empty() {
        true => NAMELESS.map(|number| (CustomerId(number), String::new())).to_vec(),
        false => workload.customers.iter().map(|one| (one.customer, one.name.clone())).collect(),
    };
    Domain { orders, next_order: OrderId(next), products, customers }
}

/// What came of a command, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is on its way, or being decided.
    Waiting,
    /// It was accepted: the line of the log says what came of it.
    Accepted(String),
    /// It was refused.
    Refused {
        /// What kind of answer this is.
        kind: &'static str,
        /// Why.
        why: String,
    },
    /// It was accepted, and changed nothing, or its outcome is not told.
    Answered,
    /// It got lost with its service: no answer will come.
    Lost,
}

/// What came of a command. `trace` is everything up to the moment.
pub fn answer(lab: &Lab, trace: &[Entry], wanted: CommandId) -> Answer {
    let mut answer = Answer::Waiting;
    for (index, entry) in trace.iter().enumerate() {
        match entry.what {
            What::CommandRefused { command, refusal, .. } if command == wanted => {
                return Answer::Refused { kind: kind(refusal.kind()), why: refusal.to_string() };
            }
            What::Committed { command, .. } if command == wanted => {
                return Answer::Accepted(log::line(lab, trace, index).text);
            }
            What::CommandLost { command } if command == wanted => answer = Answer::Lost,
            What::Answered { command } if command == wanted => answer = Answer::Answered,
            _ => {}
        }
    }
    answer
}

/// A kind of refusal, in words.
const fn kind(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Shape => "makes no sense by itself",
        RefusalKind::DomainRule => "a rule of the shop forbids it",
        RefusalKind::Unavailable => "could not be decided now",
        RefusalKind::Duplicate => "its key belongs to another command",
        RefusalKind::VersionConflict => "was meant for another version",
        RefusalKind::Authorisation => "whoever asks may not",
    }
}
