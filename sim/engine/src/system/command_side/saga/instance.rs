//! The saga of one order: what was asked, what was answered, and what follows.

use bitcode::{Decode, Encode};
use std::collections::BTreeMap;

use crate::shop::ids::{CommandId, EventId, ProductId, Version};
use crate::shop::money::Cents;
use crate::shop::order::event::Line;

/// Something that the saga lets somebody do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Take the payment.
    Charge(Cents),
    /// Set stock aside.
    Reserve(ProductId, u32),
    /// Confirm the order.
    Confirm,
    /// Reject the order.
    Reject,
    /// Give stock back.
    Release(ProductId),
    /// Give the payment back.
    Refund(Cents),
}

impl Act {
    /// What undoes it, if it leaves anything behind.
    const fn undo(self) -> Option<Self> {
        match self {
            Self::Charge(amount) => Some(Self::Refund(amount)),
            Self::Reserve(product, _) => Some(Self::Release(product)),
            Self::Confirm | Self::Reject | Self::Release(_) | Self::Refund(_) => None,
        }
    }
}

/// One act and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// What is to be done.
    pub act: Act,
    /// How it stands.
    pub state: StepState,
    /// Was its undoing asked for?
    undone: bool,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StepState {
    /// Asked for, and not answered.
    Open,
    /// Done.
    Done,
    /// Refused.
    Failed,
    /// Nobody has answered, and nobody asks any more: it may be done or not.
    GivenUp,
}

/// How far a saga is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Phase {
    /// The order is not known yet.
    #[default]
    Unknown,
    /// Payment and reservations are asked for.
    Working,
    /// All are there; the order is being confirmed.
    Confirming,
    /// What was done is being undone.
    Undoing(Cause),
    /// It has ended well.
    Confirmed,
    /// It has ended, and nothing is left of it.
    Undone(Cause),
    /// It has given up, and how something went is not known: a payment, a reservation or their undoing, while it was being
    /// undone for this reason, or the confirmation where there is none.
    Parked(Option<Cause>),
}

/// Why a saga is undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum Cause {
    /// A product could not be reserved.
    NotReserved(ProductId),
    /// It took too long.
    TimedOut,
    /// The customer has cancelled.
    Cancelled,
    /// Whoever takes payments or sets stock aside has not answered, however often they were asked.
    NoAnswer,
}

/// The saga of one order. Its methods return what has to be asked for next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Instance {
    phase: Phase,
    steps: Vec<Step>,
    cancelled: bool,
    /// The newest version of the order that it has seen.
    pub version: Version,
    /// The event that it took in last.
    pub last_event: Option<EventId>,
    /// The command with which the order's story began.
    pub correlation: CommandId,
}

impl Instance {
    /// How far it is.
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Its steps, in the order in which they were asked for.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The order was placed. A second time changes nothing.
    pub fn placed(&mut self, lines: &[Line], total: Cents) -> Vec<Act> {
        if self.phase != Phase::Unknown {
            return Vec::new();
        }
        if self.cancelled {
            self.phase = Phase::Undone(Cause::Cancelled);
            return Vec::new();
        }
        self.phase = Phase::Working;
        let mut wanted: BTreeMap<ProductId, u32> = BTreeMap::new();
        for line in lines {
            let quantity = wanted.entry(line.product).or_default();
            *quantity = quantity.saturating_add(line.quantity);
        }
        let reserve = wanted.into_iter().map(|(product, quantity)| Act::Reserve(product, quantity));
        let acts: Vec<Act> = [Act::Charge(total)].into_iter().chain(reserve).collect();
        self.ask(acts)
    }

    /// The customer has cancelled the order.
    pub fn cancelled(&mut self) -> Vec<Act> {
        self.cancelled = true;
        match self.phase {
            // The answer to the confirmation will tell which came first.
            Phase::Unknown | Phase::Confirming | Phase::Undoing(_) | Phase::Undone(_) | Phase::Parked(_) => Vec::new(),
            Phase::Working | Phase::Confirmed => self.undo(Cause::Cancelled),
        }
    }

    /// It has taken long enough.
    pub fn timed_out(&mut self) -> Vec<Act> {
        if self.phase == Phase::Working { self.undo(Cause::TimedOut) } else { Vec::new() }
    }

    /// A step was answered. A second answer changes nothing; one that comes after all takes a saga on that was parked.
    pub fn answered(&mut self, step: usize, done: bool) -> Vec<Act> {
        match self.steps.get_mut(step) {
            Some(step) if matches!(step.state, StepState::Open | StepState::GivenUp) => {
                step.state = if done { StepState::Done } else { StepState::Failed };
            }
            _ => return Vec::new(),
        }
        self.phase = match self.phase {
            Phase::Parked(Some(cause)) => Phase::Undoing(cause),
            Phase::Parked(None) => Phase::Confirming,
            phase => phase,
        };
        match (self.phase, self.steps[step].act) {
            (Phase::Working, Act::Reserve(product, _)) if !done => self.undo(Cause::NotReserved(product)),
            (Phase::Working, _) if self.steps.iter().all(|step| step.state == StepState::Done) => {
                self.phase = Phase::Confirming;
                self.ask(vec![Act::Confirm])
            }
            (Phase::Confirming, Act::Confirm) if done && !self.cancelled => {
                self.phase = Phase::Confirmed;
                Vec::new()
            }
            // A confirmation is refused only because the customer was faster.
            (Phase::Confirming, Act::Confirm) => self.undo(Cause::Cancelled),
            (Phase::Undoing(cause), _) => self.go_on_undoing(cause),
            _ => Vec::new(),
        }
    }

    /// A step will not be asked for again, though nobody has answered.
    pub fn given_up(&mut self, step: usize) -> Vec<Act> {
        match self.steps.get_mut(step) {
            Some(step) if step.state == StepState::Open => step.state = StepState::GivenUp,
            _ => return Vec::new(),
        }
        match self.phase {
            Phase::Working => self.undo(Cause::NoAnswer),
            // Undoing an order that is confirmed would be as wrong as keeping the money for one that is not.
            Phase::Confirming => {
                self.phase = Phase::Parked(None);
                Vec::new()
            }
            Phase::Undoing(cause) => self.go_on_undoing(cause),
            _ => Vec::new(),
        }
    }

    fn undo(&mut self, cause: Cause) -> Vec<Act> {
        self.phase = Phase::Undoing(cause);
        // A customer who cancels has told the Order Service already.
        let reject = if cause == Cause::Cancelled { Vec::new() } else { self.ask(vec![Act::Reject]) };
        reject.into_iter().chain(self.go_on_undoing(cause)).collect()
    }

    /// Undoes what is known to be done. What is not answered yet waits: undoing it too early would leave it done.
    fn go_on_undoing(&mut self, cause: Cause) -> Vec<Act> {
        let mut acts = Vec::new();
        for step in &mut self.steps {
            if let (StepState::Done, false, Some(undo)) = (step.state, step.undone, step.act.undo()) {
                step.undone = true;
                acts.push(undo);
            }
        }
        let acts = self.ask(acts);
        let is_any = |state: StepState| self.steps.iter().any(|step| step.state == state);
        if !is_any(StepState::Open) {
            self.phase = if is_any(StepState::GivenUp) { Phase::Parked(Some(cause)) } else { Phase::Undone(cause) };
        }
        acts
    }

    fn ask(&mut self, acts: Vec<Act>) -> Vec<Act> {
        self.steps.extend(acts.iter().map(|act| Step { act: *act, state: StepState::Open, undone: false }));
        acts
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Cause, Cents, Instance, Line, Phase, ProductId};

    const ONE: ProductId = ProductId(1);
    const TWO: ProductId = ProductId(2);

    fn line(product: ProductId, quantity: u32) -> Line {
        Line { number: 1, product, quantity, price: Cents(1_000) }
    }

    fn placed() -> Instance {
        let mut instance = Instance::default();
        let acts = instance.placed(&[line(ONE, 1), line(TWO, 2), line(ONE, 3)], Cents(6_000));
        assert_eq!(acts, [Act::Charge(Cents(6_000)), Act::Reserve(ONE, 4), Act::Reserve(TWO, 2)]);
        instance
    }

    #[test]
    fn when_all_is_done_the_order_is_confirmed() {
        let mut instance = placed();
        assert_eq!(instance.answered(0, true), []);
        assert_eq!(instance.answered(1, true), []);
        assert_eq!(instance.answered(2, true), [Act::Confirm]);
        assert_eq!(instance.answered(3, true), []);
        assert_eq!(instance.phase(), Phase::Confirmed);
    }

    #[test]
    fn what_is_not_there_undoes_what_was_done_and_waits_for_the_rest() {
        let mut instance = placed();
        instance.answered(0, true);
        assert_eq!(instance.answered(1, false), [Act::Reject, Act::Refund(Cents(6_000))]);
        // The answer about the second product comes late, and it was reserved.
        assert_eq!(instance.answered(2, true), [Act::Release(TWO)]);
        for step in 3..=5 {
            assert_eq!(instance.phase(), Phase::Undoing(Cause::NotReserved(ONE)));
            assert_eq!(instance.answered(step, true), []);
        }
        assert_eq!(instance.phase(), Phase::Undone(Cause::NotReserved(ONE)));
    }

    #[test]
    fn a_repeated_event_or_answer_changes_nothing() {
        let mut instance = placed();
        assert_eq!(instance.placed(&[line(ONE, 1)], Cents(1_000)), []);
        instance.answered(0, true);
        let before = instance.clone();
        assert_eq!(instance.answered(0, false), []);
        assert_eq!(instance, before);
    }

    #[test]
    fn a_time_out_undoes_only_what_is_not_complete() {
        let mut instance = placed();
        instance.answered(1, true);
        assert_eq!(instance.timed_out(), [Act::Reject, Act::Release(ONE)]);
        let mut complete = placed();
        for step in 0..=2 {
            complete.answered(step, true);
        }
        assert_eq!(complete.timed_out(), []);
    }

    #[test]
    fn who_gives_up_undoes_what_is_known_and_is_parked_with_the_rest() {
        let mut instance = placed();
        instance.answered(0, true);
        instance.answered(2, true);
        // Whether the first product is set aside, nobody says.
        assert_eq!(instance.given_up(1), [Act::Reject, Act::Refund(Cents(6_000)), Act::Release(TWO)]);
        assert_eq!(instance.given_up(1), [], "once is enough");
        for step in 3..=5 {
            assert_eq!(instance.phase(), Phase::Undoing(Cause::NoAnswer));
            instance.answered(step, true);
        }
        assert_eq!(instance.phase(), Phase::Parked(Some(Cause::NoAnswer)));
        let mut without = instance.clone();
        assert_eq!(instance.answered(1, true), [Act::Release(ONE)], "it was, and is given back");
        assert_eq!(instance.phase(), Phase::Undoing(Cause::NoAnswer));
        instance.answered(6, true);
        assert_eq!(instance.phase(), Phase::Undone(Cause::NoAnswer));
        assert_eq!(without.answered(1, false), []);
        assert_eq!(without.phase(), Phase::Undone(Cause::NoAnswer));
    }

    #[test]
    fn a_confirmation_without_an_answer_is_neither_taken_for_granted_nor_undone() {
        let mut instance = placed();
        for step in 0..=2 {
            instance.answered(step, true);
        }
        assert_eq!(instance.given_up(3), []);
        assert_eq!(instance.phase(), Phase::Parked(None));
        let mut refused = instance.clone();
        assert_eq!(instance.answered(3, true), []);
        assert_eq!(instance.phase(), Phase::Confirmed, "the answer has come after all");
        refused.cancelled();
        assert_eq!(refused.answered(3, false).len(), 3);
        assert_eq!(refused.phase(), Phase::Undoing(Cause::Cancelled));
    }

    #[test]
    fn a_customer_who_cancels_gets_everything_back() {
        let mut before = Instance::default();
        assert_eq!(before.cancelled(), []);
        assert_eq!(before.placed(&[line(ONE, 1)], Cents(1_000)), []);
        assert_eq!(before.phase(), Phase::Undone(Cause::Cancelled));

        let mut during = placed();
        for step in 0..=2 {
            during.answered(step, true);
        }
        assert_eq!(during.cancelled(), [], "the answer to the confirmation tells which came first");
        let undo = [Act::Refund(Cents(6_000)), Act::Release(ONE), Act::Release(TWO)];
        assert_eq!(during.clone().answered(3, false), undo);
        assert_eq!(during.answered(3, true), undo);
    }
}
