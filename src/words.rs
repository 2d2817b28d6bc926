//! Small words that several rooms use.

use sim::oracle::judgement::Freshness;
use sim::view::stage::{Flight, FlightKind};
use sim::view::words::nth;

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
        FlightKind::Query if attempt > 1 => format!("{label}, {} try", nth(attempt)),
        FlightKind::Copy => "copy of a read model".to_owned(),
        FlightKind::Query => label.clone(),
        FlightKind::Command | FlightKind::Event if attempt > 1 => format!("{label}, {} delivery", nth(attempt)),
        FlightKind::Command | FlightKind::Event => label.clone(),
    }
}
