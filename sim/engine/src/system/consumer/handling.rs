//! How an instance handles deliveries: it takes a batch, writes the effects, saves the positions, and takes the next.
//!
//! Whether a delivery fails is decided for each by itself. One that fails ends the batch before it: what came before is
//! written and saved as a batch of its own, and what comes after waits at the front of the queue. So the failing one comes to
//! stand first, and alone, and only there it counts as tried: it is then tried again, parked, skipped or stopped at.

use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::event_store::EventStore;
use crate::system::fate::{CrashPoint, Purpose};
use crate::system::options::Checkpoint;
use crate::system::task::Task;
use crate::system::trace::What;

use super::batch;
use super::instances::{Consumer, Sources};
use super::target::Target;

impl<T: Target> Consumer<T> {
    pub(super) fn take_next(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(instance) = self.instances.get_mut(usize::from(number)) else {
            return;
        };
        let settings = ctx.options.consumer(self.reader);
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

    /// Handling is done: tries what is in hand and does the first action.
    pub(super) fn handle(&mut self, (number, life): (u8, u32), sources: Sources<'_>, ctx: &mut Context<'_>) {
        let Some(batch) = self.take_in_hand(number, life) else {
            return;
        };
        let settings = ctx.options.consumer(self.reader);
        let crash = batch::crash(&batch, settings, sources.store, ctx);
        if let Some((culprit, CrashPoint::BeforeWrite)) = crash {
            return self.crash(number, culprit, CrashPoint::BeforeWrite, sources, ctx);
        }
        let Some(batch) = self.tried((number, life), batch, sources, ctx) else {
            return;
        };
        match settings.checkpoint {
            Checkpoint::BeforeEffect => self.save(&batch, sources.store, ctx),
            Checkpoint::AfterEffect => self.write(&batch, sources.store, ctx),
            Checkpoint::WithEffect => return self.write_and_save(number, batch, sources, ctx),
        }
        let span = ctx.fates.span(batch::key(Purpose::Commit, &batch[0], sources.store), &settings.commit);
        let checkpoint = settings.checkpoint;
        self.keep_in_hand(number, batch);
        ctx.at(ctx.now + span, Task::Settled { reader: self.reader, instance: number, life, checkpoint });
    }

    /// Does the second action, whichever the first one has left.
    pub(super) fn settle(
        &mut self,
        (number, life): (u8, u32),
        checkpoint: Checkpoint,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let Some(batch) = self.take_in_hand(number, life) else {
            return;
        };
        let settings = ctx.options.consumer(self.reader);
        // Where a crash before the write was meant, but the options have changed since: that moment has passed.
        let crash = batch::crash_from(CrashPoint::Between, &batch, settings, sources.store, ctx);
        if let Some((culprit, CrashPoint::Between)) = crash {
            return self.crash(number, culprit, CrashPoint::Between, sources, ctx);
        }
        match checkpoint {
            Checkpoint::BeforeEffect => self.write(&batch, sources.store, ctx),
            Checkpoint::AfterEffect | Checkpoint::WithEffect => self.save(&batch, sources.store, ctx),
        }
        self.finish(number, batch, crash, sources, ctx);
    }

    /// What of a batch can be written: the deliveries before the first that fails. `None` when that is the first of all, and
    /// what follows is taken care of.
    fn tried(
        &mut self,
        (number, life): (u8, u32),
        mut batch: Vec<Delivery>,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) -> Option<Vec<Delivery>> {
        let good = batch.iter().position(|delivery| self.would_fail(number, delivery, sources, ctx));
        let Some(good) = good else {
            self.handled_at_last(&batch, sources);
            return Some(batch);
        };
        let culprit = batch[good];
        // The one that fails stays in hand only where nothing has to be written before it.
        self.put_back(number, &culprit, batch.drain(good.max(1)..), ctx);
        if good > 0 {
            self.handled_at_last(&batch, sources);
            return Some(batch);
        }
        self.keep_in_hand(number, batch);
        self.failed((number, life), &culprit, sources, ctx);
        None
    }

    /// Puts deliveries back to the front of an instance's queue, except those that it is not entitled to any more.
    fn put_back(
        &mut self,
        number: u8,
        culprit: &Delivery,
        rest: impl DoubleEndedIterator<Item = Delivery> + ExactSizeIterator,
        ctx: &mut Context<'_>,
    ) {
        if rest.len() == 0 {
            return;
        }
        let back = u32::try_from(rest.len()).unwrap_or(u32::MAX);
        ctx.record(What::BatchBrokenOff { delivered: culprit.delivered(), back });
        if let Some(instance) = self.instance_mut(number) {
            for delivery in rest.rev() {
                instance.queue.push_front(delivery);
            }
        }
        self.drop_what_is_not_current();
    }

    pub(super) fn finish(
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
        if let Some(instance) = self.instance_mut(number) {
            instance.handled = instance.handled.saturating_add(u32::try_from(batch.len()).unwrap_or(u32::MAX));
            instance.failures = 0;
            // The empty hand is kept, so that the next batch needs no new memory.
            batch.clear();
            instance.in_hand = batch;
        }
        self.take_next(number, sources, ctx);
    }

    /// Saves the positions, except those of partitions that have been given to another instance since.
    pub(super) fn save(&mut self, batch: &[Delivery], store: &EventStore, ctx: &mut Context<'_>) {
        for delivery in batch {
            if self.group.is_current(delivery) {
                self.group.save(delivery, store, ctx);
            }
        }
    }

    /// Writes the effects, in the order in which the deliveries came.
    fn write(&mut self, batch: &[Delivery], store: &EventStore, ctx: &mut Context<'_>) {
        for delivery in batch {
            self.follower.handle(delivery, store, ctx);
        }
    }

    /// Writes the effects and saves the positions in one transaction. Positions are part of it, so what belongs to a
    /// partition that another instance has taken over is not written.
    fn write_and_save(&mut self, number: u8, batch: Vec<Delivery>, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let settings = ctx.options.consumer(self.reader);
        let crash = batch::crash(&batch, settings, sources.store, ctx);
        for delivery in &batch {
            if self.group.is_current(delivery) {
                self.follower.handle(delivery, sources.store, ctx);
                self.group.save(delivery, sources.store, ctx);
            } else {
                ctx.record(What::Fenced(delivery.delivered()));
            }
        }
        // No crash can come in between, so one that is meant to has no place here.
        let crash = crash.filter(|(culprit, _)| self.group.is_current(culprit));
        self.finish(number, batch, crash, sources, ctx);
    }

    /// Takes the batch out of an instance's hand, if it is still the same life.
    fn take_in_hand(&mut self, number: u8, life: u32) -> Option<Vec<Delivery>> {
        let instance = self.instances.get_mut(usize::from(number)).filter(|instance| instance.life == life)?;
        Some(core::mem::take(&mut instance.in_hand)).filter(|batch| !batch.is_empty())
    }

    fn keep_in_hand(&mut self, number: u8, batch: Vec<Delivery>) {
        if let Some(instance) = self.instance_mut(number) {
            instance.in_hand = batch;
        }
    }
}
