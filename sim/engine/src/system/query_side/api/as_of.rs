//! How new an answer is, as far as the query side can know: by its own positions and by the log.

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::consumer::instances::{Consumer, Sources};
use crate::system::context::Context;
use crate::system::following::is_synchronous;
use crate::system::place::Reader;
use crate::system::queries::message::AsOf;
use crate::system::query_side::read_model::ReadModel;

/// How new the model is now, which has everything up to the event `position`.
pub fn of(
    reader: Reader,
    projector: &Consumer<ReadModel>,
    position: EventId,
    sources: Sources<'_>,
    ctx: &Context<'_>,
) -> AsOf {
    let now = ctx.now;
    if is_synchronous(ctx.options, reader) {
        return AsOf { positions: Vec::new(), at: now, lag: Micros::ZERO, position };
    }
    let saved = |partition| projector.group.saved(partition, sources.log, ctx.options);
    let positions: Vec<_> = projector.group.partitions().map(|partition| (partition, saved(partition))).collect();
    // What is open in a partition was committed no earlier than the first event that is open there.
    let open = positions.iter().filter_map(|(partition, done)| {
        let kept = (*done).max(sources.log.first(*partition));
        sources.log.at(*partition, kept).map(|event| sources.store.event(event).at)
    });
    let at = open.min().unwrap_or(now);
    AsOf { positions, at, lag: now.since(at), position }
}
