//! Who may ask for what [seed 004]: customers for what is theirs, staff for what is the shop's, the saga for its own steps.

use super::actor::Actor;
use super::aggregate::Aggregate;
use super::command::Command;
use super::ids::CustomerId;
use super::order::command::OrderCommand;
use super::product::command::ProductCommand;
use super::refusal::Refusal;

/// May `actor` ask this of `of`? `owner` is the customer whose order it is, if there is such an order; where there is none, the
/// order itself says so.
///
/// # Errors
/// Nobody has signed in, or the command is not for this actor.
pub fn allow(actor: Option<Actor>, of: Aggregate, command: &Command, owner: Option<CustomerId>) -> Result<(), Refusal> {
    let actor = actor.ok_or(Refusal::NotSignedIn)?;
    let may = match command {
        Command::Order(command) => may_change_order(actor, command, owner),
        Command::Product(ProductCommand::ReserveStock { .. } | ProductCommand::ReleaseStock { .. }) => {
            actor == Actor::System
        }
        Command::Product(_) => actor == Actor::Staff,
        Command::Customer(command) if command.is_own_affair() => {
            actor == Actor::Staff || matches!(actor, Actor::Customer(customer) if of == customer.into())
        }
        Command::Customer(_) => actor == Actor::Staff,
    };
    if may { Ok(()) } else { Err(Refusal::NotAllowed(actor)) }
}

fn may_change_order(actor: Actor, command: &OrderCommand, owner: Option<CustomerId>) -> bool {
    match command {
        OrderCommand::CreateOrder { customer, .. } => actor == Actor::Customer(*customer),
        OrderCommand::AddItem { .. } | OrderCommand::RemoveItem { .. } | OrderCommand::CancelOrder => {
            matches!(actor, Actor::Customer(customer) if owner.is_none_or(|owner| owner == customer))
        }
        OrderCommand::ConfirmOrder | OrderCommand::RejectOrder => actor == Actor::System,
        OrderCommand::ShipOrder | OrderCommand::DeliverOrder => actor == Actor::Staff,
    }
}

#[cfg(test)]
mod tests {
    use super::{Actor, Aggregate, Command, CustomerId, OrderCommand, ProductCommand, Refusal, allow};
    use crate::shop::customer::command::CustomerCommand;
    use crate::shop::customer::rights::Rights;
    use crate::shop::ids::{OrderId, ProductId};

    const MINE: CustomerId = CustomerId(100);
    const ACTORS: [Actor; 4] = [Actor::Customer(MINE), Actor::Customer(CustomerId(101)), Actor::Staff, Actor::System];

    /// Which of the four actors may ask for this: the customer whose order it is, another one, staff, the saga.
    #[track_caller]
    fn check(of: impl Into<Aggregate>, command: Command, expected: [bool; 4]) {
        let of = of.into();
        let allowed = ACTORS.map(|actor| allow(Some(actor), of, &command, Some(MINE)));
        assert_eq!(allowed.map(|allowed| allowed.is_ok()), expected, "{command:?}");
        assert_eq!(allow(None, of, &command, Some(MINE)), Err(Refusal::NotSignedIn));
    }

    #[test]
    fn customers_change_what_is_theirs() {
        let order = |command| check(OrderId(1), Command::Order(command), [true, false, false, false]);
        order(OrderCommand::CreateOrder { customer: MINE, lines: [].into() });
        order(OrderCommand::RemoveItem { number: 1 });
        order(OrderCommand::CancelOrder);
        // Nobody grants himself rights.
        let rights = Rights { tenant: 1, team: None, sensitive: true, export: true };
        check(MINE, Command::Customer(CustomerCommand::GrantRights { rights }), [false, false, true, false]);
        let rename = CustomerCommand::RenameCustomer { name: "Jane".into() };
        check(MINE, Command::Customer(rename), [true, false, true, false]);
    }

    #[test]
    fn staff_and_saga_have_their_own_commands() {
        check(OrderId(1), Command::Order(OrderCommand::ShipOrder), [false, false, true, false]);
        check(OrderId(1), Command::Order(OrderCommand::ConfirmOrder), [false, false, false, true]);
        check(ProductId(1), Command::Product(ProductCommand::DiscontinueProduct), [false, false, true, false]);
        let release = ProductCommand::ReleaseStock { order: OrderId(1) };
        check(ProductId(1), Command::Product(release), [false, false, false, true]);
        check(MINE, Command::Customer(CustomerCommand::SuspendCustomer), [false, false, true, false]);
    }
}
