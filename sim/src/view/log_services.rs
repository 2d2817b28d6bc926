//! What goes on between the services, in words: questions and replies, circuits, sagas and payments.

use crate::oracle::lab::Lab;
use crate::shop::aggregate::Aggregate;
use crate::shop::ids::{CommandId, EventId, OrderId};
use crate::system::breaker::Circuit;
use crate::system::command_side::saga::instance::{Act, Cause, Phase};
use crate::system::exchange::Exchange;
use crate::system::trace::Promise;

use crate::view::words::{command_name, nth, sender};

/// The words for an entry.
pub fn told(lab: &Lab, what: Exchange) -> String {
    let name = command_name;
    match what {
        Exchange::Asked { command, owner } => format!("{owner} is asked about {}", name(command)),
        Exchange::QuestionLost { command, owner } => {
            format!("the question to the {owner} about {} will be lost on the way", name(command))
        }
        Exchange::QuestionUnheard { command, owner } => {
            format!("the question about {} finds nobody: the {owner} is down", name(command))
        }
        Exchange::Replies { command, owner } => format!("{owner} replies about {}", name(command)),
        Exchange::ReplyLost { command, owner } => {
            format!("the reply of the {owner} about {} will be lost on the way", name(command))
        }
        Exchange::Replied { command, owner } => format!("the reply of the {owner} about {} is there", name(command)),
        Exchange::QuestionTimedOut { command, owner } => {
            format!("nobody waits any longer for the reply of the {owner} about {}", name(command))
        }
        Exchange::QuestionSpared { command, owner } => {
            format!("nobody is asked about {}: the circuit to the {owner} is open", name(command))
        }
        Exchange::TakenFromCache { command, owner } => {
            format!("nobody asks the {owner} about {}: its last answer is still in the cache", name(command))
        }
        Exchange::CircuitTurned { owner, circuit } => {
            format!("the circuit to the {owner} {}", circuit_words(circuit))
        }
        Exchange::FellBack { command, .. } => {
            format!("{} is decided by the replica: an owner did not answer", name(command))
        }
        Exchange::DecidedOnOldData { command, of, otherwise } => {
            let end = if otherwise { "the owner's would have decided otherwise" } else { "it makes no difference" };
            format!("{} for {of} was decided on old data; {end}", name(command))
        }
        _ => told_of_sagas(lab, what),
    }
}

fn told_of_sagas(lab: &Lab, what: Exchange) -> String {
    match what {
        Exchange::SagaTurned { order, phase } => format!("saga of {order} {}", phase_words(phase)),
        Exchange::CommandResent { command, of, name, attempt } => {
            format!("{} sends {} {name} for {of} again, {} try", sender(command), command_name(command), nth(attempt))
        }
        Exchange::CommandGivenUp { command, of, name, tries } => {
            let tries = if tries == 1 { "1 try".to_owned() } else { format!("{tries} tries") };
            format!("{} gives up on {} {name} for {of} after {tries}", sender(command), command_name(command))
        }
        Exchange::CommandLost { command, attempt } => {
            format!("{}{} will be lost on the way", command_name(command), try_words(attempt))
        }
        Exchange::CommandDoubled { command } => format!("the link doubles {}", command_name(command)),
        Exchange::CommandRepeated { command, of } => {
            format!("{} for {of} was handled before: the old answer is repeated", command_name(command))
        }
        Exchange::AnswerLost { command, attempt } => {
            format!("the answer to {}{} will be lost on the way", command_name(command), try_words(attempt))
        }
        Exchange::Paid { command, order, refund } => paid(lab, command, order, refund),
        _ => String::new(),
    }
}

fn paid(lab: &Lab, command: CommandId, order: OrderId, refund: bool) -> String {
    let amount = match lab.world().sagas().assignment(command).map(|assignment| assignment.act) {
        Some(Act::Charge(amount) | Act::Refund(amount)) => amount.to_string(),
        _ => "an amount".to_owned(),
    };
    if refund {
        format!("payment provider gives {amount} back for {order}")
    } else {
        format!("payment provider takes {amount} for {order}")
    }
}

fn try_words(attempt: u16) -> String {
    if attempt == 1 { String::new() } else { format!(", {} try,", nth(attempt)) }
}

pub(super) const fn circuit_words(circuit: Circuit) -> &'static str {
    match circuit {
        Circuit::Closed => "closes: it answers again",
        Circuit::Open => "opens: it is not asked any more for a while",
        Circuit::HalfOpen => "is half open: one question goes through as a probe",
    }
}

fn phase_words(phase: Phase) -> String {
    let cause = |cause: Cause| match cause {
        Cause::NotReserved(product) => format!("{product} could not be reserved"),
        Cause::TimedOut => "it took too long".to_owned(),
        Cause::Cancelled => "the customer has cancelled".to_owned(),
        Cause::NoAnswer => "payment or stock was asked for in vain".to_owned(),
    };
    match phase {
        Phase::Unknown => "is not known".to_owned(),
        Phase::Working => "begins: it asks for payment and stock".to_owned(),
        Phase::Confirming => "has payment and stock: it confirms the order".to_owned(),
        Phase::Undoing(why) => format!("undoes what was done: {}", cause(why)),
        Phase::Confirmed => "has ended: the order is confirmed".to_owned(),
        Phase::Undone(why) => format!("has ended with nothing left of it: {}", cause(why)),
        Phase::Parked(None) => "is parked: whether the order is confirmed is not known".to_owned(),
        Phase::Parked(Some(why)) => {
            format!("is parked, for not everything is known to be undone: {}", cause(why))
        }
    }
}

/// A broken promise of the business, in words.
pub fn broken(promise: Promise, of: Aggregate, event: EventId) -> String {
    match promise {
        Promise::NoOversell => format!("more of {of} is sold than there was, with {event}"),
        Promise::PriceInForce => format!("{of} is charged a price that was not in force: {event}"),
        Promise::MoneyConserved => format!("what was paid for {of} is not what is owed"),
        Promise::SagasEnd => format!("{of} is left hanging: its saga did not come to an end, or left stock set aside"),
        Promise::CommandOnce => format!("{of} changed twice by one command: {event} is its second effect"),
        Promise::NoLostUpdate if event.0 == 0 => format!("the row of {of} is not what its events make of it"),
        Promise::NoLostUpdate => {
            format!("an update of {of} is lost: {event} was decided without it and written over it")
        }
        _ => String::new(),
    }
}
