//! Synchronous projections (MISSION D6): a read model that is written in the transaction of the command. Who reads after the
//! answer reads the command's own effect; the command takes longer by what the write takes.

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;

use super::consumer::instances::Consumer;
use super::consumer::target::Target;
use super::context::Context;
use super::event_store::EventStore;
use super::fate::{FateKey, Purpose};
use super::following::{is_synchronous, topics};
use super::place::{Model, Reader, TopicName};
use super::task::Request;

/// How much longer a command takes: the service of every projection that its transaction includes. A command that is
/// refused takes as long, because it is refused by the same attempt.
pub fn span(request: &Request, ctx: &Context<'_>) -> Micros {
    let mut span = Micros::ZERO;
    for reader in Model::ALL.map(Reader::Projection) {
        if is_synchronous(ctx.options, reader) && topics(ctx.options, reader).contains(&TopicName::of(request.of)) {
            let key = FateKey { purpose: Purpose::Service, hop: reader.into(), subject: request.subject, attempt: 1 };
            span += ctx.fates.span(key, &ctx.options.consumer(reader).service);
        }
    }
    span
}

/// Writes what was committed after the first `before` events into every synchronous read model; `projectors` come in the
/// order of the models.
pub fn write<T: Target>(projectors: &mut [Consumer<T>], before: usize, store: &EventStore, ctx: &mut Context<'_>) {
    for number in before + 1..=store.len() {
        let event = EventId(u32::try_from(number).unwrap_or(u32::MAX));
        if !store.is_committed(event) {
            continue;
        }
        let topic = TopicName::of(store.event(event).recorded.of);
        for (model, projector) in Model::ALL.into_iter().zip(projectors.iter_mut()) {
            let reader = Reader::Projection(model);
            if is_synchronous(ctx.options, reader) && topics(ctx.options, reader).contains(&topic) {
                projector.apply_at_once(event, store, ctx);
            }
        }
    }
}
