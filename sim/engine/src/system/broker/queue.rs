//! A reader's queue: its instances compete for single messages, in no order. A message that was handed out is invisible
//! to others until it is acknowledged, which ends it, or until the wait for that is over, which makes it visible again.
//!
//! An acknowledgement is a message of its own and can be lost, so a queue delivers at least once and no transaction of a
//! reader can include it.

use std::collections::{BTreeMap, VecDeque};

use crate::kernel::pages::Pages;
use crate::shop::ids::EventId;
use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::event_store::EventStore;
use crate::system::fate::Purpose;
use crate::system::link::{Channel, Parcel, Passage, after_pause};
use crate::system::node::Node;
use crate::system::place::{PartitionId, Reader};
use crate::system::task::{Lost, Task};
use crate::system::trace::What;

use super::topic::Log;

/// A message by where it was published: a second publication of an event is a second message.
type Slot = (PartitionId, u32);

/// The queue of one reader.
#[derive(Clone, Debug)]
pub struct Queue {
    reader: Reader,
    /// For each partition of what it is subscribed to, how far it has taken messages over.
    taken: Vec<(PartitionId, u32)>,
    /// Messages that nobody has, in the order in which they became visible.
    visible: VecDeque<(Slot, EventId)>,
    /// Messages that were handed out and are not acknowledged.
    handed_out: BTreeMap<Slot, Delivery>,
    connections: Vec<Connection>,
    /// How often each event was sent, by event number.
    attempts: Pages<u16>,
    /// Has the reader stopped, because it can not handle a message?
    pub halted: bool,
}

/// The queue's connection to one instance.
#[derive(Clone, Copy, Debug, Default)]
struct Connection {
    up: bool,
    /// Another number after every break, so that messages of an earlier connection can be told.
    number: u32,
}

impl Queue {
    /// A queue that has handed out nothing, subscribed to these partitions.
    pub fn new(reader: Reader, partitions: impl Iterator<Item = PartitionId>) -> Self {
        Self {
            reader,
            taken: partitions.map(|partition| (partition, 0)).collect(),
            visible: VecDeque::new(),
            handed_out: BTreeMap::new(),
            connections: Vec::new(),
            attempts: Pages::default(),
            halted: false,
        }
    }

    /// How many messages nobody has.
    pub fn visible(&self) -> usize {
        self.visible.len()
    }

    /// The messages that nobody has, in the order in which they became visible.
    pub fn waiting(&self) -> impl Iterator<Item = EventId> {
        self.visible.iter().map(|(_, event)| *event)
    }

    /// The messages that were handed out and are not acknowledged, each with its delivery.
    pub fn out(&self) -> impl Iterator<Item = &Delivery> {
        self.handed_out.values()
    }

    /// The messages that are not acknowledged, handed out or not.
    pub fn open(&self) -> impl Iterator<Item = EventId> {
        self.waiting().chain(self.out().map(|delivery| delivery.event))
    }

    /// Was a message of this event ever handed out?
    pub fn was_handed_out(&self, event: EventId) -> bool {
        self.attempts.get(event.index()).is_some_and(|attempts| *attempts > 0)
    }

    /// The instance that has had this message, if it is handed out.
    pub fn holder(&self, partition: PartitionId, offset: u32) -> Option<u8> {
        self.handed_out.get(&(partition, offset)).map(|delivery| delivery.instance)
    }

    /// Is this message waiting to be handed out?
    pub fn waits(&self, partition: PartitionId, offset: u32) -> bool {
        self.visible.iter().any(|(slot, _)| *slot == (partition, offset)) || offset >= self.taken(partition)
    }

    fn taken(&self, partition: PartitionId) -> u32 {
        self.taken.iter().find(|(of, _)| *of == partition).map_or(0, |(_, offset)| *offset)
    }

    /// Every message of a partition before this offset is acknowledged.
    pub fn done_below(&self, partition: PartitionId) -> u32 {
        let open = self.visible.iter().map(|(slot, _)| slot).chain(self.handed_out.keys());
        let oldest = open.filter(|(of, _)| *of == partition).map(|(_, offset)| *offset).min();
        oldest.unwrap_or_else(|| self.taken(partition))
    }

    /// Lets the subscription to a partition begin at this offset.
    pub fn start_at(&mut self, partition: PartitionId, offset: u32) {
        for (_, taken) in self.taken.iter_mut().filter(|(of, _)| *of == partition) {
            *taken = offset;
        }
    }

    /// Connects the instances that are up, and no others.
    pub fn connect(&mut self, up: &[u8]) {
        let count = up.iter().max().map_or(0, |last| usize::from(*last) + 1);
        let known = self.connections.len().max(count);
        self.connections.resize(known, Connection::default());
        for (number, connection) in (0_u8..).zip(&mut self.connections) {
            if connection.up != up.contains(&number) {
                connection.up = !connection.up;
                connection.number += 1;
            }
        }
    }

    /// The connection to an instance is broken. What it has had stays invisible until the wait for it is over.
    pub fn disconnect(&mut self, instance: u8) {
        if let Some(connection) = self.connections.get_mut(usize::from(instance)) {
            *connection = Connection { up: false, number: connection.number + 1 };
        }
    }

    /// Does this delivery belong to its instance's present connection? That its message is visible to others again makes
    /// no difference: nobody tells the instance.
    pub fn is_current(&self, delivery: &Delivery) -> bool {
        let connection = self.connections.get(usize::from(delivery.instance));
        connection.is_some_and(|connection| connection.up && connection.number == delivery.epoch)
    }

    /// Hands out what the instances may have.
    pub fn send(&mut self, log: &Log, store: &EventStore, ctx: &mut Context<'_>) {
        self.take_over(log);
        if self.halted {
            return;
        }
        while let Some(instance) = self.least_busy(ctx.options.broker.queue.in_flight_max) {
            let Some((slot, event)) = self.visible.pop_front() else { return };
            self.hand_out(slot, event, instance, store, ctx);
        }
    }

    fn take_over(&mut self, log: &Log) {
        for (partition, taken) in &mut self.taken {
            while let Some(event) = log.at(*partition, (*taken).max(log.first(*partition))) {
                *taken = (*taken).max(log.first(*partition));
                self.visible.push_back(((*partition, *taken), event));
                *taken += 1;
            }
        }
    }

    /// The connected instance that has the fewest messages, if it may have one more.
    fn least_busy(&self, in_flight_max: u32) -> Option<u8> {
        let has = |number: u8, connection: &Connection| {
            let of_it = |one: &&Delivery| one.instance == number && one.epoch == connection.number;
            self.handed_out.values().filter(of_it).count()
        };
        let connected = (0_u8..).zip(&self.connections).filter(|(_, connection)| connection.up);
        let (count, number) = connected.map(|(number, connection)| (has(number, connection), number)).min()?;
        (count < in_flight_max as usize).then_some(number)
    }

    fn hand_out(&mut self, slot: Slot, event: EventId, instance: u8, store: &EventStore, ctx: &mut Context<'_>) {
        let reader = self.reader;
        let link = &ctx.options.consumer(reader).delivery;
        let attempt = self.next_attempt(event);
        let (partition, offset) = slot;
        let epoch = self.connections[usize::from(instance)].number;
        let sent = ctx.now;
        let delivery = Delivery { event, reader, instance, partition, offset, epoch, attempt, copy: false, sent };
        let parcel = Parcel { subject: store.event(event).subject(), hop: reader.into(), attempt };
        // Every message travels on its own: a queue promises no order, so none is kept on the way either.
        let passage = Channel::default().pass(parcel, link, ctx.fates, ctx.now, ctx.faults);
        let passage = passage.between(Node::Broker, Node::Reader(reader, Some(instance)), ctx);
        self.handed_out.insert(slot, delivery);
        ctx.at(ctx.now + ctx.options.broker.queue.visibility, Task::VisibilityEnds(delivery));
        ctx.record(What::Sent(delivery.delivered()));
        passage.tell(event, parcel.hop, ctx);
        if passage.held {
            ctx.record(What::DeliveryHeld(delivery.delivered()));
        }
        if passage.lost {
            ctx.record(What::DeliveryLost(delivery.delivered()));
            ctx.at(passage.due, Task::Vanishes(Lost::Delivery(delivery)));
            return;
        }
        ctx.at(passage.due, Task::DeliveryArrives(delivery));
        if passage.doubled {
            let copy = Delivery { attempt: self.next_attempt(event), copy: true, ..delivery };
            ctx.record(What::DeliveryDoubled(copy.delivered()));
            let delay = ctx.fates.span(Parcel { attempt: copy.attempt, ..parcel }.key(Purpose::Delay), &link.delay);
            ctx.at(passage.due + delay, Task::DeliveryArrives(copy));
        }
    }

    /// The number of the next delivery of an event.
    pub fn next_attempt(&mut self, event: EventId) -> u16 {
        let attempts = self.attempts.entry(event.index());
        *attempts = attempts.saturating_add(1);
        *attempts
    }

    /// An instance acknowledges a delivery, which the queue may or may not learn.
    pub fn acknowledge(&self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        let link = &ctx.options.consumer(self.reader).delivery;
        let subject = store.event(delivery.event).subject();
        let parcel = Parcel { subject, hop: self.reader.into(), attempt: delivery.attempt };
        let due = ctx.now + ctx.fates.span(parcel.key(Purpose::AckDelay), &link.delay);
        let (due, stopped_until) = after_pause(link, parcel.hop, due, ctx.fates, ctx.faults);
        let lost = ctx.fates.happens(parcel.key(Purpose::AckLoss), link.loss, ctx.faults);
        let passage = Passage { due, lost, held: false, doubled: false, cut: false, stopped_until };
        let passage = passage.between(Node::Reader(self.reader, Some(delivery.instance)), Node::Broker, ctx);
        passage.tell(delivery.event, parcel.hop, ctx);
        if passage.lost {
            ctx.record(What::QueueAcknowledgementLost(delivery.delivered()));
            return;
        }
        ctx.at(due, Task::QueueAcknowledged(Delivery { sent: ctx.now, ..*delivery }));
    }

    /// An acknowledgement has come: the message is forgotten, unless it has become visible to others meanwhile.
    pub fn acknowledged(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) {
        let slot = (delivery.partition, delivery.offset);
        // The link's copy is the same message with the same receipt.
        let in_time = self.handed_out.get(&slot).is_some_and(|one| one.attempt == delivery.attempt || delivery.copy);
        if in_time {
            self.handed_out.remove(&slot);
            ctx.record(What::QueueAcknowledged(delivery.delivered()));
        } else if !delivery.copy {
            ctx.record(What::QueueAcknowledgementLate(delivery.delivered()));
        }
    }

    /// The wait for an acknowledgement is over: the message is visible again, unless the acknowledgement has come. True when
    /// it was handed out as often as it may and has to be put aside instead.
    pub fn visibility_ended(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) -> bool {
        let slot = (delivery.partition, delivery.offset);
        if self.handed_out.get(&slot).is_none_or(|one| one.attempt != delivery.attempt) {
            return false;
        }
        self.handed_out.remove(&slot);
        if delivery.attempt >= ctx.options.broker.queue.receive_max {
            return true;
        }
        self.visible.push_back((slot, delivery.event));
        ctx.record(What::VisibleAgain(delivery.delivered()));
        false
    }

    /// How many messages were handed out and are not acknowledged.
    pub fn handed_out(&self) -> usize {
        self.handed_out.len()
    }

    /// Makes a message visible once more that was put aside.
    pub fn put_back(&mut self, delivery: &Delivery) {
        self.visible.push_back(((delivery.partition, delivery.offset), delivery.event));
    }
}
