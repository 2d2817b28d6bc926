//! Those who ask: a stream of queries, clients who look at what they have just written, readers who go from page to page, and
//! a script.
//!
//! What they choose is a fate like any other. A session is a customer: whoever reads an order is whoever placed it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::kernel::agenda::Agenda;
use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::command::Command;
use crate::shop::ids::{CustomerId, OrderId};
use crate::shop::order::command::OrderCommand;
use crate::system::by_order::ByOrder;
use crate::system::context::Context;
use crate::system::edges::EdgeTask;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::load::Load;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::options::{PAGE_SIZE, ScriptedQuery};
use crate::system::task::{Answer, Task};
use crate::system::trace::What;

use super::choice::chosen_query;
use super::keeper::Keeper;
use super::message::{Asked, Outcome, QueryId, QueryTask, Reply, Token};
use super::page::{Paging, Part, Start};
use super::question::Query;
use super::reading::Reading;
use super::session::Session;

/// The clients that ask.
#[derive(Clone, Debug)]
pub struct QueryClients {
    /// How many queries were asked.
    asked: u32,
    /// How many of the stream were asked.
    streamed: u32,
    /// Is the next query of the stream planned?
    next_planned: bool,
    /// How many queries are planned.
    planned: u32,
    /// The queries that wait for their answers.
    open: BTreeMap<QueryId, Arc<Asked>>,
    /// The orders that the clients know to be placed, in the order in which they learned it.
    orders: Pages<OrderId>,
    /// Who has placed each of them.
    owners: ByOrder<Option<CustomerId>>,
    /// The order that was written last.
    last_written: Option<OrderId>,
    /// What each session knows.
    sessions: Arc<BTreeMap<CustomerId, Arc<Session>>>,
    /// The answer that came last, for whoever watches.
    last_answer: Option<Arc<Reply>>,
    /// The answer that came last to a query that was asked by hand.
    hand_answer: Option<Arc<Reply>>,
}

/// The subjects of pages and of scripted queries, apart from those of the stream.
const WALKS: u32 = 1_000_000_000;
const PAGES_OF_A_WALK: u32 = 10_000_000;
const SCRIPT: u32 = 3_000_000_000;
const BY_HAND: u32 = 3_100_000_000;

impl QueryClients {
    /// Clients that have not asked; schedules their first queries. Orders are numbered from `first` on.
    pub fn start(first: u32, ctx: &mut Context<'_>) -> Self {
        let mut clients = Self {
            asked: 0,
            streamed: 0,
            next_planned: false,
            planned: 0,
            open: BTreeMap::new(),
            orders: Pages::default(),
            owners: ByOrder::from_order(first),
            last_written: None,
            sessions: Arc::default(),
            last_answer: None,
            hand_answer: None,
        };
        let queries = &ctx.options.queries;
        for (line, scripted) in (0..).zip(&queries.script) {
            clients.planned += 1;
            ctx.agenda.add(scripted.at, Task::Query(QueryTask::Scripted(line)));
        }
        for (number, walk) in (0..).zip(&queries.walks) {
            let part = Part::first(walk.size, walk.paging);
            let first = asking(page_of(number, 0), walk.by, walk.ask.clone(), part);
            clients.plan(walk.at, Asked { walk: Some(number), ..first }, ctx.agenda);
        }
        clients.plan_next(ctx);
        clients
    }

    /// How many queries are planned or unanswered.
    pub fn open(&self) -> usize {
        self.planned as usize + self.open.len()
    }

    /// How many queries wait for their answers.
    pub fn unanswered(&self) -> usize {
        self.open.len()
    }

    /// How many queries were asked.
    pub const fn asked(&self) -> u32 {
        self.asked
    }

    /// Who has placed an order, once a client knows that it is placed.
    pub fn owner(&self, order: OrderId) -> Option<CustomerId> {
        self.owners.get(order).copied().flatten()
    }

    /// What a session knows.
    pub fn session(&self, session: CustomerId) -> Option<&Session> {
        self.sessions.get(&session).map(AsRef::as_ref)
    }

    /// The answer that came last.
    pub fn last_answer(&self) -> Option<&Reply> {
        self.last_answer.as_deref()
    }

    /// The answer that came last to a query that was asked by hand.
    pub fn hand_answer(&self) -> Option<&Reply> {
        self.hand_answer.as_deref()
    }

    fn session_mut(&mut self, session: CustomerId) -> &mut Session {
        Arc::make_mut(Arc::make_mut(&mut self.sessions).entry(session).or_default())
    }

    /// Goes on under changed options: there may be more to ask than before.
    pub fn go_on(&mut self, ctx: &mut Context<'_>) {
        self.plan_next(ctx);
    }

    fn plan_next(&mut self, ctx: &mut Context<'_>) {
        let stream = &ctx.options.queries.stream;
        if self.next_planned || self.streamed >= stream.count {
            return;
        }
        let subject = Subject { of: OrderId(0).into(), n: self.streamed + 1 };
        let gap = ctx.fates.span(of_client(Purpose::Delay, subject, 1), &stream.gap);
        self.next_planned = true;
        self.planned += 1;
        ctx.at(ctx.now + gap, Task::Query(QueryTask::Next));
    }

    /// Asks the next query of the stream.
    pub fn ask_next(&mut self, ctx: &mut Context<'_>) {
        self.planned -= 1;
        self.next_planned = false;
        self.streamed += 1;
        let subject = Subject { of: OrderId(0).into(), n: self.streamed };
        let order = self.chosen_order(subject, ctx);
        let session = self.owner(order).unwrap_or_default();
        if let Some(query) = chosen_query(subject, order, session, ctx) {
            self.ask(asking(subject, session, query, first_page()), ctx);
        }
        self.plan_next(ctx);
    }

    /// The order written last, or any; the first of the workload while none is known.
    fn chosen_order(&self, subject: Subject, ctx: &Context<'_>) -> OrderId {
        let recent = ctx.options.queries.stream.recent;
        let count = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        match self.last_written {
            None => OrderId(ctx.options.workload.first_order),
            Some(last) if ctx.fates.happens(of_client(Purpose::Choice, subject, 2), recent, true) => last,
            Some(last) => {
                let which = ctx.fates.pick(of_client(Purpose::Choice, subject, 3), count);
                self.orders.get(which as usize).copied().unwrap_or(last)
            }
        }
    }

    /// Sends a line of the script.
    pub fn scripted(&mut self, line: u32, ctx: &mut Context<'_>) {
        self.planned -= 1;
        if let Some(scripted) = ctx.options.queries.script.get(line as usize) {
            let subject = Subject { of: OrderId(0).into(), n: SCRIPT + line };
            let part = Part::first(scripted.size, Paging::Keyset);
            let asked = asking(subject, scripted.by, scripted.ask.clone(), part);
            self.ask(Asked { wants: scripted.contract, ..asked }, ctx);
        }
    }

    /// Asks at once, because a person wants to know.
    pub fn by_hand(&mut self, line: &ScriptedQuery, ctx: &mut Context<'_>) {
        let subject = Subject { of: OrderId(0).into(), n: BY_HAND.saturating_add(self.asked) };
        let asked = asking(subject, line.by, line.ask.clone(), Part::first(line.size, Paging::Keyset));
        self.ask(Asked { wants: line.contract, ..asked }, ctx);
    }

    /// Asks what was planned.
    pub fn planned(&mut self, asked: Asked, ctx: &mut Context<'_>) {
        self.planned -= 1;
        self.ask(asked, ctx);
    }

    fn plan(&mut self, due: Micros, asked: Asked, agenda: &mut Agenda<Task>) {
        self.planned += 1;
        agenda.add(due, Task::Query(QueryTask::Begins(Box::new(asked))));
    }

    /// A client has the answer to a command: from now on it knows of its effect, and may want to see it.
    pub fn learn(&mut self, answer: &Answer, store: &EventStore, ctx: &mut Context<'_>) {
        let (Aggregate::Order(order), Ok(Some(event))) = (answer.request.of, answer.outcome) else { return };
        // Where only a person asks, sessions begin with the first question.
        if !ctx.options.queries.are_asked() && self.asked == 0 {
            return;
        }
        if let Command::Order(OrderCommand::CreateOrder { customer, .. }) = &answer.request.command {
            // An answer can come twice.
            if self.owners.entry(order).replace(*customer).is_none() {
                self.orders.push(order);
            }
        }
        self.last_written = Some(order);
        let session = self.owner(order).unwrap_or_default();
        self.session_mut(session).note_written(order.into(), event, store.event(event).recorded.version);
        let looking = &ctx.options.queries.read_after_write;
        let subject = answer.request.subject;
        if ctx.fates.happens(of_client(Purpose::Choice, subject, 1), looking.likely, true) {
            let think = ctx.fates.span(of_client(Purpose::Delay, subject, 1), &looking.think);
            let query = if looking.page { Query::Page { order } } else { Query::Order { order } };
            self.plan(ctx.now + think, asking(subject, session, query, first_page()), ctx.agenda);
        }
    }

    fn ask(&mut self, asked: Asked, ctx: &mut Context<'_>) {
        self.asked += 1;
        let known = self.sessions.get(&asked.session).cloned().unwrap_or_default();
        let token = known.token(&asked.query, asked.contract(ctx.options), ctx.options.queries.consistency.session);
        let asked = Asked { id: QueryId(self.asked), sent: ctx.now, token, known, ..asked };
        let (session, model, of) = (asked.session, asked.query.model(), asked.query.one());
        ctx.record(What::Reading(Reading::Asked { query: asked.id, session, model, of }));
        send(&asked, ctx);
        self.open.insert(asked.id, Arc::new(asked));
    }

    /// A query has gone to an edge: if no answer comes from there, its client tries another one.
    pub fn note_edge(&mut self, query: QueryId, edge: EdgeId) {
        if let Some(asked) = self.open.get_mut(&query) {
            Arc::make_mut(asked).edge = Some(edge);
        }
    }

    /// An answer has come. One that came before, or that nobody waits for any longer, changes nothing.
    pub fn answered(&mut self, reply: Arc<Reply>, ctx: &mut Context<'_>) {
        let query = reply.asked.id;
        let Some(asked) = self.open.get(&query) else { return };
        match reply.outcome {
            // Another try is on its way already.
            Outcome::NotYet if asked.attempt != reply.asked.attempt => {}
            Outcome::NotYet if asked.attempt < ctx.options.queries.api.tries => self.wait_to_ask_again(query, ctx),
            Outcome::NotYet | Outcome::Refused | Outcome::Forbidden(_) | Outcome::Failed => {
                self.open.remove(&query);
                ctx.record(What::Reading(Reading::Refused { query }));
            }
            Outcome::Rows | Outcome::Pending | Outcome::Partial => {
                self.open.remove(&query);
                ctx.record(What::Reading(Reading::Answered { query }));
                self.session_mut(reply.asked.session).note_seen(&reply);
                if let (Some(number), Some(next)) = (reply.asked.walk, &reply.page.next) {
                    self.turn_page(number, &reply, next, ctx);
                }
                if reply.asked.subject.n >= BY_HAND {
                    self.hand_answer = Some(Arc::clone(&reply));
                }
                self.last_answer = Some(reply);
            }
        }
    }

    /// The client was told when to ask again. Until then it waits for nothing.
    fn wait_to_ask_again(&mut self, query: QueryId, ctx: &mut Context<'_>) {
        let Some(asked) = self.open.get_mut(&query) else { return };
        let again = Arc::make_mut(asked);
        again.attempt += 1;
        // It was answered, so there is no need to go to another edge.
        again.edge = None;
        let due = ctx.now + ctx.options.queries.consistency.retry_after;
        ctx.at(due, Task::Query(QueryTask::AsksAgain(query, again.attempt)));
    }

    /// A client that was told to ask again does so.
    pub fn ask_again(&mut self, query: QueryId, attempt: u16, ctx: &mut Context<'_>) {
        if let Some(asked) = self.open.get(&query).filter(|asked| asked.attempt == attempt) {
            ctx.record(What::Reading(Reading::AskedAgain { query, attempt }));
            send(asked, ctx);
        }
    }

    fn turn_page(&mut self, number: u32, reply: &Reply, next: &Start, ctx: &mut Context<'_>) {
        let Some(walk) = ctx.options.queries.walks.get(number as usize) else { return };
        let subject = Subject { n: reply.asked.subject.n + 1, ..reply.asked.subject };
        let think = ctx.fates.span(of_client(Purpose::Delay, subject, 1), &walk.think);
        let part = Part { start: next.clone(), ..reply.asked.part.clone() };
        let page = Asked { part, subject, attempt: 1, edge: None, ..reply.asked.clone() };
        self.plan(ctx.now + think, page, ctx.agenda);
    }

    /// A client has waited long enough for an answer to this try: it asks again, or gives up.
    pub fn timed_out(&mut self, query: QueryId, attempt: u16, ctx: &mut Context<'_>) {
        let Some(asked) = self.open.get_mut(&query).filter(|asked| asked.attempt == attempt) else { return };
        let last = attempt >= ctx.options.queries.api.tries;
        ctx.record(What::Reading(Reading::TimedOut { query, last }));
        if last {
            self.open.remove(&query);
            return;
        }
        let again = Arc::make_mut(asked);
        again.attempt += 1;
        ctx.record(What::Reading(Reading::AskedAgain { query, attempt: again.attempt }));
        send(again, ctx);
    }
}

/// A query leaves for the API, and its client begins to wait.
fn send(asked: &Asked, ctx: &mut Context<'_>) {
    let asked = &Asked { left: ctx.now, ..asked.clone() };
    let link = &ctx.options.queries.api;
    let delay = ctx.fates.span(asked.key(Purpose::Delay, Hop::Query), &link.delay);
    let (id, attempt, timeout) = (asked.id, asked.attempt, link.timeout);
    if ctx.options.queries.edges.is_some() {
        ctx.at(ctx.now, Task::Edge(EdgeTask::SetsOut(Load::Query(Box::new(asked.clone())))));
    } else if ctx.fates.happens(asked.key(Purpose::Loss, Hop::Query), link.loss, ctx.faults) {
        ctx.record(What::Reading(Reading::QueryLost { query: id }));
        ctx.at(ctx.now + delay, Task::Query(QueryTask::Vanishes(Box::new(asked.clone()))));
    } else {
        ctx.at(ctx.now + delay, Task::Query(QueryTask::Arrives(Box::new(asked.clone()))));
    }
    ctx.at(ctx.now + timeout, Task::Query(QueryTask::TimesOut(id, attempt)));
}

/// A query that is not asked yet.
fn asking(subject: Subject, session: CustomerId, query: Query, part: Part) -> Asked {
    let (token, known) = (Token::default(), Arc::default());
    let (id, sent) = (QueryId(0), Micros::ZERO);
    let (keeper, rights_told) = (Keeper::Primary, None);
    Asked {
        id,
        subject,
        session,
        query,
        part,
        walk: None,
        sent,
        attempt: 1,
        wants: None,
        token,
        known,
        keeper,
        edge: None,
        rights_told,
        left: sent,
    }
}

const fn first_page() -> Part {
    Part::first(PAGE_SIZE, Paging::Keyset)
}

/// The name of a page for fates; both are counted from 0.
const fn page_of(walk: u32, page: u32) -> Subject {
    Subject { of: Aggregate::Order(OrderId(0)), n: WALKS + walk * PAGES_OF_A_WALK + page }
}

/// The name of a fate of whoever asks.
pub const fn of_client(purpose: Purpose, subject: Subject, attempt: u16) -> FateKey {
    FateKey { purpose, hop: Hop::QueryClient, subject, attempt }
}
