//! Dead letters: events that a reader could not handle. It tries again in place, waiting longer each time; then the policy
//! decides. What is parked is kept in the reader's store until a replay has handled it.

use std::collections::BTreeMap;

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::Version;
use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::fate::{FateKey, Purpose};
use crate::system::options::{self, FailurePolicy, OnNewSchema};
use crate::system::task::Task;
use crate::system::trace::{ParkReason, SkipReason, What};

use super::follower::has_new_schema;
use super::instances::{Consumer, Instance, Sources};
use super::target::Target;

/// The longest wait before a further try.
const BACKOFF_MAX: Micros = Micros::from_secs(3_600);

/// What a reader has parked, by aggregate and in the order of its events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeadLetters {
    parked: BTreeMap<(Aggregate, Version), Delivery>,
}

impl DeadLetters {
    /// Every parked delivery, by aggregate and in the order of its events.
    pub fn parked(&self) -> impl Iterator<Item = &Delivery> {
        self.parked.values()
    }

    /// How many events are parked.
    pub fn count(&self) -> usize {
        self.parked.len()
    }

    /// Is an earlier event of this aggregate parked?
    fn blocks(&self, of: Aggregate, version: Version) -> bool {
        self.parked.range((of, 0)..(of, version)).next().is_some()
    }
}

impl<T: Target> Consumer<T> {
    /// Would handling this delivery fail now? One that has failed before is alone in the hand, so the failures are its own.
    pub(super) fn would_fail(&self, number: u8, delivery: &Delivery, sources: Sources<'_>, ctx: &Context<'_>) -> bool {
        let settings = &ctx.options.consumer(self.reader).dead_letters;
        let key = self.failure_key(delivery, self.failures(number), sources);
        self.is_blocked(delivery, sources, ctx) || self.refuses(delivery, sources, ctx) || fails_now(key, settings, ctx)
    }

    /// Is the event in a schema that the reader refuses?
    fn refuses(&self, delivery: &Delivery, sources: Sources<'_>, ctx: &Context<'_>) -> bool {
        ctx.options.consumer(self.reader).schema == OnNewSchema::Refuse
            && has_new_schema(sources.store.event(delivery.event), ctx.options)
    }

    /// Does an earlier event of its aggregate that is parked keep this one from being handled?
    fn is_blocked(&self, delivery: &Delivery, sources: Sources<'_>, ctx: &Context<'_>) -> bool {
        let settings = &ctx.options.consumer(self.reader).dead_letters;
        let recorded = &sources.store.event(delivery.event).recorded;
        settings.policy == FailurePolicy::ParkAggregate && self.dead_letters.blocks(recorded.of, recorded.version)
    }

    /// What has been tried with success is parked no more.
    pub(super) fn handled_at_last(&mut self, batch: &[Delivery], sources: Sources<'_>) {
        if self.dead_letters.count() == 0 {
            return;
        }
        for delivery in batch {
            let recorded = &sources.store.event(delivery.event).recorded;
            self.dead_letters.parked.remove(&(recorded.of, recorded.version));
        }
    }

    /// Handling the only delivery in an instance's hand has failed: it waits for a further try, or the policy decides.
    pub(super) fn failed(
        &mut self,
        (number, life): (u8, u32),
        delivery: &Delivery,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        if self.is_blocked(delivery, sources, ctx) {
            self.park(delivery, ParkReason::EarlierParked, sources, ctx);
            return self.leave(number, delivery, sources, ctx);
        }
        let settings = &ctx.options.consumer(self.reader).dead_letters;
        let failures = self.failures(number);
        let key = self.failure_key(delivery, failures, sources);
        let failures = failures.saturating_add(1);
        ctx.record(What::HandlingFailed { delivered: delivery.delivered(), failures });
        if failures <= settings.retries {
            if let Some(instance) = self.instance_mut(number) {
                instance.failures = failures;
            }
            let wait = backoff(key, settings, failures, ctx);
            ctx.at(ctx.now + wait, Task::Handled { reader: self.reader, instance: number, life });
        } else {
            self.give_up(number, delivery, sources, ctx);
        }
    }

    fn failures(&self, number: u8) -> u8 {
        self.instances.get(usize::from(number)).map_or(0, |instance| instance.failures)
    }

    fn failure_key(&self, delivery: &Delivery, failures: u8, sources: Sources<'_>) -> FateKey {
        FateKey {
            purpose: Purpose::Failure,
            hop: self.reader.into(),
            subject: sources.store.event(delivery.event).subject(),
            attempt: delivery.attempt.saturating_add(u16::from(failures)),
        }
    }

    fn give_up(&mut self, number: u8, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        match ctx.options.consumer(self.reader).dead_letters.policy {
            FailurePolicy::Halt => {
                ctx.record(What::Halted { delivered: delivery.delivered(), partition: delivery.partition });
                self.group.halt(delivery.partition);
                self.drop_what_is_not_current();
                self.free(number);
                self.take_next(number, sources, ctx);
            }
            FailurePolicy::Skip => {
                ctx.record(What::Skipped { delivered: delivery.delivered(), reason: SkipReason::GivenUp });
                self.leave(number, delivery, sources, ctx);
            }
            FailurePolicy::Park | FailurePolicy::ParkAggregate => {
                self.park(delivery, ParkReason::GivenUp, sources, ctx);
                self.leave(number, delivery, sources, ctx);
            }
        }
    }

    /// Puts a delivery aside. To park an event once more is no second parking.
    pub(super) fn park(
        &mut self,
        delivery: &Delivery,
        reason: ParkReason,
        sources: Sources<'_>,
        ctx: &mut Context<'_>,
    ) {
        let recorded = &sources.store.event(delivery.event).recorded;
        self.dead_letters.parked.insert((recorded.of, recorded.version), *delivery);
        ctx.record(What::Parked { delivered: delivery.delivered(), reason });
    }

    /// The position moves past a delivery that was put aside or left out, in one transaction with that.
    fn leave(&mut self, number: u8, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.save(&[*delivery], sources.store, ctx);
        self.finish(number, vec![*delivery], None, sources, ctx);
    }

    /// What waits at an instance that is not entitled to it any more is forgotten.
    pub(super) fn drop_what_is_not_current(&mut self) {
        for instance in &mut self.instances {
            instance.queue.retain(|delivery| self.group.is_current(delivery));
        }
    }

    /// An instance, if there is one with this number.
    pub(super) fn instance_mut(&mut self, number: u8) -> Option<&mut Instance> {
        self.instances.get_mut(usize::from(number))
    }

    /// An instance has nothing in hand any more.
    pub(super) fn free(&mut self, number: u8) {
        if let Some(instance) = self.instance_mut(number) {
            instance.in_hand.clear();
            instance.failures = 0;
        }
    }

    /// Lets everything that has stopped go on: parked events are delivered once more, and halted partitions are read again
    /// from the saved position.
    pub(super) fn replay(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        let parked: Vec<Delivery> = self.dead_letters.parked().copied().collect();
        let count = u32::try_from(parked.len()).unwrap_or(u32::MAX);
        ctx.record(What::ReplayAsked { reader: self.reader, parked: count });
        for delivery in parked {
            self.group.redeliver(&delivery, sources.store, ctx);
        }
        self.group.resume_halted(sources.log, ctx);
        self.fetch(sources, ctx);
    }
}

fn fails_now(key: FateKey, settings: &options::DeadLetters, ctx: &Context<'_>) -> bool {
    // Poison lies in the event and not in the circumstances: it does not heal when the faults end.
    let poison = FateKey { purpose: Purpose::Poison, attempt: 1, ..key };
    ctx.fates.happens(poison, settings.poison, true) || ctx.fates.happens(key, settings.failure, ctx.faults)
}

/// How long the next try waits.
fn backoff(key: FateKey, settings: &options::DeadLetters, failures: u8, ctx: &Context<'_>) -> Micros {
    let first = ctx.fates.span(FateKey { purpose: Purpose::Backoff, ..key }, &settings.backoff);
    let times = u64::from(settings.backoff_factor).saturating_pow(u32::from(failures) - 1);
    Micros(first.0.saturating_mul(times)).min(BACKOFF_MAX)
}
