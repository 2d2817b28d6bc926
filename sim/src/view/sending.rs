//! Commands and queries by hand: whom one can be sent to, and what was answered.

use crate::view::words;
use core::fmt;
use std::collections::BTreeSet;

use crate::kernel::time::Micros;
use crate::oracle::judgement::Freshness;
use crate::oracle::lab::Lab;
use crate::shop::ids::{CommandId, CustomerId, OrderId, ProductId};
use crate::shop::money::Cents;
use crate::shop::refusal::RefusalKind;
use crate::system::client::ASSORTMENT;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{Errand, Outcome, QueryId, Reply};
use crate::system::queries::reading::Reading;
use crate::system::queries::row::{Fields, Row};
use crate::system::trace::{Trace, What};

use super::{log, trail};

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
    /// The categories of the products, each once, by name.
    pub categories: Vec<String>,
    /// The read models that can be asked.
    pub models: Vec<Model>,
}

/// What was sent by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// A command.
    Command(CommandId),
    /// A query.
    Query(QueryId),
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(command) => command.fmt(f),
            Self::Query(query) => query.fmt(f),
        }
    }
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
    let asked = [Model::OrderView, Model::CustomerOrderHistory, Model::ProductSearch, Model::OrderWorkQueue];
    let models = asked.into_iter().filter(|model| lab.world().takes_part(Reader::Projection(*model))).collect();
    let named = workload.products.iter().map(|item| &item.category).filter(|category| !category.is_empty());
    let categories = named.collect::<BTreeSet<_>>().into_iter().cloned().collect();
    Domain { orders, next_order: OrderId(next), products, customers, categories, models }
}

/// What came of a command, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is on its way, or being decided.
    Waiting,
    /// It was accepted: the line of the log says what came of it.
    Accepted {
        /// In words.
        words: String,
        /// The command with which the story began, as the answer's headers say.
        correlation: String,
    },
    /// It was refused.
    Refused {
        /// What kind of answer this is.
        kind: &'static str,
        /// Why.
        why: String,
        /// The command with which the story began, as the answer's headers say.
        correlation: String,
    },
    /// It was accepted, and changed nothing, or its outcome is not told.
    Answered,
    /// It got lost with its service: no answer will come.
    Lost,
    /// It was a query, and this is the answer.
    Told(Told),
    /// It was a query, and its client gets no answer.
    Untold,
}

/// The answer to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its rows in words: the first few.
    pub rows: Vec<String>,
    /// How many rows there are besides.
    pub more: usize,
    /// How it stood to the truth when it left.
    pub freshness: Freshness,
    /// How far it says that it is behind the log.
    pub lag: Micros,
    /// Who had it.
    pub from: String,
    /// What it says of itself besides.
    pub remark: &'static str,
}

/// How many rows of an answer are told.
const ROWS_TOLD: usize = 5;

/// What came of a query. `trace` is everything up to the moment.
pub fn answer_to(lab: &Lab, trace: Trace<'_>, wanted: QueryId) -> Answer {
    let mut freshness = Freshness::Fresh;
    for entry in trace {
        let What::Reading(reading) = entry.what else { continue };
        match reading {
            Reading::Served { query, .. } if query == wanted => freshness = Freshness::Fresh,
            Reading::FoundStale { query, .. } if query == wanted => freshness = Freshness::Stale,
            Reading::FoundWrong { query, .. } if query == wanted => freshness = Freshness::Wrong,
            // These are the last words about a query: whoever looks on long after need not read on.
            Reading::Refused { query } | Reading::TimedOut { query, last: true } if query == wanted => {
                return Answer::Untold;
            }
            Reading::Answered { query } if query == wanted => {
                let reply = lab.world().reads().clients.hand_answer().filter(|reply| reply.asked.id == wanted);
                return reply.map_or(Answer::Answered, |reply| Answer::Told(in_words(reply, freshness)));
            }
            _ => {}
        }
    }
    Answer::Waiting
}

fn in_words(reply: &Reply, freshness: Freshness) -> Told {
    let from = match reply.errand {
        Some(Errand::Composed) => "the gateway, of what the services say".to_owned(),
        Some(_) => "the order service".to_owned(),
        None if reply.cached => "the cache".to_owned(),
        None => match reply.asked.keeper {
            Keeper::Replica(number) => format!("read replica {number}"),
            Keeper::Edge(edge) => format!("edge {}", edge.0),
            Keeper::Primary => format!("the {}", reply.asked.query.model()),
        },
    };
    let remark = match reply.outcome {
        Outcome::Pending => "Your own write is still pending",
        Outcome::Partial => "Some of it is missing, because a service did not reply",
        _ => "",
    };
    let rows = &reply.page.rows;
    Told {
        rows: rows.iter().take(ROWS_TOLD).map(row).collect(),
        more: rows.len().saturating_sub(ROWS_TOLD),
        freshness,
        lag: reply.as_of.lag,
        from,
        remark,
    }
}

/// A row in words.
fn row(row: &Row) -> String {
    let whose = |customer: &Option<CustomerId>| customer.map_or_else(String::new, |one| format!(", {one}"));
    let said = match &row.fields {
        Fields::Order { customer, status, quantity, total } => {
            format!("{status}, {quantity} units, {total}{}", whose(customer))
        }
        Fields::Past { status, total, customer, .. } => format!("{status}, {total}{}", whose(customer)),
        Fields::Product { name, price, stock, .. } => format!("{name}, {price}, {stock} in stock"),
        Fields::Work { team, due, sensitive, .. } => {
            let care = if *sensitive == Some(true) { ", needs care" } else { "" };
            format!("team {team}, due at {}{care}", words::clock(*due))
        }
        Fields::Page { status, quantity, total, customer_name, product_names, .. } => {
            let names = [customer_name, product_names].into_iter().flatten().filter(|name| !name.is_empty());
            let names: String = names.map(|name| format!(", {name}")).collect();
            format!("{status}, {quantity} units, {total}{names}")
        }
    };
    format!("{}: {said}", row.of)
}

/// What came of a command. `trace` is everything up to the moment.
pub fn answer(lab: &Lab, trace: Trace<'_>, wanted: CommandId) -> Answer {
    let mut answer = Answer::Waiting;
    let correlation = |of| words::command_name(trail::of_command(lab, wanted, of).correlation);
    for (index, entry) in trace.iter().enumerate() {
        match entry.what {
            What::CommandRefused { command, refusal, of } if command == wanted => {
                let (kind, correlation) = (kind(refusal.kind()), correlation(of));
                return Answer::Refused { kind, why: refusal.to_string(), correlation };
            }
            What::Committed { command, of, .. } if command == wanted => {
                let words = log::line(lab, &entry, trace.part(..index)).text;
                return Answer::Accepted { words, correlation: correlation(of) };
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
