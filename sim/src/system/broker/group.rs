//! A consumer group: for each partition who reads it, how far it was sent, and which position is saved.

use std::collections::BTreeSet;

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::Purpose;
use crate::system::link::{Channel, Parcel};
use crate::system::options::{CheckpointScope, Options, Projection};
use crate::system::place::Model;
use crate::system::task::{Delivery, Lost, Task};
use crate::system::trace::{Delivered, What};

use super::topic::Topic;

/// The options of a model's projection.
pub const fn projection_options(options: &Options, model: Model) -> &Projection {
    match model {
        Model::OrderView => &options.projections.order_view,
        Model::SalesDashboard => &options.projections.sales_dashboard,
    }
}

/// A group of consumers that share the partitions of the topic.
#[derive(Clone, Debug)]
pub struct Group {
    model: Model,
    cursors: Vec<Cursor>,
    /// The newest event whose handling was saved, for checkpoints that cover the whole projection.
    position: EventId,
    /// How often each event was sent, by event number.
    attempts: Pages<u16>,
}

/// The group's place in one partition.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    /// Which instance reads the partition.
    pub owner: Option<u8>,
    /// Rises with every assignment, so that messages of an earlier one can be told.
    pub epoch: u32,
    /// The next offset to send.
    pub next: u32,
    /// The next offset to handle after a restart.
    pub saved: u32,
    /// Offsets behind `saved` that are handled already: others overtook the one at `saved`.
    ahead: BTreeSet<u32>,
    /// How many messages are on the way or waiting.
    pub outstanding: u32,
    /// Is a lost delivery being missed?
    pub stalled: bool,
    channel: Channel,
}

impl Group {
    /// A group that has read nothing.
    pub fn new(model: Model, partitions: u8) -> Self {
        let cursors = vec![Cursor::default(); usize::from(partitions)];
        Self { model, cursors, position: EventId(0), attempts: Pages::default() }
    }

    /// The group's place in each partition.
    pub fn cursors(&self) -> &[Cursor] {
        &self.cursors
    }

    /// The next offset of a partition to be handled after a restart.
    pub fn saved(&self, partition: u8, topic: &Topic, options: &Options) -> u32 {
        let mut saved = self.cursors[usize::from(partition)].saved;
        if projection_options(options, self.model).checkpoint_scope == CheckpointScope::Projection {
            // One position for all partitions: everything up to it counts as handled, wherever it lies.
            while topic.at(partition, saved).is_some_and(|event| event <= self.position) {
                saved += 1;
            }
        }
        saved
    }

    /// How often an event was sent so far.
    pub fn attempts(&self, event: EventId) -> u16 {
        self.attempts.get(event.index()).copied().unwrap_or(0)
    }

    /// Does this delivery belong to the present assignment of its partition?
    pub fn is_current(&self, delivery: &Delivery) -> bool {
        let cursor = &self.cursors[usize::from(delivery.partition)];
        cursor.epoch == delivery.epoch && cursor.owner == Some(delivery.instance)
    }

    /// Shares the partitions among the instances that are up. A partition that changes hands goes on from the saved
    /// position.
    pub fn assign(&mut self, up: &[u8], topic: &Topic, ctx: &mut Context<'_>) {
        for partition in 0..topic.partition_count() {
            let owner = if up.is_empty() { None } else { Some(up[usize::from(partition) % up.len()]) };
            let cursor = &mut self.cursors[usize::from(partition)];
            if owner == cursor.owner {
                continue;
            }
            cursor.owner = owner;
            self.forget_outstanding(partition);
            if let Some(instance) = owner {
                let offset = self.resume_at(partition, topic, ctx.options);
                self.cursors[usize::from(partition)].next = offset;
                ctx.record(What::Assigned { model: self.model, partition, instance, offset });
            }
        }
    }

    /// A reader has crashed: what it had in hand is gone.
    pub fn reader_lost(&mut self, instance: u8) {
        for partition in 0..u8::try_from(self.cursors.len()).unwrap_or(u8::MAX) {
            if self.cursors[usize::from(partition)].owner == Some(instance) {
                self.cursors[usize::from(partition)].owner = None;
                self.forget_outstanding(partition);
            }
        }
    }

    fn forget_outstanding(&mut self, partition: u8) {
        let cursor = &mut self.cursors[usize::from(partition)];
        cursor.epoch += 1;
        cursor.ahead.clear();
        cursor.outstanding = 0;
        cursor.stalled = false;
        cursor.channel = Channel::default();
    }

    /// From where a partition goes on after a restart.
    fn resume_at(&mut self, partition: u8, topic: &Topic, options: &Options) -> u32 {
        let saved = self.saved(partition, topic, options);
        // Kept, so that the next look does not start from the beginning of the partition again.
        self.cursors[usize::from(partition)].saved = saved;
        saved
    }

    /// Saves that this delivery is handled. An offset is a low-water mark: it does not pass an event that is still missing,
    /// so a crash repeats what has overtaken that event rather than losing it.
    pub fn save(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) {
        let cursor = &mut self.cursors[usize::from(delivery.partition)];
        if delivery.offset < cursor.saved {
            return;
        }
        self.position = self.position.max(delivery.event);
        let (model, partition) = (self.model, delivery.partition);
        // Both kinds of checkpoint are kept up, so that either can take over in the middle of a run.
        cursor.ahead.insert(delivery.offset);
        let before = cursor.saved;
        while cursor.ahead.remove(&cursor.saved) {
            cursor.saved += 1;
        }
        if projection_options(ctx.options, model).checkpoint_scope == CheckpointScope::Projection {
            ctx.record(What::Saved { model, partition, offset: delivery.offset + 1 });
        } else if cursor.saved > before {
            ctx.record(What::Saved { model, partition, offset: cursor.saved });
        }
    }

    /// A delivery is done with; room for the next.
    pub fn finished(&mut self, delivery: &Delivery) {
        if !delivery.copy && self.is_current(delivery) {
            self.cursors[usize::from(delivery.partition)].outstanding -= 1;
        }
    }

    /// The wait for a lost delivery is over.
    pub fn refetch(&mut self, partition: u8, epoch: u32) {
        let cursor = &mut self.cursors[usize::from(partition)];
        if cursor.epoch == epoch {
            cursor.stalled = false;
        }
    }

    /// Sends what the reader of this partition may have.
    pub fn send(&mut self, partition: u8, topic: &Topic, store: &EventStore, ctx: &mut Context<'_>) {
        let prefetch = projection_options(ctx.options, self.model).prefetch;
        loop {
            let cursor = &self.cursors[usize::from(partition)];
            let Some(instance) = cursor.owner else { return };
            if cursor.stalled || cursor.outstanding >= prefetch {
                return;
            }
            let Some(event) = topic.at(partition, cursor.next) else {
                return;
            };
            self.send_one(event, partition, instance, store, ctx);
        }
    }

    fn send_one(&mut self, event: EventId, partition: u8, instance: u8, store: &EventStore, ctx: &mut Context<'_>) {
        let options = projection_options(ctx.options, self.model);
        let attempt = self.next_attempt(event);
        let cursor = &mut self.cursors[usize::from(partition)];
        let parcel = Parcel { subject: store.event(event).subject(), hop: self.model.into(), attempt };
        let passage = cursor.channel.pass(parcel, &options.delivery, ctx.fates, ctx.now, ctx.faults);
        let delivery = Delivery {
            event,
            model: self.model,
            instance,
            partition,
            offset: cursor.next,
            epoch: cursor.epoch,
            attempt,
            copy: false,
            sent: ctx.now,
        };
        let delivered = delivered(&delivery);
        ctx.record(What::Sent(delivered));
        if passage.held {
            ctx.record(What::DeliveryHeld(delivered));
        }
        if passage.lost {
            // The log keeps the event, so the reader misses it, waits, and fetches it again before anything later.
            cursor.stalled = true;
            ctx.record(What::DeliveryLost(delivered));
            ctx.at(passage.due, Task::Vanishes(Lost::Delivery(delivery)));
            let refetch = Task::RefetchDue { model: self.model, partition, epoch: cursor.epoch };
            ctx.at(ctx.now + options.refetch_after, refetch);
            return;
        }
        cursor.next += 1;
        cursor.outstanding += 1;
        ctx.at(passage.due, Task::DeliveryArrives(delivery));
        if passage.doubled {
            self.send_copy(delivery, parcel, passage.due, ctx);
        }
    }

    /// The link's second copy is a delivery of its own: it takes its own time and has its own number.
    fn send_copy(&mut self, original: Delivery, parcel: Parcel, due: Micros, ctx: &mut Context<'_>) {
        let attempt = self.next_attempt(original.event);
        let copy = Delivery { attempt, copy: true, ..original };
        ctx.record(What::DeliveryDoubled(delivered(&copy)));
        let link = &projection_options(ctx.options, self.model).delivery;
        let delay = ctx.fates.span(Parcel { attempt, ..parcel }.key(Purpose::Delay), &link.delay);
        ctx.at(due + delay, Task::DeliveryArrives(copy));
    }

    fn next_attempt(&mut self, event: EventId) -> u16 {
        let attempts = self.attempts.entry(event.index());
        *attempts = attempts.saturating_add(1);
        *attempts
    }
}

/// A delivery as the trace names it.
pub const fn delivered(delivery: &Delivery) -> Delivered {
    Delivered { event: delivery.event, model: delivery.model, instance: delivery.instance, attempt: delivery.attempt }
}
