//! The rights of accounts as a projection has heard of them: security fields beside the rows that they guard [seed 004]. They
//! are as old as the projection is.

use crate::kernel::pages::Pages;
use crate::shop::customer::event::CustomerEvent;
use crate::shop::customer::rights::Rights;
use crate::shop::ids::{CustomerId, EventId, Version};

/// The rights that were heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct KnownRights {
    accounts: Pages<Account>,
}

/// What is known of one account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Account {
    /// What it may see, if anything.
    pub rights: Option<Rights>,
    /// The newest version of the account that was applied.
    pub version: Version,
    /// The event that was applied last.
    pub last_event: Option<EventId>,
}

impl KnownRights {
    /// What is known of an account.
    pub fn account(&self, customer: CustomerId) -> Account {
        self.accounts.get(customer.index()).copied().unwrap_or_default()
    }

    /// Takes an event in; true when the rights have changed.
    pub fn apply(&mut self, event: EventId, customer: CustomerId, version: Version, happened: &CustomerEvent) -> bool {
        let account = self.accounts.entry(customer.index());
        account.version = account.version.max(version);
        account.last_event = Some(event);
        let before = account.rights;
        match happened {
            CustomerEvent::RightsGranted { rights } => account.rights = Some(*rights),
            CustomerEvent::RightsRevoked => account.rights = None,
            _ => {}
        }
        account.rights != before
    }
}
