//! One writer for each service: commands are handled one at a time, in the order in which they come [seed 002].

use std::collections::VecDeque;

use crate::kernel::time::Micros;
use crate::shop::command::Command;
use crate::shop::order::command::OrderCommand;
use crate::shop::refusal::Refusal;
use crate::system::context::Context;
use crate::system::exchange::Exchange;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::options::DataAccess;
use crate::system::outage::slowed_by;
use crate::system::place::Service;
use crate::system::queries::message::{Asked, Errand, QueryTask};
use crate::system::synchronous;
use crate::system::task::{Answer, Request, Task};
use crate::system::trace::What;

use super::inbox::Outcome;
use super::payments::answer_due;
use super::saga::courier;

/// The queue in front of a service's one writer.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    queue: VecDeque<Work>,
    busy: bool,
    accepted: u32,
    refused: u32,
}

/// What a writer can be busy with.
#[derive(Clone, Debug)]
enum Work {
    Command(Box<Request>),
    /// Somebody asks for one order.
    Look(Box<Asked>, Errand),
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
    pub fn receive(&mut self, request: Box<Request>, ctx: &mut Context<'_>) {
        self.take(Work::Command(request), ctx);
    }

    /// Takes a question for one order.
    pub fn look(&mut self, asked: Box<Asked>, errand: Errand, ctx: &mut Context<'_>) {
        self.take(Work::Look(asked, errand), ctx);
    }

    /// A question has had its time: goes on with the next.
    pub fn looked(&mut self, ctx: &mut Context<'_>) {
        self.go_on(ctx);
    }

    fn take(&mut self, work: Work, ctx: &mut Context<'_>) {
        if self.busy {
            self.queue.push_back(work);
        } else {
            self.busy = true;
            begin(work, ctx);
        }
    }

    /// Refuses a command that has not reached the writer, and never will.
    pub fn turn_away(&mut self, request: Request, refusal: Refusal, ctx: &mut Context<'_>) {
        self.refused += 1;
        ctx.record(What::CommandRefused { command: request.id, of: request.of, refusal });
        answer(request, Err(refusal), ctx);
    }

    /// A command has come again: repeats the answer and goes on with the next.
    pub fn repeat(&mut self, request: Request, outcome: Outcome, ctx: &mut Context<'_>) {
        ctx.record(What::Between(Exchange::CommandRepeated { command: request.id, of: request.of }));
        answer(request, outcome, ctx);
        self.go_on(ctx);
    }

    /// The service has crashed: what waited is lost, and so is what was being handled.
    pub fn crash(&mut self) -> Vec<Box<Request>> {
        self.busy = false;
        // Whoever has asked misses the answer, and asks again.
        let command = |work| if let Work::Command(request) = work { Some(request) } else { None };
        self.queue.drain(..).filter_map(command).collect()
    }

    /// A command has been decided: answers it and goes on with the next.
    pub fn decided(&mut self, request: Request, outcome: Outcome, ctx: &mut Context<'_>) {
        match outcome {
            Ok(_) => self.accepted += 1,
            Err(refusal) => {
                self.refused += 1;
                ctx.record(What::CommandRefused { command: request.id, of: request.of, refusal });
            }
        }
        answer(request, outcome, ctx);
        self.go_on(ctx);
    }

    /// A command was accepted and its answer has to wait: goes on with the next. Whoever has it says [`answer`] later.
    pub fn accepted_unanswered(&mut self, ctx: &mut Context<'_>) {
        self.accepted += 1;
        self.go_on(ctx);
    }

    fn go_on(&mut self, ctx: &mut Context<'_>) {
        match self.queue.pop_front() {
            Some(next) => begin(next, ctx),
            None => self.busy = false,
        }
    }
}

fn begin(work: Work, ctx: &mut Context<'_>) {
    match work {
        Work::Command(request) => handle_next(request, ctx),
        Work::Look(asked, errand) => {
            let key = asked.key(Purpose::Service, Hop::WriteSideRead);
            let span = ctx.fates.span(key, &ctx.options.order_service.service);
            ctx.at(ctx.now + span, Task::Query(QueryTask::WriteSideLooked(asked, errand)));
        }
    }
}

fn handle_next(request: Box<Request>, ctx: &mut Context<'_>) {
    let (subject, attempt) = (request.subject, request.attempt);
    let key = FateKey { purpose: Purpose::Service, hop: Hop::Handler, subject, attempt };
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
pub fn answer(request: Request, outcome: Outcome, ctx: &mut Context<'_>) {
    if courier::sent(request.id) {
        if let Some(due) = answer_due(request.subject, request.id, request.attempt, ctx) {
            ctx.at(due, Task::AnswerArrives(Box::new(Answer { request, outcome, sent: ctx.now })));
        }
        return;
    }
    let key = FateKey { purpose: Purpose::Delay, hop: Hop::Answer, subject: request.subject, attempt: 1 };
    let due = ctx.now + ctx.fates.span(key, &ctx.options.order_service.client_delay);
    ctx.at(due, Task::AnswerArrives(Box::new(Answer { request, outcome, sent: ctx.now })));
}
