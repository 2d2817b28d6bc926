//! Invariant, *always*: a command has its effect at most once, however often it is sent and whoever doubles it [seed 004].

use crate::shop::ids::CommandId;
use crate::system::by_command::ByCommand;

/// Counts the events that each command has caused. A command decides on one event at most, so a second one is a second effect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommandOnce {
    effects: ByCommand<u8>,
}

impl CommandOnce {
    /// Notes that a command has caused an event; true when it is not the first.
    pub fn caused(&mut self, command: CommandId) -> bool {
        let effects = self.effects.entry(command);
        *effects = effects.saturating_add(1);
        *effects > 1
    }
}

#[cfg(test)]
mod tests {
    use super::{CommandId, CommandOnce};

    #[test]
    fn the_second_effect_is_one_too_many() {
        let mut once = CommandOnce::default();
        assert_eq!([1, 2, 1, 1].map(|n| once.caused(CommandId(n))), [false, false, true, true]);
        assert!(!once.caused(CommandId(CommandId::SAGA.0 + 1)), "another sender's first");
    }
}
