//! The instances of a consumer: they share the partitions, get deliveries, and may crash. What each does with its deliveries is in
//! `handling`.

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::broker::dispatch::Dispatch;
use crate::system::broker::topic::Log;
use crate::system::context::Context;
use crate::system::delivery::{Delivered, Delivery};
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, Purpose};
use crate::system::following;
use crate::system::options::{Checkpoint, ReplicaStart};
use crate::system::place::{PartitionId, Reader};
use crate::system::task::Task;
use crate::system::trace::{ParkReason, What};

use super::batch;
use super::by_hand::ByHand;
use super::dead_letters::DeadLetters;
use super::follower::Follower;
use super::sequencing::Sequences;
use super::target::Target;

/// A follower, the instances that run it, and their consumer group.
#[derive(Clone, Debug)]
pub struct Consumer<T> {
    pub(super) reader: Reader,
    pub(super) instances: Vec<Instance>,
    /// How many lives instances have had. No two share a number, so that a plan never meets another life than its own.
    lives: u32,
    /// Its side of the broker: a consumer group's place in a log, or a queue.
    pub group: Dispatch,
    /// What becomes of each event.
    pub follower: Follower<T>,
    /// What it could not handle.
    pub dead_letters: DeadLetters,
}

/// One instance.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Deliveries that have arrived and wait.
    pub queue: VecDeque<Delivery>,
    /// The deliveries in hand: one batch, oldest first.
    pub in_hand: Vec<Delivery>,
    /// When it will be up again, if it is down.
    pub down_until: Option<Micros>,
    /// Another number after every crash, so that plans of an earlier life can be told.
    pub(super) life: u32,
    /// How many deliveries it has handled.
    pub handled: u32,
    /// How often handling the first one in hand has failed.
    pub failures: u8,
}

/// What the instances work on besides their own state.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The log.
    pub log: &'a Log,
    /// What the events say.
    pub store: &'a EventStore,
}

/// What the world asks of a consumer, whatever it keeps.
pub trait Port: ByHand {
    /// An event was appended to this partition.
    fn appended(&mut self, partition: PartitionId, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// A delivery has reached its instance.
    fn arrived(&mut self, delivery: Delivery, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// The wait for a lost delivery is over.
    fn refetch(&mut self, partition: PartitionId, epoch: u32, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// Handling is done: the first action is due, which is the write, or the save where that comes first.
    fn handled(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// The second action is due, whichever the first one has left. What is begun under one checkpoint ends under it.
    fn settled(&mut self, plan: (u8, u32), checkpoint: Checkpoint, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// A crashed instance is up again and joins the group.
    fn restarted(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// The group has missed an instance long enough.
    fn rebalance(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// Lets changed options act: more or fewer instances, which may have more or less at once.
    fn rescale(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// Its side of the broker.
    fn group(&self) -> &Dispatch;
    /// What it could not handle.
    fn dead_letters(&self) -> &DeadLetters;
    /// A reader's acknowledgement has reached its queue.
    fn acknowledged(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// A queue has waited long enough for an acknowledgement.
    fn visibility_ended(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// The broker is back, or sends again.
    fn fetch_all(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// The instances.
    fn instances(&self) -> &[Instance];
    /// What is kept about the order of events.
    fn sequences(&self) -> &Sequences;
}

impl<T: Target> Consumer<T> {
    /// Instances that are up and share the partitions.
    pub fn start(reader: Reader, target: T, first_order: u32, log: &Log, ctx: &mut Context<'_>) -> Self {
        let mut projector = Self {
            reader,
            instances: Vec::new(),
            lives: 0,
            group: Dispatch::new(reader, ctx.options),
            follower: Follower::new(target, first_order),
            dead_letters: DeadLetters::default(),
        };
        projector.scale(log, ctx);
        projector
    }

    /// Starts or stops instances until there are as many as the options say, and shares the partitions anew.
    fn scale(&mut self, log: &Log, ctx: &mut Context<'_>) {
        let wanted = following::instances(ctx.options, self.reader);
        if self.instances.len() == wanted {
            return;
        }
        self.instances.truncate(wanted);
        while self.instances.len() < wanted {
            let queue = VecDeque::new();
            self.lives += 1;
            self.instances.push(Instance {
                queue,
                in_hand: Vec::new(),
                down_until: None,
                life: self.lives,
                handled: 0,
                failures: 0,
            });
        }
        self.share_partitions(log, ctx);
    }

    /// Begins with what the log holds already: by a snapshot, by reading it, or not at all [seed 000].
    pub fn load(&mut self, start: ReplicaStart, sources: Sources<'_>, ctx: &mut Context<'_>) {
        if !matches!(start, ReplicaStart::Replay | ReplicaStart::FromNow) {
            for partition in self.group.partitions() {
                for offset in 0..sources.log.end(partition) {
                    if let Some(event) = sources.log.at(partition, offset) {
                        self.follower.load(event, sources.store, ctx.now);
                    }
                }
            }
        }
        for partition in self.group.partitions() {
            let end = sources.log.end(partition);
            self.group.start_at(
                partition,
                match start {
                    ReplicaStart::Snapshot | ReplicaStart::FromNow => end,
                    ReplicaStart::Replay | ReplicaStart::SnapshotWithOverlap => 0,
                    ReplicaStart::SnapshotWithHole => end + 2,
                },
            );
        }
        self.fetch(sources, ctx);
    }

    /// Begins anew with an empty target and reads every partition of a log from this offset on.
    pub fn begin_anew(
        &mut self,
        target: T,
        (first_order, offset): (u32, u32),
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        self.stop(target, first_order, offset, sources.log, ctx);
        self.scale(sources.log, ctx);
        self.fetch(sources, ctx);
    }

    /// Stops reading, and leaves an empty target behind.
    pub fn stop(&mut self, target: T, first_order: u32, offset: u32, log: &Log, ctx: &mut Context<'_>) {
        self.follower = Follower::new(target, first_order);
        self.dead_letters = DeadLetters::default();
        self.instances.clear();
        self.group.start_over(offset, log, ctx);
    }

    /// Applies an event within the transaction that commits it: nobody delivers it.
    pub fn apply_at_once(&mut self, event: EventId, store: &EventStore, ctx: &mut Context<'_>) {
        let delivered = Delivered { event, reader: self.reader, instance: 0, attempt: 0 };
        self.follower.take(delivered, store, ctx);
    }

    fn share_partitions(&mut self, log: &Log, ctx: &mut Context<'_>) {
        let up: Vec<u8> = (0_u8..).zip(&self.instances).filter(|(_, one)| one.is_up()).map(|(n, _)| n).collect();
        self.group.assign(&up, log, ctx);
        self.drop_what_is_not_current();
    }

    /// Sends what every partition has and the group may get.
    pub(super) fn fetch(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        for partition in self.group.partitions() {
            self.group.send(partition, sources.log, sources.store, ctx);
        }
    }

    pub(super) fn crash(
        &mut self,
        number: u8,
        delivery: Delivery,
        point: CrashPoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let settings = ctx.options.consumer(self.reader);
        let down =
            ctx.fates.span(batch::key(Purpose::Restart, &delivery, sources.store), &settings.crash.restart_after);
        ctx.record(What::Crashed { delivered: delivery.delivered(), point });
        self.down(number, down, ctx);
    }

    /// An instance loses what it has in its queue and in hand, and is down for a while.
    pub(super) fn down(&mut self, number: u8, down: Micros, ctx: &mut Context<'_>) {
        let settings = ctx.options.consumer(self.reader);
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        instance.queue.clear();
        instance.in_hand.clear();
        instance.failures = 0;
        self.lives += 1;
        instance.life = self.lives;
        instance.down_until = Some(ctx.now + down);
        let life = instance.life;
        self.group.reader_lost(number);
        ctx.at(ctx.now + down, Task::Restart { reader: self.reader, instance: number, life });
        if self.instances.len() > 1 && settings.rebalance_after < down {
            let rebalance = Task::Rebalance { reader: self.reader, instance: number, life };
            ctx.at(ctx.now + settings.rebalance_after, rebalance);
        }
    }
}

impl<T: Target> Port for Consumer<T> {
    fn rescale(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.scale(sources.log, ctx);
        self.fetch(sources, ctx);
    }

    fn appended(&mut self, partition: PartitionId, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.group.send(partition, sources.log, sources.store, ctx);
    }

    fn arrived(&mut self, delivery: Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let current = self.group.is_current(&delivery);
        match self.instances.get_mut(usize::from(delivery.instance)).filter(|instance| current && instance.is_up()) {
            Some(instance) => {
                ctx.record(What::Arrived(delivery.delivered()));
                instance.queue.push_back(delivery);
                self.take_next(delivery.instance, sources, ctx);
            }
            None => ctx.record(What::Discarded(delivery.delivered())),
        }
    }

    fn refetch(&mut self, partition: PartitionId, epoch: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.group.refetch(partition, epoch);
        self.group.send(partition, sources.log, sources.store, ctx);
    }

    fn handled(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.handle((number, life), sources, ctx);
    }

    fn settled(&mut self, plan: (u8, u32), checkpoint: Checkpoint, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.settle(plan, checkpoint, sources, ctx);
    }

    fn restarted(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let instance = self.instances.get_mut(usize::from(number));
        // A hand may have brought it back before.
        let Some(instance) = instance.filter(|instance| instance.life == life && !instance.is_up()) else {
            return;
        };
        instance.down_until = None;
        ctx.record(What::Restarted { reader: self.reader, instance: number });
        self.share_partitions(sources.log, ctx);
        self.fetch(sources, ctx);
    }

    fn rebalance(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let still_down =
            self.instances.get(usize::from(number)).is_some_and(|instance| !instance.is_up() && instance.life == life);
        if still_down {
            self.share_partitions(sources.log, ctx);
            self.fetch(sources, ctx);
        }
    }

    fn acknowledged(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.group.acknowledged(delivery, ctx);
        self.group.send(delivery.partition, sources.log, sources.store, ctx);
    }

    fn visibility_ended(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        if self.group.visibility_ended(delivery, ctx) {
            self.park(delivery, ParkReason::HandedOutTooOften, sources, ctx);
        }
        self.group.send(delivery.partition, sources.log, sources.store, ctx);
    }

    fn fetch_all(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.fetch(sources, ctx);
    }

    fn group(&self) -> &Dispatch {
        &self.group
    }

    fn dead_letters(&self) -> &DeadLetters {
        &self.dead_letters
    }

    fn instances(&self) -> &[Instance] {
        &self.instances
    }

    fn sequences(&self) -> &Sequences {
        self.follower.sequences()
    }
}

/// The instance that has this event in its hand or its queue, if one has.
pub fn waiting_at(instances: &[Instance], event: EventId) -> Option<(u8, &Instance)> {
    (0_u8..)
        .zip(instances)
        .find(|(_, instance)| instance.in_hand.iter().chain(&instance.queue).any(|delivery| delivery.event == event))
}

impl Instance {
    /// Is it running?
    pub const fn is_up(&self) -> bool {
        self.down_until.is_none()
    }

    /// How many deliveries it has, the one in hand included.
    pub fn backlog(&self) -> usize {
        self.queue.len() + self.in_hand.len()
    }
}
