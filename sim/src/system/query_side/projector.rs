//! The instances of a projection: each takes one delivery at a time, writes, saves its position, and may crash on the way.

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::broker::group::{Group, delivered, projection_options};
use crate::system::broker::topic::Topic;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, FateKey, Purpose};
use crate::system::options::{Checkpoint, Projection as Settings};
use crate::system::place::Model;
use crate::system::task::{Delivery, Task};
use crate::system::trace::What;

use super::projection::Projection;

/// A projection, the instances that run it, and their consumer group.
#[derive(Clone, Debug)]
pub struct Projector {
    model: Model,
    instances: Vec<Instance>,
    /// How many lives instances have had. No two share a number, so that a plan never meets another life than its own.
    lives: u32,
    /// The group's place in the log.
    pub group: Group,
    /// The projection with its read model.
    pub projection: Projection,
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
    life: u32,
    /// How many deliveries it has handled.
    pub handled: u32,
}

/// What the instances work on besides their own state.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The log.
    pub topic: &'a Topic,
    /// What the events say.
    pub store: &'a EventStore,
}

impl Projector {
    /// Instances that are up and share the partitions.
    pub fn start(model: Model, first_order: u32, topic: &Topic, ctx: &mut Context<'_>) -> Self {
        let mut projector = Self {
            model,
            instances: Vec::new(),
            lives: 0,
            group: Group::new(model, topic.partition_count()),
            projection: Projection::new(model, first_order),
        };
        projector.scale(topic, ctx);
        projector
    }

    /// The instances.
    pub fn instances(&self) -> &[Instance] {
        &self.instances
    }

    /// Starts or stops instances until there are as many as the options say, and shares the partitions anew.
    pub fn scale(&mut self, topic: &Topic, ctx: &mut Context<'_>) {
        let wanted = usize::from(projection_options(ctx.options, self.model).instances);
        self.instances.truncate(wanted);
        while self.instances.len() < wanted {
            let queue = VecDeque::new();
            self.lives += 1;
            self.instances.push(Instance { queue, in_hand: None, down_until: None, life: self.lives, handled: 0 });
        }
        self.share_partitions(topic, ctx);
    }

    fn share_partitions(&mut self, topic: &Topic, ctx: &mut Context<'_>) {
        let up: Vec<u8> = (0_u8..).zip(&self.instances).filter(|(_, one)| one.is_up()).map(|(n, _)| n).collect();
        self.group.assign(&up, topic, ctx);
        for instance in &mut self.instances {
            instance.queue.retain(|delivery| self.group.is_current(delivery));
        }
    }

    /// Sends what every partition has and the group may get.
    pub fn fetch(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        for partition in 0..sources.topic.partition_count() {
            self.group.send(partition, sources.topic, sources.store, ctx);
        }
    }

    /// A delivery has reached its instance.
    pub fn arrived(&mut self, delivery: Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
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

    fn take_next(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>) {
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
        let service = projection_options(ctx.options, self.model).service;
        let span = ctx.fates.span(fate_key(Purpose::Service, &delivery, sources.store), &service);
        ctx.at(ctx.now + span, Task::Handled { model: self.model, instance: number, life: instance.life });
    }

    /// Handling is done: the first action is due, which is the write, or the save where that comes first.
    pub fn handled(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(delivery) = self.in_hand(number, life) else {
            return;
        };
        let settings = projection_options(ctx.options, self.model);
        let crash = self.crash_point(&delivery, settings, sources.store, ctx);
        if crash == Some(CrashPoint::BeforeWrite) {
            return self.crash(number, delivery, CrashPoint::BeforeWrite, sources, ctx);
        }
        match settings.checkpoint {
            Checkpoint::BeforeEffect => self.save(&delivery, ctx),
            Checkpoint::AfterEffect => self.projection.handle(&delivery, sources.store, ctx),
            Checkpoint::WithEffect if !self.group.is_current(&delivery) => {
                // The position is part of the transaction, and another instance has taken it over: nothing is written.
                ctx.record(What::Fenced(delivered(&delivery)));
                return self.finish(number, delivery, None, sources, ctx);
            }
            Checkpoint::WithEffect => {
                // One transaction: no crash can come in between, so one that is meant to has no place here.
                self.projection.handle(&delivery, sources.store, ctx);
                self.save(&delivery, ctx);
                return self.finish(number, delivery, crash, sources, ctx);
            }
        }
        let span = ctx.fates.span(fate_key(Purpose::Commit, &delivery, sources.store), &settings.commit);
        let checkpoint = settings.checkpoint;
        ctx.at(ctx.now + span, Task::Settled { model: self.model, instance: number, life, checkpoint });
    }

    /// The second action is due, whichever the first one has left. What is begun under one checkpoint ends under it.
    pub fn settled(
        &mut self,
        (number, life): (u8, u32),
        checkpoint: Checkpoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let Some(delivery) = self.in_hand(number, life) else {
            return;
        };
        let settings = projection_options(ctx.options, self.model);
        let crash = self.crash_point(&delivery, settings, sources.store, ctx);
        if crash == Some(CrashPoint::Between) {
            return self.crash(number, delivery, CrashPoint::Between, sources, ctx);
        }
        match checkpoint {
            Checkpoint::BeforeEffect => self.projection.handle(&delivery, sources.store, ctx),
            Checkpoint::AfterEffect | Checkpoint::WithEffect => self.save(&delivery, ctx),
        }
        self.finish(number, delivery, crash, sources, ctx);
    }

    fn finish(
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
        if let Some(instance) = self.instances.get_mut(usize::from(number)) {
            instance.in_hand = None;
            instance.handled += 1;
        }
        self.group.send(delivery.partition, sources.topic, sources.store, ctx);
        self.take_next(number, sources, ctx);
    }

    /// Saves the position, unless the partition has been given to another instance since.
    fn save(&mut self, delivery: &Delivery, ctx: &mut Context<'_>) {
        if self.group.is_current(delivery) {
            self.group.save(delivery, ctx);
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
        let settings = projection_options(ctx.options, self.model);
        let down = ctx.fates.span(fate_key(Purpose::Restart, &delivery, sources.store), &settings.crash.restart_after);
        ctx.record(What::Crashed { delivered: delivered(&delivery), point });
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        instance.queue.clear();
        instance.in_hand = None;
        self.lives += 1;
        instance.life = self.lives;
        instance.down_until = Some(ctx.now + down);
        let life = instance.life;
        self.group.reader_lost(number);
        ctx.at(ctx.now + down, Task::Restart { model: self.model, instance: number, life });
        if self.instances.len() > 1 && settings.rebalance_after < down {
            let rebalance = Task::Rebalance { model: self.model, instance: number, life };
            ctx.at(ctx.now + settings.rebalance_after, rebalance);
        }
    }

    /// A crashed instance is up again and joins the group.
    pub fn restarted(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let instance = self.instances.get_mut(usize::from(number)).filter(|instance| instance.life == life);
        let Some(instance) = instance else {
            return;
        };
        instance.down_until = None;
        ctx.record(What::Restarted { model: self.model, instance: number });
        self.share_partitions(sources.topic, ctx);
        self.fetch(sources, ctx);
    }

    /// The group has missed an instance long enough.
    pub fn rebalance(&mut self, number: u8, life: u32, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let still_down =
            self.instances.get(usize::from(number)).is_some_and(|instance| !instance.is_up() && instance.life == life);
        if still_down {
            self.share_partitions(sources.topic, ctx);
            self.fetch(sources, ctx);
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

    /// Is this event in some instance's hand or queue?
    pub fn waiting_at(&self, event: EventId) -> Option<(u8, &Instance)> {
        (0_u8..).zip(&self.instances).find(|(_, instance)| {
            instance.in_hand.iter().chain(&instance.queue).any(|delivery| delivery.event == event)
        })
    }
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
        hop: delivery.model.into(),
        subject: store.event(delivery.event).subject(),
        attempt: delivery.attempt,
    }
}
