//! The inbox: which commands were handled, and with what outcome. A command that comes again gets the old answer and has no
//! second effect [seed 004]. It is one mechanism for all who send commands: shoppers, the back office and the saga.

use crate::kernel::digest::Digest;
use crate::kernel::pages::Pages;
use crate::kernel::time::Micros;
use crate::shop::ids::{CommandId, EventId};
use crate::shop::refusal::Refusal;
use crate::system::by_command::ByCommand;
use crate::system::command_side::saga::courier;
use crate::system::context::Context;
use crate::system::headers::Key;
use crate::system::task::Request;

/// What became of a command: the event, if anything changed, or why it was refused.
pub type Outcome = Result<Option<EventId>, Refusal>;

/// What the inbox says of a command that has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Recalled {
    /// Nothing like it came before, as far as anybody remembers.
    Nothing,
    /// It was handled, with this outcome.
    Outcome(Outcome),
    /// Under its key came another command.
    OtherCommand,
}

/// The remembered outcomes. Each receiver writes its own commands' rows in the transaction that handles them.
#[derive(Clone, Debug, Default)]
pub struct Inbox {
    by_own_key: ByCommand<Option<Kept>>,
    by_name: Pages<Option<Kept>>,
}

/// One row.
#[derive(Clone, Copy, Debug)]
struct Kept {
    outcome: Outcome,
    at: Micros,
    /// The digest of what the command asked for, and of whom.
    content: u64,
}

impl Inbox {
    /// What is remembered of a command like this one.
    pub fn recall(&self, request: &Request, ctx: &Context<'_>) -> Recalled {
        match self.kept(request.headers.key, ctx) {
            None => Recalled::Nothing,
            // The saga's courier copies its commands out of one table, so they can not differ.
            Some(kept) if !courier::sent(request.id) && kept.content != content(request) => Recalled::OtherCommand,
            Some(kept) => Recalled::Outcome(kept.outcome),
        }
    }

    /// Remembers an outcome; not that the receiver was down or busy, which may be otherwise next time.
    pub fn remember(&mut self, request: &Request, outcome: Outcome, ctx: &Context<'_>) {
        if is_remembered(request.headers.key, ctx) || courier::sent(request.id) {
            let content = if courier::sent(request.id) { 0 } else { content(request) };
            self.keep(request.headers.key, outcome, content, ctx);
        }
    }

    /// Was this command of the saga's handled before? For receivers that know nothing but its id.
    pub fn has(&self, command: CommandId, ctx: &Context<'_>) -> bool {
        self.kept(Key::Own(command), ctx).is_some()
    }

    /// Remembers that this command of the saga's was handled.
    pub fn note(&mut self, command: CommandId, ctx: &Context<'_>) {
        self.keep(Key::Own(command), Ok(None), 0, ctx);
    }

    fn keep(&mut self, key: Key, outcome: Outcome, content: u64, ctx: &Context<'_>) {
        if matches!(outcome, Err(refusal) if refusal.may_pass()) {
            return;
        }
        let row = match key {
            Key::Own(command) => self.by_own_key.entry(command),
            Key::Named(name) => self.by_name.entry(name.index()),
        };
        *row = Some(Kept { outcome, at: ctx.now, content });
    }

    fn kept(&self, key: Key, ctx: &Context<'_>) -> Option<Kept> {
        if !is_remembered(key, ctx) {
            return None;
        }
        let kept = match key {
            Key::Own(command) => self.by_own_key.get(command),
            Key::Named(name) => self.by_name.get(name.index()),
        };
        let api = &ctx.options.order_service.commands;
        let forgets = api.keep_keys.filter(|_| !is_sagas(key));
        kept.copied().flatten().filter(|kept| forgets.is_none_or(|keep| ctx.now.since(kept.at) < keep))
    }
}

/// Do the receivers remember commands by keys like this one?
fn is_remembered(key: Key, ctx: &Context<'_>) -> bool {
    if is_sagas(key) { ctx.options.saga.idempotency_key } else { ctx.options.order_service.commands.idempotency_key }
}

const fn is_sagas(key: Key) -> bool {
    matches!(key, Key::Own(command) if courier::sent(command))
}

fn content(request: &Request) -> u64 {
    Digest::of(&(request.of, &request.command))
}
