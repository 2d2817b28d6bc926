//! Queries at edge servers: an edge answers from its own copy where that is good enough, and hands on what it is not good enough
//! for [seed 003]. Waiting, refusing and asking the write side is the origin's business.

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::system::consumer::target::Target as _;
use crate::system::context::Context;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::edging::{Edging, Onward};
use crate::system::edges::load::{Cargo, Load};
use crate::system::edges::{self, EdgeTask, forward};
use crate::system::options::{RightsFrom, SessionLevel};
use crate::system::place::Model;
use crate::system::queries::composer::composes;
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{Asked, Outcome, QueryTask, Reply};
use crate::system::queries::reads::is_for_the_write_side;
use crate::system::task::Task;
use crate::system::trace::What;

use super::replicas::{Coming, Copy};
use super::{Desk, QueryApi, Shelf, Tally};

/// How far a copy of a read model is behind its primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Behind {
    /// The read model.
    pub model: Model,
    /// How many events the primary has taken in that are not in the copy.
    pub events: u32,
    /// For how long the copy may lack something that is true; none where it has everything that its primary has.
    pub lag: Option<Micros>,
}

impl QueryApi {
    /// A query has come to an edge: a worker there takes it, or it waits for one, or it is handed on at once.
    pub fn receive_at_edge(&mut self, mut asked: Box<Asked>, edge: EdgeId, ctx: &mut Context<'_>) {
        asked.keeper = Keeper::Edge(edge);
        match self.only_at_origin(&asked, ctx) {
            Some(why) => self.hand_on(asked, edge, why, ctx),
            None => self.enqueue(asked, ctx),
        }
    }

    /// Why a query is handed on whatever the copy has, if it is.
    fn only_at_origin(&self, asked: &Asked, ctx: &Context<'_>) -> Option<Onward> {
        let (queries, model) = (&ctx.options.queries, asked.query.model());
        if composes(&asked.query, queries.composition.as_ref()) {
            return Some(Onward::Composed);
        }
        if self.copy(model, asked.keeper).is_none() || ctx.options.projections.versions.of(model).is_paused() {
            return Some(Onward::NoCopy);
        }
        let asks_for_rights = queries.access.as_ref().is_some_and(|access| access.rights == RightsFrom::Source);
        let asks_write_side = is_for_the_write_side(asked, ctx.options);
        let is_strong = queries.consistency.session == SessionLevel::Strong;
        let only_there = is_strong || asks_write_side || asks_for_rights && asked.query.is_guarded();
        only_there.then_some(Onward::Promise)
    }

    /// A worker of an edge has taken up a query.
    pub(super) fn consider_at_edge(
        &mut self,
        asked: Box<Asked>,
        edge: EdgeId,
        shelf: Shelf<'_>,
        ctx: &mut Context<'_>,
    ) {
        let model = asked.query.model();
        let lacks = |of| self.rows_at(asked.keeper, model, shelf).row_version(of) == 0;
        if let Some(why) = self.only_at_origin(&asked, ctx) {
            self.hand_on(asked, edge, why, ctx);
        } else if ctx.options.queries.consistency.fallback && asked.query.one().is_some_and(lacks) {
            self.hand_on(asked, edge, Onward::NoRow, ctx);
        } else if self.is_new_enough(&asked, shelf, ctx) {
            self.read(asked, Outcome::Rows, shelf, ctx);
        } else {
            self.hand_on(asked, edge, Onward::Behind, ctx);
        }
    }

    /// Is a state lost that would leave for this copy now? The link from the origin to its edge may be cut. It is sent again
    /// after a while.
    pub(super) fn is_lost_on_the_way(&self, copy: &mut Copy, ctx: &mut Context<'_>) -> bool {
        let (Some(edge), Some(options)) = (copy.keeper.edge(), &ctx.options.queries.edges) else { return false };
        if !edges::is_cut_off(edge, ctx) {
            return false;
        }
        copy.coming = Coming::Lost;
        ctx.record(What::Edge(Edging::CopyCut { model: copy.model, edge }));
        ctx.at(ctx.now + options.copy_again, Task::Query(QueryTask::CopyMissed(copy.model, copy.keeper)));
        true
    }

    /// Something that a copy has missed may be sent again: that is looked at when the step ends.
    pub fn copy_missed(&mut self, model: Model, keeper: Keeper) {
        let missed = |copy: &&mut Copy| copy.model == model && copy.keeper == keeper;
        if let Some(copy) = self.copies.iter_mut().find(missed)
            && matches!(copy.coming, Coming::Lost)
        {
            copy.coming = Coming::Nothing;
        }
    }

    /// An edge has crashed: what waited there is lost, and so is what was coming to it, of which is given back when it left. Its
    /// copies are saved.
    pub fn edge_crashed(&mut self, edge: EdgeId, ctx: &mut Context<'_>) -> Vec<(Model, Micros)> {
        let desk = self.desk(Keeper::Edge(edge));
        let lost = core::mem::replace(desk, Desk { tally: desk.tally, ..Desk::default() });
        for asked in lost.queue {
            ctx.record(What::Edge(Edging::Unheard { cargo: Cargo::Query(asked.id), edge }));
        }
        let mut left = Vec::new();
        for copy in self.copies.iter_mut().filter(|copy| copy.keeper == Keeper::Edge(edge)) {
            if matches!(copy.coming, Coming::State(_)) {
                left.push((copy.model, copy.left));
            }
            // Whatever it missed, it does not know: it has to fetch anew.
            copy.behind = true;
            copy.coming = Coming::Lost;
        }
        left
    }

    /// An edge is up again, and fetches what it has missed.
    pub fn edge_back(&mut self, edge: EdgeId, ctx: &mut Context<'_>) {
        for copy in self.copies.iter_mut().filter(|copy| copy.keeper == Keeper::Edge(edge)) {
            copy.coming = Coming::Nothing;
        }
        ctx.at(ctx.now, Task::Edge(EdgeTask::CatchesUp));
    }

    /// How far the copies of an edge are behind, in the order of the models; none where it keeps none.
    pub fn edge_copies(&self, edge: EdgeId, now: Micros) -> impl Iterator<Item = Behind> {
        let mine = self.copies.iter().filter(move |copy| copy.keeper == Keeper::Edge(edge));
        mine.map(move |copy| {
            let is_even = !copy.behind && matches!(copy.coming, Coming::Nothing);
            Behind {
                model: copy.model,
                events: self.applied[copy.model.index()] - copy.state.applied,
                lag: (!is_even).then(|| now.since(copy.state.as_of.at)),
            }
        })
    }

    /// What an edge has done with queries so far.
    pub fn tally(&self, edge: EdgeId) -> Tally {
        self.desks.get(Keeper::Edge(edge).index()).map_or_else(Tally::default, |desk| desk.tally)
    }

    /// How many queries wait at an edge, or are being worked on there.
    pub fn waiting_at(&self, edge: EdgeId) -> usize {
        let desk = self.desks.get(Keeper::Edge(edge).index());
        desk.map_or(0, |desk| desk.queue.len() + usize::from(desk.busy))
    }

    /// An edge hands a query on to the origin, which chooses anew who answers it.
    fn hand_on(&mut self, mut asked: Box<Asked>, edge: EdgeId, why: Onward, ctx: &mut Context<'_>) {
        self.desk(Keeper::Edge(edge)).tally.handed_on += 1;
        asked.keeper = Keeper::Primary;
        forward(Load::Query(asked), edge, why, ctx);
    }
}

/// An answer leaves for a client who has asked by way of an edge: from there, or from the origin, and then past it.
pub(super) fn send(reply: Arc<Reply>, edge: EdgeId, later: Micros, ctx: &mut Context<'_>) {
    if reply.asked.keeper == Keeper::Edge(edge) {
        ctx.at(ctx.now + later, Task::Edge(EdgeTask::Leaves(Load::Reply(reply), edge)));
    } else {
        edges::answer(Load::Reply(reply), edge, later, ctx);
    }
}
