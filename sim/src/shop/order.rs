//! The Order aggregate [seed 001]: `decide` holds every rule, `apply` only records what was decided.

use std::sync::Arc;

use super::command::Command;
use super::event::{Event, Line};
use super::ids::{CustomerId, Version};
use super::money::Cents;
use super::refusal::Refusal;
use super::status::Status;

/// The least that an order may cost [seed 001].
pub const MINIMUM_TOTAL: Cents = Cents(1_000);
/// The most lines an order may have; keeps a row small.
pub const LINES_MAX: usize = 32;

/// An order as the command side knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Order {
    /// How many events it has had; 0 means that it does not exist yet.
    pub version: Version,
    /// Where it stands.
    pub status: Status,
    /// Who ordered.
    pub customer: CustomerId,
    /// Its lines.
    pub lines: Arc<[Line]>,
    /// The number that the next line gets.
    pub next_line: u8,
}

impl Order {
    /// What the order costs: the sum of price times quantity.
    pub fn total(&self) -> Cents {
        self.lines.iter().map(Line::total).sum()
    }

    /// How many units it holds.
    pub fn units(&self) -> i64 {
        self.lines.iter().map(|line| i64::from(line.quantity)).sum()
    }

    /// What happens if this command is carried out, or the rule that forbids it.
    ///
    /// # Errors
    /// The first rule that the command would break.
    pub fn decide(&self, command: &Command) -> Result<Event, Refusal> {
        match command {
            Command::CreateOrder { customer, lines } => self.create(*customer, lines),
            _ if self.version == 0 => Err(Refusal::NoSuchOrder),
            Command::AddItem { line } => self.add(*line),
            Command::RemoveItem { number } => self.remove(*number),
            Command::CancelOrder => {
                self.must_be_open()?;
                Ok(Event::OrderCancelled { units: self.units(), total: self.total() })
            }
            Command::ConfirmOrder => self.while_pending(Event::OrderConfirmed),
            Command::RejectOrder => {
                self.while_pending(Event::OrderRejected { units: self.units(), total: self.total() })
            }
            Command::ShipOrder => self.must_be_open().map(|()| Event::OrderShipped),
            Command::DeliverOrder if self.status == Status::Shipped => Ok(Event::OrderDelivered),
            Command::DeliverOrder => Err(Refusal::NotWhile(self.status)),
        }
    }

    fn create(&self, customer: CustomerId, lines: &Arc<[Line]>) -> Result<Event, Refusal> {
        if self.version > 0 {
            return Err(Refusal::AlreadyExists);
        }
        if lines.is_empty() {
            return Err(Refusal::NoItems);
        }
        if lines.len() > LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        if lines.iter().any(|line| line.quantity == 0) {
            return Err(Refusal::NoQuantity);
        }
        let total = lines.iter().map(Line::total).sum();
        match Refusal::below_minimum(total) {
            Some(refusal) => Err(refusal),
            None => Ok(Event::OrderCreated { customer, lines: Arc::clone(lines), total }),
        }
    }

    fn add(&self, line: Line) -> Result<Event, Refusal> {
        self.must_be_open()?;
        if line.quantity == 0 {
            return Err(Refusal::NoQuantity);
        }
        if usize::from(self.next_line) > LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        Ok(Event::ItemAdded { line: Line { number: self.next_line, ..line } })
    }

    fn remove(&self, number: u8) -> Result<Event, Refusal> {
        self.must_be_open()?;
        let line = *self.lines.iter().find(|line| line.number == number).ok_or(Refusal::NoSuchLine)?;
        if self.lines.len() == 1 {
            return Err(Refusal::NoItems);
        }
        match Refusal::below_minimum(self.total() - line.total()) {
            Some(refusal) => Err(refusal),
            None => Ok(Event::ItemRemoved { line }),
        }
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.status.is_open() { Ok(()) } else { Err(Refusal::NotWhile(self.status)) }
    }

    fn while_pending(&self, event: Event) -> Result<Event, Refusal> {
        if self.status == Status::Pending { Ok(event) } else { Err(Refusal::NotWhile(self.status)) }
    }

    /// Records an event.
    pub fn apply(&mut self, event: &Event) {
        self.version += 1;
        match event {
            Event::OrderCreated { customer, lines, .. } => {
                self.customer = *customer;
                self.lines = Arc::clone(lines);
                self.next_line = lines.iter().map(|line| line.number).max().unwrap_or(0) + 1;
            }
            Event::ItemAdded { line } => {
                self.lines = self.lines.iter().chain([line]).copied().collect();
                self.next_line = line.number + 1;
            }
            Event::ItemRemoved { line } => {
                self.lines = self.lines.iter().filter(|kept| kept.number != line.number).copied().collect();
            }
            Event::OrderCancelled { .. } => self.status = Status::Cancelled,
            Event::OrderConfirmed => self.status = Status::Confirmed,
            Event::OrderRejected { .. } => self.status = Status::Rejected,
            Event::OrderShipped => self.status = Status::Shipped,
            Event::OrderDelivered => self.status = Status::Delivered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cents, Command, CustomerId, Event, Line, Order, Refusal, Status};
    use crate::shop::ids::ProductId;

    fn line(number: u8, quantity: u32, cents: i64) -> Line {
        Line { number, product: ProductId(100), quantity, price: Cents(cents) }
    }

    fn create(lines: &[Line]) -> Command {
        Command::CreateOrder { customer: CustomerId(123), lines: lines.into() }
    }

    fn created(lines: &[Line]) -> Event {
        let total = lines.iter().map(Line::total).sum();
        Event::OrderCreated { customer: CustomerId(123), lines: lines.into(), total }
    }

    /// Given these events, when this command comes, then this is decided.
    #[track_caller]
    fn check(given: &[Event], when: &Command, then: Result<Event, Refusal>) {
        let mut order = Order::default();
        for event in given {
            order.apply(event);
        }
        assert_eq!(order.decide(when), then);
    }

    #[test]
    fn an_order_is_created_with_its_total() {
        let lines = [line(1, 2, 4_999)];
        check(&[], &create(&lines), Ok(created(&lines)));
    }

    #[test]
    fn an_order_needs_items_with_quantities() {
        check(&[], &create(&[]), Err(Refusal::NoItems));
        check(&[], &create(&[line(1, 0, 4_999)]), Err(Refusal::NoQuantity));
    }

    #[test]
    fn ten_dollars_are_the_least() {
        check(&[], &create(&[line(1, 1, 999)]), Err(Refusal::MinimumOrder));
        check(&[], &create(&[line(1, 1, 1_000)]), Ok(created(&[line(1, 1, 1_000)])));
    }

    #[test]
    fn taking_out_an_item_keeps_to_the_same_rules() {
        let two = [line(1, 1, 1_500), line(2, 1, 300)];
        let remove = |number| Command::RemoveItem { number };
        check(&[created(&two)], &remove(2), Ok(Event::ItemRemoved { line: two[1] }));
        check(&[created(&two)], &remove(1), Err(Refusal::MinimumOrder));
        check(&[created(&two)], &remove(9), Err(Refusal::NoSuchLine));
        check(&[created(&two[..1])], &remove(1), Err(Refusal::NoItems));
    }

    #[test]
    fn lines_are_numbered_by_the_order_and_never_again() {
        let two = [line(1, 1, 1_500), line(2, 1, 1_500)];
        let given = [created(&two), Event::ItemRemoved { line: two[1] }];
        check(&given, &Command::AddItem { line: line(0, 3, 500) }, Ok(Event::ItemAdded { line: line(3, 3, 500) }));
    }

    #[test]
    fn a_shipped_order_can_not_be_cancelled() {
        let given = [created(&[line(1, 1, 2_000)]), Event::OrderShipped];
        check(&given, &Command::CancelOrder, Err(Refusal::NotWhile(Status::Shipped)));
    }

    #[test]
    fn a_cancellation_says_what_no_longer_counts() {
        let given = [created(&[line(1, 2, 2_000)]), Event::ItemAdded { line: line(2, 1, 500) }];
        check(&given, &Command::CancelOrder, Ok(Event::OrderCancelled { units: 3, total: Cents(4_500) }));
    }

    #[test]
    fn illegal_transitions_are_refused() {
        let placed = created(&[line(1, 1, 2_000)]);
        check(&[], &Command::ShipOrder, Err(Refusal::NoSuchOrder));
        check(core::slice::from_ref(&placed), &create(&[line(1, 1, 2_000)]), Err(Refusal::AlreadyExists));
        check(core::slice::from_ref(&placed), &Command::DeliverOrder, Err(Refusal::NotWhile(Status::Pending)));
        check(&[placed.clone(), Event::OrderShipped], &Command::ConfirmOrder, Err(Refusal::NotWhile(Status::Shipped)));
        let cancelled = Event::OrderCancelled { units: 1, total: Cents(2_000) };
        check(&[placed, cancelled], &Command::ShipOrder, Err(Refusal::NotWhile(Status::Cancelled)));
    }

    #[test]
    fn the_saga_confirms_or_rejects_a_pending_order() {
        let placed = created(&[line(1, 1, 2_000)]);
        check(core::slice::from_ref(&placed), &Command::ConfirmOrder, Ok(Event::OrderConfirmed));
        check(
            core::slice::from_ref(&placed),
            &Command::RejectOrder,
            Ok(Event::OrderRejected { units: 1, total: Cents(2_000) }),
        );
        check(&[placed, Event::OrderConfirmed], &Command::ShipOrder, Ok(Event::OrderShipped));
    }
}
