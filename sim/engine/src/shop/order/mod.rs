//! The Order aggregate [seed 001]: `decide` holds every rule, `apply` only records what was decided.

use std::sync::Arc;

use crate::shop::ids::{CustomerId, Version};
use crate::shop::money::Cents;
use crate::shop::refusal::Refusal;

use self::bounds::{LINES_MAX, MINIMUM_TOTAL};
use self::command::OrderCommand;
use self::event::{Line, OrderEvent};
use self::status::Status;

pub mod bounds;
pub mod command;
pub mod event;
pub mod status;

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
    pub fn decide(&self, command: &OrderCommand) -> Result<OrderEvent, Refusal> {
        match command {
            OrderCommand::CreateOrder { customer, lines } => self.create(*customer, lines),
            _ if self.version == 0 => Err(Refusal::NoSuchOrder),
            OrderCommand::AddItem { line } => self.add(*line),
            OrderCommand::RemoveItem { number } => self.remove(*number),
            OrderCommand::CancelOrder => {
                self.must_be_open()?;
                Ok(OrderEvent::OrderCancelled { units: self.units(), total: self.total() })
            }
            OrderCommand::ConfirmOrder => self.while_pending(OrderEvent::OrderConfirmed),
            OrderCommand::RejectOrder => {
                self.while_pending(OrderEvent::OrderRejected { units: self.units(), total: self.total() })
            }
            OrderCommand::ShipOrder => self.must_be_open().map(|()| OrderEvent::OrderShipped),
            OrderCommand::DeliverOrder if self.status == Status::Shipped => Ok(OrderEvent::OrderDelivered),
            OrderCommand::DeliverOrder => Err(Refusal::NotWhileOrder(self.status)),
        }
    }

    fn create(&self, customer: CustomerId, lines: &Arc<[Line]>) -> Result<OrderEvent, Refusal> {
        if self.version > 0 {
            return Err(Refusal::OrderAlreadyExists);
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
        match below_minimum(total) {
            Some(refusal) => Err(refusal),
            None => Ok(OrderEvent::OrderCreated { customer, lines: Arc::clone(lines), total }),
        }
    }

    fn add(&self, line: Line) -> Result<OrderEvent, Refusal> {
        self.must_be_open()?;
        if line.quantity == 0 {
            return Err(Refusal::NoQuantity);
        }
        if usize::from(self.next_line) > LINES_MAX {
            return Err(Refusal::TooManyLines);
        }
        Ok(OrderEvent::ItemAdded { line: Line { number: self.next_line, ..line } })
    }

    fn remove(&self, number: u8) -> Result<OrderEvent, Refusal> {
        self.must_be_open()?;
        let line = *self.lines.iter().find(|line| line.number == number).ok_or(Refusal::NoSuchLine)?;
        if self.lines.len() == 1 {
            return Err(Refusal::NoItems);
        }
        match below_minimum(self.total() - line.total()) {
            Some(refusal) => Err(refusal),
            None => Ok(OrderEvent::ItemRemoved { line }),
        }
    }

    fn must_be_open(&self) -> Result<(), Refusal> {
        if self.status.is_open() { Ok(()) } else { Err(Refusal::NotWhileOrder(self.status)) }
    }

    fn while_pending(&self, event: OrderEvent) -> Result<OrderEvent, Refusal> {
        if self.status == Status::Pending { Ok(event) } else { Err(Refusal::NotWhileOrder(self.status)) }
    }

    /// Records an event.
    pub fn apply(&mut self, event: &OrderEvent) {
        self.version += 1;
        match event {
            OrderEvent::OrderCreated { customer, lines, .. } => {
                self.customer = *customer;
                self.lines = Arc::clone(lines);
                self.next_line = lines.iter().map(|line| line.number).max().unwrap_or(0) + 1;
            }
            OrderEvent::ItemAdded { line } => {
                self.lines = self.lines.iter().chain([line]).copied().collect();
                self.next_line = line.number + 1;
            }
            OrderEvent::ItemRemoved { line } => {
                self.lines = self.lines.iter().filter(|kept| kept.number != line.number).copied().collect();
            }
            OrderEvent::OrderCancelled { .. } => self.status = Status::Cancelled,
            OrderEvent::OrderConfirmed => self.status = Status::Confirmed,
            OrderEvent::OrderRejected { .. } => self.status = Status::Rejected,
            OrderEvent::OrderShipped => self.status = Status::Shipped,
            OrderEvent::OrderDelivered => self.status = Status::Delivered,
        }
    }
}

/// The refusal for an amount below the minimum, if it is.
fn below_minimum(total: Cents) -> Option<Refusal> {
    (total < MINIMUM_TOTAL).then_some(Refusal::MinimumOrder)
}

#[cfg(test)]
mod tests {
    use super::{Cents, CustomerId, Line, Order, OrderCommand, OrderEvent, Refusal, Status};
    use crate::shop::ids::ProductId;

    fn line(number: u8, quantity: u32, cents: i64) -> Line {
        Line { number, product: ProductId(100), quantity, price: Cents(cents) }
    }

    fn create(lines: &[Line]) -> OrderCommand {
        OrderCommand::CreateOrder { customer: CustomerId(123), lines: lines.into() }
    }

    fn created(lines: &[Line]) -> OrderEvent {
        let total = lines.iter().map(Line::total).sum();
        OrderEvent::OrderCreated { customer: CustomerId(123), lines: lines.into(), total }
    }

    /// Given these events, when this command comes, then this is decided.
    #[track_caller]
    fn check(given: &[OrderEvent], when: &OrderCommand, then: Result<OrderEvent, Refusal>) {
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
        let remove = |number| OrderCommand::RemoveItem { number };
        check(&[created(&two)], &remove(2), Ok(OrderEvent::ItemRemoved { line: two[1] }));
        check(&[created(&two)], &remove(1), Err(Refusal::MinimumOrder));
        check(&[created(&two)], &remove(9), Err(Refusal::NoSuchLine));
        check(&[created(&two[..1])], &remove(1), Err(Refusal::NoItems));
    }

    #[test]
    fn lines_are_numbered_by_the_order_and_never_again() {
        let two = [line(1, 1, 1_500), line(2, 1, 1_500)];
        let given = [created(&two), OrderEvent::ItemRemoved { line: two[1] }];
        check(
            &given,
            &OrderCommand::AddItem { line: line(0, 3, 500) },
            Ok(OrderEvent::ItemAdded { line: line(3, 3, 500) }),
        );
    }

    #[test]
    fn a_shipped_order_can_not_be_cancelled() {
        let given = [created(&[line(1, 1, 2_000)]), OrderEvent::OrderShipped];
        check(&given, &OrderCommand::CancelOrder, Err(Refusal::NotWhileOrder(Status::Shipped)));
    }

    #[test]
    fn a_cancellation_says_what_no_longer_counts() {
        let given = [created(&[line(1, 2, 2_000)]), OrderEvent::ItemAdded { line: line(2, 1, 500) }];
        check(&given, &OrderCommand::CancelOrder, Ok(OrderEvent::OrderCancelled { units: 3, total: Cents(4_500) }));
    }

    #[test]
    fn illegal_transitions_are_refused() {
        let placed = created(&[line(1, 1, 2_000)]);
        check(&[], &OrderCommand::ShipOrder, Err(Refusal::NoSuchOrder));
        check(core::slice::from_ref(&placed), &create(&[line(1, 1, 2_000)]), Err(Refusal::OrderAlreadyExists));
        check(
            core::slice::from_ref(&placed),
            &OrderCommand::DeliverOrder,
            Err(Refusal::NotWhileOrder(Status::Pending)),
        );
        check(
            &[placed.clone(), OrderEvent::OrderShipped],
            &OrderCommand::ConfirmOrder,
            Err(Refusal::NotWhileOrder(Status::Shipped)),
        );
        let cancelled = OrderEvent::OrderCancelled { units: 1, total: Cents(2_000) };
        check(&[placed, cancelled], &OrderCommand::ShipOrder, Err(Refusal::NotWhileOrder(Status::Cancelled)));
    }

    #[test]
    fn the_saga_confirms_or_rejects_a_pending_order() {
        let placed = created(&[line(1, 1, 2_000)]);
        check(core::slice::from_ref(&placed), &OrderCommand::ConfirmOrder, Ok(OrderEvent::OrderConfirmed));
        check(
            core::slice::from_ref(&placed),
            &OrderCommand::RejectOrder,
            Ok(OrderEvent::OrderRejected { units: 1, total: Cents(2_000) }),
        );
        check(&[placed, OrderEvent::OrderConfirmed], &OrderCommand::ShipOrder, Ok(OrderEvent::OrderShipped));
    }
}
