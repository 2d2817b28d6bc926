//! The saga's courier: its commands travel like any other and are sent again until they are answered, or it gives up.

use crate::kernel::time::Micros;
use crate::shop::actor::Actor;
use crate::shop::command::Command;
use crate::shop::command_name::CommandName;
use crate::shop::event::Event;
use crate::shop::ids::{CommandId, EventId, OrderId};
use crate::shop::money::Cents;
use crate::shop::order::command::OrderCommand;
use crate::shop::order::status::Status;
use crate::shop::product::command::ProductCommand;
use crate::shop::product::event::ProductEvent;
use crate::shop::refusal::Refusal;
use crate::system::command_side::outbox::patience;
use crate::system::command_side::payments::Payment;
use crate::system::context::Context;
use crate::system::event_store::EventStore;
use crate::system::exchange::Exchange;
use crate::system::fate::{Hop, Purpose, Subject};
use crate::system::headers::Headers;
use crate::system::link::{Channel, Parcel};
use crate::system::task::{Answer, Request, Task};
use crate::system::trace::What;

use super::instance::{Act, Phase};
use super::table::{Assignment, SagaTable};

/// Was this command sent by the saga?
pub const fn sent(command: CommandId) -> bool {
    command.0 >= CommandId::SAGA.0
}

/// Sends what the sagas have decided, and tells of the turns that they have taken.
pub fn dispatch(table: &mut SagaTable, ctx: &mut Context<'_>) {
    let (unsent, turns) = table.take_decided();
    for turn in turns {
        ctx.record(What::Between(Exchange::SagaTurned { order: turn.order, phase: turn.phase }));
        if turn.phase == Phase::Working {
            ctx.at(ctx.now + ctx.options.saga.timeout, Task::SagaTimesOut(turn.order));
        }
    }
    for command in unsent {
        send(table, command, 1, ctx);
    }
}

/// An answer has not come for a while: sends the command again, or gives up on it, unless it has come after all.
pub fn resend(table: &mut SagaTable, command: CommandId, attempt: u16, ctx: &mut Context<'_>) {
    if !table.is_open(command) {
        return;
    }
    if ctx.options.saga.tries_max.is_none_or(|most| attempt < most) {
        return send(table, command, attempt.saturating_add(1), ctx);
    }
    let Some(Assignment { order, act, .. }) = table.assignment(command) else { return };
    let (of, name) = (subject(order, act).of, name(act));
    ctx.record(What::Between(Exchange::CommandGivenUp { command, of, name, tries: attempt }));
    table.given_up(command);
    dispatch(table, ctx);
}

/// An answer has come.
pub fn answered(table: &mut SagaTable, answer: &Answer, store: &EventStore, ctx: &mut Context<'_>) {
    let command = answer.request.id;
    ctx.record(What::Answered { command });
    // Whoever is down, or was busy with another command, will be asked again when the wait for an answer ends.
    let Some(done) = is_done(&answer.request.command, answer.outcome, store) else { return };
    table.answered(command, done, answer.outcome.ok().flatten());
    dispatch(table, ctx);
}

/// A payment was made.
pub fn paid(table: &mut SagaTable, command: CommandId, ctx: &mut Context<'_>) {
    ctx.record(What::Answered { command });
    table.answered(command, true, None);
    dispatch(table, ctx);
}

/// Does this answer mean that what was asked for is so? `None`: it says nothing about that.
fn is_done(command: &Command, outcome: Result<Option<EventId>, Refusal>, store: &EventStore) -> Option<bool> {
    let failed = |event: EventId| {
        let event = &store.event(event).recorded.event;
        matches!(event, Event::Product(ProductEvent::StockReservationFailed { .. }))
    };
    Some(match (command, outcome) {
        (_, Ok(event)) => !event.is_some_and(failed),
        (_, Err(refusal)) if refusal.may_pass() => return None,
        // An earlier try was carried out and nobody remembered its answer.
        (Command::Order(OrderCommand::ConfirmOrder), Err(Refusal::NotWhileOrder(status))) => {
            matches!(status, Status::Confirmed | Status::Shipped | Status::Delivered)
        }
        (_, Err(_)) => false,
    })
}

fn send(table: &SagaTable, command: CommandId, attempt: u16, ctx: &mut Context<'_>) {
    let Some(assignment) = table.assignment(command) else { return };
    let Assignment { order, act, .. } = assignment;
    let subject = subject(order, act);
    let name = name(act);
    ctx.record(if attempt == 1 {
        What::CommandSent { command, of: subject.of, name }
    } else {
        What::Between(Exchange::CommandResent { command, of: subject.of, name, attempt })
    });
    let wait = patience(ctx.options.saga.retry_after, attempt);
    ctx.at(ctx.now + wait, Task::SagaResends(command, attempt));
    let parcel = Parcel { subject, hop: Hop::SagaCommand, attempt };
    // Commands are requests of their own: none waits for another on the way.
    let link = &ctx.options.saga.link;
    let passage = Channel::default().pass(parcel, link, ctx.fates, ctx.now, ctx.faults);
    let task = |copy: bool| on_its_way(command, assignment, Sending { subject, attempt, copy, sent: ctx.now });
    if passage.lost {
        return ctx.record(What::Between(Exchange::CommandLost { command, attempt }));
    }
    ctx.agenda.add(passage.due, task(false));
    if passage.doubled {
        let again = Parcel { attempt: attempt.saturating_add(1), ..parcel };
        let delay = ctx.fates.span(again.key(Purpose::Delay), &link.delay);
        ctx.agenda.add(passage.due + delay, task(true));
        ctx.record(What::Between(Exchange::CommandDoubled { command }));
    }
}

/// One try of a command.
#[derive(Clone, Copy, Debug)]
struct Sending {
    subject: Subject,
    attempt: u16,
    copy: bool,
    sent: Micros,
}

fn on_its_way(command: CommandId, assignment: Assignment, sending: Sending) -> Task {
    let Assignment { order, act, trail, .. } = assignment;
    let Sending { subject, attempt, copy, sent } = sending;
    let asked = match act {
        Act::Charge(amount) => {
            return Task::PaymentArrives(Payment { command, subject, order, amount, attempt, copy, sent });
        }
        Act::Refund(amount) => {
            let amount = Cents(-amount.0);
            return Task::PaymentArrives(Payment { command, subject, order, amount, attempt, copy, sent });
        }
        Act::Reserve(_, quantity) => Command::Product(ProductCommand::ReserveStock { order, quantity }),
        Act::Release(_) => Command::Product(ProductCommand::ReleaseStock { order }),
        Act::Confirm => Command::Order(OrderCommand::ConfirmOrder),
        Act::Reject => Command::Order(OrderCommand::RejectOrder),
    };
    let request = Request {
        id: command,
        subject,
        of: subject.of,
        command: asked,
        made: None,
        sent,
        attempt,
        learned: None,
        headers: Headers { trail, ..Headers::plain(command, Actor::System) },
        loaded: None,
        begun_anew: 0,
        begun_after_crash: 0,
        patient: false,
        taken_in: false,
    };
    Task::CommandArrives(Box::new(request))
}

/// Saga commands get subjects of their own: by order and act, so that they stay the same whatever other orders do.
fn subject(order: OrderId, act: Act) -> Subject {
    const SAGA_SUBJECTS: u32 = 300_000_000;
    match act {
        Act::Reserve(product, _) => Subject { of: product.into(), n: SAGA_SUBJECTS + 2 * order.0 },
        Act::Release(product) => Subject { of: product.into(), n: SAGA_SUBJECTS + 2 * order.0 + 1 },
        Act::Charge(_) => Subject { of: order.into(), n: SAGA_SUBJECTS },
        Act::Confirm => Subject { of: order.into(), n: SAGA_SUBJECTS + 1 },
        Act::Reject => Subject { of: order.into(), n: SAGA_SUBJECTS + 2 },
        Act::Refund(_) => Subject { of: order.into(), n: SAGA_SUBJECTS + 3 },
    }
}

const fn name(act: Act) -> CommandName {
    match act {
        Act::Charge(_) => CommandName::ChargePayment,
        Act::Reserve(..) => CommandName::ReserveStock,
        Act::Confirm => CommandName::ConfirmOrder,
        Act::Reject => CommandName::RejectOrder,
        Act::Release(_) => CommandName::ReleaseStock,
        Act::Refund(_) => CommandName::RefundPayment,
    }
}
