//! The Customer aggregate [seed 000]: who may order, and on what terms.

use std::sync::Arc;

use crate::shop::ids::Version;
use crate::shop::money::Cents;
use crate::shop::refusal::Refusal;

use self::command::CustomerCommand;
use self::event::CustomerEvent;
use self::membership::Membership;
use self::rights::Rights;

pub mod command;
pub mod event;
pub mod membership;
pub mod rights;

/// A customer as the Customer Service knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Customer {
    /// How many events it has had; 0 means that nobody has registered.
    pub version: Version,
    /// The name.
    pub name: Arc<str>,
    /// May the customer not order?
    pub suspended: bool,
    /// On what terms.
    pub membership: Membership,
    /// How much a credit customer may owe.
    pub credit_limit: Cents,
    /// What the account may see of the shop's work, if anything.
    pub rights: Option<Rights>,
}

impl Customer {
    /// What happens if this command is carried out, or the rule that forbids it.
    ///
    /// # Errors
    /// The first rule that the command would break.
    pub fn decide(&self, command: &CustomerCommand) -> Result<CustomerEvent, Refusal> {
        let only_if = |changes: bool, event| if changes { Ok(event) } else { Err(Refusal::NothingToChange) };
        match command {
            CustomerCommand::RegisterCustomer { .. } if self.version > 0 => Err(Refusal::CustomerAlreadyExists),
            CustomerCommand::RegisterCustomer { name, membership, credit_limit } => {
                let (name, membership, credit_limit) = (Arc::clone(name), *membership, *credit_limit);
                Ok(CustomerEvent::CustomerRegistered { name, membership, credit_limit })
            }
            _ if self.version == 0 => Err(Refusal::NothingToChange),
            CustomerCommand::SuspendCustomer => only_if(!self.suspended, CustomerEvent::CustomerSuspended),
            CustomerCommand::ReactivateCustomer => only_if(self.suspended, CustomerEvent::CustomerReactivated),
            CustomerCommand::ChangeMembership { membership } => {
                only_if(self.membership != *membership, CustomerEvent::MembershipChanged { membership: *membership })
            }
            CustomerCommand::ChangeCreditLimit { credit_limit } => only_if(
                self.credit_limit != *credit_limit,
                CustomerEvent::CreditLimitChanged { credit_limit: *credit_limit },
            ),
            CustomerCommand::RenameCustomer { name } => {
                only_if(self.name != *name, CustomerEvent::CustomerRenamed { name: Arc::clone(name) })
            }
            CustomerCommand::GrantRights { rights } => {
                only_if(self.rights != Some(*rights), CustomerEvent::RightsGranted { rights: *rights })
            }
            CustomerCommand::RevokeRights => only_if(self.rights.is_some(), CustomerEvent::RightsRevoked),
        }
    }

    /// Records an event.
    pub fn apply(&mut self, event: &CustomerEvent) {
        self.version += 1;
        match event {
            CustomerEvent::CustomerRegistered { name, membership, credit_limit } => {
                self.name = Arc::clone(name);
                self.membership = *membership;
                self.credit_limit = *credit_limit;
            }
            CustomerEvent::CustomerSuspended => self.suspended = true,
            CustomerEvent::CustomerReactivated => self.suspended = false,
            CustomerEvent::MembershipChanged { membership } => self.membership = *membership,
            CustomerEvent::CreditLimitChanged { credit_limit } => self.credit_limit = *credit_limit,
            CustomerEvent::CustomerRenamed { name } => self.name = Arc::clone(name),
            CustomerEvent::RightsGranted { rights } => self.rights = Some(*rights),
            CustomerEvent::RightsRevoked => self.rights = None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cents, Customer, CustomerCommand, CustomerEvent, Membership, Refusal, Rights};

    fn registered() -> CustomerEvent {
        CustomerEvent::CustomerRegistered {
            name: "John Doe".into(),
            membership: Membership::Standard,
            credit_limit: Cents(0),
        }
    }

    /// Given these events, when this command comes, then this is decided.
    #[track_caller]
    fn check(given: &[CustomerEvent], when: &CustomerCommand, then: Result<CustomerEvent, Refusal>) {
        let mut customer = Customer::default();
        for event in given {
            customer.apply(event);
        }
        assert_eq!(customer.decide(when), then);
    }

    #[test]
    fn a_customer_takes_another_name_but_not_the_same() {
        let rename = |name: &str| CustomerCommand::RenameCustomer { name: name.into() };
        check(&[registered()], &rename("Jane Roe"), Ok(CustomerEvent::CustomerRenamed { name: "Jane Roe".into() }));
        check(&[registered()], &rename("John Doe"), Err(Refusal::NothingToChange));
    }

    #[test]
    fn a_customer_is_suspended_and_comes_back() {
        check(&[registered()], &CustomerCommand::SuspendCustomer, Ok(CustomerEvent::CustomerSuspended));
        let suspended = [registered(), CustomerEvent::CustomerSuspended];
        check(&suspended, &CustomerCommand::SuspendCustomer, Err(Refusal::NothingToChange));
        check(&suspended, &CustomerCommand::ReactivateCustomer, Ok(CustomerEvent::CustomerReactivated));
    }

    #[test]
    fn terms_change_only_to_other_terms() {
        let change = |membership| CustomerCommand::ChangeMembership { membership };
        let changed = CustomerEvent::MembershipChanged { membership: Membership::Credit };
        check(&[registered()], &change(Membership::Credit), Ok(changed));
        check(&[registered()], &change(Membership::Standard), Err(Refusal::NothingToChange));
    }

    #[test]
    fn rights_are_granted_changed_and_revoked() {
        let rights = Rights { tenant: 1, team: None, sensitive: false, export: false };
        let more = Rights { export: true, ..rights };
        let grant = |rights| CustomerCommand::GrantRights { rights };
        let granted = |rights| CustomerEvent::RightsGranted { rights };
        check(&[registered()], &grant(rights), Ok(granted(rights)));
        check(&[registered(), granted(rights)], &grant(rights), Err(Refusal::NothingToChange));
        check(&[registered(), granted(rights)], &grant(more), Ok(granted(more)));
        check(&[registered(), granted(rights)], &CustomerCommand::RevokeRights, Ok(CustomerEvent::RightsRevoked));
        check(&[registered()], &CustomerCommand::RevokeRights, Err(Refusal::NothingToChange));
    }

    #[test]
    fn only_a_customer_can_change() {
        check(&[], &CustomerCommand::SuspendCustomer, Err(Refusal::NothingToChange));
    }
}
