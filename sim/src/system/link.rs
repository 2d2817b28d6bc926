//! A link: what happens to a message on its way.

use crate::kernel::time::Micros;

use super::fate::{FateKey, Fates, Hop, Purpose, Subject};
use super::options::Link;

/// The state of one direction of a link: messages keep their order unless one is held back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Channel {
    /// When the last message that keeps the order arrives.
    last_due: Micros,
}

/// One message's way over a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passage {
    /// When it arrives, or would have.
    pub due: Micros,
    /// Is it lost on the way?
    pub lost: bool,
    /// Is it held back so that later ones pass?
    pub held: bool,
    /// Does a second copy follow?
    pub doubled: bool,
}

/// Who sends what, where, and the how-manieth time.
#[derive(Clone, Copy, Debug)]
pub struct Parcel {
    /// The message.
    pub subject: Subject,
    /// The link.
    pub hop: Hop,
    /// Which try, from 1.
    pub attempt: u16,
}

impl Parcel {
    /// The name of one of its fates.
    pub const fn key(self, purpose: Purpose) -> FateKey {
        FateKey { purpose, hop: self.hop, subject: self.subject, attempt: self.attempt }
    }
}

impl Channel {
    /// Sends a message over the link at `now`.
    pub fn pass(&mut self, parcel: Parcel, link: &Link, fates: &Fates, now: Micros, faults: bool) -> Passage {
        let arrives = now + fates.span(parcel.key(Purpose::Delay), &link.delay);
        let held = fates.happens(parcel.key(Purpose::Overtake), link.overtake, faults);
        let due = if held {
            // Later messages do not wait for this one, so the channel does not remember it.
            arrives.max(self.last_due) + link.overtake_hold
        } else {
            self.last_due = arrives.max(self.last_due);
            self.last_due
        };
        Passage {
            due,
            held,
            lost: fates.happens(parcel.key(Purpose::Loss), link.loss, faults),
            doubled: fates.happens(parcel.key(Purpose::Duplicate), link.duplicate, faults),
        }
    }
}
