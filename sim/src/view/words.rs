//! Words that several views use: names of things, counts, moments.

use crate::kernel::time::Micros;
use crate::oracle::lab::Lab;
use crate::shop::ids::{CommandId, EventId};
use crate::shop::money::grouped;
use crate::system::back_office;
use crate::system::command_side::saga::courier;
use crate::system::consumer::follower::has_new_schema;
use crate::system::delivery::Delivered;
use crate::system::place::{Model, Reader};

/// A moment as the clock shows it: seconds with two decimals.
pub fn clock(at: Micros) -> String {
    let hundredths = at.0 / 10_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

/// A count, whichever number tells it, and its noun: `1 message`, `1,204 messages`.
pub fn plural(count: impl TryInto<u64>, noun: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    match noun.strip_suffix('y') {
        _ if count == 1 => format!("1 {noun}"),
        Some(stem) => format!("{} {stem}ies", grouped(count)),
        None => format!("{} {noun}s", grouped(count)),
    }
}

/// How often: `once`, or `3 times`.
pub(super) fn times(n: u8) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

/// `second`, `third`, `21st` and so on.
pub fn nth(attempt: u16) -> String {
    let ending = match (attempt % 10, attempt % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    match attempt {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}{ending}"),
    }
}

/// An event with its name and its order: `e7 OrderCreated of O-3`.
pub fn named(lab: &Lab, event: EventId) -> String {
    let committed = lab.world().store().event(event);
    let recorded = &committed.recorded;
    let schema = if has_new_schema(committed, lab.world().options()) { " in schema 2" } else { "" };
    format!("{event} {}{schema} of {}", recorded.event.name(), recorded.of)
}

/// An instance of a reader: `order-view projector 2`.
pub fn instance(reader: Reader, number: u8) -> String {
    match reader {
        Reader::Projection(Model::OrderView) => format!("order-view projector {}", number + 1),
        Reader::Projection(Model::SalesDashboard) => format!("dashboard projector {}", number + 1),
        Reader::Replica(replica) => format!("{replica} feed {}", number + 1),
        Reader::Saga => format!("saga instance {}", number + 1),
        Reader::Projection(model) => format!("{model} projector {}", number + 1),
        Reader::Second(_) => format!("{reader} projector {}", number + 1),
    }
}

/// Who sent a command.
pub(super) fn sender(command: CommandId) -> &'static str {
    match command {
        _ if courier::sent(command) => "saga",
        _ if back_office::sent(command) => "back office",
        _ => "shopper",
    }
}

/// A command's short name; the back office's commands are numbered apart.
pub fn command_name(command: CommandId) -> String {
    if courier::sent(command) {
        format!("s{}", command.0 - CommandId::SAGA.0 + 1)
    } else if back_office::sent(command) {
        format!("b{}", command.0 - CommandId::BACK_OFFICE.0 + 1)
    } else {
        command.to_string()
    }
}

/// The delivery of an event: `e7`, or `e7, delivery 2`.
pub fn delivery(delivered: Delivered) -> String {
    if delivered.attempt <= 1 {
        delivered.event.to_string()
    } else {
        format!("{}, delivery {}", delivered.event, delivered.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, clock, nth, plural};

    #[test]
    fn words_are_the_usual_ones() {
        assert_eq!([plural(1_u32, "event"), plural(1_204_usize, "event")], ["1 event", "1,204 events"]);
        assert_eq!([plural(1_u32, "query"), plural(2_u32, "query")], ["1 query", "2 queries"]);
        assert_eq!([2, 11, 21, 102].map(nth), ["second", "11th", "21st", "102nd"]);
        assert_eq!([12_418, 30_000].map(|ms| clock(Micros::from_millis(ms))), ["12.41 s", "30.00 s"]);
    }
}
