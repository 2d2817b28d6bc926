//! Whoever follows the log.

use crate::system::command_side::replica::{ReplicaTable, Replicas};
use crate::system::command_side::saga::table::SagaTable;
use crate::system::consumer::instances::{Consumer, Port, Sources};
use crate::system::options::Options;
use crate::system::place::{Model, Reader};
use crate::system::query_side::api::Shelf;
use crate::system::query_side::read_model::ReadModel;

/// Whoever follows the log.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    pub(super) projectors: [Consumer<ReadModel>; 6],
    /// The other version of each read model.
    pub(super) seconds: [Consumer<ReadModel>; 6],
    pub(super) replicas: [Consumer<ReplicaTable>; 2],
    pub(super) saga: Consumer<SagaTable>,
}

impl Readers {
    pub(super) fn port(&mut self, reader: Reader) -> &mut dyn Port {
        match reader {
            Reader::Projection(model) => &mut self.projectors[model.index()],
            Reader::Replica(replica) => &mut self.replicas[replica.index()],
            Reader::Saga => &mut self.saga,
            Reader::Second(model) => &mut self.seconds[model.index()],
        }
    }

    /// A version of a model.
    pub(super) const fn version(&mut self, reader: Reader, model: Model) -> &mut Consumer<ReadModel> {
        match reader {
            Reader::Second(_) => &mut self.seconds[model.index()],
            _ => &mut self.projectors[model.index()],
        }
    }

    /// The version of a model that serves.
    pub(super) const fn serving(&mut self, model: Model, options: &Options) -> &mut Consumer<ReadModel> {
        self.version(options.projections.versions.of(model).serving(), model)
    }

    /// What the Order Service's replicas know.
    pub(super) fn known(&self) -> Replicas<'_> {
        let [products, customers] = self.replicas.each_ref().map(|replica| replica.follower.target());
        Replicas { products, customers }
    }

    pub(super) const fn sagas(&mut self) -> &mut SagaTable {
        self.saga.follower.target_mut()
    }

    /// What queries are answered from: the version of each model that serves.
    pub(super) fn shelf<'a>(&'a self, options: &Options, sources: Sources<'a>) -> Shelf<'a> {
        let serving = Model::ALL.map(|model| {
            let reader = options.projections.versions.of(model).serving();
            let second = matches!(reader, Reader::Second(_));
            let versions = if second { &self.seconds } else { &self.projectors };
            (reader, &versions[model.index()])
        });
        Shelf { serving, sources }
    }
}
