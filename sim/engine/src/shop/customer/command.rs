//! What can be asked of the Customer Service [seed 000].

use std::sync::Arc;

use crate::shop::command_name::CommandName;
use crate::shop::money::Cents;

use super::membership::Membership;
use super::rights::Rights;

/// A command to one customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CustomerCommand {
    /// Become a customer.
    RegisterCustomer {
        /// The name.
        name: Arc<str>,
        /// The membership.
        membership: Membership,
        /// How much a credit customer may owe.
        credit_limit: Cents,
    },
    /// Let the customer order no more.
    SuspendCustomer,
    /// Let the customer order again.
    ReactivateCustomer,
    /// Give another membership.
    ChangeMembership {
        /// The membership.
        membership: Membership,
    },
    /// Let a credit customer owe more or less.
    ChangeCreditLimit {
        /// How much.
        credit_limit: Cents,
    },
    /// Take another name.
    RenameCustomer {
        /// The name.
        name: Arc<str>,
    },
    /// Let the account see something, in place of what it may see now.
    GrantRights {
        /// What.
        rights: Rights,
    },
    /// Let the account see nothing any more.
    RevokeRights,
}

impl CustomerCommand {
    /// May customers do this for themselves?
    pub const fn is_own_affair(&self) -> bool {
        matches!(self, Self::RenameCustomer { .. })
    }

    /// The command's name.
    pub const fn name(&self) -> CommandName {
        match self {
            Self::RegisterCustomer { .. } => CommandName::RegisterCustomer,
            Self::SuspendCustomer => CommandName::SuspendCustomer,
            Self::ReactivateCustomer => CommandName::ReactivateCustomer,
            Self::ChangeMembership { .. } => CommandName::ChangeMembership,
            Self::ChangeCreditLimit { .. } => CommandName::ChangeCreditLimit,
            Self::RenameCustomer { .. } => CommandName::RenameCustomer,
            Self::GrantRights { .. } => CommandName::GrantRights,
            Self::RevokeRights => CommandName::RevokeRights,
        }
    }
}
