//! What whoever follows the log may be like, and which options are for whom.

use crate::system::options::{Consumer, Options};
use crate::system::place::{Model, Reader, Replica};

use super::checks::{Checked, distribution, link, number, pause, refuse, shortest, span};
use super::{detectors, rebuild};

/// Checks every reader but the saga's, which is checked with the saga.
pub(super) fn check(options: &Options) -> Checked {
    for model in Model::ALL {
        let settings = options.consumer(Reader::Projection(model));
        consumer(&format!("options.projections.{}", model.name()), settings)?;
    }
    consumer("options.replicas.products", &options.replicas.products)?;
    consumer("options.replicas.customers", &options.replicas.customers)?;
    Reader::ALL.into_iter().try_for_each(|reader| only_where_it_suits(reader, options.consumer(reader)))
}

/// Refuses options that mean nothing to this reader.
fn only_where_it_suits(reader: Reader, settings: &Consumer) -> Checked {
    let (path, is_replica) = match reader {
        Reader::Projection(model) => (format!("options.projections.{}", model.name()), false),
        Reader::Replica(Replica::Products) => ("options.replicas.products".to_owned(), true),
        Reader::Replica(Replica::Customers) => ("options.replicas.customers".to_owned(), true),
        Reader::Saga => ("options.saga.consumer".to_owned(), true),
        // It runs by the options of the first version, which are checked there.
        Reader::Second(_) => return Ok(()),
    };
    rebuild::rebuild(&path, reader, settings)?;
    detectors::detectors(&path, reader, settings)?;
    let at = |field: &str| format!("{path}.{field}");
    if is_replica && !settings.enabled {
        return refuse(&at("enabled"), "true, because the command side depends on it", false);
    }
    if is_replica && settings.synchronous {
        return refuse(&at("synchronous"), "false, because it is no read model", true);
    }
    if settings.names && reader != Reader::Projection(Model::OrderView) {
        return refuse(&at("names"), "false, except for the order view", true);
    }
    match settings.ttl {
        Some(ttl) if reader == Reader::Projection(Model::SalesDashboard) => pause(&at("ttl"), ttl),
        Some(ttl) => refuse(&at("ttl"), "nothing, except for the sales dashboard", ttl),
        None => Ok(()),
    }
}

/// Checks one of them.
pub(super) fn consumer(field: &str, projection: &Consumer) -> Checked {
    let at = |part: &str| format!("{field}.{part}");
    number(&at("instances"), u32::from(projection.instances), 1..=8)?;
    number(&at("prefetch"), projection.prefetch, 1..=10_000)?;
    link(&at("delivery"), &projection.delivery)?;
    pause(&at("refetch_after"), projection.refetch_after)?;
    distribution(&at("service"), &projection.service)?;
    number(&at("batch"), projection.batch, 1..=1_000)?;
    distribution(&at("enrichment.lookup"), &projection.enrichment.lookup)?;
    distribution(&at("enrichment.lookup_many"), &projection.enrichment.lookup_many)?;
    distribution(&at("commit"), &projection.commit)?;
    distribution(&at("crash.restart_after"), &projection.crash.restart_after)?;
    pause(&at("crash.restart_after"), shortest(&projection.crash.restart_after))?;
    span(&at("rebalance_after"), projection.rebalance_after)?;
    let letters = &projection.dead_letters;
    number(&at("dead_letters.retries"), u32::from(letters.retries), 0..=20)?;
    number(&at("dead_letters.backoff_factor"), u32::from(letters.backoff_factor), 1..=10)?;
    distribution(&at("dead_letters.backoff"), &letters.backoff)
}
