//! The ways that messages can take in this run: the lines of the picture at rest. They follow from the options alone.

use crate::oracle::lab::Lab;
use crate::system::options::DataAccess;
use crate::system::place::{Place, Reader, Service};

use super::broker::{has_queues, readers};
use super::places::{place_of, target_of};
use super::{asking, composing, edges};

/// Every way, in the direction in which most goes.
pub fn ways(lab: &Lab) -> Vec<(Place, Place)> {
    let mut ways = command_side(lab);
    if lab.world().has_owners() {
        for service in [Service::Products, Service::Customers] {
            ways.push((Place::Owner(service), Place::OwnerOutbox(service)));
            ways.push((Place::OwnerOutbox(service), Place::Broker));
        }
    }
    if lab.world().options().saga.enabled {
        let products = Place::Owner(Service::Products);
        ways.extend([Place::Handler, Place::Payments, products].map(|to| (Place::Saga, to)));
    }
    // Where commands are composed too, some of them are there already.
    let composing: Vec<_> = composing::ways(lab).into_iter().filter(|way| !ways.contains(way)).collect();
    ways.extend(composing);
    asking::ways(lab, &mut ways);
    for reader in readers(lab) {
        to_reader(lab, reader, &mut ways);
    }
    ways
}

fn command_side(lab: &Lab) -> Vec<(Place, Place)> {
    let world = lab.world();
    let mut ways =
        vec![(Place::Handler, Place::Orders), (Place::Orders, Place::Outbox), (Place::Outbox, Place::Broker)];
    let owners =
        || [Service::Products, Service::Customers].into_iter().filter(|_| world.has_owners()).map(Place::Owner);
    match world.options().order_service.data_access {
        DataAccess::Composition => {
            ways.extend(entry(lab, Place::Gateway));
            ways.push((Place::Gateway, Place::Handler));
            ways.extend(owners().map(|owner| (Place::Gateway, owner)));
        }
        access => {
            ways.extend(entry(lab, Place::Handler));
            if matches!(access, DataAccess::SynchronousApi | DataAccess::SharedDatabase) {
                ways.extend(owners().map(|owner| (Place::Handler, owner)));
            }
        }
    }
    let chores = &world.options().workload.back_office;
    if chores.price_gap.is_some() || chores.restock_gap.is_some() {
        ways.push((Place::BackOffice, Place::Owner(Service::Products)));
    }
    ways
}

/// How the shoppers' commands come to where they are taken in: by way of the edges, where there are any.
fn entry(lab: &Lab, place: Place) -> Vec<(Place, Place)> {
    if lab.world().edges() == 0 { vec![(Place::Shopper, place)] } else { edges::ways(lab, place) }
}

/// The ways of one reader's deliveries, and from its instances to what they keep.
fn to_reader(lab: &Lab, reader: Reader, ways: &mut Vec<(Place, Place)>) {
    let consumer = lab.world().reader(reader);
    let target = target_of(reader);
    let instances = u8::try_from(consumer.instances().len()).unwrap_or(u8::MAX);
    if instances == 0 {
        // Nobody follows the log for it: it is written in the command's transaction.
        ways.push((Place::Orders, target));
        return;
    }
    for number in 0..instances {
        let place = place_of(reader, number);
        if has_queues(lab) {
            ways.push((Place::Queue(reader), place));
        } else {
            ways.extend(consumer.group().partitions().map(|partition| (Place::Partition(partition), place)));
        }
        if place != target {
            ways.push((place, target));
        }
    }
    ways.dedup();
}
