//! The query API: reads a model and says how new its answer is [seed 004]. It has no rules of the business, and asks nobody
//! what is true.
//!
//! `contract` decides whether a model is new enough for a query, and what happens where it is not.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::customer::rights::Forbidden;
use crate::shop::ids::EventId;
use crate::system::consumer::instances::{Consumer, Sources};
use crate::system::context::Context;
use crate::system::edges::edging::Edging;
use crate::system::fate::{Hop, Purpose};
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{AsOf, Asked, Errand, Outcome, QueryId, QueryTask, Reply};
use crate::system::queries::page::{Page, cut};
use crate::system::queries::reading::Reading;
use crate::system::queries::row::Row;
use crate::system::queries::sight::Sight;
use crate::system::query_side::read_model::ReadModel;
use crate::system::task::Task;
use crate::system::trace::What;
use crate::system::versions::Stage;

pub mod as_of;
pub mod at_edge;
mod cache;
mod composed;
mod contract;
pub mod replicas;
pub mod screen;
pub mod table;

use self::cache::AnswerCache;
use self::replicas::Copy;

/// The API: workers with the queue in front of them, for the primary and for each copy, and the queries that wait for a
/// model.
#[derive(Clone, Debug, Default)]
pub struct QueryApi {
    desks: Vec<Desk>,
    cache: AnswerCache,
    copies: Vec<Copy>,
    /// For each model, how many events its primary has taken in since there are copies.
    applied: [u32; Model::ALL.len()],
    /// Whose turn it was last.
    turn: u8,
    /// Queries that wait until a model has come far enough, oldest first.
    kept: Vec<Asked>,
    /// For each model, the event up to which it has everything.
    reached: [Reached; Model::ALL.len()],
    /// What was answered in this step, for whoever watches.
    served: Vec<Arc<Reply>>,
}

/// How far a model is known to be.
#[derive(Clone, Copy, Debug, Default)]
struct Reached {
    /// Which version of the model that is about: another one, or one that is built anew, begins from nothing.
    version: Option<(Reader, u8, Stage)>,
    event: EventId,
}

/// The workers of one keeper of rows, and the queue in front of them.
#[derive(Clone, Debug, Default)]
struct Desk {
    queue: VecDeque<Box<Asked>>,
    busy: u8,
    /// What an edge has done so far.
    tally: Tally,
}

/// What an edge has done with queries so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Answers that it has made from its own copies.
    pub answered: u32,
    /// Queries that it has handed on to the origin.
    pub handed_on: u32,
}

/// What the API reads.
#[derive(Clone, Copy, Debug)]
pub struct Shelf<'a> {
    /// The version of each read model that serves, and who that is, in the order of the models' numbers.
    pub serving: [(Reader, &'a Consumer<ReadModel>); Model::ALL.len()],
    /// The log that they follow, and what the events say.
    pub sources: Sources<'a>,
}

impl<'a> Shelf<'a> {
    /// The projector of a model's version that serves.
    pub const fn projector(&self, model: Model) -> &'a Consumer<ReadModel> {
        self.serving[model.index()].1
    }

    /// The name of a model's version that serves.
    pub const fn reader(&self, model: Model) -> Reader {
        self.serving[model.index()].0
    }
}

impl QueryApi {
    /// Forgets what was answered in the step before.
    pub fn begin_step(&mut self) {
        self.served.clear();
    }

    /// The answer to a query that left in this step.
    pub fn served(&self, query: QueryId) -> Option<&Reply> {
        self.served.iter().map(AsRef::as_ref).find(|reply| reply.asked.id == query)
    }

    /// How many queries wait or are being worked on.
    pub fn waiting(&self) -> usize {
        let at_desks: usize = self.desks.iter().map(|desk| desk.queue.len() + usize::from(desk.busy)).sum();
        at_desks + self.kept.len()
    }

    /// How many queries wait until their model has come far enough.
    pub const fn kept(&self) -> usize {
        self.kept.len()
    }

    /// Does it want to know what is applied? It does while queries wait, or copies follow.
    pub const fn watches(&self) -> bool {
        !self.kept.is_empty() || !self.copies.is_empty()
    }

    /// A query has come: the cache is looked into, or a worker takes it, or it waits for one.
    pub fn receive(&mut self, mut asked: Box<Asked>, ctx: &mut Context<'_>) {
        ctx.record(What::Reading(Reading::Arrived { query: asked.id }));
        // No answer is better than a wrong one.
        if ctx.options.projections.versions.of(asked.query.model()).is_paused() {
            return contract::turn_away(*asked, ctx);
        }
        asked.keeper = self.choose_keeper(&asked, ctx);
        if self.looks_into_cache(&asked, ctx) { cache::look(asked, ctx) } else { self.enqueue(asked, ctx) }
    }

    fn enqueue(&mut self, asked: Box<Asked>, ctx: &mut Context<'_>) {
        let keeper = asked.keeper;
        self.desk(keeper).queue.push_back(asked);
        self.work(keeper, ctx);
    }

    fn desk(&mut self, keeper: Keeper) -> &mut Desk {
        let at = keeper.index();
        if self.desks.len() <= at {
            self.desks.resize_with(at + 1, Desk::default);
        }
        &mut self.desks[at]
    }

    fn work(&mut self, keeper: Keeper, ctx: &mut Context<'_>) {
        let api = &ctx.options.queries.api;
        let desk = self.desk(keeper);
        while desk.busy < api.workers {
            let Some(asked) = desk.queue.pop_front() else { return };
            desk.busy += 1;
            let service = ctx.fates.span(asked.key(Purpose::Service, Hop::QueryApi), &api.service);
            ctx.at(ctx.now + service, Task::Query(QueryTask::Served(asked)));
        }
    }

    /// A worker is done with a query: it is answered, or waits for its model; the worker takes the next.
    pub fn serve(&mut self, asked: Box<Asked>, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        let keeper = asked.keeper;
        self.desk(keeper).busy -= 1;
        self.consider(asked, shelf, ctx);
        self.work(keeper, ctx);
    }

    /// What a keeper has of a model: the primary its rows as they are now, a copy what it has of them. A replica that is gone
    /// is stood in for by the primary.
    fn rows_at<'a>(&'a self, keeper: Keeper, model: Model, shelf: Shelf<'a>) -> &'a ReadModel {
        self.rows_of_copy(model, keeper).unwrap_or_else(|| shelf.projector(model).follower.target())
    }

    /// Reads the model as its keeper has it now.
    fn read(&mut self, asked: Box<Asked>, outcome: Outcome, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        let model = asked.query.model();
        let rows = table::selected(self.rows_at(asked.keeper, model, shelf), &asked.query);
        if rows.is_empty() && asked.query.one().is_some() && ctx.options.queries.consistency.fallback {
            return ask_write_side(asked, Errand::Fallback, ctx);
        }
        let rows = match screen::shown(&asked, rows, self.rows_at(asked.keeper, model, shelf), ctx) {
            Ok(rows) => rows,
            Err(why) => return self.forbid(*asked, why, ctx),
        };
        let page = cut(&asked.query, &asked.part, rows);
        let as_of = self.as_of(asked.keeper, model, shelf, ctx);
        if outcome == Outcome::Pending {
            ctx.record(What::Reading(Reading::Pending { query: asked.id }));
        }
        match asked.keeper {
            Keeper::Primary => {}
            Keeper::Replica(replica) => {
                ctx.record(What::Reading(Reading::FromReplica { query: asked.id, replica }));
            }
            Keeper::Edge(edge) => {
                self.desk(asked.keeper).tally.answered += 1;
                ctx.record(What::Edge(Edging::Answered { query: asked.id, edge }));
            }
        }
        let reply = Reply { page, as_of, outcome, errand: None, cached: false, sent: ctx.now, asked: *asked };
        let is_for_all = !screen::is_guarded(&reply.asked, ctx);
        if let (Some(cache), Outcome::Rows, true) = (&ctx.options.queries.cache, outcome, is_for_all) {
            self.cache.keep(&reply, cache.ttl, ctx.now);
        }
        self.answer(reply, Micros::ZERO, ctx);
    }

    /// The Order Service has looked for the order that was asked for: the answer is passed on.
    pub fn pass_on(&mut self, asked: Asked, errand: Errand, row: Option<Row>, ctx: &mut Context<'_>) {
        let query = asked.id;
        ctx.record(What::Reading(Reading::WriteSideLooked { query }));
        let page = Page { rows: row.into_iter().collect(), next: None };
        let as_of = AsOf { at: ctx.now, ..AsOf::default() };
        let back = if errand == Errand::Direct { Micros::ZERO } else { to_write_side(&asked, 2, ctx) };
        let reply =
            Reply { page, as_of, outcome: Outcome::Rows, errand: Some(errand), cached: false, sent: ctx.now, asked };
        self.answer(reply, back, ctx);
    }

    /// The answer is that it is not for the asker.
    pub fn forbid(&mut self, asked: Asked, why: Forbidden, ctx: &mut Context<'_>) {
        ctx.record(What::Reading(Reading::Sight(Sight::Refused { query: asked.id, why })));
        let (page, as_of) = (Page::default(), AsOf { at: ctx.now, ..AsOf::default() });
        let outcome = Outcome::Forbidden(why);
        let reply = Reply { page, as_of, outcome, errand: None, cached: false, sent: ctx.now, asked };
        self.answer(reply, Micros::ZERO, ctx);
    }

    /// An answer leaves, and is `later` on its way than usual.
    fn answer(&mut self, reply: Reply, later: Micros, ctx: &mut Context<'_>) {
        let query = reply.asked.id;
        let rows = u16::try_from(reply.page.rows.len()).unwrap_or(u16::MAX);
        ctx.record(What::Reading(Reading::Served { query, rows, lag: reply.as_of.lag }));
        let reply = Arc::new(reply);
        self.served.push(Arc::clone(&reply));
        send(reply, later, ctx);
    }
}

/// An answer leaves for its client.
fn send(reply: Arc<Reply>, later: Micros, ctx: &mut Context<'_>) {
    if let Some(edge) = reply.asked.edge {
        return at_edge::send(reply, edge, later, ctx);
    }
    let link = &ctx.options.queries.api;
    let delay = ctx.fates.span(reply.asked.key(Purpose::Delay, Hop::QueryAnswer), &link.delay);
    if ctx.fates.happens(reply.asked.key(Purpose::Loss, Hop::QueryAnswer), link.loss, ctx.faults) {
        ctx.record(What::Reading(Reading::AnswerLost { query: reply.asked.id }));
        ctx.at(ctx.now + later + delay, Task::Query(QueryTask::AnswerVanishes(reply)));
    } else {
        ctx.at(ctx.now + later + delay, Task::Query(QueryTask::Answers(reply)));
    }
}

/// A question leaves for the Order Service.
fn ask_write_side(mut asked: Box<Asked>, errand: Errand, ctx: &mut Context<'_>) {
    asked.left = ctx.now;
    ctx.record(What::Reading(Reading::AsksWriteSide { query: asked.id, errand }));
    let delay = to_write_side(&asked, 1, ctx);
    ctx.at(ctx.now + delay, Task::Query(QueryTask::WriteSideAsked(asked, errand)));
}

/// How long the way to the Order Service takes, and the `which`th way of each try is there or back.
pub fn to_write_side(asked: &Asked, which: u16, ctx: &Context<'_>) -> Micros {
    let key = asked.key(Purpose::Delay, Hop::WriteSideRead);
    let attempt = (asked.attempt - 1) * 2 + which;
    ctx.fates.span(crate::system::fate::FateKey { attempt, ..key }, &ctx.options.queries.consistency.write_side_delay)
}
