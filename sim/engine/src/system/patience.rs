//! The patience of those who send commands: which of their commands have no answer yet, and when to send one again.
//!
//! A sender knows nothing but what it has sent and what has come back. Whether the command or the answer was lost, or both are
//! just late, it can not tell [seed 004].

use std::collections::BTreeMap;

use crate::kernel::time::Micros;
use crate::shop::ids::CommandId;

use super::client_task::ClientTask;
use super::commanding::Commanding;
use super::context::Context;
use super::edges::EdgeTask;
use super::edges::edge_id::EdgeId;
use super::edges::load::Load;
use super::exchange::Exchange;
use super::fate::{FateKey, Hop, Purpose};
use super::options::CommandApi;
use super::task::{Request, Task};
use super::trace::What;

/// The longest wait for an answer that backing off comes to.
const WAIT_MAX: Micros = Micros::from_secs(60);

/// How often a sender asks at most what has become of a command: far more often than any command waits.
const QUESTIONS_MAX: u16 = 10_000;

/// The commands that will be sent again if no answer comes.
#[derive(Clone, Debug, Default)]
pub struct Patience {
    waiting: BTreeMap<CommandId, Box<Request>>,
}

impl Patience {
    /// Sends a command. Whoever may send it again keeps a copy.
    pub fn send(&mut self, request: Request, ctx: &mut Context<'_>) {
        if request.patient {
            let wait = wait(&ctx.options.order_service.commands, request.attempt);
            ctx.at(ctx.now + wait, Task::Client(ClientTask::TimesOut(request.id, request.attempt)));
            self.waiting.insert(request.id, Box::new(request.clone()));
        }
        travel(request, ctx);
    }

    /// A command has gone to an edge. Whoever may send it again remembers which.
    pub fn note_edge(&mut self, command: CommandId, edge: EdgeId) {
        if let Some(waiting) = self.waiting.get_mut(&command) {
            waiting.headers.edge = Some(edge);
        }
    }

    /// An answer has come: the command that it is the first answer to, if it is.
    pub fn answered(&mut self, command: CommandId) -> Option<Box<Request>> {
        self.waiting.remove(&command)
    }

    /// The service has taken a command in: its sender begins to ask what becomes of it, unless it does already.
    pub fn taken_in(&mut self, request: &Request, ctx: &mut Context<'_>) {
        let Some(waiting) = self.waiting.get_mut(&request.id).filter(|waiting| !waiting.taken_in) else { return };
        waiting.taken_in = true;
        let pause = ctx.options.order_service.commands.poll_every;
        ctx.at(ctx.now + pause, Task::Client(ClientTask::AsksForStatus(request.id, 1)));
    }

    /// Asks what has become of a command, and plans to ask again. True when the sender gives up instead.
    pub fn ask_for_status(&mut self, command: CommandId, number: u16, ctx: &mut Context<'_>) -> bool {
        let Some(waiting) = self.waiting.get(&command) else { return false };
        if number > QUESTIONS_MAX {
            let (of, tries) = (waiting.of, waiting.attempt);
            self.waiting.remove(&command);
            ctx.record(What::Command(Commanding::GivenUp { command, of, tries }));
            return true;
        }
        ctx.record(What::Command(Commanding::StatusAsked { command, number }));
        let question = Request { attempt: number, sent: ctx.now, ..(**waiting).clone() };
        let pause = ctx.options.order_service.commands.poll_every;
        ctx.at(ctx.now + pause, Task::Client(ClientTask::AsksForStatus(command, number + 1)));
        if ctx.options.queries.edges.is_some() {
            ctx.at(ctx.now, Task::Edge(EdgeTask::SetsOut(Load::Status(Box::new(question)))));
            return false;
        }
        let (lost, due) = passage(&question, Hop::Status, ctx);
        if lost {
            ctx.record(What::Between(Exchange::CommandLost { command, attempt: number }));
        } else {
            ctx.at(due, Task::Client(ClientTask::StatusAsked(Box::new(question))));
        }
        false
    }

    /// An answer to this try has not come for a while: sends the command again, unless the answer has come after all. True when
    /// the sender gives up instead.
    pub fn timed_out(&mut self, command: CommandId, attempt: u16, ctx: &mut Context<'_>) -> bool {
        let Some(request) =
            self.waiting.get(&command).filter(|request| request.attempt == attempt && !request.taken_in)
        else {
            return false;
        };
        let (of, name) = (request.of, request.command.name());
        if attempt > u16::from(ctx.options.order_service.commands.retries) {
            self.waiting.remove(&command);
            ctx.record(What::Command(Commanding::GivenUp { command, of, tries: attempt }));
            return true;
        }
        let attempt = attempt + 1;
        let again = Request { attempt, sent: ctx.now, ..(**request).clone() };
        ctx.record(What::Between(Exchange::CommandResent { command, of, name, attempt }));
        self.send(again, ctx);
        false
    }
}

/// How long a sender waits for the answer to a try.
fn wait(api: &CommandApi, attempt: u16) -> Micros {
    let grown = u64::from(api.backoff_factor).saturating_pow(u32::from(attempt) - 1).saturating_mul(api.timeout.0);
    Micros(grown).min(WAIT_MAX).max(api.timeout)
}

/// Puts a command on its way. If it is lost, that is seen when it would have arrived.
fn travel(request: Request, ctx: &mut Context<'_>) {
    if ctx.options.queries.edges.is_some() {
        return ctx.at(ctx.now, Task::Edge(EdgeTask::SetsOut(Load::Command(Box::new(request)))));
    }
    let (lost, due) = passage(&request, Hop::Command, ctx);
    let request = Box::new(request);
    if lost {
        ctx.record(What::Between(Exchange::CommandLost { command: request.id, attempt: request.attempt }));
        ctx.at(due, Task::Client(ClientTask::CommandVanishes(request)));
    } else {
        ctx.at(due, Task::CommandArrives(request));
    }
}

/// Is a shopper's command, or the answer to it, lost on this way; and when does it arrive, or would have?
pub fn passage(request: &Request, hop: Hop, ctx: &Context<'_>) -> (bool, Micros) {
    let settings = &ctx.options.order_service;
    let key = FateKey { purpose: Purpose::Delay, hop, subject: request.subject, attempt: request.attempt };
    let due = ctx.now + ctx.fates.span(key, &settings.client_delay);
    let loses = FateKey { purpose: Purpose::Loss, ..key };
    (ctx.fates.happens(loses, settings.commands.loss, ctx.faults), due)
}
