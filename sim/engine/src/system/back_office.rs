//! The back office: the shop's own people change prices and take goods in, while customers order.

use crate::kernel::distribution::Distribution;
use crate::kernel::time::Micros;
use crate::shop::actor::Actor;
use crate::shop::command::Command;
use crate::shop::ids::CommandId;
use crate::shop::money::Cents;
use crate::shop::product::command::ProductCommand;

use super::context::Context;
use super::fate::{FateKey, Hop, Purpose, Subject};
use super::headers::Headers;
use super::options::CatalogueProduct;
use super::task::{Request, Task};
use super::trace::What;

/// What the back office does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Chore {
    /// Change the price of a product.
    ChangePrice,
    /// Take goods in.
    Restock,
}

impl Chore {
    /// Every chore.
    pub const ALL: [Self; 2] = [Self::ChangePrice, Self::Restock];

    fn gap<'a>(self, ctx: &Context<'a>) -> Option<&'a Distribution> {
        let settings = &ctx.options.workload.back_office;
        match self {
            Self::ChangePrice => settings.price_gap.as_ref(),
            Self::Restock => settings.restock_gap.as_ref(),
        }
    }

    /// Chores get subjects of their own, so that they share no fate with the script.
    const fn subjects(self) -> u32 {
        match self {
            Self::ChangePrice => 100_000,
            Self::Restock => 200_000,
        }
    }
}

/// The people of the shop.
#[derive(Clone, Debug, Default)]
pub struct BackOffice {
    done: [u32; 2],
    planned: u32,
    commands_sent: u32,
}

impl BackOffice {
    /// People who have not started; plans their first chores.
    pub fn start(ctx: &mut Context<'_>) -> Self {
        let mut office = Self::default();
        for chore in Chore::ALL {
            office.plan(chore, ctx);
        }
        office
    }

    /// Has nobody anything left to do?
    pub const fn is_finished(&self) -> bool {
        self.planned == 0
    }

    fn plan(&mut self, chore: Chore, ctx: &mut Context<'_>) {
        let Some(gap) = chore.gap(ctx) else { return };
        let Some(item) = self.chosen(chore, ctx) else { return };
        let span = ctx.fates.span(self.key(chore, Purpose::Delay, item), gap);
        let due = ctx.now + span.max(Micros(1));
        if due <= ctx.options.workload.back_office.until {
            self.planned += 1;
            ctx.at(due, Task::Chore(chore));
        }
    }

    fn chosen<'a>(&self, chore: Chore, ctx: &Context<'a>) -> Option<&'a CatalogueProduct> {
        let products = &ctx.options.workload.products;
        let turn = self.done[chore as usize] as usize;
        products.get(turn.checked_rem(products.len())?)
    }

    fn key(&self, chore: Chore, purpose: Purpose, item: &CatalogueProduct) -> FateKey {
        let subject = Subject { of: item.product.into(), n: chore.subjects() + self.done[chore as usize] };
        FateKey { purpose, hop: Hop::Client, subject, attempt: 1 }
    }

    /// Does a planned chore and plans the next.
    pub fn perform(&mut self, chore: Chore, ctx: &mut Context<'_>) {
        self.planned -= 1;
        if let Some(item) = self.chosen(chore, ctx) {
            let key = self.key(chore, Purpose::Choice, item);
            let command = match chore {
                Chore::ChangePrice => {
                    // From four fifths to six fifths of the price in the catalogue.
                    let percent = 80 + i64::from(ctx.fates.pick(key, 41));
                    let price = Cents(item.price_cents.0.saturating_mul(percent) / 100);
                    ProductCommand::ChangePrice { price }
                }
                Chore::Restock => ProductCommand::AdjustInventory { by: 1 + i64::from(ctx.fates.pick(key, 20)) },
            };
            self.send(key.subject, Command::Product(command), ctx);
        }
        self.done[chore as usize] += 1;
        self.plan(chore, ctx);
    }

    fn send(&mut self, subject: Subject, command: Command, ctx: &mut Context<'_>) {
        let id = CommandId(CommandId::BACK_OFFICE.0 + self.commands_sent);
        self.commands_sent += 1;
        ctx.record(What::CommandSent { command: id, of: subject.of, name: command.name() });
        let delay = FateKey { purpose: Purpose::Delay, hop: Hop::Command, subject, attempt: 1 };
        let due = ctx.now + ctx.fates.span(delay, &ctx.options.order_service.client_delay);
        let request = Request {
            id,
            subject,
            of: subject.of,
            command,
            made: None,
            sent: ctx.now,
            attempt: 1,
            learned: None,
            headers: Headers::plain(id, Actor::Staff),
            loaded: None,
            begun_anew: 0,
            begun_after_crash: 0,
            patient: false,
            taken_in: false,
        };
        ctx.at(due, Task::CommandArrives(Box::new(request)));
    }
}

/// Was this command sent by the back office?
pub const fn sent(command: CommandId) -> bool {
    command.0 >= CommandId::BACK_OFFICE.0 && command.0 < CommandId::SAGA.0
}
