//! The outbox and its relay: events are saved together with the order and published afterwards [seed 004].
//!
//! The relay publishes at least once. An acknowledgement that is lost or late makes it publish again.
//!
//! Where the events are all that is saved, what waits here is the publisher's memory of the event log. Its saved position is
//! the first event that is not known to be in the log; after a crash it reads on from there. A dual write keeps nothing: an
//! event is published once, or not at all.

use std::collections::{BTreeSet, VecDeque};

use crate::kernel::time::Micros;
use crate::shop::ids::EventId;
use crate::system::committing::Committing;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose, Subject};
use crate::system::link::{Channel, Parcel};
use crate::system::node::Node;
use crate::system::options::{Acks, Commit};
use crate::system::outage::down_until;
use crate::system::place::{Service, TopicName};
use crate::system::task::{Lost, Publication, Task};
use crate::system::trace::What;

use super::commit::{awaits_broker, crashes_unmarked};

/// After so many tries one waits twice as long with each, or a receiver that is slow would be buried in repetitions.
const EAGER_TRIES: u16 = 8;
/// The longest that doubling makes it wait.
const PATIENCE_MAX: Micros = Micros::from_secs(60);

/// How long somebody waits for the answer to this try before the next one, if it is `resend_after` for the first: after some
/// tries twice as long with each, up to a minute.
pub fn patience(resend_after: Micros, attempt: u16) -> Micros {
    let doublings = u32::from(attempt.saturating_sub(EAGER_TRIES)).min(32);
    let doubled = Micros(resend_after.0.saturating_mul(1 << doublings));
    doubled.min(PATIENCE_MAX).max(resend_after)
}

/// Events that are committed but not known to be in the log.
#[derive(Clone, Debug)]
pub struct Outbox {
    service: Service,
    waiting: VecDeque<EventId>,
    unacknowledged: BTreeSet<EventId>,
    relay_scheduled: bool,
    /// Has the relay crashed in this step, with which event in hand?
    fallen: Option<EventId>,
    /// How often the service has started.
    starts: u16,
    /// The newest event that was ever published: what is not newer is published again, after a crash.
    newest: EventId,
    channel: Channel,
}

impl Outbox {
    /// The empty outbox of a service.
    pub fn of(service: Service) -> Self {
        Self {
            service,
            waiting: VecDeque::new(),
            unacknowledged: BTreeSet::new(),
            relay_scheduled: false,
            fallen: None,
            starts: 1,
            newest: EventId(0),
            channel: Channel::default(),
        }
    }

    /// Adds an event within the command's transaction and makes sure that the relay will look.
    pub fn add(&mut self, event: EventId, cause: Subject, ctx: &mut Context<'_>) {
        self.waiting.push_back(event);
        if !self.relay_scheduled {
            self.relay_scheduled = true;
            let key = FateKey { purpose: Purpose::Delay, hop: Hop::Relay, subject: cause, attempt: 1 };
            let delay = match self.service {
                Service::Orders => &ctx.options.order_service.relay_delay,
                Service::Products => &ctx.options.product_service.relay_delay,
                Service::Customers => &ctx.options.customer_service.relay_delay,
            };
            let pause = ctx.fates.span(key, delay);
            ctx.at(ctx.now + pause, Task::RelayWakes(self.service));
        }
    }

    /// Events that the relay has not sent yet.
    pub const fn waiting(&self) -> &VecDeque<EventId> {
        &self.waiting
    }

    /// Events that were sent and are not acknowledged yet.
    pub const fn unacknowledged(&self) -> &BTreeSet<EventId> {
        &self.unacknowledged
    }

    /// The relay publishes what waits, in commit order.
    pub fn relay(&mut self, store: &EventStore, ctx: &mut Context<'_>) {
        if let Some(up) = down_until(self.service, ctx.now, ctx.options) {
            return ctx.at(up, Task::RelayWakes(self.service));
        }
        self.relay_scheduled = false;
        while let Some(event) = self.waiting.pop_front() {
            if ctx.options.broker.acks == Acks::All {
                self.unacknowledged.insert(event);
            }
            let attempt = if event > self.newest { 1 } else { self.starts };
            self.newest = self.newest.max(event);
            self.publish(event, attempt, store, ctx);
            if self.service == Service::Orders && crashes_unmarked(store.event(event).subject(), attempt, ctx) {
                self.unacknowledged.insert(event);
                self.fallen = Some(event);
                return ctx.record(What::Committing(Committing::CrashedUnmarked { event }));
            }
        }
    }

    /// Publishes an event once, whatever becomes of it.
    pub fn publish_once(&mut self, event: EventId, store: &EventStore, ctx: &mut Context<'_>) {
        if awaits_broker(ctx) {
            self.unacknowledged.insert(event);
        }
        self.publish(event, 1, store, ctx);
    }

    /// Nobody waits for this event's acknowledgement any longer.
    pub fn forget(&mut self, event: EventId) {
        self.unacknowledged.remove(&event);
    }

    /// Has the relay crashed in this step?
    pub const fn has_fallen(&self) -> bool {
        self.fallen.is_some()
    }

    /// The event that the relay had in hand when it crashed in this step, if it did.
    pub const fn take_fallen(&mut self) -> Option<EventId> {
        self.fallen.take()
    }

    /// The service starts again after a crash, and looks at what it had saved.
    pub fn restart(&mut self, store: &EventStore, ctx: &mut Context<'_>) {
        self.starts = self.starts.saturating_add(1);
        match (self.service, ctx.options.order_service.commit) {
            // What was on its way was in memory only.
            (Service::Orders, Commit::DualWrite) => self.unacknowledged.clear(),
            // What lies behind the saved position is published once more, also where the broker has it already.
            (Service::Orders, Commit::EventSourced) => {
                let oldest = self.unacknowledged.first().or(self.waiting.front()).copied();
                let of_orders = |event: &EventId| store.event(*event).recorded.of.order().is_some();
                if let Some(oldest) = oldest {
                    self.waiting = store.committed().skip_while(|event| *event < oldest).filter(of_orders).collect();
                }
                self.unacknowledged.clear();
            }
            // What is not known to be acknowledged is published again.
            _ => {
                for event in &self.unacknowledged {
                    ctx.at(ctx.now, Task::ResendDue(*event, 1));
                }
            }
        }
        if !self.waiting.is_empty() {
            self.relay_scheduled = true;
            ctx.at(ctx.now, Task::RelayWakes(self.service));
        }
    }

    /// The relay has waited for an acknowledgement; it publishes again if none has come.
    pub fn resend(&mut self, event: EventId, attempt: u16, store: &EventStore, ctx: &mut Context<'_>) {
        if let Some(up) = down_until(self.service, ctx.now, ctx.options) {
            return ctx.at(up, Task::ResendDue(event, attempt));
        }
        if self.unacknowledged.contains(&event) {
            if ctx.options.broker.acks == Acks::None {
                // It was not noted as sent before a crash, and is now.
                self.unacknowledged.remove(&event);
            }
            self.publish(event, attempt.saturating_add(1), store, ctx);
        }
    }

    /// The broker has the event.
    pub fn acknowledged(&mut self, event: EventId, ctx: &mut Context<'_>) {
        if self.unacknowledged.remove(&event) {
            ctx.record(What::Acknowledged { event });
        }
    }

    fn publish(&mut self, event: EventId, attempt: u16, store: &EventStore, ctx: &mut Context<'_>) {
        let parcel = Parcel { subject: store.event(event).subject(), hop: Hop::Publish, attempt };
        let link = ctx.options.broker.publish_link(TopicName::of(store.event(event).recorded.of));
        let passage = self.channel.pass(parcel, link, ctx.fates, ctx.now, ctx.faults);
        let passage = passage.between(Node::Service(self.service), Node::Broker, ctx);
        let once = self.service == Service::Orders && ctx.options.order_service.commit == Commit::DualWrite;
        let waits = if once { awaits_broker(ctx) } else { ctx.options.broker.acks == Acks::All };
        let gives_up = waits.then(|| ctx.now + patience(ctx.options.broker.resend_after, attempt));
        let publication = Publication { event, attempt, sent: ctx.now, gives_up, copy: false };
        ctx.record(What::Published { event, attempt });
        passage.tell(event, parcel.hop, ctx);
        if passage.held {
            ctx.record(What::PublicationHeld { event });
        }
        if passage.lost {
            ctx.record(What::PublicationLost { event, attempt });
            ctx.at(passage.due, Task::Vanishes(Lost::Publication(publication)));
        } else {
            ctx.at(passage.due, Task::PublicationArrives(publication));
        }
        // No acknowledgement can come in time. Where one still can, the broker's answer decides.
        if let Some(gives_up) = gives_up.filter(|gives_up| passage.lost || passage.due > *gives_up) {
            ctx.at(gives_up, Task::ResendDue(event, attempt));
        }
        if passage.doubled {
            ctx.record(What::PublicationDoubled { event });
            // The copy takes its own time, as a further try of the same message would.
            let copy = Parcel { attempt: attempt.saturating_add(1), ..parcel };
            let delay = ctx.fates.span(copy.key(Purpose::Delay), &link.delay);
            let copied = Publication { attempt: copy.attempt, copy: true, ..publication };
            ctx.at(passage.due + delay, Task::PublicationArrives(copied));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Micros, patience};

    #[test]
    fn the_relay_loses_its_hurry_after_eight_tries() {
        let waits = [1, 8, 9, 12, u16::MAX].map(|attempt| patience(Micros::from_millis(1), attempt).as_millis());
        assert_eq!(waits, [1, 1, 2, 16, 60_000]);
        assert_eq!(patience(Micros::from_secs(300), u16::MAX), Micros::from_secs(300), "never less than asked for");
    }
}
