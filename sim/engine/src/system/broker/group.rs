//! A consumer group: for each partition who reads it, how far it was sent, and which position is saved.

use std::collections::BTreeSet;

use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::event_store::EventStore;
use crate::system::fate::Purpose;
use crate::system::link::{Channel, Parcel};
use crate::system::node::Node;
use crate::system::options::{CheckpointScope, Options};
use crate::system::place::{PartitionId, Reader, TopicName};
use crate::system::task::{Lost, Task};
use crate::system::trace::What;

use super::standing::Standing;
use super::topic::Log;

/// A group of consumers that share the partitions of the topics they follow.
#[derive(Clone, Debug)]
pub struct Group {
    reader: Reader,
    topics: &'static [TopicName],
    /// One for each partition of each topic that it follows, topic by topic.
    cursors: Vec<Cursor>,
    /// How many partitions a topic has.
    partitions: usize,
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
    /// Has the reader stopped, because it can not handle a message?
    pub halted: bool,
    channel: Channel,
}

impl Group {
    /// A group that has read nothing.
    pub fn new(reader: Reader, topics: &'static [TopicName], partitions: u8) -> Self {
        let partitions = usize::from(partitions);
        let cursors = vec![Cursor::default(); partitions * topics.len()];
        Self { reader, topics, cursors, partitions, position: EventId(0), attempts: Pages::default() }
    }

    /// Every partition that it follows.
    pub fn partitions(&self) -> impl Iterator<Item = PartitionId> + use<> {
        let count = u8::try_from(self.partitions).unwrap_or(u8::MAX);
        let topics = self.topics.iter();
        topics.flat_map(move |topic| (0..count).map(move |index| PartitionId { topic: *topic, index }))
    }

    /// Does it follow this topic?
    pub fn follows(&self, topic: TopicName) -> bool {
        self.topics.contains(&topic)
    }

    fn slot(&self, partition: PartitionId) -> usize {
        let topic = self.topics.iter().position(|topic| *topic == partition.topic);
        topic.unwrap_or(0) * self.partitions + usize::from(partition.index)
    }

    /// The group's place in a partition that it follows.
    pub fn cursor(&self, partition: PartitionId) -> &Cursor {
        &self.cursors[self.slot(partition)]
    }

    fn cursor_mut(&mut self, partition: PartitionId) -> &mut Cursor {
        let slot = self.slot(partition);
        &mut self.cursors[slot]
    }

    /// The next offset of a partition to be handled after a restart.
    pub fn saved(&self, partition: PartitionId, log: &Log, options: &Options) -> u32 {
        let mut saved = self.cursor(partition).saved;
        if options.consumer(self.reader).checkpoint_scope == CheckpointScope::Projection {
            // One position for all partitions: everything up to it counts as handled, wherever it lies.
            while log.at(partition, saved).is_some_and(|event| event <= self.position) {
                saved += 1;
            }
        }
        saved
    }

    /// Has it come as far as the other group, and handled everything behind that which the other has handled out of turn?
    pub fn is_level_with(&self, other: &Self, log: &Log, options: &Options) -> bool {
        self.partitions().all(|one| {
            let is_as_far = self.saved(one, log, options) == other.saved(one, log, options);
            is_as_far && other.cursor(one).ahead.is_subset(&self.cursor(one).ahead)
        })
    }

    /// How often an event was sent so far.
    pub fn attempts(&self, event: EventId) -> u16 {
        self.attempts.get(event.index()).copied().unwrap_or(0)
    }

    /// How it stands with the message at an offset, which no instance has.
    pub fn standing(&self, partition: PartitionId, offset: u32, log: &Log, options: &Options) -> Standing {
        let cursor = self.cursor(partition);
        // That nobody will read it again is true whether or not the reader is up, so it comes first.
        match cursor {
            _ if offset < self.saved(partition, log, options) => Standing::Done,
            _ if offset < log.first(partition) => Standing::Deleted,
            Cursor { owner: None, .. } => Standing::ReaderDown,
            Cursor { halted: true, .. } => Standing::Halted,
            Cursor { stalled: true, .. } => Standing::Stalled,
            Cursor { next, .. } if offset >= *next => Standing::Waiting,
            _ => Standing::Missed,
        }
    }

    /// Does this delivery belong to the present assignment of its partition?
    pub fn is_current(&self, delivery: &Delivery) -> bool {
        let cursor = self.cursor(delivery.partition);
        cursor.epoch == delivery.epoch && cursor.owner == Some(delivery.instance)
    }

    /// Shares the partitions among the instances that are up. A partition that changes hands goes on from the saved
    /// position.
    pub fn assign(&mut self, up: &[u8], log: &Log, ctx: &mut Context<'_>) {
        for (turn, partition) in self.partitions().enumerate() {
            let owner = if up.is_empty() { None } else { Some(up[turn % up.len()]) };
            let cursor = self.cursor_mut(partition);
            if owner == cursor.owner {
                continue;
            }
            cursor.owner = owner;
            self.forget_outstanding(partition);
            if let Some(instance) = owner {
                let offset = self.resume_at(partition, log, ctx.options);
                self.cursor_mut(partition).next = offset;
                ctx.record(What::Assigned { reader: self.reader, partition, instance, offset });
            }
        }
    }

    /// A reader has crashed: what it had in hand is gone.
    pub fn reader_lost(&mut self, instance: u8) {
        for partition in self.partitions() {
            if self.cursor(partition).owner == Some(instance) {
                self.cursor_mut(partition).owner = None;
                self.forget_outstanding(partition);
            }
        }
    }

    /// Forgets which events count as handled, wherever they lie.
    pub const fn forget_position(&mut self) {
        self.position = EventId(0);
    }

    /// Lets a partition be read from this offset on, which may lie in the future.
    pub fn start_at(&mut self, partition: PartitionId, offset: u32) {
        let cursor = self.cursor_mut(partition);
        cursor.next = offset;
        cursor.saved = offset;
    }

    fn forget_outstanding(&mut self, partition: PartitionId) {
        let cursor = self.cursor_mut(partition);
        cursor.epoch += 1;
        cursor.ahead.clear();
        cursor.outstanding = 0;
        cursor.stalled = false;
        // Whoever takes over tries for itself.
        cursor.halted = false;
        cursor.channel = Channel::default();
    }

    /// Stops reading a partition: what is on the way or waiting will find nobody.
    pub fn halt(&mut self, partition: PartitionId) {
        self.forget_outstanding(partition);
        self.cursor_mut(partition).halted = true;
    }

    /// Reads halted partitions again, from the saved position.
    pub fn resume_halted(&mut self, log: &Log, options: &Options) {
        for partition in self.partitions() {
            if self.cursor(partition).halted {
                let next = self.resume_at(partition, log, options);
                let cursor = self.cursor_mut(partition);
                cursor.halted = false;
                cursor.next = next;
            }
        }
    }

    /// Delivers an event once more that the position has passed, to whoever reads its partition now. It counts as a copy:
    /// neither the position nor what is outstanding depends on it.
    pub fn redeliver(&mut self, parked: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        let cursor = self.cursor(parked.partition);
        let Some(instance) = cursor.owner else { return };
        let again = Delivery { instance, epoch: cursor.epoch, copy: true, ..*parked };
        self.send_alone(again, store, ctx);
    }

    /// Fetches a single event again whose delivery a hand has dropped, if it is still missed. It takes the place of the
    /// dropped one.
    pub fn fetch_again(&mut self, dropped: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        if self.is_current(dropped) {
            self.send_alone(*dropped, store, ctx);
        }
    }

    /// Sends one delivery on its own way, which is neither lost nor kept in order.
    fn send_alone(&mut self, delivery: Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        let again = Delivery { attempt: self.next_attempt(delivery.event), sent: ctx.now, ..delivery };
        let subject = store.event(again.event).subject();
        let parcel = Parcel { subject, hop: self.reader.into(), attempt: again.attempt };
        let delay = ctx.fates.span(parcel.key(Purpose::Delay), &ctx.options.consumer(self.reader).delivery.delay);
        ctx.record(What::Sent(again.delivered()));
        ctx.at(ctx.now + delay, Task::DeliveryArrives(again));
    }

    /// From where a partition goes on after a restart.
    fn resume_at(&mut self, partition: PartitionId, log: &Log, options: &Options) -> u32 {
        let saved = self.saved(partition, log, options);
        // Kept, so that the next look does not start from the beginning of the partition again.
        self.cursor_mut(partition).saved = saved;
        saved
    }

    /// Saves that this delivery is handled. An offset is a low-water mark: it does not pass an event that is still missing,
    /// so a crash repeats what has overtaken that event rather than losing it.
    pub fn save(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) {
        if delivery.offset < self.cursor(delivery.partition).saved {
            return;
        }
        self.position = self.position.max(delivery.event);
        let position = self.position;
        let (reader, partition) = (self.reader, delivery.partition);
        // Both kinds of checkpoint are kept up, so that either can take over in the middle of a run.
        let cursor = self.cursor_mut(partition);
        cursor.ahead.insert(delivery.offset);
        let before = cursor.saved;
        while cursor.ahead.remove(&cursor.saved) {
            cursor.saved += 1;
        }
        let saved = cursor.saved;
        if ctx.options.consumer(reader).checkpoint_scope == CheckpointScope::Projection {
            ctx.record(What::SavedPosition { reader, event: position });
        } else if saved > before {
            ctx.record(What::Saved { reader, partition, offset: saved });
        }
    }

    /// A delivery is done with; room for the next.
    pub fn finished(&mut self, delivery: &Delivery) {
        if !delivery.copy && self.is_current(delivery) {
            self.cursor_mut(delivery.partition).outstanding -= 1;
        }
    }

    /// The wait for a lost delivery is over.
    pub fn refetch(&mut self, partition: PartitionId, epoch: u32) {
        let cursor = self.cursor_mut(partition);
        if cursor.epoch == epoch {
            cursor.stalled = false;
        }
    }

    /// Sends what the reader of this partition may have.
    pub fn send(&mut self, partition: PartitionId, log: &Log, store: &EventStore, ctx: &mut Context<'_>) {
        let prefetch = ctx.options.consumer(self.reader).prefetch;
        loop {
            let cursor = self.cursor(partition);
            let Some(instance) = cursor.owner else { return };
            if cursor.stalled || cursor.halted || cursor.outstanding >= prefetch {
                return;
            }
            if cursor.next < log.first(partition) {
                self.skip_deleted(partition, log, ctx);
                continue;
            }
            let Some(event) = log.at(partition, cursor.next) else {
                return;
            };
            self.send_one(event, partition, instance, store, ctx);
        }
    }

    /// Retention has deleted what would be read next: the partition is read from the first event that is kept.
    fn skip_deleted(&mut self, partition: PartitionId, log: &Log, ctx: &mut Context<'_>) {
        let (reader, to) = (self.reader, log.first(partition));
        let cursor = self.cursor_mut(partition);
        let from = core::mem::replace(&mut cursor.next, to);
        if cursor.saved < to {
            cursor.saved = to;
            cursor.ahead = cursor.ahead.split_off(&to);
            while cursor.ahead.remove(&cursor.saved) {
                cursor.saved += 1;
            }
        }
        ctx.record(What::RetentionSkipped { reader, partition, from, to });
    }

    fn send_one(
        &mut self,
        event: EventId,
        partition: PartitionId,
        instance: u8,
        store: &EventStore,
        ctx: &mut Context<'_>,
    ) {
        let options = ctx.options.consumer(self.reader);
        let attempt = self.next_attempt(event);
        let reader = self.reader;
        let cursor = self.cursor_mut(partition);
        let parcel = Parcel { subject: store.event(event).subject(), hop: reader.into(), attempt };
        let passage = cursor.channel.pass(parcel, &options.delivery, ctx.fates, ctx.now, ctx.faults);
        let passage = passage.between(Node::Broker, Node::Reader(reader, Some(instance)), ctx);
        let delivery = Delivery {
            event,
            reader,
            instance,
            partition,
            offset: cursor.next,
            epoch: cursor.epoch,
            attempt,
            copy: false,
            sent: ctx.now,
        };
        let delivered = delivery.delivered();
        ctx.record(What::Sent(delivered));
        passage.tell(event, parcel.hop, ctx);
        if passage.held {
            ctx.record(What::DeliveryHeld(delivered));
        }
        if passage.lost {
            // The log keeps the event, so the reader misses it, waits, and fetches it again before anything later.
            cursor.stalled = true;
            ctx.record(What::DeliveryLost(delivered));
            ctx.at(passage.due, Task::Vanishes(Lost::Delivery(delivery)));
            let refetch = Task::RefetchDue { reader, partition, epoch: cursor.epoch };
            ctx.at(ctx.now + options.refetch_after, refetch);
        } else {
            cursor.next += 1;
            cursor.outstanding += 1;
            ctx.at(passage.due, Task::DeliveryArrives(delivery));
        }
        if passage.doubled {
            self.send_copy(delivery, parcel, passage.due, ctx);
        }
    }

    /// The link's second copy is a delivery of its own: it takes its own time and has its own number.
    fn send_copy(&mut self, original: Delivery, parcel: Parcel, due: Micros, ctx: &mut Context<'_>) {
        let attempt = self.next_attempt(original.event);
        let copy = Delivery { attempt, copy: true, ..original };
        ctx.record(What::DeliveryDoubled(copy.delivered()));
        let link = &ctx.options.consumer(self.reader).delivery;
        let delay = ctx.fates.span(Parcel { attempt, ..parcel }.key(Purpose::Delay), &link.delay);
        ctx.at(due + delay, Task::DeliveryArrives(copy));
    }

    /// The number of the next delivery of an event.
    pub fn next_attempt(&mut self, event: EventId) -> u16 {
        let attempts = self.attempts.entry(event.index());
        *attempts = attempts.saturating_add(1);
        *attempts
    }
}
