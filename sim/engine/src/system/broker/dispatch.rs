//! How a reader gets its messages: from a log by a consumer group, or from a queue. What both have in common is here; the
//! instances of a reader know nothing else of the broker.

use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::event_store::EventStore;
use crate::system::following;
use crate::system::options::{BrokerKind, Options};
use crate::system::place::{PartitionId, Reader, TopicName};
use crate::system::trace::What;
use crate::system::unheard::Unheard;

use super::group::Group;
use super::queue::Queue;
use super::standing::Standing;
use super::topic::Log;

/// A reader's side of the broker. What a run began with stays.
#[derive(Clone, Debug)]
pub struct Dispatch {
    reader: Reader,
    partitions: Vec<PartitionId>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    Log(Group),
    Queue(Queue),
}

impl Dispatch {
    /// For a reader that has got nothing.
    pub fn new(reader: Reader, options: &Options) -> Self {
        let group = Group::new(reader, following::topics(options, reader), options.broker.partitions);
        let partitions: Vec<PartitionId> = group.partitions().collect();
        let kind = match options.broker.kind {
            BrokerKind::Log => Kind::Log(group),
            BrokerKind::Queue => Kind::Queue(Queue::new(reader, partitions.iter().copied())),
        };
        Self { reader, partitions, kind }
    }

    /// Every partition of the topics that the reader follows.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> + use<> {
        self.partitions.clone().into_iter()
    }

    /// Does the reader follow this topic?
    pub fn follows(&self, topic: TopicName) -> bool {
        self.partitions.iter().any(|partition| partition.topic == topic)
    }

    /// The queue, if it is one.
    pub const fn queue(&self) -> Option<&Queue> {
        match &self.kind {
            Kind::Log(_) => None,
            Kind::Queue(queue) => Some(queue),
        }
    }

    /// How many messages wait at the broker for this reader alone, handed out or not. A log is kept for all.
    pub fn backlog(&self) -> usize {
        self.queue().map_or(0, |queue| queue.visible() + queue.handed_out())
    }

    /// The offset of a partition below which everything is done.
    pub fn saved(&self, partition: PartitionId, log: &Log, options: &Options) -> u32 {
        match &self.kind {
            Kind::Log(group) => group.saved(partition, log, options),
            Kind::Queue(queue) => queue.done_below(partition),
        }
    }

    /// Has this reader handled all that the other may have handled? Of a queue, which hands out in no order, nothing is open
    /// here then that was ever handed out there.
    pub fn is_level_with(&self, other: &Self, log: &Log, options: &Options) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Queue(here), Kind::Queue(there)) => here.open().all(|event| !there.was_handed_out(event)),
            (Kind::Log(here), Kind::Log(there)) => here.is_level_with(there, log, options),
            // What a run began with stays, so there is no such pair.
            _ => false,
        }
    }

    /// How it stands with the message at an offset, which no instance has.
    pub fn standing(&self, partition: PartitionId, offset: u32, log: &Log, options: &Options) -> Standing {
        match &self.kind {
            Kind::Log(group) => group.standing(partition, offset, log, options),
            Kind::Queue(queue) if queue.waits(partition, offset) && queue.halted => Standing::Halted,
            Kind::Queue(queue) if queue.waits(partition, offset) => Standing::Waiting,
            Kind::Queue(queue) if queue.holder(partition, offset).is_some() => Standing::Missed,
            Kind::Queue(_) => Standing::Done,
        }
    }

    /// Does this delivery belong to what its instance is entitled to now?
    pub fn is_current(&self, delivery: &Delivery) -> bool {
        match &self.kind {
            Kind::Log(group) => group.is_current(delivery),
            Kind::Queue(queue) => queue.is_current(delivery),
        }
    }

    /// Shares what there is among the instances that are up.
    pub fn assign(&mut self, up: &[u8], log: &Log, ctx: &mut Context<'_>) {
        match &mut self.kind {
            Kind::Log(group) => group.assign(up, log, ctx),
            Kind::Queue(queue) => queue.connect(up),
        }
    }

    /// An instance has crashed.
    pub fn reader_lost(&mut self, instance: u8) {
        match &mut self.kind {
            Kind::Log(group) => group.reader_lost(instance),
            Kind::Queue(queue) => queue.disconnect(instance),
        }
    }

    /// Lets a partition be read from this offset on, which may lie in the future.
    pub fn start_at(&mut self, partition: PartitionId, offset: u32) {
        match &mut self.kind {
            Kind::Log(group) => group.start_at(partition, offset),
            Kind::Queue(queue) => queue.start_at(partition, offset),
        }
    }

    /// Lets a log be read anew, each partition from this offset on. Whatever was under way belongs to nobody any more. A queue
    /// has forgotten what it has handed out.
    pub fn start_over(&mut self, offset: u32, log: &Log, ctx: &mut Context<'_>) {
        match &mut self.kind {
            Kind::Log(group) => {
                group.assign(&[], log, ctx);
                group.forget_position();
                for partition in &self.partitions {
                    group.start_at(*partition, offset.min(log.end(*partition)));
                }
            }
            Kind::Queue(queue) => queue.connect(&[]),
        }
    }

    /// Tells the broker that a delivery is handled.
    pub fn save(&mut self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        match &mut self.kind {
            Kind::Log(group) => group.save(delivery, ctx),
            Kind::Queue(queue) => queue.acknowledge(delivery, store, ctx),
        }
    }

    /// An instance is done with a delivery.
    pub fn finished(&mut self, delivery: &Delivery) {
        // A queue counts what is not acknowledged instead.
        if let Kind::Log(group) = &mut self.kind {
            group.finished(delivery);
        }
    }

    /// The wait for a lost delivery of a log is over.
    pub fn refetch(&mut self, partition: PartitionId, epoch: u32) {
        if let Kind::Log(group) = &mut self.kind {
            group.refetch(partition, epoch);
        }
    }

    /// An acknowledgement has reached the queue, which learns nothing while the broker is out.
    pub fn acknowledged(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) {
        match &mut self.kind {
            Kind::Queue(_) if ctx.broker_is_out() => {
                ctx.record(What::Unheard(Unheard::QueueAcknowledgement(delivery.delivered())));
            }
            Kind::Queue(queue) => queue.acknowledged(delivery, ctx),
            Kind::Log(_) => {}
        }
    }

    /// The queue has waited long enough for an acknowledgement. True when the message has to be put aside.
    pub fn visibility_ended(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) -> bool {
        match &mut self.kind {
            Kind::Log(_) => false,
            Kind::Queue(queue) => queue.visibility_ended(delivery, ctx),
        }
    }

    /// Stops: the partition of a log, or the whole queue.
    pub fn halt(&mut self, partition: PartitionId) {
        match &mut self.kind {
            Kind::Log(group) => group.halt(partition),
            Kind::Queue(queue) => queue.halted = true,
        }
    }

    /// How many partitions, or queues, have stopped.
    pub fn halted(&self) -> usize {
        match &self.kind {
            Kind::Log(group) => self.partitions().filter(|partition| group.cursor(*partition).halted).count(),
            Kind::Queue(queue) => usize::from(queue.halted),
        }
    }

    /// Lets what has stopped go on.
    pub fn resume_halted(&mut self, log: &Log, ctx: &mut Context<'_>) {
        let reader = self.reader;
        if self.halted() > 0 {
            ctx.record(What::Resumed { reader });
        }
        match &mut self.kind {
            Kind::Log(group) => group.resume_halted(log, ctx.options),
            Kind::Queue(queue) => queue.halted = false,
        }
    }

    /// Fetches a single message again that a hand has dropped on its way.
    pub fn fetch_again(&mut self, dropped: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        if let Kind::Log(group) = &mut self.kind {
            group.fetch_again(dropped, store, ctx);
        }
    }

    /// A second copy of a delivery, with a number of its own.
    pub fn copy_of(&mut self, delivery: &Delivery) -> Delivery {
        let attempt = match &mut self.kind {
            Kind::Log(group) => group.next_attempt(delivery.event),
            Kind::Queue(queue) => queue.next_attempt(delivery.event),
        };
        Delivery { attempt, copy: true, ..*delivery }
    }

    /// Delivers once more what was parked.
    pub fn redeliver(&mut self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        match &mut self.kind {
            Kind::Log(group) => group.redeliver(delivery, store, ctx),
            Kind::Queue(queue) => queue.put_back(delivery),
        }
    }

    /// Sends what the readers of this partition may have.
    pub fn send(&mut self, partition: PartitionId, log: &Log, store: &EventStore, ctx: &mut Context<'_>) {
        if ctx.broker_is_out() {
            return;
        }
        match &mut self.kind {
            Kind::Log(group) => group.send(partition, log, store, ctx),
            Kind::Queue(queue) => queue.send(log, store, ctx),
        }
    }
}
