//! The committed events as a JSON batch of CloudEvents 1.0.

use serde_json::{Value, json};

use crate::oracle::lab::Lab;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::Event;
use crate::shop::ids::{CommandId, EventId};
use crate::shop::order::event::{Line, OrderEvent};
use crate::shop::product::event::ProductEvent;
use crate::system::place::{Service, TopicName};
use crate::system::trace::{Trace, What};
use crate::view::words::command_name;

use super::utc::rfc3339;

/// Every event that was committed in this trace, and before it the catalogue's.
pub fn batch(lab: &Lab, trace: Trace<'_>) -> String {
    let seen = trace.iter().filter_map(|entry| match entry.what {
        What::Committed { event, .. } => Some(event),
        _ => None,
    });
    let store = lab.world().store();
    let count = u32::try_from(store.len()).unwrap_or(u32::MAX);
    let catalogue = (1..=count).map(EventId).take_while(|event| store.event(*event).cause == CommandId(0));
    let events: Vec<String> = catalogue.chain(seen).map(|event| envelope(lab, event).to_string()).collect();
    if events.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", events.join(",\n")) }
}

/// One event with the attributes of the specification, and the extensions `sequence`, `correlationid`, `causationid`.
fn envelope(lab: &Lab, event: EventId) -> Value {
    let store = lab.world().store();
    let committed = store.event(event);
    let recorded = &committed.recorded;
    let mut envelope = json!({
        "specversion": "1.0",
        "id": event.to_string(),
        "source": format!("/cqrs-lab/{}", Service::of(recorded.of).to_string().replace(' ', "-")),
        "type": format!("cqrs-lab.{}.{}", TopicName::of(recorded.of), recorded.event.name()),
        "subject": recorded.of.to_string(),
        "time": rfc3339(committed.at),
        "datacontenttype": "application/json",
        // As a text of fixed width, so that its order is the order of the commits.
        "sequence": format!("{:010}", event.0),
        "data": data(&recorded.event),
    });
    if committed.cause != CommandId(0) {
        envelope["causationid"] = json!(command_name(committed.cause));
    }
    if committed.correlation != CommandId(0) {
        envelope["correlationid"] = json!(command_name(committed.correlation));
    }
    envelope["data"]["version"] = json!(recorded.version);
    envelope
}

/// What the event says. Amounts are whole cents.
fn data(event: &Event) -> Value {
    match event {
        Event::Order(event) => order(event),
        Event::Product(event) => product(event),
        Event::Customer(event) => customer(event),
    }
}

fn order(event: &OrderEvent) -> Value {
    match event {
        OrderEvent::OrderCreated { customer, lines, total } => {
            let lines: Vec<Value> = lines.iter().map(line).collect();
            json!({ "customer": customer, "lines": lines, "total_cents": total })
        }
        OrderEvent::ItemAdded { line: one } | OrderEvent::ItemRemoved { line: one } => json!({ "line": line(one) }),
        OrderEvent::OrderCancelled { units, total } | OrderEvent::OrderRejected { units, total } => {
            json!({ "units": units, "total_cents": total })
        }
        OrderEvent::OrderConfirmed | OrderEvent::OrderShipped | OrderEvent::OrderDelivered => json!({}),
    }
}

fn line(line: &Line) -> Value {
    let Line { number, product, quantity, price } = line;
    json!({ "number": number, "product": product, "quantity": quantity, "price_cents": price })
}

fn product(event: &ProductEvent) -> Value {
    match event {
        ProductEvent::ProductCreated { name, category, price, stock } => {
            json!({ "name": &**name, "category": &**category, "price_cents": price, "stock": stock })
        }
        ProductEvent::ProductRenamed { name } => json!({ "name": &**name }),
        ProductEvent::ProductPriceChanged { price } => json!({ "price_cents": price }),
        ProductEvent::InventoryUpdated { stock } => json!({ "stock": stock }),
        ProductEvent::ProductDiscontinued => json!({}),
        ProductEvent::StockReserved { order, quantity, stock }
        | ProductEvent::StockReservationFailed { order, quantity, stock }
        | ProductEvent::StockReleased { order, quantity, stock } => {
            json!({ "order": order, "quantity": quantity, "stock": stock })
        }
    }
}

fn customer(event: &CustomerEvent) -> Value {
    match event {
        CustomerEvent::CustomerRegistered { name, membership, credit_limit } => {
            json!({ "name": &**name, "membership": membership, "credit_limit_cents": credit_limit })
        }
        CustomerEvent::CustomerRenamed { name } => json!({ "name": &**name }),
        CustomerEvent::CustomerSuspended | CustomerEvent::CustomerReactivated | CustomerEvent::RightsRevoked => {
            json!({})
        }
        CustomerEvent::RightsGranted { rights } => json!({ "rights": rights }),
        CustomerEvent::MembershipChanged { membership } => json!({ "membership": membership }),
        CustomerEvent::CreditLimitChanged { credit_limit } => json!({ "credit_limit_cents": credit_limit }),
    }
}
