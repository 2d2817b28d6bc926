//! The gateway that composes answers [seeds 001, 004]: it asks the services on behalf of a query, waits for their replies, joins
//! them and answers. It keeps nothing between two queries.

use std::collections::BTreeMap;

use crate::kernel::time::Micros;
use crate::shop::ids::{CustomerId, EventId, ProductId};
use crate::system::breaker::{Breaker, Circuit};
use crate::system::context::Context;
use crate::system::fate::{Hop, Purpose};
use crate::system::options::{Composition, Contract, Incomplete};
use crate::system::place::Service;
use crate::system::task::Task;
use crate::system::trace::What;

use super::call::{Call, ComposeTask, Look, Said, Told, record, send};
use super::composing::Composing;
use super::message::{AsOf, Asked, Errand, Outcome, QueryId, QueryTask, Reply};
use super::page::Page;
use super::parts::Parts;
use super::question::{OrderSort, Query};
use super::reading::Reading;

/// The queries that are being composed.
#[derive(Clone, Debug, Default)]
pub struct Composer {
    open: BTreeMap<(QueryId, u16), Open>,
    breakers: Breakers,
}

/// A breaker in front of each service.
type Breakers = [Breaker; Service::ALL.len()];

/// A query that is being composed.
#[derive(Clone, Debug)]
struct Open {
    asked: Box<Asked>,
    /// How many calls each service was sent.
    sent: [u16; Service::ALL.len()],
    /// The calls without a reply.
    missing: Vec<(Service, u16)>,
    /// How many calls were not made, because a circuit is open.
    spared: usize,
    /// When the first service looked that has replied, and which event was the last then.
    since: Option<(Micros, EventId)>,
    parts: Parts,
    /// Is the join under way? What comes now is too late.
    joining: bool,
}

/// Is this query answered by composition?
pub fn composes(query: &Query, composition: Option<&Composition>) -> bool {
    let Some(composition) = composition else { return false };
    match query {
        Query::Page { .. } => composition.page,
        Query::Orders { .. } => composition.orders && whose(query).is_some(),
        _ => false,
    }
}

/// Whose orders are asked for, where the Order Service can list them by a key of its own: by customer, in the order of numbers.
const fn whose(query: &Query) -> Option<CustomerId> {
    match query {
        Query::Orders { status: None, customer: Some(customer), sort: OrderSort::Number } => Some(*customer),
        _ => None,
    }
}

impl Composer {
    /// The breakers in front of the services, in their order.
    pub const fn breakers(&self) -> &[Breaker; Service::ALL.len()] {
        &self.breakers
    }

    /// How many queries are being composed.
    pub fn waiting(&self) -> usize {
        self.open.len()
    }

    /// A query has come: the Order Service is asked first, for it says whom else to ask.
    pub fn receive(&mut self, asked: Box<Asked>, ctx: &mut Context<'_>) {
        let Some(composition) = &ctx.options.queries.composition else { return };
        ctx.record(What::Reading(Reading::Arrived { query: asked.id }));
        let look = match (&asked.query, whose(&asked.query)) {
            (Query::Page { order }, _) => Look::Order(*order),
            (list, Some(customer)) => Look::Orders { list: list.clone(), customer, part: asked.part.clone() },
            (_, None) => return,
        };
        let name = (asked.id, asked.attempt);
        let parts = Parts::default();
        let mut open = Open { asked, sent: [0; 3], missing: Vec::new(), spared: 0, since: None, parts, joining: false };
        open.call(look, composition, &mut self.breakers, ctx);
        open.go_on(composition, ctx);
        ctx.at(ctx.now + composition.timeout, compose(ComposeTask::TimesOut(name.0, name.1)));
        self.open.insert(name, open);
    }

    /// A reply has come: it leads to further calls, or it was the last and everything is joined.
    pub fn replied(&mut self, told: Told, ctx: &mut Context<'_>) {
        let (query, attempt, service) = (told.call.query, told.call.attempt, told.call.look.owner());
        let Some(composition) = &ctx.options.queries.composition else { return };
        let Self { open, breakers } = self;
        let Some(open) = open.get_mut(&(query, attempt)).filter(|open| !open.joining) else { return };
        let Some(at) = open.missing.iter().position(|one| *one == (service, told.call.nth)) else { return };
        open.missing.remove(at);
        record(Composing::Replied { query, service }, ctx);
        if composition.breaker.is_some() {
            tell(service, breakers[service.index()].succeeded(), ctx);
        }
        open.since = open.since.map_or(Some(told.looked), |since| Some(since.min(told.looked)));
        for look in open.next_looks(told.said, composition.batched) {
            open.call(look, composition, breakers, ctx);
        }
        open.go_on(composition, ctx);
    }

    /// Patience ends: with what is there, if that will do.
    pub fn timed_out(&mut self, query: QueryId, attempt: u16, ctx: &mut Context<'_>) -> Option<Reply> {
        let composition = ctx.options.queries.composition.as_ref();
        let open = self.open.get_mut(&(query, attempt)).filter(|open| !open.joining)?;
        let mut services: Vec<Service> = open.missing.iter().map(|(service, _)| *service).collect();
        services.dedup();
        for service in services {
            record(Composing::TimedOut { query, service }, ctx);
            if let Some(settings) = composition.and_then(|one| one.breaker) {
                tell(service, self.breakers[service.index()].failed(&settings, ctx.now), ctx);
            }
        }
        match composition.filter(|one| one.incomplete == Incomplete::Partial && open.parts.has_order()) {
            Some(composition) => {
                open.join(composition, ctx);
                None
            }
            None => {
                let open = self.open.remove(&(query, attempt))?;
                record(Composing::Failed { query }, ctx);
                Some(open.reply(Page::default(), Outcome::Failed, ctx))
            }
        }
    }

    /// The replies are joined: this is the answer.
    pub fn joined(&mut self, query: QueryId, attempt: u16, ctx: &mut Context<'_>) -> Option<Reply> {
        let mut open = self.open.remove(&(query, attempt))?;
        let missing = u16::try_from(open.missing.len() + open.spared).unwrap_or(u16::MAX);
        let mut outcome = Outcome::Rows;
        if missing > 0 {
            record(Composing::Partial { query, missing }, ctx);
            outcome = Outcome::Partial;
        }
        let page = core::mem::take(&mut open.parts).joined(&open.asked.query);
        let reply = open.reply(page, outcome, ctx);
        match reply.asked.contract(ctx.options) {
            Contract::BoundedStaleness { bound, .. } if reply.as_of.lag > bound => {
                ctx.record(What::Reading(Reading::TurnedAway { query }));
                Some(Reply { page: Page::default(), outcome: Outcome::Refused, ..reply })
            }
            _ => Some(reply),
        }
    }
}

impl Open {
    /// Calls a service, unless its circuit is open.
    fn call(&mut self, look: Look, composition: &Composition, breakers: &mut Breakers, ctx: &mut Context<'_>) {
        let service = look.owner();
        if let Some(settings) = composition.breaker {
            let breaker = &mut breakers[service.index()];
            if !breaker.allows(&settings, ctx.now) {
                self.spared += 1;
                return record(Composing::Spared { query: self.asked.id, service }, ctx);
            }
            tell(service, breaker.asked(), ctx);
        }
        let nth = self.sent[service.index()];
        self.sent[service.index()] = nth.saturating_add(1);
        self.missing.push((service, nth));
        let Asked { id, subject, attempt, .. } = *self.asked;
        send(Call { query: id, subject, attempt, nth, look, sent: ctx.now }, composition, ctx);
    }

    /// Once nobody is waited for any more: joins what is there, or gives up at once what was not even asked for.
    fn go_on(&mut self, composition: &Composition, ctx: &mut Context<'_>) {
        match (self.missing.len(), self.spared) {
            (0, 0) => self.join(composition, ctx),
            (0, _) => ctx.at(ctx.now, compose(ComposeTask::TimesOut(self.asked.id, self.asked.attempt))),
            _ => {}
        }
    }

    /// Takes in what a service said, and gives what has to be asked because of it.
    fn next_looks(&mut self, said: Said, batched: bool) -> Vec<Look> {
        match said {
            Said::Order(found) => {
                let is_page = matches!(self.asked.query, Query::Page { .. });
                let looks = found.as_ref().filter(|_| is_page).map(|(row, lines)| {
                    let customer = row.fields.customer().map(Look::Customer);
                    let mut products: Vec<ProductId> = lines.iter().map(|line| line.product).collect();
                    products.sort_unstable();
                    products.dedup();
                    let each = |product: &ProductId| Look::Products([*product].into());
                    let products: Vec<Look> = match (products.is_empty(), batched) {
                        (true, _) => Vec::new(),
                        (false, true) => vec![Look::Products(products.into())],
                        (false, false) => products.iter().map(each).collect(),
                    };
                    customer.into_iter().chain(products).collect()
                });
                self.parts.take_order(found);
                looks.unwrap_or_default()
            }
            // Of a list without its rows, only the numbers and where the next part begins have travelled.
            Said::Orders(page) if !batched => {
                let numbers = page.rows.iter().filter_map(|row| row.of.order()).map(Look::Order).collect();
                self.parts.take_list(Page { rows: Vec::new(), ..page });
                numbers
            }
            Said::Orders(page) => {
                self.parts.take_list(page);
                Vec::new()
            }
            Said::Customer(name) => {
                self.parts.take_customer(name);
                Vec::new()
            }
            Said::Products(names) => {
                self.parts.take_products(names);
                Vec::new()
            }
        }
    }

    fn join(&mut self, composition: &Composition, ctx: &mut Context<'_>) {
        self.joining = true;
        let span = ctx.fates.span(self.asked.key(Purpose::Service, Hop::Compose), &composition.join);
        ctx.at(ctx.now + span, compose(ComposeTask::Joined(self.asked.id, self.asked.attempt)));
    }

    /// The answer: as new as the part that was looked up first.
    fn reply(self, page: Page, outcome: Outcome, ctx: &Context<'_>) -> Reply {
        let (at, position) = self.since.unwrap_or((ctx.now, EventId(0)));
        let as_of = AsOf { positions: Vec::new(), at, lag: ctx.now.since(at), position };
        Reply { asked: *self.asked, page, as_of, outcome, errand: Some(Errand::Composed), cached: false, sent: ctx.now }
    }
}

fn tell(service: Service, change: Option<Circuit>, ctx: &mut Context<'_>) {
    if let Some(circuit) = change {
        record(Composing::CircuitTurned { service, circuit }, ctx);
    }
}

const fn compose(task: ComposeTask) -> Task {
    Task::Query(QueryTask::Compose(task))
}
