//! A cache of answers in front of the read models [seed 001]: each is used again until its time to live is over.
//!
//! It honours tokens and bounds like a model: an answer that is too old for a query is no answer to it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::system::context::Context;
use crate::system::fate::{Hop, Purpose};
use crate::system::options::{Contract, SessionLevel};
use crate::system::queries::message::{AsOf, Asked, Outcome, QueryTask, Reply};
use crate::system::queries::page::{Page, Part};
use crate::system::queries::question::Query;
use crate::system::queries::reading::Reading;
use crate::system::task::Task;
use crate::system::trace::What;

use super::{QueryApi, screen};

/// Answers by what was asked.
#[derive(Clone, Debug, Default)]
pub(super) struct AnswerCache {
    answers: BTreeMap<Arc<(Query, Part)>, Kept>,
    /// When each runs out, soonest first.
    ends: VecDeque<(Micros, Arc<(Query, Part)>)>,
}

/// An answer that is kept.
#[derive(Clone, Debug)]
struct Kept {
    page: Page,
    as_of: AsOf,
    until: Micros,
}

impl AnswerCache {
    /// Keeps an answer.
    pub(super) fn keep(&mut self, reply: &Reply, ttl: Micros, now: Micros) {
        while let Some((_, ended)) = self.ends.pop_front_if(|(until, _)| *until <= now) {
            if self.answers.get(&ended).is_some_and(|kept| kept.until <= now) {
                self.answers.remove(&ended);
            }
        }
        let (key, until) = (Arc::new((reply.asked.query.clone(), reply.asked.part.clone())), now + ttl);
        self.ends.push_back((until, Arc::clone(&key)));
        self.answers.insert(key, Kept { page: reply.page.clone(), as_of: reply.as_of.clone(), until });
    }

    /// How many answers are in it that have not run out.
    fn count(&self, now: Micros) -> usize {
        self.answers.values().filter(|kept| now < kept.until).count()
    }

    fn answer(&self, asked: &Asked, ctx: &Context<'_>) -> Option<&Kept> {
        let kept = self.answers.get(&(asked.query.clone(), asked.part.clone())).filter(|kept| ctx.now < kept.until)?;
        let has_it = match asked.query.one() {
            Some(_) => kept.page.rows.first().map_or(0, |row| row.version) >= asked.token.version,
            None => kept.as_of.position >= asked.token.position,
        };
        let is_young = match asked.contract(ctx.options) {
            Contract::BoundedStaleness { bound, .. } => ctx.now.since(kept.as_of.at) <= bound,
            _ => true,
        };
        (has_it && is_young).then_some(kept)
    }
}

impl QueryApi {
    /// How many answers the cache has that can still be given.
    pub fn cached(&self, now: Micros) -> usize {
        self.cache.count(now)
    }

    /// Is the cache asked first? What everybody has written can not be in it.
    pub(super) fn looks_into_cache(&self, asked: &Asked, ctx: &Context<'_>) -> bool {
        let queries = &ctx.options.queries;
        // What was cut to what one may see is nobody else's.
        queries.cache.is_some()
            && !screen::is_guarded(asked, ctx)
            && queries.consistency.session != SessionLevel::Strong
            && self.cache.answer(asked, ctx).is_some()
    }

    /// The cache has been looked into: it answers, unless its answer has run out meanwhile.
    pub fn cache_looked(&mut self, asked: Box<Asked>, ctx: &mut Context<'_>) {
        let Some(kept) = self.cache.answer(&asked, ctx) else { return self.enqueue(asked, ctx) };
        let as_of = AsOf { lag: ctx.now.since(kept.as_of.at), ..kept.as_of.clone() };
        let (page, outcome) = (kept.page.clone(), Outcome::Rows);
        ctx.record(What::Reading(Reading::FromCache { query: asked.id }));
        let reply = Reply { page, as_of, outcome, errand: None, cached: true, sent: ctx.now, asked: *asked };
        self.answer(reply, Micros::ZERO, ctx);
    }
}

/// The cache is looked into.
pub(super) fn look(asked: Box<Asked>, ctx: &mut Context<'_>) {
    let Some(cache) = &ctx.options.queries.cache else { return };
    let span = ctx.fates.span(asked.key(Purpose::Service, Hop::QueryCache), &cache.service);
    ctx.at(ctx.now + span, Task::Query(QueryTask::CacheLooked(asked)));
}
