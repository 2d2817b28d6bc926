//! What has happened to a customer [seed 000].

use std::sync::Arc;

use crate::shop::money::Cents;

use super::membership::Membership;
use super::rights::Rights;

/// A fact about one customer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CustomerEvent {
    /// Somebody became a customer, active at once.
    CustomerRegistered {
        /// The name.
        name: Arc<str>,
        /// The membership.
        membership: Membership,
        /// How much a credit customer may owe.
        credit_limit: Cents,
    },
    /// The customer may not order any more.
    CustomerSuspended,
    /// The customer may order again.
    CustomerReactivated,
    /// The membership is another one now.
    MembershipChanged {
        /// The membership.
        membership: Membership,
    },
    /// A credit customer may owe more or less now.
    CreditLimitChanged {
        /// How much.
        credit_limit: Cents,
    },
    /// The customer has another name now.
    CustomerRenamed {
        /// The name.
        name: Arc<str>,
    },
    /// The account may see this, in place of what it could see before.
    RightsGranted {
        /// What.
        rights: Rights,
    },
    /// The account may see nothing any more.
    RightsRevoked,
}

impl CustomerEvent {
    /// The event's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::CustomerRegistered { .. } => "CustomerRegistered",
            Self::CustomerSuspended => "CustomerSuspended",
            Self::CustomerReactivated => "CustomerReactivated",
            Self::MembershipChanged { .. } => "MembershipChanged",
            Self::CreditLimitChanged { .. } => "CreditLimitChanged",
            Self::CustomerRenamed { .. } => "CustomerRenamed",
            Self::RightsGranted { .. } => "RightsGranted",
            Self::RightsRevoked => "RightsRevoked",
        }
    }
}
