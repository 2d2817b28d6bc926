//! What goes on between deciding a command and having its event in the log, in words.

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId};
use crate::system::committing::Committing;
use crate::system::fate::CrashPoint;
use crate::system::options::{Commit, DualWriteOrder};
use crate::system::place::{Reader, Service};
use crate::system::trace::Promise;

use crate::view::words::{command_name, named};

/// The words for an entry.
pub fn told(lab: &Lab, what: Committing) -> String {
    match what {
        Committing::Announced { event, command } => {
            format!(
                "order service decides {} for {} and publishes it before saving it",
                named(lab, event),
                command_name(command)
            )
        }
        Committing::Crashed { command, of, point } => {
            format!(
                "order service crashes with {} for {of} in hand: {}",
                command_name(command),
                crash_point(lab, point)
            )
        }
        Committing::CrashedUnmarked { event } => {
            format!("order service crashes when it has published {event} and not noted that yet")
        }
        Committing::Unacknowledged { event, command } => {
            format!("the answer to {} waits for the broker's acknowledgement of {event} in vain", command_name(command))
        }
    }
}

fn crash_point(lab: &Lab, point: CrashPoint) -> &'static str {
    let settings = &lab.world().options().order_service;
    match (point, settings.commit, settings.dual_write) {
        (CrashPoint::BeforeWrite, ..) => "nothing is saved, nothing is published",
        (CrashPoint::Between, Commit::DualWrite, DualWriteOrder::SaveFirst) => "its event is saved and not published",
        (CrashPoint::Between, Commit::DualWrite, DualWriteOrder::PublishFirst) => {
            "its event is published and not saved"
        }
        (CrashPoint::AfterCommit, Commit::DualWrite, _) => "its event is saved and published, and nobody is answered",
        (_, Commit::Outbox | Commit::EventSourced, _) => "its event is saved, and will be published",
    }
}

/// Who publishes an event: nobody stands between a dual write and the broker.
pub fn publisher(lab: &Lab, event: EventId) -> &'static str {
    let of_orders = lab.world().store().event(event).recorded.of.order().is_some();
    match lab.world().options().order_service.commit {
        Commit::DualWrite if of_orders => "order service",
        Commit::EventSourced if of_orders => "publisher",
        Commit::Outbox | Commit::DualWrite | Commit::EventSourced => "relay",
    }
}

/// A committed event, with where it is saved.
pub fn committed(lab: &Lab, event: EventId, command: CommandId, of: Aggregate) -> String {
    let (service, name) = (Service::of(of), command_name(command));
    let what = format!("{service} commits {} for {name}", named(lab, event));
    let settings = &lab.world().options().order_service;
    match settings.commit {
        Commit::EventSourced if service == Service::Orders => what,
        Commit::DualWrite if service == Service::Orders && settings.dual_write == DualWriteOrder::PublishFirst => {
            format!("{what}, which it has published already")
        }
        Commit::DualWrite if service == Service::Orders => format!("{what}, and nowhere that it has to be published"),
        _ => format!("{what} and puts it in the outbox"),
    }
}

/// A broken promise of publishing, in words.
pub fn broken(promise: Promise, reader: Reader, of: Aggregate, event: EventId) -> String {
    match (promise, reader) {
        (Promise::NoEventLost, _) => format!("{event} of {of} was committed and never came to the log"),
        (_, Reader::Saga) => format!("{event} of {of} is in the log and was never committed"),
        _ => format!("{of} in the {reader} shows what never happened: {event} was published and never committed"),
    }
}
