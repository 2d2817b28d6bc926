//! A link: what happens to a message on its way.

use crate::kernel::time::Micros;
use crate::shop::ids::{EventId, OrderId};

use super::context::Context;
use super::fate::{FateKey, Fates, Hop, Purpose, Subject};
use super::node::Node;
use super::options::Link;
use super::trace::What;

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
    /// Is it lost because the link is cut?
    pub cut: bool,
    /// Until when the link stops, if that makes it late.
    pub stopped_until: Option<Micros>,
}

impl Passage {
    /// Records what only some links do. The sending itself is recorded before.
    pub fn tell(&self, event: EventId, hop: Hop, ctx: &mut Context<'_>) {
        if let Some(until) = self.stopped_until {
            ctx.record(What::LinkStopped { event, hop, until });
        }
        if self.cut {
            ctx.record(What::LinkCut { event, hop });
        }
    }

    /// The same way, over a link that may be cut.
    pub fn between(mut self, from: Node, to: Node, ctx: &Context<'_>) -> Self {
        self.cut = ctx.faults && ctx.options.network.is_cut(from, to, ctx.now);
        self.lost |= self.cut;
        self
    }
}

/// When a message arrives that would arrive at `due`, over a link that stops now and then; and whether that makes it late.
pub fn after_pause(link: &Link, hop: Hop, due: Micros, fates: &Fates, faults: bool) -> (Micros, Option<Micros>) {
    let Some(every) = link.pause_every.filter(|every| faults && *every > Micros::ZERO) else {
        return (due, None);
    };
    let span = due.0 / every.0;
    // A pause can reach into the span after its own, so both are looked at, the earlier one first.
    let mut arrives = due;
    for number in span.saturating_sub(1)..=span {
        let subject = Subject { of: OrderId(0).into(), n: u32::try_from(number).unwrap_or(u32::MAX) };
        let key = FateKey { purpose: Purpose::Pause, hop, subject, attempt: 1 };
        let within = fates.pick(FateKey { attempt: 2, ..key }, u32::try_from(every.0).unwrap_or(u32::MAX));
        let start = Micros(number * every.0 + u64::from(within));
        let end = (start + fates.span(key, &link.pause_for)).min(Micros((number + 2) * every.0));
        if start <= arrives && arrives < end {
            arrives = end;
        }
    }
    (arrives, (arrives > due).then_some(arrives))
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
        let (arrives, stopped_until) = after_pause(link, parcel.hop, arrives, fates, faults);
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
            cut: false,
            stopped_until,
        }
    }
}
