//! What the messages on the stage are made of.

use crate::kernel::time::Micros;
use crate::oracle::judgement::Freshness;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::OrderId;
use crate::system::place::Place;

use super::{Flight, FlightKind};

/// A flight of which only the arrival is known.
pub(super) fn plain(due: Micros) -> Flight {
    Flight {
        id: 0,
        label: String::new(),
        kind: FlightKind::Event,
        attempt: 1,
        from: Place::Broker,
        to: Place::Broker,
        sent: due,
        due,
        lost: false,
        copy: false,
        refused: false,
        freshness: Freshness::Fresh,
        of: Aggregate::Order(OrderId(0)),
        event: None,
    }
}

/// One number for each message in the air; it stays the same from frame to frame.
pub(super) const fn flight_id(kind: u64, subject: u32, attempt: u16, copy: u64) -> u64 {
    kind << 56 | (copy & 0xff) << 48 | (subject as u64) << 16 | attempt as u64
}
