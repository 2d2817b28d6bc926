//! What hands did, in words.

use crate::system::fate::Hop;
use crate::system::hands::{Hand, LinkAct, Message, MessageAct, ModelAct, NodeAct};
use crate::system::node::Node;
use crate::system::place::Reader;

use super::log_detection;
use crate::view::words::instance;

/// What a hand did.
pub fn told(hand: Hand) -> String {
    match hand {
        Hand::Message { which, act } => match act {
            MessageAct::Drop => format!("you drop {}", message_name(which)),
            MessageAct::Duplicate => format!("you double {}", message_name(which)),
            MessageAct::Hold => format!("you hold {}", message_name(which)),
            MessageAct::Release => format!("you release {}", message_name(which)),
            MessageAct::LetOthersPass { by } => {
                format!("you hold {} back by {by}: others may pass", message_name(which))
            }
        },
        Hand::Node { which, act } => match act {
            NodeAct::Crash { lasts } => format!("you let {} crash, for {lasts}", node_name(which)),
            NodeAct::Pause { lasts } => format!("you pause {} for {lasts}", node_name(which)),
            NodeAct::Restart => format!("you bring {} back", node_name(which)),
        },
        Hand::Link { from, to, act } => match act {
            LinkAct::Cut { lasts } => {
                format!("you cut the link from {} to {} for {lasts}", node_name(from), node_name(to))
            }
            LinkAct::Heal => format!("you heal the link from {} to {}", node_name(from), node_name(to)),
        },
        Hand::Model { which, act } => match act {
            ModelAct::Rebuild => format!("you rebuild the {which}"),
            ModelAct::Switch => format!("you switch the {which} to its new version"),
            ModelAct::RollBack => format!("you roll the {which} back to the version before"),
            ModelAct::Retire => format!("you retire the version of the {which} that does not serve"),
            ModelAct::PauseServing => format!("you stop serving the {which}"),
            ModelAct::ResumeServing => format!("you let the {which} serve again"),
        },
        Hand::Row { which, of, act } => log_detection::edited(which, of, act),
    }
}

/// A node as people call it: `the order service`, `order-view projector 2`.
pub(super) fn node_name(node: Node) -> String {
    match node {
        Node::Service(service) => format!("the {service}"),
        Node::Broker => "the broker".to_owned(),
        Node::Reader(reader, None) => format!("the {reader}"),
        Node::Reader(reader, Some(number)) => instance(reader, number),
        Node::Edge(edge) => edge.to_string(),
        Node::Origin => "the origin".to_owned(),
        Node::Gateway => "the gateway".to_owned(),
    }
}

/// A message, in words.
pub(super) fn message_name(which: Message) -> String {
    let Message { hop, subject, attempt } = which;
    let again = if attempt > 1 { format!(", try {attempt}") } else { String::new() };
    match hop {
        Hop::Command => format!("the command {subject}"),
        Hop::SagaCommand => format!("the saga's command {subject}{again}"),
        Hop::Gateway => format!("the command {subject} from the gateway"),
        Hop::Answer => format!("the answer to {subject}"),
        Hop::SagaAnswer => format!("the answer to the saga's command {subject}{again}"),
        Hop::Publish => format!("the publication of {subject}{again}"),
        Hop::Acknowledge => format!("the acknowledgement of {subject}{again}"),
        other => match Reader::ALL.into_iter().find(|reader| Hop::from(*reader) == other) {
            Some(reader) => format!("the delivery of {subject} to the {reader}{again}"),
            None => format!("{subject}{again}"),
        },
    }
}
