//! The command handler of the Order Service: one writer, one command at a time [seed 002].
//!
//! Saving the order and putting its event into the outbox is one step of the world: one transaction.

use std::collections::VecDeque;

use crate::shop::event::Recorded;
use crate::shop::ids::EventId;
use crate::shop::order::Order;
use crate::shop::refusal::Refusal;
use crate::system::by_order::ByOrder;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::fate::{FateKey, Hop, Purpose};
use crate::system::task::{Answer, Request, Task};
use crate::system::trace::What;

use super::outbox::Outbox;

/// The command handler and its write store.
#[derive(Clone, Debug)]
pub struct OrderService {
    orders: ByOrder<Order>,
    /// Commands that wait for the writer.
    queue: VecDeque<Box<Request>>,
    busy: bool,
    accepted: u32,
    refused: u32,
}

impl OrderService {
    /// A service without orders; they will be numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { orders: ByOrder::from_order(first), queue: VecDeque::new(), busy: false, accepted: 0, refused: 0 }
    }

    /// The write store.
    pub const fn orders(&self) -> &ByOrder<Order> {
        &self.orders
    }

    /// How many commands were accepted and refused.
    pub const fn answered(&self) -> (u32, u32) {
        (self.accepted, self.refused)
    }

    /// How many commands wait or are being handled.
    pub fn waiting(&self) -> usize {
        self.queue.len() + usize::from(self.busy)
    }

    /// Takes a command that has arrived.
    pub fn receive(&mut self, request: Box<Request>, ctx: &mut Context<'_>) {
        if self.busy {
            self.queue.push_back(request);
        } else {
            self.busy = true;
            handle_next(request, ctx);
        }
    }

    /// Decides, commits, answers, and goes on with the next command.
    pub fn handled(
        &mut self,
        request: Box<Request>,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) {
        let outcome = self.decide(&request, store, outbox, ctx);
        answer(*request, outcome, ctx);
        match self.queue.pop_front() {
            Some(next) => handle_next(next, ctx),
            None => self.busy = false,
        }
    }

    fn decide(
        &mut self,
        request: &Request,
        store: &mut EventStore,
        outbox: &mut Outbox,
        ctx: &mut Context<'_>,
    ) -> Result<EventId, Refusal> {
        let order = self.orders.entry(request.order);
        match order.decide(&request.command) {
            Ok(event) => {
                order.apply(&event);
                let version = order.version;
                let id = store.append(ctx.now, request.id, Recorded { order: request.order, version, event });
                self.accepted += 1;
                ctx.record(What::Committed { event: id, command: request.id, order: request.order, version });
                outbox.add(id, request.subject, ctx);
                Ok(id)
            }
            Err(refusal) => {
                self.refused += 1;
                ctx.record(What::CommandRefused { command: request.id, order: request.order, refusal });
                Err(refusal)
            }
        }
    }
}

fn handle_next(request: Box<Request>, ctx: &mut Context<'_>) {
    let key = FateKey { purpose: Purpose::Service, hop: Hop::Handler, subject: request.subject, attempt: 1 };
    let service = ctx.fates.span(key, &ctx.options.order_service.service);
    ctx.at(ctx.now + service, Task::CommandHandled(request));
}

fn answer(request: Request, outcome: Result<EventId, Refusal>, ctx: &mut Context<'_>) {
    let key = FateKey { purpose: Purpose::Delay, hop: Hop::Answer, subject: request.subject, attempt: 1 };
    let due = ctx.now + ctx.fates.span(key, &ctx.options.order_service.client_delay);
    ctx.at(due, Task::AnswerArrives(Box::new(Answer { request, outcome, sent: ctx.now })));
}
