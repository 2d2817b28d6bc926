//! The instances of a consumer: each takes one delivery at a time, writes, saves its position, and may crash on the way.

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::broker::dispatch::Dispatch;
use crate::system::broker::group::{delivered, reader_options};
use crate::system::broker::topic::Log;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, FateKey, Purpose};
use crate::system::options::{Checkpoint, Consumer as Settings, ReplicaStart};
use crate::system::place::{PartitionId, Reader};
use crate::system::task::{Delivery, Task};
use crate::system::trace::{ParkReason, What};

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
    /// The delivery in hand.
    pub in_hand: Option<Delivery>,
    /// When it will be up again, if it is down.
    pub down_until: Option<Micros>,
    /// Another number after every crash, so that plans of an earlier life can be told.
    pub(super) life: u32,
    /// How many deliveries it has handled.
    pub handled: u32,
    /// How often handling the one in hand has failed.
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
        let wanted = usize::from(reader_options(ctx.options, self.reader).instances);
        self.instances.truncate(wanted);
        while self.instances.len() < wanted {
            let queue = VecDeque::new();
            self.lives += 1;
            self.instances.push(Instance {
                queue,
                in_hand: None,
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

    pub(super) fn take_next(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        if instance.in_hand.is_some() {
            return;
        }
        let Some(delivery) = instance.queue.pop_front() else {
            return;
        };
        instance.in_hand = Some(delivery);
        let service = reader_options(ctx.options, self.reader).service;
        let span = ctx.fates.span(fate_key(Purpose::Service, &delivery, sources.store), &service);
        ctx.at(ctx.now + span, Task::Handled { reader: self.reader, instance: number, life: instance.life });
    }

    pub(super) fn finish(
        &mut self,
        number: u8,
        delivery: Delivery,
        crash: Option<CrashPoint>,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        if crash == Some(CrashPoint::AfterCommit) {
            return self.crash(number, delivery, CrashPoint::AfterCommit, sources, ctx);
        }
        self.group.finished(&delivery);
        self.free(number);
        if let Some(instance) = self.instance_mut(number) {
            instance.handled += 1;
        }
        self.group.send(delivery.partition, sources.log, sources.store, ctx);
        self.take_next(number, sources, ctx);
    }

    /// Saves the position, unless the partition has been given to another instance since.
    pub(super) fn save(&mut self, delivery: &Delivery, store: &EventStore, ctx: &mut Context<'_>) {
        if self.group.is_current(delivery) {
            self.group.save(delivery, store, ctx);
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
        let down = ctx.fates.span(fate_key(Purpose::Restart, &delivery, sources.store), &settings.crash.restart_after);
        ctx.record(What::Crashed { delivered: delivered(&delivery), point });
        self.down(number, down, ctx);
    }

    /// An instance loses what it has in its queue and in hand, and is down for a while.
    pub(super) fn down(&mut self, number: u8, down: Micros, ctx: &mut Context<'_>) {
        let settings = reader_options(ctx.options, self.reader);
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        instance.queue.clear();
        instance.in_hand = None;
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

    fn in_hand(&self, number: u8, life: u32) -> Option<Delivery> {
        let instance = self.instances.get(usize::from(number)).filter(|instance| instance.life == life)?;
        instance.in_hand
    }

    fn crash_point(
        &self,
        delivery: &Delivery,
        settings: &Settings,
        store: &EventStore,
        ctx: &Context<'_>,
    ) -> Option<CrashPoint> {
        let points = [
            (CrashPoint::BeforeWrite, settings.crash.before_write),
            (CrashPoint::Between, settings.crash.between),
            (CrashPoint::AfterCommit, settings.crash.after_commit),
        ];
        ctx.fates.crash(fate_key(Purpose::Crash, delivery, store), points, ctx.faults)
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
        let Some(delivery) = self.in_hand(number, life) else {
            return;
        };
        let settings = reader_options(ctx.options, self.reader);
        let crash = self.crash_point(&delivery, settings, sources.store, ctx);
        if crash == Some(CrashPoint::BeforeWrite) {
            return self.crash(number, delivery, CrashPoint::BeforeWrite, sources, ctx);
        }
        if self.fails((number, life), &delivery, sources, ctx) {
            return;
        }
        match settings.checkpoint {
            Checkpoint::BeforeEffect => self.save(&delivery, sources.store, ctx),
            Checkpoint::AfterEffect => self.follower.handle(&delivery, sources.store, ctx),
            Checkpoint::WithEffect if !self.group.is_current(&delivery) => {
                // The position is part of the transaction, and another instance has taken it over: nothing is written.
                ctx.record(What::Fenced(delivered(&delivery)));
                return self.finish(number, delivery, None, sources, ctx);
            }
            Checkpoint::WithEffect => {
                // One transaction: no crash can come in between, so one that is meant to has no place here.
                self.follower.handle(&delivery, sources.store, ctx);
                self.save(&delivery, sources.store, ctx);
                return self.finish(number, delivery, crash, sources, ctx);
            }
        }
        let span = ctx.fates.span(fate_key(Purpose::Commit, &delivery, sources.store), &settings.commit);
        let checkpoint = settings.checkpoint;
        ctx.at(ctx.now + span, Task::Settled { reader: self.reader, instance: number, life, checkpoint });
    }

    fn settled(
        &mut self,
        (number, life): (u8, u32),
        checkpoint: Checkpoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let Some(delivery) = self.in_hand(number, life) else {
            return;
        };
        let settings = reader_options(ctx.options, self.reader);
        let crash = self.crash_point(&delivery, settings, sources.store, ctx);
        if crash == Some(CrashPoint::Between) {
            return self.crash(number, delivery, CrashPoint::Between, sources, ctx);
        }
        match checkpoint {
            Checkpoint::BeforeEffect => self.follower.handle(&delivery, sources.store, ctx),
            Checkpoint::AfterEffect | Checkpoint::WithEffect => self.save(&delivery, sources.store, ctx),
        }
        self.finish(number, delivery, crash, sources, ctx);
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
        self.queue.len() + usize::from(self.in_hand.is_some())
    }
}

fn fate_key(purpose: Purpose, delivery: &Delivery, store: &EventStore) -> FateKey {
    FateKey {
        purpose,
        hop: delivery.reader.into(),
        subject: store.event(delivery.event).subject(),
        attempt: delivery.attempt,
    }
}
