//! Where is an event now, seen from a reader that has not got it?

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::EventId;
use crate::system::broker::standing::Standing;
use crate::system::consumer::instances::waiting_at;
use crate::system::hands::{Hand, NodeAct};
use crate::system::node::Node;
use crate::system::place::{Reader, Service};
use crate::system::task::{Lost, Task};
use crate::system::trace::{SkipReason, Trace, What};
use crate::view::words;

use super::log;
use crate::view::words::clock;

/// Where the event is, in words. `trace` is everything up to the lab's moment.
pub fn whereabouts(lab: &Lab, trace: Trace<'_>, event: EventId, reader: Reader) -> String {
    let name = words::named(lab, event);
    let place = in_flight(lab, event, reader)
        .or_else(|| at_the_projector(lab, trace, event, reader))
        .or_else(|| in_the_log(lab, trace, event, reader))
        .or_else(|| before_the_log(lab, trace, event))
        .unwrap_or_else(|| "is nowhere: it was lost".to_owned());
    format!("{name} {place}")
}

fn due(at: Micros) -> String {
    format!("due at {}", clock(at))
}

fn in_flight(lab: &Lab, event: EventId, reader: Reader) -> Option<String> {
    let mut flights = lab.world().agenda().in_order().into_iter();
    flights.find_map(|(at, task)| match task {
        // What is on its way to a reader that has lost the partition will find nobody.
        Task::DeliveryArrives(delivery)
            if delivery.event == event
                && delivery.reader == reader
                && lab.world().reader(reader).group().is_current(delivery) =>
        {
            Some(format!("is on its way from {}, {}", delivery.partition, due(at)))
        }
        Task::PublicationArrives(publication) if publication.event == event => {
            Some(format!("is on its way to the log, {}", due(at)))
        }
        Task::Vanishes(Lost::Publication(publication)) if publication.event == event => {
            Some("is on its way to the log, and will be lost".to_owned())
        }
        _ => None,
    })
}

fn at_the_projector(lab: &Lab, trace: Trace<'_>, event: EventId, reader: Reader) -> Option<String> {
    let consumer = lab.world().reader(reader);
    if let Some((number, instance)) = waiting_at(consumer.instances(), event) {
        let at = words::instance(reader, number);
        let in_hand = instance.in_hand.iter().any(|delivery| delivery.event == event);
        return Some(if in_hand { format!("is being handled by {at}") } else { format!("waits in the queue of {at}") });
    }
    if consumer.dead_letters().parked().any(|delivery| delivery.event == event) {
        return Some("is parked: it could not be handled, and waits for a replay".to_owned());
    }
    let committed = lab.world().store().event(event);
    let (of, version) = (committed.recorded.of, committed.recorded.version);
    if consumer.sequences().holds(of, version) {
        let awaited = consumer.sequences().watermark(of) + 1;
        return Some(format!("is held back: version {awaited} of {of} has to come first"));
    }
    trace.iter().rev().find_map(|entry| match entry.what {
        What::Skipped { delivered, reason } if delivered.event == event && delivered.reader == reader => {
            let reason =
                if reason == SkipReason::AlreadyProcessed { "as already processed" } else { log::why_skipped(reason) };
            Some(format!("was left out at {}: {reason}", clock(entry.at)))
        }
        _ => None,
    })
}

fn in_the_log(lab: &Lab, trace: Trace<'_>, event: EventId, reader: Reader) -> Option<String> {
    let (partition, offset) = trace.iter().rev().find_map(|entry| match entry.what {
        What::Appended { event: appended, partition, offset } if appended == event => Some((partition, offset)),
        _ => None,
    })?;
    let world = lab.world();
    let group = world.reader(reader).group();
    let place = format!("{partition}, offset {offset}");
    let of_queue = group.queue().is_some();
    Some(match group.standing(partition, offset, world.log(), world.options()) {
        Standing::Done if of_queue => {
            let crash = crash_after(trace, event, reader);
            format!("was acknowledged to the queue, which has forgotten it{}", crash.unwrap_or_default())
        }
        Standing::Done if offset < world.log().first(partition) => {
            format!("lay in {place}, and was deleted before {reader} came to it")
        }
        Standing::Done => {
            let crash = crash_after(trace, event, reader);
            format!(
                "lies in {place}, which was saved as handled{}: nobody will read it again",
                crash.unwrap_or_default()
            )
        }
        Standing::Deleted => format!("lay in {place}, and was deleted before {reader} came to it"),
        Standing::ReaderDown => format!("waits in {place}: its reader is down"),
        Standing::Stalled => format!("waits in {place}: a delivery was lost and is fetched again"),
        Standing::Halted => format!("waits in {place}: its reader has stopped at an event that it can not handle"),
        Standing::Waiting if of_queue => "waits in the queue".to_owned(),
        Standing::Waiting => format!("waits in {place}: the reader has as much as it may have"),
        Standing::Missed if of_queue => {
            "was handed out and is invisible to others until the queue has waited long enough".to_owned()
        }
        Standing::Missed => format!("was delivered from {place} and lost with a crash"),
    })
}

/// The crash that took an event with it of which the broker believes that it was handled: whoever had it last, or was about to
/// get it, crashed before anything was written.
fn crash_after(trace: Trace<'_>, event: EventId, reader: Reader) -> Option<String> {
    let (index, had) = trace.iter().enumerate().rev().find_map(|(index, entry)| match entry.what {
        What::Sent(sent) | What::DeliveryDoubled(sent) if sent.event == event && sent.reader == reader => {
            Some((index, sent))
        }
        _ => None,
    })?;
    let node = Node::Reader(reader, Some(had.instance));
    let crash = trace.part(index..).iter().find(|entry| match entry.what {
        What::Crashed { delivered, .. } => (delivered.reader, delivered.instance) == (reader, had.instance),
        What::ByHand(Hand::Node { which, act: NodeAct::Crash { .. } }) => which.means(node),
        _ => false,
    })?;
    let by = words::instance(reader, had.instance);
    Some(format!(", and {by} crashed at {} before it was written", clock(crash.at)))
}

/// What a service can not do that keeps no list of what it still has to publish.
fn never_published(trace: Trace<'_>, event: EventId) -> Option<String> {
    let happened = |what: fn(&What, EventId) -> bool| trace.iter().any(|entry| what(&entry.what, event));
    if happened(|what, event| matches!(what, What::PublicationRefused { event: refused } if *refused == event)) {
        return Some("found the broker out, and nobody will send it again".to_owned());
    }
    let published = happened(|what, event| matches!(what, What::Published { event: sent, .. } if *sent == event));
    (!published).then(|| "was committed and never published: nothing that was saved says that it should be".to_owned())
}

fn before_the_log(lab: &Lab, trace: Trace<'_>, event: EventId) -> Option<String> {
    let outbox = lab.world().outbox(Service::of(lab.world().store().event(event).recorded.of));
    if outbox.waiting().contains(&event) {
        return Some("waits in the outbox".to_owned());
    }
    let lost = trace
        .iter()
        .rev()
        .any(|entry| matches!(entry.what, What::PublicationLost { event: lost, .. } if lost == event));
    match (lost, outbox.unacknowledged().contains(&event)) {
        (true, true) => Some("was lost on the way to the log; the relay will publish it again".to_owned()),
        (true, false) => Some("was lost on the way to the log, and nobody will send it again".to_owned()),
        (false, true) => None,
        (false, false) => never_published(trace, event),
    }
}
