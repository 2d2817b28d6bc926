//! What goes on between a command's sender and its service, in words.

use crate::system::commanding::Commanding;
use crate::system::place::Service;

use crate::view::words::{command_name, nth, sender};

/// The words for an entry.
pub fn told(what: Commanding) -> String {
    match what {
        Commanding::GivenUp { command, of, tries } => {
            let times = if tries == 1 { "once".to_owned() } else { format!("{tries} times") };
            format!("{} gives {} for {of} up: sent {times}, never answered", sender(command), command_name(command))
        }
        Commanding::AnswerTooLate { command, attempt } => {
            format!("the answer to the {} try of {} is not needed any more", nth(attempt), command_name(command))
        }
        Commanding::BegunAnew { command, of, read, found } => {
            let name = command_name(command);
            format!("{name} was decided on version {read} of {of}, which has version {found}: it is begun anew")
        }
        Commanding::WroteOver { command, of, read, found } => {
            let name = command_name(command);
            format!("{name} was decided on version {read} of {of} and is written over version {found}")
        }
        Commanding::TakenIn { command, of, expected } => {
            let (service, name) = (Service::of(of), command_name(command));
            format!("{service} takes {name} for {of} in, to be decided later; its event is expected to be {expected}")
        }
        Commanding::StatusAsked { command, number } => {
            let (sender, name) = (sender(command), command_name(command));
            format!("{sender} asks what has become of {name}, the {} time", nth(number))
        }
        Commanding::StillPending { command } => format!("{} is not decided yet", command_name(command)),
        Commanding::KeyReused { command, of } => {
            format!("{} for {of} comes under the key of another command", command_name(command))
        }
    }
}
