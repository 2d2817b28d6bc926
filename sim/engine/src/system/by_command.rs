//! A table with one row for each command, whoever sent it.

use crate::kernel::pages::Pages;
use crate::shop::ids::CommandId;

/// Rows keyed by command. Shoppers, back office and saga number theirs apart, so each has pages of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ByCommand<T> {
    shoppers: Pages<T>,
    back_office: Pages<T>,
    saga: Pages<T>,
}

impl<T: Clone + Default> ByCommand<T> {
    /// The command's row, if it was ever written or one with a higher number was.
    pub fn get(&self, command: CommandId) -> Option<&T> {
        match place(command) {
            Place::Shoppers(at) => self.shoppers.get(at),
            Place::BackOffice(at) => self.back_office.get(at),
            Place::Saga(at) => self.saga.get(at),
        }
    }

    /// The command's row, to be changed.
    pub fn entry(&mut self, command: CommandId) -> &mut T {
        match place(command) {
            Place::Shoppers(at) => self.shoppers.entry(at),
            Place::BackOffice(at) => self.back_office.entry(at),
            Place::Saga(at) => self.saga.entry(at),
        }
    }
}

/// Whose pages, and which row there.
enum Place {
    Shoppers(usize),
    BackOffice(usize),
    Saga(usize),
}

const fn place(command: CommandId) -> Place {
    if command.0 >= CommandId::SAGA.0 {
        Place::Saga(command.index() - CommandId::SAGA.index())
    } else if command.0 >= CommandId::BACK_OFFICE.0 {
        Place::BackOffice(command.index() - CommandId::BACK_OFFICE.index())
    } else {
        Place::Shoppers(command.index())
    }
}

#[cfg(test)]
mod tests {
    use super::{ByCommand, CommandId};

    #[test]
    fn each_sender_has_rows_of_its_own() {
        let mut table = ByCommand::<u8>::default();
        let commands = [CommandId(3), CommandId(CommandId::BACK_OFFICE.0 + 3), CommandId(CommandId::SAGA.0 + 3)];
        for (number, command) in (1..).zip(commands) {
            *table.entry(command) = number;
        }
        assert_eq!(commands.map(|command| table.get(command).copied()), [Some(1), Some(2), Some(3)]);
        assert_eq!(table.get(CommandId(4)), None);
    }
}
