//! What edge servers may be like.

use crate::system::edges::edge_id::EdgeId;
use crate::system::node::Node;
use crate::system::options::Edges;

use super::checks::{Checked, distribution, number, pause, refuse, span};

/// The most planned crashes.
const OUTAGES_MAX: usize = 100;

/// Checks the edges, if there are any.
pub(super) fn check(field: &str, edges: Option<&Edges>) -> Checked {
    let Some(edges) = edges else { return Ok(()) };
    let at = |part: &str| format!("{field}.{part}");
    number(&at("count"), u32::from(edges.count), 1..=u32::from(EdgeId::MAX))?;
    distribution(&at("client_delay"), &edges.client_delay)?;
    distribution(&at("origin_delay"), &edges.origin_delay)?;
    distribution(&at("copy_delay"), &edges.copy_delay)?;
    span(&at("farther"), edges.farther)?;
    span(&at("detour"), edges.detour)?;
    pause(&at("copy_again"), edges.copy_again)?;
    if edges.outages.len() > OUTAGES_MAX {
        return refuse(&at("outages"), format!("at most {OUTAGES_MAX}"), edges.outages.len());
    }
    for (n, outage) in edges.outages.iter().enumerate() {
        let at = |part: &str| format!("{field}.outages[{n}].{part}");
        number(&at("edge"), u32::from(outage.edge.0), 1..=u32::from(edges.count))?;
        span(&at("at"), outage.at)?;
        pause(&at("for"), outage.lasts)?;
    }
    Ok(())
}

/// Is this the link between an edge and the origin, whichever way?
pub(super) const fn is_link(from: Node, to: Node) -> bool {
    matches!((from, to), (Node::Edge(_), Node::Origin) | (Node::Origin, Node::Edge(_)))
}

/// Is it an end of such a link? It has no other.
pub(super) const fn is_end(node: Node) -> bool {
    matches!(node, Node::Edge(_) | Node::Origin)
}
