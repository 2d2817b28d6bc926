//! What a hand can ask of a reader.

use crate::kernel::time::Micros;
use crate::system::context::Context;
use crate::system::delivery::Delivery;
use crate::system::fate::FateKey;

use super::instances::{Consumer, Port as _, Sources};
use super::target::Target;

/// What the world asks of a consumer on behalf of a person.
pub trait ByHand {
    /// Lets it go on with what it has parked, and where it has halted.
    fn try_again(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// Lets an instance crash.
    fn go_down(&mut self, number: u8, lasts: Micros, ctx: &mut Context<'_>);
    /// A crashed instance is back before its time.
    fn come_back(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// Fetches a single delivery again that was dropped.
    fn fetch_again(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>);
    /// A second copy of a delivery, with a number of its own.
    fn copy_of(&mut self, delivery: &Delivery) -> Delivery;
    /// How long a message with this fate travels from the broker.
    fn delay(&self, key: FateKey, ctx: &Context<'_>) -> Micros;
    /// How long a lost delivery is missed.
    fn refetch_after(&self, ctx: &Context<'_>) -> Micros;
}

impl<T: Target> ByHand for Consumer<T> {
    fn try_again(&mut self, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.replay(sources, ctx);
    }

    fn go_down(&mut self, number: u8, lasts: Micros, ctx: &mut Context<'_>) {
        if self.instances().get(usize::from(number)).is_some_and(|instance| instance.is_up()) {
            self.down(number, lasts, ctx);
        }
    }

    fn come_back(&mut self, number: u8, sources: Sources<'_>, ctx: &mut Context<'_>) {
        if let Some(life) = self.instances().get(usize::from(number)).map(|instance| instance.life) {
            self.restarted(number, life, sources, ctx);
        }
    }

    fn fetch_again(&mut self, delivery: &Delivery, sources: Sources<'_>, ctx: &mut Context<'_>) {
        self.group.fetch_again(delivery, sources.store, ctx);
    }

    fn copy_of(&mut self, delivery: &Delivery) -> Delivery {
        self.group.copy_of(delivery)
    }

    fn delay(&self, key: FateKey, ctx: &Context<'_>) -> Micros {
        ctx.fates.span(key, &ctx.options.consumer(self.reader).delivery.delay)
    }

    fn refetch_after(&self, ctx: &Context<'_>) -> Micros {
        ctx.options.consumer(self.reader).refetch_after
    }
}
