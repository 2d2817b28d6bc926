//! What can be on the agenda: a message on its way, or a part that will do something.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::command::Command;
use crate::shop::ids::{CommandId, EventId, OrderId, Version};
use crate::shop::refusal::Refusal;

use super::back_office::Chore;
use super::client::Move;
use super::client_task::ClientTask;
use super::command_side::concurrency::Loaded;
use super::command_side::enquiry::{Question, Reply};
use super::command_side::learned::Learned;
use super::command_side::payments::Payment;
use super::delivery::Delivery;
use super::detection::DetectorTask;
use super::edges::EdgeTask;
use super::fate::Subject;
use super::headers::Headers;
use super::node::Node;
use super::options::Checkpoint;
use super::place::{PartitionId, Reader, Service};
use super::queries::doorkeeper::DoorTask;
use super::queries::message::QueryTask;
use super::versions::VersionTask;

/// A thing that will happen at its time.
#[derive(Clone, Debug)]
pub enum Task {
    /// A client places its next order.
    NextOrder,
    /// A client makes the next move with one of its orders.
    Move(OrderId, Move),
    /// The back office does a chore.
    Chore(Chore),
    /// A client sends the scripted command with this index.
    Scripted(u32),
    /// A command reaches the command handler.
    CommandArrives(Box<Request>),
    /// The command handler has handled a command.
    CommandHandled(Box<Request>),
    /// The answer reaches the client.
    AnswerArrives(Box<Answer>),
    /// The relay looks into the outbox.
    RelayWakes(Service),
    /// A publication reaches the broker.
    PublicationArrives(Publication),
    /// The relay has waited long enough for an acknowledgement.
    ResendDue(EventId, u16),
    /// An acknowledgement reaches the relay.
    AcknowledgementArrives {
        /// For which event.
        event: EventId,
        /// For which try to publish it.
        attempt: u16,
        /// When it left the broker.
        sent: Micros,
        /// From which partition.
        partition: PartitionId,
    },
    /// A delivery reaches an instance of a reader.
    DeliveryArrives(Delivery),
    /// A reader fetches again after a lost delivery.
    RefetchDue {
        /// The reader.
        reader: Reader,
        /// The partition.
        partition: PartitionId,
        /// The assignment that it belongs to.
        epoch: u32,
    },
    /// An instance has handled a delivery: the first of its two actions is due.
    Handled {
        /// The reader.
        reader: Reader,
        /// The instance.
        instance: u8,
        /// Which life of the instance.
        life: u32,
    },
    /// The second of the two actions is due.
    Settled {
        /// The reader.
        reader: Reader,
        /// The instance.
        instance: u8,
        /// Which life of the instance.
        life: u32,
        /// The checkpoint by which the first action was chosen: the options may have changed since.
        checkpoint: Checkpoint,
    },
    /// A crashed instance is up again.
    Restart {
        /// The reader.
        reader: Reader,
        /// The instance.
        instance: u8,
        /// Which life of the instance.
        life: u32,
    },
    /// The group notices that an instance is gone.
    Rebalance {
        /// The reader.
        reader: Reader,
        /// The instance.
        instance: u8,
        /// Which life of the instance.
        life: u32,
    },
    /// A message that was lost would have arrived now. Nothing happens; it is here to be seen.
    Vanishes(Lost),
    /// A question reaches an owner.
    QuestionArrives(Box<Question>),
    /// A reply reaches whoever asked.
    ReplyArrives(Box<Reply>),
    /// Whoever asked for this command's data has waited long enough.
    QuestionTimesOut(CommandId),
    /// The saga has waited long enough for an answer to this try of a command.
    SagaResends(CommandId, u16),
    /// The saga of this order has taken long enough.
    SagaTimesOut(OrderId),
    /// A payment reaches the payment provider.
    PaymentArrives(Payment),
    /// The provider's receipt reaches the saga.
    ReceiptArrives {
        /// For which payment.
        payment: Payment,
        /// When it left.
        sent: Micros,
    },
    /// What readers of the sales dashboard see is refreshed.
    RefreshDue,
    /// A reader's acknowledgement of a delivery reaches the queue.
    QueueAcknowledged(Delivery),
    /// A message that a queue has handed out is missed: without an acknowledgement it is handed out again.
    VisibilityEnds(Delivery),
    /// An outage of the broker begins or ends.
    BrokerTurns,
    /// The time for which a hand has stopped a node is over, if this stop still lasts.
    NodeBack(Node, u32),
    /// A reader misses a delivery that a hand has dropped, and fetches it alone.
    FetchAgain(Delivery),
    /// A version of a read model goes on with its life.
    Version(VersionTask),
    /// Something is due at one who sends commands, or of his is lost.
    Client(ClientTask),
    /// Something about a query.
    Query(QueryTask),
    /// A detector looks for drift.
    Detector(DetectorTask),
    /// Something about who may see what.
    Door(DoorTask),
    /// Something at an edge server, or on the way to one.
    Edge(EdgeTask),
}

/// A command on its way, and where its answer goes.
#[derive(Clone, Debug)]
pub struct Request {
    /// The command's id.
    pub id: CommandId,
    /// Its name for fates.
    pub subject: Subject,
    /// Its aggregate.
    pub of: Aggregate,
    /// What it asks for.
    pub command: Command,
    /// The move that it makes, if a client of the workload made it.
    pub made: Option<Move>,
    /// When it left.
    pub sent: Micros,
    /// Which try, from 1.
    pub attempt: u16,
    /// What came of asking the owners for its data, if somebody did.
    pub learned: Option<Box<Learned>>,
    /// What it carries besides.
    pub headers: Headers,
    /// The row as its handler has read it, where that is not alone.
    pub loaded: Option<Box<Loaded>>,
    /// How often its handler has begun it anew after a version conflict.
    pub begun_anew: u8,
    /// How often it was begun once more because its service had crashed with it in hand.
    pub begun_after_crash: u8,
    /// Will its sender send it again if no answer comes?
    pub patient: bool,
    /// Has its service taken it in, and said so? Then its outcome is there to be asked for, and nobody sends it.
    pub taken_in: bool,
}

/// An answer on its way to the client.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The request.
    pub request: Request,
    /// The event, if anything changed, or why the command was refused.
    pub outcome: Result<Option<EventId>, Refusal>,
    /// The version of the aggregate with that event.
    pub version: Option<Version>,
    /// When it left.
    pub sent: Micros,
}

/// An event on its way to the broker.
#[derive(Clone, Copy, Debug)]
pub struct Publication {
    /// The event.
    pub event: EventId,
    /// Which try, from 1.
    pub attempt: u16,
    /// When it left.
    pub sent: Micros,
    /// When the relay stops waiting for its acknowledgement, if it waits for one.
    pub gives_up: Option<Micros>,
    /// Was it made by the link?
    pub copy: bool,
}

/// A message that will not arrive.
#[derive(Clone, Copy, Debug)]
pub enum Lost {
    /// From the relay to the broker.
    Publication(Publication),
    /// From the broker to an instance.
    Delivery(Delivery),
    /// From the broker to the relay.
    Acknowledgement {
        /// For which event.
        event: EventId,
        /// For which try to publish it.
        attempt: u16,
        /// When it left the broker.
        sent: Micros,
        /// From which partition.
        partition: PartitionId,
    },
}

/// The agenda holds one of these for everything that is on its way, and moves them as it sorts: what is large is boxed.
const _: () = assert!(size_of::<Task>() <= 56);
