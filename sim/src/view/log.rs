//! The run in words: one line for each thing that happened.

use crate::view::words::{command_name, delivery, instance, named, nth, sender};
use core::ops::Range;

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::committing::Committing;
use crate::system::delivery::Delivered;
use crate::system::fate::{CrashPoint, Hop};
use crate::system::following::is_synchronous;
use crate::system::options::BrokerKind;
use crate::system::place::{Model, Reader, Service};
use crate::system::queries::reading::Reading;
use crate::system::queries::sight::Sight;
use crate::system::trace::{Entry, ParkReason, Promise, SkipReason, Trace, What};

use super::{
    log_commands, log_commit, log_detection, log_edges, log_hands, log_queries, log_services, log_unheard,
    log_versions, trail,
};
pub(crate) use crate::view::words::clock;

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When.
    pub at: Micros,
    /// The number of events processed up to and with it: seek here to see it.
    pub step: u64,
    /// What happened, such as `order view skipped e7, delivery 2: already processed`.
    pub text: String,
    /// What kind of thing it is.
    pub tone: Tone,
    /// The order, product or customer that it is about, if any.
    pub of: Option<Aggregate>,
    /// The event that it is about, if any.
    pub event: Option<EventId>,
    /// The command with which the story began that it is a part of, if its command or its event says so.
    pub correlation: Option<CommandId>,
}

/// What kind of thing a line tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    /// The command side.
    Command,
    /// The log and the links.
    Event,
    /// The query side.
    Read,
    /// A fault: loss, duplicate, overtaking, crash.
    Fault,
    /// A protection at work: skipped, held back.
    Guard,
    /// A broken promise.
    Broken,
}

/// The part of a trace that lies at or before a step.
pub fn up_to(trace: Trace<'_>, step: u64) -> Trace<'_> {
    trace.part(..trace.partition_point(|entry| u64::from(entry.step) <= step))
}

/// The part of a trace that lies after a step.
pub fn after(trace: Trace<'_>, step: u64) -> Trace<'_> {
    trace.part(up_to(trace, step).len()..)
}

/// The lines of a part of the trace. `lab` must know its events: it may be the lab at any later moment.
pub fn lines(lab: &Lab, trace: Trace<'_>, range: Range<usize>) -> Vec<LogLine> {
    let entries = trace.part(range.clone()).iter();
    range.zip(entries).map(|(index, entry)| line(lab, &entry, trace.part(..index))).collect()
}

/// The line of one entry, which came after those `before` it.
pub fn line(lab: &Lab, entry: &Entry, before: Trace<'_>) -> LogLine {
    let event = entry.what.event();
    let of = match entry.what {
        What::CommandSent { of, .. } | What::CommandRefused { of, .. } | What::Broken { of, .. } => Some(of),
        What::Between(exchange) => exchange.about(),
        What::Command(commanding) => commanding.about(),
        What::Committing(Committing::Crashed { of, .. }) => Some(of),
        What::Reading(reading) => reading.about(),
        What::Edge(edging) => edging.about(),
        _ => event.map(|event| lab.world().store().event(event).recorded.of),
    };
    let text = match entry.what {
        What::Broken { .. } => broken(entry, before),
        what => told(lab, what),
    };
    let correlation = match entry.what {
        What::CommandSent { command, of, .. } | What::CommandRefused { command, of, .. } => {
            Some(trail::of_command(lab, command, of).correlation)
        }
        _ => event.and_then(|event| trail::correlation_of(lab, event)),
    };
    LogLine { at: entry.at, step: u64::from(entry.step), text, tone: tone(&entry.what), of, event, correlation }
}

const fn tone(what: &What) -> Tone {
    match what {
        What::Broken { .. } | What::Reading(Reading::Sight(Sight::FoundShown { .. })) => Tone::Broken,
        _ if what.is_fault() => Tone::Fault,
        What::CommandSent { .. } | What::CommandRefused { .. } | What::Committed { .. } | What::Answered { .. } => {
            Tone::Command
        }
        What::Skipped { .. }
        | What::HeldForGap { .. }
        | What::Fenced(_)
        | What::Parked { .. }
        | What::Halted { .. } => Tone::Guard,
        What::Between(exchange) if exchange.is_guard() => Tone::Guard,
        What::Reading(reading) if reading.is_guard() => Tone::Guard,
        What::Command(commanding) if commanding.is_guard() => Tone::Guard,
        What::Edge(edging) if edging.is_guard() => Tone::Guard,
        What::Between(_) | What::Command(_) | What::Committing(_) => Tone::Command,
        What::Applied { .. }
        | What::Saved { .. }
        | What::SavedPosition { .. }
        | What::Restarted { .. }
        | What::Assigned { .. }
        | What::BatchTaken { .. }
        | What::BatchBrokenOff { .. }
        | What::Refreshed { .. }
        | What::Reading(_)
        | What::Edge(_)
        | What::Version(_)
        | What::Detection(_) => Tone::Read,
        _ => Tone::Event,
    }
}

fn told(lab: &Lab, what: What) -> String {
    match what {
        What::CommandSent { command, of, name } => {
            format!("{} sends {} {name} for {of}", sender(command), command_name(command))
        }
        What::CommandRefused { command, of, refusal } => {
            format!("{} refuses {} for {of}: {refusal}", Service::of(of), command_name(command))
        }
        What::Committed { event, command, of, .. } => log_commit::committed(lab, event, command, of),
        What::Answered { command } => format!("{} has the answer to {}", sender(command), command_name(command)),
        What::Published { event, attempt: 1 } => format!("{} publishes {event}", log_commit::publisher(lab, event)),
        What::Published { event, attempt } => {
            format!("{} publishes {event} again, try {attempt}", log_commit::publisher(lab, event))
        }
        What::PublicationLost { event, .. } => {
            format!("the publication of {event} will be lost on the way")
        }
        What::PublicationDoubled { event } => {
            format!("the link doubles the publication of {event}")
        }
        What::PublicationHeld { event } => {
            format!("the link holds {event} back: later events may overtake it")
        }
        What::Appended { event, .. } if lab.world().options().broker.kind == BrokerKind::Queue => {
            format!("the queues of all readers take {event}")
        }
        What::Appended { event, partition, offset } => {
            format!("log appends {event} to {partition} at offset {offset}")
        }
        What::Acknowledged { event } => format!("{} knows that the log has {event}", log_commit::publisher(lab, event)),
        What::AcknowledgementLost { event } => {
            format!("the acknowledgement of {event} will be lost on the way")
        }
        What::Quiet => "everything is quiet".to_owned(),
        What::OptionsChanged => "you changed the options".to_owned(),
        What::FateReplaced => "you replaced a fate".to_owned(),
        What::Broken { .. } => String::new(),
        What::Version(turn) => log_versions::told(turn),
        What::Detection(detection) => log_detection::told(detection),
        delivered => told_of_delivery(lab, delivered),
    }
}

fn told_of_delivery(lab: &Lab, what: What) -> String {
    let at = |delivered: Delivered| match delivered.attempt {
        0 if is_synchronous(lab.world().options(), delivered.reader) => {
            format!("the transaction that keeps the {}", delivered.reader)
        }
        0 => format!("the rebuild of the {}", delivered.reader),
        _ => instance(delivered.reader, delivered.instance),
    };
    let of_queue = lab.world().options().broker.kind == BrokerKind::Queue;
    match what {
        What::Sent(one) if of_queue => format!("queue hands {} to {}", delivery(one), at(one)),
        What::DeliveryLost(one) if of_queue => {
            format!("{} to {} will be lost; it is handed out again later", delivery(one), at(one))
        }
        What::Sent(one) => format!("log sends {} to {}", delivery(one), at(one)),
        What::DeliveryLost(one) => format!("{} to {} will be lost; it is fetched again", delivery(one), at(one)),
        What::DeliveryDoubled(one) => format!("{} will reach {} too: the link delivers twice", delivery(one), at(one)),
        What::DeliveryHeld(one) => {
            format!("{} to {} is held back: later events may overtake it", delivery(one), at(one))
        }
        What::Arrived(one) => format!("{} arrives at {}", delivery(one), at(one)),
        What::Discarded(one) => format!("{} finds nobody: {} no longer reads that partition", delivery(one), at(one)),
        What::Fenced(one) => {
            format!("{} of {} is not written: another instance has taken over", delivery(one), at(one))
        }
        What::Applied { delivered, changed } => {
            let note = if changed { "" } else { "; nothing changes" };
            let suffix =
                if delivered.attempt > 1 { format!(", delivery {}", delivered.attempt) } else { String::new() };
            format!("{} applies {}{suffix}{note}", at(delivered), named(lab, delivered.event))
        }
        What::Skipped { delivered, reason } => {
            format!("{} skips {}: {}", at(delivered), delivery(delivered), why_skipped(reason))
        }
        What::HeldForGap { delivered, awaited } => {
            format!("{} holds {} back until version {awaited} has come", at(delivered), delivery(delivered))
        }
        What::Saved { reader, partition, offset } => {
            format!("{reader} saves its position: {partition}, offset {offset}")
        }
        What::SavedPosition { reader, event } => format!("{reader} saves its position: everything up to {event}"),
        What::Crashed { delivered, point } => {
            format!("{} crashes {} of {}", at(delivered), crash_point(point), delivery(delivered))
        }
        What::Restarted { reader, instance: number } => format!("{} is up again", instance(reader, number)),
        What::Assigned { reader, partition, instance: number, offset } => {
            format!("{} reads {partition} from offset {offset}", instance(reader, number))
        }
        What::Between(exchange) => log_services::told(lab, exchange),
        What::Command(commanding) => log_commands::told(commanding),
        What::Committing(committing) => log_commit::told(lab, committing),
        What::Reading(reading) => log_queries::told(reading),
        What::Edge(edging) => log_edges::told(edging),
        What::BatchTaken { reader, instance: number, count } => {
            format!("{} takes {count} events in one batch", instance(reader, number))
        }
        What::Refreshed { model } => format!("what readers of the {model} see is refreshed"),
        What::BatchBrokenOff { delivered, back } => {
            format!("{} breaks its batch off at {}: {back} wait for the next", at(delivered), delivery(delivered))
        }
        other => told_of_the_broker(other),
    }
}

/// A link, in words.
fn link_name(hop: Hop) -> String {
    match hop {
        Hop::Publish => "the link to the broker".to_owned(),
        Hop::Acknowledge => "the link from the broker back to the relay".to_owned(),
        other => match Reader::ALL.into_iter().find(|reader| Hop::from(*reader) == other) {
            Some(reader) => format!("the link between the broker and the {reader}"),
            None => "the link".to_owned(),
        },
    }
}

/// What only some brokers do.
fn told_of_the_broker(what: What) -> String {
    let at = |delivered: Delivered| instance(delivered.reader, delivered.instance);
    match what {
        What::QueueAcknowledged(one) => format!("the queue forgets {}: {} has handled it", delivery(one), at(one)),
        What::QueueAcknowledgementLost(one) => {
            format!("the acknowledgement of {} by {} is lost on the way", delivery(one), at(one))
        }
        What::QueueAcknowledgementLate(one) => {
            format!("the acknowledgement of {} by {} comes too late", delivery(one), at(one))
        }
        What::VisibleAgain(one) => {
            format!("{} of {} was not acknowledged in time: it is visible again", delivery(one), at(one))
        }
        What::LinkStopped { event, hop, until } => {
            format!("{} has stopped: {event} waits until {}", link_name(hop), clock(until))
        }
        What::LinkCut { event, hop } => format!("{} is cut: {event} will not arrive", link_name(hop)),
        What::BrokerOut => "the broker is out: it takes nothing and hands out nothing".to_owned(),
        What::BrokerBack => "the broker is back".to_owned(),
        What::PublicationRefused { event } => format!("{event} finds the broker out"),
        What::ByHand(hand) => log_hands::told(hand),
        What::HandMissed(hand) => format!("{}, but it is not there", log_hands::told(hand)),
        What::Unheard(unheard) => log_unheard::told(unheard),
        What::CommandLost { command } => format!("{} is lost with the crash", command_name(command)),
        What::NodeBack(node) => format!("{} goes on", log_hands::node_name(node)),
        What::HandlingFailed { delivered, failures } => {
            format!("{} fails to handle {}, time {failures}", at(delivered), delivery(delivered))
        }
        What::Halted { delivered, partition } => {
            format!("{} gives up on {}: {partition} is read no further", at(delivered), delivery(delivered))
        }
        What::Parked { delivered, reason } => {
            format!("{} parks {}: {}", at(delivered), delivery(delivered), why_parked(reason))
        }
        What::ReplayAsked { reader, parked: 0 } => format!("you let the {reader} try again"),
        What::ReplayAsked { reader, parked } => format!("you replay what the {reader} has parked: {parked}"),
        What::Resumed { reader } => format!("the {reader} goes on where it had stopped"),
        What::RetentionSkipped { reader, partition, from, to } => {
            format!("{reader} finds offsets {from} to {} of {partition} deleted and goes on with {to}", to - 1)
        }
        _ => String::new(),
    }
}

/// Why an event was left out, in words.
pub const fn why_skipped(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::AlreadyProcessed => "already processed",
        SkipReason::SameAsLast => "it is the last event on the row",
        SkipReason::NotNewer => "the row has a newer version",
        SkipReason::AlreadyInHistory => "it is in the history already",
        SkipReason::GivenUp => "every try has failed",
        SkipReason::CodeIgnores => "the code does nothing with events of this kind",
        SkipReason::NewSchema => "it has a schema that the code was not written for",
    }
}

/// Why an event was put aside, in words.
const fn why_parked(reason: ParkReason) -> &'static str {
    match reason {
        ParkReason::GivenUp => "every try has failed",
        ParkReason::EarlierParked => "an earlier event of its aggregate is parked",
        ParkReason::HandedOutTooOften => "the queue has handed it out as often as it may",
    }
}

/// Where an instance crashed, in words.
pub const fn crash_point(point: CrashPoint) -> &'static str {
    match point {
        CrashPoint::BeforeWrite => "before the write",
        CrashPoint::Between => "between the write and the commit",
        CrashPoint::AfterCommit => "after the commit",
    }
}

/// A broken promise, told with the delivery that broke it: its entry stands before, in the same step.
fn broken(entry: &Entry, before: Trace<'_>) -> String {
    let What::Broken { promise, reader, of, event } = entry.what else { return String::new() };
    let same_step = before.iter().rev().take_while(|earlier| earlier.step == entry.step);
    let applied =
        same_step.filter_map(|entry| entry.what.delivered()).find(|one| one.event == event && one.reader == reader);
    let attempt = nth(applied.map_or(2, |one| one.attempt));
    match (promise, reader) {
        (
            Promise::ExactlyOnceEffect,
            Reader::Projection(Model::SalesDashboard) | Reader::Second(Model::SalesDashboard),
        ) => {
            format!("{of} counted twice: {attempt} delivery of {event} was applied")
        }
        (Promise::ExactlyOnceEffect, _) => format!("{of} changed twice: {attempt} delivery of {event} was applied"),
        (Promise::LifecycleForward, _) => format!("{of} goes back in the order view: {event} came after a later event"),
        (Promise::EqualsTruth, Reader::Projection(Model::SalesDashboard) | Reader::Second(Model::SalesDashboard)) => {
            "the dashboard differs from the truth for ever".to_owned()
        }
        (Promise::EqualsTruth, _) => format!("{of} in the {reader} differs from the truth for ever"),
        (Promise::NoEventLost | Promise::NothingInvented, _) => log_commit::broken(promise, reader, of, event),
        (Promise::CompleteWhenSwitched | Promise::RebuiltEqualsFold | Promise::HistoryKept, _) => {
            log_versions::broken(promise, reader, of)
        }
        (Promise::NoFalseAlarm, _) => format!("false alarm: {of} in the {reader} had not drifted"),
        (Promise::ReadYourWrites | Promise::MonotonicReads | Promise::StalenessWithinBound, _) => {
            log_queries::broken(promise, reader, of)
        }
        (promise, _) => log_services::broken(promise, of, event),
    }
}
