//! What a hand can do: interventions, made from what lies ahead in the run.

use crate::oracle::lab::Lab;
use crate::shop::ids::EventId;
use crate::shop::order::event::OrderEvent;
use crate::system::fate::{Fate, Override, Purpose};
use crate::system::place::{Model, Reader};
use crate::system::trace::{Entry, What};

/// The override that makes the next delivery of a new order to this model's projector arrive twice.
///
/// `ahead` is the trace from the moment looked at on; `lab` is the lab at its end, which knows the events.
pub fn deliver_twice(lab: &Lab, ahead: &[Entry], model: Model) -> Option<(EventId, Override)> {
    ahead.iter().find_map(|entry| match entry.what {
        What::Sent(delivered) if delivered.reader == Reader::Projection(model) => {
            let committed = lab.world().store().event(delivered.event);
            // A new order is what shows best when it counts twice.
            matches!(committed.recorded.event.order(), Some(OrderEvent::OrderCreated { .. })).then(|| {
                let subject = committed.subject();
                let attempt = delivered.attempt;
                let fate = Fate::Happens;
                let one = Override {
                    purpose: Purpose::Duplicate,
                    hop: Reader::Projection(model).into(),
                    subject,
                    attempt,
                    fate,
                };
                (delivered.event, one)
            })
        }
        _ => None,
    })
}
