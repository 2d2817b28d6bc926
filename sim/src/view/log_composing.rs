//! In words: answers that are composed of what the services say.

use crate::system::queries::composing::Composing;

use super::log_services::circuit_words;

/// The words for an entry.
pub fn told(what: Composing) -> String {
    match what {
        Composing::Called { query, service, things: 1 } => format!("gateway calls the {service} for {query}"),
        Composing::Called { query, service, things } => {
            format!("gateway calls the {service} for {query}, about {things} things at once")
        }
        Composing::CallLost { query, service } => format!("the call to the {service} for {query} is lost"),
        Composing::Unheard { query, service } => format!("{service} is down and does not hear the call for {query}"),
        Composing::Replies { query, service } => format!("{service} has looked for {query}, and replies"),
        Composing::ReplyLost { query, service } => format!("the reply of the {service} for {query} is lost"),
        Composing::Replied { query, service } => format!("gateway has the reply of the {service} for {query}"),
        Composing::TimedOut { query, service } => format!("gateway waits no longer for the {service}, for {query}"),
        Composing::Partial { query, missing: 1 } => {
            format!("the answer to {query} says that something is missing: 1 call has no reply")
        }
        Composing::Partial { query, missing } => {
            format!("the answer to {query} says that something is missing: {missing} calls have no reply")
        }
        Composing::Failed { query } => format!("gateway has no answer to {query}: a service did not reply"),
        Composing::FoundTorn { query, of } => {
            format!("the answer to {query} is torn: what it says of {of} was never all true at once")
        }
        Composing::Spared { query, service } => {
            format!("gateway does not call the {service} for {query}: the circuit is open")
        }
        Composing::CircuitTurned { service, circuit } => {
            format!("the circuit from the gateway to the {service} {}", circuit_words(circuit))
        }
    }
}
