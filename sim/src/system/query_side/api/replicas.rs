//! Read replicas: copies of the read models that follow their primary, each with a delay of its own, behind a balancer
//! [seed 001].

use crate::kernel::fate::mix;
use crate::kernel::time::Micros;
use crate::shop::ids::OrderId;
use crate::system::context::Context;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::options::Balancer;
use crate::system::place::Model;
use crate::system::queries::message::{AsOf, Asked, QueryTask};
use crate::system::queries::reading::Reading;
use crate::system::query_side::read_model::ReadModel;
use crate::system::task::Task;
use crate::system::trace::What;

use super::{QueryApi, Shelf};

/// The models that can be asked.
const ASKED: [Model; 4] = [Model::OrderView, Model::CustomerOrderHistory, Model::ProductSearch, Model::OrderWorkQueue];

/// Fetches of one model are named apart from those of the others.
const FETCHES_OF_A_MODEL: u32 = 100_000_000;

/// A read model's state at one moment.
#[derive(Clone, Debug)]
pub(super) struct State {
    /// Its rows.
    pub(super) rows: ReadModel,
    /// How new it was then.
    pub(super) as_of: AsOf,
}

/// A replica of one read model.
#[derive(Clone, Debug)]
pub(super) struct ReadReplica {
    model: Model,
    /// From 1.
    number: u8,
    /// What it has.
    pub(super) state: State,
    /// What is on its way to it, and when that left.
    coming: Option<(State, Micros)>,
    /// Has the primary changed since that left, or since what it has did?
    behind: bool,
    /// How often it has fetched.
    fetches: u32,
}

impl ReadReplica {
    /// Does it have everything that its primary has? It hears so all the time where nothing changes.
    pub(super) const fn is_even(&self) -> bool {
        !self.behind && self.coming.is_none()
    }
}

/// How far a replica's copy of a model has followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Of which model.
    pub model: Model,
    /// The replica, from 1.
    pub replica: u8,
    /// Everything that was committed before this moment is in the copy; `None` where it has all that its primary has.
    pub at: Option<Micros>,
    /// When the copy that is on its way left.
    pub left: Option<Micros>,
}

impl QueryApi {
    /// Every replica's copies, and how far each has followed.
    pub fn followed(&self) -> impl Iterator<Item = Followed> {
        self.replicas.iter().map(|one| Followed {
            model: one.model,
            replica: one.number,
            at: (!one.is_even()).then_some(one.state.as_of.at),
            left: one.coming.as_ref().map(|(_, left)| *left),
        })
    }

    /// The replica of a model with this number, if there is one.
    pub(super) fn replica(&self, model: Model, number: u8) -> Option<&ReadReplica> {
        self.replicas.iter().find(|replica| replica.model == model && replica.number == number)
    }

    /// What a replica has of its model, if there is such a replica.
    pub fn rows_of_replica(&self, model: Model, number: u8) -> Option<&ReadModel> {
        self.replica(model, number).map(|replica| &replica.state.rows)
    }

    /// At the end of a step: replicas whose primary has changed in it fetch its state.
    pub fn replicate(&mut self, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        let wanted = ctx.options.queries.replicas.count;
        if wanted == 0 && self.replicas.is_empty() {
            return;
        }
        self.fit(wanted, shelf, ctx);
        let changed: Vec<Model> = ctx
            .entries
            .iter()
            .rev()
            .take_while(|entry| entry.step == ctx.step)
            .filter_map(|entry| match entry.what {
                What::Applied { delivered, .. } => delivered.reader.model(),
                _ => None,
            })
            .collect();
        let mut replicas = core::mem::take(&mut self.replicas);
        for replica in &mut replicas {
            replica.behind |= changed.contains(&replica.model);
            if replica.behind && replica.coming.is_none() {
                self.fetch(replica, shelf, ctx);
            }
        }
        self.replicas = replicas;
    }

    /// Makes as many replicas as the options want. A new one begins with what its primary has.
    fn fit(&mut self, wanted: u8, shelf: Shelf<'_>, ctx: &Context<'_>) {
        self.replicas.retain(|replica| replica.number <= wanted);
        for model in ASKED {
            for number in 1..=wanted {
                if self.replica(model, number).is_none() {
                    let state = self.state(model, shelf, ctx);
                    let fresh = ReadReplica { model, number, state, coming: None, behind: false, fetches: 0 };
                    self.replicas.push(fresh);
                }
            }
        }
    }

    fn state(&mut self, model: Model, shelf: Shelf<'_>, ctx: &Context<'_>) -> State {
        let rows = shelf.projector(model).follower.target().clone();
        State { rows, as_of: self.primary_as_of(model, shelf, ctx) }
    }

    fn fetch(&mut self, replica: &mut ReadReplica, shelf: Shelf<'_>, ctx: &mut Context<'_>) {
        replica.coming = Some((self.state(replica.model, shelf, ctx), ctx.now));
        replica.behind = false;
        replica.fetches += 1;
        let before = FETCHES_OF_A_MODEL * replica.model as u32;
        let subject = Subject { of: OrderId(0).into(), n: before + replica.fetches };
        let attempt = u16::from(replica.number);
        let key = FateKey { purpose: Purpose::Delay, hop: Hop::ReadReplica, subject, attempt };
        let due = ctx.now + ctx.fates.span(key, &ctx.options.queries.replicas.delay);
        ctx.at(due, Task::Query(QueryTask::CopyArrives(replica.model, replica.number)));
    }

    /// A replica has what it has fetched. If the primary has changed meanwhile, it fetches again at the end of the step.
    pub fn copy_arrived(&mut self, model: Model, number: u8, ctx: &mut Context<'_>) {
        let mut mine = self.replicas.iter_mut();
        let Some(replica) = mine.find(|replica| replica.model == model && replica.number == number) else { return };
        if let Some((state, _)) = replica.coming.take() {
            replica.state = state;
            ctx.record(What::Reading(Reading::ReplicaFollowed { model, replica: number }));
        }
    }

    /// Who answers: 0 is the primary.
    pub(super) fn choose_node(&mut self, asked: &Asked, ctx: &Context<'_>) -> u8 {
        let count = self.replicas.iter().map(|replica| replica.number).max().unwrap_or(0) + 1;
        match ctx.options.queries.replicas.balancer {
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
        }
    }
}
