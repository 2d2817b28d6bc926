//! The sagas of all orders, in one store with the commands that they have decided to send.
//!
//! Taking an event in and deciding on commands is one transaction; sending them follows. So a crash repeats or delays, and
//! what an instance has decided is never lost.

use crate::kernel::pages::Pages;
use crate::shop::aggregate::Aggregate;
use crate::shop::event::Recorded;
use crate::shop::ids::{CommandId, EventId, OrderId, Version};
use crate::shop::order::event::OrderEvent;
use crate::system::by_order::ByOrder;
use crate::system::consumer::target::{Applying, Target};
use crate::system::headers::Trail;

use super::instance::{Act, Instance, Phase, StepState};

/// One command of the saga: a step of an order's saga.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Assignment {
    /// Of which order.
    pub order: OrderId,
    /// Which of its steps, from 0.
    pub step: usize,
    /// What is to be done.
    pub act: Act,
    /// Where it comes from.
    pub trail: Trail,
}

/// A saga that has come to another phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Turn {
    /// Of which order.
    pub order: OrderId,
    /// The phase that it has come to.
    pub phase: Phase,
}

/// The sagas, and what they have decided and nobody has sent yet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SagaTable {
    instances: ByOrder<Instance>,
    /// Every command so far; the first has the id [`CommandId::SAGA`].
    commands: Pages<Option<Assignment>>,
    unsent: Vec<CommandId>,
    turns: Vec<Turn>,
    started: u32,
    ended: u32,
    parked: u32,
}

impl SagaTable {
    /// No sagas yet; orders are numbered from `first` on.
    pub fn from_order(first: u32) -> Self {
        Self { instances: ByOrder::from_order(first), ..Self::default() }
    }

    /// The saga of an order.
    pub fn instance(&self, order: OrderId) -> Option<&Instance> {
        self.instances.get(order)
    }

    /// Every saga that has begun.
    pub fn instances(&self) -> impl Iterator<Item = (OrderId, &Instance)> {
        self.instances.iter().filter(|(_, instance)| instance.phase() != Phase::Unknown)
    }

    /// How many have begun, and how many of them are not at an end.
    pub const fn counts(&self) -> (u32, u32) {
        (self.started, self.started - self.ended)
    }

    /// How many are parked: they wait for an answer that nobody asks for any more.
    pub const fn parked(&self) -> u32 {
        self.parked
    }

    /// What a command is for.
    pub fn assignment(&self, command: CommandId) -> Option<Assignment> {
        let row = command.index().checked_sub(CommandId::SAGA.index())?;
        self.commands.get(row).copied().flatten()
    }

    /// Is this command still unanswered?
    pub fn is_open(&self, command: CommandId) -> bool {
        let step = self.assignment(command).and_then(|one| self.instance(one.order)?.steps().get(one.step));
        step.is_some_and(|step| step.state == StepState::Open)
    }

    /// Takes out what was decided since the last time: commands to send, and the turns that sagas have taken.
    pub fn take_decided(&mut self) -> (Vec<CommandId>, Vec<Turn>) {
        (core::mem::take(&mut self.unsent), core::mem::take(&mut self.turns))
    }

    /// A command was answered, with an event if it changed something.
    pub fn answered(&mut self, command: CommandId, done: bool, with: Option<EventId>) {
        if let Some(Assignment { order, step, .. }) = self.assignment(command) {
            self.change(order, with, |instance| instance.answered(step, done));
        }
    }

    /// A command will not be sent again, though nobody has answered.
    pub fn given_up(&mut self, command: CommandId) {
        if let Some(Assignment { order, step, .. }) = self.assignment(command) {
            self.change(order, None, |instance| instance.given_up(step));
        }
    }

    /// An order has taken long enough.
    pub fn timed_out(&mut self, order: OrderId) {
        self.change(order, None, Instance::timed_out);
    }

    /// Changes an order's saga because of an event; where it is because of none, what it does goes back to the last one.
    fn change(&mut self, order: OrderId, by: Option<EventId>, change: impl FnOnce(&mut Instance) -> Vec<Act>) {
        let instance = self.instances.entry(order);
        let before = instance.phase();
        let first = instance.steps().len();
        let acts = change(instance);
        let phase = instance.phase();
        let trail = Trail { correlation: instance.correlation, causation: by.or(instance.last_event) };
        for (step, act) in (first..).zip(acts) {
            let row = self.commands.push(Some(Assignment { order, step, act, trail }));
            self.unsent.push(CommandId(CommandId::SAGA.0 + u32::try_from(row).unwrap_or(u32::MAX - CommandId::SAGA.0)));
        }
        if phase != before {
            self.started += u32::from(before == Phase::Unknown);
            self.ended += u32::from(is_end(phase));
            self.ended -= u32::from(is_end(before));
            self.parked += u32::from(matches!(phase, Phase::Parked(_)));
            self.parked -= u32::from(matches!(before, Phase::Parked(_)));
            self.turns.push(Turn { order, phase });
        }
    }
}

/// Has a saga come to its end in this phase? One that is parked has not: somebody has to find out how things are.
pub const fn is_end(phase: Phase) -> bool {
    matches!(phase, Phase::Confirmed | Phase::Undone(_))
}

impl Target for SagaTable {
    fn row_version(&self, of: Aggregate) -> Version {
        of.order().and_then(|order| self.instance(order)).map_or(0, |instance| instance.version)
    }

    fn last_event(&self, of: Aggregate) -> Option<EventId> {
        of.order().and_then(|order| self.instance(order)).and_then(|instance| instance.last_event)
    }

    fn apply(&mut self, applying: Applying<'_>) -> bool {
        let Applying { event, recorded, correlation, .. } = applying;
        let (Some(order), Some(happened)) = (recorded.of.order(), recorded.event.order()) else { return false };
        let before = self.instance(order).map(Instance::phase);
        self.instances.entry(order).correlation = correlation;
        match happened {
            OrderEvent::OrderCreated { lines, total, .. } => {
                self.change(order, Some(event), |instance| instance.placed(lines, *total));
            }
            OrderEvent::OrderCancelled { .. } => self.change(order, Some(event), Instance::cancelled),
            // The rest it has brought about itself, or it is none of its business.
            _ => {}
        }
        let instance = self.instances.entry(order);
        instance.version = instance.version.max(recorded.version);
        instance.last_event = Some(event);
        before != Some(instance.phase())
    }

    fn refold(&mut self, applying: Applying<'_>, _: &[(EventId, &Recorded)]) -> bool {
        // What was sent can not be unsent, so a history is taken in like a single event.
        self.apply(applying)
    }
}
