//! The topics: one for each service, each with append-only partitions.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::link::{Passage, after_pause};
use crate::system::node::Node;
use crate::system::options::{Broker, Partitioning};
use crate::system::place::{PartitionId, Service, TopicName};
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
    /// For each partition the offset of the oldest event that is kept.
    first: Vec<u32>,
    partitioner: Partitioner,
}

impl Log {
    /// An empty log; every topic has so many partitions.
    pub fn new(partitions: u8) -> Self {
        let count = usize::from(partitions);
        let topic = Topic {
            partitions: vec![Pages::default(); count],
            first: vec![0; count],
            partitioner: Partitioner::default(),
        };
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

    /// The offset of the oldest event that the partition keeps.
    pub fn first(&self, partition: PartitionId) -> u32 {
        self.topics[partition.topic.index()].first[usize::from(partition.index)]
    }

    /// The event at an offset, if the log has come so far and still keeps it.
    pub fn at(&self, partition: PartitionId, offset: u32) -> Option<EventId> {
        if offset < self.first(partition) { None } else { self.pages(partition).get(offset as usize).copied() }
    }

    /// Deletes the oldest events of a partition until it has no more than it may keep.
    pub fn delete_old(&mut self, partition: PartitionId, retention: Option<u32>) {
        let Some(kept) = retention else { return };
        let oldest = self.end(partition).saturating_sub(kept);
        let first = &mut self.topics[partition.topic.index()].first[usize::from(partition.index)];
        *first = oldest.max(*first);
    }

    /// Appends an event that was published before the run began.
    pub fn append_silently(&mut self, event: EventId, store: &EventStore, broker: &Broker) {
        let (partition, _) = self.push(event, store, broker.partitioning);
        self.delete_old(partition, broker.retention);
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
        let broker = &ctx.options.broker;
        let (partition, offset) = self.push(event, store, broker.partitioning);
        ctx.record(What::Appended { event, partition, offset });
        self.delete_old(partition, broker.retention);
        if let Some(gives_up) = publication.gives_up {
            acknowledge(publication, gives_up, partition, store, ctx);
        }
        partition
    }
}

/// A publication has come to a broker that is out. The relay publishes it again when it has waited long enough, if it waits
/// at all.
pub fn refuse(publication: Publication, ctx: &mut Context<'_>) {
    let Publication { event, attempt, gives_up, copy, .. } = publication;
    ctx.record(What::PublicationRefused { event });
    if let Some(gives_up) = gives_up.filter(|gives_up| !copy && ctx.now <= *gives_up) {
        ctx.at(gives_up, Task::ResendDue(event, attempt));
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
    let link = ctx.options.broker.publish_link(partition.topic);
    let subject = store.event(event).subject();
    let key = |purpose| FateKey { purpose, hop: Hop::Acknowledge, subject, attempt };
    let due = ctx.now + ctx.fates.span(key(Purpose::Delay), &link.delay);
    let (due, stopped_until) = after_pause(link, Hop::Acknowledge, due, ctx.fates, ctx.faults);
    let relay = Node::Service(Service::of(store.event(event).recorded.of));
    let lost = ctx.fates.happens(key(Purpose::Loss), link.loss, ctx.faults);
    let passage = Passage { due, lost, held: false, doubled: false, cut: false, stopped_until };
    let passage = passage.between(Node::Broker, relay, ctx);
    passage.tell(event, Hop::Acknowledge, ctx);
    let lost = passage.lost;
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
