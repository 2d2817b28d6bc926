//! What those who send commands have still to do, and what of theirs is lost on the way.

use crate::shop::ids::CommandId;

use super::task::{Answer, Request};

/// A thing that will happen to a sender at its time.
#[derive(Clone, Debug)]
pub enum ClientTask {
    /// It has waited long enough for an answer to this try of a command.
    TimesOut(CommandId, u16),
    /// The word that a command was taken in reaches its sender.
    TakenInArrives(Box<Request>),
    /// It asks what has become of a command, the how-manieth time.
    AsksForStatus(CommandId, u16),
    /// That question reaches the service; the attempt of the request is the question's.
    StatusAsked(Box<Request>),
    /// A command that was lost would have arrived now.
    CommandVanishes(Box<Request>),
    /// An answer that was lost would have arrived now.
    AnswerVanishes(Box<Answer>),
}
