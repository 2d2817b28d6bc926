//! Which node does what: whoever is stopped does nothing.

use crate::system::client_task::ClientTask;
use crate::system::command_side::enquiry::Asker;
use crate::system::command_side::services::composes;
use crate::system::node::Node;
use crate::system::place::Service;
use crate::system::queries::doorkeeper::DoorTask;
use crate::system::queries::message::QueryTask;
use crate::system::queries::reads::is_for_the_write_side;
use crate::system::task::Task;

use super::World;
use super::edges::edge_of;

impl World {
    /// Which node does a task, where hands can stop it.
    pub(super) fn doer(&self, task: &Task) -> Node {
        let of_event = |event| Node::Service(Service::of(self.store.event(event).recorded.of));
        match task {
            _ if let Some(edge) = edge_of(task) => Node::Edge(edge),
            // The gateway is a part of its own.
            Task::CommandArrives(request) if composes(request, &self.options) => Node::Broker,
            Task::CommandArrives(request) | Task::CommandHandled(request) => Node::Service(Service::of(request.of)),
            Task::QuestionArrives(question) => Node::Service(question.owner),
            Task::Door(DoorTask::Arrives(_)) => Node::Service(Service::Customers),
            Task::Client(ClientTask::StatusAsked(question)) => Node::Service(Service::of(question.of)),
            Task::ReplyArrives(reply) if reply.question.asker == Asker::Handler => Node::Service(Service::Orders),
            Task::QuestionTimesOut(command) if self.services.enquiries.asks_for_handler(*command) => {
                Node::Service(Service::Orders)
            }
            Task::Query(QueryTask::Arrives(asked)) if is_for_the_write_side(asked, &self.options) => {
                Node::Service(Service::Orders)
            }
            Task::Query(one) => one.at().map_or(Node::Broker, Node::Service),
            Task::RelayWakes(service) => Node::Service(*service),
            Task::ResendDue(event, _) | Task::AcknowledgementArrives { event, .. } => of_event(*event),
            Task::Handled { reader, instance, .. } | Task::Settled { reader, instance, .. } => {
                Node::Reader(*reader, Some(*instance))
            }
            // Everything else is done by parts that no hand stops; it is nobody's in particular.
            _ => Node::Broker,
        }
    }
}
