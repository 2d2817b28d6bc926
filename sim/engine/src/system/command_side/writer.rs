//! The queue in front of each service: commands are begun in the order in which they come, one at a time or several [seed 002].

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::command::Command;
use crate::shop::ids::{CommandId, EventId, Version};
use crate::shop::order::command::OrderCommand;
use crate::shop::refusal::Refusal;
use crate::system::by_command::ByCommand;
use crate::system::client_task::ClientTask;
use crate::system::commanding::Commanding;
use crate::system::context::Context;
use crate::system::edges::load::Load;
use crate::system::event_store::EventStore;
use crate::system::exchange::Exchange;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::{Answers, Concurrency, DataAccess};
use crate::system::outage::slowed_by;
use crate::system::patience::passage;
use crate::system::place::Service;
use crate::system::queries::call::{self, Call};
use crate::system::queries::composing::Composing;
use crate::system::queries::message::{Asked, Errand, QueryTask};
use crate::system::task::{Answer, Request, Task};
use crate::system::trace::What;
use crate::system::unheard::Unheard;
use crate::system::{back_office, edges, synchronous};

use super::inbox::Outcome;
use super::payments::answer_due;
use super::saga::courier;

/// The queue in front of a service's handlers.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    queue: VecDeque<Work>,
    /// How many commands are being handled.
    busy: u8,
    /// What has become of commands that were taken in.
    decided: ByCommand<Option<(Outcome, Option<Version>)>>,
    accepted: u32,
    refused: u32,
}

/// What a handler can be busy with.
#[derive(Clone, Debug)]
pub enum Work {
    /// A command.
    Command(Box<Request>),
    /// Somebody asks for one order.
    Look(Box<Asked>, Errand),
    /// The gateway that composes answers asks for something.
    Call(Box<Call>),
}

impl Writer {
    /// How many commands were accepted and refused.
    pub const fn answered(&self) -> (u32, u32) {
        (self.accepted, self.refused)
    }

    /// How many commands and questions wait or are being handled.
    pub fn waiting(&self) -> usize {
        self.queue.len() + usize::from(self.busy)
    }

    /// Takes a command that has arrived.
    pub fn receive(&mut self, mut request: Box<Request>, store: &EventStore, ctx: &mut Context<'_>) {
        if ctx.options.order_service.answers == Answers::Accepted && request.patient {
            self.take_in(&request, store, ctx);
            request.taken_in = true;
        }
        self.queue.push_back(Work::Command(request));
    }

    /// Takes a question for one order.
    pub fn look(&mut self, asked: Box<Asked>, errand: Errand) {
        self.queue.push_back(Work::Look(asked, errand));
    }

    /// Takes a call from the gateway that composes answers.
    pub fn call(&mut self, call: Box<Call>) {
        self.queue.push_back(Work::Call(call));
    }

    /// A question or a call has had its time, and its handler is free.
    pub const fn looked(&mut self) {
        self.busy -= 1;
    }

    /// Saves a command to decide it later, and says so to its sender.
    fn take_in(&self, request: &Request, store: &EventStore, ctx: &mut Context<'_>) {
        let expected = EventId(u32::try_from(store.len() + self.waiting() + 1).unwrap_or(u32::MAX));
        let (command, of, attempt) = (request.id, request.of, request.attempt);
        ctx.record(What::Command(Commanding::TakenIn { command, of, expected }));
        let word = Box::new(Request { sent: ctx.now, ..request.clone() });
        if let Some(edge) = request.headers.edge {
            return edges::answer(Load::TakenIn(word), edge, Micros::ZERO, ctx);
        }
        let (lost, due) = passage(request, Hop::Answer, ctx);
        if lost {
            ctx.record(What::Between(Exchange::AnswerLost { command, attempt }));
        } else {
            ctx.at(due, Task::Client(ClientTask::TakenInArrives(word)));
        }
    }

    /// Says what has become of a command that was taken in.
    pub fn tell_status(&self, mut question: Request, ctx: &mut Context<'_>) {
        question.taken_in = true;
        match self.decided.get(question.id).copied().flatten() {
            Some((outcome, version)) => send(question, Hop::StatusAnswer, outcome, version, ctx),
            None => ctx.record(What::Command(Commanding::StillPending { command: question.id })),
        }
    }

    /// After a crash: commands that were taken in wait again, first come, first begun. The others are lost.
    pub fn put_back(&mut self, handled: Vec<Box<Request>>) -> Vec<Box<Request>> {
        let (saved, lost): (Vec<_>, Vec<_>) = handled.into_iter().partition(|request| request.taken_in);
        for request in saved.into_iter().rev() {
            // What was decided in the transaction that the crash came after is not begun again.
            if self.decided.get(request.id).copied().flatten().is_none() {
                self.queue.push_front(Work::Command(request));
            }
        }
        lost
    }

    /// The command or question to be begun next, if a handler is free for it.
    pub fn next(&mut self, ctx: &Context<'_>) -> Option<Work> {
        let settings = &ctx.options.order_service;
        let handlers = if settings.concurrency == Concurrency::SingleWriter { 1 } else { settings.writers };
        let next = if self.busy < handlers { self.queue.pop_front() } else { None };
        self.busy += u8::from(next.is_some());
        next
    }

    /// Refuses a command that has not reached the writer, and never will.
    pub fn turn_away(&mut self, request: Request, refusal: Refusal, ctx: &mut Context<'_>) {
        self.refused += 1;
        ctx.record(What::CommandRefused { command: request.id, of: request.of, refusal });
        self.answer(request, Err(refusal), None, ctx);
    }

    /// A command has come again: repeats the answer, and its handler is free.
    pub fn repeat(&mut self, request: Request, outcome: Outcome, version: Option<Version>, ctx: &mut Context<'_>) {
        self.busy -= 1;
        ctx.record(What::Between(Exchange::CommandRepeated { command: request.id, of: request.of }));
        self.answer(request, outcome, version, ctx);
    }

    /// The service has crashed: what waited is lost, and so is what was being handled. What was taken in is saved.
    pub fn crash(&mut self, service: Service, ctx: &mut Context<'_>) -> Vec<Box<Request>> {
        self.busy = 0;
        let mut waited = Vec::new();
        for work in self.queue.drain(..) {
            match work {
                Work::Command(request) => waited.push(request),
                // Whoever has asked misses the answer, and asks again.
                Work::Look(asked, _) => ctx.record(What::Unheard(Unheard::Query { query: asked.id, service })),
                Work::Call(call) => call::record(Composing::Unheard { query: call.query, service }, ctx),
            }
        }
        self.put_back(waited)
    }

    /// A command has been decided: answers it, and its handler is free.
    pub fn decided(&mut self, request: Request, outcome: Outcome, version: Option<Version>, ctx: &mut Context<'_>) {
        self.busy -= 1;
        match outcome {
            Ok(_) => self.accepted += 1,
            Err(refusal) => {
                self.refused += 1;
                ctx.record(What::CommandRefused { command: request.id, of: request.of, refusal });
            }
        }
        self.answer(request, outcome, version, ctx);
    }

    /// A command was accepted and its answer has to wait: its handler is free. Whoever has it says [`answer`] later.
    pub const fn accepted_unanswered(&mut self) {
        self.busy -= 1;
        self.accepted += 1;
    }

    /// Answers a command. Of one that was taken in, the outcome is kept until somebody asks for it.
    fn answer(&mut self, request: Request, outcome: Outcome, version: Option<Version>, ctx: &mut Context<'_>) {
        if request.taken_in {
            self.settle(request.id, outcome, version);
        } else {
            answer(request, outcome, version, ctx);
        }
    }

    /// Keeps what has become of a command that was taken in. That is part of the transaction that decides it.
    pub fn settle(&mut self, command: CommandId, outcome: Outcome, version: Option<Version>) {
        *self.decided.entry(command) = Some((outcome, version));
    }
}

/// A handler begins to look for one order: it is busy with it for as long as with a command.
pub fn begin_to_look(asked: Box<Asked>, errand: Errand, ctx: &mut Context<'_>) {
    let key = asked.key(Purpose::Service, Hop::WriteSideRead);
    let span = ctx.fates.span(key, &ctx.options.order_service.service);
    ctx.at(ctx.now + span, Task::Query(QueryTask::WriteSideLooked(asked, errand)));
}

/// A handler begins a command: it is busy with it for a while, and then decides.
pub fn begin(request: Box<Request>, ctx: &mut Context<'_>) {
    let (hop, attempt) = match u16::from(request.begun_anew) {
        0 => (Hop::Handler, request.attempt),
        anew => (Hop::HandlerAnew, request.attempt.saturating_sub(1).saturating_mul(16).saturating_add(anew)),
    };
    let key = FateKey { purpose: Purpose::Service, hop, subject: request.subject, attempt };
    let service = match Service::of(request.of) {
        Service::Orders => &ctx.options.order_service.service,
        Service::Products => &ctx.options.product_service.service,
        Service::Customers => &ctx.options.customer_service.service,
    };
    let span = ctx.fates.span(key, service)
        + foreign_tables(&request, ctx)
        + slowed_by(Service::of(request.of), ctx)
        + synchronous::span(&request, ctx);
    ctx.at(ctx.now + span, Task::CommandHandled(request));
}

/// What it takes to read other services' tables, where all share one database.
fn foreign_tables(request: &Request, ctx: &Context<'_>) -> Micros {
    let reads = matches!(request.command, Command::Order(OrderCommand::CreateOrder { .. }));
    if !reads || ctx.options.order_service.data_access != DataAccess::SharedDatabase {
        return Micros::ZERO;
    }
    let key = FateKey { purpose: Purpose::Service, hop: Hop::SharedRead, subject: request.subject, attempt: 1 };
    ctx.fates.span(key, &ctx.options.order_service.shared_read)
}

/// Sends the answer to whoever sent the command.
pub fn answer(request: Request, outcome: Outcome, version: Option<Version>, ctx: &mut Context<'_>) {
    if courier::sent(request.id) {
        if let Some(due) = answer_due(request.subject, request.id, request.attempt, ctx) {
            ctx.at(due, Task::AnswerArrives(Box::new(Answer { request, outcome, version, sent: ctx.now })));
        }
    } else {
        send(request, Hop::Answer, outcome, version, ctx);
    }
}

fn send(request: Request, hop: Hop, outcome: Outcome, version: Option<Version>, ctx: &mut Context<'_>) {
    let (command, attempt) = (request.id, request.attempt);
    let (edge, (lost, due)) = (request.headers.edge, passage(&request, hop, ctx));
    let answer = Box::new(Answer { request, outcome, version, sent: ctx.now });
    if let Some(edge) = edge {
        return edges::answer(Load::Answer(answer), edge, Micros::ZERO, ctx);
    }
    if lost && !back_office::sent(command) {
        ctx.record(What::Between(Exchange::AnswerLost { command, attempt }));
        ctx.at(due, Task::Client(ClientTask::AnswerVanishes(answer)));
    } else {
        ctx.at(due, Task::AnswerArrives(answer));
    }
}
