//! The inbox: which commands of the saga were handled, and with what outcome. A command that comes again gets the old answer
//! and has no second effect: its id is its idempotency key.

use crate::kernel::pages::Pages;
use crate::shop::ids::{CommandId, EventId};
use crate::shop::refusal::{Refusal, RefusalKind};
use crate::system::context::Context;

/// What became of a command: the event, if anything changed, or why it was refused.
pub type Outcome = Result<Option<EventId>, Refusal>;

/// The remembered outcomes. Each receiver writes its own commands' rows in the transaction that handles them.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    outcomes: Pages<Option<Outcome>>,
}

impl Inbox {
    /// The outcome of an earlier delivery of this command, where such things are remembered.
    pub fn remembered(&self, command: CommandId, ctx: &Context<'_>) -> Option<Outcome> {
        if !ctx.options.saga.idempotency_key {
            return None;
        }
        self.outcomes.get(row(command)?).copied().flatten()
    }

    /// Remembers an outcome; not that the receiver was down, which may be otherwise next time.
    pub fn remember(&mut self, command: CommandId, outcome: Outcome) {
        let handled = !matches!(outcome, Err(refusal) if refusal.kind() == RefusalKind::Unavailable);
        if let (Some(row), true) = (row(command), handled) {
            *self.outcomes.entry(row) = Some(outcome);
        }
    }
}

/// Only the saga's commands are remembered.
fn row(command: CommandId) -> Option<usize> {
    command.index().checked_sub(CommandId::SAGA.index())
}
