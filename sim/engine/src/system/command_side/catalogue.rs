//! What the shop sells, and to whom, before a run begins: its events are in the log already, and the replicas know of them
//! as much as the scenario says [seed 000, "initial data loading"].

use crate::kernel::time::Micros;
use crate::shop::aggregate::Aggregate;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::event::{Event, Recorded};
use crate::shop::ids::{CommandId, EventId};
use crate::shop::product::event::ProductEvent;
use crate::system::event_store::EventStore;
use crate::system::options::Workload;

use super::owners::{CustomerService, ProductService};

/// Writes the catalogue into the owners' stores and returns its events, oldest first.
pub fn stock_up(
    workload: &Workload,
    products: &mut ProductService,
    customers: &mut CustomerService,
    store: &mut EventStore,
) -> Vec<EventId> {
    let mut events = Vec::new();
    let mut append = |of: Aggregate, version, event| {
        events.push(store.append(Micros::ZERO, (CommandId(0), CommandId(0)), Recorded { of, version, event }));
    };
    for item in &workload.products {
        let product = products.entry(item.product);
        let created = ProductEvent::ProductCreated {
            name: item.name.as_str().into(),
            category: item.category.as_str().into(),
            price: item.price_cents,
            stock: item.stock,
        };
        product.apply(&created);
        append(item.product.into(), product.version, Event::Product(created));
    }
    for somebody in &workload.customers {
        let customer = customers.entry(somebody.customer);
        let registered = CustomerEvent::CustomerRegistered {
            name: somebody.name.as_str().into(),
            membership: somebody.membership,
            credit_limit: somebody.credit_limit_cents,
        };
        customer.apply(&registered);
        append(somebody.customer.into(), customer.version, Event::Customer(registered));
    }
    events
}
