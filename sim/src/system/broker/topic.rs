//! The topics: one for each service, each with append-only partitions.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::Partitioning;
use crate::system::place::{PartitionId, TopicName};
use crate::system::task::{Lost, Publication, Task};
use crate::system::trace::What;

use super::partitioner::Partitioner;

/// The log: every topic.
#[derive(Clone, Debug)]
pub struct Log {
    topics: [Topic; 3],
}

/// A topic with its partitions.
#[derive(Clone, Debug)]
struct Topic {
    partitions: Vec<Pages<EventId>>,
    partitioner: Partitioner,
}

impl Log {
    /// An empty log; every topic has so many partitions.
    pub fn new(partitions: u8) -> Self {
        let topic =
            Topic { partitions: vec![Pages::default(); usize::from(partitions)], partitioner: Partitioner::default() };
        Self { topics: [topic.clone(), topic.clone(), topic] }
    }

    /// The partitions of a topic.
    pub fn partitions(&self, topic: TopicName) -> impl Iterator<Item = PartitionId> + use<> {
        let count = u8::try_from(self.topics[topic.index()].partitions.len()).unwrap_or(u8::MAX);
        (0..count).map(move |index| PartitionId { topic, index })
    }

    fn pages(&self, partition: PartitionId) -> &Pages<EventId> {
        &self.topics[partition.topic.index()].partitions[usize::from(partition.index)]
    }

    /// The offset that the next event of this partition will get.
    pub fn end(&self, partition: PartitionId) -> u32 {
        u32::try_from(self.pages(partition).len()).unwrap_or(u32::MAX)
    }

    /// The event at an offset, if the log has come so far.
    pub fn at(&self, partition: PartitionId, offset: u32) -> Option<EventId> {
        self.pages(partition).get(offset as usize).copied()
    }

    /// Appends an event that was published before the run began.
    pub fn append_silently(&mut self, event: EventId, store: &EventStore, partitioning: Partitioning) {
        self.push(event, store, partitioning);
    }

    fn push(&mut self, event: EventId, store: &EventStore, partitioning: Partitioning) -> (PartitionId, u32) {
        let of = store.event(event).recorded.of;
        let name = TopicName::of(of);
        let topic = &mut self.topics[name.index()];
        let partitions = u8::try_from(topic.partitions.len()).unwrap_or(u8::MAX);
        let index = topic.partitioner.choose(of, partitioning, partitions);
        let offset = topic.partitions[usize::from(index)].push(event);
        (PartitionId { topic: name, index }, u32::try_from(offset).unwrap_or(u32::MAX))
    }

    /// Appends a publication that has arrived, acknowledges it, and returns its partition.
    pub fn append(&mut self, publication: Publication, store: &EventStore, ctx: &mut Context<'_>) -> PartitionId {
        let event = publication.event;
        let (partition, offset) = self.push(event, store, ctx.options.broker.partitioning);
        ctx.record(What::Appended { event, partition, offset });
        if let Some(gives_up) = publication.gives_up {
            acknowledge(publication, gives_up, partition, store, ctx);
        }
        partition
    }
}

/// Sends the acknowledgement back to the relay, which publishes again when it is lost or late.
fn acknowledge(
    publication: Publication,
    gives_up: Micros,
    partition: PartitionId,
    store: &EventStore,
    ctx: &mut Context<'_>,
) {
    let Publication { event, attempt, .. } = publication;
    let broker = &ctx.options.broker;
    let subject = store.event(event).subject();
    let key = |purpose| FateKey { purpose, hop: Hop::Acknowledge, subject, attempt };
    let due = ctx.now + ctx.fates.span(key(Purpose::Delay), &broker.publish.delay);
    let lost = ctx.fates.happens(key(Purpose::Loss), broker.publish.loss, ctx.faults);
    let sent = ctx.now;
    if lost {
        ctx.record(What::AcknowledgementLost { event });
        ctx.at(due, Task::Vanishes(Lost::Acknowledgement { event, attempt, sent, partition }));
    } else {
        ctx.at(due, Task::AcknowledgementArrives { event, attempt, sent, partition });
    }
    // The relay waits for every acknowledgement; only those that come too late make a difference. A publication that was
    // too late itself has had its resend planned when it left.
    if !publication.copy && ctx.now <= gives_up && (lost || due > gives_up) {
        ctx.at(gives_up, Task::ResendDue(event, attempt));
    }
}
