//! The consistency contracts: is the model new enough for this query, and what happens where it is not (MISSION E2)?

use std::sync::Arc;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::consumer::target::Target;
use crate::system::context::Context;
use crate::system::following::topics;
use crate::system::options::{Contract, SessionLevel, TooOld};
use crate::system::place::{Model, TopicName};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{AsOf, Asked, Errand, Outcome, QueryId, QueryTask, Reply, Token};
use crate::system::queries::page::Page;
use crate::system::queries::reading::Reading;
use crate::system::task::Task;
use crate::system::trace::What;

use super::{QueryApi, Reached, Shelf, as_of, ask_write_side, send};

impl QueryApi {
    /// A worker has taken up a query: it is answered, or it waits, or it is turned away.
    pub(super) fn consider(&mut self, asked: Box<Asked>, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        if let Keeper::Edge(edge) = asked.keeper {
            return self.consider_at_edge(asked, edge, shelf, ctx);
        }
        if ctx.options.queries.consistency.session == SessionLevel::Strong {
            return ask_write_side(asked, Errand::Position, ctx);
        }
        self.decide(asked, shelf, ctx);
    }

    /// The write side has said how far it was: the answer must have all of that.
    pub fn position_known(&mut self, asked: Box<Asked>, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        self.decide(asked, shelf, ctx);
    }

    fn decide(&mut self, asked: Box<Asked>, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        if self.is_new_enough(&asked, shelf, ctx) {
            return self.read(asked, Outcome::Rows, shelf, ctx);
        }
        let wait = ctx.options.queries.consistency.wait;
        match asked.contract(ctx.options) {
            Contract::Pending => self.read(asked, Outcome::Pending, shelf, ctx),
            Contract::CatchUpToken { wait: Micros::ZERO } => turn_away(*asked, ctx),
            Contract::CatchUpToken { wait } => self.keep(*asked, wait, ctx),
            Contract::BoundedStaleness { otherwise: TooOld::Redirect, .. } if asked.query.one().is_some() => {
                ask_write_side(asked, Errand::Redirect, ctx);
            }
            Contract::BoundedStaleness { otherwise: TooOld::Refuse | TooOld::Redirect, .. } => turn_away(*asked, ctx),
            Contract::Eventual
            | Contract::ReadAfterWrite
            | Contract::BoundedStaleness { .. }
            | Contract::CommandSideRead => self.keep(*asked, wait, ctx),
        }
    }

    fn keep(&mut self, asked: Asked, wait: Micros, ctx: &mut Context<'_>) {
        ctx.record(What::Reading(Reading::Waits { query: asked.id }));
        ctx.at(ctx.now + wait, Task::Query(QueryTask::WaitOver(asked.id, asked.attempt)));
        self.kept.push(asked);
    }

    /// Something may have been applied: answers the queries whose models have come far enough.
    pub fn look_again(&mut self, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        if self.kept.is_empty() {
            return;
        }
        for asked in core::mem::take(&mut self.kept) {
            if self.is_new_enough(&asked, shelf, ctx) {
                self.read(Box::new(asked), Outcome::Rows, shelf, ctx);
            } else {
                self.kept.push(asked);
            }
        }
    }

    /// A query has waited as long as it may.
    pub fn wait_over(&mut self, query: QueryId, attempt: u16, ctx: &mut Context<'_>) {
        let waited = |asked: &Asked| asked.id == query && asked.attempt == attempt;
        if let Some(at) = self.kept.iter().position(waited) {
            turn_away(self.kept.remove(at), ctx);
        }
    }

    /// Does the model have what the query demands?
    pub(super) fn is_new_enough(&mut self, asked: &Asked, shelf: Shelf<'_>, ctx: &Context<'_>) -> bool {
        let model = asked.query.model();
        let Token { version, position } = asked.token;
        let has_it = match asked.query.one() {
            Some(of) => self.rows_at(asked.keeper, model, shelf).row_version(of) >= version,
            None => position.0 == 0 || self.as_of(asked.keeper, model, shelf, ctx).position >= position,
        };
        let is_young = match asked.contract(ctx.options) {
            Contract::BoundedStaleness { bound, .. } => self.as_of(asked.keeper, model, shelf, ctx).lag <= bound,
            _ => true,
        };
        has_it && is_young
    }

    /// How new a model is now where it is kept.
    pub(super) fn as_of(&mut self, keeper: Keeper, model: Model, shelf: Shelf<'_>, ctx: &Context<'_>) -> AsOf {
        match self.copy(model, keeper).and_then(|copy| copy.old_as_of(ctx)) {
            Some(as_of) => as_of,
            None => self.primary_as_of(model, shelf, ctx),
        }
    }

    /// How new a model is now at its primary.
    pub(super) fn primary_as_of(&mut self, model: Model, shelf: Shelf<'_>, ctx: &Context<'_>) -> AsOf {
        let position = self.reached(model, shelf, ctx);
        as_of::of(shelf.reader(model), shelf.projector(model), position, shelf.sources, ctx)
    }

    /// The event up to which a model has everything that it follows. Events bear their number in commit order, so that a gap
    /// shows; each topic is numbered by its own service, so that the events of others leave none.
    fn reached(&mut self, model: Model, shelf: Shelf<'_>, ctx: &Context<'_>) -> EventId {
        let target = shelf.projector(model).follower.target();
        let reader = shelf.reader(model);
        let followed = topics(ctx.options, reader);
        let versions = ctx.options.projections.versions.of(model);
        let version = Some((reader, versions.number(reader), versions.stage(reader)));
        let known = &mut self.reached[model.index()];
        if known.version != version {
            *known = Reached { version, event: EventId(0) };
        }
        let reached = &mut known.event;
        while reached.index() < shelf.sources.store.len() {
            let recorded = &shelf.sources.store.event(EventId(reached.0 + 1)).recorded;
            let follows = followed.contains(&TopicName::of(recorded.of));
            if follows && target.row_version(recorded.of) < recorded.version {
                break;
            }
            reached.0 += 1;
        }
        *reached
    }
}

/// The client is told that the model is not there yet: to ask again later, where that is the contract.
pub(super) fn turn_away(asked: Asked, ctx: &mut Context<'_>) {
    let query = asked.id;
    let later = matches!(asked.contract(ctx.options), Contract::CatchUpToken { .. });
    let (told, outcome) = if later {
        (Reading::NotYet { query }, Outcome::NotYet)
    } else {
        (Reading::TurnedAway { query }, Outcome::Refused)
    };
    ctx.record(What::Reading(told));
    let (page, as_of) = (Page::default(), AsOf::default());
    send(
        Arc::new(Reply { page, as_of, outcome, errand: None, cached: false, sent: ctx.now, asked }),
        Micros::ZERO,
        ctx,
    );
}
