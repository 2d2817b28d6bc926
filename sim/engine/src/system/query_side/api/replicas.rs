//! Copies of the read models that follow their primary, each with a delay of its own: read replicas behind a balancer
//! [seed 001], and copies at edges [seed 003].

use crate::kernel::fate::mix;
use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId};
use crate::system::context::Context;
use crate::system::edges;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::edging::Edging;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::options::{Balancer, Options};
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::message::{AsOf, Asked, QueryTask};
use crate::system::queries::question::ASKED;
use crate::system::queries::reading::Reading;
use crate::system::query_side::read_model::ReadModel;
use crate::system::task::Task;
use crate::system::trace::What;

use super::{QueryApi, Shelf};

/// Fetches of one model are named apart from those of the others.
const FETCHES_OF_A_MODEL: u32 = 100_000_000;

/// A read model's state at one moment.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Which version of it that is.
    of: Reader,
    /// Its rows.
    pub(super) rows: ReadModel,
    /// How new it was then.
    pub(super) as_of: AsOf,
    /// How many events its primary had taken in by then.
    pub(super) applied: u32,
}

/// A copy of one read model.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) model: Model,
    /// Where it is.
    pub(super) keeper: Keeper,
    /// What it has.
    pub(super) state: State,
    /// What is on its way to it.
    pub(super) coming: Coming,
    /// When that left.
    pub(super) left: Micros,
    /// Has the primary changed since that left, or since what it has did?
    pub(super) behind: bool,
    /// How often it has fetched.
    fetches: u32,
}

/// What is on its way to a copy.
#[derive(Clone, Debug)]
pub(super) enum Coming {
    /// Nothing.
    Nothing,
    /// A newer state.
    State(Box<State>),
    /// Nothing, because it was lost: it is not sent again at once.
    Lost,
}

impl Copy {
    /// How new it is, where it is not as new as its primary. Where nothing changes, it hears so all the time, unless it is
    /// at an edge that is cut off.
    pub(super) fn old_as_of(&self, ctx: &Context<'_>) -> Option<AsOf> {
        let copied = &self.state.as_of;
        let is_even = !self.behind && matches!(self.coming, Coming::Nothing);
        let at = match self.keeper.edge().and_then(|edge| edges::cut_off_since(edge, ctx)) {
            Some(since) if is_even => since.max(copied.at),
            _ if is_even => return None,
            _ => copied.at,
        };
        Some(AsOf { at, lag: ctx.now.since(at), ..copied.clone() })
    }
}

/// How far a copy of a model has followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Of which model.
    pub model: Model,
    /// Who has it.
    pub keeper: Keeper,
    /// Everything that was committed before this moment is in the copy; `None` where it has all that its primary has.
    pub at: Option<Micros>,
    /// When the copy that is on its way left.
    pub left: Option<Micros>,
    /// Was what it should have got lost, so that it is sent again or fetched anew?
    pub is_lost: bool,
}

impl QueryApi {
    /// Every copy of a model, and how far it has followed.
    pub fn followed(&self) -> impl Iterator<Item = Followed> {
        self.copies.iter().map(|one| {
            let is_coming = matches!(one.coming, Coming::State(_));
            let is_even = !one.behind && matches!(one.coming, Coming::Nothing);
            Followed {
                model: one.model,
                keeper: one.keeper,
                at: (!is_even).then_some(one.state.as_of.at),
                left: is_coming.then_some(one.left),
                is_lost: matches!(one.coming, Coming::Lost),
            }
        })
    }

    /// The copy of a model at this keeper, if there is one.
    pub(super) fn copy(&self, model: Model, keeper: Keeper) -> Option<&Copy> {
        self.copies.iter().find(|copy| copy.model == model && copy.keeper == keeper)
    }

    /// What a copy has of its model, if there is such a copy.
    pub fn rows_of_copy(&self, model: Model, keeper: Keeper) -> Option<&ReadModel> {
        self.copy(model, keeper).map(|copy| &copy.state.rows)
    }

    /// Up to which event a copy of a model has everything, if there is such a copy.
    pub fn position_of_copy(&self, model: Model, keeper: Keeper) -> Option<EventId> {
        self.copy(model, keeper).map(|copy| copy.state.as_of.position)
    }

    /// What is on its way to a copy, if something is.
    pub fn rows_on_the_way(&self, model: Model, keeper: Keeper) -> Option<&ReadModel> {
        match &self.copy(model, keeper)?.coming {
            Coming::State(state) => Some(&state.rows),
            Coming::Nothing | Coming::Lost => None,
        }
    }

    /// At the end of a step: copies whose primary has changed in it fetch its state.
    pub fn replicate(&mut self, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        let wanted = keepers(ctx.options);
        if wanted.is_empty() && self.copies.is_empty() {
            return;
        }
        let changed = self.count_applied(shelf, ctx);
        self.fit(&wanted, shelf, ctx);
        let mut copies = core::mem::take(&mut self.copies);
        for copy in &mut copies {
            // Another version of the model may serve now.
            copy.behind |= changed.contains(&copy.model) || copy.state.of != shelf.reader(copy.model);
            if copy.behind && matches!(copy.coming, Coming::Nothing) {
                self.fetch(copy, shelf, ctx);
            }
        }
        self.copies = copies;
    }

    /// Counts what the primaries have taken in in this step, and gives back which of them have.
    fn count_applied(&mut self, shelf: Shelf<'_>, ctx: &Context<'_>) -> Vec<Model> {
        let entries = ctx.entries.iter().rev().take_while(|entry| entry.step == ctx.step);
        let applied = entries.filter_map(|entry| match entry.what {
            What::Applied { delivered, .. } => delivered.reader.keeps().map(|model| (model, delivered.reader)),
            _ => None,
        });
        let serving = applied.filter(|(model, reader)| shelf.reader(*model) == *reader);
        let changed: Vec<Model> = serving.map(|(model, _)| model).collect();
        for model in &changed {
            self.applied[model.index()] += 1;
        }
        changed
    }

    /// Makes the copies that the options want. A new one begins with what its primary has.
    fn fit(&mut self, wanted: &[Keeper], shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        self.copies.retain(|copy| wanted.contains(&copy.keeper));
        for model in ASKED {
            for keeper in wanted {
                if self.copy(model, *keeper).is_none() {
                    let state = self.state(model, shelf, ctx);
                    let (keeper, coming) = (*keeper, Coming::Nothing);
                    // What is there from the first step on is no news.
                    if ctx.step > 1 {
                        record_newer(model, keeper, ctx);
                    }
                    self.copies.push(Copy { model, keeper, state, coming, left: ctx.now, behind: false, fetches: 0 });
                }
            }
        }
    }

    fn state(&mut self, model: Model, shelf: Shelf<'_>, ctx: &Context<'_>) -> State {
        let rows = shelf.projector(model).follower.target().clone();
        let (of, applied) = (shelf.reader(model), self.applied[model.index()]);
        State { of, rows, as_of: self.primary_as_of(model, shelf, ctx), applied }
    }

    fn fetch(&mut self, copy: &mut Copy, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        copy.fetches += 1;
        let before = FETCHES_OF_A_MODEL * copy.model as u32;
        let subject = Subject { of: OrderId(0).into(), n: before + copy.fetches };
        let options = &ctx.options.queries;
        let span = match (copy.keeper, &options.edges) {
            (Keeper::Edge(edge), Some(edges)) => {
                let (hop, attempt) = (Hop::EdgeCopy, u16::from(edge.0));
                let key = FateKey { purpose: Purpose::Delay, hop, subject, attempt };
                ctx.fates.span(key, &edges.copy_delay) + edges.distance(edge)
            }
            (keeper, _) => {
                let attempt = u16::try_from(keeper.index()).unwrap_or(u16::MAX);
                let key = FateKey { purpose: Purpose::Delay, hop: Hop::ReadReplica, subject, attempt };
                ctx.fates.span(key, &options.replicas.delay)
            }
        };
        if self.is_lost_on_the_way(copy, ctx) {
            return;
        }
        copy.coming = Coming::State(Box::new(self.state(copy.model, shelf, ctx)));
        copy.behind = false;
        copy.left = ctx.now;
        match (copy.model, copy.keeper) {
            (_, Keeper::Primary) => {}
            (model, Keeper::Replica(replica)) => ctx.record(What::Reading(Reading::ReplicaFetches { model, replica })),
            (model, Keeper::Edge(edge)) => ctx.record(What::Edge(Edging::CopyLeft { model, edge })),
        }
        ctx.at(ctx.now + span, Task::Query(QueryTask::CopyArrives(copy.model, copy.keeper)));
    }

    /// A copy has what it has fetched. If the primary has changed meanwhile, it fetches again at the end of the step.
    pub fn copy_arrived(&mut self, model: Model, keeper: Keeper, ctx: &mut Context<'_>) {
        let mut all = self.copies.iter_mut();
        let Some(copy) = all.find(|copy| copy.model == model && copy.keeper == keeper) else { return };
        match core::mem::replace(&mut copy.coming, Coming::Nothing) {
            Coming::State(state) => copy.state = *state,
            other => {
                copy.coming = other;
                return;
            }
        }
        record_newer(model, keeper, ctx);
    }

    /// Whose rows a query is answered from.
    pub(super) fn choose_keeper(&mut self, asked: &Asked, ctx: &Context<'_>) -> Keeper {
        let replicas = self.copies.iter().filter_map(|copy| match copy.keeper {
            Keeper::Replica(number) => Some(number),
            Keeper::Primary | Keeper::Edge(_) => None,
        });
        let count = replicas.max().unwrap_or(0) + 1;
        let number = match ctx.options.queries.replicas.balancer {
            _ if count == 1 => 0,
            Balancer::RoundRobin => {
                self.turn = (self.turn + 1) % count;
                self.turn
            }
            Balancer::Random => {
                let which = ctx.fates.pick(asked.key(Purpose::Choice, Hop::QueryApi), u32::from(count));
                u8::try_from(which).unwrap_or(0)
            }
            Balancer::Sticky => u8::try_from(mix(u64::from(asked.session.0)) % u64::from(count)).unwrap_or(0),
        };
        if number == 0 { Keeper::Primary } else { Keeper::Replica(number) }
    }
}

/// Notes that a copy has a newer state than before, or the first one that it has.
fn record_newer(model: Model, keeper: Keeper, ctx: &mut Context<'_>) {
    match keeper {
        Keeper::Primary => {}
        Keeper::Replica(replica) => ctx.record(What::Reading(Reading::ReplicaFollowed { model, replica })),
        Keeper::Edge(edge) => ctx.record(What::Edge(Edging::Followed { model, edge })),
    }
}

/// Who is to have copies.
pub fn keepers(options: &Options) -> Vec<Keeper> {
    let replicas = (1..=options.queries.replicas.count).map(Keeper::Replica);
    let edges = options.queries.edges.as_ref().filter(|edges| edges.copies).map_or(0, |edges| edges.count);
    replicas.chain((1..=edges).map(|number| Keeper::Edge(EdgeId(number)))).collect()
}
