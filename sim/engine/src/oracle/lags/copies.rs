//! All copies of the read models, each with what it has not got yet.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::EventId;
use crate::system::edges::edge_id::EdgeId;
use crate::system::edges::edging::Edging;
use crate::system::following::took_part;
use crate::system::options::Options;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;
use crate::system::queries::question::ASKED;
use crate::system::queries::reading::Reading;
use crate::system::query_side::api::replicas::keepers;

use super::copied::Copied;
use super::follower::{Follower, LagSample};
use super::ways::{Way, Ways};

/// The copies, and whose states they get.
#[derive(Clone, Debug)]
pub(super) struct Copies {
    all: Vec<Copied>,
    /// Which version of each read model serves.
    serving: [Reader; Model::ALL.len()],
}

impl Copies {
    /// The copies that there are under these options. They have what their models have.
    pub(super) fn new(options: &Options) -> Self {
        let all = copies(options).map(|(model, keeper)| Copied::new(model, keeper)).collect();
        Self { all, serving: Model::ALL.map(Reader::Projection) }
    }

    /// Are these the copies that there are under these options?
    pub(super) fn fit(&self, options: &Options) -> bool {
        self.names().eq(copies(options))
    }

    /// Of which model, and where.
    pub(super) fn names(&self) -> impl Iterator<Item = (Model, Keeper)> {
        self.all.iter().map(|copy| (copy.model, copy.keeper))
    }

    /// How far each is behind the truth.
    pub(super) fn samples(&self, followers: &[Follower], at: Micros) -> impl Iterator<Item = LagSample> {
        self.all.iter().map(move |copy| copy.sample(followers, at))
    }

    /// An event was committed.
    pub(super) fn committed(&mut self, event: EventId, of: Aggregate, followers: &[Follower], at: Micros) {
        for copy in &mut self.all {
            let serving = self.serving[copy.model.index()];
            let topics = followers.iter().find(|one| one.reader == serving).map_or(&[][..], |one| one.topics);
            copy.committed(event, of, topics, at);
        }
    }

    /// A projection has handled an event that it had waited for like this.
    pub(super) fn handled(&mut self, reader: Reader, event: EventId, way: Option<Way>, committed: bool, at: Micros) {
        self.all.iter_mut().for_each(|copy| copy.handled(reader, event, way, committed, at));
    }

    /// A version of a read model serves from now on.
    pub(super) fn serves(&mut self, reader: Reader) {
        if let Some(model) = reader.keeps() {
            self.serving[model.index()] = reader;
        }
    }

    /// A projection begins anew, or ends, and had still to handle this.
    pub(super) fn began_anew(&mut self, reader: Reader, ways: &Ways, at: Micros) {
        self.all.iter_mut().for_each(|copy| copy.began_anew(reader, ways, at));
    }

    /// What happens to read replicas.
    pub(super) fn reading(&mut self, reading: Reading, at: Micros) {
        match reading {
            Reading::ReplicaFetches { model, replica } => self.left(model, Keeper::Replica(replica), at),
            Reading::ReplicaFollowed { model, replica } => self.arrived(model, Keeper::Replica(replica)),
            _ => {}
        }
    }

    /// What happens to copies at edges.
    pub(super) fn edging(&mut self, edging: Edging, at: Micros) {
        match edging {
            Edging::CopyLeft { model, edge } => self.left(model, Keeper::Edge(edge), at),
            Edging::Followed { model, edge } => self.arrived(model, Keeper::Edge(edge)),
            Edging::CopyCut { model, edge } => {
                self.copy(model, Keeper::Edge(edge)).into_iter().for_each(|copy| copy.missed(at));
            }
            Edging::Failed { edge, .. } => self.edge_crashed(edge, at),
            _ => {}
        }
    }

    /// What was on its way to an edge is lost with it.
    pub(super) fn edge_crashed(&mut self, edge: EdgeId, at: Micros) {
        self.all.iter_mut().filter(|copy| copy.keeper == Keeper::Edge(edge)).for_each(|copy| copy.missed(at));
    }

    fn copy(&mut self, model: Model, keeper: Keeper) -> Option<&mut Copied> {
        self.all.iter_mut().find(|copy| copy.model == model && copy.keeper == keeper)
    }

    fn left(&mut self, model: Model, keeper: Keeper, at: Micros) {
        let serving = self.serving[model.index()];
        self.copy(model, keeper).into_iter().for_each(|copy| copy.left(serving, at));
    }

    fn arrived(&mut self, model: Model, keeper: Keeper) {
        let serving = self.serving[model.index()];
        self.copy(model, keeper).into_iter().for_each(|copy| copy.arrived(serving));
    }
}

/// The copies of the read models that take part, under these options.
fn copies(options: &Options) -> impl Iterator<Item = (Model, Keeper)> {
    let models = ASKED.into_iter().filter(|model| took_part(options, Reader::Projection(*model)));
    models.flat_map(|model| keepers(options).into_iter().map(move |keeper| (model, keeper)))
}
