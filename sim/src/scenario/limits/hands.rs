//! What hands may do.

use crate::system::hands::{Hand, LinkAct, MessageAct, NodeAct};
use crate::system::node::Node;

use super::checks::{Checked, pause, refuse, span};
use super::network;

/// Checks what a hand does.
///
/// # Errors
/// The first field whose value is not allowed, with its path.
pub(in crate::scenario) fn check(hand: &Hand) -> Checked {
    match hand {
        Hand::Message { act: MessageAct::LetOthersPass { by }, .. } => span("hand.message.act.let_others_pass.by", *by),
        Hand::Message { .. } | Hand::Model { .. } | Hand::Row { .. } => Ok(()),
        Hand::Node { which: which @ (Node::Origin | Node::Gateway), .. } => {
            refuse("hand.node.which", "a node that can be stopped", *which)
        }
        Hand::Node { act: NodeAct::Crash { lasts }, .. } => pause("hand.node.act.crash.for", *lasts),
        Hand::Node { act: NodeAct::Pause { lasts }, .. } => pause("hand.node.act.pause.for", *lasts),
        Hand::Node { act: NodeAct::Restart, .. } => Ok(()),
        Hand::Link { from, to, act } => {
            network::link_between("hand.link.to", *from, *to)?;
            if let LinkAct::Cut { lasts } = act { pause("hand.link.act.cut.for", *lasts) } else { Ok(()) }
        }
    }
}
