//! What happened, in order: small entries that can be counted, hashed, told in words and looked through.

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::command_name::CommandName;
use crate::shop::ids::{CommandId, EventId, Version};
use crate::shop::refusal::Refusal;
use bitcode::{Decode, Encode};

use super::commanding::Commanding;
use super::committing::Committing;
use super::delivery::Delivered;
use super::detection::Detection;
use super::edges::edging::Edging;
use super::exchange::Exchange;
use super::fate::{CrashPoint, Hop};
use super::hands::Hand;
use super::node::Node;
use super::place::{Model, PartitionId, Reader};
use super::queries::reading::Reading;
use super::unheard::Unheard;
use super::versions::Turn;

mod row;

pub use self::row::Trace;
pub use super::promise::Promise;

pub use super::reason::{ParkReason, SkipReason};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// When.
    pub at: Micros,
    /// How many steps the world had made, this one included.
    pub step: u32,
    /// What.
    pub what: What,
}

/// The kinds of things that happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
pub enum What {
    /// A client sent a command.
    CommandSent {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// Its name.
        name: CommandName,
    },
    /// The command handler refused it.
    CommandRefused {
        /// The command.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// The rule it would have broken.
        refusal: Refusal,
    },
    /// The command handler saved the aggregate and put the event into the outbox, in one transaction.
    Committed {
        /// The event.
        event: EventId,
        /// The command that caused it.
        command: CommandId,
        /// Its aggregate.
        of: Aggregate,
        /// The aggregate's version with it.
        version: Version,
    },
    /// The answer reached the client.
    Answered {
        /// The command.
        command: CommandId,
    },
    /// The relay published an event.
    Published {
        /// The event.
        event: EventId,
        /// Which try, from 1.
        attempt: u16,
    },
    /// A publication was lost on the way.
    PublicationLost {
        /// The event.
        event: EventId,
        /// Which try, from 1.
        attempt: u16,
    },
    /// A publication was doubled on the way.
    PublicationDoubled {
        /// The event.
        event: EventId,
    },
    /// A publication was held back on the way, so that later ones pass.
    PublicationHeld {
        /// The event.
        event: EventId,
    },
    /// The broker appended the event to a partition.
    Appended {
        /// The event.
        event: EventId,
        /// The partition.
        partition: PartitionId,
        /// Its offset there.
        offset: u32,
    },
    /// The relay learned that the broker has the event.
    Acknowledged {
        /// The event.
        event: EventId,
    },
    /// The broker's acknowledgement was lost on the way.
    AcknowledgementLost {
        /// The event.
        event: EventId,
    },
    /// The broker sent the event to an instance.
    Sent(Delivered),
    /// The link lost the delivery; the log keeps the event and the instance fetches it again.
    DeliveryLost(Delivered),
    /// The link made a second copy of the delivery before this one.
    DeliveryDoubled(Delivered),
    /// The link holds the delivery back, so that later ones pass.
    DeliveryHeld(Delivered),
    /// The delivery reached an instance.
    Arrived(Delivered),
    /// The delivery reached an instance that no longer owns the partition, or is down.
    Discarded(Delivered),
    /// The transaction of an instance that no longer owns the partition was refused: neither effect nor position.
    Fenced(Delivered),
    /// The reader applied the event to what it keeps.
    Applied {
        /// Which delivery.
        delivered: Delivered,
        /// Did any field change?
        changed: bool,
    },
    /// The reader left the event out.
    Skipped {
        /// Which delivery.
        delivered: Delivered,
        /// Why.
        reason: SkipReason,
    },
    /// The reader holds the event back until its predecessors come.
    HeldForGap {
        /// Which delivery.
        delivered: Delivered,
        /// The version that it waits for.
        awaited: Version,
    },
    /// The reader saved its position.
    Saved {
        /// The reader.
        reader: Reader,
        /// The partition.
        partition: PartitionId,
        /// The next offset to be handled there after a restart.
        offset: u32,
    },
    /// An instance crashed while handling a delivery.
    Crashed {
        /// Which delivery.
        delivered: Delivered,
        /// Where.
        point: CrashPoint,
    },
    /// An instance is up again.
    Restarted {
        /// The reader.
        reader: Reader,
        /// The instance, numbered from 0.
        instance: u8,
    },
    /// A partition was given to an instance, which goes on from the saved position.
    Assigned {
        /// The reader.
        reader: Reader,
        /// The partition.
        partition: PartitionId,
        /// The instance, numbered from 0.
        instance: u8,
        /// The offset from which it goes on.
        offset: u32,
    },
    /// A person changed the options.
    OptionsChanged,
    /// A person replaced a fate.
    FateReplaced,
    /// A promise was broken.
    Broken {
        /// Which promise.
        promise: Promise,
        /// By which reader.
        reader: Reader,
        /// In the row about which aggregate.
        of: Aggregate,
        /// By which event, if one can be named (0 otherwise).
        event: EventId,
    },
    /// Nothing is left to happen.
    Quiet,
    /// The reader saved one position for all its partitions.
    SavedPosition {
        /// The reader.
        reader: Reader,
        /// Every event up to this one counts as handled.
        event: EventId,
    },
    /// Something happened between services.
    Between(Exchange),
    /// An instance took several deliveries, to handle them in one go.
    BatchTaken {
        /// The reader.
        reader: Reader,
        /// The instance, numbered from 0.
        instance: u8,
        /// How many.
        count: u32,
    },
    /// What readers of a model see was refreshed.
    Refreshed {
        /// The model.
        model: Model,
    },
    /// A queue has forgotten the message: its handling was acknowledged.
    QueueAcknowledged(Delivered),
    /// A reader's acknowledgement was lost on the way to the queue.
    QueueAcknowledgementLost(Delivered),
    /// A reader's acknowledgement came after the queue had made the message visible again.
    QueueAcknowledgementLate(Delivered),
    /// A queue has waited long enough for the acknowledgement of this delivery: the message is visible again.
    VisibleAgain(Delivered),
    /// Events that a reader has not read yet are deleted; it goes on with the first that is kept.
    RetentionSkipped {
        /// The reader.
        reader: Reader,
        /// The partition.
        partition: PartitionId,
        /// The offset where it would have gone on.
        from: u32,
        /// The offset where it goes on.
        to: u32,
    },
    /// A try to handle an event has failed.
    HandlingFailed {
        /// Which delivery.
        delivered: Delivered,
        /// How often it has failed in this instance's hand, this time included.
        failures: u8,
    },
    /// The reader has stopped at an event that it can not handle.
    Halted {
        /// Which delivery.
        delivered: Delivered,
        /// Of this partition nothing more is read. Where the broker keeps queues, of all.
        partition: PartitionId,
    },
    /// The reader has put an event aside.
    Parked {
        /// Which delivery.
        delivered: Delivered,
        /// Why.
        reason: ParkReason,
    },
    /// A person lets a reader go on with what it has parked, and where it has halted.
    ReplayAsked {
        /// The reader.
        reader: Reader,
        /// How many events are delivered once more.
        parked: u32,
    },
    /// A link had stopped when the message came to it, which makes it late.
    LinkStopped {
        /// The event.
        event: EventId,
        /// The link.
        hop: Hop,
        /// Until when.
        until: Micros,
    },
    /// A link was cut when the message left, which loses it.
    LinkCut {
        /// The event.
        event: EventId,
        /// The link.
        hop: Hop,
    },
    /// The broker is out: it takes nothing and hands out nothing.
    BrokerOut,
    /// The broker is back.
    BrokerBack,
    /// A publication came to a broker that is out.
    PublicationRefused {
        /// The event.
        event: EventId,
    },
    /// A hand did this.
    ByHand(Hand),
    /// A hand reached for what was not there.
    HandMissed(Hand),
    /// A command was in the memory of a service that crashed. Nobody answers it.
    CommandLost {
        /// The command.
        command: CommandId,
    },
    /// A node that a hand had stopped goes on.
    NodeBack(Node),
    /// The queue of a reader, or a partition at which it had halted, goes on.
    Resumed {
        /// The reader.
        reader: Reader,
    },
    /// An instance broke its batch off at a delivery that it can not handle. What came before is written and saved first.
    BatchBrokenOff {
        /// At which delivery.
        delivered: Delivered,
        /// How many wait for the next batch.
        back: u32,
    },
    /// Something happened between deciding a command and having its event in the log.
    Committing(Committing),
    /// Something happened to the versions of a read model.
    Version(Turn),
    /// Something happened between a command's sender and its service.
    Command(Commanding),
    /// Something about a query.
    Reading(Reading),
    /// Something happened in the search for drift.
    Detection(Detection),
    /// Something happened at an edge server, or on the way to one.
    Edge(Edging),
    /// A message has come to a node that is down, or was there when it crashed: it is lost.
    Unheard(Unheard),
}

impl What {
    /// Is this something going wrong, by chance or by hand?
    pub const fn is_fault(&self) -> bool {
        matches!(
            self,
            Self::PublicationLost { .. }
                | Self::PublicationDoubled { .. }
                | Self::PublicationHeld { .. }
                | Self::AcknowledgementLost { .. }
                | Self::DeliveryLost(_)
                | Self::DeliveryDoubled(_)
                | Self::DeliveryHeld(_)
                | Self::Crashed { .. }
                | Self::QueueAcknowledgementLost(_)
                | Self::RetentionSkipped { .. }
                | Self::HandlingFailed { .. }
                | Self::LinkStopped { .. }
                | Self::LinkCut { .. }
                | Self::BrokerOut
                | Self::PublicationRefused { .. }
                | Self::ByHand(_)
                | Self::CommandLost { .. }
                | Self::Unheard(_)
        ) || matches!(self, Self::Between(exchange) if exchange.is_fault())
            || matches!(self, Self::Command(commanding) if commanding.is_fault())
            || matches!(self, Self::Committing(committing) if committing.is_fault())
            || matches!(self, Self::Version(turn) if turn.is_fault())
            || matches!(self, Self::Reading(reading) if reading.is_fault())
            || matches!(self, Self::Edge(edging) if edging.is_fault())
    }

    /// The event that it is about, if any.
    pub const fn event(&self) -> Option<EventId> {
        match *self {
            Self::Committed { event, .. }
            | Self::Published { event, .. }
            | Self::PublicationLost { event, .. }
            | Self::PublicationDoubled { event }
            | Self::PublicationHeld { event }
            | Self::Appended { event, .. }
            | Self::Acknowledged { event }
            | Self::AcknowledgementLost { event }
            | Self::LinkStopped { event, .. }
            | Self::LinkCut { event, .. }
            | Self::PublicationRefused { event } => Some(event),
            Self::Broken { event, .. } if event.0 > 0 => Some(event),
            Self::Committing(committing) => committing.event(),
            Self::Unheard(unheard) => unheard.event(),
            _ => match self.delivered() {
                Some(delivered) => Some(delivered.event),
                None => None,
            },
        }
    }

    /// The delivery that it is about, if any.
    pub const fn delivered(&self) -> Option<Delivered> {
        match *self {
            Self::Sent(delivered)
            | Self::DeliveryLost(delivered)
            | Self::DeliveryDoubled(delivered)
            | Self::DeliveryHeld(delivered)
            | Self::Arrived(delivered)
            | Self::Discarded(delivered)
            | Self::Fenced(delivered)
            | Self::Applied { delivered, .. }
            | Self::Skipped { delivered, .. }
            | Self::HeldForGap { delivered, .. }
            | Self::Crashed { delivered, .. }
            | Self::QueueAcknowledged(delivered)
            | Self::QueueAcknowledgementLost(delivered)
            | Self::QueueAcknowledgementLate(delivered)
            | Self::VisibleAgain(delivered)
            | Self::HandlingFailed { delivered, .. }
            | Self::Halted { delivered, .. }
            | Self::Parked { delivered, .. }
            | Self::BatchBrokenOff { delivered, .. } => Some(delivered),
            _ => None,
        }
    }
}
