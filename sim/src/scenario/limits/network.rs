//! Limits of the network: which links there are to be cut.

use crate::system::node::Node;
use crate::system::options::Network;

use super::checks::{Checked, refuse, span};
use super::edges;

/// The most cuts, and the most outages.
const CUTS_MAX: usize = 100;

/// Checks what is cut, and when the broker is out.
pub(super) fn check(network: &Network) -> Checked {
    for (field, count) in [("cuts", network.cuts.len()), ("outages", network.outages.len())] {
        if count > CUTS_MAX {
            return refuse(&format!("options.network.{field}"), format!("at most {CUTS_MAX}"), count);
        }
    }
    for (n, cut) in network.cuts.iter().enumerate() {
        let at = |field: &str| format!("options.network.cuts[{n}].{field}");
        link_between(&at("to"), cut.from, cut.to)?;
        span(&at("at"), cut.at)?;
        span(&at("for"), cut.lasts)?;
    }
    for (n, outage) in network.outages.iter().enumerate() {
        span(&format!("options.network.outages[{n}].at"), outage.at)?;
        span(&format!("options.network.outages[{n}].for"), outage.lasts)?;
    }
    Ok(())
}

/// Links lead to the broker or from it, between an edge and the origin, or from whoever asks services to those that it asks.
pub(super) fn link_between(field: &str, from: Node, to: Node) -> Checked {
    let is_there = !edges::is_end(from) && !edges::is_end(to) && from != Node::Gateway && to != Node::Gateway;
    let is_to_broker = is_there && (from == Node::Broker) != (to == Node::Broker);
    if edges::is_link(from, to) || is_to_broker || from.asks(to) || to.asks(from) {
        return Ok(());
    }
    let expected =
        "the broker at exactly one end, an edge and the origin, the gateway and a service, or two services that ask";
    refuse(field, expected, format!("{from} to {to}"))
}
