//! The parts of the world, to be looked at.

use crate::system::broker::topic::Log;
use crate::system::command_side::enquiry::Enquiries;
use crate::system::command_side::order_service::OrderService;
use crate::system::command_side::outbox::Outbox;
use crate::system::command_side::owners::Owners;
use crate::system::command_side::payments::Payments;
use crate::system::command_side::replica::ReplicaTable;
use crate::system::command_side::saga::table::SagaTable;
use crate::system::command_side::writer::Writer;
use crate::system::consumer::instances::{Consumer, Port};
use crate::system::following;
use crate::system::place::{Model, Reader, Replica, Service};
use crate::system::queries::reads::Reads;
use crate::system::query_side::read_model::ReadModel;

use super::World;

impl World {
    /// The write store of the Order Service.
    pub const fn order_service(&self) -> &OrderService {
        &self.services.orders
    }

    /// The write stores of the two other services.
    pub const fn owners(&self) -> Owners<'_> {
        self.services.owners()
    }

    /// The queue in front of a service's writer.
    pub const fn writer(&self, service: Service) -> &Writer {
        &self.services.writers[service.index()]
    }

    /// A service's outbox.
    pub const fn outbox(&self, service: Service) -> &Outbox {
        &self.services.outboxes[service.index()]
    }

    /// The log.
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// The projector that keeps the version of a read model that serves.
    pub fn projector(&self, model: Model) -> &Consumer<ReadModel> {
        self.version(self.versions(model).serving(), model)
    }

    /// The reader that stands for this one now: of the versions of a read model the one that serves.
    pub fn in_service(&self, reader: Reader) -> Reader {
        reader.keeps().map_or(reader, |model| self.versions(model).serving())
    }

    /// The feed of a replica.
    pub const fn replica(&self, replica: Replica) -> &Consumer<ReplicaTable> {
        &self.readers.replicas[replica.index()]
    }

    /// Whoever follows the log under this name.
    pub fn reader(&self, reader: Reader) -> &dyn Port {
        match reader {
            Reader::Projection(model) | Reader::Second(model) => self.version(reader, model),
            Reader::Replica(replica) => self.replica(replica),
            Reader::Saga => &self.readers.saga,
        }
    }

    /// Does this reader take part in the run?
    pub fn takes_part(&self, reader: Reader) -> bool {
        following::takes_part(&self.options, reader)
    }

    /// The read models that take part in the run.
    pub fn models(&self) -> impl Iterator<Item = Model> {
        Model::ALL.into_iter().filter(|model| self.takes_part(self.versions(*model).serving()))
    }

    /// The saga of each order.
    pub const fn sagas(&self) -> &SagaTable {
        self.readers.saga.follower.target()
    }

    /// The payment provider.
    pub const fn payments(&self) -> &Payments {
        &self.services.payments
    }

    /// The commands that wait for the owners' replies, and the circuit breakers.
    pub const fn enquiries(&self) -> &Enquiries {
        &self.services.enquiries
    }

    /// Those who ask queries, and the API that answers.
    pub const fn reads(&self) -> &Reads {
        &self.reads
    }

    /// Do the Product Service and the Customer Service take part in this run?
    pub fn has_owners(&self) -> bool {
        !self.options.workload.products.is_empty() || !self.options.workload.customers.is_empty()
    }
}
