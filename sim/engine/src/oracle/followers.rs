//! The copies of read models at read replicas and at edges, beside the truth: judged row by row when somebody looks, as answers
//! from there are.

use std::sync::Arc;

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{EventId, ProductId};
use crate::system::consumer::target::Target as _;
use crate::system::event_store::EventStore;
use crate::system::place::{Model, Reader};
use crate::system::queries::keeper::Keeper;

use super::judgement::{Cells, Freshness, Judged, Value, judge_cells};
use super::lab::Lab;
use super::rows::{self, JOINED_BY, Position, copies_of, is_joined_of};

/// The cells of the order view that show names, which have other sources than the order: the customer's, and the products'.
const NAMES: [usize; 2] = [4, 5];

/// What a keeper has of a row of a read model, and how that stands; none where it has no copy of the model.
pub fn row_at(lab: &Lab, keeper: Keeper, model: Model, of: Aggregate) -> Option<(Cells, Judged)> {
    let (world, reader) = (lab.world(), Reader::Projection(model));
    let copy = world.reads().api.rows_of_copy(model, keeper)?;
    let shown = rows::kept(copy, of);
    let there = || {
        // A row that is not there was true before there was anything.
        let version = copy.row_version(of).min(lab.model(model).reached(of));
        let position = Position::Version(version);
        let mut there = rows::truth(reader, of, position, world.store(), false);
        if let (Model::OrderView, Some(there), Some(shown), Some(order)) = (model, &mut there, &shown, of.order()) {
            let since = world.reads().api.position_of_copy(model, keeper).unwrap_or_default();
            name_there(there, shown, &position.products(order, world.store()), since, world.store());
        }
        there
    };
    let judged = judge_cells(&shown, &lab.true_cells(reader, of), there);
    Some((shown, judged))
}

/// Which names were true where the row stands, it does not say: it has every event up to `since`, and may have some after
/// that. So a name that was given then, or later, was true there; any other was not.
fn name_there(there: &mut [Value], shown: &[Value], products: &[ProductId], since: EventId, store: &EventStore) {
    let customer = match there[0] {
        Value::Customer(Some(customer)) => vec![customer.into()],
        _ => Vec::new(),
    };
    let products = products.iter().map(|product| Aggregate::from(*product)).collect();
    for (cell, named) in NAMES.into_iter().zip([customer, products]) {
        there[cell] = shown[cell].clone();
        // Where no names are shown there is nothing to be true.
        let Value::Text(text) = &shown[cell] else { continue };
        let names: Vec<Vec<Arc<str>>> = named.into_iter().map(|of| names_since(of, since, store)).collect();
        if !is_joined_of(text, &names) {
            let first: Vec<&str> = names.iter().filter_map(|names| names.first()).map(|name| &**name).collect();
            there[cell] = Value::Text(first.join(JOINED_BY).into());
        }
    }
}

/// The name that a customer or a product had with this event, and every one since; an empty one before there was any.
fn names_since(of: Aggregate, since: EventId, store: &EventStore) -> Vec<Arc<str>> {
    let mut names = vec![Arc::from("")];
    for (event, committed) in store.stream(of) {
        let Some(name) = rows::name_given(&committed.recorded.event) else { continue };
        if event <= since {
            names.clear();
        }
        names.push(Arc::clone(name));
    }
    names
}

/// The worst freshness of any row that a keeper has about an aggregate.
pub fn worst_at(lab: &Lab, keeper: Keeper, of: Aggregate) -> Freshness {
    let models = copies_of(of).iter().filter_map(|reader| reader.model());
    let taking_part = models.filter(|model| lab.world().takes_part(Reader::Projection(*model)));
    let rows = taking_part.filter_map(|model| row_at(lab, keeper, model, of));
    rows.map(|(_, judged)| judged.worst()).max().unwrap_or_default()
}
