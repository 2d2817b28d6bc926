//! What the broker may be like.

use crate::system::options::Broker;

use super::checks::{Checked, link, number, pause};

/// Checks the broker.
pub(super) fn check(broker: &Broker) -> Checked {
    number("options.broker.partitions", u32::from(broker.partitions), 1..=16)?;
    pause("options.broker.resend_after", broker.resend_after)?;
    link("options.broker.publish", &broker.publish)?;
    let topics = &broker.topics;
    let single = [
        ("order_events", &topics.order_events),
        ("product_events", &topics.product_events),
        ("customer_events", &topics.customer_events),
    ];
    for (name, own) in single {
        own.as_ref().map_or(Ok(()), |own| link(&format!("options.broker.topics.{name}"), own))?;
    }
    pause("options.broker.queue.visibility", broker.queue.visibility)?;
    number("options.broker.queue.in_flight_max", broker.queue.in_flight_max, 1..=1_000)?;
    number("options.broker.queue.receive_max", u32::from(broker.queue.receive_max), 1..=1_000)?;
    broker.retention.map_or(Ok(()), |kept| number("options.broker.retention", kept, 1..=1_000_000))
}
