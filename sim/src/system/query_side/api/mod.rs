//! The query API: reads a model and says how new its answer is [seed 004]. It has no rules of the business, and asks nobody
//! what is true.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::system::consumer::instances::{Consumer, Sources};
use crate::system::context::Context;
use crate::system::fate::{Hop, Purpose};
use crate::system::queries::message::{Asked, QueryId, QueryTask, Reply};
use crate::system::queries::page::cut;
use crate::system::queries::reading::Reading;
use crate::system::query_side::read_model::ReadModel;
use crate::system::task::Task;
use crate::system::trace::What;

pub mod as_of;
pub mod table;

/// The API: workers, and the queue in front of them.
#[derive(Clone, Debug, Default)]
pub struct QueryApi {
    queue: VecDeque<Box<Asked>>,
    busy: u8,
    /// What was answered in this step, for whoever watches.
    served: Vec<Arc<Reply>>,
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
        self.queue.len() + usize::from(self.busy)
    }

    /// A query has come: a worker takes it, or it waits for one.
    pub fn receive(&mut self, asked: Box<Asked>, ctx: &mut Context<'_>) {
        ctx.record(What::Reading(Reading::Arrived { query: asked.id }));
        self.queue.push_back(asked);
        self.work(ctx);
    }

    fn work(&mut self, ctx: &mut Context<'_>) {
        while self.busy < ctx.options.queries.api.workers {
            let Some(asked) = self.queue.pop_front() else { return };
            self.busy += 1;
            let service = ctx.fates.span(asked.key(Purpose::Service, Hop::QueryApi), &ctx.options.queries.api.service);
            ctx.at(ctx.now + service, Task::Query(QueryTask::Served(asked)));
        }
    }

    /// A worker is done with a query: it reads the model as it is now, and the answer leaves.
    pub fn serve(
        &mut self,
        asked: Asked,
        projectors: &[Consumer<ReadModel>],
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        self.busy -= 1;
        let projector = &projectors[asked.query.model().index()];
        let rows = table::selected(projector.follower.target(), &asked.query);
        let page = cut(&asked.query, &asked.part, rows);
        let as_of = as_of::of(asked.query.model(), projector, sources, ctx);
        self.answer(Reply { page, as_of, sent: ctx.now, asked }, ctx);
        self.work(ctx);
    }

    fn answer(&mut self, reply: Reply, ctx: &mut Context<'_>) {
        let query = reply.asked.id;
        let rows = u16::try_from(reply.page.rows.len()).unwrap_or(u16::MAX);
        ctx.record(What::Reading(Reading::Served { query, rows, lag: reply.as_of.lag }));
        let link = &ctx.options.queries.api;
        let delay = ctx.fates.span(reply.asked.key(Purpose::Delay, Hop::QueryAnswer), &link.delay);
        let lost = ctx.fates.happens(reply.asked.key(Purpose::Loss, Hop::QueryAnswer), link.loss, ctx.faults);
        let reply = Arc::new(reply);
        self.served.push(Arc::clone(&reply));
        if lost {
            ctx.record(What::Reading(Reading::AnswerLost { query }));
        } else {
            ctx.at(ctx.now + delay, Task::Query(QueryTask::Answers(reply)));
        }
    }
}
