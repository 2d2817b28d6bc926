//! Invariant, *always*: a version of a read model that was built shows, when it begins to serve, what the events come to that it
//! has handled: it equals their fold (MISSION D9). It may be behind; it must not be wrong.

use crate::shop::aggregate::Aggregate;
use crate::shop::ids::OrderId;
use crate::system::place::{Model, Reader};

use super::judgement::Freshness;
use super::lab::Lab;

/// The first row of a version that is not what its events come to: it is wrong where it stands, or every event about it is handled
/// and it shows less than that.
pub fn first_wrong(lab: &Lab, reader: Reader) -> Option<Aggregate> {
    let watch = lab.watch(reader);
    let (open, _) = watch.lag(lab.world().store(), lab.world().now());
    // Where figures have a time to live, readers see old ones by design.
    let has_ttl = lab.world().options().projections.sales_dashboard.ttl.is_some();
    let is_off = |freshness: Freshness, all_handled: bool| match freshness {
        Freshness::Fresh => false,
        Freshness::Stale => all_handled,
        Freshness::Wrong => true,
    };
    match reader.keeps() {
        Some(Model::SalesDashboard) => is_off(watch.sales.worst(), open == 0 && !has_ttl)
            .then(|| Aggregate::Order(watch.deviating.first().copied().unwrap_or(OrderId(0)))),
        Some(Model::ProductStats) => lab
            .bought_products()
            .find(|product| is_off(watch.stats(*product).worst(), open == 0))
            .map(Aggregate::Product),
        _ => {
            // A row with names has sources besides the events about its own order.
            let handled = |of: &Aggregate| {
                let stream = lab.world().store().stream(*of);
                open == 0 || !lab.shows_names() && stream.iter().all(|(event, _)| watch.is_handled(*event))
            };
            lab.all().into_iter().find(|of| is_off(watch.judged(*of).worst(), handled(of)))
        }
    }
}
