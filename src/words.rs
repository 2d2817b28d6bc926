//! Small words that several rooms use.

use sim::kernel::time::Micros;
use sim::oracle::judgement::Freshness;
use sim::shop::money::grouped;
use sim::view::stage::{Flight, FlightKind};

/// `first`, `second`, `third`, then `4th` and so on.
pub fn ordinal(n: u16) -> String {
    match n {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        n => format!("{n}th"),
    }
}

/// A moment on the clock: seconds with two decimals and the unit, as in `12.41 s`.
pub fn clock(at: Micros) -> String {
    format!("{}.{:02} s", at.0 / 1_000_000, at.0 / 10_000 % 100)
}

/// A count and its noun: `1 message`, `1,204 messages`.
pub fn plural(count: u64, noun: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {noun}{end}", grouped(count))
}

/// A message as it is called everywhere: `e7`, `e7, second delivery`, `e7, second copy`.
pub fn flight_name(flight: &Flight) -> String {
    let (label, attempt) = (&flight.label, flight.attempt);
    match flight.kind {
        _ if flight.copy => format!("{label}, second copy"),
        FlightKind::Answer if flight.refused => format!("refusal of {label}"),
        FlightKind::Answer => format!("answer to {label}"),
        FlightKind::Acknowledgement => format!("ack of {label}"),
        FlightKind::Reply if flight.refused => format!("refusal of {label}"),
        FlightKind::Reply => match flight.freshness {
            Freshness::Fresh => format!("answer to {label}"),
            Freshness::Stale => format!("stale answer to {label}"),
            Freshness::Wrong => format!("wrong answer to {label}"),
        },
        FlightKind::Query if attempt > 1 => format!("{label}, {} try", ordinal(attempt)),
        FlightKind::Copy => "copy of a read model".to_owned(),
        FlightKind::Query => label.clone(),
        FlightKind::Command | FlightKind::Event if attempt > 1 => format!("{label}, {} delivery", ordinal(attempt)),
        FlightKind::Command | FlightKind::Event => label.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, clock, ordinal, plural};

    #[test]
    fn words_are_the_usual_ones() {
        assert_eq!([plural(1, "event"), plural(1_204, "event")], ["1 event", "1,204 events"]);
        assert_eq!(ordinal(2), "second");
        assert_eq!(clock(Micros::from_millis(12_418)), "12.41 s");
        assert_eq!(clock(Micros::from_millis(30_000)), "30.00 s");
    }
}
