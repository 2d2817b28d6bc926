//! The payment provider: an outside system that takes money and gives it back, once for each command id if it may remember
//! them.

use crate::kernel::time::Micros;
use crate::shop::ids::{CommandId, OrderId};
use crate::shop::money::Cents;
use crate::system::by_order::ByOrder;
use crate::system::context::Context;
use crate::system::exchange::Exchange;
use crate::system::fate::{Hop, Subject};
use crate::system::link::{Channel, Parcel};
use crate::system::task::Task;
use crate::system::trace::What;

use super::inbox::Inbox;

/// A payment, or a refund, on its way to the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The saga's command.
    pub command: CommandId,
    /// Its name for fates.
    pub subject: Subject,
    /// For which order.
    pub order: OrderId,
    /// How much the customer pays; negative for a refund.
    pub amount: Cents,
    /// Which try, from 1.
    pub attempt: u16,
    /// Was it made by the link?
    pub copy: bool,
    /// When it left.
    pub sent: Micros,
}

/// What was paid for an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// Taken.
    pub charged: Cents,
    /// Given back.
    pub refunded: Cents,
}

/// The provider's books.
#[derive(Clone, Debug, Default)]
pub struct Payments {
    accounts: ByOrder<Account>,
    inbox: Inbox,
}

impl Payments {
    /// Empty books; orders are numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { accounts: ByOrder::from_order(first), inbox: Inbox::default() }
    }

    /// What was paid for an order.
    pub fn account(&self, order: OrderId) -> Account {
        self.accounts.get(order).copied().unwrap_or_default()
    }

    /// Takes or gives back what is asked for, and answers.
    pub fn pay(&mut self, payment: Payment, ctx: &mut Context<'_>) {
        let Payment { command, order, amount, .. } = payment;
        if self.inbox.has(command, ctx) {
            ctx.record(What::Between(Exchange::CommandRepeated { command, of: order.into() }));
        } else {
            self.inbox.note(command, ctx);
            let account = self.accounts.entry(order);
            if amount.0 < 0 {
                account.refunded -= amount;
            } else {
                account.charged += amount;
            }
            ctx.record(What::Between(Exchange::Paid { command, order, refund: amount.0 < 0 }));
        }
        if let Some(due) = answer_due(payment.subject, command, payment.attempt, ctx) {
            ctx.at(due, Task::ReceiptArrives { payment, sent: ctx.now });
        }
    }
}

/// When an answer to the saga arrives, unless it is lost.
pub fn answer_due(subject: Subject, command: CommandId, attempt: u16, ctx: &mut Context<'_>) -> Option<Micros> {
    let parcel = Parcel { subject, hop: Hop::SagaAnswer, attempt };
    let passage = Channel::default().pass(parcel, &ctx.options.saga.link, ctx.fates, ctx.now, ctx.faults);
    if passage.lost {
        ctx.record(What::Between(Exchange::AnswerLost { command, attempt }));
        return None;
    }
    Some(passage.due)
}
