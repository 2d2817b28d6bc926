//! The instances of a consumer: each takes a batch of deliveries at a time, writes, saves its position, and may crash on the
//! way. By default a batch is one delivery.

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::broker::group::{Group, delivered, reader_options};
use crate::system::broker::topic::Log;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, Purpose};
use crate::system::following;
use crate::system::options::{Checkpoint, ReplicaStart};
use crate::system::place::{PartitionId, Reader};
use crate::system::task::{Delivery, Task};
use crate::system::trace::{Delivered, What};

use super::batch;
use super::follower::Follower;
use super::sequencing::Sequences;
use super::target::Target;

/// A follower, the instances that run it, and their consumer group.
#[derive(Clone, Debug)]
pub struct Consumer<T> {
    reader: Reader,
    instances: Vec<Instance>,
    /// How many lives instances have had. No two share a number, so that a plan never meets another life than its own.
    lives: u32,
    /// The group's place in the log.
    pub group: Group,
    /// What becomes of each event.
    pub follower: Follower<T>,
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
    life: u32,
    /// How many deliveries it has handled.
    pub handled: u32,
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
pub trait Port {
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
    /// The consumer group.
    fn group(&self) -> &Group;
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
            group: Group::new(reader, following::topics(ctx.options, reader), ctx.options.broker.partitions),
            follower: Follower::new(target, first_order),
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

    /// Applies an event within the transaction that commits it: nobody delivers it.
    pub fn apply_at_once(&mut self, event: EventId, store: &EventStore, ctx: &mut Context<'_>) {
        let delivered = Delivered { event, reader: self.reader, instance: 0, attempt: 0 };
        self.follower.take(delivered, store, ctx);
    }

    fn share_partitions(&mut self, log: &Log, ctx: &mut Context<'_>) {
        let up: Vec<u8> = (0_u8..).zip(&self.instances).filter(|(_, one)| one.is_up()).map(|(n, _)| n).collect();
        self.group.assign(&up, log, ctx);
        for instance in &mut self.instances {
            instance.queue.retain(|delivery| self.group.is_current(delivery));
        }
    }

    /// Sends what every partition has and the group may get.
    fn fetch(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        for partition in self.group.partitions() {
            self.group.send(partition, sources.log, sources.store, ctx);
        }
    }

    fn take_next(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        let settings = reader_options(ctx.options, self.reader);
        let count = instance.queue.len().min(settings.batch as usize);
        if count == 0 || !instance.in_hand.is_empty() {
            return;
        }
        instance.in_hand.extend(instance.queue.drain(..count));
        if count > 1 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            ctx.record(What::BatchTaken { reader: self.reader, instance: number, count });
        }
        let span = batch::span(&instance.in_hand, settings, sources.store, ctx);
        ctx.at(ctx.now + span, Task::Handled { reader: self.reader, instance: number, life: instance.life });
    }

    fn finish(
        &mut self,
        number: u8,
        mut batch: Vec<Delivery>,
        crash: Option<(Delivery, CrashPoint)>,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        if let Some((delivery, CrashPoint::AfterCommit)) = crash {
            return self.crash(number, delivery, CrashPoint::AfterCommit, sources, ctx);
        }
        for delivery in &batch {
            self.group.finished(delivery);
        }
        for delivery in &batch {
            self.group.send(delivery.partition, sources.log, sources.store, ctx);
        }
        if let Some(instance) = self.instances.get_mut(usize::from(number)) {
            instance.handled = instance.handled.saturating_add(u32::try_from(batch.len()).unwrap_or(u32::MAX));
            // The empty hand is kept, so that the next batch needs no new memory.
            batch.clear();
            instance.in_hand = batch;
        }
        self.take_next(number, sources, ctx);
    }

    /// Saves the positions, except those of partitions that have been given to another instance since.
    fn save(&mut self, batch: &[Delivery], ctx: &mut Context<'_>) {
        for delivery in batch {
            if self.group.is_current(delivery) {
                self.group.save(delivery, ctx);
            }
        }
    }

    /// Writes the effects, in the order in which the deliveries came.
    fn write(&mut self, batch: &[Delivery], store: &EventStore, ctx: &mut Context<'_>) {
        for delivery in batch {
            self.follower.handle(delivery, store, ctx);
        }
    }

    fn crash(
        &mut self,
        number: u8,
        delivery: Delivery,
        point: CrashPoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let settings = reader_options(ctx.options, self.reader);
        let down =
            ctx.fates.span(batch::key(Purpose::Restart, &delivery, sources.store), &settings.crash.restart_after);
        ctx.record(What::Crashed { delivered: delivered(&delivery), point });
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        instance.queue.clear();
        instance.in_hand.clear();
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

    /// Takes the batch out of an instance's hand, if it is still the same life.
    fn take_in_hand(&mut self, number: u8, life: u32) -> Option<Vec<Delivery>> {
        let instance = self.instances.get_mut(usize::from(number)).filter(|instance| instance.life == life)?;
        Some(core::mem::take(&mut instance.in_hand)).filter(|batch| !batch.is_empty())
    }

    fn keep_in_hand(&mut self, number: u8, batch: Vec<Delivery>) {
        if let Some(instance) = self.instances.get_mut(usize::from(number)) {
            instance.in_hand = batch;
        }
    }

    /// Writes the effects and saves the positions in one transaction. Positions are part of it, so what belongs to a
    /// partition that another instance has taken over is not written.
    fn write_and_save(
        &mut self,
        number: u8,
        batch: Vec<Delivery>,
        crash: Option<(Delivery, CrashPoint)>,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        for delivery in &batch {
            if self.group.is_current(delivery) {
                self.follower.handle(delivery, sources.store, ctx);
                self.group.save(delivery, ctx);
            } else {
                ctx.record(What::Fenced(delivered(delivery)));
            }
        }
        // No crash can come in between, so one that is meant to has no place here.
        let crash = crash.filter(|(culprit, _)| self.group.is_current(culprit));
        self.finish(number, batch, crash, sources, ctx);
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
                ctx.record(What::Arrived(delivered(&delivery)));
                instance.queue.push_back(delivery);
                self.take_next(delivery.instance, sources, ctx);
            }
            None => ctx.record(What::Discarded(delivered(&delivery))),
        }
    }

    fn refetch(&mut self, partition: PartitionId, epoch: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.group.refetch(partition, epoch);
        self.group.send(partition, sources.log, sources.store, ctx);
    }

    fn handled(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(batch) = self.take_in_hand(number, life) else {
            return;
        };
        let settings = reader_options(ctx.options, self.reader);
        let crash = batch::crash(&batch, settings, sources.store, ctx);
        if let Some((culprit, CrashPoint::BeforeWrite)) = crash {
            return self.crash(number, culprit, CrashPoint::BeforeWrite, sources, ctx);
        }
        match settings.checkpoint {
            Checkpoint::BeforeEffect => self.save(&batch, ctx),
            Checkpoint::AfterEffect => self.write(&batch, sources.store, ctx),
            Checkpoint::WithEffect => return self.write_and_save(number, batch, crash, sources, ctx),
        }
        let span = ctx.fates.span(batch::key(Purpose::Commit, &batch[0], sources.store), &settings.commit);
        let checkpoint = settings.checkpoint;
        self.keep_in_hand(number, batch);
        ctx.at(ctx.now + span, Task::Settled { reader: self.reader, instance: number, life, checkpoint });
    }

    fn settled(
        &mut self,
        (number, life): (u8, u32),
        checkpoint: Checkpoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let Some(batch) = self.take_in_hand(number, life) else {
            return;
        };
        let settings = reader_options(ctx.options, self.reader);
        // Where a crash before the write was meant, but the options have changed since: that moment has passed.
        let crash = batch::crash_from(CrashPoint::Between, &batch, settings, sources.store, ctx);
        if let Some((culprit, CrashPoint::Between)) = crash {
            return self.crash(number, culprit, CrashPoint::Between, sources, ctx);
        }
        match checkpoint {
            Checkpoint::BeforeEffect => self.write(&batch, sources.store, ctx),
            Checkpoint::AfterEffect | Checkpoint::WithEffect => self.save(&batch, ctx),
        }
        self.finish(number, batch, crash, sources, ctx);
    }

    fn restarted(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let instance = self.instances.get_mut(usize::from(number)).filter(|instance| instance.life == life);
        let Some(instance) = instance else {
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

    fn group(&self) -> &Group {
        &self.group
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
