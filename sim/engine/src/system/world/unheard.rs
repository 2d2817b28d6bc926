//! What is on its way and will come to nobody, as far as that is known already: to a node that is down, and will be.

use crate::kernel::time::Micros;
use crate::system::client_task::ClientTask;
use crate::system::node::Node;
use crate::system::outage::down_until;
use crate::system::place::Service;
use crate::system::queries::call::ComposeTask;
use crate::system::queries::doorkeeper::DoorTask;
use crate::system::queries::message::QueryTask;
use crate::system::task::Task;

use super::World;

impl World {
    /// Will this message, which is due then, come to nobody? For whoever looks: a hand may still bring its receiver back in time.
    pub fn comes_to_nobody(&self, due: Micros, task: &Task) -> bool {
        match task {
            // An assignment, or a connection, that has ended does not come back.
            Task::DeliveryArrives(delivery) => !self.reader(delivery.reader).group().is_current(delivery),
            Task::PublicationArrives(_) | Task::QueueAcknowledged(_) => self.broker_will_be_out(due),
            Task::QuestionArrives(question) => self.will_be_down(question.owner, due),
            Task::Door(DoorTask::Arrives(_)) => self.will_be_down(Service::Customers, due),
            Task::Query(QueryTask::Compose(ComposeTask::Arrives(call))) => self.will_be_down(call.look.owner(), due),
            Task::CommandArrives(_)
            | Task::AcknowledgementArrives { .. }
            | Task::Client(ClientTask::StatusAsked(_))
            | Task::Query(QueryTask::Arrives(_) | QueryTask::WriteSideAsked(..))
            | Task::Edge(_) => self.will_have_crashed(self.doer(task), due),
            _ => false,
        }
    }

    fn broker_will_be_out(&self, at: Micros) -> bool {
        self.faults_are_on() && self.options.network.broker_is_out(at)
    }

    /// Because of a crash, or because the options say so?
    fn will_be_down(&self, service: Service, at: Micros) -> bool {
        down_until(service, at, &self.options).is_some() || self.will_have_crashed(Node::Service(service), at)
    }

    fn will_have_crashed(&self, node: Node, at: Micros) -> bool {
        self.in_hand.stopped.iter().any(|stopped| stopped.node == node && stopped.crashed && at < stopped.until)
    }
}
