//! What came to somebody who is down, in words.

use crate::system::unheard::Unheard;

use crate::view::words::{command_name, delivery, instance};

/// The words for an entry.
pub fn told(unheard: Unheard) -> String {
    match unheard {
        Unheard::Acknowledgement { event } => format!("the acknowledgement of {event} is lost: its service is down"),
        Unheard::QueueAcknowledgement(one) => {
            let at = instance(one.reader, one.instance);
            format!("the acknowledgement of {} by {at} finds the broker out", delivery(one))
        }
        Unheard::Status { command, service } => {
            format!("{service} is down and does not hear the question for {}", command_name(command))
        }
        Unheard::Query { query, service } => format!("{service} is down: {query} is lost there"),
    }
}
