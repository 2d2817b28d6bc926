//! The topic `order-events`: append-only partitions.

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::Acks;
use crate::system::task::{Lost, Publication, Task};
use crate::system::trace::What;

use super::partitioner::Partitioner;

/// A topic with its partitions.
#[derive(Clone, Debug)]
pub struct Topic {
    partitions: Vec<Pages<EventId>>,
    partitioner: Partitioner,
}

impl Topic {
    /// An empty topic.
    pub fn new(partitions: u8) -> Self {
        Self { partitions: vec![Pages::default(); usize::from(partitions)], partitioner: Partitioner::default() }
    }

    /// How many partitions it has.
    pub fn partition_count(&self) -> u8 {
        u8::try_from(self.partitions.len()).unwrap_or(u8::MAX)
    }

    /// The offset that the next event of this partition will get.
    pub fn end(&self, partition: u8) -> u32 {
        u32::try_from(self.partitions[usize::from(partition)].len()).unwrap_or(u32::MAX)
    }

    /// The event at an offset, if the log has come so far.
    pub fn at(&self, partition: u8, offset: u32) -> Option<EventId> {
        self.partitions[usize::from(partition)].get(offset as usize).copied()
    }

    /// Appends a publication that has arrived, acknowledges it, and returns its partition.
    pub fn append(&mut self, publication: Publication, store: &EventStore, ctx: &mut Context<'_>) -> u8 {
        let Publication { event, attempt, sent, .. } = publication;
        let broker = &ctx.options.broker;
        let order = store.event(event).recorded.order;
        let partition = self.partitioner.choose(order, broker.partitioning, self.partition_count());
        let offset = self.partitions[usize::from(partition)].push(event);
        ctx.record(What::Appended { event, partition, offset: u32::try_from(offset).unwrap_or(u32::MAX) });
        if broker.acks == Acks::All && !publication.copy {
            acknowledge(event, attempt, sent, partition, store, ctx);
        }
        partition
    }
}

/// Sends the acknowledgement back to the relay, which publishes again when it is lost or late.
fn acknowledge(
    event: EventId,
    attempt: u16,
    published: Micros,
    partition: u8,
    store: &EventStore,
    ctx: &mut Context<'_>,
) {
    let broker = &ctx.options.broker;
    let subject = store.event(event).subject();
    let key = |purpose| FateKey { purpose, hop: Hop::Acknowledge, subject, attempt };
    let due = ctx.now + ctx.fates.span(key(Purpose::Delay), &broker.publish.delay);
    let lost = ctx.fates.happens(key(Purpose::Loss), broker.publish.loss, ctx.faults);
    let gives_up = published + broker.resend_after;
    let sent = ctx.now;
    if lost {
        ctx.record(What::AcknowledgementLost { event });
        ctx.at(due, Task::Vanishes(Lost::Acknowledgement { event, sent, partition }));
    } else {
        ctx.at(due, Task::AcknowledgementArrives { event, sent, partition });
    }
    // The relay waits for every acknowledgement; only those that come too late make a difference.
    if lost || due > gives_up {
        ctx.at(gives_up.max(ctx.now), Task::ResendDue(event, attempt));
    }
}
