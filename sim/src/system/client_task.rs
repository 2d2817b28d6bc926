//! What those who send commands have still to do, and what of theirs is lost on the way.

use crate::shop::ids::CommandId;

use super::task::{Answer, Request};

/// A thing that will happen to a sender at its time.
#[derive(Clone, Debug)]
pub enum ClientTask {
    /// It has waited long enough for an answer to this try of a command.
    TimesOut(CommandId, u16),
    /// A command that was lost would have arrived now.
    CommandVanishes(Box<Request>),
    /// An answer that was lost would have arrived now.
    AnswerVanishes(Box<Answer>),
}
